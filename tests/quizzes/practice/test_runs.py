"""A run, move by move: what is kept, what is refused, what it is worth in the end."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from core.errors import Conflict, InvalidInput
from courses.jobs import sweep_moves
from courses.models import Enrolment
from courses.services.enrolling import leave
from progress.models import Event, LessonState
from progress.services.resetting import reset
from quizzes import jobs_practice
from quizzes.engines.registry import NotAllowed, engines
from quizzes.engines.scoring import play
from quizzes.models import PracticeMove, PracticeRun, ReviewCard
from quizzes.selectors.moves import moves_of
from quizzes.selectors.practice import lesson_card
from quizzes.services.practising import TURNS_MOST, MovedOn, act, again, begin_free, end, hint, undo
from tests.factories.practice import LESSON, begin, errands, play_all, practice_player, publish_practice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_engines")]
LEND = {"verb": "errand", "word": "lend"}


@pytest.fixture
def run(trainee: User) -> PracticeRun:
    """In the middle of nothing yet: lend, then renew."""
    return begin(trainee, publish_practice())


def test_beginning_twice_is_beginning_once(trainee: User):
    course = publish_practice()
    assert begin(trainee, course) == begin(trainee, course)
    assert PracticeRun.objects.count() == 1
    assert Enrolment.objects.get().opened_at is not None


def test_the_moves_give_the_state_again(run: PracticeRun):
    play_all(run, "lend", "recall")
    moves = [each.move for each in moves_of(run)]
    assert play(engines["errands"], run.case, moves, seed=run.seed) == run.state


def test_the_same_move_of_the_same_turn_counts_once(run: PracticeRun):
    act(run=run, turn=0, move=LEND)
    act(run=PracticeRun.objects.get(), turn=0, move=LEND)
    assert PracticeRun.objects.get().state["done"] == ["lend"]
    assert PracticeMove.objects.count() == 1


def test_another_move_of_an_earlier_turn_is_refused_and_changes_nothing(run: PracticeRun):
    seen_before = PracticeRun.objects.get()
    act(run=run, turn=0, move=LEND)
    for turn, word in [(0, "renew"), (7, "renew")]:
        with pytest.raises(MovedOn):
            act(run=seen_before, turn=turn, move={"verb": "errand", "word": word})
    assert PracticeRun.objects.get().state["done"] == ["lend"]


def test_what_is_not_offered_changes_nothing_and_costs_nothing(run: PracticeRun):
    with pytest.raises(NotAllowed):
        act(run=run, turn=0, move={"verb": "fly"})
    with pytest.raises(InvalidInput) as refused:
        act(run=run, turn=0, move={"verb": "errand", "word": "fly"})
    assert refused.value.fields == {"word": "Choose an errand."}
    assert PracticeRun.objects.get().turn == 0
    assert play_all(run, "lend", "renew").percent == 100


def test_when_it_is_over_nothing_more_can_be_done(run: PracticeRun):
    play_all(run, "lend", "borrow")
    assert (run.percent, run.passed, run.mode) == (50, False, "coach")
    with pytest.raises(NotAllowed):
        act(run=run, turn=2, move=LEND)
    with pytest.raises(NotAllowed):
        undo(run=run, turn=2)
    assert end(run=run, turn=2).percent == 50


def test_a_run_that_grows_without_end_is_ended(run: PracticeRun):
    PracticeRun.objects.update(turn=TURNS_MOST)
    run.refresh_from_db()
    with pytest.raises(NotAllowed):
        act(run=run, turn=TURNS_MOST, move=LEND)
    assert end(run=run, turn=TURNS_MOST).finished_at is not None


def test_a_critical_mistake_caps_the_score(trainee: User):
    course = publish_practice(cases=[errands("case-1", "renew", "lend")])
    assert play_all(begin(trainee, course), "recall", "lend").percent == 50
    run = begin(trainee, course)
    assert play_all(run, "renew", "lend").percent == 100


def test_a_hint_takes_a_quarter_of_its_part_once(run: PracticeRun):
    hint(run=run, turn=0)
    hint(run=PracticeRun.objects.get(), turn=0)  # a double click
    assert run.hinted == ["errand.0"]
    with pytest.raises(NotAllowed):
        hint(run=run, turn=1)
    assert play_all(run, "lend", "renew").percent == 88  # (0.75 + 1) / 2


def test_a_step_taken_back_stays_in_the_log(run: PracticeRun):
    act(run=run, turn=0, move={"verb": "errand", "word": "recall"})
    undo(run=run, turn=1)
    assert run.state["done"] == []
    assert [each.move["verb"] for each in run.moves.all()] == ["errand", "undo"]
    assert play_all(run, "lend", "renew").percent == 100


def test_an_exam_has_no_coach_no_hints_and_no_way_back(trainee: User):
    run = begin(trainee, publish_practice(mode="exam"))
    with pytest.raises(NotAllowed):
        hint(run=run, turn=0)
    act(run=run, turn=0, move=LEND)
    with pytest.raises(NotAllowed):
        undo(run=run, turn=1)


def test_ending_it_early_leaves_the_rest_unknown(run: PracticeRun):
    act(run=run, turn=0, move=LEND)
    assert end(run=run, turn=1).percent == 50
    assert [part["did"] for part in run.parts] == ["lend", ""]


def test_an_engine_that_changed_closes_what_it_cannot_judge(run: PracticeRun, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(engines["errands"], "version", 2, raising=False)
    with pytest.raises(Conflict):
        act(run=run, turn=0, move=LEND)
    end(run=run, turn=0)
    assert (run.percent, run.counts) == (0, False)
    assert not Event.objects.filter(kind="graded").exists()


def test_passing_completes_the_lesson(trainee: User):
    course = publish_practice(rule={"pass_mark": 90})
    play_all(begin(trainee, course), "lend", "borrow")
    state = LessonState.objects.get(uid=LESSON)
    assert (state.state, state.facts["scores"]) == ("started", {"1:1": 50})
    play_all(begin(trainee, course), "borrow", "recall")
    assert LessonState.objects.get(uid=LESSON).state == "done"


def test_different_worlds_in_a_row_are_asked_for_and_the_same_one_again_does_not_count(trainee: User):
    cases = [errands("case-1"), errands("case-2", "borrow", "recall"), errands("case-3", "renew", "lend")]
    course = publish_practice(cases=cases, rule={"in_a_row": 2})
    first = play_all(begin(trainee, course), "lend", "renew")
    twice = play_all(again(run=first), "lend", "renew")
    assert (twice.percent, twice.counts) == (100, False)
    assert LessonState.objects.get(uid=LESSON).state == "started"

    play_all(begin(trainee, course, "case-3"), "renew", "recall")  # the row is broken
    play_all(begin(trainee, course, "case-2"), "borrow", "recall")
    assert LessonState.objects.get(uid=LESSON).state == "started"
    play_all(begin(trainee, course, "case-1"), "lend", "renew")
    assert LessonState.objects.get(uid=LESSON).state == "done"


def test_who_has_met_every_world_can_still_pass_as_many_different_ones_in_a_row(trainee: User):
    course = publish_practice(rule={"in_a_row": 2})
    play_all(begin(trainee, course), "borrow", "lend")
    play_all(begin(trainee, course), "borrow", "recall")
    assert begin(trainee, course).case_uid == "case-1"
    play_all(begin(trainee, course), "lend", "renew")
    assert LessonState.objects.get(uid=LESSON).state == "done"


def test_a_lesson_that_is_asked_again_does_not_look_passed(trainee: User):
    more = {"slug": "asked-again", "lessons": [("text", "read-this", {})]}
    course = publish_practice(**more)
    play_all(begin(trainee, course), "lend", "renew")
    assert lesson_card(practice_player(trainee, course), trainee).passed
    course = publish_practice(
        slug="asked-again", kind="refresh", note="New", cases=[errands("case-1", "renew", "lend")]
    )
    sweep_moves()
    card = lesson_card(practice_player(trainee, course), trainee)
    assert (card.passed, card.best, card.row_now) == (False, None, 0)
    assert LessonState.objects.filter(uid=LESSON, state="done").count() == 0


def test_the_same_world_again_goes_by_what_the_lesson_asks_now(trainee: User):
    more = {"slug": "stricter", "lessons": [("text", "read-this", {})]}
    run = play_all(begin(trainee, publish_practice(**more)), "lend", "borrow")
    publish_practice(**more, note="Now an exam", mode="exam", rule={"pass_mark": 90})
    sweep_moves()
    twin = again(run=PracticeRun.objects.get())
    assert (twin.mode, twin.pass_mark, twin.case) == ("exam", 90, run.case)


def test_the_same_world_again_is_not_played_for_nothing(trainee: User):
    more = {"slug": "asked-anew", "lessons": [("text", "read-this", {})]}
    run = play_all(begin(trainee, publish_practice(**more)), "lend", "borrow")
    publish_practice(**more, kind="refresh", note="New", cases=[errands("case-1", "renew", "lend")])
    sweep_moves()
    with pytest.raises(Conflict, match="has changed"):
        again(run=PracticeRun.objects.get())
    leave(enrolment=run.enrolment)
    with pytest.raises(Conflict, match="no longer take"):
        again(run=PracticeRun.objects.get())
    assert PracticeRun.objects.count() == 1


def test_generated_worlds_in_a_row_complete_the_lesson(trainee: User):
    course = publish_practice(cases=[], generated=True, rule={"in_a_row": 3})
    seeds = set()
    for _world in range(3):
        run = begin(trainee, course)
        seeds.add(run.seed)
        play_all(run, *run.case["errands"])
    assert len(seeds) == 3
    assert LessonState.objects.get(uid=LESSON).state == "done"


def test_a_row_that_is_longer_than_asked_for_is_not_more_than_all_of_it(trainee: User):
    course = publish_practice(cases=[], generated=True, rule={"in_a_row": 2})
    for _world in range(3):
        run = begin(trainee, course)
        play_all(run, *run.case["errands"])
    assert lesson_card(practice_player(trainee, course), trainee).row_now == 2


def test_what_is_filled_in_is_changed_and_not_taken_back(trainee: User):
    run = begin_free(learner=trainee, engine="sums")
    act(run=run, turn=0, move={"verb": "check", "answers": {"sum": "1"}})
    act(run=run, turn=1, move={"verb": "keep", "answers": {"sum": "1", "difference": "2"}})
    with pytest.raises(NotAllowed):
        undo(run=run, turn=2)
    assert PracticeRun.objects.get().state["answers"] == {"sum": "1", "difference": "2"}


def test_worlds_may_be_everybodys(trainee: User, supervisor: User):
    course = publish_practice(cases=[], generated=True, seeds="shared")
    assert begin(trainee, course).case == begin(supervisor, course).case
    other = publish_practice(cases=[], generated=True, seeds="person")
    assert begin(trainee, other).case != begin(supervisor, other).case


def test_a_preview_counts_for_nothing(trainee: User):
    run = begin_free(learner=trainee, engine="errands")
    PracticeRun.objects.update(purpose="preview")
    run.refresh_from_db()
    play_all(run, "lend", "lend")
    assert jobs_practice.sweep_practice() == 0
    assert not ReviewCard.objects.exists()


def test_misses_become_cards_once_whoever_comes_first(
    run: PracticeRun, trainee: User, django_capture_on_commit_callbacks: Callable
):
    hint(run=run, turn=0)
    play_all(run, "lend", "borrow")
    assert jobs_practice.sweep_practice() == 1
    assert jobs_practice.remember_run(run.pk) is False
    cards = ReviewCard.objects.filter(learner=trainee).order_by("item__key")
    assert [(card.item.content["back"], card.source) for card in cards] == [("lend", "hinted"), ("renew", "wrong")]


def test_review_never_changes_a_past_grade(run: PracticeRun):
    play_all(run, "lend", "borrow")
    jobs_practice.remember_run(run.pk)
    ReviewCard.objects.all().delete()
    assert PracticeRun.objects.get().percent == 50


def test_a_move_takes_eight_statements_and_the_last_one_of_a_lesson_few_more(
    trainee: User, client_of: Callable[[User], Client], django_assert_max_num_queries: Callable
):
    rosa = client_of(trainee)
    course = publish_practice(lessons=[("text", "read-this", {})])
    play_all(begin(trainee, course), "lend", "renew")  # the first step of a course is dearer
    run = begin(trainee, course, "case-1")
    desk = f"/practice/runs/{run.pk}/do/"
    with django_assert_max_num_queries(8):
        rosa.post(desk, {"verb": "errand", "word": "lend", "turn": "0"})
    free = begin_free(learner=trainee, engine="errands")
    play_all(free, "lend")
    with django_assert_max_num_queries(8):
        rosa.post(f"/practice/runs/{free.pk}/do/", {"verb": "errand", "word": "lend", "turn": "1"})
    with django_assert_max_num_queries(13):  # with the ledger
        rosa.post(desk, {"verb": "errand", "word": "renew", "turn": "1"})
    assert PracticeRun.objects.finished().count() == 3


def test_what_was_saved_once_is_saved_though_its_answer_was_lost(trainee: User):
    run = begin_free(learner=trainee, engine="sums")
    typed = {"verb": "keep", "answers": {"sum": "12"}}
    seen = PracticeRun.objects.get()
    act(run=run, turn=0, move=typed)
    again = act(run=PracticeRun.objects.get(), turn=0, move=typed)
    assert (again.turn, again.state["answers"]) == (1, {"sum": "12"})
    with pytest.raises(MovedOn):  # other words of the same turn come from another page
        act(run=seen, turn=0, move={"verb": "keep", "answers": {"sum": "13"}})
    with pytest.raises(MovedOn):
        act(run=PracticeRun.objects.get(), turn=0, move={"verb": "keep", "answers": {"sum": "13"}})
    assert PracticeRun.objects.get().state["answers"] == {"sum": "12"}


def test_who_is_set_back_has_not_passed_any_more(trainee: User, supervisor: User):
    course = publish_practice()
    run = play_all(begin(trainee, course), "lend", "renew")
    assert lesson_card(practice_player(trainee, course), trainee).passed
    reset(enrolment=run.enrolment, reason="Once more.", actor=supervisor)
    card = lesson_card(practice_player(trainee, course), trainee)
    assert (card.passed, card.best, card.tries) == (False, None, 1)
