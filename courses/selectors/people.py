"""Who works on a course, and who else could."""

from collections.abc import Iterable

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from accounts.models import Membership, User
from courses.models import Course, CourseEditor

Role = CourseEditor.Role
ORDER = Case(
    *(When(role=role, then=Value(place)) for place, role in enumerate((Role.OWNER, Role.EDITOR, Role.REVIEWER))),
    output_field=IntegerField(),
)


def people_of(course: Course, *, words: str = "") -> QuerySet[CourseEditor]:
    """Owners first, then editors, then reviewers, each by name; every one of ``words`` stands in name or address."""
    rows = CourseEditor.objects.filter(course=course).select_related("person")
    for word in words.split():
        rows = rows.filter(Q(person__name__icontains=word) | Q(person__email__icontains=word))
    return rows.order_by(ORDER, "person__name", "pk")


def could_join(user: User, course: Course) -> QuerySet[User]:
    """Active people whom ``user`` may ask to work on ``course``: those of their own libraries and of the course's, and
    whose record they may open. An address outside of these is as unknown as one that nobody has."""
    people = User.objects.active()
    if user.is_superuser:
        return people
    own = Membership.objects.filter(person=user).values("organisation")
    near = Q(organisation__in=own) | Q(organisation=course.organisation_id)
    return people.filter(
        Q(pk__in=User.objects.visible_to(user).values("pk"))
        | Exists(Membership.objects.filter(near, person=OuterRef("pk")))
    )


def person_called(email: str, *, user: User, course: Course) -> User | None:
    """The person at ``email`` if ``user`` may ask them, else None: nobody learns who else has an account."""
    return could_join(user, course).filter(email__iexact=email.strip()).first()


def people_called(emails: Iterable[str], *, user: User, course: Course) -> dict[str, User]:
    """The people whom ``user`` may ask, by address in small letters; addresses of others are left out. One query."""
    wanted = {email.strip().lower() for email in emails}
    found = could_join(user, course).annotate(address=Lower("email")).filter(address__in=wanted)
    return {person.email.lower(): person for person in found}


def colleagues(user: User, course: Course) -> QuerySet[User]:
    """Active people on ``course`` beside ``user``, by role, then name, with ``role``."""
    return (
        User.objects.active()
        .filter(edited_courses__course=course)
        .exclude(pk=user.pk)
        .annotate(role=F("edited_courses__role"))
        .order_by("role", "name", "pk")
    )


def owner_names(course: Course) -> list[str]:
    """The names of the owners of ``course``."""
    return [str(row.person) for row in people_of(course) if row.role == Role.OWNER]
