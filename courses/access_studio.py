"""Doors of the studio that are wider or narrower than a draft's: the people of a course, reviews of it,
and the organisation's shelf."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import Membership, Organisation, User
from courses.access import draft_for, may_author
from courses.models import Course, LibraryItem, Review


def people_door(user: User, slug: str, *, manage: bool = False) -> Course:
    """The course at ``slug`` for whoever works on it, and for the managers of the organisation that owns it.

    ``manage``: only for those who may arrange its people. Raises as ``draft_for`` does.
    """
    arranged = Course.objects.manageable_by(user).select_related("current_edition", "organisation")
    found = arranged.filter(slug=slug).first()
    if found is not None:
        return found
    course = draft_for(user, slug)
    if manage:
        raise PermissionDenied
    return course


def review_for(user: User, slug: str, pk: int) -> Review:
    """A review of the course at ``slug`` with its course and frozen edition. Raises as ``draft_for`` does."""
    rows = Review.objects.visible_to(user).select_related(
        "course__organisation", "course__current_edition", "edition", "asked_by"
    )
    found = rows.filter(course__slug=slug, pk=pk).first()
    if found is None:
        draft_for(user, slug)
        raise Http404
    return found


def item_for(user: User, pk: int, *, change: bool = False) -> LibraryItem:
    """An item of the shelf of one of ``user``'s organisations, for whoever authors.

    Raises ``PermissionDenied`` for others there, ``Http404`` for items of elsewhere. ``change``: only for those who may
    say what stands on it, put a newer version or withdraw it.
    """
    rows = LibraryItem.objects.visible_to(user).select_related("organisation", "author")
    item = rows.filter(pk=pk).first()
    if item is None:
        raise Http404
    if not may_author(user) or (change and not may_change_item(user, item)):
        raise PermissionDenied
    return item


def may_change_item(user: User, item: LibraryItem) -> bool:
    """Whoever put it on the shelf, while they still instruct, and the managers of the organisation."""
    if user.is_superuser:
        return True
    member = Membership.objects.filter(person=user, organisation=item.organisation_id)
    mine = Q(is_instructor=True) if item.author_id == user.pk else Q(pk__in=[])
    return member.filter(Q(is_manager=True) | mine).exists()


def shelves_of(user: User) -> QuerySet[Organisation]:
    """Organisations on whose shelf ``user`` may put something: those for which they instruct, their own first."""
    if user.is_superuser:
        return Organisation.objects.order_by("name", "pk")
    rows = Organisation.objects.filter(memberships__person=user, memberships__is_instructor=True)
    return rows.order_by("-memberships__is_primary", "name", "pk")
