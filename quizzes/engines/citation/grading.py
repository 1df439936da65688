"""What the repair of a citation is worth: verdict 25, record 20, kind 10, fields (or evidence) 35, note 10 of 100."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engines.citation.cases import (
    CHANGED,
    NONE,
    NOT_VERIFIABLE,
    VERIFIED,
    evidence_of,
    genre_of,
    graded_rows,
    listed,
    right_of,
    rights_of,
    target_of,
)
from quizzes.engines.citation.evidence import ENOUGH, MENU
from quizzes.engines.citation.matching import accents_differ, fraction_of
from quizzes.engines.citation.records import FIELDS, GENRES, line_of, record_called
from quizzes.engines.registry import Case, Part
from quizzes.types.folding import fits, folded

Answers = Mapping[str, Any]

VERDICTS: Mapping[str, Any] = {
    VERIFIED: gettext_lazy("Verified as it stands"),
    CHANGED: gettext_lazy("Verified, with changes"),
    NOT_VERIFIABLE: gettext_lazy("Could not be verified"),
}
VERDICT, RECORD, GENRE, REST, NOTE = 25, 20, 10, 35, 10
WHY_FIELD: Mapping[str, Any] = {
    "authors": gettext_lazy("Names and their order are those of the item itself."),
    "title": gettext_lazy("The title is that of the item itself, letter by letter."),
    "container": gettext_lazy("Partners search by the full title; an abbreviation can stand for several."),
    "editor": gettext_lazy("A chapter is found under the book and its editor."),
    "year": gettext_lazy("Count from a pair of volume and year that you know."),
    "volume": gettext_lazy("Year, volume and issue have to suit each other and the contents list."),
    "issue": gettext_lazy("Year, volume and issue have to suit each other and the contents list."),
    "pages": gettext_lazy(
        "First and last page tell the partner how much to copy, and you whether it is the same item."
    ),
    "issn": gettext_lazy("The record of the journal carries it; it names the title beyond doubt."),
    "isbn": gettext_lazy("The record of the book carries it; it names the edition beyond doubt."),
    "number": gettext_lazy("A report is found by its number and agency."),
    "school": gettext_lazy("Theses are found at their school, reports at their agency."),
    "event_year": gettext_lazy("An event and its proceedings often have different years."),
}
LOOK_FIELD: Mapping[str, Any] = {
    "authors": gettext_lazy("Lay the record beside the citation and compare the names one by one."),
    "title": gettext_lazy("Lay the record beside the citation and read the title letter by letter."),
    "container": gettext_lazy("Search the abbreviation: the record of the journal has its full title."),
    "editor": gettext_lazy("Open the record in full: who edited the book?"),
    "year": gettext_lazy("Compare with a volume whose year you know."),
    "volume": gettext_lazy("A number before brackets is the volume. Would this journal have so many issues a year?"),
    "issue": gettext_lazy("A number in brackets is the issue. Would this journal have so many issues a year?"),
    "pages": gettext_lazy("Open the record in full: where does it begin, where does it end?"),
    "issn": gettext_lazy("Search the title of the journal, and open its own record."),
    "isbn": gettext_lazy("Open the record in full, and leave no digit out."),
    "number": gettext_lazy("Open the record in full, and look for its number."),
    "school": gettext_lazy("Open the record in full: where was it handed in, or who published it?"),
    "event_year": gettext_lazy("Open the record in full: when was it held, and when printed?"),
}


def parts_of(case: Case, answers: Answers) -> list[Part]:
    """Always the same parts for a case. Weights are scaled, so that each is a whole number."""
    fields, notes = max(1, len(graded_rows(case))), len(case["note"])
    scale = fields * notes
    middle = _field_parts(case, answers, REST * notes) if target_of(case) else [_evidence(case, answers, REST * scale)]
    return [
        _verdict(case, answers, VERDICT * scale),
        _record(case, answers, RECORD * scale),
        _genre(case, answers, GENRE * scale),
        *middle,
        *_note_parts(case, answers, NOTE * fields),
    ]


def _share(right: bool) -> Decimal:
    return Decimal(int(right))


def _verdict(case: Case, answers: Answers, weight: int) -> Part:
    given, right = answers.get("verdict", ""), case["verdict"]
    return Part(
        key="verdict",
        label=_("Verdict"),
        weight=Decimal(weight),
        fraction=_share(given == right),
        did=str(VERDICTS.get(given, "")),
        expected=str(VERDICTS[right]),
        why=_verdict_reason(case),
        next_time=_("Ask whether one record agrees in all that a slip cannot explain; if none does, stop and say so."),
        facts=("F-140", "F-142"),
        critical=right == NOT_VERIFIABLE and given in (VERIFIED, CHANGED),
        asked=_("A citation reads: %(citation)s The catalogue has: %(records)s What is your verdict?")
        % {"citation": case["citation"], "records": _known_lines(case)},
    )


def _verdict_reason(case: Case) -> str:
    if case["verdict"] == VERIFIED:
        return _("One record agrees with all that the citation says.")
    if case["verdict"] == NOT_VERIFIABLE:
        return _("No record stands behind it. Say “could not be verified”, never “you made it up”.")
    changed = ", ".join(str(FIELDS[row["id"]]) for row in graded_rows(case))
    return _("The item exists; to be mended or added: %(fields)s.") % {"fields": changed}


def _known_lines(case: Case) -> str:
    """The record behind the citation and those near it, for a question that stands alone."""
    found = [target_of(case), *(record_called(case, row["id"]) for row in case.get("near", ()))]
    return " — ".join(line_of(each) for each in found if each) or _("nothing like it.")


def _record(case: Case, answers: Answers, weight: int) -> Part:
    given, target = answers.get("record", ""), target_of(case)
    right = target["id"] if target else NONE
    near: Mapping[str, Any] = next((row for row in case.get("near", ()) if row["id"] == given), {})
    chosen = record_called(case, given)
    why = _("It agrees with the citation in more than any other record does.")
    return Part(
        key="record",
        label=_("Record used"),
        weight=Decimal(weight),
        fraction=Decimal(1) if given == right else Decimal(near.get("share", 0)) / 100,
        did=line_of(chosen) if chosen else _("No record fits") if given == NONE else "",
        expected=line_of(target) if target else _("No record fits"),
        why=near.get("feedback") or (why if target else _("A near match is not the item; offer it in your note.")),
        next_time=_("Search two odd words of the title, then the container and its volume; open what comes near."),
        facts=("F-140", "F-141"),
    )


def _genre(case: Case, answers: Answers, weight: int) -> Part:
    given, right = answers.get("genre", ""), genre_of(case)
    part_of_book = right == "bookitem"
    return Part(
        key="genre",
        label=_("Kind of item"),
        weight=Decimal(weight),
        fraction=_share(given == right),
        did=str(GENRES.get(given, "")),
        expected=str(GENRES[right]),
        why=_("It is a part of a book: order a copy of the chapter, not a loan of a book by its author.")
        if part_of_book
        else _("What it stands in, and the numbers it has, tell what it is."),
        next_time=_(
            "Ask what it is part of: a journal has volumes, a chapter a book, a paper a meeting, a thesis a school."
        ),
        facts=("F-112", "F-113"),
        asked=_("A citation reads: %(citation)s The catalogue has: %(records)s What kind of item is asked for?")
        % {"citation": case["citation"], "records": _known_lines(case)},
    )


def _field_parts(case: Case, answers: Answers, weight: int) -> list[Part]:
    rights, target = rights_of(case), target_of(case)
    rows = graded_rows(case)
    return [
        Part(
            key=f"field.{row['id']}",
            label=str(FIELDS[row["id"]]),
            weight=Decimal(weight),
            fraction=fraction_of(row["id"], answers, rights, listed(row.get("close", ""))),
            did=answers.get(row["id"], ""),
            expected=rights[row["id"]],
            why=_field_reason(row, answers.get(row["id"], ""), rights[row["id"]]),
            next_time=str(LOOK_FIELD[row["id"]]),
            facts=("F-141",),
            asked=_(
                "A citation reads: %(citation)s The record reads: %(record)s What belongs in the field “%(field)s”?"
            )
            % {
                "citation": case["citation"],
                "record": line_of(target) if target else "",
                "field": FIELDS[row["id"]],
            },
        )
        for row in rows
    ]


def _field_reason(row: Mapping[str, Any], given: str, right: str) -> str:
    accents = _("Accents do not count here, but copy them: %(right)s.") % {"right": right}
    said = row.get("feedback") or str(WHY_FIELD[row["id"]])
    return f"{said} {accents}" if accents_differ(given, right) else said


def _evidence(case: Case, answers: Answers, weight: int) -> Part:
    """Two pieces of evidence; a wrong one takes a right one back."""
    right, chosen = evidence_of(case), answers.get("evidence", [])
    hits = sum(each in right for each in chosen)
    points = max(0, min(ENOUGH, hits) - (len(chosen) - hits))
    return Part(
        key="evidence",
        label=_("Evidence"),
        weight=Decimal(weight),
        fraction=Decimal(points) / ENOUGH,
        did="; ".join(str(MENU[each]) for each in chosen),
        expected=_("any two of: %(signs)s") % {"signs": "; ".join(str(MENU[each]) for each in right)},
        why=_(
            "Evidence is what another desk can check. That a title sounds odd, or that one search fails, proves nothing."
        ),
        next_time=_("Open the contents list of the volume, and compare pages and authors with it."),
        facts=("F-142",),
        asked=_(
            "A citation reads: %(citation)s The catalogue has: %(records)s Which two signs show that it was put together?"
        )
        % {"citation": case["citation"], "records": _known_lines(case)},
    )


def _note_parts(case: Case, answers: Answers, weight: int) -> list[Part]:
    note = folded(answers.get("note", ""))
    return [
        Part(
            key=f"note.{row['id']}",
            label=_("Note: %(what)s") % {"what": row["label"]},
            weight=Decimal(weight),
            fraction=_share(says(note, listed(row["phrases"]))),
            did=answers.get("note", ""),
            expected=case["note_sample"],
            why=_("The note is looked through for key words; another wording may be as good."),
            next_time=row.get("feedback") or _("Say it in words of its own: %(what)s.") % {"what": row["label"]},
            facts=("F-140", "F-142"),
            asked=_("You answer the reader of this citation: %(citation)s What does your note have to say? (%(what)s)")
            % {"citation": case["citation"], "what": row["label"]},
        )
        for row in case["note"]
    ]


def says(note: str, phrases: Sequence[str]) -> bool:
    """Does the note have one of the phrases? A star stands for anything."""
    return any(fits(f"*{phrase}*", note) for phrase in phrases)


def right_answers(case: Case) -> dict[str, Any]:
    """What earns everything: what was given stays where it was right, the rest as the record has it."""
    target = target_of(case)
    right: dict[str, Any] = {
        "verdict": case["verdict"],
        "record": target["id"] if target else NONE,
        "genre": genre_of(case),
        "note": case["note_sample"],
    }
    if target is None:
        return right | {"evidence": evidence_of(case)[:ENOUGH]}
    kept = {row["id"]: row["given"] for row in case["fields"] if row.get("given")}
    return right | kept | {row["id"]: right_of(case, row) for row in graded_rows(case)}
