"""Who may see which certificate, whose record and what is assigned: the only door to these rows (D19).

Hidden is 404, forbidden 403.
"""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.access import leads_any_team, manages_any
from accounts.models import Team, User
from courses.models import Enrolment
from progress.models import Assignment, Certificate, Obligation
from progress.selectors.assigning import people_of

View = Callable[..., HttpResponse]


def certificate_for(user: User, code: str) -> Certificate:
    """The certificate whose page ``user`` may open: their own, or of somebody whose record they may open. Else 404."""
    return get_object_or_404(Certificate.objects.visible_to(user).with_course().select_related("holder"), code=code)


def own_certificate(user: User, code: str) -> Certificate:
    """A certificate that ``user`` holds: only its holder shares it. 403 for people who may only see it, else 404."""
    certificate = certificate_for(user, code)
    if certificate.holder_id != user.pk:
        raise PermissionDenied
    return certificate


def pdf_for(user: User, code: str) -> Certificate:
    """The certificate whose PDF ``user`` may open: holder, supervisors, managers, anybody once it is shared.

    Raises ``Http404`` for everybody else, and for a certificate that was revoked.
    """
    row = Certificate.objects.with_course().select_related("holder").filter(code=code).first()
    if row is None or row.state == Certificate.State.REVOKED:
        raise Http404
    if not row.shared and not Certificate.objects.visible_to(user).filter(pk=row.pk).exists():
        raise Http404
    return row


def public_certificate(code: str) -> Certificate | None:
    """The certificate with ``code``: whoever has the code may see what the public page says."""
    return Certificate.objects.with_course().filter(code=code).first() if code else None


def enrolments_of(user: User, person: User) -> QuerySet[Enrolment]:
    """The enrolments of ``person`` that ``user`` may see."""
    return Enrolment.objects.visible_to(user).filter(learner=person)


def may_lead(user: User) -> bool:
    """Whether the team area is for ``user``: they lead a team, or manage a library or the site."""
    return leads_any_team(user) or manages_any(user)


def leaders_only(view: View) -> View:
    """Wrap a page of the team area: visitors sign in first, everybody else who leads nobody gets 403."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_lead(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return login_required(inner)


def trainee_for(user: User, key: uuid.UUID | str) -> User:
    """The person with uuid ``key`` whom ``user`` looks after; else 404."""
    return get_object_or_404(people_of(user), uuid=key)


def team_chosen(user: User, given: str) -> Team | None:
    """The team with the number ``given`` in a filter; None for everyone. One that is not there is 404."""
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 18):
        raise Http404
    return get_object_or_404(Team.objects.visible_to(user), pk=given)


def assignment_for(user: User, pk: int, *, change: bool = False) -> Assignment:
    """An assignment about somebody whom ``user`` leads, else 404; 403 when it may be seen and not changed as a whole."""
    rows = Assignment.objects.select_related("course", "created_by")
    assignment = get_object_or_404(rows.led_by(user), pk=pk)
    if change and not Assignment.objects.manageable_by(user).filter(pk=pk).exists():
        raise PermissionDenied
    return assignment


def obligation_for(user: User, pk: int) -> Obligation:
    """What one of ``user``'s people owes; else 404. One's own is 403: nobody excuses themselves."""
    rows = Obligation.objects.select_related("person", "course", "assignment__created_by")
    obligation = get_object_or_404(rows.visible_to(user), pk=pk)
    if not Obligation.objects.manageable_by(user).filter(pk=pk).exists():
        raise PermissionDenied
    return obligation


def begun_for(obligation: Obligation) -> Enrolment | None:
    """What the person who owes ``obligation`` has begun of its course and not completed."""
    begun = Enrolment.objects.live().opened().filter(learner=obligation.person, course=obligation.course)
    return begun.filter(completion=None).select_related("learner", "course").first()
