"""WebVTT read as browsers read it and written as the standard writes it; times are whole milliseconds.

The parsing follows https://www.w3.org/TR/webvtt1/#file-parsing. It departs from it where the expected cues of
``vtt.js`` (which many players use) do: a cue whose times cannot be read takes its text with it up to the next empty
line, and minutes may have more or fewer digits than two.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SIGNATURE = re.compile(r"WEBVTT(?:[ \t].*)?\Z")
STAMP = re.compile(r"(\d+):(\d{2})(?::(\d{2}))?\.(\d{3})(?!\d)")
BREAKS = re.compile(r"\r\n|\r|\n")
PERCENT = re.compile(r"(\d{1,3})(\.\d*)?%\Z")
TAG = re.compile(r"<(/?)(c|i|b|u|v|lang|ruby|rt)((?:\.[^\s<>.&]+)*)([ \t\n][^<>]*)?>|<(?:\d{2,}:)?\d{2}:\d{2}\.\d{3}>")
HOURS, MINUTES = 3_600_000, 60_000
ALIGNS = {"start": "start", "center": "center", "middle": "center", "end": "end", "left": "left", "right": "right"}
POSITIONS = {"line-left": "start", "line-right": "end", "start": "start", "end": "end"}
POSITIONS |= {"center": "center", "middle": "center"}
DEFAULTS = frozenset({"align:center", "align:middle", "size:100%", "line:auto", "position:auto"})
MAX_MS = 100 * HOURS  # longer is no lesson


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line (from 1) of the file, and why nobody should rely on it. ``key`` is one of ``captions.SAID``."""

    line: int
    key: str
    about: str = ""


@dataclass(frozen=True)
class Region:
    """A part of the picture in which cues scroll; percentages of it, ``lines`` tall."""

    id: str = ""
    width: float = 100
    lines: int = 3
    anchor: tuple[float, float] = (0, 100)
    viewport: tuple[float, float] = (0, 100)
    scroll: str = ""


@dataclass(frozen=True)
class Placing:
    """Where a cue stands. ``line`` and ``position`` are None for ``auto``; ``snap`` is false when ``line`` is a percentage."""

    region: Region | None = None
    vertical: str = ""
    line: float | None = None
    snap: bool = True
    line_align: str = "start"
    position: float | None = None
    position_align: str = "center"
    size: float = 100
    align: str = "center"


@dataclass(frozen=True)
class Cue:
    """Words from ``start_ms`` to ``end_ms``. ``text`` is as in the file, with tags; ``settings`` are as written there."""

    start_ms: int
    end_ms: int
    text: str
    id: str = ""
    settings: str = ""
    line: int = field(default=0, compare=False)

    @property
    def plain(self) -> str:
        """What is read: no tags, character references resolved."""
        return plain(self.text)

    @property
    def speaker(self) -> str:
        """Who says it, when the file tells: ``<v Rosa>``."""
        found = re.match(r"\s*<v(?:\.[^\s<>]*)?\s+([^<>]*)>", self.text)
        return " ".join(html.unescape(found[1]).split()) if found else ""


@dataclass(frozen=True)
class Document:
    """A file's cues in its order, its regions, its other blocks (notes, styles) word by word, and what was wrong in it."""

    cues: tuple[Cue, ...] = ()
    regions: tuple[Region, ...] = ()
    others: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    def placing(self, cue: Cue) -> Placing:
        """Where ``cue`` stands by its settings; what cannot be understood in them is passed over."""
        return _placing(cue.settings, {region.id: region for region in self.regions})


def parse(text: str) -> Document:
    """The cues in ``text``, whatever it is: nothing raises, and what cannot be read is a fault with its line."""
    lines = BREAKS.split(text.removeprefix("\ufeff").replace("\0", "\ufffd"))
    if not SIGNATURE.match(lines[0]):
        return Document(faults=(Fault(1, "signature"),))
    return _Reader(lines).read()


def stamp(text: str) -> int | None:
    """Milliseconds of a whole time stamp as files write it, or None."""
    found = STAMP.fullmatch(text)
    return _ms(found) if found else None


