"""The lesson kind ``video``."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import captions, media_probe
from courses.kinds import actions, context, prose
from courses.registry import Content, LessonFacts, Parts, PlayerLesson, Told, Verdict

NAME = {
    "type": "string",
    "pattern": r"^media/[A-Za-z0-9][A-Za-z0-9._-]{0,149}$",
    "description": "media/ and a file name",
}
ENOUGH_PERCENT = 90
# The language variants may name only what differs: a video's own file is the first language's if they leave it out.
FILES = ("file", "poster", "chapters", "captions", "small")


class VideoKind:
    """A video with captions and a text under it; done when it was really watched, or its transcript read."""

    name = "video"
    label = gettext_lazy("Video")
    icon = "video"
    template = "courses/kinds/video.html"
    author_page = "courses:author_lesson"
    file_suffix = ".md"
    rule_schema: Mapping[str, Any] = prose.RULE_SCHEMA
    content_schema: Mapping[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **prose.BODY_SCHEMA,
            "video": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    **dict.fromkeys(FILES, NAME),
                    "subtitles": {
                        "type": "object",
                        "propertyNames": {
                            "pattern": captions.LANGUAGE,
                            "description": "a language code, as es or pt-br",
                        },
                        "additionalProperties": NAME,
                        "description": "further languages, each with its file, as {es: media/film.es.vtt}",
                    },
                    "captions_draft": {
                        "type": "boolean",
                        "description": "true while nobody has corrected the captions",
                    },
                },
                "description": "file, captions, and if there are any poster, chapters, small and subtitles",
            },
        },
    }

    def blank(self, language: str) -> Content:
        return {"body": "", "source_format": "html", "video": {}}

    def faults(self, content: Content) -> list[tuple[str, str]]:
        return prose.body_faults(content)

    def unready(self, content: Content) -> list[tuple[str, str]]:
        """Nobody publishes a video that is not there, that deaf people cannot follow, or whose captions nobody read."""
        video = content.get("video", {})
        if not video.get("file"):
            return [("video", _("There is no video in this lesson yet; upload one, or make one from slides."))]
        if not video.get("captions"):
            said = _("This video has no captions yet; upload a WebVTT file, type them, or let them be drafted.")
            return [("video", said)]
        if video.get("captions_draft"):
            said = _("The captions are a machine’s draft; read and correct them, then say so on their page.")
            return [("video.captions_draft", said)]
        return []

    def warnings(self, content: Content) -> list[tuple[str, str]]:
        return prose.body_warnings(content)

    def uids(self, content: Content) -> list[tuple[str, str]]:
        return prose.body_uids(content)

    def lessons(self, content: Content) -> list[tuple[str, str]]:
        return prose.body_lessons(content)

    def snapshot(self, content: Content, media: Mapping[str, str]) -> dict[str, Any]:
        given = content.get("video", {})
        video: dict[str, Any] = {key: given[key] for key in FILES if given.get(key)}
        names = [_bare(name) for name in video.values()]
        if given.get("subtitles"):
            video["subtitles"] = dict(given["subtitles"])
            names += [_bare(name) for name in given["subtitles"].values()]
        if given.get("captions_draft"):
            video["captions_draft"] = True
        return {**prose.body_source(content, media, *names), "video": video}

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        media, given = source["media"], source["video"]
        tokens = {key: _token(given.get(key, ""), media) for key in FILES}
        probe = _probe(media.get(_bare(given.get("file", "")), ""))
        video = {
            "src": tokens["file"],
            "small": tokens["small"],
            "type": probe.type,
            "poster": tokens["poster"],
            "captions": tokens["captions"],
            "language": source["language"],
            "duration_ms": probe.duration_ms or 0,
            "cues": _cues(media.get(_bare(given.get("captions", "")), "")),
            "subtitles": [
                {"language": language, "src": _token(name, media), "cues": _cues(media.get(_bare(name), ""))}
                for language, name in sorted(given.get("subtitles", {}).items())
            ],
            "chapters": [
                {"start_ms": cue["start_ms"], "title": cue["text"]}
                for cue in _cues(media.get(_bare(given.get("chapters", "")), ""))
            ],
            "fault": "" if probe.fault in media_probe.PLAYABLE else probe.fault,
        }
        return {**prose.render_body(source), "video": video}

    def tell(self, source: Mapping[str, Any]) -> list[Told]:
        video, media = source.get("video", {}), source.get("media", {})
        spoken = " ".join(cue["text"] for cue in _cues(media.get(_bare(video.get("captions", "")), "")))
        files = {_("Video"): video.get("file", ""), _("Poster"): video.get("poster", ""), _("Captions"): spoken}
        return [Told("files", "", files), *prose.body_told(source)]

    def tell_rule(self, rule: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
        return []

    def published(self, parts: Parts, course: Any) -> None:
        """Nothing to file: a video is its part and its files."""

    def verdict(self, rule: Mapping[str, Any], facts: LessonFacts) -> Verdict:
        if facts.credited or facts.transcript_read or watched_percent(facts) >= ENOUGH_PERCENT:
            return Verdict(done=True)
        sentence = _("Watch %(enough)d %% of the video, or read its transcript; you have watched %(seen)d %% so far.")
        return Verdict(done=False, unmet=(sentence % {"enough": ENOUGH_PERCENT, "seen": watched_percent(facts)},))

    def summary(self, source: Mapping[str, Any]) -> str:
        return prose.with_checks(str(self.label), prose.count_checks(source))

    def search_text(self, source: Mapping[str, Any]) -> str:
        name = _bare(source["video"].get("captions", ""))
        spoken = " ".join(cue["text"] for cue in _cues(source["media"].get(name, "")))
        return f"{prose.body_text(source)} {spoken}".strip()

    def context(self, request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
        return context.video_context(request, player)

    def actions(self) -> Mapping[str, Callable[[HttpRequest, PlayerLesson], HttpResponse]]:
        return actions.VIDEO_ACTIONS


def watched_percent(facts: LessonFacts) -> int:
    return min(100, facts.watched_ms * 100 // facts.duration_ms) if facts.duration_ms else 0


def _bare(name: str) -> str:
    return name.removeprefix("media/")


def _token(name: str, media: Mapping[str, str]) -> str:
    return f"media:{media[_bare(name)]}/{_bare(name)}" if _bare(name) in media else ""


def _probe(sha: str) -> media_probe.Probe:
    """What the stored file says of itself; its length is derived, so it is no part of the source."""
    if not sha:
        return media_probe.Probe(type="", fault="no-file")
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
