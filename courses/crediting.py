"""Whose the files of a lesson are, as its readers are told. Pure.

What is said of a file (licence, source) stands in the outline of an edition, in the entry of each lesson that uses it, and
only where something is said: a lesson's own part stays what it is, so nobody is asked again because of a credit, and a
course whose files say nothing keeps its hash.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import bodies
from courses.spec import Credited

Said = dict[str, dict[str, str]]  # licence and source by the name of the file; what is empty is left out
WORDS_MAX = 90
SORTS = {
    ("mp4", "webm"): gettext_lazy("Video"),
    ("m4a", "mp3"): gettext_lazy("Recording"),
    ("png", "jpg", "jpeg", "webp", "gif", "avif", "svg"): gettext_lazy("Picture"),
    ("vtt",): gettext_lazy("Captions"),
}


@dataclass(frozen=True)
class Credit:
    """What is said of one file or several in one line; ``what`` names them in words."""

    what: str
    source: str
    licence: str


def said_of(names: Mapping[str, str], credited: Credited) -> Said:
    """What is said of the files ``names``, as it stands in an outline."""
    found = {name: credited[name] for name in sorted(names) if any(credited.get(name, ()))}
    return {
        name: {key: value for key, value in (("licence", licence), ("source", source)) if value}
        for name, (licence, source) in found.items()
    }


def credited_in(outlines: Sequence[Mapping[str, Any]]) -> Credited:
    """What the outlines of an edition say of files; the same in every language."""
    return {
        name: (said.get("licence", ""), said.get("source", ""))
        for outline in outlines
        for entry in outline["lessons"]
        for name, said in entry.get("media", {}).items()
    }


def rows_of(said: Said, source: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a page needs to credit files of a lesson with this ``source``; a picture is named by what it shows."""
    shown = dict(bodies.pictures(str(source.get("body", "")), bodies.format_of(source)))
    return [{"name": name, "words": shown.get(name, ""), **each} for name, each in said.items()]


def credits_of(about: Mapping[str, Any], uid: str) -> list[Credit]:
    """The credits of the lesson ``uid``; files of which the same is said share a line. ``about`` is the rendered outline."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for row in sorted(about.get("file_credits", {}).get(uid, ()), key=_rank):
        named = grouped.setdefault((row.get("source", ""), row.get("licence", "")), [])
        what = _what(row)
        if what not in named:
            named.append(what)
    return [Credit(", ".join(named), source, licence_name(licence)) for (source, licence), named in grouped.items()]


def licence_name(licence: str) -> str:
    """``CC-BY-SA-4.0`` as people write it."""
    if licence.startswith("CC0"):
        return licence.replace("CC0-", "CC0 ")
    if not licence.startswith("CC-"):
        return licence
    words, _dash, version = licence.removeprefix("CC-").rpartition("-")
    return f"CC {words} {version}".strip()


def _ending(row: Mapping[str, str]) -> str:
    return row["name"].rpartition(".")[2].lower()


def _rank(row: Mapping[str, str]) -> int:
    """Films first, their captions behind their pictures, whatever else last."""
    return next((place for place, endings in enumerate(SORTS) if _ending(row) in endings), len(SORTS))


def _what(row: Mapping[str, str]) -> str:
    words = row["words"] if len(row["words"]) <= WORDS_MAX else f"{row['words'][: WORDS_MAX - 1].rstrip()}…"
    if words:
        return _("Picture “%(words)s”") % {"words": words}
    return next((str(label) for endings, label in SORTS.items() if _ending(row) in endings), row["name"])
