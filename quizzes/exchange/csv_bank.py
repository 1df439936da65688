"""CSV: a table with one question a row, for single, multi, tf, text and num. docs/question-formats.md has the columns."""

import csv
import io
import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.exchange.numbers import decimal_text, number, part_id
from quizzes.exchange.proving import Uids, label, outcome
from quizzes.exchange.registry import Format
from quizzes.exchange.textfile import LONGEST, TextFile, open_text
from quizzes.exchange.values import Exported, Item, Meta, Refusal, Unreadable, Where
from quizzes.exchange.writing import Cannot, check, must_be_sound, no_files, no_type, only
from quizzes.types.base import DECIMAL_PATTERN

Row = Mapping[str, str]
Content = dict[str, Any]

META = ("name", "topic", "difficulty", "tags", "language", "author", "licence", "review_by")
COMMON = (
    "uid",
    "type",
    "stem",
    "right",
    "general_feedback",
    "other_feedback",
    "format",
    "points",
    "shuffle",
    "back_to",
    "keep",
)
RULES = ("credit", "case", "accents", "significant", "facts")
HINTS = tuple(f"hint_{number}" for number in range(1, 6))
PARTS = ("answer", "feedback", "share", "tolerance", "match")
COLUMNS = (*COMMON, *RULES, *META, *HINTS)
PART = re.compile(rf"({'|'.join(PARTS)})_([1-9]|[1-4][0-9]|50)")
YES, NO = ("yes", "true", "1", "x"), ("no", "false", "0", "")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
DELIMITERS = (",", ";", "\t")
CHOICE = ("right", "answer", "feedback", "share")
OWN = {
    "single": CHOICE,
    "multi": (*CHOICE, "credit"),
    "tf": CHOICE,
    "text": ("answer", "feedback", "share", "match", "case", "accents", "other_feedback"),
    "num": ("answer", "feedback", "share", "tolerance", "significant", "other_feedback"),
}
OPTION_KEYS = {"id", "text", "right", "share", "feedback"}
ANSWER_KEYS = {"id", "text", "value", "tolerance", "relative", "match", "share", "feedback"}


class BadCell(Exception):
    """A cell that says nothing that could be meant; ``reason`` for people."""

    def __init__(self, column: str, value: str, meant: str) -> None:
        words = {"column": column, "value": value[:40], "meant": meant}
        self.reason = _("“%(value)s” in the column %(column)s; write %(meant)s.") % words
        super().__init__(self.reason)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe in front keeps it text. Numbers stay numbers."""
    if re.fullmatch(DECIMAL_PATTERN, cell):
        return cell
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def unguarded(cell: str) -> str:
    """The inverse of ``guarded``."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def read(file: BinaryIO, *, name: str) -> Iterator[Item | Refusal]:
    """The questions of a CSV file in their order. Raises ``Unreadable`` without a row of column names."""
    source = open_text(file)
    lines = source.lines()
    head = next(lines, None)
    lines.close()
    delimiter = _delimiter(head.text if head else "")
    columns = [each.strip().lower() for each in next(csv.reader([head.text if head else ""], delimiter=delimiter), [])]
    if "stem" not in columns or "type" not in columns:
        raise Unreadable(_("The first row does not name the columns; “type” and “stem” at least must be there."))
    if twice := sorted({each for each in columns if each and columns.count(each) > 1}):
        raise Unreadable(_("Two columns are called “%(column)s”; only one of them could count.") % {"column": twice[0]})
    yield from _Rows(source, columns, delimiter).items()


def _delimiter(head: str) -> str:
    return max(DELIMITERS, key=head.count)


class _Rows:
    def __init__(self, source: TextFile, columns: Sequence[str], delimiter: str) -> None:
        self._source, self._columns, self._delimiter = source, columns, delimiter
        self._uids = Uids()
        self._cut = 0  # the line that was last too long to be read whole

    def items(self) -> Iterator[Item | Refusal]:
        csv.field_size_limit(LONGEST)
        table = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
        number = 0
        while True:
            where = Where(table.line_num + 2, number=number + 1)
            try:
                cells = next(table)
            except StopIteration:
                return
            except csv.Error:
                number += 1
                yield Refusal(where, "", _("A quotation mark is not closed, or a cell is too long."))
                continue
            if any(each.strip() for each in cells):
                number += 1
                yield self._taken(cells, where)

    def _lines(self) -> Iterator[str]:
        for line in self._source.lines():
            self._cut = self._cut if line.whole else line.number
            if line.number > 1:
                yield f"{line.text}\n"

    def _taken(self, cells: Sequence[str], where: Where) -> Item | Refusal:
        row = {column: unguarded(cell.strip()) for column, cell in zip(self._columns, cells, strict=False) if column}
        name = row.get("name") or row.get("stem", "")
        fault = self._fault(cells, where)
        if fault:
            return Refusal(where, label({}, Meta(name=name)), fault)
        try:
            content = content_of(row, comma=self._delimiter == ";")
        except BadCell as problem:
            return Refusal(where, label({}, Meta(name=name)), problem.reason)
        said = [*self._source.doubt("".join(cells)), *_unused(row, content["type"])]
        return outcome(content, uids=self._uids, meta=_meta(row), where=where, warnings=said)

    def _fault(self, cells: Sequence[str], where: Where) -> str:
        if where.line and self._cut >= where.line:
            return _("It is longer than %(most)d characters.") % {"most": LONGEST}
        if any("\0" in each for each in cells):
            return _("There is a NUL character in it.")
        if any(each.strip() for each in cells[len(self._columns) :]):
            return _("It has more cells than there are columns.")
        return ""


