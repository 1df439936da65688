"""The completion report: the trend in a sentence and a chart, every row as CSV, eight statements whatever the size."""

import csv
import datetime as dt
import io

import pytest

from core import clock
from progress import charts
from progress.models import Obligation
from progress.selectors.report import Period
from progress.views.report import safe
from tests.factories.accounts import MembershipFactory, TeamFactory, TeamMembershipFactory, UserFactory
from tests.factories.courses import publish_course
from tests.factories.progress import did, opened_enrolment
from tests.factories.progress_assigning import assign_course, complete, do_lessons, in_days
from tests.support import count_queries

pytestmark = pytest.mark.django_db

ADDRESS = "/team/reports/completion/"
START = dt.datetime(2026, 11, 18, 18, tzinfo=dt.UTC)  # a Wednesday
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def start(time_machine):
    time_machine.move_to(START, tick=False)


@pytest.fixture
def course():
    lessons = [("text", f"lesson-{n}", {"minutes": 10}) for n in (1, 2, 3, 4)]
    return publish_course(slug="ill-borrowing-101", title="ILL Borrowing 101", code="BOR 101", lessons=lessons)


def member(team, name=""):
    person = UserFactory(name=name) if name else UserFactory()
    MembershipFactory(person=person, organisation=team.organisation)
    TeamMembershipFactory(person=person, team=team)
    return person


def lines(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_nothing_finished_is_a_sentence_and_no_empty_chart(client_of, supervisor, trainee):
    text = client_of(supervisor).get(ADDRESS).content.decode()
    assert "No lesson was finished in this time." in text
    assert '<svg class="chart' not in text
    assert "Nothing is assigned yet" in text


def test_the_finding_the_chart_and_its_table_say_the_same(client_of, supervisor, trainee, course):
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(10))
    Obligation.objects.update(due_at=clock.end_of_day(in_days(-9), "UTC"))
    enrolment = opened_enrolment(learner=trainee, course=course)
    did(enrolment, "lesson-1", at=START - 20 * DAY)
    did(enrolment, "lesson-2", at=START - 12 * DAY)
    did(enrolment, "lesson-3", at=START - 1 * DAY)
    page = client_of(supervisor).get(ADDRESS)
    text = page.content.decode()
    assert "2 lessons finished on time, 1 late." in text
    assert [
        (each.start.isoformat(), each.on_time, each.late)
        for each in page.context["buckets"]
        if each.on_time or each.late
    ] == [
        ("2026-10-26", 1, 0),
        ("2026-11-02", 1, 0),
        ("2026-11-16", 0, 1),
    ]
    assert '<title id="ct">' in text
    assert "Show these numbers as a table" in text
    assert "Week of 16 Nov" in text


def test_courses_are_counted_by_where_people_stand(client_of, supervisor, team, course):
    people = [member(team) for _ in range(4)]
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(10))
    assign_course(course=course, actor=supervisor, people=people[:1], due_on=in_days(12))
    complete(people[0], course)
    do_lessons(people[1], course, "lesson-1")
    late = Obligation.objects.filter(person=people[2])
    late.update(due_at=START - DAY)
    [row] = client_of(supervisor).get(ADDRESS).context["page"]
    assert {name: row[name] for name in ("assigned", "finished", "under_way", "not_started", "overdue")} == {
        "assigned": 4,
        "finished": 1,
        "under_way": 1,
        "not_started": 2,
        "overdue": 1,
    }


def test_filters_stand_in_the_address(client_of, supervisor, team, library, course):
    other = TeamFactory(organisation=library)
    TeamMembershipFactory(person=supervisor, team=other, supervisor=True)
    here, there = member(team), member(other)
    for person, days in ((here, 3), (there, 40)):
        did(opened_enrolment(learner=person, course=course), "lesson-1", at=START - days * DAY)
    browser = client_of(supervisor)

    def count(**query):
        return sum(each.on_time for each in browser.get(ADDRESS, query).context["buckets"])

    assert count() == 2
    assert count(team=team.pk) == 1
    assert count(**{"from": "2026-11-01", "to": "2026-11-18"}) == 1
    assert count(**{"from": "2025-11-01", "to": "2026-11-18"}) == 2
    assert browser.get(ADDRESS, {"team": 999999}).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-11-18", "to": "2026-11-01"},
        {"from": "soon", "to": ""},
        {"from": "2020-01-01", "to": "2026-11-01"},
        {"from": "", "to": "2026-02-31"},
    ],
)
def test_days_that_make_no_sense_are_said_with_422(client_of, supervisor, trainee, query):
    page = client_of(supervisor).get(ADDRESS, query)
    assert page.status_code == 422
    assert 'class="errors"' in page.content.decode()
    assert client_of(supervisor).get(ADDRESS, {"from": "2026-11-01", "to": "2026-11-18"}).status_code == 200


