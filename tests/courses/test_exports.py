"""What courses keep about a person comes with their own data, and nothing of anybody else."""

import pytest

from core import clock
from courses.exports import export_for
from courses.models import CourseLook, HintLeft, MediaJob, PublishPlan, Review, ReviewVerdict, Upload
from courses.services.publishing import publish_preview
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db
AUTHORS = {
    "parts_in_courses": "owner",
    "reviews_asked_for": "Please look",
    "verdicts_on_drafts": "Well said",
    "looks_at_courses": "Holds",
    "editions_planned": "In spring",
    "uploads": "talk.mp4",
    "media_jobs": "A talk",
}


def test_what_an_author_did_is_theirs_to_take_along():
    hana, other = UserFactory(), UserFactory()
    course = draft_course(slug="hers", owner=hana)
    frozen = publish_preview(course=course, actor=hana)
    review = Review.objects.create(course=course, edition=frozen, note="Please look", asked_by=hana)
    ReviewVerdict.objects.create(review=review, person=hana, words="Well said")
    CourseLook.objects.create(course=course, note="Holds", looked_by=hana)
    PublishPlan.objects.create(course=course, frozen=frozen, note="In spring", due_at=clock.now(), planned_by=hana)
    Upload.objects.create(course=course, person=hana, purpose="file", name="talk.mp4", size=9)
    MediaJob.objects.create(course=course, kind="transcode", title="A talk", created_by=hana)
    HintLeft.objects.create(course=course, lesson_uid="one", mark="a" * 64, left_by=hana)
    hers = export_for(hana)
    assert count_statements(lambda: export_for(hana)) == 12
    assert [each["lesson"] for each in hers["hints_left"]] == ["one"]
    for name, words in AUTHORS.items():
        assert [each["course"] for each in hers[name]] == ["hers"], name
        assert words in hers[name][0].values(), name
    assert not any(export_for(other).values())
