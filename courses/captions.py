"""Captions: what a course needs of WebVTT, what an author is told about them, and other files turned into them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses import webvtt

LINE = 42  # characters that fit in a line of large type
LINES = 2
SPEED = 20  # characters a second that most people can read
LONGEST_MS = 7000
FILE_MAX = 1024 * 1024
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$"
CUES_MAX = 3000

# What a finding says, and what would be right.
SAID: dict[str, Promise] = {
    "signature": _("The file does not begin with WEBVTT. Write that word alone in the first line."),
    "no-gap": _("There is no empty line before this one. Leave one between two captions."),
    "stray": _("“%(about)s” has no times above it, so nobody sees it. Give it a line such as 00:01.000 --> 00:04.000."),
    "times": _("“%(about)s” cannot be read as times. Write them like 00:01.000 --> 00:04.000."),
    "region": _("This region has no name and is passed over."),
    "none": _("There is no caption in it."),
    "many": _("There are more than 3,000 captions. Part the video."),
    "backwards": _("This caption ends before it starts. Make its end later."),
    "order": _("This caption starts before the one above it. They are put in order when you save."),
    "after-end": _("This caption starts when the video is over (%(about)s)."),
    "overlap": _("This caption starts while the one above is still shown. Let that one end earlier."),
    "empty": _("This caption says nothing."),
    "open-tag": _("There is a “<” without its “>”, so the rest is not shown. Write &lt; for the sign itself."),
    "tag": _("“%(about)s” is no mark that captions know; it is left out."),
    "settings": _("“%(about)s” is no setting that captions know; it is passed over."),
    "long-line": _("A line has %(about)s characters; more than 42 do not fit in large type. Break the line."),
    "many-lines": _("There are %(about)s lines; two fit under a picture. Part the caption."),
    "fast": _("%(about)s characters a second are faster than most people read (20). Show it longer or say less."),
    "long": _("It stands for %(about)s seconds; part it, so that words come when they are said."),
}
# What a browser would not show, or not where it was meant: such a file is not taken.
GRAVE = frozenset({"signature", "stray", "times", "none", "many", "backwards", "after-end", "open-tag"})
SRT_TIMES = re.compile(r"\s*(\d+):(\d+):(\d+)[,.](\d{1,3})\s*-->\s*(\d+):(\d+):(\d+)[,.](\d{1,3})")
TYPED = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?\Z")
UTF16 = (b"\xff\xfe", b"\xfe\xff")


class BadCaptions(ValueError):
    """The file is not WebVTT that a browser would read."""


@dataclass(frozen=True)
class Cue:
    """Plain words from ``start_ms`` to ``end_ms``, in one line."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class Finding:
    """Something about captions: ``line`` of the file (from 1), ``cue`` its place among the cues, if it is about one."""

    line: int
    key: str
    about: str = ""
    cue: int | None = None

    @property
    def grave(self) -> bool:
        return self.key in GRAVE

    @property
    def sentence(self) -> str:
        return str(SAID[self.key]) % {"about": self.about}


def cues(text: str) -> list[Cue]:
    """The cues of WebVTT ``text`` in order, as plain words. Raises ``BadCaptions`` with what is wrong."""
    document = webvtt.parse(text)
    if any(fault.key == "signature" for fault in document.faults):
        raise BadCaptions(str(SAID["signature"]))
    found = [Cue(cue.start_ms, cue.end_ms, " ".join(cue.plain.split())) for cue in document.cues]
    if not found:
        raise BadCaptions("there is no cue in it")
    for before, cue in zip([None, *found], found, strict=False):
        if cue.end_ms <= cue.start_ms:
            raise BadCaptions(f"the cue “{cue.text[:40]}” ends before it starts")
        if before and cue.start_ms < before.start_ms:
            raise BadCaptions(f"the cue “{cue.text[:40]}” starts before the one above it")
    return found


