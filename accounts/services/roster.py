"""People, teams and roles from a table (``import_people``)."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import Organisation, Team, TeamMembership, User
from accounts.services.people import add_member, add_to_team, create_person
from core import clock
from core.errors import InvalidInput

COLUMNS = ("email", "name", "team", "role", "manager", "instructor", "time_zone")
NEEDED = ("email", "name")
YES, NO = ("yes", "y", "true", "1", "x"), ("no", "n", "false", "0", "")
MAX_ROWS = 10_000


class RosterFaults(InvalidInput):
    """Everything that is wrong with a table: ``faults`` are sentences that start with ``file:line:``."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Entry:
    """One line of the table, read and checked."""

    line: int
    email: str
    name: str
    team: str = ""
    role: str = TeamMembership.Role.TRAINEE
    manager: bool = False
    instructor: bool = False
    time_zone: str = ""


@dataclass
class Outcome:
    """What an import did, or would do."""

    created: int = 0
    found: int = 0
    teams: int = 0
    places: int = 0


def read_roster(path: Path) -> list[Entry]:
    """Read a CSV file with a heading line of ``COLUMNS``; one line for each person and team.

    Raises ``RosterFaults`` with every fault of the file.
    """
    faults: list[str] = []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise RosterFaults([f"{path.name}:1: the file cannot be read as UTF-8 text: {problem}"]) from None
    reader = csv.DictReader(text.splitlines(), strict=True)
    faults += _heading_faults(path.name, reader.fieldnames or [])
    if faults:
        raise RosterFaults(faults)
    entries: list[Entry] = []
    seen: dict[tuple[str, str, str], int] = {}
    try:
        for number, row in _rows(reader):
            entry, wrong = _read_row(number, row)
            faults += [f"{path.name}:{number}: {sentence}" for sentence in wrong]
            key = (entry.email, entry.team.lower(), entry.role)
            if not wrong and key in seen:
                faults.append(f"{path.name}:{number}: {entry.email} stands in line {seen[key]} already: leave one out")
            seen.setdefault(key, number)
            entries.append(entry)
    except csv.Error as problem:
        faults.append(f"{path.name}:{reader.line_num}: {problem}: close every quotation mark")
    if len(entries) > MAX_ROWS:
        faults.append(f"{path.name}:{MAX_ROWS + 2}: more than {MAX_ROWS} people: split the file")
    if faults:
        raise RosterFaults(faults)
    return entries


def _heading_faults(name: str, headings: Iterable[str]) -> list[str]:
    given = [heading.strip() for heading in headings]
    faults = [f"{name}:1: there is no column “{column}”: add it" for column in NEEDED if column not in given]
    known = ", ".join(COLUMNS)
    return faults + [
        f"{name}:1: “{heading}” is not a column: use {known}" for heading in given if heading not in COLUMNS
    ]


def _rows(reader: "csv.DictReader[str]") -> Iterator[tuple[int, Mapping[str, str]]]:
    for row in reader:
        cells = {(name or "").strip(): value for name, value in row.items()}
        if None in row or None in row.values():
            cells["wrong width"] = "yes"
        if any(isinstance(value, str) and value.strip() for value in cells.values()):
            yield reader.line_num, {name: str(value or "").strip() for name, value in cells.items()}


def _read_row(number: int, row: Mapping[str, str]) -> tuple[Entry, list[str]]:
    wrong: list[str] = []
    if "wrong width" in row:
        wrong.append("the line has more or fewer cells than the heading: put a comma between all of them")
    entry = Entry(
        line=number,
        email=row.get("email", "").lower(),
        name=row.get("name", ""),
        team=row.get("team", ""),
        role=row.get("role", "").lower() or TeamMembership.Role.TRAINEE,
        manager=row.get("manager", "").lower() in YES,
        instructor=row.get("instructor", "").lower() in YES,
        time_zone=row.get("time_zone", ""),
    )
    wrong += _entry_faults(entry)
    for column in ("manager", "instructor"):
        if row.get(column, "").lower() not in YES + NO:
            wrong.append(f"“{row[column]}” in the column {column} is neither yes nor no")
    return entry, wrong


def _entry_faults(entry: Entry) -> list[str]:
    wrong: list[str] = []
    try:
        validate_email(entry.email)
    except ValidationError:
        wrong.append(f"“{entry.email}” is not an email address, such as rosa.delgado@example.org")
    if not entry.name or len(entry.name) > 150:
        wrong.append("the name is missing or longer than 150 characters")
    if len(entry.team) > 150:
        wrong.append("the name of the team is longer than 150 characters")
    if entry.role not in TeamMembership.Role.values:
        wrong.append(f"“{entry.role}” is not a role: use trainee or supervisor")
    if entry.role == TeamMembership.Role.SUPERVISOR and not entry.team:
        wrong.append("a supervisor needs a team to lead: name it in the column team")
    if entry.time_zone:
        try:
            clock.validate_zone(entry.time_zone)
        except ValidationError:
            wrong.append(f"“{entry.time_zone}” is not a known time zone, such as America/Chicago")
    return wrong


@transaction.atomic
def import_roster(*, organisation: Organisation, entries: list[Entry]) -> Outcome:
    """Make people, teams and places that are not there yet; nothing is taken away, and a second run changes nothing.

    New people have no password: they come in by “Forgot the password?” or a sign-in code.
    """
    outcome = Outcome()
    people = {person.email.lower(): person for person in User.objects.filter(email__in=[e.email for e in entries])}
    teams = {team.name.lower(): team for team in organisation.teams.all()}
    for entry in entries:
        person = people.get(entry.email)
        if person is None:
            person = create_person(email=entry.email, name=entry.name, time_zone=entry.time_zone)
            people[entry.email] = person
            outcome.created += 1
        else:
            outcome.found += 1
        add_member(person=person, organisation=organisation, is_manager=entry.manager, is_instructor=entry.instructor)
        if entry.team:
            _place(organisation, entry, person, teams, outcome)
    return outcome


def _place(organisation: Organisation, entry: Entry, person: User, teams: dict[str, Team], outcome: Outcome) -> None:
    team = teams.get(entry.team.lower())
    if team is None:
        team = teams[entry.team.lower()] = Team.objects.create(organisation=organisation, name=entry.team)
        outcome.teams += 1
    add_to_team(team=team, person=person, role=entry.role)
    outcome.places += 1
