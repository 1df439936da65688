"""The chapter editor's form: a title and the time at which it begins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses import captions, webvtt

TITLE_MAX = 100
CHAPTERS_MAX = 200
LAST_MS = 1000  # the last chapter's length while nobody knows how long the video is


@dataclass(frozen=True)
class Chapter:
    start: str = ""
    title: str = ""
    wrong: str = ""

    @property
    def start_ms(self) -> int | None:
        return captions.typed_time(self.start)


def of_document(document: webvtt.Document) -> list[Chapter]:
    return [Chapter(captions.shown_time(cue.start_ms), " ".join(cue.plain.split())) for cue in document.cues]


def read(data: QueryDict) -> list[Chapter]:
    """What was posted; rows with neither time nor title are left out."""
    starts, titles = data.getlist("start"), data.getlist("title")
    pairs = list(zip(starts, titles, strict=False))[:CHAPTERS_MAX]
    return [
        Chapter(start[:20].strip(), " ".join(title.split())) for start, title in pairs if start.strip() or title.strip()
    ]


def told(chapters: Sequence[Chapter], *, duration_ms: int = 0) -> list[Chapter]:
    """Each with what is wrong in it: the first begins at 0, each later than the one above, all within the video."""
    out: list[Chapter] = []
    last = -1
    for number, chapter in enumerate(chapters):
        wrong = _wrong(chapter, number, last, duration_ms)
        out.append(replace(chapter, wrong=wrong))
        last = max(last, chapter.start_ms or 0)
    return out


def _wrong(chapter: Chapter, number: int, last: int, duration_ms: int) -> str:
    start = chapter.start_ms
    if not chapter.title:
        return _("This chapter has no title. Name it, or take it out.")
    if len(chapter.title) > TITLE_MAX:
        return _("The title is longer than 100 characters. Shorten it.")
    if start is None:
        return _("“%(time)s” is no time. Write minutes and seconds, as 1:02.5.") % {"time": chapter.start}
    if number == 0 and start != 0:
        return _("The first chapter begins at 0:00.")
    if number and start <= last:
        return _("This chapter does not begin later than the one above it.")
    if duration_ms and start >= duration_ms:
        return _("The video is over then: it lasts %(time)s.") % {"time": captions.shown_time(duration_ms)}
    return ""


def document(chapters: Sequence[Chapter], *, duration_ms: int = 0) -> webvtt.Document:
    """Sound chapters as a file; each ends where the next begins, the last with the video."""
    starts = [chapter.start_ms or 0 for chapter in chapters]
    ends = [*starts[1:], max(duration_ms, starts[-1] + LAST_MS)] if starts else []
    return webvtt.Document(
        tuple(
            webvtt.Cue(start, end, webvtt.typed(chapter.title))
            for chapter, start, end in zip(chapters, starts, ends, strict=True)
        )
    )
