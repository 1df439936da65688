"""Quizzes with a limit of attempts: how far their learners have used it up, and what they were given besides."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from courses.models import EditionLesson, EditionLessonText, Enrolment
from courses.standing import standing
from quizzes.access import counts_still
from quizzes.models import Attempt, ExtraAttempt


@dataclass(frozen=True)
class Limited:
    """A quiz that ``enrolment`` may take ``allowed`` times by its rule. ``used`` attempts were begun, the open one too;
    ``given`` are those besides the rule, the oldest first."""

    enrolment: Enrolment
    uid: str
    title: str
    rev: int
    allowed: int
    used: int
    given: Sequence[ExtraAttempt]

    @property
    def all(self) -> int:
        """How many attempts there are, with those given."""
        return self.allowed + len(self.given)

    @property
    def left(self) -> int:
        return max(0, self.all - self.used)

    @property
    def unused(self) -> Sequence[ExtraAttempt]:
        """What was given and can be taken back. The rule's own attempts are used up first."""
        return self.given[max(0, self.used - self.allowed) :]


def limited_in(enrolments: Iterable[Enrolment], language: str) -> list[Limited]:
    """The quizzes with a limit of attempts in the editions of ``enrolments``, in their order. Five queries.

    Titles are in ``language`` where the edition has it.
    """
    people = {each.pk: each for each in enrolments}
    limited = _with_a_limit(people.values())
    if not limited:
        return []
    uids = {each.uid for each in limited}
    titles = _titles(limited, language)
    made, given = defaultdict(list), defaultdict(list)
    for attempt in Attempt.objects.in_courses().filter(enrolment__in=people, lesson_uid__in=uids):
        made[attempt.enrolment_id, attempt.lesson_uid].append(attempt)
    for extra in ExtraAttempt.objects.filter(enrolment__in=people, lesson_uid__in=uids, taken_back_at=None):
        given[extra.enrolment_id, extra.lesson_uid].append(extra)
    anew = standing().begun_anew(people)
    return [
        Limited(
            enrolment=person,
            uid=lesson.uid,
            title=titles.get(lesson.pk, lesson.uid),
            rev=lesson.rev,
            allowed=int(lesson.rule["attempts"]),
            used=sum(counts_still(each, rev=lesson.rev, since=anew.get(pk)) for each in made[pk, lesson.uid]),
            given=[each for each in given[pk, lesson.uid] if counts_still(each, rev=lesson.rev, since=anew.get(pk))],
        )
        for pk, person in people.items()
        for lesson in limited
        if lesson.edition_id == person.edition_id
    ]


def any_limited(enrolments: Iterable[Enrolment]) -> set[int]:
    """The keys of those of ``enrolments`` in whose edition a quiz has a limit of attempts. One query."""
    people = list(enrolments)
    editions = {each.edition_id for each in _with_a_limit(people)} if people else set()
    return {each.pk for each in people if each.edition_id in editions}


def _with_a_limit(people: Iterable[Enrolment]) -> list[EditionLesson]:
    quizzes = EditionLesson.objects.filter(edition__in={each.edition_id for each in people}, kind="quiz")
    return [each for each in quizzes.order_by("position") if each.rule.get("attempts")]


def _titles(lessons: Sequence[EditionLesson], language: str) -> dict[int, str]:
    rows = EditionLessonText.objects.filter(edition_lesson__in=lessons).order_by("-language")
    found: dict[int, str] = {}
    for lesson, said_in, title in rows.values_list("edition_lesson", "language", "title"):
        if said_in == language or lesson not in found:
            found[lesson] = title
    return found
