"""Completing a course: the completion, its certificate and what follows, in one transaction (D8)."""

from collections.abc import Collection

from core import clock
from courses.models import Enrolment
from courses.registry import LessonFacts
from progress.models import Completion, CourseState, LessonState
from progress.selectors.rules import Rules
from progress.services.certifying import issue
from progress.signals import course_completed
from quizzes.models import Attempt
from quizzes.selectors import visible_among


def complete(*, state: CourseState, rules: Rules) -> Completion:
    """Record that an enrolment is completed and issue its certificate; a second call returns the completion there is.

    The caller holds the lock of ``state`` and has seen that nothing is missing. Sends ``course_completed`` inside the
    transaction, once.
    """
    enrolment = state.enrolment
    standing = Completion.objects.filter(enrolment=enrolment).first()
    if standing is not None:
        return standing
    completion = Completion.objects.create(
        enrolment=enrolment, edition_id=state.edition_id, at=clock.now(), score=score_of(enrolment, rules)
    )
    issue(completion=completion)
    course_completed.send(sender=Completion, completion=completion)
    return completion


def score_of(enrolment: Enrolment, rules: Rules) -> int | None:
    """What counts of the graded lessons, its mean weighted by minutes; None when nothing was graded.

    Each lesson's rule says which attempt counts. A pre-test is no part of it: it only lets people go on. Nor is a quiz
    that still hides its score: record and certificate are there at once, and would tell it.
    """
    scores: dict[str, int] = {}
    silent: set[str] = set()
    for uid, kept in LessonState.objects.filter(enrolment=enrolment).values_list("uid", "facts"):
        rule, facts = rules.by_uid.get(uid), LessonFacts.read(kept)
        score = facts.score(rule.rule.get("counts", "best")) if rule and not rule.rule.get("credits") else None
        if score is not None:
            scores[uid] = score
            silent |= {uid} if facts.silent else set()
    for uid in _hidden(enrolment, silent):
        del scores[uid]
    weight = {uid: max(rules.by_uid[uid].minutes, 1) for uid in scores}
    if not weight:
        return None
    total = sum(weight.values())
    return (sum(scores[uid] * weight[uid] for uid in scores) * 2 + total) // (2 * total)  # whole, halves up


def _hidden(enrolment: Enrolment, silent: Collection[str]) -> set[str]:
    """Those of the quizzes ``silent`` whose score the learner may not see yet. Three queries, none where all tell it."""
    if not silent:
        return set()
    handed_in = Attempt.objects.filter(enrolment=enrolment, lesson_uid__in=silent, finished_at__isnull=False)
    attempts = list(handed_in.select_related("enrolment__course__organisation"))
    may = visible_among(attempts)
    return {each.lesson_uid for each in attempts if not may[each.pk].score}
