"""Links to previews that anybody may open until they end, and drafts set back to an edition."""

import datetime as dt
import re

import pytest
import time_machine

from core import clock
from core.errors import InvalidInput
from courses import jobs
from courses.models import CourseMedia, Edition, Lesson, LessonText, MediaFile
from courses.services import drafts, editing, outlining, restoring, sharing
from courses.services.publishing import publish_preview
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course, publish_course
from tests.support import queries_of

pytestmark = pytest.mark.django_db
LINKS = "/author/courses/shared/links/"


@pytest.fixture
def course(instructor):
    course = publish_course(slug="shared", owner=instructor, audience="organisation", lessons=[("text", "one", {})])
    draft_course(
        slug="shared", owner=instructor, audience="organisation", lessons=[("text", "one", {"body": "Soon.\n"})]
    )
    return course


def linked(course, owner, days=7):
    link, left_out = sharing.share(course=course, note="Rosa at Valley", days=days, actor=owner)
    assert left_out == []
    return link


def test_whoever_has_the_link_reads_the_draft_and_writes_nothing(course, instructor, client):
    link = linked(course, instructor)
    assert client.get("/courses/shared/").status_code == 404
    for address in ("", "one/"):
        answer = client.get(f"/courses/shared/{address}?preview={link.token}")
        assert answer.status_code == 200
        assert "Preview of the draft, until" in answer.content.decode()
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer["Cache-Control"]
    written = queries_of(lambda: client.get(f"/courses/shared/one/?preview={link.token}"))
    assert not [sql for sql in written if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert "Soon." in answer.content.decode()
    assert "Rosa at Valley" not in answer.content.decode()


def test_a_link_shows_the_draft_of_its_day_and_ends(course, instructor, client):
    link = linked(course, instructor, days=1)
    draft_course(
        slug="shared", owner=instructor, audience="organisation", lessons=[("text", "one", {"body": "Later.\n"})]
    )
    address = f"/courses/shared/one/?preview={link.token}"
    assert "Soon." in client.get(address).content.decode()
    with time_machine.travel(clock.now() + dt.timedelta(hours=25), tick=False):
        gone = client.get(address)
        assert gone.status_code == 404
        assert "This link has ended" in gone.content.decode()
        assert gone["Cache-Control"] == "private, no-store"
        jobs.collect_media()
    assert not Edition.objects.filter(pk=link.pk).exists()


def test_a_link_is_ended_at_once_and_once(course, instructor, client):
    link = linked(course, instructor)
    assert sharing.revoke(link=link)
    assert not sharing.revoke(link=link)
    assert client.get(f"/courses/shared/?preview={link.token}").status_code == 404


def test_links_are_apart_from_each_other_and_from_ones_own_preview(course, instructor):
    one, two = linked(course, instructor, days=30), linked(course, instructor)
    own = publish_preview(course=course, actor=instructor)
    assert len({one.token, two.token, own.token}) == 3
    assert publish_preview(course=course, actor=instructor) == own
    assert list(sharing.links_of(course)) == [two, one]
    one.refresh_from_db()
    assert one.expires_at > clock.now() + dt.timedelta(days=29)


@pytest.mark.parametrize("given", [{"note": " ", "days": 7}, {"note": "Rosa", "days": 365}])
def test_a_link_is_for_somebody_and_for_a_time(course, instructor, given):
    with pytest.raises(InvalidInput):
        sharing.share(course=course, actor=instructor, **given)


def test_the_pages_of_links(course, instructor, client_of):
    client = client_of(instructor)
    assert client.post(LINKS, {"note": "", "days": "7"}).status_code == 422
    assert client.post(LINKS, {"note": "Rosa", "days": "8"}).status_code == 422
    client.post(LINKS, {"note": "Rosa at Valley", "days": "7"})
    link = sharing.links_of(course).get()
    page = client.get(LINKS).content.decode()
    assert f'data-copy="http://testserver/courses/shared/?preview={link.token}"' in page
    assert "Rosa at Valley" in page
    assert client.get(f"{LINKS}{link.pk}/end/").status_code == 200
    client.post(f"{LINKS}{link.pk}/end/")
    assert link.token not in client.get(LINKS).content.decode()
    assert client.get(f"{LINKS}0/end/").status_code == 404


def test_an_unsound_lesson_is_left_out_of_a_link_and_named(course, instructor, client_of):
    lessons = [("text", "one", {}), ("text", "two", {"title": "Two", "body": "<b>raw</b>"})]
    draft_course(slug="shared", owner=instructor, audience="organisation", lessons=lessons)
    answer = client_of(instructor).post(LINKS, {"note": "Rosa", "days": "7"}, follow=True)
    assert "Not in this preview, since they have faults: “Two”" in answer.content.decode()
    answer = client_of(instructor).post("/author/courses/shared/preview/", follow=True)
    assert "Not in this preview, since they have faults: “Two”" in answer.content.decode()


def test_a_token_stays_out_of_logs_and_api(course, instructor, client, client_of, caplog):
    link = linked(course, instructor)
    caplog.set_level("DEBUG")
    client.get(f"/courses/shared/?preview={link.token}")
    client.get(f"/courses/shared/nothing/?preview={link.token}")
    assert link.token not in caplog.text
    for address in ("/api/v1/courses/", "/api/v1/courses/shared/"):
        answer = client_of(instructor).get(address)
        assert answer.status_code == 200
        assert link.token not in answer.content.decode()


def restore(course, number=1, **given):
    course.refresh_from_db()
    edition = course.editions.get(number=number)
    values = {"actor": UserFactory(), "seen": restoring.mark_of(course), **given}
    return restoring.restore_draft(course=course, edition=edition, **values)


def test_the_draft_becomes_what_an_edition_said_and_is_kept_as_a_preview(course, instructor):
    first = drafts.load(publish_course(slug="other"))
    assert first
    now = drafts.load(course)
    file = MediaFile.objects.create(sha256="a" * 64, size=9, type="image/png")
    CourseMedia.objects.create(course=course, media=file, name="new.png", source="Rosa")
    kept = restore(course)
    course.refresh_from_db()
    assert drafts.load(course) != now
    assert drafts.load(course).lessons[0].texts["en"].content["body"] == "## Heading\n\nWords of one.\n"
    assert kept.note == "The draft before it became what edition 1 said"
    assert kept.expires_at > clock.now() + dt.timedelta(days=29)
    assert CourseMedia.objects.get(course=course).source == "Rosa"
    assert course.current_edition.number == 1


def test_a_lesson_that_the_edition_has_not_is_archived(course, instructor):
    lessons = [("text", "one", {}), ("text", "two", {})]
    draft_course(slug="shared", owner=instructor, audience="organisation", lessons=lessons)
    restore(course)
    assert [lesson.uid for lesson in course.lessons.all()] == ["one"]
    assert Lesson.everything.get(course=course, uid="two").archived_at


def test_a_draft_with_faults_is_given_up_only_when_its_author_says_so(course, instructor, client_of):
    draft_course(
        slug="shared", owner=instructor, audience="organisation", lessons=[("text", "one", {"body": "<b>raw</b>"})]
    )
    with pytest.raises(InvalidInput, match="The draft has faults"):
        restore(course)
    client, address = client_of(instructor), "/author/courses/shared/editions/1/draft/"
    page = client.get(address).content.decode()
    version = re.search(r'name="version" value="([\d.]+)"', page)[1]
    assert client.post(address, {"version": version}).status_code == 422
    assert client.post(address, {"version": version, "drop": "1"}).status_code == 302
    assert not drafts.complete(course).faults


def test_a_draft_that_changed_while_asking_is_not_set_back(course, instructor):
    seen = restoring.mark_of(course)
    text = LessonText.objects.select_related("lesson").get(lesson__course=course)
    editing.save_lesson(
        text=text, typed=editing.Typed("One", 5, "A co-author's.\n"), version=text.version, actor=instructor
    )
    for mark in (seen, ""):
        with pytest.raises(InvalidInput, match="changed in the meantime"):
            restore(course, seen=mark)
    seen = restoring.mark_of(course)
    outlining.archive_lesson(course=course, uid="one", actor=instructor)
    with pytest.raises(InvalidInput, match="changed in the meantime"):
        restore(course, seen=seen)
