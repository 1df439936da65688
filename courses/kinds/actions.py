"""The POSTs of text and video lessons: ``/courses/<slug>/<lesson>/do/<verb>/``.

Forms are answered with a redirect, beats with 204. Nothing is recorded for a visitor or in a preview. What every kind
shares (``opened``, ``check``, ``report``) is in ``courses.views.player``.
"""

import json
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from courses.access import film_length
from courses.registry import PlayerLesson
from courses.services import recording

KEY = re.compile(r"[A-Za-z0-9-]{8,40}")
UID = re.compile(r"(?!(?:do|media)\Z)[a-z0-9]+(?:-[a-z0-9]+)*")

Action = Callable[[HttpRequest, PlayerLesson], HttpResponse]


def address(player: PlayerLesson, uid: str | None = None) -> str:
    """Where a lesson of this course is read; the preview's token stays on."""
    url = reverse("courses:lesson", args=[player.course.slug, uid or player.lesson.uid])
    return f"{url}?preview={player.token}" if player.token else url


def keeps(request: HttpRequest, player: PlayerLesson) -> bool:
    """Is anything kept of what this reader does here?"""
    return request.user.is_authenticated and not player.preview


def _onwards(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """To the lesson that the page offered as the next one; without one, to the course."""
    uid = request.POST.get("next", "")
    if UID.fullmatch(uid):
        return redirect(address(player, uid))
    course = reverse("courses:course", args=[player.course.slug])
    return redirect(f"{course}?preview={player.token}" if player.token else course)


def form_key(request: HttpRequest) -> str:
    """The key that a page put into its form (or a script made up): pressing twice counts once. Without one, a fresh key."""
    given = request.POST.get("key", "")
    return given if KEY.fullmatch(given) else uuid.uuid4().hex


def mark(request: HttpRequest, player: PlayerLesson, kind: str) -> None:
    """Record that ``kind`` happened, unless nothing is kept for this reader."""
    if keeps(request, player):
        key = f"{kind}:{player.lesson.uid}:{player.lesson.rev}:{form_key(request)}"
        recording.record(player=player, learner=request.user, kind=kind, key=key)


def done(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """'Done, next lesson' of a text."""
    mark(request, player, "done")
    return _onwards(request, player)


def transcript(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """'I have read the transcript' completes a video as watching does."""
    mark(request, player, "transcript")
    if keeps(request, player):
        messages.success(request, _("Noted: you have read the transcript."))
    return redirect(address(player))


def watched(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """'I have watched it', the way without scripts (D22): the whole length, as one session of its own."""
    duration = duration_of(player)
    if keeps(request, player):
        key = form_key(request)
        payload = recording.watched_payload(
            session=f"form-{key}", spans=[[0, duration]], position_ms=duration, duration_ms=duration
        )
        recording.record(
            player=player,
            learner=request.user,
            kind="watched",
            payload={**payload, "declared": True},  # said, not measured: the clock does not limit it
            key=f"watched:{player.lesson.uid}:{key}",
        )
        messages.success(request, _("Noted: you have watched the video."))
    return redirect(address(player))


def beat(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """Stretches really watched since the last beat. JSON ``{session, seq, spans: [[from_ms, to_ms], …], position_ms}``."""
    given = _body(request)
    payload = recording.watched_payload(
        session=given.get("session"),
        spans=given.get("spans"),
        position_ms=given.get("position_ms"),
        duration_ms=duration_of(player),
    )
    if keeps(request, player):
        key = recording.beat_key(uid=player.lesson.uid, payload=payload)
        recording.record(player=player, learner=request.user, kind="watched", payload=payload, key=key)
    return HttpResponse(status=204)


def duration_of(player: PlayerLesson) -> int:
    """The length of the lesson's video in milliseconds. Raises ``Http404`` for a lesson without one."""
    duration = film_length(player.part.pk)
    if not duration:
        raise Http404
    return duration


def _body(request: HttpRequest) -> Mapping[str, Any]:
    """A JSON object, also from ``sendBeacon``, which sends it as a form field named ``beat``."""
    text: str | bytes = request.body if request.content_type == "application/json" else request.POST.get("beat", "")
    try:
        given = json.loads(text)
    except ValueError as problem:
        raise InvalidInput(_("The body is not JSON.")) from problem
    if not isinstance(given, dict):
        raise InvalidInput(_("The body is not a JSON object."))
    return given


TEXT_ACTIONS: Mapping[str, Action] = {"done": done}
VIDEO_ACTIONS: Mapping[str, Action] = {"beat": beat, "transcript": transcript, "watched": watched}
