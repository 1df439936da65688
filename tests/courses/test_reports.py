"""'Something is wrong here' reaches the people who make the course."""

import pytest

from accounts.models import Notice
from courses.models import Course, CourseEditor, LessonReport
from courses.services import reporting
from courses.services.publishing import publish_preview
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course

pytestmark = pytest.mark.django_db
REPORT = "/courses/wrong/first-lesson/do/report/"


@pytest.fixture
def makers():
    course = publish_course(slug="wrong")
    people = {role: UserFactory() for role in ("owner", "editor", "reviewer")}
    for role, person in people.items():
        CourseEditor.objects.create(course=course, person=person, role=role)
    return people


def test_every_lesson_offers_it(client, makers):
    page = client.get("/courses/wrong/first-lesson/").content.decode()
    assert "Something is wrong here" in page
    assert f'action="{REPORT}"' in page


def test_owner_and_editor_are_told_once_and_can_answer(client_of, makers):
    reader = UserFactory()
    answer = client_of(reader).post(REPORT, {"text": "  The date is wrong. "})
    assert answer["Location"] == "/courses/wrong/first-lesson/"
    report = LessonReport.objects.get()
    assert (report.text, report.reporter, report.lesson_uid) == ("The date is wrong.", reader, "first-lesson")
    told = Notice.objects.filter(kind="lesson_report")
    assert {notice.person for notice in told} == {makers["owner"], makers["editor"]}
    assert {notice.reply_to for notice in told} == {reader.email}
    assert told[0].url == "/courses/wrong/first-lesson/"


def test_a_visitor_may_report_too_but_not_without_end(client, makers, monkeypatch):
    monkeypatch.setattr(reporting, "VISITORS_A_DAY", 2)
    for _ in range(2):
        assert client.post(REPORT, {"text": "A typing error."}).status_code == 302
    assert client.post(REPORT, {"text": "Another."}).status_code == 409
    assert LessonReport.objects.count() == 2


@pytest.mark.parametrize(("text", "said"), [("   ", "Say what is wrong."), ("x" * 2001, "Keep it to 2000 characters.")])
def test_an_empty_or_endless_report_is_refused_beside_the_field(client, makers, text, said):
    answer = client.post(REPORT, {"text": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'aria-invalid="true"' in page
    assert not LessonReport.objects.exists()


def test_a_report_is_settled_once(makers):
    course = makers["owner"].edited_courses.get().course
    report = reporting.report_lesson(
        course=course,
        edition=course.current_edition,
        lesson_uid="first-lesson",
        lesson_title="Lesson",
        text="Wrong.",
        reporter=None,
    )
    first = reporting.settle_report(report=report, actor=makers["owner"])
    settled_at = first.settled_at
    again = reporting.settle_report(report=report, actor=makers["editor"])
    assert (again.settled_at, again.settled_by) == (settled_at, makers["owner"])


def test_a_report_from_a_preview_says_so(client, client_of, makers):
    course = Course.objects.get(slug="wrong")
    preview = publish_preview(course=course, actor=None)
    client.post(f"{REPORT}?preview={preview.token}", {"text": "The date is wrong."})
    page = client_of(makers["owner"]).get("/author/courses/wrong/reports/").content.decode()
    assert "The date is wrong." in page
    assert "in a preview" in page
    assert "edition None" not in page
