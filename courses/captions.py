"""WebVTT: cues with times in milliseconds."""

from dataclasses import dataclass

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError


class BadCaptions(ValueError):
    """The file is not WebVTT that a browser would read."""


@dataclass(frozen=True)
class Cue:
    start_ms: int
    end_ms: int
    text: str


def cues(text: str) -> list[Cue]:
    """The cues of WebVTT ``text`` in order. Raises ``BadCaptions`` with what is wrong."""
    try:
        captions = webvtt.from_string(text).captions
    except (MalformedFileError, MalformedCaptionError) as problem:
        raise BadCaptions(str(problem)) from problem
    found = [Cue(start_ms=_ms(each.start), end_ms=_ms(each.end), text=" ".join(each.text.split())) for each in captions]
    if not found:
        raise BadCaptions("there is no cue in it")
    for before, cue in zip([None, *found], found, strict=False):
        if cue.end_ms <= cue.start_ms:
            raise BadCaptions(f"the cue “{cue.text[:40]}” ends before it starts")
        if before and cue.start_ms < before.start_ms:
            raise BadCaptions(f"the cue “{cue.text[:40]}” starts before the one above it")
    return found


def _ms(stamp: str) -> int:
    hours, minutes, seconds = stamp.split(":")
    whole, _dot, part = seconds.partition(".")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(whole)) * 1000 + int(part.ljust(3, "0")[:3])


def trouble(data: bytes) -> str:
    """What is wrong with a caption file; empty when nothing is."""
    try:
        cues(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "it is not UTF-8 text"
    except BadCaptions as problem:
        return str(problem)
    return ""
