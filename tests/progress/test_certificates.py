"""Certificates: rendered once, told once, whatever dies in between; pages and PDF for those who may."""

import datetime as dt
import json

import pypdfium2
import pytest
import zxingcpp
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Notice
from core import clock
from core.errors import InvalidInput
from progress import tasks
from progress.jobs import certificates as jobs
from progress.models import Certificate, Completion
from progress.services.certifying import render_again, revoke, share
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course
from tests.factories.progress import certificate_of, finished
from tests.progress import processes
from tests.support import count_queries, statements_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(trainee):
    """Rosa's certificate, its PDF still owed."""
    return certificate_of(finished(learner=trainee))


def told(row):
    return Notice.objects.filter(person=row.holder, key=f"certificate:{row.code}")


def held_since(row, ago):
    Certificate.objects.filter(pk=row.pk).update(render_state="rendering", claimed_at=clock.now() - ago)


def file_of(row):
    with default_storage.open(row.path) as file:
        return file.read()


@pytest.fixture
def document_of():
    """The PDF of a certificate, closed after the test."""
    opened = []

    def read(row):
        opened.append(pypdfium2.PdfDocument(file_of(row)))
        return opened[-1]

    yield read
    for document in opened:
        document.close()


def test_the_pdf_is_written_and_the_holder_told_once(row):
    assert jobs.render(row.pk)
    assert not jobs.render(row.pk)
    row.refresh_from_db()
    assert (row.render_state, default_storage.exists(row.path)) == ("ready", True)
    notice = told(row).get()
    assert notice.url == f"/me/certificates/{row.code}/"


def test_the_pdf_says_who_what_when_and_its_code_leads_to_the_public_page(trainee, settings, document_of):
    settings.SITE_URL = "https://learn.example.org"
    course = publish_course(
        code="BOR 101", title="Borrowing, step by step", credits=("Hana Whitcomb, Mesa Ridge College",)
    )
    row = certificate_of(finished(learner=trainee, course=course))
    Completion.objects.filter(certificate=row).update(score=92)
    jobs.render(row.pk)
    document = document_of(row)
    text = document[0].get_textpage().get_text_bounded()
    for words in ("Borrowing, step by step", "Rosa Delgado", "BOR 101, edition 1", "92%", "Hana Whitcomb", row.code):
        assert words in text
    assert len(document) == 1
    assert document.get_metadata_value("Title") == "Certificate: Borrowing, step by step, Rosa Delgado"
    assert document.is_tagged()
    picture = document[0].render(scale=2, grayscale=True)
    [code] = zxingcpp.read_barcodes(memoryview(bytes(picture.buffer)).cast("B", [picture.height, picture.stride]))
    assert code.text == f"https://learn.example.org/verify/{row.code}/"


def test_long_titles_and_names_stay_on_one_page(trainee, document_of):
    trainee.name = "Maximiliana Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh de la Cruz y Villanueva"
    trainee.save()
    title = "Interlibrary loan of rare, fragile and unique materials: agreements, packing, insurance, the journey home"
    row = certificate_of(finished(learner=trainee, course=publish_course(title=title)))
    jobs.render(row.pk)
    assert len(document_of(row)) == 1


def test_a_rendering_that_fails_goes_back_into_the_queue(row, monkeypatch):
    monkeypatch.setattr(jobs, "_write", _fail)
    with pytest.raises(OSError, match="disk full"):
        jobs.render(row.pk)
    row.refresh_from_db()
    assert (row.render_state, row.claimed_at, told(row).count()) == ("queued", None, 0)
    monkeypatch.undo()
    assert jobs.render(row.pk)


def _fail(facts):
    raise OSError("disk full")


def test_one_broken_certificate_does_not_keep_the_others_waiting(row, monkeypatch):
    other = certificate_of(finished())
    write = jobs._write
    monkeypatch.setattr(jobs, "_write", lambda facts: _fail(facts) if facts.certificate.pk == row.pk else write(facts))
    assert jobs.run_certificates() == jobs.Counts(rendered=1, failed=1)
    other.refresh_from_db()
    assert other.render_state == "ready"


