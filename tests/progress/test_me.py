"""My record: everything that counts, of oneself alone."""

import csv
import datetime as dt
import io

import pypdfium2
import pytest
import time_machine
from django.urls import reverse

from accounts.models import Notice
from core import clock
from core.errors import InvalidInput
from progress.models import Certificate, Event
from progress.selectors.record import record_of
from progress.services.resetting import reset
from tests.factories.courses import publish_course
from tests.factories.progress import beat, certificate_of, did, finished, graded, opened_enrolment
from tests.factories.progress_assigning import assign_course, in_days
from tests.support import count_queries

pytestmark = pytest.mark.django_db
ME = "/me/"


def states(person):
    return {row.title: row.state for row in record_of(person).rows}


def test_a_new_person_is_offered_a_first_course(client_of, stranger):
    page = client_of(stranger).get(ME).content.decode()
    assert "Your record starts with your first course" in page
    assert reverse("courses:catalogue") in page


def test_each_course_says_where_it_stands(trainee, supervisor, team):
    finished(learner=trainee, course=publish_course(title="Finished"))
    did(opened_enrolment(learner=trainee, title="Begun"), "reading")
    late = publish_course(title="Late")
    with time_machine.travel(clock.now() - dt.timedelta(days=5)):
        assign_course(course=late, actor=supervisor, teams=[team], due_on=in_days(1))
    did(opened_enrolment(learner=trainee, course=late), "first-lesson", "opened")
    soon = publish_course(title="Soon")
    assign_course(course=soon, actor=supervisor, teams=[team], due_on=in_days(5))
    opened_enrolment(learner=trainee, course=soon)
    for name, days in (("Expiring", 20), ("Expired", -1)):
        row = certificate_of(finished(learner=trainee, course=publish_course(title=name)))
        Certificate.objects.filter(pk=row.pk).update(expires_at=clock.now() + dt.timedelta(days=days))
    assert states(trainee) == {
        "Finished": "done",
        "Begun": "started",
        "Late": "overdue",
        "Soon": "due",
        "Expiring": "expiring",
        "Expired": "expired",
    }


def test_the_figures_follow_from_the_courses(trainee):
    graded_course = publish_course(lessons=[("text", "test", {"minutes": 90})])
    enrolment = opened_enrolment(learner=trainee, course=graded_course)
    graded(enrolment, "test", 85)
    did(enrolment, "test")
    did(opened_enrolment(learner=trainee), "checking")
    record = record_of(trainee)
    assert (record.finished, record.under_way, record.minutes, record.average) == (1, 1, 96, 85)


def test_the_page_says_what_is_missing_with_links(client_of, trainee):
    enrolment = opened_enrolment(learner=trainee, title="Begun")
    did(enrolment, "reading")
    page = client_of(trainee).get(ME).content.decode()
    assert "Why is it not complete?" in page
    assert reverse("courses:lesson", args=[enrolment.course.slug, "checking"]) in page
    assert "1 of 3 lessons" in page


def test_a_lesson_that_opens_after_others_says_after_which(client_of, trainee):
    lessons = [("text", "one", {"title": "First things"}), ("text", "two", {"rule": {"opens_after": ["one"]}})]
    enrolment = opened_enrolment(learner=trainee, lessons=lessons)
    did(enrolment, "one", "opened")
    assert "Opens after: First things." in client_of(trainee).get(ME).content.decode()
    did(enrolment, "one")
    assert "Opens after" not in client_of(trainee).get(ME).content.decode()


def test_the_log_tells_resets_and_moves_with_names_and_reasons(client_of, trainee, supervisor):
    enrolment = opened_enrolment(learner=trainee)
    did(enrolment, "reading")
    reset(enrolment=enrolment, reason="You asked to begin again.", actor=supervisor)
    page = client_of(trainee).get(ME).content.decode()
    assert "Set back by Marcus Oyelaran" in page
    assert "You asked to begin again." in page
    assert "Read “Reading”" in page
    notice = Notice.objects.get(person=trainee, kind="progress_reset")
    assert "You asked to begin again." in notice.body


def test_a_reset_needs_a_reason(trainee, supervisor):
    enrolment = opened_enrolment(learner=trainee)
    with pytest.raises(InvalidInput):
        reset(enrolment=enrolment, reason=" ", actor=supervisor)
    assert not Event.objects.exists()


