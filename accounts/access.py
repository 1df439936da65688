"""Who may see and do what with people, teams and organisations: the only door to these rows (D19).

``Model.objects.visible_to(user)`` says which rows; the loaders here fetch one of them. Hidden is 404, forbidden 403.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Invitation, JoinCode, Membership, Organisation, Team, TeamMembership, User
from core.compiled import Compiled


@dataclass(frozen=True)
class Roles:
    """What a person is, anywhere. ``organisation_id`` and ``zone`` come from the primary membership."""

    leads: bool = False
    manages: bool = False
    instructs: bool = False
    organisation_id: int | None = None
    zone: str = ""
    others: frozenset[str] = frozenset()


_others: dict[str, Callable[[], Exists]] = {}


def register_role(name: str, condition: Callable[[], Exists]) -> None:
    """A role that a higher floor knows of, asked along with the rest: ``condition()`` is about ``OuterRef("pk")``."""
    _others[name] = condition


def roles_of(user: User | AnonymousUser) -> Roles:
    """The roles of ``user`` in one query, kept on the instance (as Django keeps permissions).

    Services that change roles call ``forget_roles``; another instance of the same person asks afresh.
    """
    if isinstance(user, AnonymousUser):
        return Roles()
    if user.known_roles is None:
        user.known_roles = _ask_roles(user)
    return user.known_roles


def _roles_query(_asked: tuple[str, ...], *, person: int) -> QuerySet[User, Any]:
    memberships = Membership.objects.filter(person=OuterRef("pk"))
    primary = memberships.filter(is_primary=True)
    led = TeamMembership.objects.filter(person=OuterRef("pk"), role=TeamMembership.Role.SUPERVISOR)
    return User.objects.filter(pk=person).values_list(
        Exists(led),
        Exists(memberships.filter(is_manager=True)),
        Exists(memberships.filter(is_instructor=True)),
        Subquery(primary.values("organisation_id")[:1]),
        Subquery(primary.values("organisation__time_zone")[:1]),
        *(condition() for condition in _others.values()),
    )


ROLES = Compiled(_roles_query, "person")


def _ask_roles(user: User) -> Roles:
    row = next(iter(ROLES.rows(tuple(_others), person=user.pk)), None)
    if row is None:
        return Roles()
    leads, manages, instructs, organisation_id, zone, *held = row
    return Roles(
        leads=leads,
        manages=manages or user.is_superuser,
        instructs=instructs or user.is_superuser,
        organisation_id=organisation_id,
        zone=zone or "",
        others=frozenset(name for name, holds in zip(_others, held, strict=True) if holds),
    )


def forget_roles(user: User) -> None:
    """Ask again next time: the roles of ``user`` have changed."""
    user.known_roles = None


def leads_any_team(user: User | AnonymousUser) -> bool:
    """Whether ``user`` supervises a team."""
    return roles_of(user).leads


def manages_any(user: User | AnonymousUser) -> bool:
    """Whether ``user`` manages an organisation; site administrators do."""
    return roles_of(user).manages


def is_instructor(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may author courses; site administrators may."""
    return roles_of(user).instructs


def organisation_of(user: User | AnonymousUser) -> Organisation | None:
    """The primary organisation of ``user``: 'the organisation' of a person (D15)."""
    if isinstance(user, AnonymousUser):
        return None
    return Organisation.objects.filter(memberships__person=user, memberships__is_primary=True).first()


def person_for(user: User | AnonymousUser, key: uuid.UUID | str) -> User:
    """The person with uuid ``key`` whose record ``user`` may open; else 404."""
    return get_object_or_404(User.objects.visible_to(user), uuid=key)


def team_for(user: User | AnonymousUser, pk: int) -> Team:
    """The team that ``user`` leads or whose organisation they manage; else 404."""
    return get_object_or_404(Team.objects.visible_to(user).select_related("organisation"), pk=pk)


def managed_organisation(user: User | AnonymousUser, slug: str = "") -> Organisation:
    """The organisation that ``user`` manages: the one called ``slug``, else their own, else the first.

    Members who do not manage it get 403; people who do not belong to it, or to none, get 404.
    """
    managed = Organisation.objects.managed_by(user)
    if slug:
        organisation = managed.filter(slug=slug).first()
    else:
        organisation = managed.filter(pk=roles_of(user).organisation_id or 0).first() or managed.first()
    if organisation is not None:
        return organisation
    visible = Organisation.objects.visible_to(user)
    if (visible.filter(slug=slug) if slug else visible).exists():
        raise PermissionDenied
    raise Http404


def invitation_for(user: User | AnonymousUser, pk: int) -> Invitation:
    """An invitation that ``user`` may send again or withdraw; else 404."""
    return get_object_or_404(Invitation.objects.visible_to(user), pk=pk)


def join_code_for(user: User | AnonymousUser, pk: int) -> JoinCode:
    """A join code of an organisation that ``user`` manages; else 404."""
    return get_object_or_404(JoinCode.objects.visible_to(user), pk=pk)


def member_of(organisation: Organisation, key: uuid.UUID | str) -> Membership:
    """The membership in ``organisation`` of the person with uuid ``key``; else 404."""
    rows = Membership.objects.filter(organisation=organisation).select_related("person")
    return get_object_or_404(rows, person__uuid=key)
