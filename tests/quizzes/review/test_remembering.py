"""Misses become cards: once, together, without touching what was rated before."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from quizzes.models import ReviewCard, ReviewItem
from quizzes.services.remembering import remember
from tests.factories.review import AT, card_of, cards_of, miss
from tests.support import count_statements

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def test_a_miss_becomes_a_card_that_is_due_at_once(trainee: User):
    card = card_of(trainee)

    assert (card.source, card.due_at, card.missed_at, card.misses) == ("wrong", AT, AT, 1)
    assert card.item.content == {
        "front": "What about decision:five?",
        "back": "The answer of decision:five.",
        "why": "The reason of decision:five.",
        "facts": ["F-31"],
    }
    assert card.item.words == "What about decision:five?"


def test_what_is_worth_keeping_rests_a_day_and_is_no_miss(trainee: User):
    card = card_of(trainee, source="kept")

    assert (card.due_at, card.missed_at, card.misses) == (AT + dt.timedelta(days=1), None, 0)


def test_people_share_an_item_but_not_a_card(trainee: User, supervisor: User):
    first, second = card_of(trainee), card_of(supervisor)

    assert first.item == second.item
    assert set(ReviewCard.objects.visible_to(trainee)) == {first}
    assert set(ReviewCard.objects.visible_to(supervisor)) == {second}


def test_new_items_are_written_in_one_order_whatever_was_missed_first(trainee: User):
    remember(learner=trainee, misses=[miss("b"), miss("c", source="confident"), miss("a")], at=AT)

    assert list(ReviewItem.objects.order_by("pk").values_list("key", flat=True)) == ["a", "b", "c"]
    cards = ReviewCard.objects.order_by("pk").values_list("item__key", flat=True)
    assert list(cards) == ["c", "b", "a"]  # the gravest first, then as they were missed


def test_the_same_miss_twice_changes_nothing(trainee: User):
    card = card_of(trainee)
    ReviewCard.objects.filter(pk=card.pk).update(due_at=AT + 72 * HOUR)
    remember(learner=trainee, misses=[miss()], at=AT)

    card.refresh_from_db()
    assert (card.due_at, card.misses) == (AT + 72 * HOUR, 1)


def test_a_new_miss_makes_a_card_due_again_and_keeps_what_the_scheduler_knows(trainee: User):
    card = card_of(trainee, source="hinted")
    ReviewCard.objects.filter(pk=card.pk).update(due_at=AT + 720 * HOUR, stability=31.0, state={"stability": 31.0})
    [again] = remember(learner=trainee, misses=[miss(source="confident")], at=AT + 48 * HOUR)

    assert (again.pk, again.due_at, again.misses) == (card.pk, AT + 48 * HOUR, 2)
    assert (again.source, again.rank) == ("confident", 0)
    assert (again.stability, again.state) == (31.0, {"stability": 31.0})


def test_a_new_miss_leaves_a_card_away_that_the_person_put_away(trainee: User):
    card = card_of(trainee)
    ReviewCard.objects.filter(pk=card.pk).update(suspended_at=AT)
    remember(learner=trainee, misses=[miss()], at=AT + HOUR)

    assert not ReviewCard.objects.due(AT + 2 * HOUR).exists()


def test_of_several_misses_of_one_thing_the_gravest_counts(trainee: User):
    misses = [miss(source="kept"), miss(source="confident"), miss(source="wrong")]
    [card] = remember(learner=trainee, misses=misses, at=AT)

    assert (card.source, card.misses) == ("confident", 1)


def test_words_that_changed_are_renewed_for_everybody(trainee: User, supervisor: User):
    card = card_of(trainee)
    card_of(supervisor, front="Said better?")

    assert ReviewItem.objects.get(pk=card.item_id).content["front"] == "Said better?"


def test_no_misses_no_statements(trainee: User):
    assert count_statements(lambda: remember(learner=trainee, misses=[])) == 0


def test_statements_do_not_grow_with_the_misses(trainee: User):
    def first(count: int) -> int:
        return count_statements(lambda: cards_of(trainee, count))

    def again(count: int) -> int:
        return count_statements(lambda: cards_of(trainee, count, at=AT + count * HOUR, back="Said anew."))

    assert first(1) <= 8
    assert first(30) <= 8
    assert again(30) <= 8


def test_the_database_keeps_one_card_of_a_thing(trainee: User):
    card = card_of(trainee)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewCard.objects.create(learner=trainee, item=card.item, source="wrong", state={}, due_at=AT)