def test_every_kind_of_event_has_words(client_of, trainee):
    enrolment = opened_enrolment(learner=trainee)
    for kind in ("opened", "done", "transcript", "credit"):
        did(enrolment, "reading", kind)
    beat(enrolment, "checking", (0, 100_000), declared=True)
    graded(enrolment, "sending", 40, attempt=1)
    graded(enrolment, "sending", 90, attempt=2)
    page = client_of(trainee).get(ME).content.decode()
    for words in (
        "Opened “Reading”",
        "Read “Reading”",
        "Read the transcript of “Reading”",
        "Credit for “Reading”",
        "Reached 40% in “Sending”, attempt 1: not yet",
        "Passed “Sending” with 90%, attempt 2",
    ):
        assert words in page


def test_the_log_is_paged(client_of, trainee):
    enrolment = opened_enrolment(learner=trainee)
    for _each in range(12):
        did(enrolment, "reading", "opened")
    first, second = (client_of(trainee).get(ME, {"page": number}).content.decode() for number in (1, 2))
    assert (first.count("Opened “"), second.count("Opened “")) == (10, 2)


def test_a_year_leaves_out_the_others(client_of, trainee):
    with time_machine.travel(dt.datetime(2024, 5, 1, tzinfo=dt.UTC), tick=False):
        finished(learner=trainee, course=publish_course(title="Long ago"))
    finished(learner=trainee, course=publish_course(title="Just now"))
    client = client_of(trainee)
    table = client.get(ME, {"year": "2024"}).content.decode().split("</table>")[0]
    assert "Long ago" in table
    assert "Just now" not in table
    for odd in ("1999", "soon", "²"):
        assert client.get(ME, {"year": odd}).status_code == 200


def test_the_page_says_who_sees_it(client_of, trainee, supervisor):
    page = client_of(trainee).get(ME).content.decode()
    assert "Marcus Oyelaran" not in page  # nothing to see yet
    opened_enrolment(learner=trainee)
    page = client_of(trainee).get(ME).content.decode()
    assert "Marcus Oyelaran (your supervisor)" in page
    assert "the managers of Riverbend University Library" in page


def test_nothing_of_others_is_shown(client_of, trainee, supervisor):
    finished(learner=trainee, course=publish_course(title="Rosa’s own"))
    for address in (ME, "/me/record.csv", "/me/certificates/"):
        assert "Rosa’s own" not in client_of(supervisor).get(address).content.decode()


@pytest.mark.parametrize("address", [ME, "/me/record.csv", "/me/record.pdf", "/me/certificates/"])
def test_a_visitor_is_asked_to_sign_in(client, address):
    response = client.get(address)
    assert response.status_code == 302
    assert "login" in response.url


def test_the_table_as_csv(client_of, trainee):
    row = certificate_of(finished(learner=trainee, course=publish_course(code="BOR 101", title="=Borrowing")))
    body = client_of(trainee).get("/me/record.csv").content.decode("utf-8-sig")
    [table] = csv.DictReader(io.StringIO(body))
    assert (table["Code"], table["Course"], table["Certificate"]) == ("BOR 101", "'=Borrowing", row.code)


def test_the_transcript_as_pdf(client_of, trainee):
    row = certificate_of(finished(learner=trainee, course=publish_course(title="Borrowing, step by step")))
    response = client_of(trainee).get("/me/record.pdf")
    document = pypdfium2.PdfDocument(response.content)
    text = document[0].get_textpage().get_text_bounded()
    tagged = document.is_tagged()
    document.close()
    assert tagged
    for words in ("Rosa Delgado", "Borrowing, step by step", row.code):
        assert words in text


def test_an_empty_transcript_is_a_document_too(client_of, stranger):
    assert client_of(stranger).get("/me/record.pdf").content.startswith(b"%PDF")


def test_the_page_costs_the_same_for_many_courses(client_of, trainee):
    client = client_of(trainee)
    did(opened_enrolment(learner=trainee), "reading")
    finished(learner=trainee)
    few = count_queries(lambda: client.get(ME))
    for _each in range(3):
        did(opened_enrolment(learner=trainee), "reading")
        finished(learner=trainee)
    assert count_queries(lambda: client.get(ME)) == few <= 16
