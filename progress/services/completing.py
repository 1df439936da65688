"""Completing a course: the completion, its certificate and what follows, in one transaction (D8)."""

from core import clock
from courses.models import Enrolment
from progress.models import Completion, CourseState, LessonState
from progress.selectors.rules import Rules
from progress.services.certifying import issue
from progress.signals import course_completed


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
    """The best results of the graded lessons, their mean weighted by minutes; None when nothing was graded."""
    best: dict[str, int] = {
        uid: facts["best_percent"]
        for uid, facts in LessonState.objects.filter(enrolment=enrolment).values_list("uid", "facts")
        if facts.get("best_percent") is not None and uid in rules.by_uid
    }
    weight = {uid: max(rules.by_uid[uid].minutes, 1) for uid in best}
    if not weight:
        return None
    total = sum(weight.values())
    return (sum(best[uid] * weight[uid] for uid in best) * 2 + total) // (2 * total)  # whole, halves up
