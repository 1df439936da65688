"""What a learner did in a lesson, told to the floors above in one transaction."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, InvalidInput
from courses.models import EditionLesson, Enrolment
from courses.registry import PlayerLesson
from courses.services.enrolling import open_enrolment
from courses.signals import lesson_activity

KINDS = frozenset({"opened", "done", "transcript", "watched"})
MAX_SPANS = 500


def record(
    *,
    player: PlayerLesson,
    learner: User,
    kind: str,
    payload: Mapping[str, Any] | None = None,
    key: str,
    occurred_at: dt.datetime | None = None,
) -> Enrolment:
    """Open the enrolment if need be and send ``lesson_activity``; one transaction.

    ``key`` makes a repetition harmless: the same key in the same enrolment counts once. ``occurred_at`` is never
    taken from the future. Raises ``InvalidInput`` for an unknown ``kind``.
    """
    if kind not in KINDS:
        raise InvalidInput(_("This is not something a lesson can record."))
    now = clock.now()
    with transaction.atomic():
        enrolment: Enrolment | None = player.enrolment
        if enrolment is None or enrolment.opened_at is None:
            enrolment = open_enrolment(learner=learner, course=player.course)
        lesson = _lesson_of(enrolment, player)
        lesson_activity.send(
            sender=EditionLesson,
            enrolment=enrolment,
            lesson=lesson,
            kind=kind,
            payload=dict(payload or {}),
            key=key[:120],
            occurred_at=min(occurred_at or now, now),
            actor=learner,
        )
    return enrolment


def _lesson_of(enrolment: Enrolment, player: PlayerLesson) -> EditionLesson:
    """Coming back after leaving may pin another edition than the one just read."""
    read: EditionLesson = player.lesson
    if enrolment.edition_id == player.edition.pk:
        return read
    lesson = EditionLesson.objects.filter(edition=enrolment.edition_id, uid=player.lesson.uid).first()
    if lesson is None:
        raise Conflict(_("This lesson is not part of your edition of the course."))
    return lesson


def watched_payload(*, session: str, spans: list[Any], position_ms: Any, duration_ms: int) -> dict[str, Any]:
    """The payload of ``watched`` from what a browser sent: whole milliseconds within the video, sorted and merged.

    Raises ``InvalidInput`` when it is not a list of pairs of numbers or the session is not a short plain name.
    """
    if not (isinstance(session, str) and 8 <= len(session) <= 64 and session.replace("-", "").isalnum()):
        raise InvalidInput(_("The session of this player is not valid."))
    if not isinstance(spans, list) or len(spans) > MAX_SPANS:
        raise InvalidInput(_("The watched stretches are not a short list."))
    clean = sorted(_span(each, duration_ms) for each in spans)
    merged: list[list[int]] = []
    for start, end in clean:
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return {
        "session": session,
        "spans": merged,
        "position_ms": _within(position_ms, duration_ms),
        "duration_ms": duration_ms,
    }


def _within(value: Any, duration_ms: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise InvalidInput(_("A position must be a number of milliseconds."))
    return round(min(max(value, 0), duration_ms))


def _span(value: Any, duration_ms: int) -> tuple[int, int]:
    if not isinstance(value, list) or len(value) != 2:
        raise InvalidInput(_("A watched stretch has a start and an end."))
    return _within(value[0], duration_ms), _within(value[1], duration_ms)


def beat_key(*, uid: str, payload: Mapping[str, Any]) -> str:
    """The idempotency key of a beat: the same stretches of the same session count once, however often they arrive."""
    text = f"{payload['session']}:{payload['spans']}:{payload['position_ms']}"
    return f"watched:{uid}:{hashlib.sha256(text.encode()).hexdigest()[:24]}"
