"""The lesson kind ``video``."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import captions, media_probe
from courses.kinds import actions, context, prose
from courses.registry import Content, LessonFacts, PlayerLesson, Verdict

NAME = {
    "type": "string",
    "pattern": r"^media/[A-Za-z0-9][A-Za-z0-9._-]{0,149}$",
    "description": "media/ and a file name",
}
ENOUGH_PERCENT = 90
# The language variants may name only what differs: a video's own file is the first language's if they leave it out.
FILES = ("file", "poster", "chapters", "captions")


class VideoKind:
    """A video with captions and a text under it; done when it was really watched, or its transcript read."""

    name = "video"
    label = gettext_lazy("Video")
    icon = "video"
    template = "courses/kinds/video.html"
    file_suffix = ".md"
    rule_schema: Mapping[str, Any] = prose.RULE_SCHEMA
    content_schema: Mapping[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["video"],
        "properties": {
            **prose.BODY_SCHEMA,
            "video": {
                "type": "object",
                "additionalProperties": False,
                "required": ["file", "captions"],
                "properties": dict.fromkeys(FILES, NAME),
                "description": "file, captions, and if there are any poster and chapters",
            },
        },
    }

    def faults(self, content: Content) -> list[tuple[str, str]]:
        return prose.body_faults(content)

    def warnings(self, content: Content) -> list[tuple[str, str]]:
        return []

    def uids(self, content: Content) -> list[tuple[str, str]]:
        return prose.body_uids(content)

    def lessons(self, content: Content) -> list[tuple[str, str]]:
        return []

    def snapshot(self, content: Content, media: Mapping[str, str]) -> dict[str, Any]:
        files = {key: content["video"][key] for key in FILES if content["video"].get(key)}
        names = [name.removeprefix("media/") for name in files.values()]
        return {**prose.body_source(content, media, *names), "video": files}

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        media = source["media"]
        tokens = {key: _token(source["video"].get(key, ""), media) for key in FILES}
        probe = _probe(media.get(_bare(source["video"]["file"]), ""))
        video = {
            "src": tokens["file"],
            "type": probe.type,
            "poster": tokens["poster"],
            "captions": tokens["captions"],
            "language": source["language"],
            "duration_ms": probe.duration_ms or 0,
            "cues": _cues(media.get(_bare(source["video"]["captions"]), "")),
            "chapters": [
                {"start_ms": cue["start_ms"], "title": cue["text"]}
                for cue in _cues(media.get(_bare(source["video"].get("chapters", "")), ""))
            ],
            "fault": "" if probe.fault in media_probe.PLAYABLE else probe.fault,
        }
        return {**prose.render_body(source), "video": video}

    def published(self, part: Any, source: Mapping[str, Any], course: Any) -> None:
        """Nothing to file: a video is its part and its files."""

    def verdict(self, rule: Mapping[str, Any], facts: LessonFacts) -> Verdict:
        if facts.credited or facts.transcript_read or _watched_percent(facts) >= ENOUGH_PERCENT:
            return Verdict(done=True)
        sentence = _("Watch %(enough)d %% of the video, or read its transcript; you have watched %(seen)d %% so far.")
        return Verdict(done=False, unmet=(sentence % {"enough": ENOUGH_PERCENT, "seen": _watched_percent(facts)},))

    def summary(self, source: Mapping[str, Any]) -> str:
        return prose.with_checks(str(self.label), prose.count_blocks(source))

    def search_text(self, source: Mapping[str, Any]) -> str:
        spoken = " ".join(cue["text"] for cue in _cues(source["media"].get(_bare(source["video"]["captions"]), "")))
        return f"{prose.body_text(source)} {spoken}".strip()

    def context(self, request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
        return context.video_context(request, player)

    def actions(self) -> Mapping[str, Callable[[HttpRequest, PlayerLesson], HttpResponse]]:
        return actions.VIDEO_ACTIONS


def _watched_percent(facts: LessonFacts) -> int:
    return min(100, facts.watched_ms * 100 // facts.duration_ms) if facts.duration_ms else 0


def _bare(name: str) -> str:
    return name.removeprefix("media/")


def _token(name: str, media: Mapping[str, str]) -> str:
    return f"media:{media[_bare(name)]}/{_bare(name)}" if _bare(name) in media else ""


def _probe(sha: str) -> media_probe.Probe:
    """What the stored file says of itself; its length is derived, so it is no part of the source."""
    if not sha:
        return media_probe.Probe(type="", fault="not-mp4")
    with default_storage.open(f"{sha[:2]}/{sha}") as file:
        return media_probe.probe(file, type=media_probe.sniff(file.read(media_probe.HEAD)))


def _cues(sha: str) -> list[dict[str, Any]]:
    if not sha:
        return []
    with default_storage.open(f"{sha[:2]}/{sha}") as file:
        text = file.read().decode("utf-8-sig")
    try:
        return [{"start_ms": cue.start_ms, "end_ms": cue.end_ms, "text": cue.text} for cue in captions.cues(text)]
    except captions.BadCaptions:
        return []
