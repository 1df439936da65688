"""A course is looked at again by a day: set on publishing, moved on by a look, reminded of exactly once a step."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.jobs import send_waiting_mail
from accounts.models import Notice
from core import clock
from courses.jobs_upkeep import remind_of_upkeep
from courses.models import Course, CourseEditor, CourseLook, ReviewPolicy
from courses.services.publishing import publish
from courses.upkeep import months_later, step_at
from tests.factories.courses import draft_course
from tests.support import count_statements

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2060, 12, 31))


@given(DAYS, st.integers(0, 120))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + dt.timedelta(days=1)).day == 1)


@given(DAYS, st.integers(-60, 800))
def test_steps_follow_each_other_and_each_begins_once(day, offset):
    today = day + dt.timedelta(days=offset)
    order = ["", "soon", "day", *(f"late-{number}" for number in range(1, 40))]
    before, now = (order.index(step_at(day, each)) for each in (today - dt.timedelta(days=1), today))
    assert now - before in (0, 1)


@pytest.mark.parametrize(
    ("today", "step"),
    [
        ("2027-02-28", ""),
        ("2027-03-01", "soon"),
        ("2027-03-30", "soon"),
        ("2027-03-31", "day"),
        ("2027-04-29", "day"),
        ("2027-04-30", "late-1"),
        ("2027-05-31", "late-2"),
        ("2028-03-31", "late-12"),
    ],
)
def test_the_reminder_that_fits(today, step):
    assert step_at(dt.date(2027, 3, 31), dt.date.fromisoformat(today)) == step


@pytest.fixture
def course(db, instructor, library) -> Course:
    return draft_course(slug="lending", owner=instructor, organisation=library, title="Lending step by step")


@pytest.fixture
def at(monkeypatch):
    """Set the site's clock: noon of the day in Chicago, where the library is."""

    def set_day(day: str) -> None:
        moment = dt.datetime.fromisoformat(f"{day}T18:00:00+00:00")
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_day


def publish_it(course, actor):
    return publish(course=course, kind="minor", note="New", actor=actor)


@pytest.mark.parametrize(
    ("months", "before", "after"),
    [
        (0, None, None),
        (6, None, "2027-08-28"),
        (6, "2027-02-01", "2027-08-28"),
        (6, "2027-02-28", "2027-08-28"),
        (6, "2027-03-05", "2027-03-05"),
    ],
)
def test_publishing_sets_the_day_unless_one_to_come_is_set(course, instructor, library, at, months, before, after):
    at("2027-02-28")
    ReviewPolicy.objects.create(organisation=library, review_months=months)
    Course.objects.filter(pk=course.pk).update(review_by=before)
    publish_it(course, instructor)
    course.refresh_from_db()
    assert str(course.review_by) == str(after)


def test_the_commons_set_no_day(db, instructor):
    course = draft_course(owner=instructor)
    publish_it(course, instructor)
    course.refresh_from_db()
    assert course.review_by is None


def told(kind: str = "course_upkeep") -> list[str]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("title", flat=True))


def test_each_step_is_said_exactly_once_however_often_the_job_runs(course, at):
    Course.objects.filter(pk=course.pk).update(review_by="2027-03-31")
    said = []
    day = dt.date(2027, 2, 20)
    while day < dt.date(2027, 6, 5):
        at(str(day))
        for _again in range(2):
            remind_of_upkeep()
        said += [(str(day), title) for title in told()[len(said) :]]
        day += dt.timedelta(days=1)
    late = "“Lending step by step” was to be looked at by 31 March 2027"
    assert said == [
        ("2027-03-01", "Look at “Lending step by step” again by 31 March 2027"),
        ("2027-03-31", "It is time to look at “Lending step by step” again"),
        ("2027-04-30", late),
        ("2027-05-31", late),
    ]


def test_steps_that_nobody_was_there_to_say_are_left_out(course, at):
    Course.objects.filter(pk=course.pk).update(review_by="2027-03-31")
    at("2027-09-10")
    remind_of_upkeep()
    assert [row.key for row in Notice.objects.filter(kind="course_upkeep")] == [f"look:{course.pk}:2027-03-31:late-5"]


