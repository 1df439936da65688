"""Re-grading: a corrected question is tried on the attempts that asked another version, then applied, with a reason.

Nothing is overwritten: an attempt that changes gets a result more, which names the re-grading. Completions and
certificates stay whatever comes out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.notice_kinds import NoticeKind
from accounts.services.notifying import notify
from core import clock
from core.errors import Conflict, InvalidInput
from core.queue import after_commit
from courses.models import Course, EditionLessonText
from quizzes.asking import SCORE, settings_of
from quizzes.models import Attempt, Question, QuestionVersion, Regrade, RegradeChange, Result, Slot, SlotMark
from quizzes.registry import types
from quizzes.selectors import newest_results, tries_of
from quizzes.services.grading import Given, judge, locked, percent_of, points_of, record

TASK = "quizzes.regrade"
NOTICE = NoticeKind(
    "quiz_regraded",
    gettext_lazy("A result was corrected"),
    help=gettext_lazy("When a question you answered had a mistake and your result changed."),
    icon="quiz",
)
State = Regrade.State

# Why an attempt is left alone.
REASONS: Mapping[str, Any] = {
    "waiting": gettext_lazy("a person still has to mark something in it"),
    "language": gettext_lazy("it asked the question in another language, which was not corrected"),
    "type": gettext_lazy("it asked the question as another type of question"),
    "manual": gettext_lazy("a person marks this type of question"),
    "answer": gettext_lazy("the answer no longer exists in the new version"),
}


# --- what an author does


def concerned(*, course: Course, question: Question, version: QuestionVersion) -> QuerySet[Attempt]:
    """Finished attempts of ``course`` that asked another version of ``question`` than ``version``, or that an earlier
    correction judged by another: a correction that was itself wrong is put right by the old version."""
    by_another = SlotMark.objects.filter(slot=OuterRef("pk"), version__isnull=False)
    others = Slot.objects.filter(~Q(version=version) | Exists(by_another), version__question=question)
    return Attempt.objects.filter(
        enrolment__course=course, finished_at__isnull=False, pk__in=others.order_by().values("attempt")
    )


@transaction.atomic
def begin(*, course: Course, question: Question, actor: User) -> Regrade:
    """Have the ready version of ``question`` tried on the attempts of ``course``. An older trial of it is dropped.

    Raises ``Conflict`` when nothing is ready, when no attempt asked another version, and while one is being applied.
    """
    # Of two at once the second sees the trial of the first, and drops it.
    list(Question.objects.select_for_update().filter(pk=question.pk).values_list("pk"))
    if question.ready is None:
        raise Conflict(_("This question has no ready version. Mark the corrected one as ready first."))
    total = concerned(course=course, question=question, version=question.ready).count()
    if not total:
        raise Conflict(_("No finished attempt in this course asked an older version of the question."))
    earlier = Regrade.objects.filter(course=course, question=question)
    if earlier.filter(state=State.WANTED).exists():
        raise Conflict(_("A re-grading of this question is being applied. Wait until it is through."))
    earlier.filter(state__in=[State.WAITING, State.TRIED]).update(state=State.DROPPED)
    regrade = Regrade.objects.create(course=course, question=question, version=question.ready, total=total, by=actor)
    after_commit(TASK, regrade.pk)
    return regrade


@transaction.atomic
def apply(*, regrade: Regrade, policy: str, reason: str, actor: User) -> None:
    """Have what was tried applied by a job, in ``actor``'s name.

    Raises ``InvalidInput`` without a reason or with an unknown policy, ``Conflict`` unless the trial is through.
    """
    reason = " ".join(reason.split())
    faults = {}
    if not reason:
        faults["reason"] = _("Say in a line what was wrong; it stands in the log and learners read it.")
    if policy not in Regrade.Policy.values:
        faults["policy"] = _("Choose what happens to results that would go down.")
    if faults:
        raise InvalidInput(" ".join(faults.values()), fields=faults)
    wanted = {"policy": policy, "reason": reason[:200], "by": actor, "lease_until": None}
    if not Regrade.objects.filter(pk=regrade.pk, state=State.TRIED).update(state=State.WANTED, **wanted):
        raise Conflict(_("This trial was dropped, applied or begun again meanwhile. Look at it again."))
    after_commit(TASK, regrade.pk)


@transaction.atomic
def try_again(*, regrade: Regrade) -> None:
    """Try once more, with the attempts that were handed in meanwhile. Raises ``Conflict`` unless the trial is through."""
    if not Regrade.objects.filter(pk=regrade.pk, state=State.TRIED).update(state=State.WAITING, lease_until=None):
        raise Conflict(_("This trial was dropped, applied or begun again meanwhile. Look at it again."))
    after_commit(TASK, regrade.pk)


def drop(*, regrade: Regrade) -> None:
    """Leave all results as they are. Raises ``Conflict`` when it is being applied or is through."""
    open_states = [State.WAITING, State.TRIED]
    if not Regrade.objects.filter(pk=regrade.pk, state__in=open_states).update(state=State.DROPPED):
        raise Conflict(_("It is too late to drop this: it was applied already."))


# --- the trial


@dataclass(frozen=True)
class Outcome:
    """What the new ``version`` makes of an attempt: the marks of its newest result, one of them judged anew."""

    attempt: Attempt
    result: Result
    slots: Sequence[Slot]
    marks: Mapping[int, SlotMark]
    slot: Slot
    version: QuestionVersion
    fraction: Decimal
    earned: Decimal

    @property
    def changed(self) -> bool:
        mark = self.marks[self.slot.pk]
        return (mark.fraction, mark.earned) != (self.fraction, self.earned)

    @property
    def percent(self) -> int:
        earned = {**{key: mark.earned for key, mark in self.marks.items()}, self.slot.pk: self.earned}
        return percent_of(
            [earned[slot.pk] for slot in self.slots], [points_of(slot.version.content) for slot in self.slots]
        )

    @property
    def passed(self) -> bool:
        return self.percent >= self.attempt.pass_mark

    @property
    def helps(self) -> bool:
        """Is nothing lower than before, and the answer worth more?"""
        return self.earned > self.marks[self.slot.pk].earned and self.percent >= self.result.percent

    def as_change(self) -> dict[str, Any]:
        return {
            "before": self.result.percent,
            "after": self.percent,
            "passed_before": self.result.passed,
            "passed_after": self.passed,
        }


def try_batch(*, regrade: Regrade, attempts: Sequence[Attempt], versions: dict[int, QuestionVersion]) -> Counter[str]:
    """Judge a batch and keep what changes; gives how many were left alone, by reason.

    ``versions`` keeps what was read of questions from batch to batch. A bounded number of statements.
    """
    left: Counter[str] = Counter()
    changes = []
    for found in outcomes(regrade=regrade, attempts=attempts, versions=versions):
        if isinstance(found, str):
            left[found] += 1
        elif found.changed:
            changes.append(RegradeChange(regrade=regrade, attempt=found.attempt, **found.as_change()))
    RegradeChange.objects.bulk_create(changes, ignore_conflicts=True)
    return left


def outcomes(
    *, regrade: Regrade, attempts: Sequence[Attempt], versions: dict[int, QuestionVersion]
) -> Iterable[Outcome | str]:
    """What becomes of each of ``attempts``, or the reason (of ``REASONS``) why it is left alone. At most six queries."""
    results = {each.attempt_id: each for each in newest_results(attempts)}
    slots = _slots_of(attempts, versions)
    marks: dict[int, dict[int, SlotMark]] = {}
    for mark in SlotMark.objects.filter(result__in=results.values()):
        marks.setdefault(mark.result_id, {})[mark.slot_id] = mark
    asked = {pk: _slot_to_judge(each, regrade) for pk, each in slots.items()}
    tries = tries_of([each for each in asked.values() if each])
    keys = newest_by_language(regrade.version)
    for attempt in attempts:
        slot, result = asked[attempt.pk], results.get(attempt.pk)
        if slot is None:
            continue
        if result is None or attempt.marking == Attempt.Marks.WAITING:
            yield "waiting"
            continue
        mark = marks[result.pk][slot.pk]
        checked = tuple(each.answer for each in tries.get(slot.pk, ()))
        given = Given(mark.answer, mark.certainty, mark.ms, checked)
        key = key_for(slot.version, regrade.version, keys)
        same = key.pk == (mark.version_id or slot.version_id)
        reason = "language" if same and key.pk != regrade.version_id else _why_not(key, slot.version, given)
        if reason:
            yield reason
            continue
        judged = judge(key, slot.seed, given, attempt.behaviour, settings_of(attempt))
        own = marks[result.pk]
        yield Outcome(attempt, result, slots[attempt.pk], own, slot, key, judged.fraction, judged.earned)


def _slots_of(attempts: Sequence[Attempt], versions: dict[int, QuestionVersion]) -> dict[int, list[Slot]]:
    """The questions of each attempt in order; every version is read once, however many attempts asked it."""
    found: dict[int, list[Slot]] = {each.pk: [] for each in attempts}
    rows = list(Slot.objects.filter(attempt__in=attempts).order_by("attempt", "position"))
    versions |= QuestionVersion.objects.in_bulk({row.version_id for row in rows} - versions.keys())
    for row in rows:
        row.version = versions[row.version_id]
        found[row.attempt_id].append(row)
    return found


def _slot_to_judge(slots: Sequence[Slot], regrade: Regrade) -> Slot | None:
    """The question of an attempt that is re-graded; no quiz asks one twice."""
    return next((each for each in slots if each.version.question_id == regrade.question_id), None)


def newest_by_language(new: QuestionVersion) -> dict[str, QuestionVersion]:
    """The newest ready version of the question of ``new`` in each language but its own. One query."""
    ready = QuestionVersion.objects.filter(question=new.question_id, state=QuestionVersion.State.READY)
    others = ready.exclude(language__in=("", new.language)).order_by("number")
    return {each.language: each for each in others}


def key_for(asked: QuestionVersion, new: QuestionVersion, keys: Mapping[str, QuestionVersion]) -> QuestionVersion:
    """Whose key judges what was given to ``asked``: that of ``new``, or in another language the newest in that one.

    A version that says no language may be in any.
    """
    return new if "" in (asked.language, new.language) else keys.get(asked.language, new)


def _why_not(new: QuestionVersion, asked: QuestionVersion, given: Given) -> str:
    """Why the key of ``new`` cannot judge what was given to ``asked``; empty when it can."""
    if new.type != asked.type or new.type not in types:
        return "type"
    if types[new.type].manual:
        return "manual"
    fits = all(_fits(new, answer) for answer in (given.answer, *given.tries) if answer is not None)
    return "" if fits else "answer"


def _fits(version: QuestionVersion, answer: Any) -> bool:
    """Is ``answer`` one that could have been given to ``version``?"""
    try:
        types[version.type].clean(version.content, answer)
    except InvalidInput:
        return False
    return True


# --- for good


def apply_change(change: RegradeChange, *, versions: dict[int, QuestionVersion]) -> bool:
    """Give one attempt its next result, once: the row is the claim and goes with the result in one transaction.

    The attempt is judged again from what stands now. False when there is nothing (more) to do, or when the policy spares
    it.
    """
    regrade = change.regrade
    with transaction.atomic():
        # A person's marking of the same attempt waits here; what came of it is read after the wait.
        attempt = locked(change.attempt_id)
        found = next(iter(outcomes(regrade=regrade, attempts=[attempt], versions=versions)), None)
        if not isinstance(found, Outcome) or not _wanted(found, regrade):
            return False
        mine = RegradeChange.objects.filter(pk=change.pk, applied_at=None)
        if not mine.update(applied_at=clock.now(), **found.as_change()):
            return False
        marks = [_copy(found, slot) for slot in found.slots]
        record(found.attempt, found.slots, marks, reason=regrade.reason, graded_by=regrade.by, regrade=regrade)
    return True


def _wanted(found: Outcome, regrade: Regrade) -> bool:
    return found.changed and (regrade.policy == Regrade.Policy.ALL or found.helps)


def _copy(found: Outcome, slot: Slot) -> SlotMark:
    mark = found.marks[slot.pk]
    mine = slot.pk == found.slot.pk
    return SlotMark(
        slot=slot,
        fraction=found.fraction if mine else mark.fraction,
        earned=found.earned if mine else mark.earned,
        answer=mark.answer,
        certainty=mark.certainty,
        ms=mark.ms,
        version_id=found.version.pk if mine else mark.version_id,
    )


# --- telling


def changed_results(regrade: Regrade) -> QuerySet[RegradeChange]:
    """Applied changes that a learner can see: another percentage, or another verdict."""
    seen = ~Q(before=F("after")) | ~Q(passed_before=F("passed_after"))
    return regrade.changes.filter(seen, applied_at__isnull=False)


def tell(change: RegradeChange, *, title: str, score: bool) -> None:
    """Tell the learner of ``change`` kindly; once for each re-grading, however often it is called.

    ``score`` says whether they may see it now: else no word tells it, nor what was wrong in a quiz that goes on.
    """
    regrade, person = change.regrade, change.attempt.learner
    address = reverse("quizzes:result", args=[regrade.course.slug, change.attempt.lesson_uid])
    with translation.override(person.language or "en"):
        notify(
            person=person,
            kind=NOTICE.name,
            key=f"regrade:{regrade.pk}",
            title=_("Your result was corrected: %(title)s") % {"title": title},
            body=" ".join(_words_for(change) if score else _words_without_score(change)),
            url=f"{address}?attempt={change.attempt.number}",
            action=_("See your result"),
        )


def _words_for(change: RegradeChange) -> list[str]:
    said = _(
        "A question in this quiz had a mistake, and we have put it right. Your result is now %(after)d%%; it was "
        "%(before)d%%."
    )
    words = [said % {"after": change.after, "before": change.before}, _verdict(change)]
    words.append(_("What was wrong: %(reason)s") % {"reason": change.regrade.reason})
    return [word for word in words if word]


def _words_without_score(change: RegradeChange) -> list[str]:
    said = [_("A question in this quiz had a mistake, and we have put it right.")]
    if settings_of(change.attempt).when(SCORE) == "closed":
        said.append(_("You will see your result once the quiz is closed."))
    return said


def _verdict(change: RegradeChange) -> str:
    if change.passed_after and not change.passed_before:
        return _("With that you have passed.")
    if change.after < change.before:
        return _("What you have completed and your certificates stay as they are.")
    return ""


def titles_of(course: Course, lesson_uids: Iterable[str]) -> dict[str, str]:
    """What quizzes are called in the newest edition that has them. One query."""
    rows = EditionLessonText.objects.filter(
        edition_lesson__edition__course=course, edition_lesson__uid__in=set(lesson_uids)
    ).order_by("edition_lesson__edition__number", "-language")
    return dict(rows.values_list("edition_lesson__uid", "title"))
