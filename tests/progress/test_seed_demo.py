"""The demo: an invented cast with real progress, never by accident in production."""

from io import StringIO

import pytest
from django.conf import settings as project_settings
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import Organisation, Team, TeamMembership, User
from courses.access import player_for
from courses.models import Course, CourseEditor, Edition, Enrolment
from progress.demo import cast
from progress.models import Assignment, Certificate, Completion, Event, LessonState, Obligation
from progress.selectors.team import people_page
from quizzes.asking import settings_of
from quizzes.behaviours import behaviours
from quizzes.models import Attempt, Bank, Question, QuestionImport, QuestionVersion, Result
from quizzes.registry import types
from quizzes.services.attempting import start

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.DEBUG = False


def seed(**options) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def course(db):
    folder = project_settings.STARTER_COURSES_DIR / "ill-borrowing-101"
    call_command("import_course", str(folder), publish=True, kind="minor", note="Starter course", stdout=StringIO())
    return Course.objects.get(slug="ill-borrowing-101")


def counts() -> list[int]:
    models = (
        User,
        Organisation,
        Team,
        TeamMembership,
        Assignment,
        Obligation,
        Enrolment,
        Event,
        LessonState,
        Certificate,
        Course,
        Edition,
        Bank,
        QuestionVersion,
        QuestionImport,
        Attempt,
    )
    return [model.objects.count() for model in models]


def test_it_refuses_where_no_demo_was_asked_for(settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="LENDCRAFT_DEMO"):
        seed()
    assert not User.objects.exists()
    seed(force=True)
    assert User.objects.exists()


def test_everybody_stands_where_the_walk_through_needs_them(demo, course, client):
    text = seed()
    marcus, rosa = cast.person_called("Marcus Oyelaran"), cast.person_called("Rosa Delgado")
    statuses = {row.person.name: row.status for row in people_page(marcus)}
    assert statuses == {
        "Bettina Krause": "overdue",
        "Dev Patel": "not_started",
        "Ingrid Solheim": "under_way",
        "Lucía Ferreira": "done",
        "Rosa Delgado": "nothing",
        "Sam Whitehorse": "nothing",
    }
    assert not Enrolment.objects.filter(learner=rosa).exists()
    assert Certificate.objects.get().holder.name == "Lucía Ferreira"
    assert Completion.objects.get().score == 98  # the quiz 90, four practices 100, by minutes
    assert CourseEditor.objects.get(course=course).person.name == "Hana Whitcomb"
    for person in cast.PEOPLE:
        assert (person.email in text) == bool(person.shown)
        assert client.login(username=person.email, password="lendcraft-demo")


def test_the_second_run_changes_nothing(demo, course):
    first = seed()
    before = counts()
    assert seed() == first
    assert counts() == before


def test_people_come_first_and_progress_as_soon_as_there_is_a_course(demo):
    seed()
    assert not Assignment.objects.exists()
    people = User.objects.count()
    folder = project_settings.STARTER_COURSES_DIR / "ill-borrowing-101"
    call_command("import_course", str(folder), publish=True, kind="minor", note="Starter course", stdout=StringIO())
    seed()
    assert User.objects.count() == people
    assert Assignment.objects.count() == 3


def test_what_was_changed_since_is_kept(demo, course):
    seed()
    rosa = cast.person_called("Rosa Delgado")
    rosa.name = "Rosa D."
    rosa.save()
    TeamMembership.objects.filter(person=rosa).delete()
    seed()
    rosa.refresh_from_db()
    assert rosa.name == "Rosa D."
    assert not TeamMembership.objects.filter(person=rosa).exists()


def test_another_password_may_be_named(demo, monkeypatch, client):
    monkeypatch.setenv("LENDCRAFT_DEMO_PASSWORD", "a-password-of-ones-own")
    assert "a-password-of-ones-own" in seed()
    assert client.login(username="rosa.delgado@example.org", password="a-password-of-ones-own")


def test_every_kind_of_question_can_be_tried_in_every_way(demo, rf):
    seed()
    bank, hana = Bank.objects.get(slug="desk-questions"), cast.person_called("Hana Whitcomb")
    assert bank in Bank.objects.editable_by(hana)
    assert Question.objects.filter(bank=bank, ready=None).count() == 0
    rosa = cast.person_called("Rosa Delgado")
    course = Course.objects.listed_for(rosa).get(slug="question-types")
    request = rf.get("/")
    request.user = rosa
    kinds, ways = set(), set()
    for uid in course.current_edition.lessons.filter(kind="quiz").values_list("uid", flat=True):
        attempt = start(player=player_for(request, course.slug, uid), learner=rosa)
        kinds |= set(attempt.slots.values_list("version__type", flat=True))
        ways.add(settings_of(attempt).behaviour)
    assert kinds == set(types)
    assert ways == set(behaviours)


def test_some_answers_are_marked_and_some_wait_for_hana(demo):
    seed()
    taken = Attempt.objects.filter(lesson_uid="every-kind")
    assert dict(taken.values_list("learner__name", "marking")) == {
        "Tomasz Lind": "done",
        "Gwen Adeyemi": "done",
        "Dev Patel": "waiting",
        "Bettina Krause": "waiting",
    }
    percents = dict(Result.objects.filter(attempt__in=taken).values_list("attempt__learner__name", "percent"))
    assert 60 <= percents["Tomasz Lind"] < percents["Gwen Adeyemi"] < 100
