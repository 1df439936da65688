"""Checking answers while the attempt goes on: tries, hints, and no further answer once a question is closed."""

from decimal import Decimal

import pytest

from accounts.models import User
from core.errors import Conflict, InvalidInput
from quizzes.models import Attempt, Slot, SlotMark, Step, Try
from quizzes.selectors import Shown, paper_of, shown
from quizzes.services import checking
from quizzes.services.answering import AttemptFinished, QuestionClosed, save_answer
from quizzes.services.checking import check, check_form
from quizzes.services.grading import finish, worth
from quizzes.types.base import token
from tests.factories.quizzes import SECRET, multi, publish_quiz, single, slots_of, start_attempt

pytestmark = pytest.mark.django_db
HINTS = ["Look at the *due date*.", "It is not the first one."]


def slot_in(user: User, behaviour: str, **asking: object) -> Slot:
    question = single(hints=HINTS, general_feedback="Generally so.")
    attempt = start_attempt(user, publish_quiz(questions=[question], asking={"behaviour": behaviour, **asking}))
    return slots_of(attempt)[0]


@pytest.fixture
def slot(trainee: User) -> Slot:
    """Three tries, a third less for each: options a to d, b is right."""
    return slot_in(trainee, "tries")


def row_of(slot: Slot) -> Shown:
    attempt = Attempt.objects.select_related("part").get(pk=slot.attempt_id)
    paper = paper_of(attempt)
    [row] = shown(
        attempt=attempt,
        slots=paper.slots,
        answers=paper.answers,
        steps=paper.steps,
        tries=paper.tries,
        slug="any",
        user=slot.attempt.learner,
    )
    return row


def test_a_wrong_try_gets_its_hint_and_another_try(slot: Slot):
    assert (row_of(slot).state, row_of(slot).tries_left, row_of(slot).hint) == ("open", 3, "")

    check(slot=slot, answer="a", client_id="laptop", seq=1)
    first = row_of(slot)
    check(slot=slot, answer="c", client_id="laptop", seq=2)
    second = row_of(slot)

    assert (first.state, first.verdicts, first.tries_left) == ("checked", ("wrong",), 2)
    assert first.hint == "Look at the <em>due date</em>."
    assert (second.verdicts, second.tries_left) == (("wrong", "wrong"), 1)
    assert second.hint == "It is not the first one."
    for row in (first, second):
        assert row.mark is None
        assert SECRET not in str(row)
        assert "Generally so." not in str(row)


def test_a_right_try_closes_the_question_and_shows_the_replies(slot: Slot):
    check(slot=slot, answer="a", client_id="laptop", seq=1)
    check(slot=slot, answer="b", client_id="laptop", seq=2)
    row = row_of(slot)

    assert (row.state, row.verdict, row.tries_left, row.hint) == ("closed", "right", 1, "")
    assert SECRET in str(row.fields)
    assert row.html["general"] == "Generally so."


def test_after_the_last_try_the_question_is_closed(slot: Slot):
    for seq, answer in enumerate("acd", start=1):
        check(slot=slot, answer=answer, client_id="laptop", seq=seq)

    assert (row_of(slot).state, row_of(slot).verdict, row_of(slot).tries_left) == ("closed", "wrong", 0)
    with pytest.raises(QuestionClosed, match="checked already"):
        check(slot=slot, answer="b", client_id="laptop", seq=4)
    assert Try.objects.count() == 3
    assert finish(attempt=slot.attempt).percent == 0


def test_an_answer_to_a_closed_question_is_kept_and_does_not_count(trainee: User):
    slot = slot_in(trainee, "immediate")
    check(slot=slot, answer="a", client_id="laptop", seq=1)

    with pytest.raises(QuestionClosed):
        save_answer(slot=slot, answer="b", client_id="laptop", seq=2)
    assert list(Step.objects.order_by("seq").values_list("answer", "late")) == [("a", False), ("b", True)]
    assert row_of(slot).answer == token(slot.version.content, "a")
    assert finish(attempt=slot.attempt).percent == 0


