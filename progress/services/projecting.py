"""Writing what is shown of an enrolment. Callers hold the lock of its ``CourseState``."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from core import clock
from core.compiled import Compiled
from courses.models import Enrolment
from progress.models import CourseState, Event, LessonState, VideoSession
from progress.selectors.rules import Rules, rules_of
from progress.services import folding
from progress.services.folding import CourseProjection, LessonProjection

SHOWN = [
    "edition",
    "percent",
    "done_count",
    "lesson_count",
    "minutes_left",
    "unmet",
    "generation",
    "last_uid",
    "last_at",
    "version",
]


def locked_state(enrolment: Enrolment) -> CourseState:
    """The enrolment's state, made on first use and locked until the end of the transaction.

    SQLite has no row locks: there the transaction itself, begun as IMMEDIATE, keeps every other writer out (D13).
    """
    found = CourseState.objects.select_for_update().filter(enrolment=enrolment).first() or _first_state(enrolment)
    found.enrolment = enrolment
    return found


def _recording_query(*, enrolment: int, uid: str, key: str) -> QuerySet[CourseState]:
    shown = LessonState.objects.filter(enrolment=OuterRef("enrolment"), uid=uid)
    return (
        CourseState.objects.select_for_update(of=("self",))
        .filter(enrolment=enrolment)
        .annotate(
            seen_version=Subquery(CourseState.objects.filter(pk=OuterRef("pk")).values("version")),
            lesson_state=Subquery(shown.values("state")),
            lesson_facts=Subquery(shown.values("facts")),
            lesson_times=Subquery(shown.values("times")),
            is_known=Exists(Event.objects.filter(enrolment=OuterRef("enrolment"), key=key)),
        )
    )


RECORDING = Compiled(_recording_query, "enrolment", texts=("uid", "key"))  # asked by whatever a learner does


def recording_state(enrolment: Enrolment, *, lesson_uid: str, key: str) -> tuple[CourseState, LessonState | None, bool]:
    """As ``locked_state``; with what is shown of a lesson (None = nothing), and whether an event ``key`` is known.

    One statement as a rule. PostgreSQL, when it had to wait for the lock, gives the newest version of the row it locks
    and everything else as it was before. Whoever adds an event raises the version: then the rest is read once more.
    """
    state = RECORDING.first(enrolment=enrolment.pk, uid=lesson_uid, key=key)
    if state is None:
        state = _first_state(enrolment)
        if not state.version:
            return state, None, False
    elif state.version == state.seen_version:
        state.enrolment = enrolment
        if state.lesson_state is None:
            return state, None, state.is_known
        seen = LessonState(state=state.lesson_state, facts=state.lesson_facts, times=state.lesson_times)
        return state, seen, state.is_known
    state.enrolment = enrolment
    row = LessonState.objects.filter(enrolment=enrolment, uid=lesson_uid).first()
    return state, row, Event.objects.filter(enrolment=enrolment, key=key).exists()


def _first_state(enrolment: Enrolment) -> CourseState:
    """The state in which nothing happened yet; whoever inserts it holds it."""
    fresh = CourseState(enrolment=enrolment, edition_id=cast(int, enrolment.edition_id))  # opening pins an edition
    _shown(fresh, folding.fold(rules_under(fresh), [], []))
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        return CourseState.objects.select_for_update().get(enrolment=enrolment)
    return fresh


def rules_under(state: CourseState) -> Rules:
    """The rules under which ``state`` is folded, titles in the language of its enrolment. Kept on the instance."""
    kept: tuple[int, Rules] | None = state.__dict__.get("_rules")
    if kept is None or kept[0] != state.edition_id:
        kept = state.__dict__["_rules"] = state.edition_id, rules_of(state.edition_id, state.enrolment.language)
    return kept[1]


def touch(state: CourseState) -> None:
    """Let whoever waits for the lock know that there is more to read than they have seen."""
    state.version += 1
    state.save(update_fields=["version"])


def refold(state: CourseState) -> CourseProjection:
    """Fold everything anew under the rules of ``state.edition``, and show that."""
    enrolment = state.enrolment
    events = Event.objects.filter(enrolment=enrolment)
    sessions = VideoSession.objects.filter(enrolment=enrolment)
    shown = folding.fold(rules_under(state), events, sessions)
    rows = [_lesson_row(enrolment, lesson) for lesson in shown.lessons.values()]
    LessonState.objects.filter(enrolment=enrolment).exclude(uid__in=list(shown.lessons)).delete()
    _write_lessons(rows)
    _write_course(state, shown)
    return shown


def show_lesson(state: CourseState, rules: Rules, lesson: LessonProjection, step_at: dt.datetime | None) -> None:
    """Show ``lesson`` as it stands now and what follows from it for the course.

    ``step_at`` is when the learner did something in it; None leaves 'last step' as it is.
    """
    unmet = {entry["uid"]: entry for entry in state.unmet}
    unmet.pop(lesson.rule.uid, None)
    if lesson.state != folding.DONE:
        unmet[lesson.rule.uid] = lesson.missing()
    _write_lessons([_lesson_row(state.enrolment, lesson)])
    shown = replace(
        folding.course(rules, unmet), generation=state.generation, last_uid=state.last_uid, last_at=state.last_at
    )
    if step_at is not None:
        shown = replace(shown, **_later(state, step_at, lesson.rule.uid))
    _write_course(state, shown)


def note_step(state: CourseState, at: dt.datetime, uid: str) -> None:
    """Remember where the learner was last, and that there is one event more, when nothing else changed."""
    later = _later(state, at, uid)
    state.last_at, state.last_uid = later["last_at"], later["last_uid"]
    state.version += 1
    state.save(update_fields=["last_at", "last_uid", "version"])


def _later(state: CourseState, at: dt.datetime, uid: str) -> dict[str, Any]:
    last_at, last_uid = max((at, uid), (state.last_at, state.last_uid)) if state.last_at else (at, uid)
    return {"last_at": last_at, "last_uid": last_uid}


def _shown(state: CourseState, shown: CourseProjection) -> CourseState:
    state.percent = shown.percent
    state.done_count = shown.done_count
    state.lesson_count = shown.lesson_count
    state.minutes_left = shown.minutes_left
    state.unmet = list(shown.unmet)
    state.generation = shown.generation
    state.last_uid = shown.last_uid
    state.last_at = shown.last_at
    return state


def _write_course(state: CourseState, shown: CourseProjection) -> None:
    _shown(state, shown)
    state.version += 1
    state.save(update_fields=SHOWN)


def _lesson_row(enrolment: Enrolment, lesson: LessonProjection) -> LessonState:
    facts, times = folding.to_json(lesson.tally)
    return LessonState(
        enrolment=enrolment,
        uid=lesson.rule.uid,
        state=lesson.state,
        facts=facts,
        times=times,
        unmet=list(lesson.unmet),
        done_at=lesson.done_at,
        updated_at=clock.now(),
    )


def _write_lessons(rows: Sequence[LessonState]) -> None:
    LessonState.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["enrolment", "uid"],
        update_fields=["state", "facts", "times", "unmet", "done_at", "updated_at"],
    )