def trouble(data: bytes) -> str:
    """What is wrong with a caption file; empty when nothing is."""
    try:
        cues(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return "it is not UTF-8 text"
    except BadCaptions as problem:
        return str(problem)
    return ""


def findings(document: webvtt.Document, *, duration_ms: int = 0) -> list[Finding]:
    """Everything worth saying about captions, grave or not, in the order of the file. ``duration_ms`` 0: not known."""
    found = [Finding(fault.line, fault.key, fault.about) for fault in document.faults]
    if not document.cues and not any(each.grave for each in found):
        found.append(Finding(1, "none"))
    if len(document.cues) > CUES_MAX:
        found.append(Finding(1, "many"))
    above: webvtt.Cue | None = None
    for place, cue in enumerate(document.cues):
        found += [Finding(cue.line, key, about, place) for key, about in _of_cue(cue, above, duration_ms)]
        above = cue
    return sorted(found, key=lambda each: each.line)


def _of_cue(cue: webvtt.Cue, above: webvtt.Cue | None, duration_ms: int) -> Iterator[tuple[str, str]]:
    if cue.end_ms <= cue.start_ms:
        yield "backwards", ""
    if duration_ms and cue.start_ms >= duration_ms:
        yield "after-end", shown_time(duration_ms)
    if above and cue.start_ms < above.start_ms:
        yield "order", ""
    elif above and cue.start_ms < above.end_ms:
        yield "overlap", ""
    yield from _of_marks(cue)
    yield from _of_words(cue)


def _of_marks(cue: webvtt.Cue) -> Iterator[tuple[str, str]]:
    for tag in re.findall(r"<[^>]*(?:>|\Z)", cue.text):
        if not tag.endswith(">") or "<" in tag[1:]:
            yield "open-tag", ""
        elif not webvtt.TAG.fullmatch(tag):
            yield "tag", tag[:40]
    if unknown := [word for word in cue.settings.split() if not webvtt.understood(word)]:
        yield "settings", " ".join(unknown)[:40]


def _of_words(cue: webvtt.Cue) -> Iterator[tuple[str, str]]:
    lines = [line for line in cue.plain.split("\n") if line.strip()]
    if not lines:
        yield "empty", ""
        return
    if (longest := max(map(len, lines))) > LINE:
        yield "long-line", str(longest)
    if len(lines) > LINES:
        yield "many-lines", str(len(lines))
    lasts = cue.end_ms - cue.start_ms
    if lasts > LONGEST_MS:
        yield "long", str(lasts // 1000)
    elif lasts > 0 and (speed := sum(map(len, lines)) * 1000 // lasts) > SPEED:
        yield "fast", str(speed)


# Times as people type and read them


def typed_time(text: str) -> int | None:
    """Milliseconds of ``1:02:03.5``, ``2:03,25`` or ``12.4``; None when it is no time."""
    found = TYPED.match(text.strip())
    if not found:
        return None
    hours, minutes, seconds, part = found.groups()
    if (minutes and int(seconds) > 59) or (hours and int(minutes) > 59):
        return None
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds)
    return min(whole * 1000 + int((part or "").ljust(3, "0")), webvtt.MAX_MS)


def shown_time(ms: int) -> str:
    """``0:04.120``; hours only where there are some."""
    hours, rest = divmod(max(ms, 0), webvtt.HOURS)
    minutes, rest = divmod(rest, webvtt.MINUTES)
    short = f"{rest // 1000:02}.{rest % 1000:03}"
    return f"{hours}:{minutes:02}:{short}" if hours else f"{minutes}:{short}"


# Files


def decoded(data: bytes) -> str:
    """The text of an uploaded file. Raises ``BadCaptions`` when it is neither UTF-8 nor marked as UTF-16."""
    try:
        return data.decode("utf-16" if data.startswith(UTF16) else "utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BadCaptions("it is not UTF-8 text") from problem


def from_srt(text: str) -> str:
    """SubRip text as WebVTT; a text that is none comes back as it is."""
    lines = webvtt.BREAKS.split(text.removeprefix("\ufeff"))
    if lines[0].startswith("WEBVTT") or not any(SRT_TIMES.match(line) for line in lines):
        return text
    out = ["WEBVTT", ""]
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if found := SRT_TIMES.match(line):
            out.append(_srt_times(*found.groups()))
        elif not (line.strip().isdecimal() and SRT_TIMES.match(following)):
            out.append(re.sub(r"</?font[^>]*>|\{\\[^}]*\}", "", line, flags=re.IGNORECASE).strip())
    return "\n".join(out)


def _srt_times(*parts: str) -> str:
    first, second = (f"{h:0>2}:{m:0>2}:{s:0>2}.{ms:0<3}" for h, m, s, ms in (parts[:4], parts[4:]))
    return f"{first} --> {second}"


# Changing a list of cues; words and their order stay


def ordered(given: Sequence[webvtt.Cue]) -> list[webvtt.Cue]:
    """By their start; those that start together stay in their order."""
    return sorted(given, key=lambda cue: cue.start_ms)


def shifted(given: Sequence[webvtt.Cue], by_ms: int) -> list[webvtt.Cue]:
    """All cues earlier or later; none begins before the video, and each keeps its length."""
    least = min((cue.start_ms for cue in given), default=0)
    by_ms = max(by_ms, -least)
    return [replace(cue, start_ms=cue.start_ms + by_ms, end_ms=cue.end_ms + by_ms) for cue in given]


def split(given: Sequence[webvtt.Cue], place: int, *, at: int | None = None) -> list[webvtt.Cue]:
    """The cue at ``place`` in two: before and after the character ``at`` of its plain text (None: near the middle)."""
    cue = given[place]
    words = webvtt.editable(cue.text)
    at = _middle(words) if at is None else max(0, min(at, len(words)))
    share = at / len(words) if words else 0.5
    middle = cue.start_ms + round((cue.end_ms - cue.start_ms) * share)
    first = replace(cue, end_ms=middle, text=webvtt.typed(words[:at]))
    second = replace(cue, start_ms=middle, id="", text=webvtt.typed(words[at:]))
    return [*given[:place], first, second, *given[place + 1 :]]


def _middle(words: str) -> int:
    gaps = [found.start() for found in re.finditer(r"\s", words)]
    return min(gaps, key=lambda gap: abs(gap - len(words) / 2), default=len(words))


def merged(given: Sequence[webvtt.Cue], place: int) -> list[webvtt.Cue]:
    """The cue at ``place`` with the next one; the last one stays as it is."""
    if place + 1 >= len(given):
        return list(given)
    first, second = given[place], given[place + 1]
    text = "\n".join(text for text in (first.text, second.text) if text)
    end = max(first.end_ms, second.end_ms)
    return [*given[:place], replace(first, end_ms=end, text=text), *given[place + 2 :]]


def transcript(given: Sequence[webvtt.Cue]) -> str:
    """The words alone, with who speaks where that changes."""
    lines, last = [], ""
    for cue in given:
        who = f"{cue.speaker}: " if cue.speaker not in ("", last) else ""
        lines.append(who + " ".join(cue.plain.split()))
        last = cue.speaker or last
    return "\n".join([*lines, ""])


def transcript_of(video: Mapping[str, Any], language: str) -> tuple[str, Sequence[Mapping[str, Any]]]:
    """The words of a rendered video in ``language``, or in its own where they are not there."""
    for each in video.get("subtitles", ()):
        if each["language"] == language and each["cues"]:
            return each["language"], each["cues"]
    return video.get("language", ""), video.get("cues", ())