def test_the_replay_of_the_checked_answer_is_acknowledged(trainee: User):
    slot = slot_in(trainee, "immediate")
    check(slot=slot, answer="b", client_id="laptop", seq=1)

    assert save_answer(slot=slot, answer="b", client_id="laptop", seq=1).stands


def test_a_double_click_is_one_try(slot: Slot):
    first = check(slot=slot, answer="a", client_id="laptop", seq=1)

    assert check(slot=slot, answer="a", client_id="laptop", seq=1) == first
    assert check(slot=slot, answer="a", client_id="laptop", seq=2) == first
    assert check_form(slot=slot, answer="a") == first
    assert Try.objects.count() == 1


def test_nothing_cannot_be_checked(slot: Slot):
    with pytest.raises(InvalidInput) as refusal:
        check(slot=slot, answer=None, client_id="laptop", seq=1)

    assert "answer" in refusal.value.fields
    assert not Try.objects.exists()


def test_what_another_device_answered_later_is_not_checked_unseen(slot: Slot):
    save_answer(slot=slot, answer="b", client_id="phone", seq=9)

    with pytest.raises(Conflict, match="another device"):
        check(slot=slot, answer="a", client_id="laptop", seq=1)
    assert not Try.objects.exists()


def test_after_handing_in_nothing_is_checked(slot: Slot):
    finish(attempt=slot.attempt)
    slot.attempt.finished_at = None  # as a page that was read before

    with pytest.raises(AttemptFinished):
        check(slot=slot, answer="b", client_id="laptop", seq=1)
    assert not Try.objects.exists()


@pytest.mark.parametrize(
    ("checked", "standing", "penalty", "earned"),
    [
        ("", "b", 33, "1"),
        ("a", "b", 33, "0.67"),
        ("ac", "b", 33, "0.34"),
        ("a", "a", 33, "0"),
        ("a", "b", 100, "0"),
        ("ab", None, 20, "0.8"),
    ],
)
def test_tries_cost_the_stated_penalty(trainee: User, checked: str, standing: str | None, penalty: int, earned: str):
    slot = slot_in(trainee, "tries", tries={"most": 4, "penalty": penalty})
    for seq, answer in enumerate(checked, start=1):
        check(slot=slot, answer=answer, client_id="laptop", seq=seq)
    if standing:
        save_answer(slot=slot, answer=standing, client_id="laptop", seq=9)
    finish(attempt=slot.attempt)

    assert SlotMark.objects.get().earned == Decimal(earned)


def test_a_partly_right_try_keeps_what_it_earned(trainee: User):
    attempt = start_attempt(trainee, publish_quiz(questions=[multi()], asking={"behaviour": "tries"}))
    [slot] = slots_of(attempt)
    check(slot=slot, answer=["a", "b"], client_id="laptop", seq=1)
    check(slot=slot, answer=["c"], client_id="laptop", seq=2)
    finish(attempt=attempt)

    kept = SlotMark.objects.get()
    assert (kept.fraction, kept.earned, kept.answer) == (0, Decimal("0.66667"), ["c"])


def test_what_the_review_options_never_show_is_not_shown_by_a_check_either(trainee: User):
    slot = slot_in(trainee, "immediate", review={"right": "never", "feedback": "never"})
    check(slot=slot, answer="a", client_id="laptop", seq=1)
    row = row_of(slot)

    assert (row.state, row.verdict, row.mark) == ("closed", "wrong", None)
    assert SECRET not in str(row)
    assert "Generally so." not in str(row)


def test_a_check_that_the_handing_in_overtook_is_no_try(slot: Slot, monkeypatch: pytest.MonkeyPatch):
    """Else a correction of the question would count what nobody counted."""
    monkeypatch.setattr(checking, "worth", lambda *given: (finish(attempt=slot.attempt), worth(*given))[1])

    with pytest.raises(AttemptFinished):
        check(slot=slot, answer="b", client_id="laptop", seq=1)

    assert not Try.objects.exists()
