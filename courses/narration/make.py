"""From a narration source to its files: the one place that knows all steps."""

from collections.abc import Mapping
from pathlib import Path

from courses.narration.captions import bridged, chapters, webvtt
from courses.narration.film import make_film, make_poster
from courses.narration.pronounce import Pronunciations
from courses.narration.script import parse_script
from courses.narration.slides import render_slides
from courses.narration.voice import hibari_voice, narrate


def make_video(source: str, *, pronunciations: Pronunciations, font_folder: Path) -> Mapping[str, bytes]:
    """The files of one video by their endings: ``.mp4``, ``.jpg``, ``.en.vtt`` and ``.chapters.vtt``.

    Raises ScriptError when the source cannot be read, FilmError when ffmpeg fails.
    """
    script = parse_script(source)
    pages = render_slides(script, font_folder=font_folder)
    narration = narrate(script, speak=hibari_voice(seed=script.seed), pronunciations=pronunciations)
    return {
        ".mp4": make_film(pages, narration),
        ".jpg": make_poster(pages[0]),
        ".en.vtt": webvtt(bridged(narration.cues)).encode(),
        ".chapters.vtt": webvtt(chapters(script, narration.slides), wrapped=False).encode(),
    }
