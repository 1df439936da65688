"""The lesson kind ``audio``: a recording to listen to, with captions and a transcript; done as a video is."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.kinds import prose
from courses.kinds.video import ENOUGH_PERCENT, NAME, VideoKind, watched_percent
from courses.registry import Content, LessonFacts, Verdict

SUBTITLES: Mapping[str, Any] = VideoKind.content_schema["properties"]["video"]["properties"]
SOUND_FILE = {
    "type": "string",
    "pattern": r"^media/[A-Za-z0-9][A-Za-z0-9._-]{0,145}\.(m4a|mp3)$",
    "description": "media/ and the name of an .m4a or .mp3 file",
}


class AudioKind(VideoKind):
    """A recording. Its content says ``audio`` where a video's says ``video``; what is played, counted and read is the
    same, so below its source everything is the video's."""

    name = "audio"
    label = gettext_lazy("Audio")
    icon = "sound"
    template = "courses/kinds/audio.html"
    content_schema: Mapping[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **prose.BODY_SCHEMA,
            "audio": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "file": SOUND_FILE,
                    "captions": NAME,
                    "chapters": NAME,
                    "subtitles": SUBTITLES["subtitles"],
                    "captions_draft": SUBTITLES["captions_draft"],
                },
                "description": "file, captions, and if there are any chapters and subtitles",
            },
        },
    }

    def blank(self, language: str) -> Content:
        return {"body": "", "source_format": "html", "audio": {}}

    def unready(self, content: Content) -> list[tuple[str, str]]:
        """Nobody publishes a recording that is not there or that deaf people cannot read."""
        if not content.get("audio", {}).get("file"):
            return [("audio", _("There is no recording in this lesson yet; upload one."))]
        if not content["audio"].get("captions"):
            said = _("This recording has no transcript yet; upload a WebVTT file, type it, or let it be drafted.")
            return [("audio", said)]
        return [(path.replace("video", "audio", 1), said) for path, said in super().unready(_as_video(content))]

    def snapshot(self, content: Content, media: Mapping[str, str]) -> dict[str, Any]:
        source = super().snapshot(_as_video(content), media)
        source["audio"] = source.pop("video")
        return source

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        return super().render(_as_video(source))

    def search_text(self, source: Mapping[str, Any]) -> str:
        return super().search_text(_as_video(source))

    def verdict(self, rule: Mapping[str, Any], facts: LessonFacts) -> Verdict:
        if super().verdict(rule, facts).done:
            return Verdict(done=True)
        sentence = _("Listen to %(enough)d %% of it, or read its transcript; you have heard %(heard)d %% so far.")
        return Verdict(done=False, unmet=(sentence % {"enough": ENOUGH_PERCENT, "heard": watched_percent(facts)},))


def _as_video(content: Mapping[str, Any]) -> dict[str, Any]:
    return {"video": content.get("audio", {}), **{key: value for key, value in content.items() if key != "audio"}}
