"""Extra template context of text and video lessons; no queries of their own."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from courses import captions
from courses.registry import PlayerLesson


def text_context(request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
    """'On this page' pays off from three headings on."""
    headings = player.rendered.get("headings", [])
    return {"headings": headings if len(headings) > 2 else []}


def video_context(request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
    """The video, its cues, where the reader stopped, and the address of the transcript as a file."""
    video = player.rendered.get("video") or {}
    where = player.standing.lessons.get(player.lesson.uid) if player.standing else None
    position = where.position_ms if where else 0
    duration = video.get("duration_ms", 0)
    segments = player.rendered.get("segments", ())
    chapters = [{**each, "second": each["start_ms"] // 1000} for each in video.get("chapters", ())]
    code, cues = captions.transcript_of(video, request.GET.get("transcript", ""))
    return {
        "video": {**video, "chapters": chapters},
        "tracks": _tracks(video),
        "transcript": {"language": code, "cues": cues},
        "playable": bool(video.get("src") and duration) and not video.get("fault"),
        "seconds": duration // 1000,
        "start_ms": position if position < duration - END_MARGIN_MS else 0,
        "transcript_url": reverse("courses:transcript", args=[player.course.slug, player.lesson.uid]),
        "bare_notes": bool(segments and "html" in segments[0] and not player.rendered.get("headings")),
    }


def _tracks(video: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What the player can show over the picture, the video's own language first."""
    own = {"language": video.get("language", ""), "src": video.get("captions"), "cues": video.get("cues")}
    return [each for each in (own, *video.get("subtitles", ())) if each["src"] and each["cues"]]


# Whoever stopped in the last seconds has seen the end: start again from the beginning.
END_MARGIN_MS = 3000
