"""Saving answers: appended, replayed without harm, the newest stands."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.errors import InvalidInput
from quizzes.models import Slot, SlotMark, Step
from quizzes.selectors import newest_steps
from quizzes.services.answering import AttemptFinished, save_answer, save_form
from quizzes.services.grading import finish
from tests.factories.quizzes import publish_quiz, single, slots_of, start_attempt
from tests.support import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot(trainee: User) -> Slot:
    """The one question of an open attempt: options a to d."""
    return slots_of(start_attempt(trainee, publish_quiz(questions=[single()])))[0]


def standing_answer(slot: Slot) -> Any:
    return newest_steps([slot])[slot.pk].answer


def test_a_saved_answer_stands(slot: Slot):
    standing = save_answer(slot=slot, answer="c", client_id="laptop", seq=1)

    assert (standing.answer, standing.stands, standing.other_device) == ("c", True, False)
    assert standing_answer(slot) == "c"


def test_saving_the_same_again_changes_nothing(slot: Slot):
    first = save_answer(slot=slot, answer="c", client_id="laptop", seq=1)

    assert save_answer(slot=slot, answer="c", client_id="laptop", seq=1) == first
    assert Step.objects.count() == 1


def test_an_older_answer_arriving_late_is_kept_but_never_overwrites(slot: Slot):
    save_answer(slot=slot, answer="b", client_id="laptop", seq=2)
    late = save_answer(slot=slot, answer="a", client_id="laptop", seq=1)

    assert (late.answer, late.stands, late.other_device) == ("b", False, False)
    assert standing_answer(slot) == "b"
    assert Step.objects.count() == 2


def test_two_devices_agree_and_the_other_one_is_told(slot: Slot):
    save_answer(slot=slot, answer="b", client_id="phone", seq=3)
    told = save_answer(slot=slot, answer="a", client_id="laptop", seq=2)

    assert (told.answer, told.client_id, told.stands, told.other_device) == ("b", "phone", False, True)
    newer = save_answer(slot=slot, answer="a", client_id="laptop", seq=4)
    assert (newer.answer, newer.stands) == ("a", True)


def test_at_the_same_number_the_greater_client_stands(slot: Slot):
    save_answer(slot=slot, answer="a", client_id="aaa", seq=5)
    save_answer(slot=slot, answer="b", client_id="bbb", seq=5)

    assert save_answer(slot=slot, answer="a", client_id="aaa", seq=5).client_id == "bbb"
    assert standing_answer(slot) == "b"


saves = st.lists(
    st.tuples(st.sampled_from(["phone", "laptop", "4d1"]), st.integers(1, 6), st.sampled_from("abcd")),
    min_size=1,
    max_size=8,
    unique_by=lambda save: save[:2],
)


@given(saves=saves, data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_order_and_however_often_the_greatest_number_stands(
    slot: Slot, saves: list[tuple[str, int, str]], data: st.DataObject
):
    Step.objects.all().delete()
    for client_id, seq, answer in data.draw(st.permutations(saves + saves)):
        save_answer(slot=slot, answer=answer, client_id=client_id, seq=seq)

    expected = max(saves, key=lambda save: (save[1], save[0]))
    assert standing_answer(slot) == expected[2]
    assert Step.objects.count() == len(saves)


def test_an_answer_can_be_taken_back(slot: Slot):
    save_answer(slot=slot, answer="a", client_id="laptop", seq=1)
    save_answer(slot=slot, answer=None, client_id="laptop", seq=2)

    assert standing_answer(slot) is None


def test_after_handing_in_a_new_answer_is_refused_with_a_sentence(slot: Slot):
    save_answer(slot=slot, answer="b", client_id="laptop", seq=1)
    finish(attempt=slot.attempt)

    with pytest.raises(AttemptFinished, match="handed in already"):
        save_answer(slot=slot, answer="a", client_id="laptop", seq=2)
    assert list(Step.objects.order_by("seq").values_list("answer", "late")) == [("b", False), ("a", True)]
    assert standing_answer(slot) == "b"


def test_after_handing_in_the_replay_of_a_counted_answer_is_acknowledged(slot: Slot):
    saved = save_answer(slot=slot, answer="b", client_id="laptop", seq=1)
    finish(attempt=slot.attempt)

    assert save_answer(slot=slot, answer="b", client_id="laptop", seq=1) == saved


def test_an_answer_that_meets_the_handing_in_halfway_is_not_acknowledged(slot: Slot):
    """The page read the attempt as open; it is handed in before the answer is written."""
    stale = Slot.objects.select_related("attempt", "version").get(pk=slot.pk)
    finish(attempt=slot.attempt)

    with pytest.raises(AttemptFinished):
        save_answer(slot=stale, answer="b", client_id="laptop", seq=1)


@pytest.mark.parametrize("answer", [-1, 1.5, float("nan"), 10**400, True, {"a": 1}, ["a"], "z", "a" * 10_000])
def test_an_answer_of_the_wrong_shape_is_refused_beside_its_field(slot: Slot, answer: Any):
    with pytest.raises(InvalidInput) as refusal:
        save_answer(slot=slot, answer=answer, client_id="laptop", seq=1)

    assert "answer" in refusal.value.fields
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("client_id", ["", "UPPER", "with space", "x" * 41, "a\n", None, 5]),
        ("seq", [0, -1, 2**53, 1.0, True, None, "1"]),
    ],
)
def test_a_bad_numbering_is_refused_beside_its_field(slot: Slot, field: str, values: list[Any]):
    for value in values:
        numbering = {"client_id": "laptop", "seq": 1, field: value}
        with pytest.raises(InvalidInput) as refusal:
            save_answer(slot=slot, answer="a", **numbering)
        assert field in refusal.value.fields


def test_a_plain_form_comes_after_everything_seen(slot: Slot):
    save_answer(slot=slot, answer="a", client_id="laptop", seq=41)
    standing = save_form(slot=slot, answer="b")

    assert (standing.answer, standing.seq, standing.stands) == ("b", 42, True)


# Beside the answer


def test_how_sure_and_how_long_are_kept(trainee: User):
    course = publish_quiz(questions=[single()], asking={"behaviour": "certainty"})
    [slot] = slots_of(start_attempt(trainee, course))
    standing = save_answer(slot=slot, answer="b", client_id="laptop", seq=1, certainty=2, ms=4000)

    assert standing.certainty == 2
    assert list(Step.objects.values_list("certainty", "ms")) == [(2, 4000)]
    finish(attempt=slot.attempt)
    assert list(SlotMark.objects.values_list("certainty", "ms")) == [(2, 4000)]


def test_how_sure_is_kept_only_where_it_is_asked(slot: Slot):
    assert save_answer(slot=slot, answer="b", client_id="laptop", seq=1, certainty=2).certainty is None


@pytest.mark.parametrize(("field", "values"), [("certainty", [0, 4, -1, True, "2", 1.5]), ("ms", [-1, True, "4", 1.5])])
def test_a_senseless_certainty_or_time_is_refused_beside_its_field(trainee: User, field: str, values: list[Any]):
    course = publish_quiz(questions=[single()], asking={"behaviour": "certainty"})
    [slot] = slots_of(start_attempt(trainee, course))
    for value in values:
        more: dict[str, Any] = {field: value}
        with pytest.raises(InvalidInput) as refusal:
            save_answer(slot=slot, answer="a", client_id="laptop", seq=1, **more)
        assert field in refusal.value.fields
    assert not Step.objects.exists()


@pytest.mark.parametrize("behaviour", ["deferred", "immediate", "tries", "certainty"])
def test_saving_takes_two_statements_whatever_the_behaviour(trainee: User, behaviour: str):
    course = publish_quiz(questions=[single()], asking={"behaviour": behaviour})
    [slot] = slots_of(start_attempt(trainee, course))

    assert count_statements(lambda: save_answer(slot=slot, answer="b", client_id="laptop", seq=1)) == 2
