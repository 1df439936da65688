"""Assigning: who owes what by when, and how it is moved and taken back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import Notice
from accounts.services import people as people_services
from accounts.services import profile
from core import clock
from core.errors import Conflict, InvalidInput
from courses.models import Course, CourseGrant, Enrolment
from progress.models import Assignment, DueKind, Obligation
from progress.services import assigning, dating
from tests.factories.accounts import MembershipFactory, TeamFactory, TeamMembershipFactory, UserFactory
from tests.factories.courses import CourseFactory, publish_course
from tests.factories.progress_assigning import assign_course, complete, in_days, obligation_of
from tests.support import count_queries

pytestmark = pytest.mark.django_db
RULE = Obligation.DueSource


@pytest.fixture
def course():
    return publish_course(title="ILL Borrowing 101")


@pytest.fixture
def second_trainee(library, team):
    person = UserFactory(name="Sam Whitehorse")
    MembershipFactory(person=person, organisation=library)
    TeamMembershipFactory(person=person, team=team)
    return person


def test_a_team_owes_it_by_the_end_of_the_day_where_each_person_is(course, supervisor, trainee, second_trainee, team):
    profile_zone(second_trainee, "Pacific/Kiritimati")
    day = in_days(10)
    assignment = assign_course(course=course, actor=supervisor, teams=[team], due_on=day)
    assert set(assignment.obligations.values_list("person__name", "due_on")) == {
        ("Rosa Delgado", day),
        ("Sam Whitehorse", day),
    }
    assert obligation_of(trainee).due_at == clock.end_of_day(day, "America/Chicago")
    assert obligation_of(second_trainee).due_at == clock.end_of_day(day, "Pacific/Kiritimati")


def profile_zone(person, zone):
    profile.change_profile(person=person, time_zone=zone)


def test_assigning_opens_no_enrolment_but_opens_the_course(supervisor, trainee, team, library):
    hidden = publish_course(audience="unlisted")
    Course.objects.filter(pk=hidden.pk).update(audience="organisation", organisation=library)
    hidden.refresh_from_db()
    assign_course(course=hidden, actor=supervisor, people=[trainee])
    assert not Enrolment.objects.exists()
    assert hidden in Course.objects.visible_to(trainee)
    assert CourseGrant.objects.get().person == trainee


def test_everybody_is_told_once_with_the_supervisors_own_sentence(course, supervisor, trainee, team):
    assign_course(course=course, actor=supervisor, teams=[team], people=[trainee], note="December is busy.")
    notice = Notice.objects.get(person=trainee, kind="assigned")
    assert notice.title == "Marcus chose a course for you: ILL Borrowing 101"
    assert "“December is busy.”" in notice.body
    assert notice.url == f"/courses/{course.slug}/"
    assert notice.reply_to == supervisor.email
    assert notice.mail_state == Notice.MailState.WAITING


def test_who_completed_it_before_owes_nothing_and_is_not_told(course, supervisor, trainee, team):
    completion = complete(trainee, course)
    assignment = assign_course(course=course, actor=supervisor, teams=[team])
    row = obligation_of(trainee, assignment)
    assert row.met_at == completion.at
    assert row.enrolment == completion.enrolment
    assert not Notice.objects.filter(kind="assigned").exists()


def test_the_same_request_makes_one_assignment(course, supervisor, trainee, team):
    first = assign_course(course=course, actor=supervisor, teams=[team], request_key="abc")
    again = assign_course(course=course, actor=supervisor, teams=[team], request_key="abc")
    other = assign_course(course=course, actor=supervisor, teams=[team], request_key="xyz")
    assert first == again != other
    assert Assignment.objects.count() == 2


def test_working_days_are_counted_by_the_library(course, supervisor, trainee, team, library, time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 20, 18, tzinfo=dt.UTC))
    assign_course(course=course, actor=supervisor, teams=[team], due_kind=DueKind.DAYS, days=3)
    assert obligation_of(trainee).due_on == dt.date(2026, 11, 25)


def test_no_date_is_a_choice_too(course, supervisor, trainee):
    assign_course(course=course, actor=supervisor, people=[trainee], due_kind=DueKind.NONE)
    row = obligation_of(trainee)
    assert (row.due_on, row.due_at, row.remind_at) == (None, None, None)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"due_on": None}, "due_on", "Choose a day from tomorrow on."),
        ({"due_on": dt.date(2026, 11, 20)}, "due_on", "20 November has passed. Choose a day from tomorrow on."),
        ({"due_on": dt.date(2026, 11, 21)}, "due_on", "Today is too soon. Choose a day from tomorrow on."),
        ({"due_on": dt.date(2099, 1, 1)}, "due_on", "Choose a day within the next five years."),
        ({"due_kind": DueKind.DAYS, "days": 0}, "days", "Give a number of working days from 1 to 365."),
        ({"due_kind": DueKind.DAYS, "days": None}, "days", "Give a number of working days from 1 to 365."),
        ({"people": [], "due_on": dt.date(2026, 12, 1)}, "people", "Choose at least one person or team."),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(course, supervisor, trainee, time_machine, fields, field, words):
    time_machine.move_to(dt.datetime(2026, 11, 21, 18, tzinfo=dt.UTC))
    with pytest.raises(InvalidInput) as refused:
        assigning.assign(**{"course": course, "actor": supervisor, "people": [trainee], **fields})
    assert refused.value.fields == {field: words}
    assert not Assignment.objects.exists()
    assert assigning.assign(course=course, actor=supervisor, people=[trainee], due_on=dt.date(2026, 11, 22))


def test_nobody_is_assigned_out_of_sight(course, supervisor, trainee, stranger, team, library):
    foreign_team = TeamFactory()
    own = Course.objects.get(pk=publish_course(audience="organisation", organisation=foreign_team.organisation).pk)
    for wrong in (
        {"course": course, "people": [trainee, stranger]},
        {"course": course, "teams": [team, foreign_team]},
        {"course": own, "people": [trainee]},
    ):
        with pytest.raises(PermissionDenied):
            assign_course(actor=supervisor, **wrong)
    assert not Obligation.objects.exists()
    assign_course(course=course, actor=supervisor, people=[trainee], teams=[team])
    assert Obligation.objects.count() == 1


def test_a_course_that_nobody_can_read_is_refused(supervisor, trainee, instructor):
    draft = CourseFactory()
    draft.editors.create(person=supervisor, role="owner")
    with pytest.raises(InvalidInput) as refused:
        assign_course(course=draft, actor=supervisor, people=[trainee])
    assert "course" in refused.value.fields


def test_a_trainee_leads_nobody(course, trainee, second_trainee, team):
    with pytest.raises(PermissionDenied):
        assign_course(course=course, actor=trainee, people=[second_trainee])


def test_completing_meets_every_obligation_of_the_course(course, supervisor, trainee, team):
    first = assign_course(course=course, actor=supervisor, teams=[team])
    second = assign_course(course=course, actor=supervisor, people=[trainee])
    completion = complete(trainee, course)
    assert {obligation_of(trainee, each).met_at for each in (first, second)} == {completion.at}


# Moving dates


def test_a_new_date_reaches_who_still_owes_it_and_nobody_else(course, supervisor, trainee, second_trainee, team):
    assignment = assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(5))
    complete(second_trainee, course)
    dating.change_due(assignment=assignment, due_on=in_days(20), actor=supervisor)
    assert obligation_of(trainee).due_on == in_days(20)
    assert obligation_of(trainee).due_at == clock.end_of_day(in_days(20), "America/Chicago")
    assert obligation_of(second_trainee).due_on == in_days(5)
    assert Notice.objects.filter(kind="date_moved").values_list("person__name", flat=True).get() == "Rosa Delgado"


def test_the_same_date_again_tells_nobody(course, supervisor, trainee, team):
    assignment = assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(5))
    dating.change_due(assignment=assignment, due_on=in_days(5), actor=supervisor)
    assert not Notice.objects.filter(kind="date_moved").exists()


def test_an_extension_outlives_a_change_of_the_assignment(course, supervisor, trainee, second_trainee, team):
    assignment = assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(5))
    dating.extend(obligation=obligation_of(trainee), due_on=in_days(30), actor=supervisor, reason="On leave.")
    dating.change_due(assignment=assignment, due_on=in_days(8), actor=supervisor)
    mine = obligation_of(trainee)
    assert (mine.due_on, mine.due_source, mine.due_note) == (in_days(30), RULE.EXTENSION, "On leave.")
    assert obligation_of(second_trainee).due_on == in_days(8)


def test_another_zone_moves_the_moment_and_keeps_the_day_and_the_extension(course, supervisor, trainee, team):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(5))
    dating.extend(obligation=obligation_of(trainee), due_on=in_days(30), actor=supervisor)
    profile_zone(trainee, "Pacific/Honolulu")
    row = obligation_of(trainee)
    assert (row.due_on, row.due_source) == (in_days(30), RULE.EXTENSION)
    assert row.due_at == clock.end_of_day(in_days(30), "Pacific/Honolulu")


def test_finished_or_withdrawn_work_takes_no_new_date(course, supervisor, trainee, team):
    assignment = assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(5))
    complete(trainee, course)
    with pytest.raises(Conflict):
        dating.extend(obligation=obligation_of(trainee), due_on=in_days(9), actor=supervisor)
    assigning.withdraw(assignment=assignment, actor=supervisor)
    with pytest.raises(Conflict):
        dating.change_due(assignment=assignment, due_on=in_days(9), actor=supervisor)
    with pytest.raises(InvalidInput):
        dating.change_due(assignment=assignment, due_on=in_days(-1), actor=supervisor)


# Taking back


def test_taking_back_ends_it_for_all_and_undo_brings_it_back(course, supervisor, trainee, second_trainee, team):
    assignment = assign_course(course=course, actor=supervisor, teams=[team])
    assigning.excuse(obligation=obligation_of(second_trainee), actor=supervisor)
    assigning.withdraw(assignment=assignment, actor=supervisor)
    assigning.withdraw(assignment=assignment, actor=supervisor)
    assert not Obligation.objects.owed().exists()
    assert not CourseGrant.objects.exists()
    assigning.restore(assignment=assignment)
    assert [row.person for row in Obligation.objects.owed()] == [trainee]
    assert CourseGrant.objects.get().person == trainee
    assert assignment.withdrawn_at is None


def test_undo_reaches_who_joined_meanwhile(course, supervisor, trainee, team, library):
    assignment = assign_course(course=course, actor=supervisor, teams=[team])
    assigning.withdraw(assignment=assignment, actor=supervisor)
    newcomer = UserFactory()
    people_services.add_to_team(team=team, person=newcomer, role="trainee")
    assert not Obligation.objects.filter(person=newcomer).exists()
    assigning.restore(assignment=assignment)
    assert Obligation.objects.owed().filter(person=newcomer).exists()


def test_excusing_one_person_leaves_the_others(course, supervisor, trainee, second_trainee, team):
    assign_course(course=course, actor=supervisor, teams=[team])
    row = assigning.excuse(obligation=obligation_of(trainee), actor=supervisor)
    assert [each.person for each in Obligation.objects.owed()] == [second_trainee]
    assigning.unexcuse(obligation=row)
    assert Obligation.objects.owed().count() == 2


# Teams change


def test_who_joins_a_team_owes_its_live_assignments(course, supervisor, trainee, team):
    live = assign_course(course=course, actor=supervisor, teams=[team])
    gone = assign_course(course=publish_course(), actor=supervisor, teams=[team])
    assigning.withdraw(assignment=gone, actor=supervisor)
    newcomer = UserFactory()
    people_services.add_to_team(team=team, person=newcomer, role="trainee")
    people_services.add_to_team(team=team, person=newcomer, role="trainee")
    assert [row.assignment for row in Obligation.objects.filter(person=newcomer)] == [live]
    assert Notice.objects.filter(person=newcomer, kind="assigned").count() == 1


def test_who_joins_after_the_date_has_no_date(course, supervisor, team, time_machine):
    assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(2))
    time_machine.move_to(clock.now() + dt.timedelta(days=5))
    newcomer = UserFactory()
    people_services.add_to_team(team=team, person=newcomer, role="trainee")
    assert obligation_of(newcomer).due_on is None


def test_who_leaves_owes_it_no_longer_and_keeps_the_history(course, supervisor, trainee, second_trainee, team):
    done = assign_course(course=publish_course(), actor=supervisor, teams=[team])
    complete(trainee, done.course)
    through_team = assign_course(course=course, actor=supervisor, teams=[team])
    by_name = assign_course(course=course, actor=supervisor, people=[trainee])
    people_services.remove_from_team(team=team, person=trainee, role="trainee")
    assert [row.assignment for row in Obligation.objects.owed().filter(person=trainee)] == [by_name]
    assert obligation_of(trainee, done).withdrawn_at is None
    assert obligation_of(trainee, through_team).withdrawn_at is not None
    assert Obligation.objects.filter(person=trainee).count() == 3
    assert Obligation.objects.owed().filter(person=second_trainee).count() == 2


def test_coming_back_brings_back_what_leaving_ended_but_nothing_excused(course, supervisor, trainee, team):
    first = assign_course(course=course, actor=supervisor, teams=[team])
    second = assign_course(course=publish_course(), actor=supervisor, teams=[team])
    assigning.excuse(obligation=obligation_of(trainee, second), actor=supervisor)
    people_services.remove_from_team(team=team, person=trainee, role="trainee")
    people_services.add_to_team(team=team, person=trainee, role="trainee")
    assert [row.assignment for row in Obligation.objects.owed().filter(person=trainee)] == [first]
    assert CourseGrant.objects.filter(person=trainee).count() == 1


# Who may see and change


def test_two_supervisors_of_one_team_see_and_change_the_same(course, supervisor, trainee, team):
    second = UserFactory()
    TeamMembershipFactory(person=second, team=team, supervisor=True)
    by_name = assign_course(course=course, actor=supervisor, people=[trainee])
    for_team = assign_course(course=course, actor=supervisor, teams=[team])
    for person in (supervisor, second):
        assert set(Assignment.objects.led_by(person)) == {by_name, for_team}
        assert set(Assignment.objects.manageable_by(person)) == {by_name, for_team}


def test_an_assignment_beyond_ones_team_is_seen_and_not_changed(course, supervisor, manager, trainee, library):
    elsewhere = UserFactory()
    MembershipFactory(person=elsewhere, organisation=library)
    wide = assign_course(course=course, actor=manager, people=[trainee, elsewhere])
    assert set(Assignment.objects.led_by(supervisor)) == {wide}
    assert not Assignment.objects.manageable_by(supervisor).exists()
    assert set(Assignment.objects.manageable_by(manager)) == {wide}


def test_a_learner_sees_own_assignments_and_changes_none(course, supervisor, trainee, stranger, team):
    assignment = assign_course(course=course, actor=supervisor, teams=[team])
    assert set(Assignment.objects.visible_to(trainee)) == {assignment}
    assert not Assignment.objects.manageable_by(trainee).exists()
    assert not Obligation.objects.manageable_by(trainee).exists()
    assert not Assignment.objects.visible_to(stranger).exists()
    assert not Obligation.objects.visible_to(stranger).exists()


# Size


def crowd(team, library, size):
    people = [UserFactory.build(email=f"crowd{n}-{size}@example.org") for n in range(size)]
    people = type(people[0]).objects.bulk_create(people)
    for model, extra in ((MembershipFactory._meta.model, {"organisation": library}),):
        model.objects.bulk_create(model(person=person, **extra) for person in people)
    memberships = TeamMembershipFactory._meta.model
    memberships.objects.bulk_create(memberships(person=person, team=team) for person in people)


def test_statements_grow_only_by_insert_batches(course, supervisor, team, library):
    crowd(team, library, 20)
    few = count_queries(lambda: assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(9)))
    crowd(team, library, 30)
    assert count_queries(lambda: assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(9))) == few
    assert few <= 30


@pytest.mark.postgres
def test_a_thousand_people_take_thirty_statements_at_most(course, supervisor, team, library):
    crowd(team, library, 1000)
    assert connection.vendor == "postgresql"
    assert count_queries(lambda: assign_course(course=course, actor=supervisor, teams=[team], due_on=in_days(9))) <= 30
    assert Obligation.objects.count() == Notice.objects.filter(kind="assigned").count() == 1000
