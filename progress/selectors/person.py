"""One person as their supervisor sees them: what is open and why, what is finished, what was said to them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import Notice, Team, TeamMembership, User
from core import clock
from courses.models import EditionLessonText, EditionText, Enrolment
from courses.registry import LessonFacts
from progress.models import Certificate, CourseState, LessonState, Obligation
from progress.selectors.assigning import titles_of
from progress.selectors.why import Missing, missing_in
from quizzes.selectors.reviewing import days_reviewed

SAID = ("assigned", "date_moved", "due_soon", "overdue", "nudge", "progress_reset", "quiz_attempt_given")
SHOWN_MESSAGES = 8
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class DoneLesson:
    """A lesson that is done in a course that is not."""

    title: str
    at: dt.datetime | None
    best: int | None


@dataclass(frozen=True)
class OpenCourse:
    """An assigned course that is not complete. ``others``: how many more assignments ask for the same course."""

    obligation: Obligation
    title: str
    enrolment: Enrolment | None
    state: CourseState | None
    missing: tuple[Missing, ...]
    done: tuple[DoneLesson, ...]
    lessons: int
    minutes: int
    others: int = 0

    @property
    def overdue(self) -> bool:
        return self.obligation.due_at is not None and self.obligation.due_at < clock.now()

    @property
    def started(self) -> bool:
        return self.enrolment is not None and self.enrolment.opened_at is not None


@dataclass(frozen=True)
class Finished:
    """A finished course. ``days_early`` is None for a course without a date; below zero it was late."""

    enrolment: Enrolment
    title: str
    at: dt.datetime
    score: int | None
    certificate: Certificate | None
    own_choice: bool
    days_early: int | None

    @property
    def late(self) -> int:
        """Days after the date; 0 when it was on time."""
        return max(-(self.days_early or 0), 0)


@dataclass(frozen=True)
class PersonPage:
    """Everything the page says about ``person``."""

    person: User
    places: tuple[TeamMembership, ...]
    open: tuple[OpenCourse, ...]
    finished: tuple[Finished, ...]
    messages: tuple[Notice, ...]
    assigned: int
    met: int
    lessons_this_month: int
    days_reviewed: int
    last_here: dt.datetime | None

    @property
    def overdue(self) -> int:
        return sum(each.overdue for each in self.open)

    @property
    def due_soon(self) -> int:
        at = clock.now()
        return sum(at <= each.obligation.due_at < at + WEEK for each in self.open if each.obligation.due_at)


def person_page(user: User, person: User, *, month_start: dt.datetime) -> PersonPage:
    """What ``user`` sees of ``person``: ten statements whatever is in it. ``user`` looks after ``person``."""
    obligations = list(
        Obligation.objects.live().filter(person=person).select_related("course", "assignment__created_by")
    )
    enrolments = list(
        Enrolment.objects.filter(learner=person)
        .select_related("course", "edition", "state", "completion__certificate")
        .order_by("cycle")
    )
    courses = {row.course_id for row in obligations} | {row.course_id for row in enrolments}
    titles = titles_of(courses, user.language or "en")
    places = TeamMembership.objects.filter(
        person=person, role=TeamMembership.Role.TRAINEE, team__in=Team.objects.visible_to(user).values("pk")
    ).select_related("team")
    states = list(
        LessonState.objects.filter(enrolment__in=enrolments, state=LessonState.State.DONE).order_by("done_at")
    )
    return PersonPage(
        person=person,
        places=tuple(places),
        open=tuple(_open(obligations, enrolments, titles, states)),
        finished=tuple(_finished(obligations, enrolments, titles)),
        messages=tuple(Notice.objects.filter(person=person, kind__in=SAID)[:SHOWN_MESSAGES]),
        assigned=len({row.course_id for row in obligations}),
        days_reviewed=days_reviewed(person, at=clock.now()),
        met=len({row.course_id for row in obligations if row.met_at}),
        last_here=max(filter(None, [person.last_login, *(_last_step(each) for each in enrolments)]), default=None),
        lessons_this_month=sum(state.done_at is not None and state.done_at >= month_start for state in states),
    )


def _last_step(enrolment: Enrolment) -> dt.datetime | None:
    state = getattr(enrolment, "state", None)
    return state.last_at if state else None


def _open(
    obligations: Iterable[Obligation],
    enrolments: Iterable[Enrolment],
    titles: dict[int, str],
    states: Iterable[LessonState],
) -> list[OpenCourse]:
    """One entry a course, the obligation that is due first standing for all of them."""
    owed: dict[int, list[Obligation]] = {}
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    for row in sorted(obligations, key=lambda each: (each.due_at or far, each.pk)):
        if row.met_at is None:
            owed.setdefault(row.course_id, []).append(row)
    live = {each.course_id: each for each in enrolments if each.closed_at is None}
    here = {pk: live[pk] for pk in owed if pk in live}
    lessons = _lesson_titles({each.edition_id for each in here.values() if each.edition_id})
    sizes = _sizes({rows[0].course.current_edition_id for rows in owed.values()})
    done: dict[int, list[DoneLesson]] = {}
    editions = {each.pk: each.edition_id for each in here.values() if each.edition_id}
    for state in states:
        if state.enrolment_id in editions:
            title = lessons.get((editions[state.enrolment_id], state.uid), state.uid)
            best = LessonFacts.read(state.facts).best_percent
            done.setdefault(state.enrolment_id, []).append(DoneLesson(title, state.done_at, best))
    found = []
    for course, rows in owed.items():
        enrolment = here.get(course)
        shown: CourseState | None = getattr(enrolment, "state", None)
        count, minutes = sizes.get(rows[0].course.current_edition_id, (0, 0))
        found.append(
            OpenCourse(
                obligation=rows[0],
                title=titles.get(course, ""),
                enrolment=enrolment,
                state=shown,
                missing=missing_in(shown) if shown else (),
                done=tuple(done.get(enrolment.pk, ())) if enrolment else (),
                lessons=count,
                minutes=minutes,
                others=len(rows) - 1,
            )
        )
    return found


def _lesson_titles(editions: set[int]) -> dict[tuple[int, str], str]:
    rows = EditionLessonText.objects.filter(edition_lesson__edition__in=editions).order_by("-pk")
    return {
        (edition, uid): title
        for edition, uid, title in rows.values_list("edition_lesson__edition_id", "edition_lesson__uid", "title")
    }


def _sizes(editions: set[int | None]) -> dict[int | None, tuple[int, int]]:
    rows = EditionText.objects.filter(edition__in=[pk for pk in editions if pk]).order_by("-pk")
    return {
        edition: (count, minutes)
        for edition, count, minutes in rows.values_list("edition_id", "lesson_count", "minutes")
    }


def _finished(
    obligations: Iterable[Obligation], enrolments: Iterable[Enrolment], titles: dict[int, str]
) -> list[Finished]:
    dates = {row.course_id: row.due_on for row in obligations if row.met_at and row.due_on}
    assigned = {row.course_id for row in obligations}
    found = []
    for enrolment in enrolments:
        completion = getattr(enrolment, "completion", None)
        if completion is None:
            continue
        due_on = dates.get(enrolment.course_id)
        found.append(
            Finished(
                enrolment=enrolment,
                title=titles.get(enrolment.course_id, ""),
                at=completion.at,
                score=completion.score,
                certificate=getattr(completion, "certificate", None),
                own_choice=enrolment.course_id not in assigned,
                days_early=(due_on - completion.at.date()).days if due_on else None,
            )
        )
    return sorted(found, key=lambda each: each.at, reverse=True)
