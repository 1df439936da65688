"""My record: everything that counts, of one person, in a fixed number of queries."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from accounts.models import Organisation, User
from core import clock
from courses.models import Edition, EditionLessonText, EditionText, Enrolment
from progress.models import Certificate, CourseState, Event, Obligation
from progress.selectors.certificates import CertificateFacts, certificates_with_facts, state_of
from progress.selectors.why import Missing, missing_in

SOON = dt.timedelta(days=30)
LOG_SIZE = 10


@dataclass(frozen=True)
class RecordRow:
    """One course in the record. ``state``: ``done``, ``expiring``, ``expired``, ``revoked``, ``overdue``, ``due``,
    ``started``, ``new`` or ``left``. ``minutes`` are those of the lessons that are done."""

    enrolment: Enrolment
    title: str
    state: str
    edition: int | None
    percent: int
    done_count: int
    lesson_count: int
    minutes: int
    last_at: dt.datetime | None
    last_uid: str
    finished_at: dt.datetime | None
    score: int | None
    due_on: dt.date | None
    certificate: Certificate | None
    why: tuple[Missing, ...] = ()

    @property
    def finished(self) -> bool:
        return self.finished_at is not None


@dataclass(frozen=True)
class Record:
    """All courses of a person, newest step first, and what follows from them."""

    rows: tuple[RecordRow, ...]
    certificates: tuple[CertificateFacts, ...]
    years: tuple[int, ...]

    @property
    def finished(self) -> int:
        return sum(row.finished for row in self.rows)

    @property
    def under_way(self) -> int:
        return sum(not row.finished and row.state not in ("new", "left") for row in self.rows)

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.rows)

    @property
    def average(self) -> int | None:
        """The mean score of finished courses that have one."""
        scores = [row.score for row in self.rows if row.score is not None]
        return round(sum(scores) / len(scores)) if scores else None

    @property
    def since(self) -> dt.datetime | None:
        return min((row.enrolment.opened_at for row in self.rows if row.enrolment.opened_at), default=None)

    def of_year(self, year: int | None) -> tuple[RecordRow, ...]:
        """The courses in which something happened in ``year``; all of them without one."""
        return tuple(row for row in self.rows if year is None or (row.last_at and row.last_at.year == year))


def record_of(person: User) -> Record:
    """The record of ``person``: five queries whatever is in it."""
    enrolments = list(
        Enrolment.objects.filter(learner=person).select_related(
            "course__current_edition", "edition", "state", "completion__edition", "completion__certificate"
        )
    )
    texts = _texts(enrolments)
    due = _due(person)
    rows = [
        _row(enrolment, texts, due) for enrolment in enrolments if enrolment.edition or enrolment.course.current_edition
    ]
    rows.sort(key=lambda row: (row.last_at or row.enrolment.created_at, row.enrolment.pk), reverse=True)
    certificates = certificates_with_facts(certificates_of(person))
    years = sorted({row.last_at.year for row in rows if row.last_at}, reverse=True)
    return Record(tuple(rows), tuple(certificates), tuple(years))


def certificates_of(person: User) -> QuerySet[Certificate]:
    """The certificates of ``person``, newest first, ready for ``certificates_with_facts``."""
    return Certificate.objects.filter(holder=person).with_course()


def _texts(enrolments: Iterable[Enrolment]) -> dict[int, dict[str, EditionText]]:
    wanted = {enrolment.edition_id or enrolment.course.current_edition_id for enrolment in enrolments}
    found: dict[int, dict[str, EditionText]] = {}
    for text in EditionText.objects.filter(edition__in=wanted).only(
        "edition_id", "language", "title", "minutes", "lesson_count"
    ):
        found.setdefault(text.edition_id, {})[text.language] = text
    return found


def _due(person: User) -> dict[int, Obligation]:
    owed = Obligation.objects.live().unfinished().filter(person=person, due_at__isnull=False).order_by("-due_at")
    return {obligation.course_id: obligation for obligation in owed}


def _row(
    enrolment: Enrolment, texts: Mapping[int, Mapping[str, EditionText]], due: Mapping[int, Obligation]
) -> RecordRow:
    edition = cast(Edition, enrolment.edition or enrolment.course.current_edition)  # nobody enrols in an empty course
    spoken = texts[edition.pk]
    text = spoken.get(enrolment.language) or spoken.get(enrolment.course.first_language) or next(iter(spoken.values()))
    state: CourseState | None = getattr(enrolment, "state", None)
    completion = getattr(enrolment, "completion", None)
    certificate = getattr(completion, "certificate", None)
    owed = None if completion else due.get(enrolment.course_id)
    return RecordRow(
        enrolment=enrolment,
        title=text.title,
        state=_state(enrolment, certificate, owed) if completion is None or certificate else "done",
        edition=(completion.edition.number if completion else edition.number),
        percent=state.percent if state else 0,
        done_count=state.done_count if state else 0,
        lesson_count=state.lesson_count if state else text.lesson_count,
        minutes=text.minutes - state.minutes_left if state else 0,
        last_at=state.last_at if state else None,
        last_uid=state.last_uid if state else "",
        finished_at=completion.at if completion else None,
        score=completion.score if completion else None,
        due_on=owed.due_on if owed else None,
        certificate=certificate,
        why=missing_in(state) if state and not completion else (),
    )


def _state(enrolment: Enrolment, certificate: Certificate | None, owed: Obligation | None) -> str:
    now = clock.now()
    if certificate is not None:
        expiring = certificate.expires_at is not None and certificate.expires_at - now < SOON
        standing = state_of(certificate, at=now)
        return standing if standing != "valid" else ("expiring" if expiring else "done")
    if enrolment.closed_at is not None:
        return "left"
    if owed is not None:
        return "overdue" if owed.due_at is not None and owed.due_at < now else "due"
    return "started" if enrolment.opened_at else "new"


@dataclass(frozen=True)
class LogRow:
    """An event with the title of the lesson it is about."""

    event: Event
    lesson: str


def log_of(
    enrolments: QuerySet[Enrolment], number: Any = 1, *, size: int = LOG_SIZE
) -> "tuple[Page[Event], list[LogRow]]":
    """A page of what counted, newest first, with lesson titles: three queries."""
    events = (
        Event.objects.filter(enrolment__in=enrolments.values("pk"))
        .select_related("enrolment__course", "actor")
        .order_by("-occurred_at", "-id")
    )
    page = Paginator(events, size).get_page(number)
    shown = list(page.object_list)
    titles = _lesson_titles(shown)
    return page, [LogRow(event, titles.get((event.enrolment.course_id, event.lesson_uid), "")) for event in shown]


def _lesson_titles(events: Iterable[Event]) -> dict[tuple[int, str], str]:
    """By course and uid, from the newest edition that has the lesson."""
    uids = {event.lesson_uid for event in events if event.lesson_uid}
    courses = {event.enrolment.course_id for event in events}
    rows = EditionLessonText.objects.filter(
        edition_lesson__uid__in=uids, edition_lesson__edition__course__in=courses
    ).order_by("edition_lesson__edition__number", "-language")
    return {
        (course, uid): title
        for course, uid, title in rows.values_list("edition_lesson__edition__course_id", "edition_lesson__uid", "title")
    }


@dataclass(frozen=True)
class Readers:
    """Who, beside the person, may open their record."""

    supervisors: tuple[str, ...]
    organisations: tuple[str, ...]


def readers_of(person: User) -> Readers:
    """The supervisors and the libraries whose managers may open the record of ``person``: two queries."""
    supervisors = (
        User.objects.filter(
            team_memberships__role="supervisor",
            team_memberships__team__memberships__person=person,
        )
        .exclude(pk=person.pk)
        .distinct()
        .order_by("name", "pk")
    )
    libraries = Organisation.objects.filter(memberships__person=person)
    return Readers(tuple(str(each) for each in supervisors), tuple(libraries.values_list("name", flat=True)))
