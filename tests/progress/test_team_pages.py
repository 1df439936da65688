"""The team page: who needs me today, the same for two supervisors, in a fixed number of statements."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Notice
from core import clock
from progress.models import Assignment, Obligation
from progress.services import assigning
from tests.factories.accounts import MembershipFactory, TeamFactory, TeamMembershipFactory, UserFactory
from tests.factories.courses import publish_course
from tests.factories.progress_assigning import assign_course, complete, do_lessons, in_days, obligation_of
from tests.support import count_queries

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def member(team, name):
    person = UserFactory(name=name)
    MembershipFactory(person=person, organisation=team.organisation)
    TeamMembershipFactory(person=person, team=team)
    return person


def late(obligation, days=3):
    Obligation.objects.filter(pk=obligation.pk).update(
        due_on=in_days(-days), due_at=clock.end_of_day(in_days(-days), "UTC")
    )


@pytest.fixture
def course():
    lessons = [("text", f"lesson-{n}", {"title": f"Lesson called {n}", "minutes": 10}) for n in (1, 2, 3)]
    return publish_course(slug="ill-borrowing-101", title="ILL Borrowing 101", code="BOR 101", lessons=lessons)


@pytest.fixture
def crew(course, supervisor, team):
    """Five people in five states."""
    people = {name: member(team, name) for name in ("Amina", "Bettina", "Dev", "Ingrid", "Sam")}
    chosen = [people[name] for name in ("Bettina", "Dev", "Ingrid", "Sam")]
    assign_course(course=course, actor=supervisor, people=chosen, due_on=in_days(10))
    do_lessons(people["Ingrid"], course, "lesson-1")
    complete(people["Dev"], course)
    late(obligation_of(people["Bettina"]))
    return people


def names(page):
    return [row.person.name for row in page.context["page"]]


def statuses(page):
    return {row.person.name: row.status for row in page.context["page"]}


def test_who_needs_me_first_with_status_and_reason_in_words(client_of, supervisor, crew):
    page = client_of(supervisor).get("/team/")
    assert page.status_code == 200
    assert names(page) == ["Bettina", "Sam", "Ingrid", "Dev", "Amina"]
    assert statuses(page) == {
        "Bettina": "overdue",
        "Sam": "not_started",
        "Ingrid": "under_way",
        "Dev": "done",
        "Amina": "nothing",
    }
    text = page.content.decode()
    for words in (
        "1 overdue",
        "Not started",
        "Under way",
        "All done",
        "Nothing assigned",
        "BOR 101, since",
        "Not opened yet",
    ):
        assert words in text
    assert "1 of 3 lessons; missing: Lesson called 2" in text
    assert "One person has something overdue." in text


def test_two_supervisors_of_one_team_see_the_same(client_of, supervisor, crew, team):
    second = UserFactory()
    TeamMembershipFactory(person=second, team=team, supervisor=True)
    pages = [client_of(person).get("/team/") for person in (supervisor, second)]
    assert statuses(pages[0]) == statuses(pages[1])
    assert list(pages[0].context["assignments"]) == list(pages[1].context["assignments"])


def test_the_number_changes_when_a_course_is_assigned(client_of, supervisor, course, team, trainee):
    browser = client_of(supervisor)
    assert "Nothing assigned" in browser.get("/team/").content.decode()
    browser.post(
        "/team/assignments/new/", {"course": course.slug, "teams": team.pk, "due_kind": "fixed", "due_on": in_days(7)}
    )
    text = browser.get("/team/").content.decode()
    assert "0 of 1" in text
    assert "0 of 1 finished" in text


def test_filter_search_and_order_stand_in_the_address(client_of, supervisor, crew, library):
    other = TeamFactory(organisation=library, name="Lending desk")
    TeamMembershipFactory(person=supervisor, team=other, supervisor=True)
    gwen = member(other, "Gwen Adeyemi")
    browser = client_of(supervisor)
    assert names(browser.get("/team/", {"team": other.pk})) == ["Gwen Adeyemi"]
    assert names(browser.get("/team/", {"q": "gwen ade"})) == ["Gwen Adeyemi"]
    assert names(browser.get("/team/", {"q": gwen.email})) == ["Gwen Adeyemi"]
    assert names(browser.get("/team/", {"sort": "name"})) == sorted([*crew, "Gwen Adeyemi"])
    assert "Nobody for “zz”" in browser.get("/team/", {"q": "zz"}).content.decode()


def test_htmx_gets_the_table_alone(client_of, supervisor, crew):
    page = client_of(supervisor).get("/team/", {"q": "Bettina"}, **HTMX)
    text = page.content.decode()
    assert "<html" not in text
    assert "Bettina" in text
    assert "HX-Request" in page["Vary"]


@pytest.mark.parametrize("given", ["99999", "x", "1e3", "-1", "9" * 40])
def test_a_team_that_is_not_there_is_404(client_of, supervisor, crew, given):
    assert client_of(supervisor).get("/team/", {"team": given}).status_code == 404


def test_pages_have_twenty_people(client_of, supervisor, team):
    for number in range(23):
        member(team, f"Person {number:02}")
    browser = client_of(supervisor)
    assert len(names(browser.get("/team/"))) == 20
    assert len(names(browser.get("/team/", {"page": 2}))) == 3


def test_a_manager_sees_everyone_of_the_library_and_nobody_else(client_of, manager, supervisor, crew, stranger):
    page = client_of(manager).get("/team/")
    assert {*crew, supervisor.name} <= set(names(page))
    assert stranger.name not in names(page)
    assert manager.name not in names(page)


def test_statements_do_not_grow_with_people_or_courses(client_of, supervisor, crew, team):
    browser = client_of(supervisor)
    few = count_queries(lambda: browser.get("/team/"))
    for number in range(8):
        assign_course(course=publish_course(), actor=supervisor, teams=[team])
        member(team, f"Newcomer {number}")
    assert count_queries(lambda: browser.get("/team/")) == few
    assert few <= 16


def test_only_who_leads_or_manages_comes_in(client, client_of, trainee, stranger, instructor, site_admin):
    paths = [
        "/team/",
        "/team/assignments/",
        "/team/assignments/new/",
        "/team/reports/completion/",
        "/team/reports/completion.csv",
    ]
    for path in paths:
        assert client.get(path).status_code == 302
        for person in (trainee, stranger, instructor):
            assert client_of(person).get(path).status_code == 403
        assert client_of(site_admin).get(path).status_code == 200


def test_the_menu_shows_the_team_to_who_leads_or_manages(client_of, supervisor, manager, trainee):
    assert 'href="/team/"' in client_of(supervisor).get("/home/").content.decode()
    assert 'href="/team/"' in client_of(manager).get("/home/").content.decode()
    assert 'href="/team/"' not in client_of(trainee).get("/home/").content.decode()


# A line


def test_a_line_to_one_person(client_of, supervisor, crew):
    bettina = crew["Bettina"]
    address = reverse("progress:nudge", args=[bettina.uuid])
    browser = client_of(supervisor)
    assert browser.get(address).status_code == 200
    refused = browser.post(address, {"text": " "})
    assert refused.status_code == 422
    assert "Error:" in refused.content.decode()
    sent = browser.post(address, {"text": "Before Friday, please."}, follow=True)
    assert "Your line went to Bettina." in sent.content.decode()
    again = browser.post(address, {"text": "And now?"}, follow=True)
    assert "Already got a line today" in again.content.decode()
    assert Notice.objects.filter(person=bettina, kind="nudge").count() == 1


def test_no_line_to_people_of_others(client_of, supervisor, crew, stranger, trainee):
    address = reverse("progress:nudge", args=[stranger.uuid])
    assert client_of(supervisor).get(address).status_code == 404
    assert client_of(supervisor).post(address, {"text": "Hello"}).status_code == 404
    assert (
        client_of(trainee).post(reverse("progress:nudge", args=[crew["Sam"].uuid]), {"text": "Hello"}).status_code
        == 403
    )
    assert not Notice.objects.filter(kind="nudge").exists()


def test_who_owes_nothing_is_not_nudged(client_of, supervisor, crew):
    page = client_of(supervisor).get(reverse("progress:nudge", args=[crew["Dev"].uuid]))
    assert "Nothing is open here" in page.content.decode()


# Assigning


def form_of(course, **fields):
    return {"course": course.slug, "due_kind": "fixed", "due_on": in_days(7), "note": "", **fields}


def test_assigning_from_the_page_says_so_and_can_be_undone(client_of, supervisor, course, team, trainee):
    browser = client_of(supervisor)
    page = browser.post("/team/assignments/new/", form_of(course, teams=team.pk, note="Before December."), follow=True)
    text = page.content.decode()
    assert "Assigned to 1 person" in text
    assert "Undo" in text
    assignment = Assignment.objects.get()
    assert (assignment.note, list(assignment.teams.all())) == ("Before December.", [team])
    gone = browser.post(reverse("progress:withdraw", args=[assignment.pk]), follow=True)
    assert "Nobody owes it any more" in gone.content.decode()
    assert not Obligation.objects.owed().exists()
    browser.post(reverse("progress:restore", args=[assignment.pk]))
    assert Obligation.objects.owed().count() == 1


def test_a_double_click_assigns_once(client_of, supervisor, course, team, trainee):
    browser = client_of(supervisor)
    key = browser.get("/team/assignments/new/").context["form"].initial["request_key"]
    for _ in range(2):
        browser.post("/team/assignments/new/", form_of(course, teams=team.pk, request_key=key))
    assert Assignment.objects.count() == 1


def test_a_past_date_is_said_at_the_field_and_above_with_422(
    client_of, supervisor, course, team, trainee, time_machine
):
    time_machine.move_to(dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC))
    page = client_of(supervisor).post("/team/assignments/new/", form_of(course, teams=team.pk, due_on="2026-11-20"))
    text = page.content.decode()
    assert page.status_code == 422
    assert text.count("20 November has passed. Choose a day from tomorrow on.") == 2
    assert 'class="errors"' in text
    assert 'href="#id_due_on"' in text
    assert "checked" in text
    assert not Assignment.objects.exists()


def test_nobody_chosen_is_said_at_the_people(client_of, supervisor, course, team, trainee):
    page = client_of(supervisor).post("/team/assignments/new/", form_of(course))
    assert page.status_code == 422
    assert page.content.decode().count("Choose at least one person or team.") == 2


def test_people_teams_and_courses_of_others_are_no_choice(client_of, supervisor, course, stranger, trainee):
    foreign = TeamFactory()
    hidden = publish_course(audience="organisation", organisation=foreign.organisation)
    browser = client_of(supervisor)
    for wrong in (
        form_of(course, people=stranger.uuid),
        form_of(course, teams=foreign.pk),
        form_of(hidden, people=trainee.uuid),
        form_of(course, people="no-uuid"),
    ):
        assert browser.post("/team/assignments/new/", wrong).status_code == 422
    assert not Assignment.objects.exists()
    assert browser.post("/team/assignments/new/", form_of(course, people=trainee.uuid)).status_code == 302


def test_the_address_may_choose_course_team_and_people(client_of, supervisor, course, team, trainee):
    page = client_of(supervisor).get(
        "/team/assignments/new/", {"course": course.slug, "team": team.pk, "person": str(trainee.uuid)}
    )
    assert page.context["chosen_people"] == {trainee.pk}
    assert page.context["chosen_teams"] == {team.pk}
    assert "3 lessons, about 30 min, edition 1" in page.content.decode()
    odd = {"course": "none", "team": "x", "person": "y"}
    assert client_of(supervisor).get("/team/assignments/new/", odd).status_code == 200


def test_who_did_it_before_is_said_at_the_name(client_of, supervisor, course, team, trainee):
    complete(trainee, course)
    page = client_of(supervisor).get("/team/assignments/new/", {"course": course.slug})
    assert "Finished this course on" in page.content.decode()


def test_the_button_counts_people_and_looking_assigns_nothing(client_of, supervisor, course, team, trainee):
    extra = member(team, "Extra")
    browser = client_of(supervisor)
    given = form_of(course, teams=team.pk, people=[trainee.uuid, extra.uuid], count="1")
    assert "Assign to 2 people" in browser.post("/team/assignments/new/", given, **HTMX).content.decode()
    found = browser.post("/team/assignments/new/", form_of(course, who="extra", find="1"), **HTMX).content.decode()
    assert "Extra" in found
    assert "Rosa Delgado" not in found
    whole = browser.post("/team/assignments/new/", form_of(course, who="extra", find="1"))
    assert whole.status_code == 200
    assert "<html" in whole.content.decode()
    assert not Assignment.objects.exists()


def test_the_dialog_is_the_same_form_and_leads_on(client_of, supervisor, course, team, trainee):
    browser = client_of(supervisor)
    piece = browser.get("/team/assignments/new/", **HTMX).content.decode()
    assert "<html" not in piece
    assert 'hx-target="#dialog"' in piece
    done = browser.post("/team/assignments/new/", form_of(course, teams=team.pk), **HTMX)
    assert done["HX-Redirect"].startswith("/team/assignments/?assigned=")
    refused = browser.post("/team/assignments/new/", form_of(course), **HTMX)
    assert refused.status_code == 422
    assert "<html" not in refused.content.decode()


def test_statements_of_the_form_do_not_grow(client_of, supervisor, course, team):
    browser = client_of(supervisor)
    member(team, "One")
    few = count_queries(lambda: browser.get("/team/assignments/new/", {"course": course.slug}))
    for number in range(10):
        member(team, f"More {number}")
        publish_course()
    assert count_queries(lambda: browser.get("/team/assignments/new/", {"course": course.slug})) == few


# Assignments


def test_the_list_changes_dates_and_reminds(client_of, supervisor, crew):
    browser = client_of(supervisor)
    assignment = Assignment.objects.get()
    text = browser.get("/team/assignments/").content.decode()
    assert "ILL Borrowing 101" in text
    assert "1 of 4 finished" in text
    address = reverse("progress:change_date", args=[assignment.pk])
    assert browser.get(address).status_code == 200
    refused = browser.post(address, {"due_on": in_days(-1)})
    assert refused.status_code == 422
    browser.post(address, {"due_on": in_days(30)})
    assignment.refresh_from_db()
    assert assignment.due_on == in_days(30)
    sent = browser.post(reverse("progress:nudge_all", args=[assignment.pk]), {"text": "Please."}, follow=True)
    assert "Your line went to 3 people." in sent.content.decode()


def test_statements_of_the_list_do_not_grow(client_of, supervisor, crew, team):
    browser = client_of(supervisor)
    few = count_queries(lambda: browser.get("/team/assignments/"))
    for _ in range(6):
        assign_course(course=publish_course(), actor=supervisor, teams=[team])
    assert count_queries(lambda: browser.get("/team/assignments/")) == few


def test_what_others_assigned_is_hidden_and_what_reaches_beyond_is_not_changed(
    client_of, supervisor, manager, crew, library
):
    elsewhere = UserFactory()
    MembershipFactory(person=elsewhere, organisation=library)
    hidden = assign_course(course=publish_course(), actor=manager, people=[elsewhere])
    wide = assign_course(course=publish_course(), actor=manager, people=[elsewhere, crew["Sam"]])
    browser = client_of(supervisor)
    for name in ("change_date", "withdraw", "restore"):
        assert browser.post(reverse(f"progress:{name}", args=[hidden.pk])).status_code == 404
        assert browser.post(reverse(f"progress:{name}", args=[wide.pk])).status_code == 403
        assert client_of(crew["Sam"]).post(reverse(f"progress:{name}", args=[wide.pk])).status_code == 403
    wide.refresh_from_db()
    assert wide.withdrawn_at is None
    # The supervisor still reminds the own people in it, and nobody else.
    browser.post(reverse("progress:nudge_all", args=[wide.pk]), {"text": "Please."})
    assert [notice.person for notice in Notice.objects.filter(kind="nudge")] == [crew["Sam"]]


def test_acts_are_posts(client_of, supervisor, crew):
    row = Obligation.objects.first()
    browser = client_of(supervisor)
    for name, pk in (
        ("withdraw", row.assignment_id),
        ("restore", row.assignment_id),
        ("excuse", row.pk),
        ("unexcuse", row.pk),
    ):
        assert browser.get(reverse(f"progress:{name}", args=[pk])).status_code == 405
    assert assigning.withdraw(assignment=row.assignment, actor=supervisor).withdrawn_at is not None


def test_assignments_are_found_by_course_and_reason(client_of, supervisor, trainee, course):
    other = publish_course(slug="lending-201", title="Lending 201")
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    assign_course(course=other, actor=supervisor, people=[trainee], due_on=in_days(5), note="Before the move.")

    def found(words: str) -> set[str]:
        page = client_of(supervisor).get("/team/assignments/", {"q": words})
        return {row.course.slug for row in page.context["page"]}

    assert found("lending") == found("the move") == {"lending-201"}
    assert found("") == {course.slug, "lending-201"}
    assert "Nothing for “zzz”" in client_of(supervisor).get("/team/assignments/?q=zzz").content.decode()
