"""What an author gets to hear: fields that cannot be mended, and citations that another record fits as well."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from quizzes.engines.citation.cases import (
    CHANGED,
    NOT_VERIFIABLE,
    VERIFIED,
    evidence_of,
    given_of,
    graded_rows,
    right_of,
    target_of,
)
from quizzes.engines.citation.evidence import ENOUGH
from quizzes.engines.citation.matching import fraction_of, same
from quizzes.engines.citation.records import FIELDS, Record, container_of, record_called, records_of, words_of
from quizzes.engines.registry import Case, Fault


def faults_of(case: Case) -> list[Fault]:
    found = _id_faults(case)
    if found:
        return found
    if case["verdict"] == NOT_VERIFIABLE:
        return _invented_faults(case)
    if target_of(case) is None:
        return [("target", _("Name the record behind the citation, or say that it could not be verified."))]
    return [*_field_faults(case), *_rivals(case)]


def _id_faults(case: Case) -> list[Fault]:
    ids = [each["id"] for each in records_of(case)]
    found = []
    if not ids:
        found.append(("catalogue", _("Name a catalogue, or write records.")))
    if twice := {each for each in ids if ids.count(each) > 1}:
        found.append(("records", _("These ids are taken: %(ids)s.") % {"ids": ", ".join(sorted(twice))}))
    for number, row in enumerate(case.get("near", ())):
        if record_called(case, row["id"]) is None or row["id"] == case.get("target"):
            found.append((f"near.{number}.id", _("A near match is another record of the catalogue.")))
    names = [row["id"] for row in case.get("fields", ())]
    found += [
        (f"fields.{at}.id", _("This field is there twice.")) for at, name in enumerate(names) if names.index(name) != at
    ]
    return found


def _invented_faults(case: Case) -> list[Fault]:
    found = []
    if case.get("target"):
        found.append(("target", _("What could not be verified has no record behind it.")))
    if not case.get("genre"):
        found.append(("genre", _("Say what kind of item the citation claims to be.")))
    if len(evidence_of(case)) < ENOUGH:
        found.append(("fields", _("The catalogue shows fewer than two signs that nothing stands behind it.")))
    title = given_of(case).get("title", "")
    if any(same("title", title, each["title"]) for each in records_of(case)):
        found.append(("fields", _("A record has this very title; then it could be verified.")))
    return found


def _field_faults(case: Case) -> list[Fault]:
    """Each graded field has a right value; with changes it was not given, as it stands it was."""
    found: list[Fault] = []
    if not graded_rows(case):
        found.append(("fields", _("Nothing is graded: say which fields count.")))
    for number, row in enumerate(case.get("fields", ())):
        if not row.get("graded"):
            continue
        right, given = right_of(case, row), row.get("given", "")
        if not right:
            text = _("The record does not say “%(field)s”; write the right value.")
            found.append((f"fields.{number}", text % {"field": FIELDS[row["id"]]}))
        elif (case["verdict"] == CHANGED) is same(row["id"], given, right):
            text = _("“%(field)s” was right already, so it cannot be mended.")
            other = _("“%(field)s” is not as the record has it, so it cannot stand.")
            message = text if case["verdict"] == CHANGED else other
            found.append((f"fields.{number}.given", message % {"field": FIELDS[row["id"]]}))
    if case["verdict"] == VERIFIED and not found:
        found += _changed_in_silence(case)
    return found


def _changed_in_silence(case: Case) -> list[Fault]:
    """A citation that stands as it is agrees in what is not graded, too."""
    record = target_of(case) or {}
    return [
        (f"fields.{number}.given", _("“%(field)s” differs from the record.") % {"field": FIELDS[row["id"]]})
        for number, row in enumerate(case["fields"])
        if row.get("given") and record.get(row["id"]) and not same(row["id"], row["given"], record[row["id"]])
    ]


def _rivals(case: Case) -> list[Fault]:
    """The test of the unique answer: no other record fits as well as the target."""
    target = target_of(case)
    records, given = records_of(case), given_of(case)
    best = fit(records, target or {}, given)
    rivals = [each["title"] for each in records if each is not target and fit(records, each, given) >= best]
    if not rivals:
        return []
    text = _("These records fit as well as the target: %(titles)s.")
    return [("target", text % {"titles": "; ".join(rivals)})]


def fit(records: Sequence[Record], record: Record, given: Mapping[str, str]) -> int:
    """How well ``record`` fits what is given: 2 for what agrees, 1 for what comes close or shares half the title."""
    return sum(_agrees(records, record, given, name) for name in given)


def _agrees(records: Sequence[Record], record: Record, given: Mapping[str, str], name: str) -> int:
    value = record.get(name, "")
    if name == "title":
        words, own = set(words_of(given[name])), set(words_of(value))
        return 2 if same(name, given[name], value) else int(2 * len(words & own) >= len(words | own) > 0)
    if name == "container":
        journal = container_of(records, given[name])
        return 2 if value and same(name, journal["title"] if journal else given[name], value) else 0
    if name == "authors" and value:
        return 2 if set(words_of(given[name])) <= set(words_of(value)) else 0
    if name == "pages" and value and value.replace("–", "-").split("-")[0] == given[name]:
        return 1
    texts = {each: str(record.get(each, "")) for each in (*FIELDS, name)}
    return int(2 * fraction_of(name, given, texts))
