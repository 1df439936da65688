"""The admin of courses opens, and evidence cannot be changed in it."""

import pytest
from django.contrib import admin
from django.urls import reverse

from courses.admin import ReadOnly
from courses.services.searching import index_course
from tests.factories.accounts import UserFactory
from tests.factories.courses import EnrolmentFactory

pytestmark = pytest.mark.django_db
OURS = [model for model in admin.site._registry if model._meta.app_label == "courses"]


@pytest.fixture
def staff(client):
    enrolment = EnrolmentFactory(opened=True)
    index_course(course=enrolment.course)
    client.force_login(UserFactory(admin=True))
    return client


@pytest.mark.parametrize("model", OURS, ids=str)
def test_lists_and_rows_open_and_can_be_searched(staff, model):
    name = model._meta.label_lower.replace(".", "_")
    assert staff.get(reverse(f"admin:{name}_changelist"), {"q": "a"}).status_code == 200
    row = model.objects.first()
    if row is not None:
        assert staff.get(reverse(f"admin:{name}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("model", [each for each in OURS if isinstance(admin.site._registry[each], ReadOnly)], ids=str)
def test_evidence_is_read_only(staff, model):
    name = model._meta.label_lower.replace(".", "_")
    assert staff.get(reverse(f"admin:{name}_add")).status_code == 403
    row = model.objects.first()
    if row is not None:
        assert staff.post(reverse(f"admin:{name}_change", args=[row.pk]), {}).status_code == 403
        assert staff.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_a_course_is_never_deleted(staff):
    course = EnrolmentFactory().course
    assert staff.post(reverse("admin:courses_course_delete", args=[course.pk]), {"post": "yes"}).status_code == 403


def test_all_models_of_courses_are_there():
    from courses import models  # noqa: PLC0415  (beside the only test that lists them)

    named = {getattr(models, name) for name in models.__all__}
    tables = {each for each in named if hasattr(each, "_meta")}
    inline = {models.CourseText, models.CourseEditor, models.CourseSlug}
    assert tables - inline == set(OURS)
