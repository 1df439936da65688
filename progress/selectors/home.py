"""What a person's home page says: the one next lesson, what is due, what they chose themselves, what they earned."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from core import clock
from courses.models import Course, EditionText, Enrolment
from courses.registry import kinds
from progress.models import Certificate, CourseState, Obligation, VideoSession
from progress.selectors.rules import LessonRule, rules_of

SOON = dt.timedelta(days=7)
STARTER = "ill-borrowing-101"
CERTIFICATES = 3
FAR = dt.datetime.max.replace(tzinfo=dt.UTC)
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Row:
    """A course on the home page. ``obligation`` is the one due first, None for an own choice."""

    course: Course
    title: str
    lessons: int
    minutes: int
    enrolment: Enrolment | None
    state: CourseState | None
    obligation: Obligation | None

    @property
    def started(self) -> bool:
        return self.enrolment is not None and self.enrolment.opened_at is not None

    @property
    def completion(self) -> object:
        return getattr(self.enrolment, "completion", None)

    @property
    def certificate(self) -> Certificate | None:
        return getattr(self.completion, "certificate", None)

    @property
    def due_at(self) -> dt.datetime | None:
        return self.obligation.due_at if self.obligation else None

    @property
    def overdue(self) -> bool:
        return self.due_at is not None and self.due_at < clock.now()

    @property
    def last_at(self) -> dt.datetime:
        return (self.state.last_at if self.state else None) or LONG_AGO


@dataclass(frozen=True)
class NextLesson:
    """Where to go on: ``lesson`` of ``number`` in ``row``'s course; ``ticks`` are ``done``, ``now`` or empty in order."""

    row: Row
    lesson: LessonRule
    icon: str
    summary: str
    position_ms: int
    ticks: tuple[str, ...]


@dataclass(frozen=True)
class Home:
    """``finished`` counts completed courses; ``next_row`` is the course to go on with, ``next`` its lesson once it is
    opened."""

    assigned: tuple[Row, ...]
    own: tuple[Row, ...]
    finished: int
    next_row: Row | None

    @property
    def due_this_week(self) -> int:
        at = clock.now()
        return sum(row.due_at is not None and at <= row.due_at < at + SOON for row in self.assigned)

    @property
    def overdue(self) -> int:
        return sum(row.overdue for row in self.assigned)

    @property
    def dated(self) -> list[Row]:
        return [row for row in self.assigned if row.due_at]


def home_of(user: User) -> Home:
    """Three statements whatever there is."""
    owed: dict[int, Obligation] = {}
    obligations = Obligation.objects.live().filter(person=user).select_related("course", "assignment__created_by")
    rows = sorted(obligations, key=lambda each: (each.due_at or FAR, each.pk))
    assigned_ever = {row.course_id for row in rows}
    for row in rows:
        if row.met_at is None:
            owed.setdefault(row.course_id, row)
    enrolments = {
        each.course_id: each
        for each in Enrolment.objects.live()
        .filter(learner=user)
        .select_related("course", "state", "completion__certificate")
    }
    texts = _texts(owed.values(), enrolments.values())
    assigned = [_row(each.course, enrolments.get(pk), each, texts, user) for pk, each in owed.items()]
    own = [_row(each.course, each, None, texts, user) for pk, each in enrolments.items() if pk not in assigned_ever]
    newest = {pk: each.pk for pk, each in enrolments.items()}
    own.sort(
        key=lambda row: (
            row.completion is not None,
            -row.last_at.timestamp() if row.state else 0,
            -newest[row.course.pk],
        )
    )
    return Home(
        assigned=tuple(assigned),
        own=tuple(own),
        finished=sum(getattr(each, "completion", None) is not None for each in enrolments.values()),
        next_row=_next_row(assigned, own),
    )


def _texts(owed: Iterable[Obligation], enrolments: Iterable[Enrolment]) -> dict[int, list[EditionText]]:
    editions = {each.course.current_edition_id for each in owed}
    editions |= {each.edition_id or each.course.current_edition_id for each in enrolments}
    found: dict[int, list[EditionText]] = {}
    for text in EditionText.objects.filter(edition__in=[pk for pk in editions if pk]).order_by("pk"):
        found.setdefault(text.edition_id, []).append(text)
    return found