def test_htmx_gets_the_report_alone(client_of, supervisor, trainee):
    text = client_of(supervisor).get(ADDRESS, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in text
    assert "Completion report" in text


def test_eight_statements_whatever_the_size(client_of, supervisor, team, course):
    browser = client_of(supervisor)
    member(team)
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(5))
    few = count_queries(lambda: browser.get(ADDRESS))
    for _ in range(30):
        assign_course(course=publish_course(), actor=supervisor, teams=[team], due_on=in_days(5))
    for _ in range(5):
        complete(member(team), course)
    page = browser.get(ADDRESS)
    assert len(page.context["page"].object_list) == 25
    assert count_queries(lambda: browser.get(ADDRESS)) == few
    assert few <= 8


# CSV


def test_every_assignment_is_a_line(client_of, supervisor, team, course):
    rosa, sam = member(team, "Rosa Delgado"), member(team, "Sam Whitehorse")
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(5))
    complete(rosa, course)
    response = client_of(supervisor).get("/team/reports/completion.csv")
    assert response["Content-Type"].startswith("text/csv")
    assert response["Content-Disposition"] == 'attachment; filename="completion-2026-11-18.csv"'
    head, *rows = lines(response)
    assert head[:5] == ["Name", "E-mail", "Team", "Code", "Course"]
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert found["Rosa Delgado"]["Status"] == "Done"
    assert found["Rosa Delgado"]["Lessons done"] == "4"
    assert found["Rosa Delgado"]["Certificate"]
    assert found["Sam Whitehorse"]["Status"] == "Not started"
    assert found["Sam Whitehorse"]["Due on"] == in_days(5).isoformat()
    assert found["Sam Whitehorse"]["E-mail"] == sam.email


def test_the_export_holds_only_ones_own_people(client_of, supervisor, manager, trainee, stranger, course, library):
    assign_course(course=course, actor=manager, people=[supervisor, trainee])
    response = client_of(supervisor).get("/team/reports/completion.csv")
    assert [row[0] for row in lines(response)[1:]] == ["Rosa Delgado"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://example.org")'])
def test_a_cell_never_starts_a_formula(client_of, supervisor, team, course, name):
    person = member(team, "Plain")
    type(person).objects.filter(pk=person.pk).update(name=name)
    assign_course(course=course, actor=supervisor, teams=[team])
    [_head, row] = lines(client_of(supervisor).get("/team/reports/completion.csv"))
    assert row[0] == f"'{name}"
    assert safe("Plain") == "Plain"
    assert safe(-1) == -1


def test_the_export_is_one_statement_for_any_number_of_rows(client_of, supervisor, team, course):
    browser = client_of(supervisor)

    def read():
        return lines(browser.get("/team/reports/completion.csv"))

    member(team)
    assign_course(course=course, actor=supervisor, teams=[team])
    few = count_queries(read)
    for _ in range(12):
        member(team)
    assign_course(course=publish_course(), actor=supervisor, teams=[team])
    assert count_queries(read) == few
    assert few <= 5


# Pure parts


def test_a_period_falls_into_weeks_or_months():
    weeks = Period(dt.date(2026, 11, 4), dt.date(2026, 11, 18)).starts
    assert weeks == [dt.date(2026, 11, 2), dt.date(2026, 11, 9), dt.date(2026, 11, 16)]
    months = Period(dt.date(2026, 1, 31), dt.date(2026, 12, 1)).starts
    assert months[0] == dt.date(2026, 1, 1)
    assert len(months) == 12


def test_bars_stand_on_zero_and_keep_their_proportion():
    chart = charts.bars([(9, 0), (3, 2)])
    nine, nothing = chart.groups[0].bars
    three, two = chart.groups[1].bars
    assert nothing is None
    assert nine.y + nine.height == three.y + three.height == two.y + two.height == charts.BASE
    assert nine.height == 3 * three.height == charts.HEIGHT
    assert [line.value for line in chart.lines] == [0, 3, 6, 9]
    assert charts.bars([]).groups == ()
