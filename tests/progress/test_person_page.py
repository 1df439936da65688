"""One person: what is missing and why, what is finished, and only for who looks after them."""

import pytest
from django.urls import reverse

from accounts.models import Notice, User
from core import clock
from courses.models import Course, Enrolment
from progress.models import CourseState, Event, Obligation
from progress.services import assigning
from quizzes.models import ExtraAttempt
from quizzes.services import reviewing
from quizzes.services.grading import finish
from tests.factories.accounts import MembershipFactory, TeamMembershipFactory, UserFactory
from tests.factories.courses import publish_course
from tests.factories.progress_assigning import assign_course, complete, do_lessons, in_days, obligation_of
from tests.factories.quizzes import QUIZ, publish_quiz, start_attempt
from tests.factories.review import card_of
from tests.support import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    lessons = [("text", f"lesson-{n}", {"title": f"Lesson called {n}", "minutes": 10}) for n in (1, 2, 3, 4, 5)]
    return publish_course(slug="ill-borrowing-101", title="ILL Borrowing 101", lessons=lessons)


def page_of(client_of, user, person, **query):
    return client_of(user).get(reverse("progress:person", args=[person.uuid]), query)


def test_each_unmet_rule_stands_there_with_its_link_as_the_learner_sees_it(client_of, supervisor, trainee, course):
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    do_lessons(trainee, course, "lesson-1", "lesson-3")
    text = page_of(client_of, supervisor, trainee).content.decode()
    assert "Why is it not complete?" in text
    assert "3 things are missing" in text
    assert "2 of 5 lessons, about 30 min left" in text
    assert "What is done (2)" in text
    mine = client_of(trainee).get("/me/").content.decode()
    for uid in ("lesson-2", "lesson-4", "lesson-5"):
        link = f'href="/courses/{course.slug}/{uid}/"'
        assert link in text
        assert link in mine
    assert f'href="/courses/{course.slug}/lesson-1/"' not in text


def test_what_was_never_opened_is_said_to_be_so(client_of, supervisor, trainee, course):
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    text = page_of(client_of, supervisor, trainee).content.decode()
    assert "Not started, due" in text
    assert "Not opened yet: 5 lessons, about 50 min." in text
    assert "by you" in text


def test_finished_courses_move_to_their_own_list(client_of, supervisor, trainee, course):
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    complete(trainee, course)
    complete(trainee, publish_course(title="Lending well"))
    text = page_of(client_of, supervisor, trainee).content.decode()
    assert "Why is it not complete?" not in text
    assert "All done" in text
    assert "days early" in text
    assert "Own choice" in text
    assert "Lending well" in text


def test_messages_that_were_sent_are_listed(client_of, supervisor, trainee, course):
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    client_of(supervisor).post(reverse("progress:nudge", args=[trainee.uuid]), {"text": "Before the new form."})
    text = page_of(client_of, supervisor, trainee).content.decode()
    assert "“Before the new form.”" in text
    assert "Marcus chose a course for you" in text


def test_only_who_looks_after_somebody_sees_them(
    client, client_of, supervisor, manager, trainee, stranger, instructor, site_admin
):
    address = reverse("progress:person", args=[trainee.uuid])
    assert client.get(address).status_code == 302
    for person, status in (
        (supervisor, 200),
        (manager, 200),
        (site_admin, 200),
        (stranger, 403),
        (instructor, 403),
        (trainee, 403),
    ):
        assert client_of(person).get(address).status_code == status, person
    other = UserFactory()
    TeamMembershipFactory(person=other, supervisor=True)
    assert client_of(other).get(address).status_code == 404
    assert page_of(client_of, supervisor, stranger).status_code == 404
    assert page_of(client_of, supervisor, supervisor).status_code == 404


@pytest.mark.parametrize("route", ["nudge", "extend", "reset"])
def test_what_is_done_for_one_person_leads_back_to_them_and_to_the_team(client_of, supervisor, trainee, course, route):
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    do_lessons(trainee, course, "lesson-1")
    key = trainee.uuid if route == "nudge" else obligation_of(trainee).pk
    crumbs = client_of(supervisor).get(reverse(f"progress:{route}", args=[key])).content.decode().split("crumbs")[1]
    assert f'href="/team/people/{trainee.uuid}/"' in crumbs.split("</nav>")[0]
    assert 'href="/team/"' in crumbs.split("</nav>")[0]


def test_a_date_of_ones_own(client_of, supervisor, trainee, course):
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    row = obligation_of(trainee)
    address = reverse("progress:extend", args=[row.pk])
    browser = client_of(supervisor)
    assert browser.get(address).status_code == 200
    refused = browser.post(address, {"due_on": in_days(-2), "reason": ""})
    assert refused.status_code == 422
    assert 'href="#id_due_on"' in refused.content.decode()
    assert browser.post(address, {"due_on": ""}).status_code == 422
    assert browser.post(address, {"due_on": in_days(30), "reason": "On leave."}).status_code == 302
    row.refresh_from_db()
    assert (row.due_on, row.due_source) == (in_days(30), "extension")
    assert "On leave." in page_of(client_of, supervisor, trainee).content.decode()


def test_excusing_can_be_undone(client_of, supervisor, trainee, course):
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    row = obligation_of(trainee)
    browser = client_of(supervisor)
    text = browser.post(reverse("progress:excuse", args=[row.pk]), follow=True).content.decode()
    assert "Rosa is excused." in text
    assert not Obligation.objects.owed().exists()
    browser.post(reverse("progress:unexcuse", args=[row.pk]))
    assert Obligation.objects.owed().get() == row
    assigning.withdraw(assignment=row.assignment, actor=supervisor)
    gone = browser.post(reverse("progress:unexcuse", args=[row.pk]), follow=True).content.decode()
    assert "The assignment itself was taken back." in gone


