"""One notice a key; one mail a person; limits, quiet hours, claims."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import override_settings

from accounts import jobs, notice_kinds
from accounts.models import Notice, NoticePreference
from accounts.notice_kinds import NoticeKind
from accounts.services.announcing import Draft, notify_many
from accounts.services.notifying import notify
from core import clock
from tests.factories.accounts import NoticeFactory, UserFactory
from tests.support import count_queries, queries_of

pytestmark = pytest.mark.django_db
Mail = NoticePreference.Mail
NOON = dt.datetime(2026, 11, 18, 18, tzinfo=dt.UTC)  # noon in Chicago, a Wednesday


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """Three kinds for these tests alone."""
    monkeypatch.setattr(notice_kinds, "_kinds", {})
    notice_kinds.register(NoticeKind("plain", "Plain"))
    notice_kinds.register(NoticeKind("reminder", "Reminders", capped=True))
    notice_kinds.register(
        NoticeKind("doubtful", "Doubtful", still_true=lambda notice: not notice.title.startswith("No longer"))
    )


@pytest.fixture
def rosa():
    return UserFactory(name="Rosa Delgado", email="rosa.delgado@example.org", time_zone="America/Chicago")


def tell(person, key="k1", kind="plain", **more):
    return notify(person=person, kind=kind, key=key, title=more.pop("title", f"Title of {key}"), **more)


def test_the_same_key_tells_once(rosa):
    assert tell(rosa).title == "Title of k1"
    assert tell(rosa) is None
    assert Notice.objects.count() == 1


def test_a_kind_that_nobody_registered_is_refused(rosa):
    with pytest.raises(ValueError, match="nonsense"):
        tell(rosa, kind="nonsense")


@pytest.mark.parametrize(
    ("in_inbox", "choice", "state"),
    [(True, Mail.AT_ONCE, "waiting"), (False, Mail.AT_ONCE, "waiting"), (True, Mail.NEVER, "none")],
)
def test_a_preference_decides_where_it_appears(rosa, in_inbox, choice, state):
    NoticePreference.objects.create(person=rosa, kind="plain", in_inbox=in_inbox, mail=choice)
    notice = tell(rosa)
    assert (notice.in_inbox, notice.mail_state) == (in_inbox, state)


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("choice", "morning"),
    [(Mail.DAILY, "2026-11-19T07:00:00-06:00"), (Mail.WEEKLY, "2026-11-23T07:00:00-06:00")],
)
def test_daily_and_weekly_mail_waits_for_the_morning_where_the_person_is(rosa, choice, morning):
    NoticePreference.objects.create(person=rosa, kind="plain", mail=choice)
    tell(rosa, key="a")
    tell(rosa, key="b")
    assert jobs.send_waiting_mail(now=NOON)["mails"] == 0
    at = dt.datetime.fromisoformat(morning)
    assert jobs.send_waiting_mail(now=at - dt.timedelta(minutes=1))["mails"] == 0
    assert jobs.send_waiting_mail(now=at) == {"mails": 1, "notices": 2, "dropped": 0, "held": 0, "failed": 0}


def test_many_are_told_in_a_bounded_number_of_statements():
    def drafts(number):
        return [Draft(person_id=UserFactory().pk, kind="plain", key="k", title="T") for _ in range(number)]

    few, many = drafts(2), drafts(20)
    assert count_queries(lambda: notify_many(few)) == count_queries(lambda: notify_many(many))
    assert Notice.objects.count() == 22
    notify_many(many)
    assert Notice.objects.count() == 22


def test_one_person_gets_one_mail_with_everything_that_waits(rosa):
    tell(rosa, key="a", title="A certificate is ready", url="/me/", action="See your certificate")
    tell(rosa, key="b", title="A course was chosen for you", body="Before the holidays,\nplease.")
    assert jobs.send_waiting_mail()["mails"] == 1
    [message] = mail.outbox
    assert message.to == [rosa.email]
    assert message.subject == "A certificate is ready, and 1 more"
    assert "See your certificate: http://127.0.0.1:8000/me/" in message.body
    [(html, _type)] = message.alternatives
    assert "Before the holidays,<br>please." in html
    assert 'href="http://127.0.0.1:8000/me/"' in html


def test_html_of_a_notice_is_escaped(rosa):
    tell(rosa, title="<b>Bold</b>", body="<script>alert(1)</script>")
    jobs.send_waiting_mail()
    html = mail.outbox[0].alternatives[0][0]
    assert "<script>" not in html
    assert "&lt;b&gt;Bold" in html
    assert "<b>Bold</b>" in mail.outbox[0].body


def test_answers_reach_the_supervisor_who_is_named_as_sender(rosa):
    marcus = UserFactory(name="Marcus Oyelaran", email="marcus.oyelaran@example.org")
    tell(rosa, reply_to=marcus.email)
    jobs.send_waiting_mail()
    assert mail.outbox[0].reply_to == [marcus.email]
    assert mail.outbox[0].from_email == "Marcus Oyelaran via Lendcraft <noreply@example.org>"


def test_a_second_run_sends_nothing(rosa):
    tell(rosa)
    jobs.send_waiting_mail()
    assert jobs.send_waiting_mail() == {"mails": 0, "notices": 0, "dropped": 0, "held": 0, "failed": 0}
    assert len(mail.outbox) == 1


def test_what_is_no_longer_true_is_not_mailed(rosa):
    tell(rosa, key="a", kind="doubtful", title="No longer true")
    tell(rosa, key="b", kind="doubtful", title="Still true")
    counts = jobs.send_waiting_mail()
    assert (counts["dropped"], counts["notices"]) == (1, 1)
    assert "No longer" not in mail.outbox[0].body
    assert Notice.objects.get(key="a").mail_state == "dropped"


def test_a_closed_account_gets_no_mail(rosa):
    tell(rosa)
    rosa.is_active = False
    rosa.save()
    assert jobs.send_waiting_mail()["dropped"] == 1
    assert not mail.outbox


def test_reminders_come_in_one_mail_a_day_and_two_a_week(rosa):
    sent = []
    for day in range(10):
        at = NOON + dt.timedelta(days=day)
        with time_machine.travel(at, tick=False):
            for number in range(2):
                tell(rosa, key=f"{day}-{number}", kind="reminder")
            sent += [
                (day, hour) for hour in (0, 2) if jobs.send_waiting_mail(now=at + dt.timedelta(hours=hour))["mails"]
            ]
    assert sent == [(0, 0), (1, 0), (7, 0), (8, 0)]
    assert not Notice.objects.filter(mail_state="dropped").exists()


def test_other_mail_does_not_wait_for_the_limit_of_reminders(rosa):
    NoticeFactory(person=rosa, kind="reminder", mail_state="sent", mailed_at=NOON)
    NoticeFactory(person=rosa, kind="reminder", key="r2", waiting=True, title="A reminder")
    NoticeFactory(person=rosa, kind="plain", waiting=True, title="A certificate")
    counts = jobs.send_waiting_mail(now=NOON + dt.timedelta(hours=1))
    assert (counts["notices"], counts["held"]) == (1, 1)
    assert mail.outbox[0].subject == "A certificate"


@pytest.mark.parametrize(
    ("local", "zone", "goes"),
    [
        ("2026-11-18T19:59", "America/Chicago", True),
        ("2026-11-18T20:00", "America/Chicago", False),
        ("2026-11-18T06:59", "Pacific/Kiritimati", False),
        ("2026-11-18T07:00", "Pacific/Kiritimati", True),
    ],
)
def test_reminders_keep_quiet_hours_where_the_person_is(rosa, local, zone, goes):
    rosa.time_zone = zone
    rosa.save()
    at = dt.datetime.fromisoformat(local).replace(tzinfo=clock.zone(zone))
    NoticeFactory(person=rosa, kind="reminder", waiting=True)
    assert jobs.send_waiting_mail(now=at)["mails"] == int(goes)
    if not goes:
        held = Notice.objects.get()
        assert held.mail_after.astimezone(clock.zone(zone)).hour == 7
        assert jobs.send_waiting_mail(now=held.mail_after)["mails"] == 1


def test_quiet_hours_follow_the_library_where_the_person_chose_no_zone(trainee):
    at = dt.datetime.fromisoformat("2026-11-18T21:00").replace(tzinfo=clock.zone("America/Chicago"))
    NoticeFactory(person=trainee, kind="reminder", waiting=True)
    assert jobs.send_waiting_mail(now=at)["held"] == 1


def test_mail_that_cannot_be_sent_goes_back_and_later_out(rosa, monkeypatch):
    tell(rosa)

    def broken(**message):
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as patch:
        patch.setattr("accounts.jobs.notices.send_notices", broken)
        assert jobs.send_waiting_mail()["failed"] == 1
    assert Notice.objects.get().mail_state == "waiting"
    assert jobs.send_waiting_mail()["mails"] == 1


def test_one_persons_broken_mail_does_not_stop_the_others(rosa, monkeypatch):
    other = UserFactory()
    tell(rosa)
    tell(other)
    whole = jobs.notices.send_notices

    def broken(*, person, notices):
        if person == rosa:
            raise OSError("no route")
        whole(person=person, notices=notices)

    monkeypatch.setattr("accounts.jobs.notices.send_notices", broken)
    counts = jobs.send_waiting_mail()
    assert (counts["mails"], counts["failed"]) == (1, 1)


def test_what_a_killed_worker_held_is_free_after_the_lease(rosa, monkeypatch):
    tell(rosa)

    def killed(**message):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("accounts.jobs.notices.send_notices", killed)
        with pytest.raises(KeyboardInterrupt):
            jobs.send_waiting_mail()
    assert Notice.objects.get().mail_state == "claimed"
    with override_settings(CLAIM_LEASE=dt.timedelta(minutes=10)):
        assert jobs.send_waiting_mail(now=clock.now() + dt.timedelta(minutes=9))["mails"] == 0
        assert jobs.send_waiting_mail(now=clock.now() + dt.timedelta(minutes=11))["mails"] == 1


def test_a_run_beside_a_run_sends_nothing_twice(rosa, monkeypatch):
    """The second run starts while the first one holds the rows and talks to the mail server."""
    tell(rosa)
    whole = jobs.notices.send_notices
    inner = []

    def slow(**message):
        inner.append(jobs.send_waiting_mail())
        whole(**message)

    monkeypatch.setattr("accounts.jobs.notices.send_notices", slow)
    jobs.send_waiting_mail()
    assert [counts["mails"] for counts in inner] == [0]
    assert len(mail.outbox) == 1


def test_the_inbox_shows_new_notices_and_a_get_reads_none(rosa, client_of):
    NoticeFactory(person=rosa, kind="plain", title="One thing", url="/me/settings/")
    client = client_of(rosa)
    page = client.get("/notices/").content.decode()
    assert "One thing" in page
    assert "1 is new." in page
    client.get("/notices/")
    assert Notice.objects.unread().count() == 1


def test_opening_a_notice_reads_it_and_goes_there(rosa, client_of):
    notice = NoticeFactory(person=rosa, kind="plain", url="/me/settings/")
    client = client_of(rosa)
    assert client.get(f"/notices/{notice.pk}/read/").status_code == 405
    assert client.post(f"/notices/{notice.pk}/read/")["Location"] == "/me/settings/"
    assert not Notice.objects.unread().exists()


def test_another_persons_notice_is_not_there(rosa, stranger, client_of):
    notice = NoticeFactory(person=rosa, kind="plain")
    assert client_of(stranger).post(f"/notices/{notice.pk}/read/").status_code == 404
    assert Notice.objects.unread().count() == 1


def test_all_are_read_at_once_and_only_ones_own(rosa, stranger, client_of):
    NoticeFactory.create_batch(3, person=rosa, kind="plain")
    NoticeFactory(person=stranger, kind="plain")
    client_of(rosa).post("/notices/read/")
    assert list(Notice.objects.unread().values_list("person", flat=True)) == [stranger.pk]


def test_a_hidden_notice_is_neither_shown_nor_counted(rosa, client_of):
    NoticeFactory(person=rosa, kind="plain", in_inbox=False, title="Only by mail")
    page = client_of(rosa).get("/notices/").content.decode()
    assert "Only by mail" not in page
    assert "Nothing is new" in page


def test_the_inbox_pages_and_its_queries_do_not_grow(rosa, client_of):
    client = client_of(rosa)
    NoticeFactory.create_batch(2, person=rosa, kind="plain")
    few = count_queries(lambda: client.get("/notices/"))
    NoticeFactory.create_batch(30, person=rosa, kind="plain")
    assert count_queries(lambda: client.get("/notices/")) == few
    assert "Page 1 of 2" in client.get("/notices/").content.decode()


def test_the_number_at_the_bell_costs_one_query_and_visitors_none(rosa, client_of, client):
    def counts(queries):
        return [sql for sql in queries if "accounts_notice" in sql.lower() and "count(" in sql.lower()]

    signed_in = client_of(rosa)
    assert len(counts(queries_of(lambda: signed_in.get("/help/")))) == 1
    assert not counts(queries_of(lambda: client.get("/help/")))


def test_preferences_are_kept_and_nonsense_is_refused(rosa, client_of):
    client = client_of(rosa)
    choices = {"plain-mail": "weekly", "reminder-mail": "never", "reminder-inbox": "on", "doubtful-mail": "at_once"}
    assert client.post("/notices/preferences/", choices).status_code == 302
    kept = {row.kind: (row.in_inbox, row.mail) for row in NoticePreference.objects.all()}
    assert kept == {"plain": (False, "weekly"), "reminder": (True, "never"), "doubtful": (False, "at_once")}
    assert client.post("/notices/preferences/", choices | {"plain-mail": "hourly"}).status_code == 422
    assert NoticePreference.objects.get(kind="plain").mail == "weekly"


def test_a_kind_that_always_shows_cannot_be_hidden(rosa, client_of):
    notice_kinds.register(NoticeKind("overdue", "Overdue", always_inbox=True))
    data = {f"{kind.name}-mail": "never" for kind in notice_kinds.all_kinds()}
    client_of(rosa).post("/notices/preferences/", data)
    assert tell(rosa, kind="overdue").in_inbox


def test_one_button_stops_all_mail_and_leaves_the_inbox_as_it_is(rosa, client_of):
    NoticePreference.objects.create(person=rosa, kind="plain", in_inbox=False)
    waiting = tell(rosa, kind="reminder")
    client_of(rosa).post("/notices/preferences/", {"stop": "1"})
    kept = {row.kind: (row.in_inbox, row.mail) for row in NoticePreference.objects.all()}
    assert kept == {"plain": (False, "never"), "reminder": (True, "never"), "doubtful": (True, "never")}
    waiting.refresh_from_db()
    assert waiting.mail_state == "none"
    assert jobs.send_waiting_mail()["mails"] == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_send_one_mail(rosa):
    for number in range(5):
        tell(rosa, key=str(number))
    NoticeFactory.create_batch(5, person=rosa, kind="reminder", waiting=True)
    start = threading.Barrier(8)

    def work(_number):
        start.wait()
        try:
            return jobs.send_waiting_mail(now=NOON + dt.timedelta(days=900))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(work, range(8)))
    assert sum(count["mails"] for count in counts) == 1
    assert sum(count["notices"] for count in counts) == 10
    assert len(mail.outbox) == 1
