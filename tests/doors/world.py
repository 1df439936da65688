"""One small world in which every address of the site leads to something of somebody."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import Invitation, JoinCode, Notice, Team, User
from accounts.services import inviting, notifying
from courses.models import Course, Edition, Enrolment, LessonReport
from courses.services import reporting
from courses.services.enrolling import open_enrolment
from progress.models import Assignment, Certificate, Obligation
from quizzes.models import Attempt
from tests.courses.films import film_course
from tests.factories.accounts import MembershipFactory, TeamFactory, TeamMembershipFactory
from tests.factories.courses import publish_course
from tests.factories.progress import certificate_of, finished
from tests.factories.progress_assigning import assign_course
from tests.factories.quizzes import QUIZ, answer_all, publish_quiz, start_attempt

ROLES = ("visitor", "stranger", "trainee", "supervisor", "instructor", "manager", "site_admin")
OWN = ("core", "accounts", "courses", "quizzes", "quizzes_author", "review", "progress", "progress_author")


@dataclass(frozen=True)
class World:
    """``people`` by role; the rest belongs to the trainee, to the library, or to the instructor's courses."""

    people: dict[str, Any]
    team: Team
    public: Course
    inner: Course
    enrolment: Enrolment
    attempt: Attempt
    certificate: Certificate
    assignment: Assignment
    wide: Assignment
    obligation: Obligation
    notice: Notice
    report: LessonReport
    invitation: Invitation
    token: str
    code: JoinCode
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def trainee(self) -> User:
        return self.people["trainee"]

    @property
    def edition(self) -> Edition:
        return self.public.current_edition

    def client(self, role: str) -> Client:
        """A client of that role; signed in once, because signing in costs more than most pages."""
        if role not in self.clients:
            self.clients[role] = Client(raise_request_exception=False)
            if role != "visitor":
                self.clients[role].force_login(self.people[role], backend="accounts.backends.PasswordBackend")
        return self.clients[role]


def in_charge_elsewhere(person: User) -> None:
    """The stranger holds every role, in another library: what keeps them out is whose it is, not what they are."""
    membership = person.memberships.get()
    membership.is_manager = membership.is_instructor = True
    membership.save()
    TeamMembershipFactory(person=person, team=TeamFactory(organisation=membership.organisation), supervisor=True)
    publish_course(slug="elsewhere-course", owner=person, organisation=membership.organisation, audience="organisation")


@pytest.fixture
def world(
    tmp_path, library, team, trainee, supervisor, instructor, manager, stranger, site_admin, small_engines
) -> World:
    in_charge_elsewhere(stranger)
    public = publish_quiz(slug="public-course", owner=instructor)
    inner = film_course(
        tmp_path / "film", slug="inner-course", owner=instructor, organisation=library, audience="organisation"
    )
    enrolment = open_enrolment(learner=trainee, course=public)
    attempt = start_attempt(trainee, public)
    answer_all(attempt)
    assignment = assign_course(course=inner, actor=supervisor, teams=[team])
    another_team = TeamFactory(organisation=library)
    TeamMembershipFactory(team=another_team, person=MembershipFactory(organisation=library).person)
    wide = assign_course(course=inner, actor=manager, teams=[team, another_team])
    notifying.notify(person=trainee, kind="assigned", key="world", title="A notice")
    report = reporting.report_lesson(
        course=public,
        edition=public.current_edition,
        lesson_uid="basics",
        lesson_title="The basics",
        text="A slip.",
        reporter=trainee,
    )
    (invitation,) = inviting.invite(
        organisation=library, emails=["new.person@example.org"], invited_by=manager, team=team
    )
    code = inviting.create_join_code(organisation=library, created_by=manager, team=team)
    return World(
        people={
            "visitor": AnonymousUser(),
            "stranger": stranger,
            "trainee": trainee,
            "supervisor": supervisor,
            "instructor": instructor,
            "manager": manager,
            "site_admin": site_admin,
        },
        team=team,
        public=public,
        inner=inner,
        enrolment=enrolment,
        attempt=attempt,
        certificate=certificate_of(finished(learner=trainee, slug="finished-course", owner=instructor)),
        assignment=assignment,
        wide=wide,
        obligation=Obligation.objects.get(assignment=assignment, person=trainee),
        notice=Notice.objects.get(key="world"),
        report=report,
        invitation=invitation,
        token=inviting.token_of(invitation),
        code=code,
    )


def own_routes() -> list[str]:
    """Every named address of our own apps and of the API, as ``namespace:name``."""
    found: list[str] = []

    def walk(resolver: URLResolver, namespace: str) -> None:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                walk(entry, entry.namespace or namespace)
            elif isinstance(entry, URLPattern) and (namespace in OWN or (not namespace and _is_api(entry))):
                found.append(f"{namespace}:{entry.name}" if namespace else str(entry.name))

    walk(get_resolver(), "")
    return sorted(set(found))


def _is_api(entry: URLPattern) -> bool:
    module = getattr(entry.callback, "__module__", "")
    return module.split(".")[0] in OWN


def outcome(response: Any, *, shows: str = "") -> str:
    """One letter: o open, l sign in first, u no credentials (API), f forbidden, n not there, x wrong method, ! a fault.

    O is an open page that holds the text ``shows``.
    """
    if response.status_code >= 500 and response.status_code != 503:  # 503 is what readiness says without a worker
        return "!"
    letters = {401: "u", 403: "f", 404: "n", 405: "x"}
    if response.status_code in (301, 302) and "/accounts/login/" in response["Location"]:
        return "l"
    letter = letters.get(response.status_code, "o")
    if letter == "o" and shows and not response.streaming and shows in response.content.decode():
        return "O"
    return letter


__all__ = ["QUIZ", "ROLES", "World", "outcome", "own_routes", "world"]
