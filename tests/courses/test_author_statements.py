"""What a course gathers in its life costs no statement more on any of its authors' pages."""

import datetime as dt

import pytest
from django.urls import reverse

from core import clock
from courses.models import (
    Course,
    CourseEditor,
    CourseLook,
    CourseMedia,
    LessonReport,
    LibraryItem,
    LibraryUse,
    MediaFile,
    MediaJob,
    PublishPlan,
    Remark,
    Review,
    ReviewVerdict,
)
from courses.services import outline_parts, outlining, sharing
from courses.services.publishing import publish
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import draft_course, publish_course
from tests.factories.decks import deck_of
from tests.support import count_statements

pytestmark = pytest.mark.django_db
BY_NAME = [
    "author_course",
    "author_archived",
    "author_files",
    "author_course_jobs",
    "author_import",
    "author_decks",
    "author_details",
    "author_people",
    "author_reports",
    "author_remarks",
    "author_editions",
    "author_compare",
    "author_publish",
    "author_links",
    "author_review",
    "author_taken",
    "author_check",
]
ALL = ("author", "author_library", "author_media", "author_media_unused", "author_jobs", "author_all_decks")


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner) -> Course:
    return publish_course(slug="busy", owner=owner, organisation=owner.memberships.get().organisation)


def gather(course: Course, owner, number: int) -> None:
    """One more of everything, by somebody new each time."""
    person, edition = UserFactory(), course.current_edition
    CourseEditor.objects.create(course=course, person=person, role="editor")
    CourseLook.objects.create(course=course, looked_by=person)
    media = MediaFile.objects.create(sha256=f"{number:064}", size=9, type="image/png")
    CourseMedia.objects.create(course=course, media=media, name=f"dot-{number}.png")
    first = Remark.objects.create(course=course, author=person, body="A note.", lesson_uid="first-lesson")
    Remark.objects.create(course=course, author=UserFactory(), body="An answer.", answers=first)
    LessonReport.objects.create(
        course=course, edition=edition, lesson_uid="first-lesson", reporter=UserFactory(), text="Wrong."
    )
    MediaJob.objects.create(course=course, kind="document", title="notes.docx", created_by=person, state="failed")
    MediaJob.objects.create(course=course, kind="transcode", title="in.mov", created_by=person, state="done")
    deck_of("One.", "Two.", course=course, changed_by=person)
    link, _left_out = sharing.share(course=course, note="Rosa", days=7, actor=person)
    when = clock.now() - dt.timedelta(days=number)
    PublishPlan.objects.create(
        course=course, frozen=link, kind="minor", note="x", due_at=when, planned_by=person, state="cancelled"
    )
    review = Review.objects.create(course=course, edition=link, asked_by=person, closed_at=when)
    ReviewVerdict.objects.create(review=review, person=UserFactory(), verdict="approved")
    item = LibraryItem.objects.create(
        organisation=course.organisation, kind="media", title=f"Dot {number}", licence="CC0", author=person
    )
    LibraryUse.objects.create(item=item, course=course, name=f"dot-{number}.png", taken_by=person)
    outline_parts.add_part(course=course, title=f"Part {number}")
    for _time in range(2):
        added = outlining.add_lesson(
            course=course, part="part-one", kind="text", title="More", content={"body": "Words.\n"}, actor=person
        )
    outlining.archive_lesson(course=course, uid=added.lesson.uid, actor=person)
    course.lessons.update(ready=True)
    publish(course=course, kind="minor", note=f"Edition of {number}", actor=owner)
    course.refresh_from_db()
    draft_course(slug=f"other-{number}", owner=owner)


def addresses(course: Course) -> list[str]:
    here = [reverse(f"courses:{name}", args=[course.slug]) for name in BY_NAME]
    deck = course.decks.order_by("pk").first()
    review = course.reviews.order_by("pk").first()
    more = [
        reverse("courses:author_deck", args=[course.slug, deck.pk]),
        reverse("courses:author_review_one", args=[course.slug, review.pk]),
        reverse("courses:author_lesson", args=[course.slug, "first-lesson"]),
        reverse("courses:author_lesson_history", args=[course.slug, "first-lesson"]),
        reverse("courses:author_file", args=[course.slug, "dot-1.png"]),
        reverse("courses:author_carry", args=[course.slug, "first-lesson"]),
        reverse("courses:author_library_item", args=[LibraryItem.objects.order_by("pk").first().pk]),
        reverse("courses:author_course", args=[course.slug]) + "?check=1",
        reverse("courses:author_reports", args=[course.slug]) + "?settled=1",
        reverse("progress_author:learning", args=[course.slug]),
    ]
    return [*here, *(reverse(f"courses:{name}") for name in ALL), *more]


def test_no_page_of_an_author_grows_with_what_its_course_has_gathered(course, owner, client_of):
    client = client_of(owner)
    for number in (1, 2):
        gather(course, owner, number)
    pages = addresses(course)
    for page in pages:  # what is kept in the process is kept by now
        assert client.get(page).status_code in (200, 302), page
    few = {page: count_statements(lambda page=page: client.get(page)) for page in pages}
    for number in (3, 4, 5):
        gather(course, owner, number)
    for page in pages:
        client.get(page)
    many = {page: count_statements(lambda page=page: client.get(page)) for page in pages}
    assert {page: (few[page], many[page]) for page in pages if many[page] > few[page]} == {}