def _unused(row: Row, kind: str) -> list[str]:
    """Warnings for filled cells that mean nothing for this type of question, or nothing at all."""
    used = (
        *COMMON[:3],
        "general_feedback",
        "format",
        "points",
        "shuffle",
        "back_to",
        "keep",
        "facts",
        *META,
        *HINTS,
        *OWN[kind],
    )
    cells = [column for column, cell in row.items() if cell and column not in used]
    odd = [each for each in cells if not (PART.fullmatch(each) and each.partition("_")[0] in OWN[kind])]
    return [
        _("The cell in the column “%(column)s” says nothing about such a question.") % {"column": each[:60]}
        for each in odd
    ]


def _meta(row: Row) -> Meta:
    said = {key: row[key] for key in META if row.get(key) and key != "tags"}
    tags = tuple(filter(None, (each.strip() for each in row.get("tags", "").split(","))))
    return Meta(**said, tags=tags)


def content_of(row: Row, *, comma: bool = False) -> Content:
    """The question in a row. ``comma``: decimals may have one. Raises ``BadCell``."""
    kind = row.get("type", "").lower()
    if kind not in OWN:
        raise BadCell("type", kind, ", ".join(OWN))
    content: Content = {"type": kind, "uid": row.get("uid", "")}
    content |= {key: row[key] for key in ("stem", "general_feedback", "format", "back_to") if row.get(key)}
    content |= {key: _whole(row, key) for key in ("points", "significant") if row.get(key)}
    content |= {key: _flag(row, key) for key in ("shuffle", "keep", "case", "accents") if row.get(key)}
    content |= {"facts": facts} if (facts := row.get("facts", "").split("\n")) != [""] else {}
    content |= {"hints": hints} if (hints := [row[each] for each in HINTS if row.get(each)]) else {}
    if kind in ("text", "num"):
        other = {"other_feedback": row["other_feedback"]} if row.get("other_feedback") else {}
        return content | other | {"answers": [_answer(row, at, kind, comma) for at in _places(row)]}
    content |= {"credit": row["credit"]} if row.get("credit") else {}
    return content | {"options": _options(row, kind)}


def _places(row: Row) -> list[int]:
    """The numbers of the answers in a row; one that has a reply or a share but no words counts, and is refused later."""
    found = {int(match[2]) for column, cell in row.items() if cell and (match := PART.fullmatch(column))}
    return list(range(1, max(found, default=0) + 1))


def _whole(row: Row, column: str) -> int:
    if not re.fullmatch(r"\d{1,6}", row[column]):
        raise BadCell(column, row[column], _("a whole number"))
    return int(row[column])


def _flag(row: Row, column: str) -> bool:
    cell = row[column].lower()
    if cell not in YES + NO:
        raise BadCell(column, row[column], _("yes or no"))
    return cell in YES


def _rights(row: Row, kind: str) -> set[int]:
    """The numbers of the right answers, in ``right``: ``2``, ``1, 3``; true or false for that type."""
    cell = row.get("right", "").lower()
    if kind == "tf" and cell in ("true", "false"):
        return {1 if cell == "true" else 2}
    parts = [each for each in re.split(r"[\s,;]+", cell) if each]
    if not all(re.fullmatch(r"\d{1,2}", each) for each in parts):
        raise BadCell("right", row["right"], _("the number of the right answer, as 2 or 1, 3"))
    return {int(each) for each in parts}


def _options(row: Row, kind: str) -> list[Content]:
    rights, places = _rights(row, kind), _places(row)
    if kind == "tf":
        if beyond := [at for at in places if at > 2]:
            raise BadCell("type", kind, _("single, since it has %(count)d answers") % {"count": max(beyond)})
        row, places = {"answer_1": _("True"), "answer_2": _("False")} | _filled(row), [1, 2]
    if beyond := sorted(rights - set(places)):
        raise BadCell("right", str(beyond[0]), _("the number of one of its answers"))
    names = ("true", "false") if kind == "tf" else tuple(part_id(at - 1) for at in places)
    return [
        {"id": name, "text": row.get(f"answer_{at}", ""), "right": at in rights, **_extras(row, at)}
        for name, at in zip(names, places, strict=False)
    ]


def _filled(row: Row) -> Content:
    return {column: cell for column, cell in row.items() if cell}