def test_what_a_living_worker_holds_is_left_to_it(row, settings):
    settings.CLAIM_LEASE = dt.timedelta(minutes=10)
    held_since(row, dt.timedelta(minutes=9))
    assert jobs.run_certificates() == jobs.Counts()
    assert not jobs.render(row.pk)


def test_what_a_killed_worker_held_is_rendered_by_the_sweep_once(row, settings):
    settings.CLAIM_LEASE = dt.timedelta(minutes=10)
    held_since(row, dt.timedelta(minutes=11))
    default_storage.save(row.path, ContentFile(b"%PDF-half of it"))
    tasks.sweep_certificates()
    tasks.sweep_certificates()
    assert file_of(row).startswith(b"%PDF-1.")
    assert default_storage.listdir("certificates") == ([], [f"{row.code}.pdf"])
    assert told(row).count() == 1


def test_a_worker_whose_lease_ran_out_does_not_tell_a_second_time(row, settings, monkeypatch):
    settings.CLAIM_LEASE = dt.timedelta(minutes=10)
    write = jobs._write

    def slow(facts):
        monkeypatch.setattr(jobs, "_write", write)
        held_since(row, dt.timedelta(minutes=11))
        assert jobs.render(row.pk)
        write(facts)

    monkeypatch.setattr(jobs, "_write", slow)
    assert not jobs.render(row.pk)
    row.refresh_from_db()
    assert (row.render_state, told(row).count()) == ("ready", 1)
    assert default_storage.listdir("certificates") == ([], [f"{row.code}.pdf"])


