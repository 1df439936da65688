"""The figures as tables for a spreadsheet: the quiz, its questions, their answers. What is not shown is an empty cell."""

import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from core.cells import safe
from quizzes.analysis.advice import SMALL, no_reliability, reading_of

Figures = Mapping[str, Any]
Row = Sequence[Any]
LEAST_SHARE = 10


def quiz_rows(figures: Figures) -> Iterator[Row]:
    yield [_("Figure"), _("Value")]
    yield [_("Attempts"), figures["attempts"]]
    yield [_("Average result, percent"), figures["percent"]]
    yield [_("Passed"), figures["passed"]]
    small = bool(no_reliability(figures))
    yield [_("Average points"), figures.get("mean")]
    yield [_("Points in all"), figures.get("most")]
    yield [
        _("Reliability, KR-20") if figures.get("kr20") else _("Reliability, alpha"),
        None if small else figures["alpha"],
    ]
    yield [_("Standard error of measurement, points"), None if small else figures["sem"]]


def question_rows(figures: Figures) -> Iterator[Row]:
    yield [
        _("Number"),
        _("Question"),
        _("Version"),
        _("Type"),
        _("Text"),
        _("Attempts"),
        _("Quite right"),
        _("Average, 0 to 1"),
        _("Tells apart, −1 to 1"),
        _("Left out"),
        _("Mean time, seconds"),
        _("Reading"),
    ]
    for each in figures["questions"]:
        yield [
            each["number"],
            each["uid"],
            each["of"],
            each["type"],
            each["name"],
            each["n"],
            each["full"],
            each["facility"] if each["n"] >= LEAST_SHARE else None,
            each["discrimination"] if each["n"] >= SMALL else None,
            each["omitted"],
            None if each["ms"] is None else round(each["ms"] / 1000, 1),
            str(reading_of(each).label),
        ]


def answer_rows(figures: Figures) -> Iterator[Row]:
    yield [
        _("Number"),
        _("Question"),
        _("Version"),
        _("Answer"),
        _("Marked right"),
        _("Best third"),
        _("Middle third"),
        _("Lowest third"),
        _("All"),
    ]
    for each in figures["questions"]:
        start = [each["number"], each["uid"], each["of"]]
        for response in each["responses"]:
            right = _("yes") if response["right"] else _("no")
            yield [*start, response["label"], right, *response["thirds"], sum(response["thirds"])]
        if any(each["other"]):
            yield [*start, _("Other answers"), "", *each["other"], sum(each["other"])]


TABLES = {"questions": question_rows, "answers": answer_rows}


class Echo:
    """What ``csv.writer`` writes to is handed on line by line."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterator[Row]) -> Iterator[str]:
    """``rows`` as CSV, a line at a time. A cell never starts a formula."""
    writer = csv.writer(Echo())
    for row in rows:
        yield writer.writerow([safe("" if cell is None else cell) for cell in row])


def workbook(figures: Figures) -> IO[bytes]:
    """All three tables as an XLSX file, open at its start. Rows are written through; texts stay texts."""
    out = tempfile.TemporaryFile()  # noqa: SIM115  whoever sends it closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True})
        sheets = ((_("Quiz"), quiz_rows), (_("Questions"), question_rows), (_("Answers"), answer_rows))
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows(figures)):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell, bold if number == 0 else None)
    out.seek(0)
    return out
