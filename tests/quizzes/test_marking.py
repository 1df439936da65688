"""Written answers: marked by a person once, reopened with a reason, and everything that reads results waits for them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice, User
from core.errors import Conflict, InvalidInput
from courses.services.publishing import publish_preview
from progress.models import Completion, Event, LessonState
from quizzes.models import Attempt, Marking, Result, Slot, SlotMark
from quizzes.selectors import card_of, review_of
from quizzes.services.answering import save_answer
from quizzes.services.attempting import start
from quizzes.services.grading import Given, Judged, finish, mark_of, record
from quizzes.services.marking import mark, reopen
from tests.factories.progress import did
from tests.factories.quizzes import QUIZ, essay, player_of, publish_quiz, single, slots_of, start_attempt

pytestmark = pytest.mark.django_db
BEST = {"facts": "l2", "tone": "l3"}
MIDDLING = {"facts": "l1", "tone": "l3"}


@pytest.fixture
def attempt(trainee: User, instructor: User) -> Attempt:
    """One choice, answered rightly, and two texts; handed in."""
    course = publish_quiz(questions=[single(), essay("E-1"), essay("E-2")], owner=instructor)
    attempt = start_attempt(trainee, course)
    for slot, answer in zip(slots_of(attempt), ["b", "My first text.", "My second text."], strict=True):
        save_answer(slot=slot, answer=answer, client_id="laptop", seq=1)
    assert finish(attempt=attempt) is None
    attempt.refresh_from_db()
    return attempt


@pytest.fixture
def texts(attempt: Attempt) -> list[Slot]:
    return slots_of(attempt)[1:]


def mark_all(texts: list[Slot], marker: User, levels: dict[str, str] = BEST) -> None:
    for slot in texts:
        mark(slot=slot, levels=levels, comment="Well said.", marker=marker)


def test_an_attempt_waits_until_everything_is_marked(attempt: Attempt, texts: list[Slot], instructor: User):
    assert attempt.finished_at is not None
    assert attempt.marking == "waiting"
    mark(slot=texts[0], levels=BEST, comment="", marker=instructor)
    assert not Result.objects.exists()
    assert not Event.objects.filter(kind="graded").exists()

    given = mark(slot=texts[1], levels=MIDDLING, comment=" Nearly. ", marker=instructor)
    attempt.refresh_from_db()
    result = Result.objects.get()
    assert (given.fraction, given.comment, given.number) == (Decimal("0.8"), "Nearly.", 1)
    assert (attempt.marking, result.percent, result.passed, result.graded_by) == ("done", 93, True, instructor)
    assert list(SlotMark.objects.order_by("slot__position").values_list("earned", flat=True)) == [
        1,
        1,
        Decimal("0.8"),
    ]
    assert Event.objects.get(kind="graded").payload["percent"] == 93


def test_the_learner_is_told_once(attempt: Attempt, texts: list[Slot], instructor: User, trainee: User):
    mark_all(texts, instructor)

    notice = Notice.objects.get(kind="quiz_marked")
    assert (notice.person, notice.body) == (trainee, "You have 100%.")
    assert notice.url == f"/courses/{attempt.enrolment.course.slug}/{QUIZ}/quiz/result/?attempt=1"


def test_a_text_that_was_left_empty_earns_nothing_without_anybody(trainee: User):
    attempt = start_attempt(trainee, publish_quiz(questions=[single(), essay()]))
    save_answer(slot=slots_of(attempt)[0], answer="b", client_id="laptop", seq=1)
    result = finish(attempt=attempt)

    assert result is not None
    assert (result.percent, attempt.marking) == (50, "")


def test_handing_in_twice_while_it_waits_is_harmless(attempt: Attempt):
    assert finish(attempt=Attempt.objects.get(pk=attempt.pk)) is None
    assert not Result.objects.exists()


def test_an_answer_has_one_standing_marking(texts: list[Slot], instructor: User, supervisor: User):
    mark(slot=texts[0], levels=BEST, comment="", marker=instructor)

    with pytest.raises(Conflict, match=r"Hana Whitcomb marked this at \d\d:\d\d"):
        mark(slot=texts[0], levels=MIDDLING, comment="", marker=supervisor)
    assert Marking.objects.get().levels == BEST


@pytest.mark.parametrize(
    ("levels", "field"),
    [({}, "facts"), ({"facts": "l2"}, "tone"), ({**BEST, "tone": "l2"}, "tone"), ({**BEST, "style": "l1"}, "style")],
)
def test_levels_that_are_missing_or_unknown_are_refused_beside_their_criterion(
    texts: list[Slot], instructor: User, levels: dict[str, str], field: str
):
    with pytest.raises(InvalidInput) as refusal:
        mark(slot=texts[0], levels=levels, comment="", marker=instructor)

    assert field in refusal.value.fields
    assert not Marking.objects.exists()


def test_what_is_open_or_marked_by_the_machine_is_not_marked(
    attempt: Attempt, trainee: User, supervisor: User, instructor: User
):
    course = attempt.enrolment.course
    open_text = slots_of(start_attempt(supervisor, course))[1]

    with pytest.raises(Conflict, match="nothing to mark"):
        mark(slot=open_text, levels=BEST, comment="", marker=instructor)


def test_marking_again_makes_another_result_with_the_reason(
    attempt: Attempt, texts: list[Slot], instructor: User, trainee: User
):
    mark_all(texts, instructor, MIDDLING)
    first = Result.objects.get()
    reopen(marking=Marking.objects.get(slot=texts[0]), by=instructor, reason="A fact was overlooked.")
    attempt.refresh_from_db()
    assert (attempt.marking, Result.objects.get()) == ("waiting", first)

    again = mark(slot=texts[0], levels=BEST, comment="", marker=instructor)
    second = Result.objects.get(number=2)
    assert again.number == 2
    assert (first.percent, second.percent, second.reason) == (87, 93, "A fact was overlooked.")
    assert SlotMark.objects.filter(result=second).count() == 3
    assert Event.objects.filter(kind="graded").count() == 2
    assert LessonState.objects.get(uid=QUIZ).facts["scores"] == {"1:1": 87, "1:2": 93}
    assert "A fact was overlooked." in Notice.objects.filter(kind="quiz_marked").latest("pk").body


def test_a_correction_of_another_question_survives_marking_again(attempt: Attempt, texts: list[Slot], instructor: User):
    mark_all(texts, instructor)
    slots = slots_of(attempt)
    nothing = Judged(Decimal(0), Decimal(0))
    kept = {each.slot_id: each for each in SlotMark.objects.all()}
    wrong = mark_of(slots[0], Given("b"), nothing, slots[0].version)
    others = [mark_of(slot, Given(kept[slot.pk].answer), Judged(Decimal(1), Decimal(1))) for slot in texts]
    record(attempt, slots, [wrong, *others], reason="The key was wrong.")
    reopen(marking=Marking.objects.get(slot=texts[0]), by=instructor, reason="Again.")
    mark(slot=texts[0], levels=BEST, comment="", marker=instructor)

    third = Result.objects.get(number=3)
    carried = SlotMark.objects.get(result=third, slot=slots[0])
    assert (third.percent, carried.earned, carried.version) == (67, 0, slots[0].version)


def test_reopening_needs_a_reason_and_happens_once(texts: list[Slot], instructor: User):
    marking = mark(slot=texts[0], levels=BEST, comment="", marker=instructor)
    with pytest.raises(InvalidInput) as refusal:
        reopen(marking=marking, by=instructor, reason="  ")
    assert "reason" in refusal.value.fields
    reopen(marking=marking, by=instructor, reason="Once more.")

    with pytest.raises(Conflict, match="already"):
        reopen(marking=marking, by=instructor, reason="And again.")


def test_a_completion_stays_when_the_result_falls(attempt: Attempt, texts: list[Slot], instructor: User, trainee: User):
    for uid in ("basics", "last-words"):
        did(attempt.enrolment, uid)
    mark_all(texts, instructor)
    completion = Completion.objects.get()
    for slot in texts:
        reopen(marking=Marking.objects.get(slot=slot), by=instructor, reason="Copied.")
        mark(slot=slot, levels={"facts": "l0", "tone": "l0"}, comment="", marker=instructor)

    assert Result.objects.latest("number").passed is False
    assert LessonState.objects.get(uid=QUIZ).state == "started"
    kept = Completion.objects.get()
    assert (kept, kept.score) == (completion, 100)


def test_every_reader_of_results_copes_while_it_waits(
    attempt: Attempt, texts: list[Slot], trainee: User, client_of: Callable[[User], Client]
):
    course, rosa = attempt.enrolment.course, client_of(trainee)
    card = card_of(player_of(trainee, course), trainee)
    review = review_of(Attempt.objects.select_related("part").get(), slug=course.slug, user=trainee)
    api: dict[str, Any] = rosa.get(f"/api/v1/attempts/{attempt.pk}/review/").json()

    assert (list(card.results), card.score, [each.pk for each in card.waiting]) == ([], None, [attempt.pk])
    assert review.waiting
    assert [row.verdict for row in review.rows] == ["", "", ""]
    assert [row.state for row in review.rows] == ["closed"] * 3
    assert (api["marking"], api["percent"], api["may_see"]) == ("waiting", None, ["answers"])
    for page in ("/home/", "/me/", f"/courses/{course.slug}/", f"/courses/{course.slug}/{QUIZ}/"):
        assert rosa.get(page).status_code == 200, page
    assert rosa.get(f"/courses/{course.slug}/{QUIZ}/quiz/result/").status_code == 200
    assert start_attempt(trainee, course).number == 2


def test_a_preview_tells_nobody_and_is_no_work_for_anybody(instructor: User):
    course = publish_quiz(questions=[essay()], owner=instructor)
    edition = publish_preview(course=course, actor=instructor)
    attempt = start(player=player_of(instructor, course, token=edition.token), learner=instructor)
    [slot] = slots_of(attempt)
    save_answer(slot=slot, answer="A text.", client_id="laptop", seq=1)
    finish(attempt=attempt)
    mark(slot=slot, levels=BEST, comment="", marker=instructor)

    assert Result.objects.get().percent == 100
    assert not Notice.objects.filter(kind="quiz_marked").exists()
