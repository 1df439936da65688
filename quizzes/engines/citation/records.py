"""The mini-catalogue: its records, how they are searched, and how people read them."""

import functools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.types.folding import folded

Record = Mapping[str, Any]

FOLDER = Path(__file__).parent / "catalogues"
CATALOGUES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
HITS_MOST = 10

GENRES: Mapping[str, Any] = {
    "article": gettext_lazy("Article in a journal"),
    "journal": gettext_lazy("Whole journal"),
    "book": gettext_lazy("Whole book"),
    "bookitem": gettext_lazy("Chapter or part of a book"),
    "proceeding": gettext_lazy("Paper in conference proceedings"),
    "thesis": gettext_lazy("Thesis"),
    "report": gettext_lazy("Report"),
}
FIELDS: Mapping[str, Any] = {  # what a citation may say, and a learner may mend
    "authors": gettext_lazy("Authors"),
    "title": gettext_lazy("Title"),
    "container": gettext_lazy("Journal, book or proceedings it is in"),
    "editor": gettext_lazy("Editor"),
    "year": gettext_lazy("Year"),
    "volume": gettext_lazy("Volume"),
    "issue": gettext_lazy("Issue"),
    "pages": gettext_lazy("Pages"),
    "issn": gettext_lazy("ISSN"),
    "isbn": gettext_lazy("ISBN"),
    "number": gettext_lazy("Report number"),
    "school": gettext_lazy("School or agency"),
    "event_year": gettext_lazy("Year of the event"),
}
MORE: Mapping[str, Any] = {
    "month": gettext_lazy("Month"),
    "years": gettext_lazy("Published"),
    "edition": gettext_lazy("Edition"),
    "series": gettext_lazy("Series"),
    "event": gettext_lazy("Event"),
    "place": gettext_lazy("Place"),
    "abbr": gettext_lazy("Abbreviated"),
    "former": gettext_lazy("Earlier title"),
    "notes": gettext_lazy("Notes"),
}
WORDS = ("title", "container", "authors", "editor", "abbr", "former", "series", "event", "school", "place")
NUMBERS = ("year", "years", "event_year", "volume", "issue", "pages", "issn", "isbn", "number")
PASSED_OVER = frozenset(  # they only connect or label
    ("a", "an", "and", "the", "of", "in", "on", "vol", "volume", "no", "nr", "iss", "issue", "p", "pp", "pages", "year")
)


@functools.cache
def catalogue(name: str) -> Sequence[Record]:
    """The records of a catalogue that comes with the engine."""
    records: list[Record] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return records


def records_of(case: Mapping[str, Any]) -> list[Record]:
    """The catalogue of ``case``: the one that it names, and its own records."""
    named = catalogue(case["catalogue"]) if case.get("catalogue") else ()
    return [*named, *case.get("records", ())]


def record_called(case: Mapping[str, Any], name: str | None) -> Record | None:
    return next((each for each in records_of(case) if each["id"] == name), None)


def words_of(text: str) -> list[str]:
    """The words that are searched for: folded, without those that only connect or label."""
    return [each for each in re.findall(r"\w+", folded(text).replace("'", "")) if each not in PASSED_OVER]


def _index(record: Record) -> set[str]:
    found = {word for name in (*WORDS, *NUMBERS) for word in words_of(record.get(name, ""))}
    joined = [record.get(name, "").replace("-", "") for name in ("issn", "isbn")]
    return found | {word for text in joined for word in words_of(text)}


def search(records: Sequence[Record], query: str) -> list[Record]:
    """The records that have all words of ``query`` in their titles, names, abbreviations or numbers."""
    wanted = set(words_of(query))
    return [each for each in records if wanted and wanted <= _index(each)]


def same_volume(records: Sequence[Record], record: Record) -> list[Record]:
    """The contents list of the volume that ``record`` is in; empty when it is in none."""
    place = (record.get("container"), record.get("volume"))
    return [each for each in records if all(place) and (each.get("container"), each.get("volume")) == place]


def container_of(records: Sequence[Record], name: str) -> Record | None:
    """The journal called ``name`` in full, in short, or by its earlier title."""
    wanted = plain(name)
    for each in records:
        names = [each.get("title", ""), each.get("former", ""), *each.get("abbr", "").split(";")]
        if wanted and each["genre"] == "journal" and wanted in map(plain, names):
            return each
    return None


def plain(text: str) -> str:
    """A text as it is compared: folded, without the full stop at its end."""
    return folded(text).rstrip(" .")


def line_of(record: Record) -> str:
    """A record in one line."""
    place = record.get("volume", "") + (f"({record['issue']})" if record.get("issue") else "")
    date = " ".join(filter(None, [record.get("month"), record.get("year") or record.get("years")]))
    editor = _("ed. %(name)s") % {"name": record["editor"]} if record.get("editor") else ""
    inside = " ".join(filter(None, [record.get("container"), place]))
    rest = [
        inside,
        editor,
        record.get("edition"),
        record.get("number"),
        record.get("school"),
        date,
        record.get("pages"),
    ]
    head = [record.get("authors", "").rstrip("."), record["title"]]
    return ". ".join(filter(None, [*head, ", ".join(filter(None, rest))])) + "."


def rows_of(record: Record) -> list[tuple[str, str]]:
    """A record in full, as label and value."""
    rows = [(_("Kind"), str(GENRES[record["genre"]]))]
    rows += [(str(label), record[name]) for name, label in {**FIELDS, **MORE}.items() if record.get(name)]
    return [*rows, (_("Online"), _("Free in a repository"))] if record.get("free_online") else rows