HOLD = """
import time
from progress.jobs import certificates as jobs
def stuck(facts):
    print("held", flush=True)
    time.sleep(600)
jobs._write = stuck
jobs.render(int(sys.argv[1]))
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_mid_certificate_ends_with_exactly_one(settings):
    row = certificate_of(finished())
    with processes.start(HOLD, row.pk) as worker:
        assert worker.stdout.readline() == "held\n"
        worker.kill()
    row.refresh_from_db()
    assert row.render_state == "rendering"
    settings.CLAIM_LEASE = dt.timedelta(0)
    assert jobs.run_certificates() == jobs.Counts(rendered=1)
    assert jobs.run_certificates() == jobs.Counts()
    assert (Certificate.objects.count(), told(row).count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_delays_the_pdf_and_nothing_else(settings, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError("no broker")

    monkeypatch.setattr("core.queue.current_app.send_task", refuse)
    row = certificate_of(finished())
    assert row.render_state == "queued"
    assert jobs.run_certificates() == jobs.Counts(rendered=1)
    assert (Certificate.objects.count(), told(row).count()) == (1, 1)


def test_the_command_prints_one_json_line_of_counts(row, capsys):
    call_command("run_certificates")
    assert json.loads(capsys.readouterr().out) == {"rendered": 1, "failed": 0}


def test_a_batch_is_claimed_read_and_finished_in_seven_statements_beside_its_notices(row):
    def statements():
        # What notifying costs for each person is not ours.
        every = statements_of(jobs.run_certificates)
        ours = [sql for sql in every if 'FROM "accounts_' not in sql and 'INTO "accounts_' not in sql]
        assert jobs.run_certificates() == jobs.Counts()
        return len(ours)

    alone = statements()
    course = publish_course()
    for _each in range(3):
        finished(course=course)
    assert statements() == alone <= 7


def test_rendering_again_tells_nobody_again(row):
    jobs.render(row.pk)
    render_again(certificate=row)
    assert jobs.render(row.pk)
    assert told(row).count() == 1


def test_a_revocation_needs_a_reason_and_happens_once(row, supervisor):
    with pytest.raises(InvalidInput):
        revoke(certificate=row, reason="  ", actor=supervisor)
    first = revoke(certificate=row, reason="Issued to the wrong account.", actor=supervisor).revoked_at
    again = revoke(certificate=row, reason="Something else.", actor=UserFactory())
    assert (again.revoked_at, again.revoked_reason, again.revoked_by) == (
        first,
        "Issued to the wrong account.",
        supervisor,
    )


def test_the_holder_sees_the_certificate_and_keeps_the_pdf(row, client_of):
    jobs.render(row.pk)
    client = client_of(row.holder)
    page = client.get(reverse("progress:certificate", args=[row.code])).content.decode()
    assert f"/verify/{row.code}.pdf" in page
    response = client.get(reverse("progress:verify_pdf", args=[row.code]))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF")


def test_while_it_is_being_prepared_the_page_says_so_and_offers_another_look(row, client_of):
    client = client_of(row.holder)
    page = client.get(reverse("progress:certificate", args=[row.code]))
    assert "being prepared" in page.content.decode()
    assert "Look again" in page.content.decode()
    assert client.get(reverse("progress:verify_pdf", args=[row.code])).url == page.wsgi_request.path


def test_a_file_that_was_lost_is_set_anew(row, client_of):
    jobs.render(row.pk)
    default_storage.delete(row.path)
    response = client_of(row.holder).get(reverse("progress:verify_pdf", args=[row.code]))
    assert response.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("who", "page", "pdf"),
    [
        ("trainee", 200, 200),
        ("supervisor", 200, 200),
        ("manager", 200, 200),
        ("site_admin", 200, 200),
        ("stranger", 404, 404),
        ("instructor", 404, 404),
    ],
)
def test_who_may_open_page_and_pdf(row, client_of, request, who, page, pdf):
    jobs.render(row.pk)
    client = client_of(request.getfixturevalue(who))
    assert client.get(reverse("progress:certificate", args=[row.code])).status_code == page
    assert client.get(reverse("progress:verify_pdf", args=[row.code])).status_code == pdf


def test_anybody_opens_the_pdf_once_it_is_shared_and_nobody_once_it_is_revoked(row, client, client_of, supervisor):
    jobs.render(row.pk)
    address = reverse("progress:verify_pdf", args=[row.code])
    assert client.get(address).status_code == 404
    client_of(row.holder).post(reverse("progress:share_certificate", args=[row.code]), {"shared": "1"})
    assert client.get(address).status_code == 200
    revoke(certificate=row, reason="Wrong account.", actor=supervisor)
    assert client.get(address).status_code == 404
    assert client_of(row.holder).get(address).status_code == 404


def test_only_the_holder_shares(row, client_of, supervisor, stranger):
    address = reverse("progress:share_certificate", args=[row.code])
    assert client_of(supervisor).post(address, {"shared": "1"}).status_code == 403
    assert client_of(stranger).post(address, {"shared": "1"}).status_code == 404
    assert client_of(row.holder).get(address).status_code == 405
    row.refresh_from_db()
    assert not row.shared


def test_the_list_shows_own_certificates_only(row, client_of, supervisor):
    listed = reverse("progress:certificates")
    assert row.code in client_of(row.holder).get(listed).content.decode()
    assert row.code not in client_of(supervisor).get(listed).content.decode()


def test_the_list_costs_the_same_for_many(row, client_of):
    client = client_of(row.holder)
    few = count_queries(lambda: client.get(reverse("progress:certificates")))
    for _each in range(4):
        finished(learner=row.holder)
    assert count_queries(lambda: client.get(reverse("progress:certificates"))) == few


def test_a_long_list_is_paged(row, client_of, monkeypatch):
    monkeypatch.setattr("progress.views.certificates.PAGE_SIZE", 1)
    newer = certificate_of(finished(learner=row.holder))
    listed, client = reverse("progress:certificates"), client_of(row.holder)
    first, second = client.get(listed).content.decode(), client.get(f"{listed}?page=2").content.decode()
    assert (newer.code in first, row.code in first) == (True, False)
    assert (newer.code in second, row.code in second) == (False, True)
    assert 'rel="next"' in first


def test_sharing_is_taken_back(row):
    assert share(certificate=row, shared=True).shared
    assert not share(certificate=row, shared=False).shared