def test_nobody_excuses_or_dates_themselves_or_strangers(
    client_of, supervisor, manager, trainee, stranger, course, library
):
    assign_course(course=course, actor=manager, people=[supervisor, trainee])
    own, theirs = obligation_of(supervisor), obligation_of(trainee)
    for name in ("extend", "excuse", "unexcuse"):
        assert client_of(supervisor).post(reverse(f"progress:{name}", args=[own.pk])).status_code == 403
        assert client_of(trainee).post(reverse(f"progress:{name}", args=[theirs.pk])).status_code == 403
        other = UserFactory()
        TeamMembershipFactory(person=other, supervisor=True)
        assert client_of(other).post(reverse(f"progress:{name}", args=[theirs.pk])).status_code == 404
    assert Obligation.objects.owed().count() == 2


def test_statements_do_not_grow_with_courses(client_of, supervisor, trainee, team):
    member = UserFactory()
    MembershipFactory(person=member, organisation=team.organisation)

    def fill(number):
        for _ in range(number):
            given, done = publish_course(), publish_course()
            assign_course(course=given, actor=supervisor, people=[trainee])
            do_lessons(trainee, publish_course(), "first-lesson")
            assign_course(course=done, actor=supervisor, people=[trainee])
            complete(trainee, done)
            opened = publish_course(lessons=[("text", "one", {}), ("text", "two", {})])
            assign_course(course=opened, actor=supervisor, people=[trainee])
            do_lessons(trainee, opened, "one")

    fill(1)
    address = reverse("progress:person", args=[trainee.uuid])
    browser = client_of(supervisor)
    few = count_queries(lambda: browser.get(address))
    fill(4)
    assert count_queries(lambda: browser.get(address)) == few
    assert few <= 17


def test_progress_is_set_back_with_a_reason_that_the_learner_reads(client_of, supervisor, trainee, course):
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    do_lessons(trainee, course, "lesson-1", "lesson-3")
    address = reverse("progress:reset", args=[obligation_of(trainee).pk])
    browser = client_of(supervisor)
    assert f'href="{address}"' in page_of(client_of, supervisor, trainee).content.decode()
    assert "Every lesson counts as not done again." in browser.get(address).content.decode()

    refused = browser.post(address, {"reason": "  "})
    assert refused.status_code == 422
    assert CourseState.objects.get().done_count == 2

    assert browser.post(address, {"reason": "The rules of the house changed."}).status_code == 302
    assert CourseState.objects.get().done_count == 0
    text = page_of(client_of, supervisor, trainee).content.decode()
    assert "5 things are missing" in text
    notice = Notice.objects.get(person=trainee, kind="progress_reset")
    assert "The rules of the house changed." in notice.body


def test_what_was_not_begun_or_is_finished_is_not_set_back(client_of, supervisor, trainee, course):
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    address = reverse("progress:reset", args=[obligation_of(trainee).pk])
    assert address not in page_of(client_of, supervisor, trainee).content.decode()
    browser = client_of(supervisor)
    for _moment in ("before", "after"):
        assert browser.post(address, {"reason": "Again, please."}, follow=True).context["messages"]
        assert not Event.objects.filter(kind="reset").exists()
        complete(trainee, course)


def test_a_supervisor_sees_on_how_many_days_somebody_reviewed_and_no_card(client_of, supervisor: User, trainee: User):
    card = card_of(trainee, at=clock.now())
    reviewing.rate(card=card, rating=1, step=0)
    page = client_of(supervisor).get(f"/team/people/{trainee.uuid}/").content.decode()

    assert "<dt>Days of review in the last 4 weeks</dt><dd>1</dd>" in page
    assert "decision:five" not in page
    assert "Forgot" not in page


def test_one_more_attempt_is_given_and_taken_back_by_a_supervisor(
    client_of, supervisor: User, trainee: User, course: Course
):
    limited = publish_quiz(slug="limited", rule={"attempts": 1})
    assign_course(course=course, actor=supervisor, people=[trainee], due_on=in_days(5))
    assign_course(course=limited, actor=supervisor, people=[trainee], due_on=in_days(5))
    owed = Obligation.objects.get(person=trainee, course=limited)
    address = reverse("progress:attempt", args=[owed.pk])
    browser = client_of(supervisor)
    told = browser.get(address, follow=True).content.decode()
    assert "has begun no course here with a quiz whose attempts are limited" in told
    assert address not in told

    finish(attempt=start_attempt(trainee, limited))
    assert page_of(client_of, supervisor, trainee).content.decode().count("One more attempt") == 1
    enrolment = Enrolment.objects.get(learner=trainee, course=limited)
    chosen = f"{enrolment.pk}:{QUIZ}"
    refused = browser.post(address, {"quiz": chosen, "reason": ""})
    assert refused.status_code == 422
    assert 'id="id_reason_error"' in refused.content.decode()
    given = browser.post(address, {"quiz": chosen, "reason": "The power was cut."}, follow=True).content.decode()
    assert "has one more attempt at “What you know now” and has been told." in given
    assert "You have one more attempt: What you know now" in given

    extra = ExtraAttempt.objects.get()
    remove = reverse("progress:attempt_remove", args=[owed.pk, extra.pk])
    assert f'action="{remove}"' in browser.get(address).content.decode()
    elsewhere = Obligation.objects.get(person=trainee, course=course)
    assert browser.post(reverse("progress:attempt_remove", args=[elsewhere.pk, extra.pk])).status_code == 404
    assert "is taken back" in browser.post(remove, follow=True).content.decode()
    extra.refresh_from_db()
    assert extra.taken_back_by == supervisor
