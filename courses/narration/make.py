"""From a narration source to its files: the one place that knows all steps."""

from collections.abc import Mapping
from pathlib import Path

from courses.narration.captions import Cue, bridged, webvtt
from courses.narration.film import make_film, make_poster
from courses.narration.pronounce import Pronunciations
from courses.narration.script import Script, parse_script
from courses.narration.slides import render_slides
from courses.narration.voice import Narration, hibari_voice, narrate


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
        ".chapters.vtt": webvtt(chapters(script, narration), wrapped=False).encode(),
    }


def chapters(script: Script, narration: Narration) -> list[Cue]:
    """A chapter for each heading, from its first slide to the next heading."""
    marks: list[Cue] = []
    at = 0.0
    for slide, seconds in zip(script.slides, narration.slides, strict=True):
        until = round(at + seconds, 3)
        if slide.opens_chapter or not marks:
            marks.append(Cue(round(at, 3), until, slide.heading))
        else:
            marks[-1] = Cue(marks[-1].start, until, marks[-1].text)
        at += seconds
    return marks
