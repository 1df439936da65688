"""'Due soon' and 'overdue' once each, in the learner's own days, never for finished work."""

import datetime as dt
import json
import threading
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, connections

from accounts.models import Notice, NoticePreference
from accounts.services import profile
from core import clock
from core.errors import Conflict, InvalidInput
from progress.jobs.reminders import run_reminders
from progress.models import Obligation
from progress.services import assigning, dating, reminding
from tests.factories.accounts import MembershipFactory, TeamMembershipFactory, UserFactory
from tests.factories.courses import publish_course
from tests.factories.progress_assigning import assign_course, complete, do_lessons, obligation_of
from tests.support import count_queries, queries_of

pytestmark = pytest.mark.django_db

# A Tuesday noon in Chicago, where the library is.
START = dt.datetime(2026, 11, 10, 18, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def start(time_machine):
    time_machine.move_to(START, tick=False)


@pytest.fixture
def course():
    lessons = [("text", f"lesson-{n}", {"title": f"Lesson called {n}", "minutes": 10}) for n in range(1, 5)]
    return publish_course(slug="ill-borrowing-101", title="ILL Borrowing 101", lessons=lessons)


def due_in(days: int) -> dt.date:
    return START.date() + dt.timedelta(days=days)


def by_hand() -> dict[str, int]:
    out = StringIO()
    call_command("run_reminders", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1
    return json.loads(lines[0])


def reminders(person) -> list[str]:
    rows = Notice.objects.filter(person=person, kind__in=["due_soon", "overdue"]).order_by("pk")
    return list(rows.values_list("title", flat=True))


def empty_outbox():
    """The notice of the assignment itself goes out first."""
    run_reminders(quiet_hours=False)
    mail.outbox.clear()


def test_due_tomorrow_is_mailed_by_a_run_by_hand_and_a_second_run_sends_none(course, supervisor, trainee, team):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(1))
    counts = by_hand()
    assert (counts["due_soon"], counts["overdue"]) == (1, 0)
    [message] = [each for each in mail.outbox if trainee.email in each.to]
    assert "Due tomorrow: ILL Borrowing 101" in message.subject + message.body
    assert "You have not started yet; it takes about 40 minutes." in message.body
    assert "/courses/ill-borrowing-101/" in message.body
    assert message.reply_to == [supervisor.email]
    mail.outbox.clear()
    assert by_hand()["due_soon"] == 0
    assert not mail.outbox


def test_a_run_by_hand_mails_at_night_and_what_the_night_held_back(course, supervisor, trainee, team, time_machine):
    time_machine.move_to(START + dt.timedelta(hours=10), tick=False)  # 22:00 in Chicago
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(1))
    empty = run_reminders()
    assert empty["due_soon"] == 1
    assert not [each for each in mail.outbox if "Due tomorrow" in each.body]
    by_hand()
    assert [each for each in mail.outbox if "Due tomorrow" in each.body]


def test_a_run_by_the_scheduler_waits_for_the_morning(course, supervisor, trainee, team, time_machine):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(9))
    empty_outbox()
    time_machine.move_to(dt.datetime(2026, 11, 12, 6, 30, tzinfo=dt.UTC), tick=False)  # 00:30 in Chicago
    assert run_reminders()["due_soon"] == 1
    assert not mail.outbox
    time_machine.move_to(dt.datetime(2026, 11, 12, 13, 30, tzinfo=dt.UTC), tick=False)  # 07:30 there
    run_reminders()
    assert [message.to for message in mail.outbox] == [[trainee.email]]


def test_seven_days_one_day_and_overdue_are_said_once_each(course, supervisor, trainee, team, time_machine):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(10))
    for quarter in range(20 * 4):
        time_machine.move_to(START + dt.timedelta(hours=6 * quarter), tick=False)
        run_reminders()
    assert reminders(trainee) == [
        "Due Friday 20 November: ILL Borrowing 101",
        "Due tomorrow: ILL Borrowing 101",
        "Still open: ILL Borrowing 101",
    ]


