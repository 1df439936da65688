"""Recording what a learner did: one event, folded at once, under the lock of the enrolment's state (D7)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from core.errors import InvalidInput
from courses.models import EditionLesson, Enrolment
from progress.models import CourseState, Event, EventKind, LessonState, VideoSession
from progress.selectors.rules import LessonRule, Rules
from progress.services import folding
from progress.services.completing import complete
from progress.services.folding import Tally
from progress.services.projecting import (
    note_step,
    recording_state,
    refold,
    rules_under,
    show_lesson,
    touch,
)
from progress.services.watching import Claim, film_watched, playing

WATCHED = EventKind.WATCHED
PAYLOAD_MAX = 20


@dataclass(frozen=True)
class Known:
    """What is known of a lesson before something new is joined to it."""

    rules: Rules
    rule: LessonRule
    tally: Tally
    state: str


def record_activity(
    *,
    enrolment: Enrolment,
    lesson: EditionLesson,
    kind: str,
    payload: Mapping[str, Any],
    key: str,
    occurred_at: dt.datetime,
    actor: User | None,
) -> None:
    """Record that something happened in ``lesson`` and show what follows from it. The same ``key`` counts once.

    ``watched`` is a beat of a video: it only lengthens its play session, until there is something new to show. What a
    beat can claim is limited by the clock; ``payload["declared"]`` (the form for browsers without scripts) is not.
    Raises ``InvalidInput`` for an unknown kind or a payload that makes no sense.
    """
    if kind not in EventKind.values or len(payload) > PAYLOAD_MAX:
        raise InvalidInput("This is not something a lesson can record.")
    claim = Claim.read(payload) if kind == WATCHED else None
    # A savepoint would cost two statements a beat; whoever calls this rolls back everything or nothing.
    with transaction.atomic(savepoint=False):
        event = Event(
            enrolment=enrolment,
            lesson_uid=lesson.uid,
            lesson_rev=lesson.rev,
            kind=kind,
            payload={} if claim else dict(payload),
            occurred_at=occurred_at,
            actor=actor,
            key=key,
        )
        if claim:
            _record_beat(event, claim)
        else:
            _record_event(event)


def record_result(
    *,
    enrolment: Enrolment,
    lesson_uid: str,
    lesson_rev: int,
    attempt_number: int,
    percent: int,
    passed: bool,
    key: str,
    occurred_at: dt.datetime,
    actor: User | None,
    grading: int = 1,
    reason: str = "",
    silent: bool = False,
) -> None:
    """Record a graded attempt. ``key`` names attempt and grading, so that a re-grade is an event of its own.

    Of an attempt the greatest ``grading`` stands, and ``reason`` says why there is another. A ``silent`` one has a score
    that the learner may not see at once: what is said of it names no figure. Passing a pre-test credits
    the lessons that its rule names: an event for each that the learner sees, once until they begin anew.
    """
    with transaction.atomic(savepoint=False):
        event = Event(
            enrolment=enrolment,
            lesson_uid=lesson_uid,
            lesson_rev=lesson_rev,
            kind=EventKind.GRADED,
            payload=_graded(attempt_number, percent, passed) | _regraded(grading, reason) | _silent(silent=silent),
            occurred_at=occurred_at,
            actor=actor,
            key=key,
        )
        state = _record_event(event)
        if passed:
            _credit(state, event)


def _graded(attempt: int, percent: int, passed: object) -> dict[str, Any]:
    return {"attempt": attempt, "percent": percent, "passed": passed}


def _regraded(grading: int, reason: str) -> dict[str, Any]:
    return {"grading": grading, "reason": reason} if grading > 1 else {}


def _silent(*, silent: bool) -> dict[str, Any]:
    return {"silent": True} if silent else {}


def _credit(state: CourseState, passed: Event) -> None:
    """Credit the lessons that the rule of the pre-test names, as far as they are there and not credited yet."""
    rules = rules_under(state)
    rule = rules.by_uid.get(passed.lesson_uid)
    if rule is None or not rule.rule.get("credits") or not folding.counts(passed, rule, state.generation):
        return
    credited = [rules.by_uid[uid] for uid in rule.rule["credits"] if uid in rules.by_uid]
    events = [
        Event(
            enrolment=state.enrolment,
            lesson_uid=each.uid,
            lesson_rev=each.rev,
            generation=state.generation,
            kind=EventKind.CREDIT,
            payload={"pretest": passed.lesson_uid, "attempt": passed.payload["attempt"]},
            occurred_at=passed.occurred_at,
            actor=passed.actor,
            key=f"credit:{passed.lesson_uid}:{each.uid}:{each.rev}:{state.generation}",
        )
        for each in credited
    ]
    known = Event.objects.filter(enrolment=state.enrolment, key__in=[event.key for event in events])
    if known.count() == len(events):
        return
    Event.objects.bulk_create(events, ignore_conflicts=True)
    if refold(state).complete:
        complete(state=state, rules=rules)


def _append(event: Event) -> None:
    """Insert ``event`` unless its key is known. No savepoint: it would cost two statements, and a known key is rare."""
    Event.objects.bulk_create([event], ignore_conflicts=True)


def _record_beat(event: Event, claim: Claim) -> None:
    state, sessions = playing(event.enrolment, lesson_uid=event.lesson_uid, lesson_rev=event.lesson_rev)
    event.generation = state.generation
    watched = film_watched(event=event, claim=claim, sessions=sessions)
    if watched.new_session:
        touch(state)
    if not watched.new_to_show:
        return
    row = LessonState.objects.filter(enrolment=state.enrolment, uid=event.lesson_uid).first() if state.version else None
    known = _known(state, event, row)
    if known is None:
        return
    news = folding.join(known.tally, watched.tally)
    if known.state != folding.DONE and folding.verdict(known.rule, news.facts).done:
        event.key = f"watched:{event.lesson_uid}:{event.lesson_rev}:{event.generation}"
        event.payload = {"declared": True} if claim.declared else {}
        _append(event)
        news = folding.join(news, folding.tally_of(event))
        _show(state, known, news, event.occurred_at)
    else:
        _show(state, known, news, None)


def _record_event(event: Event) -> CourseState:
    """Append ``event`` and show what follows, unless its key is known; the state stays locked."""
    state, row, is_known = recording_state(event.enrolment, lesson_uid=event.lesson_uid, key=event.key)
    event.generation = state.generation
    if is_known:
        return state
    _append(event)
    known = _known(state, event, row)
    if known is None:
        note_step(state, event.occurred_at, event.lesson_uid)
        return state
    tally = known.tally
    if tally.facts.duration_ms:
        # What is kept of a film is rounded down; the verdict needs every second.
        tally = folding.join(tally, folding.watching(_sessions(state, known.rule)))
    _show(state, known, folding.join(tally, folding.tally_of(event)), event.occurred_at)
    return state


def _known(state: CourseState, event: Event, row: LessonState | None) -> Known | None:
    """What is known of the lesson that ``event`` is about; None when the event does not count in this edition."""
    rules = rules_under(state)
    rule = rules.by_uid.get(event.lesson_uid)
    if rule is None or not folding.counts(event, rule, state.generation):
        return None
    if row is None:
        return Known(rules, rule, Tally(), folding.NEW)
    return Known(rules, rule, folding.from_json(row.facts, row.times), row.state)


def _show(state: CourseState, known: Known, tally: Tally, step_at: dt.datetime | None) -> None:
    lesson = folding.project(known.rule, tally)
    if (lesson.state, lesson.tally) == (known.state, known.tally):
        if step_at is not None:
            note_step(state, step_at, known.rule.uid)
        return
    show_lesson(state, known.rules, lesson, step_at)
    if not state.unmet:
        complete(state=state, rules=known.rules)


def _sessions(state: CourseState, rule: LessonRule) -> list[VideoSession]:
    return list(
        VideoSession.objects.filter(
            enrolment=state.enrolment, lesson_uid=rule.uid, generation=state.generation, lesson_rev__gte=rule.rev
        )
    )