def _ms(found: re.Match[str]) -> int | None:
    first, second, third, part = found.groups()
    if len(first) > 6:  # and no number at all for whoever counts digits without end
        return None
    hours, minutes, seconds = (first, second, third) if third else ("0", first, second)
    if int(seconds) > 59 or int(minutes) > 59:
        return None
    return int(hours) * HOURS + int(minutes) * MINUTES + int(seconds) * 1000 + int(part)


class _Reader:
    """Reads blocks one by one; lines are counted from 1."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 1
        self.cues: list[Cue] = []
        self.regions: list[Region] = []
        self.others: list[str] = []
        self.faults: list[Fault] = []

    def read(self) -> Document:
        self._header()
        while self.at < len(self.lines):
            if not self.lines[self.at]:
                self.at += 1
            else:
                self._block()
        return Document(tuple(self.cues), tuple(self.regions), tuple(self.others), tuple(self.faults))

    def fault(self, key: str, about: str = "", *, back: int = 0) -> None:
        self.faults.append(Fault(self.at + 1 - back, key, about[:80]))

    def _header(self) -> None:
        while self.at < len(self.lines) and (line := self.lines[self.at]):
            if "-->" in line and not line.lower().startswith("region:"):
                self.fault("no-gap")
                return
            name, _colon, values = line.partition(":")
            if name.lower() == "region":  # as it stood in the file's head before the standard
                self._region(values, "=")
            self.at += 1

    def _block(self) -> None:
        line = self.lines[self.at]
        if re.match(r"(?:NOTE|STYLE|REGION)(?:[ \t]|\Z)", line) and not self._times_follow():
            self._other(line)
            return
        name = ""
        if "-->" not in line:
            name, self.at = line, self.at + 1
            if self.at >= len(self.lines) or "-->" not in self.lines[self.at]:
                self.fault("stray", name, back=1)
                while self.at < len(self.lines) and self.lines[self.at] and "-->" not in self.lines[self.at]:
                    self.at += 1
                return
        self._cue(name)

    def _times_follow(self) -> bool:
        return "-->" in self.lines[self.at] or (self.at + 1 < len(self.lines) and "-->" in self.lines[self.at + 1])

    def _rest(self) -> list[str]:
        """The lines up to the next empty one."""
        start = self.at
        while self.at < len(self.lines) and self.lines[self.at]:
            self.at += 1
        return self.lines[start : self.at]

    def _other(self, line: str) -> None:
        rest = self._rest()
        self.others.append("\n".join(rest))
        if line.startswith("REGION"):
            self._region(" ".join(rest[1:]), ":")

    def _cue(self, name: str) -> None:
        number = self.at + 1
        found = times(self.lines[self.at])
        if found is None:
            self.fault("times", self.lines[self.at])
            self._rest()
            return
        start, end, settings = found
        self.at += 1
        words = []
        while self.at < len(self.lines) and (line := self.lines[self.at]):
            if "-->" in line:
                self.fault("no-gap")
                break
            words.append(line)
            self.at += 1
        self.cues.append(Cue(start, end, "\n".join(words), id=name, settings=settings, line=number))

    def _region(self, text: str, between: str) -> None:
        region = _region(text, between)
        if region.id:
            self.regions.append(region)
        else:
            self.fault("region", text)


def times(line: str) -> tuple[int, int, str] | None:
    """Start, end and settings of a timing line; None when it is none."""
    line = line.strip(" \t\f")
    first = STAMP.match(line)
    arrow = re.compile(r"[ \t\f]*-->[ \t\f]*").match(line, first.end()) if first else None
    second = STAMP.match(line, arrow.end()) if arrow else None
    if not first or not second:
        return None
    start, end = _ms(first), _ms(second)
    return None if start is None or end is None else (start, end, " ".join(line[second.end() :].split()))


def _pairs(text: str, between: str) -> Iterator[tuple[str, str]]:
    for word in text.split():
        name, found, value = word.partition(between)
        if found and name and value:
            yield name, value


def _percent(text: str) -> float | None:
    found = PERCENT.match(text)
    value = float(f"{found[1]}{found[2] or ''}") if found else 101.0
    return value if value <= 100 else None


def _point(text: str) -> tuple[float, float] | None:
    first, _comma, second = text.partition(",")
    x, y = _percent(first), _percent(second)
    return None if x is None or y is None else (x, y)


def _region(text: str, between: str) -> Region:
    values: dict[str, Any] = {}
    for name, value in _pairs(text, between):
        read: Any = {
            "id": lambda given: given,
            "width": _percent,
            "lines": lambda given: int(given) if re.fullmatch(r"\d{1,4}", given) else None,
            "regionanchor": _point,
            "viewportanchor": _point,
            "scroll": lambda given: given if given == "up" else None,
        }.get(name, lambda given: None)(value)
        if read is not None:
            values[{"regionanchor": "anchor", "viewportanchor": "viewport"}.get(name, name)] = read
    return Region(**values)


def _placing(settings: str, regions: Mapping[str, Region]) -> Placing:
    values: dict[str, Any] = {}
    for name, value in _pairs(settings, ":"):
        if name == "region" and value in regions:
            values["region"] = regions[value]
        elif name == "vertical" and value in ("rl", "lr"):
            values["vertical"] = value
        elif name == "size" and (percent := _percent(value)) is not None:
            values["size"] = percent
        elif name == "align" and value in ALIGNS:
            values["align"] = ALIGNS[value]
        elif name in PLACES:
            values |= PLACES[name](*value.partition(",")[::2])
    by_align = {"start": "start", "left": "start", "end": "end", "right": "end"}.get(values.get("align", ""), "center")
    return Placing(**{"position_align": by_align, **values})


def _line(value: str, align: str) -> dict[str, Any]:
    found: dict[str, Any] = {"line_align": ALIGNS[align]} if align in ("start", "center", "middle", "end") else {}
    if (percent := _percent(value)) is not None:
        return found | {"line": percent, "snap": False}
    return found | ({"line": float(value)} if re.fullmatch(r"-?\d{1,6}", value) else {})


def _position(value: str, align: str) -> dict[str, Any]:
    found = {"position_align": POSITIONS[align]} if align in POSITIONS else {}
    percent = _percent(value)
    return found if percent is None else {**found, "position": percent}


PLACES = {"line": _line, "position": _position}


def understood(setting: str) -> bool:
    """Does a cue's setting (``name:value``) mean anything? A region's name is not looked up."""
    name, _colon, value = setting.partition(":")
    return (name == "region" and bool(value)) or _placing(setting, {}) != Placing() or setting in DEFAULTS


def plain(text: str) -> str:
    """The words of a cue's text as a browser shows them: a tag goes, known or not, and one never closed takes the rest."""
    return html.unescape(re.sub(r"<[^>]*(?:>|\Z)", "", text))