def test_days_are_those_of_the_learner(course, supervisor, trainee, team, time_machine):
    profile.change_profile(person=trainee, time_zone="Pacific/Kiritimati")
    far = UserFactory(time_zone="Pacific/Honolulu")
    TeamMembershipFactory(person=far, team=team)
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(10))
    # 10:00 UTC on the 12th is the 13th in Kiribati, seven days before the 20th; in Honolulu the 12th has just begun.
    time_machine.move_to(dt.datetime(2026, 11, 12, 9, 59, tzinfo=dt.UTC), tick=False)
    run_reminders()
    assert (len(reminders(trainee)), len(reminders(far))) == (0, 0)
    time_machine.move_to(dt.datetime(2026, 11, 12, 10, tzinfo=dt.UTC), tick=False)
    run_reminders()
    assert (len(reminders(trainee)), len(reminders(far))) == (1, 0)
    time_machine.move_to(dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC), tick=False)
    run_reminders()
    assert reminders(trainee)[-1].startswith("Still open")
    assert not reminders(far)[-1].startswith("Still open")


def test_nothing_is_said_about_finished_withdrawn_or_excused_work(
    course, supervisor, trainee, team, time_machine, library
):
    excused = UserFactory()
    TeamMembershipFactory(person=excused, team=team)
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(8))
    withdrawn = assign_course(course=publish_course(), actor=supervisor, teams=[team], due_on=due_in(8))
    assigning.withdraw(assignment=withdrawn, actor=supervisor)
    assigning.excuse(obligation=Obligation.objects.get(person=excused, course=course), actor=supervisor)
    complete(trainee, course)
    time_machine.move_to(START + 9 * DAY, tick=False)
    assert run_reminders()["overdue"] == 0
    assert reminders(trainee) == reminders(excused) == []


def test_what_is_finished_before_the_mail_leaves_is_not_mailed(course, supervisor, trainee, team, time_machine):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(9))
    empty_outbox()
    time_machine.move_to(dt.datetime(2026, 11, 12, 6, 30, tzinfo=dt.UTC), tick=False)
    run_reminders()
    assert reminders(trainee)
    complete(trainee, course)
    time_machine.move_to(dt.datetime(2026, 11, 12, 14, tzinfo=dt.UTC), tick=False)
    assert run_reminders()["dropped"] == 1
    assert not [each for each in mail.outbox if "Due" in each.subject]


def test_a_moved_date_makes_the_old_reminder_untrue_and_is_reminded_of_anew(
    course, supervisor, trainee, team, time_machine
):
    assignment = assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(9))
    empty_outbox()
    time_machine.move_to(dt.datetime(2026, 11, 12, 6, 30, tzinfo=dt.UTC), tick=False)
    run_reminders()
    dating.change_due(assignment=assignment, due_on=due_in(20), actor=supervisor)
    time_machine.move_to(dt.datetime(2026, 11, 12, 14, tzinfo=dt.UTC), tick=False)
    assert run_reminders()["dropped"] == 1
    time_machine.move_to(dt.datetime(2026, 11, 29, 18, tzinfo=dt.UTC), tick=False)
    run_reminders()
    assert reminders(trainee)[-1] == "Due tomorrow: ILL Borrowing 101"


def test_another_zone_repeats_no_reminder(course, supervisor, trainee, team, time_machine):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(8))
    time_machine.move_to(START + DAY + dt.timedelta(hours=4), tick=False)
    run_reminders()
    for zone in ("Pacific/Honolulu", "Pacific/Kiritimati", "America/Chicago"):
        profile.change_profile(person=trainee, time_zone=zone)
        run_reminders()
    assert len(reminders(trainee)) == 1


def test_the_reminder_says_where_one_is(course, supervisor, trainee, team, time_machine):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(8))
    do_lessons(trainee, course, "lesson-1")
    time_machine.move_to(START + 7 * DAY, tick=False)
    run_reminders()
    notice = Notice.objects.get(person=trainee, kind="due_soon")
    assert "You are on lesson 2 of 4, and about 30 minutes are left." in notice.body
    assert "Next lesson: Lesson called 2" in notice.body
    assert notice.url == "/courses/ill-borrowing-101/lesson-2/"
    assert notice.action == "Continue the lesson"


def test_who_wants_no_mail_gets_none(course, supervisor, trainee, team):
    NoticePreference.objects.create(person=trainee, kind="due_soon", mail="never", in_inbox=True)
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(1))
    by_hand()
    assert reminders(trainee)
    assert not [each for each in mail.outbox if "Due tomorrow" in each.body]


