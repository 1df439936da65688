"""Watched film: play sessions only grow, and no faster than the clock allows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from core import clock
from core.compiled import Compiled
from core.errors import InvalidInput
from courses.models import Enrolment
from progress import intervals
from progress.intervals import Spans
from progress.models import CourseState, Event, EventKind, VideoSession
from progress.services import folding
from progress.services.folding import Tally
from progress.services.projecting import locked_state

MAX_SPANS = 500
MAX_SPEED = 2.5  # the player offers up to 2; the rest is for a clock that is a little off
SLACK_MS = 15_000  # film that may be claimed before the clock has been seen to run
KEPT_MS = 60_000  # film that was allowed and not claimed may be claimed later: answers that were late, a short break


@dataclass(frozen=True)
class Watched:
    """What the play sessions of a lesson say now; ``new_to_show`` when a reader of the record would notice."""

    tally: Tally
    new_session: bool
    new_to_show: bool


@dataclass(frozen=True)
class Claim:
    """What a beat says: stretches of the film seen in one play session, and where it stands."""

    session: str
    spans: Spans
    position_ms: int
    duration_ms: int
    declared: bool

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> "Claim":
        """Read the payload of a beat. Raises ``InvalidInput`` when it makes no sense."""
        session: Any = payload.get("session")
        spans: Any = payload.get("spans")
        duration: Any = payload.get("duration_ms")
        position: Any = payload.get("position_ms", 0)
        sound = (
            isinstance(session, str)
            and 0 < len(session) <= 64
            and _whole(duration)
            and duration > 0
            and _whole(position)
            and isinstance(spans, list | tuple)
            and len(spans) <= MAX_SPANS
            and all(isinstance(span, list | tuple) and len(span) == 2 and _whole(*span) for span in spans)
        )
        if not sound or any(span[0] < 0 or span[1] < span[0] for span in spans):
            raise InvalidInput("This is not a stretch of this video.")
        return cls(
            session=session,
            spans=intervals.clamp(spans, duration),
            position_ms=min(max(position, 0), duration),
            duration_ms=duration,
            declared=bool(payload.get("declared")),
        )


def _whole(*values: object) -> bool:
    return all(isinstance(value, int) and not isinstance(value, bool) for value in values)


def _playing_query(*, enrolment: int, uid: str, rev: int) -> QuerySet[VideoSession]:
    seen = CourseState.objects.filter(enrolment=OuterRef("enrolment")).values("version")[:1]
    return (
        VideoSession.objects.filter(enrolment=enrolment, lesson_uid=uid, lesson_rev=rev)
        .filter(generation=F("enrolment__state__generation"))
        .select_related("enrolment__state")
        .select_for_update(
            of=("enrolment__state", "self")
        )  # the state first, as everywhere else: else two wait for another
        .annotate(seen_version=Subquery(seen))
        .order_by("pk")
    )


PLAYING = Compiled(_playing_query, "enrolment", "rev", texts=("uid",))  # asked at each beat


def playing(enrolment: Enrolment, *, lesson_uid: str, lesson_rev: int) -> tuple[CourseState, list[VideoSession]]:
    """The state of ``enrolment``, locked, and the play sessions of a lesson that count, in one statement as a rule.

    PostgreSQL, when it had to wait for the lock, gives the newest version of the rows it locks but none that were
    inserted meanwhile. Whoever inserts one raises the state's version: then the sessions are read once more.
    """
    of_lesson = VideoSession.objects.filter(enrolment=enrolment, lesson_uid=lesson_uid, lesson_rev=lesson_rev)
    sessions: list[Any] = PLAYING.rows(enrolment=enrolment.pk, uid=lesson_uid, rev=lesson_rev)
    if not sessions:
        state = locked_state(enrolment)
        return state, list(of_lesson.filter(generation=state.generation))
    state = sessions[0].enrolment.state
    if state.version != sessions[0].seen_version:
        sessions = list(of_lesson.filter(generation=state.generation))
    state.enrolment = enrolment
    return state, sessions


def film_watched(*, event: Event, claim: Claim, sessions: list[VideoSession]) -> Watched:
    """Add what a beat claims to its play session. ``event`` says of which lesson and generation; it is not saved.

    The caller holds the lock of the enrolment's state, under which ``sessions`` were read. Of a claim that is longer
    than the clock allows, only the first part is kept; the rest can be claimed again later.
    """
    now = clock.now()
    mine = next((session for session in sessions if session.session == claim.session), None)
    before = folding.watching(sessions)
    fresh = intervals.difference(claim.spans, (span for session in sessions for span in session.spans))
    allowed = intervals.length(fresh) if claim.declared else _allowance(event, claim, sessions, mine, now)
    kept = intervals.shorten(fresh, allowed)
    is_new = mine is None
    if mine is None:
        mine = VideoSession(
            enrolment=event.enrolment,
            lesson_uid=event.lesson_uid,
            lesson_rev=event.lesson_rev,
            generation=event.generation,
            session=claim.session,
            started_at=now,
        )
        sessions = [*sessions, mine]
    mine.spans = intervals.union([*mine.spans, *kept])
    mine.duration_ms = claim.duration_ms
    mine.position_ms = claim.position_ms
    mine.allowance_ms = min(allowed - intervals.length(kept), KEPT_MS)
    mine.updated_at = now
    mine.save(update_fields=None if is_new else ["spans", "duration_ms", "position_ms", "allowance_ms", "updated_at"])
    after = folding.watching(sessions)
    return Watched(after, new_session=is_new, new_to_show=is_new or _shown(after) != _shown(before))


def _shown(tally: Tally) -> tuple[int, int, bool]:
    """Tenths, and whether the whole film was seen to its last second: a rule may ask for that."""
    facts = tally.facts
    return folding.in_steps(facts), facts.duration_ms, facts.watched_ms == facts.duration_ms


def _allowance(
    event: Event, claim: Claim, sessions: Sequence[VideoSession], mine: VideoSession | None, now: dt.datetime
) -> int:
    """How many milliseconds of film may have been seen since the last beat of any session of this lesson."""
    limits = []
    if sessions:
        last = max(sessions, key=lambda session: (session.updated_at, session.pk))
        limits.append(last.allowance_ms + _film_since(last.updated_at, now))
    if mine is None:
        limits.append(min(SLACK_MS, claim.duration_ms // 4) + _since_opened(event, now))
    return min(limits)


def _since_opened(event: Event, now: dt.datetime) -> int:
    """A session that begins may have played since the lesson was last opened, for instance without a connection."""
    opened = Event.objects.filter(enrolment=event.enrolment, lesson_uid=event.lesson_uid, kind=EventKind.OPENED)
    since = opened.order_by("-id").values_list("recorded_at", flat=True).first()
    return _film_since(since, now) if since else 0


def _film_since(since: dt.datetime, now: dt.datetime) -> int:
    return max(0, round((now - since) / dt.timedelta(milliseconds=1) * MAX_SPEED))
