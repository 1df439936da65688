"""The public page: name, course, edition, dates and state; never a score; whatever was typed."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from core import clock
from courses.services.enrolling import start_cycle
from progress.models import Certificate, Completion
from progress.services.certifying import revoke, share
from tests.factories.courses import publish_course
from tests.factories.progress import certificate_of, did, finished

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(trainee):
    course = publish_course(code="BOR 101", title="Borrowing, step by step")
    row = certificate_of(finished(learner=trainee, course=course))
    Completion.objects.filter(certificate=row).update(score=77)
    return row


def look(client, code):
    return client.get(f"/verify/{code}/")


def test_a_valid_certificate_shows_what_it_certifies_and_never_a_score(client, row):
    page = look(client, row.code)
    text = page.content.decode()
    for words in ("Valid", "Rosa Delgado", "Borrowing, step by step (BOR 101)", "Does not expire", row.code):
        assert words in text
    read = strip_tags(text.partition("<main")[2]).replace(row.code, "")  # tokens and slugs may hold any number
    assert "77" not in read
    assert row.holder.email not in text
    assert "no-cache" in page["Cache-Control"]


def test_a_revoked_certificate_says_when_and_why(client, row, supervisor):
    revoke(certificate=row, reason="Issued to the wrong account.", actor=supervisor)
    text = look(client, row.code).content.decode()
    assert "Revoked" in text
    assert "Issued to the wrong account." in text
    assert "Marcus" not in text


def test_an_expired_certificate_says_since_when_and_what_renewed_it(client, row):
    Certificate.objects.filter(pk=row.pk).update(expires_at=clock.now() - dt.timedelta(seconds=1))
    assert "Not yet" in look(client, row.code).content.decode()
    second = start_cycle(enrolment=row.completion.enrolment)
    did(second, "first-lesson")
    text = look(client, row.code).content.decode()
    assert "Expired" in text
    assert certificate_of(second).code in text


def test_an_unknown_code_is_not_found_and_says_how_codes_are_misread(client):
    page = look(client, "LC-0000-0000")
    assert page.status_code == 404
    assert "easy to misread" in page.content.decode()


def test_what_was_typed_leads_to_the_page(client, row):
    typed = row.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    page = client.get(reverse("progress:verify_start"), {"code": typed}, follow=True)
    assert page.redirect_chain[-1][0] == f"/verify/{row.code}/"
    assert page.status_code == 200


@pytest.mark.parametrize("typed", ["../../etc/passwd", "a.b/c", "<script>", "é" * 60, "%2e%2e"])
def test_nonsense_is_an_unknown_code_and_not_an_error(client, typed):
    assert client.get(reverse("progress:verify_start"), {"code": typed}, follow=True).status_code == 404


def test_an_empty_code_is_asked_for_again(client):
    assert client.get(reverse("progress:verify_start")).status_code == 200
    page = client.get(reverse("progress:verify_start"), {"code": " "})
    assert page.status_code == 422
    assert "Type a code first" in page.content.decode()


def test_after_ten_wrong_codes_the_form_waits(client, row):
    for number in range(10):
        assert look(client, f"LC-0000-000{number}").status_code == 404
    assert look(client, row.code).status_code == 429
    assert client.get(f"/verify/{row.code}/", REMOTE_ADDR="192.0.2.9").status_code == 200


def test_the_pdf_is_offered_only_when_it_is_shared(client, row):
    assert f"{row.code}.pdf" not in look(client, row.code).content.decode()
    share(certificate=row, shared=True)
    assert f"{row.code}.pdf" in look(client, row.code).content.decode()


@pytest.mark.parametrize("ending", [".json", ".png", ".json/", ".svg"])
def test_there_is_no_json_and_no_image_yet(client, row, ending):
    assert client.get(f"/verify/{row.code}{ending}").status_code == 404


def test_the_course_is_linked_only_for_those_who_may_see_it(client, row, trainee, client_of):
    course = row.completion.edition.course
    address = reverse("courses:course", args=[course.slug])
    assert address in look(client, row.code).content.decode()
    course.audience = "organisation"
    course.save()
    assert address not in look(client, row.code).content.decode()
    assert address in look(client_of(trainee), row.code).content.decode()


def test_days_are_those_of_the_holder(client, trainee):
    trainee.time_zone = "Pacific/Honolulu"
    trainee.save()
    row = certificate_of(finished(learner=trainee))
    Completion.objects.filter(certificate=row).update(at=dt.datetime(2026, 3, 2, 9, 59, tzinfo=dt.UTC))
    assert "1 March 2026" in look(client, row.code).content.decode()
