"""A quiz whose key is corrected after people sat it: the steps that tests of re-grading share."""

from typing import Any

from accounts.models import User
from courses.models import Course
from quizzes import jobs_evidence
from quizzes.models import Attempt, Question, QuestionVersion, Regrade
from quizzes.services import regrading
from quizzes.services.answering import save_answer
from quizzes.services.grading import finish
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import option, publish_quiz, single, slots_of, start_attempt

SLUG = "to-correct"
UP, ALL = Regrade.Policy.UP, Regrade.Policy.ALL
State = Regrade.State


def keyed(right: str, uid: str = "Q-1", **more: Any) -> dict[str, Any]:
    options = [option(name, right=name == right) for name in "abcd"]
    return single(uid, **{"options": options, **more})


def published(right: str = "b", *others: dict[str, Any], **more: Any) -> Course:
    """The quiz with a question whose key is ``right``; the next call publishes a correction."""
    questions = [keyed(right), *(others or [single("Q-2")])]
    return publish_quiz(slug=SLUG, questions=questions, **more)


def sat(course: Course, *answers: Any, learner: User | None = None) -> Attempt:
    """An attempt that is handed in, with these answers."""
    attempt = start_attempt(learner or UserFactory(), course)
    for slot, answer in zip(slots_of(attempt), answers, strict=True):
        if answer is not None:
            save_answer(slot=slot, answer=answer, client_id="laptop", seq=1)
    finish(attempt=attempt)
    return attempt


def question(uid: str = "Q-1") -> Question:
    return Question.objects.select_related("ready").get(uid=uid)


def tried(course: Course, actor: User) -> Regrade:
    row = regrading.begin(course=course, question=question(), actor=actor)
    assert jobs_evidence.regrade(row.pk) is True
    row.refresh_from_db()
    assert row.state == State.TRIED
    return row


def applied(row: Regrade, actor: User, policy: str = ALL) -> Regrade:
    regrading.apply(regrade=row, policy=policy, reason="The key was wrong.", actor=actor)
    assert jobs_evidence.regrade(row.pk) is True
    row.refresh_from_db()
    assert row.state == State.APPLIED
    return row


def percent(attempt: Attempt) -> list[int]:
    return list(attempt.results.order_by("number").values_list("percent", flat=True))


def sat_old(course: Course, *answers: Any) -> Attempt:
    """An attempt that asked the first version, handed in after the correction."""
    attempt = start_attempt(UserFactory(), course)
    old = QuestionVersion.objects.get(question=question(), number=1)
    first, *_rest = slots_of(attempt)
    type(first).objects.filter(pk=first.pk).update(version=old)
    for slot, answer in zip(slots_of(attempt), answers, strict=True):
        if answer is not None:
            save_answer(slot=slot, answer=answer, client_id="laptop", seq=1)
    finish(attempt=attempt)
    return attempt
