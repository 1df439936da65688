"""The caption editor's form: a row for each caption, read from what was posted and told what is wrong in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses import captions, webvtt

NEW_MS = 3000
WORDS_MAX = 1000


@dataclass(frozen=True)
class Row:
    """One caption as typed. ``settings`` and ``name`` go through unseen; ``beside`` is what another language says then."""

    start: str = ""
    end: str = ""
    words: str = ""
    settings: str = ""
    name: str = ""
    beside: str = ""
    said: tuple[captions.Finding, ...] = ()
    wrong: str = ""

    @property
    def times(self) -> tuple[int | None, int | None]:
        return captions.typed_time(self.start), captions.typed_time(self.end)

    @property
    def is_empty(self) -> bool:
        return not self.words.strip()

    @property
    def bad(self) -> bool:
        return bool(self.wrong) or any(each.grave for each in self.said)

    def cue(self) -> webvtt.Cue:
        """Only of rows whose times can be read."""
        start, end = self.times
        return webvtt.Cue(start or 0, end or 0, webvtt.typed(self.words), id=self.name, settings=self.settings)


@dataclass(frozen=True)
class Rows:
    """All rows; ``focus`` is the place where the last act happened."""

    rows: tuple[Row, ...] = ()
    focus: int | None = None
    others: tuple[str, ...] = field(default=())

    @property
    def is_sound(self) -> bool:
        return not any(row.bad for row in self.rows)

    def document(self) -> webvtt.Document:
        """What would be saved: rows without words are left out."""
        return webvtt.Document(tuple(row.cue() for row in self.rows if not row.is_empty), others=self.others)


def of_cue(cue: webvtt.Cue) -> Row:
    """A cue for somebody to type in."""
    return Row(
        start=captions.shown_time(cue.start_ms),
        end=captions.shown_time(cue.end_ms),
        words=webvtt.editable(cue.text),
        settings=cue.settings,
        name=cue.id,
    )


def of_document(document: webvtt.Document, *, beside: webvtt.Document | None = None) -> Rows:
    """Rows of a file. With another language ``beside`` it, what is not translated yet is an empty row at its time."""
    rows = [(cue.start_ms, of_cue(cue)) for cue in document.cues]
    if beside is not None:
        missing = [cue for cue in beside.cues if not _shown_then(document, cue.start_ms, cue.end_ms)]
        rows += [(cue.start_ms, replace(of_cue(cue), words="", settings="", name="")) for cue in missing]
        rows.sort(key=lambda each: each[0])
    return Rows(tuple(row for _start, row in rows), others=document.others)


def _shown_then(document: webvtt.Document, start: int, end: int) -> list[webvtt.Cue]:
    return [cue for cue in document.cues if cue.start_ms < end and start < cue.end_ms]


def with_beside(given: Rows, beside: webvtt.Document) -> Rows:
    """Each row with what ``beside`` says in its time."""
    rows = []
    for row in given.rows:
        start, end = row.times
        then = [] if start is None or end is None else _shown_then(beside, start, end)
        rows.append(replace(row, beside=" ".join(" ".join(cue.plain.split()) for cue in then)))
    return replace(given, rows=tuple(rows))


def read(data: QueryDict, *, others: Sequence[str] = ()) -> Rows:
    """The rows that were posted: three lists, filled up to the same length, and ``more``, which is rare.

    ``more`` holds ``number|settings|name`` of rows that have settings or a name.
    """
    lists = [data.getlist(name)[: captions.CUES_MAX] for name in ("start", "end", "words")]
    count = max(map(len, lists))
    filled = [each + [""] * (count - len(each)) for each in lists]
    more = {number: rest for number, _bar, rest in (each.partition("|") for each in data.getlist("more"))}
    rows = []
    for number, (start, end, words) in enumerate(zip(*filled, strict=True)):
        settings, _bar, name = more.get(str(number), "").partition("|")
        rows.append(Row(start[:20], end[:20], words[:WORDS_MAX], _one_line(settings), _one_line(name)))
    return Rows(tuple(rows), others=tuple(others))


def _one_line(text: str) -> str:
    line = " ".join(text.split())[:200]
    return "" if "-->" in line else line


def told(given: Rows, *, duration_ms: int = 0) -> Rows:
    """The rows with what is to be said about each. Empty rows are not looked at: they are not saved."""
    rows, above = [], None
    for row in given.rows:
        start, end = row.times
        wrong = _wrong(row, start, end)
        found: tuple[captions.Finding, ...] = ()
        if not wrong and not row.is_empty:
            cue = row.cue()
            pair = webvtt.Document((above, cue) if above else (cue,))
            about = captions.findings(pair, duration_ms=duration_ms)
            found = tuple(each for each in about if each.cue == len(pair.cues) - 1)
            above = cue
        rows.append(replace(row, wrong=wrong, said=found))
    return replace(given, rows=tuple(rows))


def _wrong(row: Row, start: int | None, end: int | None) -> str:
    if row.is_empty or (start is not None and end is not None):
        return ""
    said = _("“%(time)s” is no time. Write minutes and seconds, as 1:02.5.")
    return said % {"time": row.start if start is None else row.end}


# What the buttons of the form do; every act gives the rows back, sound or not


def add(given: Rows, place: int) -> Rows:
    """An empty row after ``place`` (-1: before all), from the end of that one to the next, three seconds at most."""
    rows = list(given.rows)
    before = rows[place].times[1] if 0 <= place < len(rows) else 0
    after = rows[place + 1].times[0] if place + 1 < len(rows) else None
    start = before or 0
    end = start + NEW_MS if after is None or after <= start else min(start + NEW_MS, after)
    rows.insert(place + 1, Row(start=captions.shown_time(start), end=captions.shown_time(end)))
    return replace(given, rows=tuple(rows), focus=place + 1)


def remove(given: Rows, place: int) -> Rows:
    rows = [row for number, row in enumerate(given.rows) if number != place]
    return replace(given, rows=tuple(rows), focus=min(place, len(rows) - 1) if rows else None)


def split(given: Rows, place: int, at: int | None = None) -> Rows:
    """The row in two, its time shared out by its letters; one whose times cannot be read stays as it is."""
    row = given.rows[place]
    if None in row.times:
        return replace(given, focus=place)
    first, second = map(of_cue, captions.split([row.cue()], 0, at=at))
    return replace(given, rows=(*given.rows[:place], first, second, *given.rows[place + 1 :]), focus=place + 1)


def merge(given: Rows, place: int) -> Rows:
    """The row with the one after it."""
    pair = given.rows[place : place + 2]
    if len(pair) < 2 or any(None in row.times for row in pair):
        return replace(given, focus=place)
    (cue,) = captions.merged([row.cue() for row in pair], 0)
    return replace(given, rows=(*given.rows[:place], of_cue(cue), *given.rows[place + 2 :]), focus=place)


def shift(given: Rows, by_ms: int) -> Rows:
    """All rows whose times can be read, earlier or later together."""
    sound = [number for number, row in enumerate(given.rows) if None not in row.times]
    moved = captions.shifted([given.rows[number].cue() for number in sound], by_ms)
    rows = list(given.rows)
    for number, cue in zip(sound, moved, strict=True):
        start, end = captions.shown_time(cue.start_ms), captions.shown_time(cue.end_ms)
        rows[number] = replace(rows[number], start=start, end=end)
    return replace(given, rows=tuple(rows))


ACTS: Mapping[str, Callable[[Rows, int], Rows]] = {"add": add, "remove": remove, "split": split, "merge": merge}


def act(given: Rows, verb: str, *, at: int | None = None) -> Rows | None:
    """What the button ``verb`` (``split:3``) makes of the rows; None when it is no act of a row."""
    name, _colon, number = verb.partition(":")
    place = int(number) if number.removeprefix("-").isdecimal() and len(number) < 9 else None
    if name not in ACTS or place is None or not -1 <= place < len(given.rows) or (place < 0 and name != "add"):
        return None
    return split(given, place, at) if name == "split" else ACTS[name](given, place)
