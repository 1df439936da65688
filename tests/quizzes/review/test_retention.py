"""What is remembered: a forecast for oneself, measured counts for instructors, and nobody's name."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from courses.models import Course
from quizzes.models import ReviewCard, ReviewItem
from quizzes.retention_chart import BASE, TOP, chart_of
from quizzes.scheduling import fresh
from quizzes.selectors.retention import DAYS, forecasts_of, forgotten_in, measured_in
from quizzes.selectors.reviewing import queue_of
from quizzes.services import reviewing
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import publish_quiz
from tests.factories.review import AT, card_of
from tests.support import count_statements

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock_() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def course(instructor: User) -> Course:
    return publish_quiz(owner=instructor)


# --- for oneself


def test_a_forecast_falls_and_the_weakest_topic_comes_first(trainee: User):
    reviewing.rate(card=card_of(trainee, "easy", topic="lending"), rating=4, step=0)
    reviewing.rate(card=card_of(trainee, "hard", topic="copyright"), rating=2, step=0)
    card_of(trainee, "fresh", topic="care")
    weak, strong = forecasts_of(trainee, at=AT)

    assert (weak.label, strong.label) == ("Copyright", "Lending")
    assert (weak.now, strong.now) == (100, 100)
    assert list(strong.percents) == sorted(strong.percents, reverse=True)
    assert weak.then < strong.then < 100


def test_the_forecast_is_a_chart_and_a_table(client_of: Callable[[User], Client], trainee: User):
    reviewing.rate(card=card_of(trainee), rating=3, step=0)
    card_of(trainee, "fresh")
    page = client_of(trainee).get("/review/retention/").content.decode()

    assert '<svg class="chart chart--wide"' in page
    assert "in 90 days; today it is 100%" in page
    assert "1 card that you have not turned over yet is left out." in page


@given(st.lists(st.lists(st.integers(0, 100), min_size=len(DAYS), max_size=len(DAYS)), min_size=1, max_size=8))
def test_every_line_is_inside_and_unlike_the_others(series: list[list[int]]):
    chart = chart_of([(str(number), percents) for number, percents in enumerate(series)], DAYS)

    assert all(TOP <= line.end_y <= BASE for line in chart.lines)
    assert len({(line.ink, line.dash) for line in chart.lines}) == len(series)


# --- for instructors


def reviewed(person: User, course: Course, clock_: time_machine.Traveller, *ratings: int, wait: int = 7) -> None:
    """``person`` turned a card of ``course`` over at once, then every ``wait`` days."""
    clock_.move_to(AT)
    card = card_of(person, "decision:five", course_id=course.pk)
    reviewing.rate(card=card, rating=3, step=0)
    for step, value in enumerate(ratings, start=1):
        clock_.shift(wait * DAY)
        reviewing.rate(card=card, rating=value, step=step)


def people(count: int) -> list[User]:
    return [UserFactory() for _number in range(count)]


def test_of_fewer_than_three_people_nothing_is_told(instructor: User, course: Course, clock_: time_machine.Traveller):
    first, second, third = people(3)
    reviewed(first, course, clock_, 1)
    reviewed(second, course, clock_, 3)
    assert list(forgotten_in(instructor)) == []
    assert measured_in(instructor)[0].hidden
    reviewed(third, course, clock_, 3)

    [item] = forgotten_in(instructor)
    assert (item.people, item.ratings, item.forgot) == (3, 6, 1)
    assert (item.asked_7, item.known_7, item.asked_30) == (3, 2, 0)


def test_few_people_are_counted_and_many_make_a_percentage(
    client_of: Callable[[User], Client], instructor: User, course: Course, clock_: time_machine.Traveller
):
    hana = client_of(instructor)
    for person in people(4):
        reviewed(person, course, clock_, 3)
    few = hana.get("/author/forgotten/").content.decode()
    assert '<div class="field grow-wide"><label class="small" for="q">' in few  # wide enough for its words on a phone
    assert ">4 of 4<" in few
    assert ">100%<" not in few
    for person in people(6):
        reviewed(person, course, clock_, 1)
    many = hana.get("/author/forgotten/").content.decode()

    assert ">40%<" in many
    assert "4 of 10" not in many


def test_one_person_after_two_months_is_not_told_of_beside_others_after_a_week(
    client_of: Callable[[User], Client], instructor: User, course: Course, clock_: time_machine.Traveller
):
    for person in people(10):
        reviewed(person, course, clock_, 3)
    reviewed(people(1)[0], course, clock_, 1, wait=60)
    for person in people(3):
        reviewed(person, course, clock_, 1, wait=30)
    hana = client_of(instructor)
    page = hana.get("/author/forgotten/").content.decode()
    cells = re.findall(r'data-label="(?:Known after 7|30|60) days">([^<]*)<', page)
    assert cells == ["100%", "0 of 3", "–"]

    sent = hana.get("/author/forgotten/forgotten.csv")
    [row] = csv.DictReader(io.StringIO(b"".join(sent.streaming_content).decode()))
    assert (row["asked_7"], row["asked_30"], row["asked_60"], row["known_60"]) == ("10", "3", "", "")


@pytest.mark.parametrize(("wait", "window"), [(7, 7), (30, 30), (60, 60), (15, None), (100, None)])
def test_recall_is_measured_after_a_week_a_month_and_two(
    instructor: User, course: Course, clock_: time_machine.Traveller, wait: int, window: int | None
):
    for person in people(3):
        reviewed(person, course, clock_, 3, wait=wait)

    assert {each.days for each in measured_in(instructor) if each.asked} == ({window} if window else set())


def test_what_was_taken_back_does_not_count(instructor: User, course: Course, clock_: time_machine.Traveller):
    for person in people(3):
        card = card_of(person, course_id=course.pk)
        reviewing.begin(learner=person)
        reviewing.rate(card=card, rating=1, step=0)
        reviewing.undo(learner=person)

    assert list(forgotten_in(instructor)) == []


def test_instructors_see_their_own_courses_only(
    client_of: Callable[[User], Client], instructor: User, course: Course, clock_: time_machine.Traveller
):
    other = publish_quiz(slug="other", owner=UserFactory())
    for person in people(3):
        reviewed(person, other, clock_, 1)

    assert list(forgotten_in(instructor)) == []
    assert "Too early to say" in client_of(instructor).get(f"/author/forgotten/?course={other.slug}").content.decode()


def test_the_list_is_found_sorted_and_taken_along_without_names(
    client_of: Callable[[User], Client], instructor: User, course: Course, clock_: time_machine.Traveller
):
    hana, crowd = client_of(instructor), people(3)
    for person in crowd:
        reviewed(person, course, clock_, 1)
    for query in ("", "?q=decision", f"?course={course.slug}", "?sort=people", "?sort=x&course=x"):
        page = hana.get(f"/author/forgotten/{query}").content.decode()
        assert "What about decision:five?" in page
        assert not any(person.name in page for person in crowd)
    assert "Nothing like that" in hana.get("/author/forgotten/?q=nothing").content.decode()

    sent = hana.get("/author/forgotten/forgotten.csv")
    [row] = csv.DictReader(io.StringIO(b"".join(sent.streaming_content).decode()))
    assert (row["people"], row["forgot"], row["asked_7"], row["known_7"]) == ("3", "3", "3", "0")


def test_statements_do_not_grow_with_items(
    client_of: Callable[[User], Client], instructor: User, course: Course, clock_: time_machine.Traveller
):
    hana, crowd = client_of(instructor), people(3)

    def cost() -> int:
        return count_statements(lambda: hana.get("/author/forgotten/"))

    for person in crowd:
        reviewed(person, course, clock_, 1)
    few = cost()
    for person in crowd:
        for number in range(12):
            reviewing.rate(card=card_of(person, f"more:{number}", course_id=course.pk), rating=3, step=0)

    assert cost() == few <= 12


# --- the index of the queue


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)  # a table is only vacuumed outside of a transaction
def test_the_queue_is_answered_by_its_index_alone(trainee: User):
    """A few thousand cards of several people, tidied as the database does by itself; the planner is left as it is."""
    keys = range(500)
    items = ReviewItem.objects.bulk_create([ReviewItem(key=f"k{number}", kind="decision") for number in keys])
    said = {"source": "wrong", "rank": 1, "state": fresh(AT)}
    ReviewCard.objects.bulk_create(
        ReviewCard(learner=person, item=item, due_at=AT + (number % 40 - 20) * DAY, **said)
        for person in [trainee, *people(9)]
        for number, item in enumerate(items)
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE quizzes_reviewcard")
        due = ReviewCard.objects.due(AT).filter(learner=trainee).in_turn().values_list("pk", flat=True)[:12]
        sql, params = due.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Only Scan using quizzes_card_due" in plan, plan
    assert "Sort" not in plan, plan
    assert len(queue_of(trainee, at=AT, most=12)) == 12
