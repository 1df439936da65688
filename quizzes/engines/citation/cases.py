"""What a case of citation says, read in one place: the key of each field, what was given, what is graded."""

from collections.abc import Mapping, Sequence
from typing import Any

from quizzes.engines.citation.evidence import GENERATED, signs
from quizzes.engines.citation.records import Record, container_of, record_called, records_of, same_volume
from quizzes.engines.registry import Case

VERIFIED, CHANGED, NOT_VERIFIABLE = "verified", "verified_with_changes", "not_verifiable"
NONE = "none"


def listed(text: str) -> list[str]:
    """Values that authors write in one line, separated by semicolons."""
    return [each for part in text.split(";") if (each := part.strip())]


def given_of(case: Case) -> dict[str, str]:
    """What the citation says, by field."""
    return {row["id"]: row["given"] for row in case.get("fields", ()) if row.get("given")}


def graded_rows(case: Case) -> list[Mapping[str, Any]]:
    """The fields that count; none where nothing can be verified."""
    return [row for row in case.get("fields", ()) if row.get("graded")] if target_of(case) else []


def target_of(case: Case) -> Record | None:
    """The record behind the citation; None when there is none."""
    return record_called(case, case.get("target"))


def right_of(case: Case, row: Mapping[str, Any]) -> str:
    """The right value of a field: as the case says, as the record has it, or an ISSN as the journal has it."""
    record = target_of(case)
    if row.get("key") or record is None:
        return str(row.get("key", ""))
    if row["id"] == "issn" and not record.get("issn"):
        journal = container_of(records_of(case), record.get("container", ""))
        return str(journal.get("issn", "")) if journal else ""
    return str(record.get(row["id"], ""))


def rights_of(case: Case) -> dict[str, str]:
    return {row["id"]: right_of(case, row) for row in graded_rows(case)}


def genre_of(case: Case) -> str:
    """The kind of the item, or of what the citation claims to be."""
    record = target_of(case)
    return str(record["genre"] if record else case.get("genre", ""))


def evidence_of(case: Case) -> list[str]:
    """What counts as evidence: what the catalogue shows, and what the case says of the citation's origin."""
    said = [GENERATED] if case.get("generated_source") else []
    return [*signs(records_of(case), given_of(case)), *said]


def contents_of(case: Case) -> list[Record]:
    """The contents list that a careful reader opens: the volume of the target, or of the nearest record."""
    near = [record_called(case, row["id"]) for row in case.get("near", ())]
    places: Sequence[Record | None] = [target_of(case), *near]
    lists = [same_volume(records_of(case), each) for each in places if each]
    return next((each for each in lists if len(each) > 1), [])
