"""Reminders of review, the download, corrected questions: what happens away from the pages."""

import datetime as dt
import json
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail

from accounts.jobs import send_waiting_mail
from accounts.models import Notice, User
from core.personal_data import export_of
from quizzes import jobs_review
from quizzes.models import ReviewCard, ReviewPlan
from quizzes.selectors.review_showing import face_of
from quizzes.services import review_planning, reviewing
from quizzes.services.grading import finish
from quizzes.services.remembering_attempts import correct_items
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.quizzes import publish_quiz, single, start_attempt
from tests.factories.review import AT, card_of, cards_of
from tests.support import count_statements

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR
MORNING = dt.datetime(2026, 11, 25, 13, 0, tzinfo=dt.UTC)  # seven o'clock in Chicago


@pytest.fixture(autouse=True)
def clock_() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT + HOUR, tick=False) as traveller:
        yield traveller


def wants_to_hear(person: User, **more: object) -> None:
    said = {"minutes": 5, "per_day": 20, "per_week": 100, "holiday_from": None, "holiday_to": None, "remind": True}
    review_planning.choose(learner=person, **{**said, **more})


def test_only_who_asked_is_told_and_not_before_morning(trainee: User, supervisor: User, clock_: time_machine.Traveller):
    cards_of(trainee, 12)
    cards_of(supervisor, 12)
    wants_to_hear(trainee)
    assert jobs_review.run_reminders() == 0
    clock_.move_to(MORNING)
    assert jobs_review.run_reminders() == 1
    assert jobs_review.run_reminders() == 0

    notice = Notice.objects.get(kind="review")
    assert (notice.person, notice.title, notice.body) == (trainee, "12 cards are due back", "About 5 minutes.")
    assert (notice.url, notice.action) == ("/review/", "Renew 12 cards")


def test_the_mail_is_dropped_when_somebody_has_reviewed_since(trainee: User, clock_: time_machine.Traveller):
    cards = cards_of(trainee, 3)
    wants_to_hear(trainee)
    clock_.move_to(MORNING)
    jobs_review.run_reminders()
    clock_.move_to(MORNING + HOUR)
    reviewing.rate(card=cards[0], rating=3, step=0)

    assert send_waiting_mail()["dropped"] == 1
    assert mail.outbox == []


def test_the_mail_says_how_many_and_how_long(trainee: User, clock_: time_machine.Traveller):
    cards_of(trainee, 12)
    wants_to_hear(trainee)
    clock_.move_to(MORNING)
    jobs_review.run_reminders()
    send_waiting_mail()

    [sent] = mail.outbox
    assert sent.subject == "12 cards are due back"
    assert "About 5 minutes." in sent.body


def test_there_is_a_rest_between_two_reminders(trainee: User, clock_: time_machine.Traveller):
    cards_of(trainee, 3)
    wants_to_hear(trainee)
    told = []
    for day in range(8):
        clock_.move_to(MORNING + day * DAY)
        told.append(jobs_review.run_reminders())

    assert told == [1, 0, 0, 1, 0, 0, 1, 0]


def test_a_plan_that_is_saved_again_keeps_the_rest_between_two_reminders(trainee: User, clock_: time_machine.Traveller):
    cards_of(trainee, 3)
    wants_to_hear(trainee)
    told = []
    for day in range(5):
        clock_.move_to(MORNING + day * DAY)
        told.append(jobs_review.run_reminders())
        wants_to_hear(trainee, remind=False)
        wants_to_hear(trainee, minutes=4)

    assert told == [1, 0, 0, 1, 0]


@pytest.mark.parametrize("rest", ["pause", "holiday", "nothing due"])
def test_who_rests_is_not_reminded(trainee: User, clock_: time_machine.Traveller, rest: str):
    if rest != "nothing due":
        card_of(trainee)
    away = {"holiday_from": dt.date(2026, 11, 24), "holiday_to": dt.date(2026, 11, 30)} if rest == "holiday" else {}
    wants_to_hear(trainee, **away)
    if rest == "pause":
        review_planning.pause(learner=trainee)
    clock_.move_to(MORNING)

    assert jobs_review.run_reminders() == 0
    assert ReviewPlan.objects.get().remind_at == MORNING + DAY


def test_statements_of_reminders_do_not_grow_with_the_people(library, clock_: time_machine.Traveller):
    def crowd(count: int) -> int:
        for _number in range(count):
            person = UserFactory()
            MembershipFactory(person=person, organisation=library)
            cards_of(person, 2)
            wants_to_hear(person)
        clock_.shift(2 * DAY)
        return count_statements(jobs_review.run_reminders)

    few = crowd(2)
    assert crowd(10) == few <= 7


def test_everything_about_review_is_in_the_download(trainee: User):
    reviewing.rate(card=card_of(trainee), rating=3, step=0, ms=4200)
    wants_to_hear(trainee)
    said = json.loads(json.dumps(export_of(trainee)["review"]))

    assert said["plan"]["minutes"] == 5
    [card] = said["cards"]
    assert (card["asks"], card["source"], card["log"][0]["rating"]) == ("What about decision:five?", "wrong", 3)


def test_the_download_does_not_grow_in_statements(trainee: User):
    card_of(trainee)
    few = count_statements(lambda: export_of(trainee)["review"])
    for card in cards_of(trainee, 20):
        reviewing.rate(card=card, rating=3, step=0)

    assert count_statements(lambda: export_of(trainee)["review"]) == few


def test_a_corrected_question_is_corrected_on_cards_and_its_ratings_stay(trainee: User):
    attempt = start_attempt(trainee, publish_quiz(questions=[single()]))
    finish(attempt=attempt)
    jobs_review.remember(attempt.pk)
    card = ReviewCard.objects.select_related("item__version__question", "item__course").get()
    reviewing.rate(card=card, rating=3, step=0)
    content = single()
    content["options"] = [{**each, "right": each["id"] == "c"} for each in content["options"]]
    version = card.item.version.question.versions.create(number=9, hash="9" * 64, type="single", content=content)

    assert correct_items(version=version) == 1
    card = ReviewCard.objects.select_related("item__version", "item__course").get()
    assert face_of(card, trainee).lines == ("Option c",)
    assert (card.steps, card.log.count()) == (1, 1)


@pytest.mark.parametrize(("caps", "title"), [({"per_day": 3, "per_week": 3}, ""), ({"per_day": 5, "per_week": 5}, "2")])
def test_nobody_is_called_for_more_than_their_plan_allows(
    trainee: User, clock_: time_machine.Traveller, caps: dict[str, int], title: str
):
    cards = cards_of(trainee, 12)
    wants_to_hear(trainee, **caps)
    for card in cards[:3]:  # on Tuesday; the reminder comes on Wednesday
        reviewing.rate(card=card, rating=3, step=0)
    clock_.move_to(MORNING)

    assert jobs_review.run_reminders() == bool(title)
    titles = list(Notice.objects.filter(kind="review").values_list("title", flat=True))
    assert titles == ([f"{title} cards are due back"] if title else [])