def test_after_a_look_nothing_is_said_and_what_waits_is_not_mailed(course, instructor, client_of, at, mailoutbox):
    Course.objects.filter(pk=course.pk).update(review_by="2027-03-31")
    at("2027-03-31")
    remind_of_upkeep()
    answer = client_of(instructor).post(
        "/author/courses/lending/upkeep/looked/", {"months": "6", "note": "Fees are right."}
    )
    assert answer["Location"] == "/author/courses/lending/people/#upkeep"
    course.refresh_from_db()
    assert str(course.review_by) == "2027-09-30"
    look = CourseLook.objects.get()
    assert (look.looked_by, look.note, look.next_on) == (instructor, "Fees are right.", course.review_by)
    assert send_waiting_mail()["dropped"] == 1
    assert mailoutbox == []
    at("2027-04-30")
    remind_of_upkeep()
    assert len(told()) == 1


@pytest.mark.parametrize(
    ("months", "said"), [("-1", "greater than or equal to 0"), ("121", "less than or equal to 120")]
)
def test_a_look_that_makes_no_sense_is_refused_beside_the_field(course, instructor, client_of, months, said):
    answer = client_of(instructor).post("/author/courses/lending/upkeep/looked/", {"months": months, "note": "Kept."})
    page = answer.content.decode()
    assert (answer.status_code, said in page, "Kept." in page) == (422, True, True)
    assert not CourseLook.objects.exists()


def test_the_day_is_set_and_taken_away_by_hand_and_never_lies_behind(course, instructor, client_of, at):
    at("2027-03-31")
    client = client_of(instructor)
    url = "/author/courses/lending/upkeep/day/"
    past = client.post(url, {"review_by": "2027-03-30"})
    assert past.status_code == 422
    assert "Choose a day to come." in past.content.decode()
    for given_day, kept in (("2027-03-31", "2027-03-31"), ("", "None")):
        assert client.post(url, {"review_by": given_day}).status_code == 302
        course.refresh_from_db()
        assert str(course.review_by) == kept


def test_where_no_owner_can_sign_in_the_managers_are_reminded(course, instructor, manager, at):
    Course.objects.filter(pk=course.pk).update(review_by="2027-03-31")
    instructor.is_active = False
    instructor.save()
    at("2027-03-31")
    remind_of_upkeep()
    assert [row.person for row in Notice.objects.filter(kind="course_upkeep")] == [manager]


@pytest.mark.parametrize("change", [{"archived_at": clock.now()}, {"review_by": None}])
def test_archived_courses_and_those_without_a_day_are_left_alone(course, at, change):
    Course.objects.filter(pk=course.pk).update(**{"review_by": "2027-03-31", **change})
    at("2027-05-31")
    remind_of_upkeep()
    assert told() == []


def test_the_cost_of_reminding_does_not_grow_with_the_courses(instructor, library, at):
    at("2027-03-31")

    def reminding(courses: int) -> int:
        for _each in range(courses):
            one = draft_course(owner=instructor, organisation=library)
            Course.objects.filter(pk=one.pk).update(review_by="2027-03-31")
        return count_statements(remind_of_upkeep)

    assert reminding(1) == reminding(6)
    assert len(told()) == 7


def test_batches_reach_every_course(instructor, library, at):
    at("2027-03-31")
    for _each in range(5):
        one = draft_course(owner=instructor, organisation=library)
        Course.objects.filter(pk=one.pk).update(review_by="2027-03-31")
    assert remind_of_upkeep(batch=2) == 3
    assert len(told()) == 5


def test_the_flag_has_words_and_the_day_itself_is_still_in_time(course, instructor, client_of, at):
    Course.objects.filter(pk=course.pk).update(review_by="2027-03-31")
    client = client_of(instructor)
    for day, stale in (("2027-03-31", False), ("2027-04-01", True)):
        at(day)
        assert ("Stale" in client.get("/author/courses/lending/people/").content.decode()) is stale


def test_editors_say_that_they_looked_and_reviewers_do_not(course, trainee, supervisor, client_of):
    for person, role, status in ((trainee, "editor", 302), (supervisor, "reviewer", 403)):
        CourseEditor.objects.create(course=course, person=person, role=role)
        answer = client_of(person).post("/author/courses/lending/upkeep/looked/", {"months": "12"})
        assert answer.status_code == status