def _extras(row: Row, at: int) -> Content:
    said = {key: row.get(f"{key}_{at}", "") for key in ("share", "feedback")}
    said["share"] = said["share"].removesuffix("%").strip().replace(",", ".")
    return _filled(said)


def _answer(row: Row, at: int, kind: str, comma: bool) -> Content:
    said = {"id": part_id(at - 1), **_extras(row, at)}
    written = row.get(f"answer_{at}", "")
    if kind == "text":
        return said | {"text": written} | ({"match": row[f"match_{at}"]} if row.get(f"match_{at}") else {})
    tolerance = row.get(f"tolerance_{at}", "")
    relative = {"relative": True} if tolerance.endswith("%") else {}
    said |= {"value": _decimal(f"answer_{at}", written, comma), **relative}
    return said | ({"tolerance": _decimal(f"tolerance_{at}", tolerance.rstrip("% "), comma)} if tolerance else {})


def _decimal(column: str, cell: str, comma: bool) -> str:
    value = None if "," in cell and not comma else number(cell)
    if not (text := decimal_text(value)):
        raise BadCell(column, cell, _("a number such as 12.5"))
    return text


def row_of(exported: Exported) -> dict[str, str]:
    """The cells of a question by column. Raises ``Cannot``."""
    content, meta = exported.content, exported.meta
    if content["type"] not in OWN:
        raise no_type(content)
    no_files(content)
    only(content, *COMMON, *RULES, "options", "answers", "hints")
    if any("\n" in each for each in content.get("facts", ())) or any("," in each for each in meta.tags):
        raise Cannot(_("A fact has several lines or a tag a comma, which part them in a cell."))
    row = {key: _cell(content[key]) for key in (*COMMON, *RULES) if key in content and key != "facts"}
    row |= {"facts": "\n".join(content["facts"])} if "facts" in content else {}
    row |= {key: getattr(meta, key) for key in META if key != "tags"} | {"tags": ", ".join(meta.tags)}
    row |= dict(zip(HINTS, content.get("hints", ()), strict=False))
    options = content.get("options", ())
    if options:
        row["right"] = ", ".join(str(at) for at, each in enumerate(options, start=1) if each["right"])
    for at, each in enumerate([*options, *content.get("answers", ())], start=1):
        row |= _part(each, at)
    return {column: cell for column, cell in row.items() if cell}


def _cell(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _part(part: Mapping[str, Any], at: int) -> dict[str, str]:
    if extra := sorted(set(part) - OPTION_KEYS - ANSWER_KEYS):
        raise Cannot(_("The format has no place for: %(names)s.") % {"names": ", ".join(extra)})
    tolerance = f"{part.get('tolerance', '0')}%" if part.get("relative") else part.get("tolerance", "")
    cells = {"answer": part.get("text", part.get("value", "")), "tolerance": tolerance}
    return {
        f"{key}_{at}": str(cell)
        for key, cell in ({key: part.get(key, "") for key in ("feedback", "share", "match")} | cells).items()
    }


def write(questions: Iterable[Exported], out: BinaryIO) -> list[Refusal]:
    """The questions as a CSV file with Excel's mark of UTF-8, and those that it cannot hold.

    The columns of answers are as many as the longest question needs, so rows wait in a file until all are known.
    """
    refused: list[Refusal] = []
    used: set[str] = {"uid", "type", "stem", "right"}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as waiting:
        for number, each in enumerate(questions, start=1):
            try:
                must_be_sound(each.content)
                row = row_of(each)
                check(each.content, read(io.BytesIO(_table([row], sorted(row)).encode()), name=""))
            except Cannot as problem:
                refused.append(Refusal(Where(number=number), label(each.content, each.meta), problem.reason))
                continue
            used.update(row)
            waiting.write(f"{json.dumps(row)}\n")
        waiting.seek(0)
        columns = sorted(used, key=_place)
        out.write(b"\xef\xbb\xbf" + _line(columns).encode())
        for line in waiting:
            row = json.loads(line)
            out.write(_line([guarded(row.get(column, "")) for column in columns]).encode())
    return refused


def _place(column: str) -> tuple[int, int, int]:
    """Question, right answer, then what belongs to each answer side by side, then all else."""
    if found := PART.fullmatch(column):
        return (1, int(found[2]), PARTS.index(found[1]))
    at = COLUMNS.index(column)
    return (0, at, 0) if at < 4 else (2, at, 0)


def _table(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> str:
    return _line(columns) + "".join(_line([guarded(row.get(each, "")) for each in columns]) for row in rows)


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _fits(head: bytes) -> bool:
    names = re.split(rb"[,;\t\r\n]", head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].lower().replace(b'"', b""))
    return {b"type", b"stem"} <= set(names)


FORMAT = Format(
    name="csv",
    label=gettext_lazy("CSV"),
    suffixes=(".csv",),
    content_type="text/csv; charset=utf-8",
    read=read,
    write=write,
    fits=_fits,
)
