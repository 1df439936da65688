"""What happens at the same moment, with real connections: one run, one move a turn, one grading."""

import pytest

from accounts.models import User
from quizzes import jobs_practice
from quizzes.models import PracticeMove, PracticeRun, ReviewCard
from quizzes.services.practising import MovedOn, act, begin_free
from tests.factories.practice import begin, play_all, publish_practice
from tests.quizzes.test_concurrency import AT_ONCE, at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("small_engines"),
]


def test_many_starts_make_one_run(trainee: User):
    course = publish_practice()
    begun = at_once(*[lambda: begin(trainee, course)] * AT_ONCE)
    assert {type(each) for each in begun} == {PracticeRun}, begun
    assert PracticeRun.objects.count() == 1


def test_of_many_different_moves_of_one_turn_one_is_made(trainee: User):
    run = begin_free(learner=trainee, engine="errands")

    def try_word(word: str):
        return lambda: act(run=PracticeRun.objects.get(), turn=0, move={"verb": "errand", "word": word})

    told = at_once(*[try_word(word) for word in ("lend", "borrow", "renew", "recall") * 2])
    made = PracticeMove.objects.get()
    after = PracticeRun.objects.get(pk=run.pk)
    assert (after.turn, after.state["done"]) == (1, [made.move["word"]])
    assert {type(each) for each in told} <= {PracticeRun, MovedOn}
    assert sum(isinstance(each, PracticeRun) for each in told) in (1, 2)  # the same word twice is the same move


def test_the_last_move_sent_many_times_grades_once_and_makes_its_cards_once(trainee: User):
    run = play_all(begin(trainee, publish_practice()), "lend")
    last = {"verb": "errand", "word": "borrow"}
    told = at_once(*[lambda: act(run=PracticeRun.objects.get(), turn=1, move=last)] * AT_ONCE)
    assert any(isinstance(each, PracticeRun) for each in told), told
    assert PracticeRun.objects.get(pk=run.pk).percent == 50
    done = at_once(*[lambda: jobs_practice.remember_run(run.pk)] * AT_ONCE)
    assert sorted(done) == [False] * (AT_ONCE - 1) + [True]
    assert ReviewCard.objects.count() == 1
