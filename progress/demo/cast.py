"""Who lives in the demo. All of them are invented; their addresses lie under ``example.org``."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction

from accounts.models import Consortium, Organisation, Team, TeamMembership, User
from accounts.services import people as people_services

TRAINEE, SUPERVISOR = TeamMembership.Role.TRAINEE, TeamMembership.Role.SUPERVISOR
CONSORTIUM = ("Northern Lakes Consortium", "northern-lakes")


@dataclass(frozen=True)
class Library:
    name: str
    slug: str
    zone: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """``shown`` is how the list of sign-ins introduces them; empty: not in that list."""

    name: str
    library: str
    teams: tuple[tuple[str, str], ...] = ()
    manager: bool = False
    instructor: bool = False
    admin: bool = False
    shown: str = ""

    @property
    def email(self) -> str:
        return f"{'.'.join(self.name.lower().replace('í', 'i').split())}@example.org"


LIBRARIES = (
    Library("Alder Valley University", "alder-valley", "America/Denver", ("Borrowing", "Lending")),
    Library("Mesa Ridge College", "mesa-ridge", "America/Phoenix"),
    Library("Prairie Health Sciences Library", "prairie-health", "America/Chicago", ("ILL desk",)),
)

PEOPLE = (
    Person("Rosa Delgado", "alder-valley", (("Borrowing", TRAINEE),), shown="Trainee, nothing begun yet"),
    Person(
        "Marcus Oyelaran",
        "alder-valley",
        (("Borrowing", SUPERVISOR), ("Lending", SUPERVISOR)),
        shown="Supervisor of Borrowing and Lending",
    ),
    Person("Hana Whitcomb", "mesa-ridge", instructor=True, shown="Instructor, owns ILL Borrowing 101"),
    Person("Priya Raman", "alder-valley", manager=True, shown="Manager of Alder Valley University"),
    Person("Owen Brightwater", "alder-valley", admin=True, shown="Site administrator"),
    Person("Ingrid Solheim", "alder-valley", (("Lending", TRAINEE),), shown="Trainee, under way"),
    Person("Lucía Ferreira", "alder-valley", (("Lending", TRAINEE),), shown="Trainee, finished"),
    Person("Bettina Krause", "alder-valley", (("Lending", TRAINEE),), shown="Trainee, overdue"),
    Person("Dev Patel", "alder-valley", (("Lending", TRAINEE),)),
    Person("Sam Whitehorse", "alder-valley", (("Borrowing", TRAINEE),)),
    Person("Gwen Adeyemi", "prairie-health", (("ILL desk", SUPERVISOR),), manager=True, instructor=True),
    Person("Tomasz Lind", "prairie-health", (("ILL desk", TRAINEE),)),
)


def person_called(name: str) -> User:
    """The person of the demo with this name."""
    [email] = [person.email for person in PEOPLE if person.name == name]
    return User.objects.get_by_natural_key(email)


@transaction.atomic
def settle(*, password: str) -> bool:
    """Make libraries, teams and people; False when they are there already: then nothing is touched."""
    if Organisation.objects.filter(slug=LIBRARIES[0].slug).exists():
        return False
    name, slug = CONSORTIUM
    consortium, _new = Consortium.objects.get_or_create(slug=slug, defaults={"name": name})
    teams: dict[tuple[str, str], Team] = {}
    places: dict[str, Organisation] = {}
    for library in LIBRARIES:
        fields = {"name": library.name, "time_zone": library.zone, "consortium": consortium}
        places[library.slug], _new = Organisation.objects.get_or_create(slug=library.slug, defaults=fields)
        for team in library.teams:
            teams[library.slug, team] = people_services.create_team(organisation=places[library.slug], name=team)
    for person in PEOPLE:
        known = get_user_model().objects.filter(email__iexact=person.email).first()
        user = known or people_services.create_person(
            email=person.email,
            name=person.name,
            password=password,
            email_verified=True,
            is_staff=person.admin,
            is_superuser=person.admin,
        )
        people_services.add_member(
            person=user,
            organisation=places[person.library],
            is_manager=person.manager,
            is_instructor=person.instructor,
        )
        for team, role in person.teams:
            people_services.add_to_team(team=teams[person.library, team], person=user, role=role)
    return True
