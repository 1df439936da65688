"""A corrected question: tried first, then applied once, by a policy and with a reason."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Notice, User
from core import clock
from core.errors import Conflict, InvalidInput
from quizzes import jobs_evidence
from quizzes.models import Attempt, Question, QuestionVersion, Regrade, RegradeChange, Result, SlotMark
from quizzes.services import regrading
from tests.factories.quizzes import multi, option, publish_quiz, single, slots_of, truefalse
from tests.quizzes.corrected import (
    ALL,
    SLUG,
    UP,
    State,
    applied,
    keyed,
    percent,
    published,
    question,
    sat,
    sat_old,
    tried,
)
from tests.support import count_queries

pytestmark = pytest.mark.django_db


# --- the trial


def test_a_trial_says_who_would_change_and_changes_nothing(instructor: User):
    course = published("b")
    up, down, same = sat(course, "c", "b"), sat(course, "b", "b"), sat(course, "a", "b")
    published("c")
    row = tried(course, instructor)

    found = {
        each.attempt_id: (each.before, each.after, each.passed_before, each.passed_after) for each in row.changes.all()
    }
    assert found == {up.pk: (50, 100, False, True), down.pk: (100, 50, True, False)}
    assert (row.looked_at, row.total, row.left_alone) == (3, 3, {})
    assert Result.objects.count() == 3
    assert not same.regrade_changes.exists()


def test_a_trial_that_is_repeated_starts_from_nothing(instructor: User):
    course = published("b")
    sat(course, "c", "b")
    published("c")
    row = tried(course, instructor)
    late = sat_old(course, "c", "b")
    regrading.try_again(regrade=row)
    assert jobs_evidence.regrade(row.pk) is True
    row.refresh_from_db()
    assert (row.looked_at, row.changes.count()) == (2, 2)
    assert row.changes.filter(attempt=late).exists()


@pytest.mark.parametrize(
    ("correction", "answer", "reason"),
    [
        (truefalse("Q-1"), "c", "type"),
        (single("Q-1", options=[option("x", right=True), option("y")]), "c", "answer"),
    ],
)
def test_what_the_new_version_cannot_judge_is_left_alone_and_counted(
    instructor: User, correction: Any, answer: str, reason: str
):
    course = published("b")
    sat(course, answer, "b")
    publish_quiz(slug=SLUG, questions=[correction, single("Q-2")])
    row = tried(course, instructor)
    assert row.left_alone == {reason: 1}
    assert row.changes.count() == 0


def test_another_language_and_unmarked_work_are_left_alone(instructor: User):
    course = published("b")
    foreign, unmarked = sat(course, "c", "b"), sat(course, "c", "b")
    published("c")
    new = question().ready
    assert new is not None
    QuestionVersion.objects.filter(question=question(), number=1).update(language="fr")
    Attempt.objects.filter(pk=unmarked.pk).update(marking=Attempt.Marks.WAITING)
    row = tried(course, instructor)
    assert row.left_alone == {"language": 1, "waiting": 1}
    assert foreign.results.count() == 1


def test_no_answer_stays_no_answer(instructor: User):
    course = published("b")
    sat(course, None, "b")
    published("c")
    assert tried(course, instructor).changes.count() == 0


def test_nothing_to_regrade_is_said(instructor: User):
    course = published("b")
    with pytest.raises(Conflict, match="No finished attempt"):
        regrading.begin(course=course, question=question(), actor=instructor)


def test_a_new_trial_drops_the_old_one(instructor: User):
    course = published("b")
    sat(course, "c", "b")
    published("c")
    first, second = tried(course, instructor), tried(course, instructor)
    first.refresh_from_db()
    assert (first.state, second.state) == (State.DROPPED, State.TRIED)
    with pytest.raises(Conflict):
        regrading.apply(regrade=first, policy=ALL, reason="Why", actor=instructor)


def test_other_courses_are_not_touched(instructor: User):
    course, other = published("b"), publish_quiz(questions=[keyed("b"), single("Q-2")])
    sat(course, "c", "b")
    sat(other, "c", "b")
    published("c")
    row = regrading.begin(
        course=course, question=Question.objects.get(uid="Q-1", bank__course=course), actor=instructor
    )
    jobs_evidence.regrade(row.pk)
    assert [each.attempt.enrolment.course for each in row.changes.all()] == [course]


def test_a_batch_costs_the_same_whatever_its_size(instructor: User):
    course = published("b")
    for _n in range(2):
        sat(course, "c", "b")
    published("c")
    question_ = question()
    row = Regrade.objects.create(course=course, question=question_, version=question_.ready)

    def cost() -> int:
        attempts = list(Attempt.objects.all())
        return count_queries(lambda: regrading.try_batch(regrade=row, attempts=attempts, versions={}))

    few = cost()
    for _n in range(4):
        sat_old(course, "c", "b")
    assert cost() == few


# --- for good


def test_every_attempt_up_or_down(instructor: User):
    course = published("b")
    up, down = sat(course, "c", "b"), sat(course, "b", "b")
    published("c")
    row = applied(tried(course, instructor), instructor)

    assert (percent(up), percent(down)) == ([50, 100], [100, 50])
    result = up.results.get(number=2)
    assert (result.reason, result.regrade, result.graded_by) == ("The key was wrong.", row, instructor)
    assert row.applied_at is not None


def test_only_where_it_helps(instructor: User):
    course = published("b")
    up, down = sat(course, "c", "b"), sat(course, "b", "b")
    published("c")
    row = applied(tried(course, instructor), instructor, UP)

    assert (percent(up), percent(down)) == ([50, 100], [100])
    assert [each.attempt_id for each in row.changes.filter(applied_at__isnull=False)] == [up.pk]


def test_the_marks_name_the_version_whose_key_graded(instructor: User):
    course = published("b")
    attempt = sat(course, "c", "a")
    published("c")
    applied(tried(course, instructor), instructor)
    first, second = SlotMark.objects.filter(result__attempt=attempt, result__number=2).order_by("slot__position")
    assert (first.fraction, first.answer, first.version) == (Decimal(1), "c", question().ready)
    assert (second.fraction, second.answer, second.version) == (Decimal(0), "a", None)


def test_a_second_correction_starts_from_the_first(instructor: User):
    course = published("b")
    attempt = sat(course, "c", "b")
    published("c")
    applied(tried(course, instructor), instructor)
    published("d")
    applied(tried(course, instructor), instructor)
    assert percent(attempt) == [50, 100, 50]


def test_a_correction_that_was_itself_wrong_is_put_right_by_the_old_version(instructor: User):
    course = published("b")
    attempt = sat(course, "b", "b")
    published("c")
    applied(tried(course, instructor), instructor)
    published("b")
    row = question()
    Question.objects.filter(pk=row.pk).update(ready=row.versions.get(number=1))
    applied(tried(course, instructor), instructor)

    assert percent(attempt) == [100, 50, 100]
    assert tried(course, instructor).changes.count() == 0


def test_a_version_that_says_no_language_may_be_in_any(instructor: User):
    course = published("b")
    attempt = sat(course, "c", "b")
    published("c")
    QuestionVersion.objects.filter(question=question(), number=1).update(language="")
    applied(tried(course, instructor), instructor)

    assert percent(attempt) == [50, 100]


def test_what_was_reopened_since_the_trial_is_left_alone(instructor: User):
    course = published("b")
    attempt = sat(course, "c", "b")
    published("c")
    row = tried(course, instructor)
    change = row.changes.select_related("attempt__enrolment__course").get()
    change.regrade = row
    row.policy = ALL
    Attempt.objects.filter(pk=attempt.pk).update(marking=Attempt.Marks.WAITING)

    assert regrading.apply_change(change, versions={}) is False
    assert percent(attempt) == [50]


def test_a_reason_is_required(instructor: User):
    course = published("b")
    sat(course, "c", "b")
    published("c")
    row = tried(course, instructor)
    with pytest.raises(InvalidInput) as problem:
        regrading.apply(regrade=row, policy="sideways", reason="  ", actor=instructor)
    assert set(problem.value.fields) == {"reason", "policy"}
    row.refresh_from_db()
    assert row.state == State.TRIED


def test_dropped_is_dropped(instructor: User):
    course = published("b")
    attempt = sat(course, "c", "b")
    published("c")
    row = tried(course, instructor)
    regrading.drop(regrade=row)
    assert jobs_evidence.regrade(row.pk) is False
    assert percent(attempt) == [50]
    with pytest.raises(Conflict):
        regrading.drop(regrade=row)


# --- behaviours


def test_certainty_is_kept(instructor: User):
    course = published("b")
    attempt = sat(course, "c", "b")
    Attempt.objects.filter(pk=attempt.pk).update(behaviour="certainty")
    SlotMark.objects.filter(result__attempt=attempt).update(certainty=2)
    published("c")
    applied(tried(course, instructor), instructor)
    mark = SlotMark.objects.get(result__attempt=attempt, result__number=2, slot__position=1)
    assert (mark.fraction, mark.earned, mark.certainty) == (Decimal(1), Decimal("0.66667"), 2)


def test_tries_are_judged_anew_with_their_penalty(instructor: User):
    course = published("b")
    attempt = sat(course, "c", "b")
    Attempt.objects.filter(pk=attempt.pk).update(behaviour="tries")
    slot = slots_of(attempt)[0]
    slot.tries.create(number=1, answer="a", fraction=0)
    slot.tries.create(number=2, answer="c", fraction=0)
    published("c")
    applied(tried(course, instructor), instructor)
    mark = SlotMark.objects.get(result__attempt=attempt, result__number=2, slot=slot)
    assert (mark.fraction, mark.earned) == (Decimal(1), Decimal("0.67"))


def test_points_weigh_as_they_were_asked(instructor: User):
    course = publish_quiz(slug=SLUG, questions=[keyed("b", points=3), single("Q-2")])
    attempt = sat(course, "c", "b")
    publish_quiz(slug=SLUG, questions=[keyed("c", points=1), single("Q-2")])
    applied(tried(course, instructor), instructor)
    assert percent(attempt) == [25, 100]


def test_part_credit_changes_too(instructor: User):
    rights = [option(name, right=name in "ab") for name in "abc"]
    fewer = [option(name, right=name in "a") for name in "abc"]
    course = publish_quiz(slug=SLUG, questions=[multi("Q-1", options=rights), single("Q-2")])
    attempt = sat(course, ["a"], "b")
    publish_quiz(slug=SLUG, questions=[multi("Q-1", options=fewer), single("Q-2")])
    applied(tried(course, instructor), instructor)
    assert percent(attempt) == [75, 100]


# --- killed and repeated


def test_a_job_that_is_killed_and_repeated_changes_everything_once(instructor: User, monkeypatch: pytest.MonkeyPatch):
    course = published("b")
    attempts = [sat(course, "c", "b") for _n in range(4)]
    published("c")
    row = tried(course, instructor)
    regrading.apply(regrade=row, policy=ALL, reason="The key was wrong.", actor=instructor)
    real, calls = regrading.record, iter(range(100))

    def killed(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        if next(calls) == 2:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(regrading, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs_evidence.regrade(row.pk)
    assert sorted(len(percent(each)) for each in attempts) == [1, 1, 2, 2]
    assert jobs_evidence.sweep_evidence()["regraded"] == 1
    assert jobs_evidence.sweep_evidence()["regraded"] == 0

    assert [percent(each) for each in attempts] == [[50, 100]] * 4
    assert Notice.objects.filter(kind="quiz_regraded").count() == 4
    assert row.changes.filter(applied_at=None).count() == 0


def test_two_workers_do_not_hold_the_same_row(instructor: User):
    course = published("b")
    sat(course, "c", "b")
    published("c")
    row = regrading.begin(course=course, question=question(), actor=instructor)
    Regrade.objects.filter(pk=row.pk).update(lease_until=clock.now() + clock.dt.timedelta(minutes=5))
    assert jobs_evidence.regrade(row.pk) is False


def test_a_change_that_was_applied_is_not_applied_again(instructor: User):
    course = published("b")
    attempt = sat(course, "c", "b")
    published("c")
    row = applied(tried(course, instructor), instructor)
    change = RegradeChange.objects.select_related("regrade", "attempt__enrolment").get(regrade=row)
    assert regrading.apply_change(change, versions={}) is False
    assert percent(attempt) == [50, 100]