def _row(
    course: Course,
    enrolment: Enrolment | None,
    obligation: Obligation | None,
    texts: dict[int, list[EditionText]],
    user: User,
) -> Row:
    spoken = texts.get((enrolment and enrolment.edition_id) or course.current_edition_id or 0, [])
    wanted = (enrolment.language if enrolment else user.language) or course.first_language
    text = next((each for each in spoken if each.language == wanted), spoken[0] if spoken else None)
    return Row(
        course=course,
        title=text.title if text else course.slug,
        lessons=text.lesson_count if text else 0,
        minutes=text.minutes if text else 0,
        enrolment=enrolment,
        state=getattr(enrolment, "state", None),
        obligation=obligation,
    )


def _next_row(assigned: Sequence[Row], own: Sequence[Row]) -> Row | None:
    """Overdue first, then what is due within a week, then where one was last, then what is due later or was kept."""
    soon = clock.now() + SOON
    pressing = [row for row in assigned if row.due_at is not None and row.due_at < soon]
    if pressing:
        return pressing[0]
    open_ = [row for row in [*assigned, *own] if row.completion is None]
    started = [row for row in open_ if row.started]
    if started:
        return max(started, key=lambda row: (row.last_at, -row.course.pk))
    return open_[0] if open_ else None


def next_lesson(row: Row) -> NextLesson | None:
    """The lesson to go on with in an opened course: where one was last, else the first that is open; three statements."""
    if row.enrolment is None or row.enrolment.edition_id is None:
        return None
    rules = rules_of(row.enrolment.edition_id, row.enrolment.language)
    missing = {entry["uid"]: entry for entry in row.state.unmet} if row.state else {uid: {} for uid in rules.by_uid}
    reachable = [
        lesson
        for lesson in rules.lessons
        if lesson.uid in missing and not missing.keys() & set(lesson.rule.get("opens_after") or ())
    ]
    if not reachable:
        return None
    last = row.state.last_uid if row.state else ""
    lesson = next((each for each in reachable if each.uid == last), reachable[0])
    session = VideoSession.objects.filter(enrolment=row.enrolment, lesson_uid=lesson.uid).order_by("-updated_at", "-pk")
    text = (
        EditionText.objects.filter(edition=row.enrolment.edition_id, language=row.enrolment.language)
        .select_related("part")
        .first()
    )
    kind = kinds.get(lesson.kind)
    return NextLesson(
        row=row,
        lesson=lesson,
        icon=kind.icon if kind else "text",
        summary=(text.part.rendered.get("summaries", {}) if text else {}).get(lesson.uid, "")
        or (str(kind.label) if kind else ""),
        position_ms=session.values_list("position_ms", flat=True).first() or 0,
        ticks=tuple(
            "now" if each.uid == lesson.uid else "done" if each.uid not in missing else "" for each in rules.lessons
        ),
    )


def starter_for(user: User) -> EditionText | None:
    """The course to begin with: the starter course, else the first one in the catalogue; None when there is nothing."""
    listed = Course.objects.listed_for(user)
    course = listed.filter(slug=STARTER).first() or listed.order_by("level", "code", "pk").first()
    if course is None:
        return None
    texts = EditionText.objects.filter(edition=course.current_edition_id).select_related("edition__course")
    return texts.filter(language=user.language or course.first_language).first() or texts.order_by("pk").first()


def recent_certificates(user: User) -> list[Certificate]:
    """The newest certificates of ``user``, each with course and title; two statements."""
    rows: list[Any] = list(
        Certificate.objects.filter(holder=user, state=Certificate.State.VALID).select_related(
            "completion__edition__course"
        )[:CERTIFICATES]
    )
    texts = EditionText.objects.filter(edition__in=[row.earned.edition_id for row in rows]).order_by("-pk")
    titles = {(text.edition_id, text.language): text.title for text in texts}
    anyway = {text.edition_id: text.title for text in texts}
    for row in rows:
        edition = row.earned.edition_id
        row.title = titles.get((edition, row.language)) or anyway.get(edition, "")
    return rows
