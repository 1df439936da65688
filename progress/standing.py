"""How progress is shown from below: the provider that ``courses.standing`` asks (D4)."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery

from core import clock
from core.compiled import Compiled
from courses.models import Enrolment
from courses.standing import CourseStanding, Demand, LessonStanding, Outlook
from progress.models import Completion, CourseState, Event, EventKind, LessonState, Obligation, VideoSession
from progress.services import folding, foreseeing


class LedgerStanding:
    """Answers from the projection: two queries for any number of courses, three for an enrolment with its lessons."""

    def for_courses(self, user: Any, course_ids: Iterable[int]) -> dict[int, CourseStanding]:
        """Standing by course id, without lessons; courses in which nothing was done and nothing is due are left out."""
        wanted = list(course_ids)
        if not user.is_authenticated or not wanted:
            return {}
        enrolments = _of_page(ENROLLED, _enrolled, user.pk, wanted)
        found = {enrolment.course_id: _course(enrolment) for enrolment in enrolments}
        for course_id, due in _due(user.pk, wanted).items():
            found[course_id] = _with_due(found.get(course_id) or CourseStanding(course_id=course_id), due)
        return found

    def for_enrolment(self, enrolment: Enrolment) -> CourseStanding:
        """Standing with every lesson that was touched or still misses something, by uid."""
        row: Any = STOOD.first(enrolment=enrolment.pk)
        lessons = {entry["uid"]: _missing(entry) for entry in row.state.unmet} if hasattr(row, "state") else {}
        lessons |= {state.uid: _lesson(state) for state in LESSONS.rows(enrolment=enrolment.pk)}
        standing = _course(row, lessons)
        due = _due(row.learner_id, [row.course_id]).get(row.course_id)
        return _with_due(standing, due) if due else standing

    def completed_among(self, enrolment_ids: Iterable[int]) -> set[int]:
        """Those of these enrolments that are completed."""
        completed = Completion.objects.filter(enrolment__in=list(enrolment_ids))
        return set(completed.values_list("enrolment_id", flat=True))

    def begun_anew(self, enrolment_ids: Iterable[int]) -> dict[int, dt.datetime]:
        """The moment at which each of these enrolments was set back last: what was done before no longer counts."""
        resets = Event.objects.filter(enrolment__in=list(enrolment_ids), kind=EventKind.RESET).order_by()
        return dict(resets.values_list("enrolment_id").annotate(Max("occurred_at")))

    def outlook(self, *, people: Any, moving: Any, demands: Sequence[Demand]) -> Outlook:
        """What an edition would do to people, counted from projection and ledger."""
        return foreseeing.outlook(people=people, moving=moving, demands=demands)


def _course(enrolment: Enrolment, lessons: Mapping[str, LessonStanding] | None = None) -> CourseStanding:
    state: CourseState | None = getattr(enrolment, "state", None)
    completion = getattr(enrolment, "completion", None)
    certificate = getattr(completion, "certificate", None)
    return CourseStanding(
        course_id=enrolment.course_id,
        enrolment_id=enrolment.pk,
        opened=enrolment.opened_at is not None,
        percent=state.percent if state else 0,
        done_count=state.done_count if state else 0,
        lesson_count=state.lesson_count if state else 0,
        last_uid=state.last_uid if state else "",
        completed_at=completion.at if completion else None,
        score=completion.score if completion else None,
        certificate_code=certificate.code if certificate else "",
        lessons=lessons or {},
    )


def _standing_query(*, enrolment: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(pk=enrolment).select_related("state", "completion__certificate")


def _lessons_query(*, enrolment: int) -> QuerySet[LessonState]:
    """Each with ``position_ms``: where the play session that was used last stopped."""
    sessions = VideoSession.objects.filter(enrolment=OuterRef("enrolment"), lesson_uid=OuterRef("uid"))
    last = sessions.order_by("-updated_at", "-id").values("position_ms")[:1]
    return LessonState.objects.filter(enrolment=enrolment).annotate(position_ms=Subquery(last))


STOOD, LESSONS = (Compiled(query, "enrolment") for query in (_standing_query, _lessons_query))  # asked by each lesson


def _enrolled(person: int, courses: Sequence[int]) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.live().filter(learner=person, course__in=courses)
    return rows.select_related("state", "completion__certificate").defer("state__unmet")


def _owed(person: int, courses: Sequence[int]) -> QuerySet[Obligation]:
    rows = Obligation.objects.live().unfinished().filter(person=person, course__in=courses)
    return rows.select_related("assignment__created_by")


PLACES = tuple(f"course_{number}" for number in range(1, 21))  # a page of the catalogue


def _of_courses(query: Callable[[int, Sequence[int]], QuerySet[Any]]) -> Compiled:
    return Compiled(lambda *, person, **courses: query(person, list(courses.values())), "person", *PLACES)


ENROLLED, OWED = _of_courses(_enrolled), _of_courses(_owed)


def _of_page(
    written: Compiled, query: Callable[..., QuerySet[Any]], person: int, courses: Sequence[int]
) -> Iterable[Any]:
    """What ``query`` gives; as it is ``written`` when there are no more courses than that has places for."""
    if len(courses) > len(PLACES):
        return query(person, courses)
    filled = (*courses, *courses[-1:] * (len(PLACES) - len(courses)))  # an empty place asks for the last course again
    return written.rows(person=person, **dict(zip(PLACES, filled, strict=True)))


def _lesson(state: LessonState) -> LessonStanding:
    return LessonStanding(
        uid=state.uid,
        state=state.state,
        done_at=state.done_at,
        position_ms=state.position_ms or 0,
        unmet=tuple(state.unmet),
        facts=folding.from_json(state.facts, {}).facts,
    )


def _missing(entry: Mapping[str, Any]) -> LessonStanding:
    return LessonStanding(uid=entry["uid"], state=entry["state"], unmet=tuple(entry["why"]))


def _due(person_id: int, course_ids: Sequence[int]) -> dict[int, Obligation]:
    """By course, the obligation that is due first and not met; one without a date comes last."""
    owed = _of_page(OWED, _owed, person_id, course_ids)
    first: dict[int, Obligation] = {}
    for obligation in sorted(owed, key=lambda each: (each.due_at is None, each.due_at or clock.now(), each.pk)):
        first.setdefault(obligation.course_id, obligation)
    return first


def _with_due(standing: CourseStanding, due: Obligation) -> CourseStanding:
    from_whom = due.assignment
    return replace(
        standing,
        due_on=due.due_on,
        overdue=due.due_at is not None and due.due_at < clock.now(),
        assigned_by=str(from_whom.created_by),
        note=from_whom.note,
    )