# Writing


def clock(ms: int) -> str:
    """A time as files write it: 00:01:02.345."""
    return f"{ms // HOURS:02}:{ms // MINUTES % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"


def write(cues: Iterable[Cue], *, others: Iterable[str] = ()) -> str:
    """The cues (and notes, styles and regions before them) as a file. ``text`` is written as it stands in the cue."""
    blocks = ["WEBVTT", *others]
    for cue in cues:
        settings = f" {cue.settings}" if cue.settings else ""
        block = f"{clock(cue.start_ms)} --> {clock(cue.end_ms)}{settings}\n{cue.text}".rstrip("\n")
        blocks.append(f"{cue.id}\n{block}" if cue.id else block)
    return "\n\n".join(blocks) + "\n"


def typed(text: str) -> str:
    """Words that somebody typed as the text of a cue: lines without empty ones, everything escaped but known tags."""
    lines = [" ".join(line.split()) for line in BREAKS.split(text.replace("\0", "\ufffd"))]
    text = "\n".join(line for line in lines if line)
    done, out = 0, []
    for tag in TAG.finditer(text):
        out += [_escape(text[done : tag.start()]), tag[0]]
        done = tag.end()
    return "".join([*out, _escape(text[done:])])


def editable(text: str) -> str:
    """A cue's text for somebody to type in: character references resolved, tags kept. ``typed`` takes it back."""
    done, out = 0, []
    for tag in re.finditer(r"<[^>]*(?:>|\Z)", text):
        out += [html.unescape(text[done : tag.start()]), tag[0] if TAG.fullmatch(tag[0]) else ""]
        done = tag.end()
    return "".join([*out, html.unescape(text[done:])])


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("-->", "--&gt;")
