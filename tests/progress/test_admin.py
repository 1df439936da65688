"""Evidence is looked at; what changes it asks for a reason and goes through the services."""

import pytest
from django.contrib import admin
from django.urls import reverse

from core import personal_data
from progress.models import Certificate, Completion, CourseState, Event, EventKind, LessonState, VideoSession
from tests.factories.progress import beat, certificate_of, did, finished, opened_enrolment

pytestmark = pytest.mark.django_db

EVIDENCE = (Certificate, Completion, CourseState, Event, LessonState, VideoSession)


@pytest.fixture
def boss(site_admin, client_of):
    return client_of(site_admin)


def page_of(model, name="changelist", *arguments):
    return reverse(f"admin:progress_{model._meta.model_name}_{name}", args=arguments)


@pytest.mark.parametrize("model", EVIDENCE)
def test_evidence_is_listed_and_cannot_be_changed(model, boss, trainee, site_admin, rf):
    beat(opened_enrolment(learner=trainee), "reading", (0, 1000))
    finished(learner=trainee)
    assert boss.get(page_of(model)).status_code == 200
    assert boss.get(page_of(model), {"q": "rosa"}).status_code == 200
    assert boss.get(page_of(model, "add")).status_code == 403
    row = model.objects.first()
    assert boss.post(page_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    request = rf.get("/")
    request.user = site_admin
    assert not admin.site.get_model_admin(model).has_change_permission(request, row)


def act(client, model, action, row, **more):
    return client.post(page_of(model), {"action": action, "_selected_action": [row.pk], **more}, follow=True)


def test_revoking_asks_for_a_reason_first(boss, trainee, site_admin):
    row = certificate_of(finished(learner=trainee))
    asked = act(boss, Certificate, "revoke_them", row)
    assert "Why are they revoked?" in asked.content.decode()
    empty = act(boss, Certificate, "revoke_them", row, reason=" ")
    assert empty.status_code == 422
    row.refresh_from_db()
    assert row.state == "valid"
    act(boss, Certificate, "revoke_them", row, reason="Wrong account.")
    row.refresh_from_db()
    assert (row.state, row.revoked_reason, row.revoked_by) == ("revoked", "Wrong account.", site_admin)


def test_a_pdf_is_queued_again(boss, trainee):
    row = certificate_of(finished(learner=trainee))
    Certificate.objects.filter(pk=row.pk).update(render_state="ready")
    act(boss, Certificate, "render_them_again", row)
    row.refresh_from_db()
    assert row.render_state == "queued"


def test_setting_back_and_rebuilding(boss, trainee, site_admin):
    enrolment = opened_enrolment(learner=trainee)
    did(enrolment, "reading")
    state = CourseState.objects.get()
    CourseState.objects.update(percent=77)
    act(boss, CourseState, "rebuild_them", state)
    state = CourseState.objects.get()
    assert state.percent == 20
    act(boss, CourseState, "set_them_back", state, reason="You asked.")
    assert CourseState.objects.get().percent == 0
    assert Event.objects.get(kind=EventKind.RESET).actor == site_admin


def test_a_persons_data_holds_everything_that_was_recorded(trainee, stranger):
    enrolment = finished(learner=trainee)
    beat(enrolment, "reading", (0, 1000))
    [part] = [part for part in personal_data.parts() if part.name == "learning"]
    kept = part.export(trainee)
    assert [len(kept[name]) for name in ("events", "watched", "courses", "completions", "certificates")] == [
        3,
        1,
        1,
        1,
        1,
    ]
    assert kept["certificates"][0]["code"] == certificate_of(enrolment).code
    assert not any(part.export(stranger).values())