def test_people_who_left_are_not_reminded(course, supervisor, trainee, team):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(1))
    trainee.is_active = False
    trainee.save()
    assert by_hand()["due_soon"] == 0
    assert reminders(trainee) == []


def test_an_assignment_taken_back_at_once_is_not_mailed(course, supervisor, trainee, team):
    assignment = assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(10))
    assigning.withdraw(assignment=assignment, actor=supervisor)
    assert by_hand()["mails"] == 0
    assigning.restore(assignment=assignment)
    assign_course(course=publish_course(), actor=supervisor, teams=[team], due_on=due_in(10))
    assert by_hand()["mails"] == 1


def test_a_course_owed_twice_by_the_same_day_is_said_once(course, supervisor, trainee, team):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(1))
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=due_in(1))
    assert by_hand()["due_soon"] == 1
    assert len(reminders(trainee)) == 1


def test_of_two_dates_only_the_last_is_mailed(course, supervisor, trainee, team, time_machine):
    assignment = assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(30))
    empty_outbox()
    for days in (40, 50):
        time_machine.shift(60)
        dating.change_due(assignment=assignment, due_on=due_in(days), actor=supervisor)
    run_reminders()
    [message] = mail.outbox
    assert "Wednesday 30 December" in message.subject
    assert "20 December" not in message.body


def crowd(team, size):
    for _ in range(size):
        person = UserFactory()
        MembershipFactory(person=person, organisation=team.organisation)
        TeamMembershipFactory(person=person, team=team)


def test_a_batch_is_a_scan_an_insert_and_an_update(course, supervisor, team):
    crowd(team, 6)
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(1))

    def batch():
        reminding.remind_batch(at=clock.now(), size=3, preferences={})

    statements = [sql for sql in queries_of(batch) if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]
    assert [sql.split()[0] for sql in statements] == ["SELECT", "INSERT", "UPDATE"]
    assert Obligation.objects.to_remind(clock.now()).count() == 3


def test_a_large_run_goes_through_all_batches_once(course, supervisor, team):
    crowd(team, 7)
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(1))
    assert run_reminders(batch=2)["due_soon"] == 7
    assert run_reminders(batch=2)["due_soon"] == 0


def test_statements_a_batch_do_not_depend_on_its_size(course, supervisor, team):
    def batch():
        reminding.remind_batch(at=clock.now(), size=100, preferences={})

    crowd(team, 2)
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(1))
    few = count_queries(batch)
    crowd(team, 12)
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(1))
    assert count_queries(batch) == few


# A line from the supervisor


def test_a_line_reaches_each_person_once_a_day(course, supervisor, trainee, team, time_machine):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(9))
    row = obligation_of(trainee)
    assert reminding.remind(obligations=[row], actor=supervisor, text="Before Friday, please.").told == ["Rosa Delgado"]
    again = reminding.remind(obligations=[row], actor=supervisor, text="Did you see this?")
    assert (again.told, again.already) == ([], ["Rosa Delgado"])
    notice = Notice.objects.get(person=trainee, kind="nudge")
    assert notice.body == "“Before Friday, please.”"
    time_machine.move_to(START + DAY, tick=False)
    assert reminding.remind(obligations=[row], actor=supervisor, text="And today.").told == ["Rosa Delgado"]


def test_a_line_needs_words_and_something_open(course, supervisor, trainee, team):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(9))
    row = obligation_of(trainee)
    with pytest.raises(InvalidInput):
        reminding.remind(obligations=[row], actor=supervisor, text="  ")
    complete(trainee, course)
    with pytest.raises(Conflict):
        reminding.remind(obligations=[row], actor=supervisor, text="Please.")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_remind_each_person_once(course, supervisor, team):
    crowd(team, 40)
    assign_course(course=course, actor=supervisor, teams=[team], due_on=due_in(1))
    ready = threading.Barrier(4)
    found = []

    def run():
        ready.wait()
        try:
            found.append(run_reminders(batch=5, quiet_hours=False))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=run) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert connection.vendor == "postgresql"
    assert len(found) == 4
    assert sum(counts["due_soon"] for counts in found) == 40
    assert Notice.objects.filter(kind="due_soon").count() == 40
    reminded = [message for message in mail.outbox if "Due tomorrow" in message.body]
    assert len(reminded) == len({message.to[0] for message in reminded}) == 40
