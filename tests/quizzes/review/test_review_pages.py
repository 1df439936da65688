"""The pages of review: what is due in words, a card and its other side, one's cards, one's plan."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from quizzes import jobs_review
from quizzes.models import Result, ReviewCard, ReviewLog, ReviewPlan, ReviewSitting, SlotMark
from quizzes.selectors.review_showing import face_of
from quizzes.services import reviewing
from quizzes.services.grading import finish
from quizzes.services.remembering import remember
from tests.factories.quizzes import EXAMPLES, SECRET, answer_all, publish_quiz, single, start_attempt
from tests.factories.review import AT, card_of, cards_of, miss
from tests.support import count_statements

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture(autouse=True)
def clock_() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT + HOUR, tick=False) as traveller:
        yield traveller


@pytest.fixture
def rosa(client_of: Callable[[User], Client], trainee: User) -> Client:
    return client_of(trainee)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def rating(card: ReviewCard, value: object = 3, **more: Any) -> dict[str, Any]:
    return {"card": card.pk, "step": card.steps, "rating": value, **more}


# --- a sitting


def test_who_has_no_cards_reads_where_they_come_from(rosa: Client):
    assert "You have no cards yet" in text_of(rosa.get("/review/"))
    assert "You have no cards yet" in text_of(rosa.get("/review/cards/"))
    assert "Nothing to show yet" in text_of(rosa.get("/review/retention/"))


def test_a_sitting_from_what_is_due_to_everything_renewed(rosa: Client, trainee: User):
    cards_of(trainee, 2)
    assert "2 cards are due back" in text_of(rosa.get("/review/"))
    front = rosa.post("/review/begin/", follow=True)
    assert "Card 1 of 2" in text_of(front)
    assert "What about decision:0?" in text_of(front)
    assert "The answer of" not in text_of(front)

    back = text_of(rosa.get("/review/card/?answer=1"))
    assert "The answer of decision:0." in back
    assert "The reason of decision:0." in back
    assert "Forgot back in 10 min Hard back in 15 min Knew it back in 2 days Easy renewed to 2 Dec" in back
    first, second = ReviewCard.objects.order_by("pk")
    following = rosa.post("/review/card/rate/", rating(first), follow=True)
    assert "Card 2 of 2" in text_of(following)
    last = text_of(rosa.post("/review/card/rate/", rating(second, 1), follow=True))
    assert "2 cards turned over" in last
    assert "Everything is renewed" in last
    assert "The next card comes back on Tue 24 Nov, today." in last


def test_a_button_keeps_its_word(rosa: Client, trainee: User):
    card = card_of(trainee)
    rosa.post("/review/begin/")
    for value, due in ((1, "24 Nov"), (2, "24 Nov"), (3, "26 Nov"), (4, "2 Dec")):
        rosa.post("/review/card/rate/", rating(card, value))
        card.refresh_from_db()
        assert due in f"{card.due_at:%-d %b}"
        rosa.post("/review/undo/")
        card.refresh_from_db()


def test_a_second_click_counts_once(rosa: Client, trainee: User):
    cards_of(trainee, 2)
    rosa.post("/review/begin/")
    first = ReviewCard.objects.order_by("pk")[0]
    for _click in range(2):
        response = rosa.post("/review/card/rate/", rating(first), follow=True)

    assert "Card 2 of 2" in text_of(response)
    assert ReviewLog.objects.count() == 1


def test_the_last_choice_is_undone(rosa: Client, trainee: User):
    card = card_of(trainee)
    rosa.post("/review/begin/")
    rosa.post("/review/card/rate/", rating(card))
    assert "Undo the last choice" in text_of(rosa.get("/review/done/"))

    assert "Card 1 of 1" in text_of(rosa.post("/review/undo/", follow=True))
    assert "nothing to take back" in text_of(rosa.post("/review/undo/", follow=True))


def test_a_second_click_takes_nothing_further_back(rosa: Client, trainee: User):
    cards_of(trainee, 2)
    rosa.post("/review/begin/")
    for card in ReviewCard.objects.order_by("pk"):
        rosa.post("/review/card/rate/", rating(card))
    [last] = re.findall(r'name="last" value="(\d+)"', rosa.get("/review/done/").content.decode())
    for _click in range(2):
        after = rosa.post("/review/undo/", {"last": last}, follow=True)

    assert "Card 2 of 2" in text_of(after)
    assert "nothing to take back" not in text_of(after)
    assert ReviewLog.objects.standing().count() == 1


@pytest.mark.parametrize("said", [{"rating": "5"}, {"rating": ""}, {"step": "x"}, {"card": "-1"}])
def test_what_is_no_rating_is_refused_beside_the_card(rosa: Client, trainee: User, said: dict):
    card = card_of(trainee)
    rosa.post("/review/begin/")
    response = rosa.post("/review/card/rate/", rating(card) | said)

    assert response.status_code == 422
    assert "Choose one of the four answers." in text_of(response)
    assert not ReviewLog.objects.exists()


def test_a_card_that_was_put_away_in_another_tab_does_not_turn_over_the_next_one(rosa: Client, trainee: User):
    first, _second = cards_of(trainee, 2)
    rosa.post("/review/begin/")
    reviewing.suspend(card=first)
    response = rosa.post("/review/card/rate/", rating(first))

    assert response.status_code == 409
    assert "This card is put away." in text_of(response)
    assert "What about decision:1?" in text_of(response)
    assert "The answer of decision:1." not in text_of(response)


def test_the_time_a_card_took_is_kept_and_nonsense_is_not(rosa: Client, trainee: User):
    for card, ms in zip(cards_of(trainee, 2), ("4200", "-7"), strict=True):
        rosa.post("/review/card/rate/", rating(card, ms=ms))

    assert list(ReviewLog.objects.order_by("pk").values_list("ms", flat=True)) == [4200, None]


def test_enough_for_now_leaves_the_rest_due(rosa: Client, trainee: User):
    first, _second = cards_of(trainee, 2)
    rosa.post("/review/begin/")
    rosa.post("/review/card/rate/", rating(first))
    stopped = text_of(rosa.post("/review/stop/", follow=True))

    assert "1 card turned over" in stopped
    assert "1 more is due. It waits for you." in stopped
    assert ReviewSitting.objects.get().ended_at


def test_a_sitting_that_was_left_is_gone_on_with(rosa: Client, trainee: User):
    first, _second = cards_of(trainee, 2)
    rosa.post("/review/begin/")
    rosa.post("/review/card/rate/", rating(first))

    assert "Go on with card 2 of 2" in text_of(rosa.get("/review/"))


def test_not_today_and_put_away_go_on_with_the_next_card(rosa: Client, trainee: User):
    first, second, _third = cards_of(trainee, 3)
    rosa.post("/review/begin/")
    assert "Card 1 of 2" in text_of(rosa.post(f"/review/cards/{first.pk}/bury/", {"from": "sitting"}, follow=True))
    assert "Card 1 of 1" in text_of(rosa.post(f"/review/cards/{second.pk}/suspend/", {"from": "sitting"}, follow=True))


def test_reading_writes_nothing(rosa: Client, trainee: User):
    card = card_of(trainee)
    rosa.post("/review/begin/")
    before = list(ReviewCard.objects.values()), list(ReviewSitting.objects.values())
    for path in ("", "card/", "card/?answer=1", "done/", "cards/", f"cards/{card.pk}/", "plan/", "retention/"):
        assert rosa.get(f"/review/{path}").status_code == 200

    assert (list(ReviewCard.objects.values()), list(ReviewSitting.objects.values())) == before
    assert not ReviewPlan.objects.exists()
    assert not ReviewLog.objects.exists()


# --- questions as cards


@pytest.mark.parametrize("name", sorted(set(EXAMPLES) - {"essay", "hotspot"}))
def test_every_type_of_question_has_two_sides(rosa: Client, trainee: User, name: str):
    question = EXAMPLES[name](general_feedback="That is the point.", keep=True)
    attempt = start_attempt(trainee, publish_quiz(questions=[question]))
    finish(attempt=attempt)
    jobs_review.remember(attempt.pk)
    rosa.post("/review/begin/")

    front = rosa.get("/review/card/").content.decode()
    assert SECRET not in front
    assert "That is the point." not in front
    back = rosa.get("/review/card/?answer=1").content.decode()
    assert "That is the point." in back
    card = ReviewCard.objects.select_related("item__course", "item__version").get()
    lines = face_of(card, trainee).lines
    assert lines
    assert all(each in text_of(rosa.get("/review/card/?answer=1")).replace("&#x27;", "'") for each in lines)


def test_a_card_leads_to_the_lesson_that_explains_it(rosa: Client, trainee: User):
    course = publish_quiz(questions=[single(back_to="basics")])
    attempt = start_attempt(trainee, course)
    finish(attempt=attempt)
    jobs_review.remember(attempt.pk)
    rosa.post("/review/begin/")

    assert f'href="/courses/{course.slug}/basics/"' in rosa.get("/review/card/?answer=1").content.decode()


def test_review_never_changes_a_grade(rosa: Client, trainee: User):
    attempt = start_attempt(trainee, publish_quiz())
    answer_all(attempt, {"single": "a", "multi": ["c"], "tf": "false"})
    finish(attempt=attempt)
    jobs_review.remember(attempt.pk)
    graded = list(Result.objects.values()), list(SlotMark.objects.values())
    rosa.post("/review/begin/")
    for card in ReviewCard.objects.all():
        rosa.post("/review/card/rate/", rating(card, 4))

    assert (list(Result.objects.values()), list(SlotMark.objects.values())) == graded


def test_what_learners_wrote_is_shown_as_text(rosa: Client, trainee: User):
    card_of(trainee, front="<script>alert(1)</script> What?", back="<img src=x onerror=alert(1)>")
    rosa.post("/review/begin/")
    page = rosa.get("/review/card/?answer=1").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


# --- one's cards


def test_cards_are_found_filtered_and_sorted(rosa: Client, trainee: User):
    remember(
        learner=trainee,
        misses=[
            miss("a", front="About fees", source="confident", topic="lending"),
            miss("b", front="About years", source="hinted"),
        ],
        at=AT,
    )
    reviewing.suspend(card=ReviewCard.objects.get(item__key="b"))

    def shown(query: str) -> list[str]:
        return re.findall(r"About (?:fees|years)", text_of(rosa.get(f"/review/cards/{query}")))

    assert shown("") == shown("?state=nonsense&topic=x") == shown("?sort=words") == ["About fees", "About years"]
    assert shown("?sort=-words") == ["About years", "About fees"]
    assert shown("?q=fee") == shown("?source=confident") == shown("?topic=lending") == ["About fees"]
    assert shown("?state=due") == ["About fees"]
    assert shown("?state=suspended") == ["About years"]
    assert "No card of yours is like that" in text_of(rosa.get("/review/cards/?q=nothing"))


def test_many_cards_come_in_pages(rosa: Client, trainee: User):
    cards_of(trainee, 21)

    assert "Page 2 of 2" in text_of(rosa.get("/review/cards/?page=2"))


def test_a_card_says_why_it_is_there(rosa: Client, trainee: User, clock_: time_machine.Traveller):
    card = card_of(trainee, source="confident")
    page = text_of(rosa.get(f"/review/cards/{card.pk}/"))
    assert "You were very sure of your answer, and it was not right. That was on 24 November." in page
    assert "You have not turned it over yet." in page

    reviewing.rate(card=card, rating=3, step=0)
    clock_.move_to(AT + 2 * DAY)
    page = text_of(rosa.get(f"/review/cards/{card.pk}/"))
    assert "By now about 91 in 100 such cards would be remembered." in page
    assert "It comes back when that falls to about 90." in page


def test_a_date_is_set_by_hand_and_said_to_be(rosa: Client, trainee: User):
    card = reviewing.rate(card=card_of(trainee), rating=3, step=0)
    page = text_of(rosa.post(f"/review/cards/{card.pk}/interval/", {"days": "30"}, follow=True))

    assert "You chose its date yourself on 24 November." in page
    assert "date set by hand" in page
    for days in ("0", "366", "soon", ""):
        assert rosa.post(f"/review/cards/{card.pk}/interval/", {"days": days}).status_code == 422


def test_a_card_is_put_away_and_taken_back(rosa: Client, trainee: User):
    card = card_of(trainee)
    assert "Put away" in text_of(rosa.post(f"/review/cards/{card.pk}/suspend/", follow=True))
    assert "This card comes again." in text_of(rosa.post(f"/review/cards/{card.pk}/resume/", follow=True))
    assert "rests until tomorrow" in text_of(rosa.post(f"/review/cards/{card.pk}/bury/", follow=True))


def test_nobody_sees_or_touches_the_cards_of_others(
    client_of: Callable[[User], Client], trainee: User, supervisor: User
):
    card, other = card_of(trainee), client_of(supervisor)
    for verb in ("bury", "suspend", "resume", "interval"):
        assert other.post(f"/review/cards/{card.pk}/{verb}/", {"days": "3"}).status_code == 404
    assert other.get(f"/review/cards/{card.pk}/").status_code == 404
    assert other.post("/review/card/rate/", rating(card)).status_code == 404
    assert not ReviewLog.objects.exists()


# --- one's plan


def test_a_plan_is_kept(rosa: Client, trainee: User):
    said = {"minutes": "3", "per_day": "8", "per_week": "30", "holiday_from": "2026-12-24", "holiday_to": "2027-01-02"}
    saved = rosa.post("/review/plan/", {**said, "remind": "on"}, follow=True)

    assert "Your plan is saved." in text_of(saved)
    plan = ReviewPlan.objects.get(learner=trainee)
    assert (plan.minutes, plan.per_day, plan.per_week, plan.remind) == (3, 8, 30, True)
    assert plan.remind_at == dt.datetime(2026, 11, 25, 13, 0, tzinfo=dt.UTC)  # seven in the morning in Chicago


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"minutes": "9"}, "Select a valid choice"),
        ({"per_day": "0"}, "greater than or equal to 1"),
        ({"per_week": "3"}, "A week allows at least as many cards as a day."),
        ({"holiday_from": "2026-12-24"}, "Give both days, or neither."),
        ({"holiday_from": "2026-12-24", "holiday_to": "2026-12-23"}, "The last day comes before the first."),
        ({"holiday_from": "soon"}, "Enter a valid date."),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_beside_the_field(rosa: Client, wrong: dict, message: str):
    response = rosa.post("/review/plan/", {"minutes": "3", "per_day": "8", "per_week": "30"} | wrong)

    assert response.status_code == 422
    assert message in text_of(response)


def test_a_pause_is_said_everywhere_and_ends(rosa: Client, trainee: User):
    cards_of(trainee, 2)
    assert '<span class="visually-hidden">, </span>2' in rosa.get("/help/").content.decode()
    rosa.post("/review/plan/pause/")
    paused = rosa.get("/review/")
    assert "Review is paused since" in text_of(paused)
    assert 'action="/review/plan/go-on/"' in paused.content.decode()
    assert "Review is resting." in text_of(rosa.get("/home/"))
    assert '<span class="visually-hidden">, </span>2' not in rosa.get("/help/").content.decode()
    assert "Welcome back." in text_of(rosa.post("/review/plan/go-on/", follow=True))


def test_home_says_what_is_due_and_what_comes(rosa: Client, trainee: User):
    assert "Due back for review" not in text_of(rosa.get("/home/"))
    cards_of(trainee, 3)
    reviewing.rate(card=ReviewCard.objects.order_by("pk")[0], rating=3, step=0)
    home = text_of(rosa.get("/home/"))

    assert "Today 2 cards Thursday 1 card" in home
    assert "Renew 2 cards" in home


def test_statements_do_not_grow_with_the_cards(rosa: Client, trainee: User):
    paths = ["", "card/", "card/?answer=1", "done/", "cards/", "plan/", "retention/"]

    def counts() -> list[int]:
        return [count_statements(lambda path=path: rosa.get(f"/review/{path}")) for path in paths]

    cards_of(trainee, 3)
    rosa.post("/review/begin/")
    reviewing.rate(card=ReviewCard.objects.order_by("pk")[0], rating=3, step=0)
    few = counts()
    cards_of(trainee, 40)
    rosa.post("/review/stop/")
    rosa.post("/review/begin/")
    for card in ReviewCard.objects.order_by("pk")[5:15]:
        reviewing.rate(card=card, rating=3, step=0)

    assert counts() == few
    assert max(few) <= 14


def test_the_api_says_how_much_is_due_and_never_what(rosa: Client, trainee: User):
    cards_of(trainee, 3)

    assert rosa.get("/api/v1/review/due/").json() == {
        "due": 3,
        "open": 3,
        "minutes": 1,
        "resting": False,
        "next_due": "2026-11-24T09:00:00-06:00",
    }
