"""What authors see of banks and questions: lists, use, history; each in a bounded number of queries."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils import timezone

from accounts.models import User
from courses.models import Course, EditionLessonText, LessonText
from quizzes.analysis.scope import Which
from quizzes.models import (
    Analysis,
    Attempt,
    Bank,
    KnownToDiffer,
    PartQuestion,
    Question,
    QuestionComment,
    QuestionTag,
    QuestionVersion,
    Slot,
)

SORTS: dict[str, tuple[OrderBy | str, ...]] = {
    "name": ("words", "pk"),
    "-name": ("-words", "-pk"),
    "changed": ("changed_at", "pk"),
    "-changed": ("-changed_at", "-pk"),
    "kind": ("type", "words", "pk"),
    "-kind": ("-type", "words", "pk"),
}
STATES = ("use", "draft", "look", "retired")
CHOICES_MOST = 200


@dataclass(frozen=True)
class Wanted:
    """What a list of questions is narrowed to; empty says nothing. ``state`` is one of ``STATES``."""

    words: str = ""
    bank: str = ""
    kind: str = ""
    topic: str = ""
    difficulty: str = ""
    tag: str = ""
    language: str = ""
    state: str = "use"
    sort: str = "-changed"

    @property
    def narrowed(self) -> bool:
        """Does anything leave questions out that are in use?"""
        return any((self.words, self.bank, self.kind, self.topic, self.difficulty, self.tag, self.language)) or (
            self.state != "use"
        )


def looked_for() -> Q:
    """Questions that want a look: their date has come, or a comment is open."""
    comments = QuestionComment.objects.filter(question=OuterRef("pk"), settled_at=None)
    return Q(review_by__lte=timezone.localdate()) | Q(Exists(comments))


def saying(words: str) -> Q:
    """Questions in whose words, name or uid each of ``words`` stands."""
    each_of = (Q(words__icontains=each) | Q(name__icontains=each) | Q(uid__icontains=each) for each in words.split())
    return reduce(and_, each_of, Q())


def questions_for(user: User, wanted: Wanted) -> QuerySet[Question]:
    """The questions that ``user`` may read and that ``wanted`` describes, with ``open_comments``."""
    rows = Question.objects.visible_to(user).select_related("bank")
    rows = _of_state(rows, wanted.state)
    rows = rows.filter(saying(wanted.words))
    same = {
        "bank__slug": wanted.bank,
        "type": wanted.kind,
        "topic": wanted.topic,
        "difficulty": wanted.difficulty,
        "language": wanted.language,
    }
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    if wanted.tag:
        rows = rows.filter(Exists(QuestionTag.objects.filter(question=OuterRef("pk"), name=wanted.tag)))
    return rows.order_by(*SORTS.get(wanted.sort, SORTS["-changed"]))


def _of_state(rows: QuerySet[Question], state: str) -> QuerySet[Question]:
    if state == "retired":
        return rows.filter(retired_at__isnull=False)
    rows = rows.filter(retired_at=None)
    if state == "draft":
        return rows.filter(draft__isnull=False)
    return rows.filter(looked_for()) if state == "look" else rows


@dataclass(frozen=True)
class Filters:
    """What there is to choose from in the filters of a list."""

    banks: Sequence[Bank]
    topics: Sequence[str]
    tags: Sequence[str]
    languages: Sequence[str]


def filters_for(user: User, bank: str = "") -> Filters:
    """Banks with ``total`` questions in use; topics, tags and languages of ``bank`` or of all. Four queries."""
    questions = Question.objects.visible_to(user)
    if bank:
        questions = questions.filter(bank__slug=bank)
    tags = QuestionTag.objects.filter(question__in=questions.values("pk"))
    return Filters(
        banks=list(banks_with_counts(user)),
        topics=_different(questions.exclude(topic=""), "topic"),
        tags=_different(tags, "name"),
        languages=_different(questions.exclude(language=""), "language"),
    )


def _different(rows: QuerySet[Any], name: str) -> list[str]:
    return list(rows.order_by(name).values_list(name, flat=True).distinct()[:CHOICES_MOST])


def banks_with_counts(user: User) -> QuerySet[Bank]:
    """The banks that ``user`` may read, each with ``total`` questions in use and ``mine``: may they write."""
    total = Count("questions", filter=Q(questions__retired_at=None))
    mine = Exists(Bank.objects.editable_by(user).filter(pk=OuterRef("pk")))
    rows = Bank.objects.visible_to(user).select_related("course", "organisation").annotate(total=total, mine=mine)
    return rows.order_by("title", "pk")


def editable_banks(user: User) -> QuerySet[Bank]:
    return Bank.objects.editable_by(user).select_related("course", "organisation").order_by("title", "pk")


@dataclass(frozen=True)
class Use:
    """A lesson of a current edition that asks a question, and which version of it."""

    question: int
    version: int
    course: Course
    lesson: str
    uid: str
    edition: int


def uses_of(questions: Iterable[int]) -> dict[int, list[Use]]:
    """The lessons of current editions that ask each question, by its key. Two queries."""
    asked = PartQuestion.objects.filter(
        version__question__in=list(questions), course__current_edition__isnull=False
    ).values_list("part", "course", "version__question", "version__number")
    by_part: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for part, course, question, version in asked:
        by_part.setdefault((part, course), []).append((question, version))
    texts = (
        EditionLessonText.objects.filter(
            part__in={part for part, _course in by_part},
            edition_lesson__edition=F("edition_lesson__edition__course__current_edition"),
        )
        .select_related("edition_lesson__edition__course")
        .order_by("edition_lesson__edition__course__code", "edition_lesson__position", "pk")
    )
    found: dict[int, list[Use]] = {}
    for text in texts:
        edition = text.edition_lesson.edition
        for question, version in by_part.get((text.part_id, edition.course_id), ()):
            use = Use(question, version, edition.course, text.title, text.edition_lesson.uid, edition.number or 0)
            if use not in found.setdefault(question, []):
                found[question].append(use)
    return found


FEW = 10  # answers under which a share says nothing
ANALYSES_MOST = 100


@dataclass(frozen=True)
class Firsts:
    """How first attempts went at a question, wherever it is asked: ``n`` answers, ``full`` of them all right."""

    n: int
    full: int

    @property
    def percent(self) -> int | None:
        """Right first time, in whole percent; None for fewer than ten answers."""
        return round(100 * self.full / self.n) if self.n >= FEW else None


def firsts_of(uses: Mapping[int, Sequence[Use]]) -> dict[int, Firsts]:
    """What the newest analyses of the quizzes in ``uses`` say of first attempts, by question. One query.

    An analysis is about all wordings of a question within a quiz; a quiz that nobody looked at has none yet.
    """
    keys = {Which().key(use.course.pk, use.uid) for found in uses.values() for use in found}
    if not keys:
        return {}
    sums: dict[int, list[int]] = {}
    rows = Analysis.objects.filter(key__in=sorted(keys)[:ANALYSES_MOST], figures__isnull=False)
    for figures in rows.values_list("figures", flat=True):
        for each in figures["questions"]:
            counted = sums.setdefault(each["question"], [0, 0])
            counted[0] += each["n"]
            counted[1] += each["full"]
    return {key: Firsts(*counted) for key, counted in sums.items()}


@dataclass(frozen=True)
class DraftUse:
    """A lesson whose draft holds a question; ``same``: with the words of its newest ready version."""

    text: LessonText
    course: Course
    same: bool


def drafts_that_pick() -> QuerySet[LessonText]:
    """The drafts of quizzes that ask questions of banks by name, those that rest too."""
    return LessonText.everything.filter(lesson__kind="quiz", content__has_key="picks")


def draft_uses_of(question: Question, user: User) -> list[DraftUse]:
    """Quizzes in drafts that hold ``question``, in its bank's course or picked elsewhere. One query.

    Only drafts that ``user`` may see are looked through.
    """
    texts = (
        LessonText.objects.filter(lesson__kind="quiz", lesson__course__in=Course.objects.authored_by(user))
        .filter(Q(lesson__course__bank=question.bank_id) | Q(content__has_key="picks"))
        .select_related("lesson__course")
        .order_by("lesson__course__code", "lesson__position", "pk")
    )
    found = []
    for text in texts:
        inline = next((each for each in text.content.get("questions", ()) if each.get("uid") == question.uid), None)
        own = text.lesson.course_id == question.bank.course_id
        picked = {"bank": question.bank.slug, "uid": question.uid} in text.content.get("picks", ())
        if (inline is not None and own) or picked:
            ready = question.ready.content if question.ready else None
            found.append(DraftUse(text, text.lesson.course, picked or inline == ready))
    return found


def courses_that_asked(question: Question, user: User) -> QuerySet[Course]:
    """The courses of ``user`` in which a finished attempt holds ``question``: where it may be graded again."""
    asked = Slot.objects.filter(version__question=question).order_by().values("attempt")
    attempts = Attempt.objects.filter(pk__in=asked, finished_at__isnull=False, enrolment__isnull=False)
    return Course.objects.editable_by(user).filter(pk__in=attempts.order_by().values("enrolment__course"))


def tags_by_question(questions: Sequence[Question]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for pk, name in QuestionTag.objects.filter(question__in=questions).values_list("question_id", "name"):
        found.setdefault(pk, []).append(name)
    return found


def open_comments(questions: Sequence[Question]) -> Mapping[int, int]:
    """How many open comments each has, by its key. One query."""
    rows = QuestionComment.objects.filter(question__in=questions, settled_at=None).values_list("question_id")
    return dict(rows.annotate(n=Count("pk")))


def versions_of(question: Question) -> QuerySet[QuestionVersion]:
    return question.versions.select_related("created_by").defer("content").order_by("-number")


def comments_of(question: Question) -> QuerySet[QuestionComment]:
    """What was said of it: what is open first, then what is settled; each in the order of time."""
    order = (F("settled_at").asc(nulls_first=True), "created_at", "pk")
    return question.comments.select_related("author", "settled_by").order_by(*order)


def differing(questions: Iterable[int]) -> set[tuple[int, int]]:
    """Pairs that an author found to be different, each with the smaller key first."""
    keys = list(questions)
    return set(KnownToDiffer.objects.filter(first__in=keys).values_list("first_id", "second_id"))


def is_due(question: Question, today: dt.date | None = None) -> bool:
    """Has the day come by which somebody should look at it?"""
    return bool(question.review_by and question.review_by <= (today or timezone.localdate()))


def lessons_for(question_bank: Bank) -> list[tuple[str, str]]:
    """The lessons of the draft of the bank's course, as ``(uid, title)``; empty for a bank without a course."""
    if question_bank.course_id is None:
        return []
    texts = LessonText.objects.filter(lesson__course=question_bank.course_id).order_by(
        "lesson__module__position", "lesson__position", "pk"
    )
    found: dict[str, str] = {}
    for uid, title in texts.values_list("lesson__uid", "title"):
        found.setdefault(uid, title)
    return list(found.items())
