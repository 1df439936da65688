"""Reads over people, teams and notices."""

from dataclasses import dataclass
from typing import Any, TypeVar

from allauth.account.models import EmailAddress
from django.db.models import Count, Exists, Model, OuterRef, Prefetch, Q, QuerySet

from accounts import notice_kinds
from accounts.access import roles_of
from accounts.models import (
    Invitation,
    JoinCode,
    LocalWord,
    Membership,
    Notice,
    Organisation,
    Team,
    TeamMembership,
    User,
)
from core import clock

Row = TypeVar("Row", bound=Model)


def local_words_of(organisation: Organisation | int | None) -> dict[str, str]:
    """What ``organisation`` has filled in, by key; only the words that differ from the defaults."""
    if organisation is None:
        return {}
    return dict(LocalWord.objects.filter(organisation=organisation).values_list("key", "value"))


def zone_of(person: User) -> str:
    """The zone in which the days of ``person`` end: their own, else their organisation's, else UTC (D17)."""
    return person.time_zone or roles_of(person).zone or "UTC"


@dataclass(frozen=True)
class NoticeTab:
    """One kind of notice in somebody's inbox and how many there are."""

    kind: str
    label: Any
    count: int


def notice_tabs(person: User) -> list[NoticeTab]:
    """The kinds in the inbox of ``person``, in the order of registration."""
    counts = dict(
        Notice.objects.visible_to(person).order_by().values("kind").annotate(n=Count("pk")).values_list("kind", "n")
    )
    order = [kind.name for kind in notice_kinds.all_kinds()]
    known = [name for name in order if name in counts] + sorted(set(counts) - set(order))
    return [NoticeTab(name, notice_kinds.kind_called(name).label, counts[name]) for name in known]


MEMBER_ORDERS = {
    "name": ["person__name", "pk"],
    "-name": ["-person__name", "-pk"],
    "joined": ["joined_at", "pk"],
    "-joined": ["-joined_at", "-pk"],
    "seen": ["person__last_login", "pk"],
    "-seen": ["-person__last_login", "-pk"],
}


def members_of(organisation: Organisation, *, words: str = "", order: str = "name") -> QuerySet[Membership]:
    """Memberships with the person and their teams here; each of ``words`` stands in name or address."""
    here = TeamMembership.objects.filter(team__organisation=organisation).select_related("team").order_by("team__name")
    rows = (
        Membership.objects.filter(organisation=organisation)
        .select_related("person")
        .prefetch_related(Prefetch("person__team_memberships", queryset=here, to_attr="places_here"))
    )
    return _with_words(rows, words, "person__name", "person__email").order_by(*MEMBER_ORDERS[order])


def _with_words(rows: QuerySet[Row], words: str, *fields: str) -> QuerySet[Row]:
    """Those of ``rows`` where each of ``words`` stands in one of ``fields``."""
    for word in words.split():
        said = Q()
        for field in fields:
            said |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(said)
    return rows


def addresses_of(organisation: Organisation) -> set[str]:
    """The addresses of everyone in ``organisation``, in lower case."""
    emails = Membership.objects.filter(organisation=organisation).values_list("person__email", flat=True)
    return {email.lower() for email in emails}


def owns_address(person: User, email: str) -> bool:
    """Whether ``email`` is an address of ``person``, whatever its case."""
    if person.email.lower() == email.lower():
        return True
    return bool(EmailAddress.objects.filter(user=person, email__iexact=email).exists())


def teams_of(membership: Membership) -> QuerySet[TeamMembership]:
    """The places of a member in the teams of that organisation."""
    return (
        TeamMembership.objects.filter(person=membership.person_id, team__organisation=membership.organisation_id)
        .select_related("team")
        .order_by("team__name", "role")
    )


def team_rows(organisation: Organisation, *, words: str = "") -> QuerySet[Team]:
    """The teams of ``organisation``, each with ``trainees`` (a number) and ``supervisors`` (places)."""
    supervisors = TeamMembership.objects.filter(role=TeamMembership.Role.SUPERVISOR).select_related("person")
    rows: QuerySet[Team] = (
        Team.objects.filter(organisation=organisation)
        .annotate(trainees=Count("memberships", filter=Q(memberships__role=TeamMembership.Role.TRAINEE)))
        .prefetch_related(Prefetch("memberships", queryset=supervisors.order_by("person__name"), to_attr="supervisors"))
        .order_by("name", "pk")
    )
    return _with_words(rows, words, "name")


def places_in(team: Team, *, words: str = "") -> QuerySet[TeamMembership]:
    """Who is in ``team``: supervisors first, then by name."""
    rows = TeamMembership.objects.filter(team=team).select_related("person").order_by("role", "person__name", "pk")
    return _with_words(rows, words, "person__name", "person__email")


def people_for(team: Team, *, words: str) -> QuerySet[User]:
    """Members of the team's library who may be added, each with ``trains`` and ``leads``: what they are there already."""
    here = TeamMembership.objects.filter(team=team, person=OuterRef("pk"))
    rows: QuerySet[User] = (
        User.objects.active()
        .of_organisation(team.organisation_id)
        .annotate(
            trains=Exists(here.filter(role=TeamMembership.Role.TRAINEE)),
            leads=Exists(here.filter(role=TeamMembership.Role.SUPERVISOR)),
        )
        .order_by("name", "pk")
    )
    return _with_words(rows, words, "name", "email")


def invitations_of(organisation: Organisation, *, words: str = "") -> QuerySet[Invitation]:
    """Every invitation, the open ones first."""
    return (
        _with_words(organisation.invitations.all(), words, "email", "team__name")
        .select_related("team", "invited_by", "accepted_by")
        .annotate(
            decided=Q(accepted_at__isnull=False) | Q(withdrawn_at__isnull=False),
            has_run_out=Q(expires_at__lte=clock.now()),
        )
        .order_by("decided", "-created_at", "-pk")
    )


def open_codes_of(organisation: Organisation, *, words: str = "") -> QuerySet[JoinCode]:
    """The codes that work now; a code may be looked for as it is shown, with its hyphen."""
    rows = JoinCode.objects.open().filter(organisation=organisation)
    for word in words.split():
        rows = rows.filter(Q(code__icontains=word.replace("-", "")) | Q(team__name__icontains=word))
    return rows.select_related("team").order_by("expires_at", "pk")


@dataclass(frozen=True)
class Figures:
    """How many people, teams, open invitations and open codes an organisation has."""

    people: int
    teams: int
    invitations: int
    codes: int
    teams_without_supervisor: int


def organisation_figures(organisation: Organisation) -> Figures:
    """The figures of the overview, one count each."""
    led = TeamMembership.objects.filter(role=TeamMembership.Role.SUPERVISOR, team__organisation=organisation)
    return Figures(
        people=organisation.memberships.count(),
        teams=organisation.teams.count(),
        invitations=Invitation.objects.open().filter(organisation=organisation).count(),
        codes=JoinCode.objects.open().filter(organisation=organisation).count(),
        teams_without_supervisor=organisation.teams.exclude(pk__in=led.values("team")).count(),
    )
