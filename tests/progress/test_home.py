"""Home: the one next thing first, what is due, what one chose, what one earned."""

import datetime as dt

import pytest

from core import clock
from courses.services.enrolling import enrol
from progress.models import Obligation
from progress.services.assigning import withdraw
from tests.factories.courses import publish_course
from tests.factories.progress_assigning import assign_course, complete, do_lessons, in_days, obligation_of
from tests.support import count_queries

pytestmark = pytest.mark.django_db


def course_called(title, slug="", minutes=10):
    lessons = [("text", f"lesson-{n}", {"title": f"{title}, lesson {n}", "minutes": minutes}) for n in (1, 2, 3)]
    return publish_course(slug=slug, title=title, lessons=lessons)


def home(client_of, person, **query):
    page = client_of(person).get("/home/", query)
    assert page.status_code == 200
    return page.content.decode()


def late(obligation):
    Obligation.objects.filter(pk=obligation.pk).update(due_on=in_days(-3), due_at=clock.end_of_day(in_days(-3), "UTC"))


def strap(text):
    return text.split('<section class="strap')[1].split("</section>")[0]


def test_a_new_person_is_offered_the_starter_course(client_of, trainee):
    course_called("Another one")
    course_called("ILL Borrowing 101", slug="ill-borrowing-101")
    text = home(client_of, trainee)
    assert "A good place to begin" in strap(text)
    assert "ILL Borrowing 101" in strap(text)
    assert "Nothing is assigned to you" in text


def test_without_any_course_home_still_answers(client_of, trainee):
    assert "Nothing is assigned to you" in home(client_of, trainee)


def test_the_strap_goes_on_where_one_was(client_of, trainee):
    course = course_called("Lending well")
    do_lessons(trainee, course, "lesson-1")
    text = strap(home(client_of, trainee))
    assert "Pick up where you left off" in text
    assert "Lending well, lesson 2" in text
    assert f"/courses/{course.slug}/lesson-2/" in text
    assert "Lesson 2 of 3 in Lending well" in text
    assert text.count("data-done") == 1


def test_overdue_comes_before_everything(client_of, supervisor, trainee):
    recent, first, second = course_called("Recent"), course_called("Late one"), course_called("Soon one")
    do_lessons(trainee, recent, "lesson-1")
    assign_course(course=second, actor=supervisor, people=[trainee], due_on=in_days(2))
    late(obligation_of(trainee, assign_course(course=first, actor=supervisor, people=[trainee])))
    text = home(client_of, trainee)
    assert "Late one" in strap(text)
    assert "Overdue" in strap(text)
    assert "One thing is overdue." in text
    assert "One thing is due this week." in text
    rows = text.split('id="todo"')[1]
    assert rows.index("Late one") < rows.index("Soon one")


def test_a_lesson_that_is_locked_is_never_the_next(client_of, trainee):
    lessons = [
        ("text", "first", {"title": "First"}),
        ("text", "quiz", {"title": "Locked", "rule": {"opens_after": ["last"]}}),
        ("text", "last", {"title": "Open"}),
    ]
    do_lessons(trainee, publish_course(lessons=lessons), "first")
    assert '<h2 id="next">Open</h2>' in strap(home(client_of, trainee))


def test_all_done_says_so_and_shows_the_certificate(client_of, supervisor, trainee):
    course = course_called("Lending well")
    assign_course(course=course, actor=supervisor, people=[trainee])
    complete(trainee, course)
    text = home(client_of, trainee)
    assert "Everything is finished" in strap(text)
    assert "Your certificates" in text
    assert "Nothing is assigned to you" in text


def test_assigned_and_own_courses_stand_apart(client_of, supervisor, trainee):
    given, own = course_called("Given"), course_called("Chosen")
    assign_course(course=given, actor=supervisor, people=[trainee], note="Before December.")
    enrol(learner=trainee, course=own)
    text = home(client_of, trainee)
    todo, mine = text.split('id="todo"')[1].split('id="own"')
    assert "Given" in todo
    assert "From Marcus Oyelaran: “Before December.”" in todo
    assert "Chosen" in mine
    assert "Chosen" not in todo


def test_a_course_assigned_twice_stands_once_with_the_earlier_date(client_of, supervisor, trainee, team):
    course = course_called("Given")
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(20))
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(3))
    text = home(client_of, trainee)
    assert text.split('id="todo"')[1].split("</section>")[0].count("<h3") == 1
    assert "in 3 days" in text or "in 2 days" in text


def test_more_than_five_assignments_are_a_link_away(client_of, supervisor, trainee):
    for number in range(7):
        assign_course(course=course_called(f"Course {number}"), actor=supervisor, people=[trainee])
    text = home(client_of, trainee)
    assert text.split('id="todo"')[1].split("</section>")[0].count("<h3") == 5
    assert "All assignments (7)" in text
    everything = home(client_of, trainee, assignments="all")
    assert everything.split('id="todo"')[1].split("</section>")[0].count("<h3") == 7


def test_withdrawn_work_is_gone(client_of, supervisor, trainee):
    assignment = assign_course(course=course_called("Given"), actor=supervisor, people=[trainee])
    assert "Date due" in home(client_of, trainee)
    withdraw(assignment=assignment, actor=supervisor)
    text = home(client_of, trainee)
    assert "Date due" not in text
    assert "From Marcus Oyelaran" not in text


@pytest.mark.parametrize(("hour", "words"), [(9, "Good morning"), (14, "Good afternoon"), (23, "Good evening")])
def test_the_greeting_follows_the_clock_of_the_reader(client_of, trainee, time_machine, hour, words):
    trainee.time_zone = "Pacific/Kiritimati"
    trainee.save()
    time_machine.move_to(dt.datetime(2026, 11, 23, hour, tzinfo=dt.UTC) - dt.timedelta(hours=14))
    assert f"{words}, Rosa" in home(client_of, trainee)


def test_statements_do_not_grow_with_courses(client_of, supervisor, trainee):
    def fill(number):
        for _ in range(number):
            do_lessons(trainee, course_called("Own"), "lesson-1")
            complete(trainee, course_called("Done"))
            assign_course(course=course_called("Given"), actor=supervisor, people=[trainee], due_on=in_days(2))

    browser = client_of(trainee)
    fill(1)
    few = count_queries(lambda: browser.get("/home/"))
    fill(4)
    assert count_queries(lambda: browser.get("/home/")) == few
    assert few <= 14
