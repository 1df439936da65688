"""Signs of a citation that nothing stands behind (F-142), as far as a catalogue can show them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from quizzes.engines.citation.matching import isbns, normal, page_range, same
from quizzes.engines.citation.records import Record, container_of, plain, words_of

MENU: Mapping[str, Any] = {
    "no_title": gettext_lazy("The contents list of that volume has no such title"),
    "sounds_odd": gettext_lazy("The title sounds odd"),
    "straddle": gettext_lazy("The pages run over two real articles"),
    "no_joint_work": gettext_lazy("These authors have nothing together"),
    "never_there": gettext_lazy("None of the authors ever published in it"),
    "one_search": gettext_lazy("My first search found nothing"),
    "blend": gettext_lazy("The title is put together from words of real titles"),
    "volume_year": gettext_lazy("Volume and year cannot belong together"),
    "no_container": gettext_lazy("No journal or book of that name is known"),
    "elsewhere": gettext_lazy("Its number belongs to something else"),
    "few_holdings": gettext_lazy("Few libraries would hold it"),
    "generated": gettext_lazy("Its only source is a generated text"),
}
GENERATED = "generated"  # no catalogue shows where a citation was seen: the case says it
ENOUGH = 2
LONG_WORD = 4


def signs(records: Sequence[Record], given: Mapping[str, str]) -> list[str]:
    """The signs that ``records`` show of a citation that says ``given``, in the order of the menu."""
    tests = {
        "no_title": not any(same("title", given.get("title", ""), each["title"]) for each in records),
        "straddle": _straddles(records, given),
        "no_joint_work": _no_joint_work(records, given),
        "never_there": _never_there(records, given),
        "blend": _blend(records, given.get("title", "")),
        "volume_year": _volume_year(records, given),
        "no_container": bool(given.get("container")) and not _in_container(records, given),
        "elsewhere": _elsewhere(records, given),
    }
    return [name for name in MENU if tests.get(name)]


def _in_container(records: Sequence[Record], given: Mapping[str, str]) -> list[Record]:
    """What appeared in the container that is given, in full or in short, and the container itself."""
    name = given.get("container", "")
    journal = container_of(records, name)
    wanted = plain(journal["title"] if journal else name)
    return [each for each in records if wanted and wanted in (plain(each.get("container", "")), plain(each["title"]))]


def _straddles(records: Sequence[Record], given: Mapping[str, str]) -> bool:
    """Do the pages touch two articles of that volume, and are those of neither?"""
    wanted = page_range(given.get("pages", ""))
    if not wanted or not given.get("volume"):
        return False
    volume = [each for each in _in_container(records, given) if same("volume", given["volume"], each.get("volume", ""))]
    ranges = [found for each in volume if (found := page_range(each.get("pages", "")))]
    return wanted not in ranges and sum(first <= wanted[1] and wanted[0] <= last for first, last in ranges) > 1


def names_in(text: str) -> list[tuple[str, ...]]:
    found = normal("authors", text)
    return [tuple(each) for each in found] if isinstance(found, list) else []


def _no_joint_work(records: Sequence[Record], given: Mapping[str, str]) -> bool:
    authors = set(names_in(given.get("authors", "")))
    return len(authors) > 1 and not any(authors <= set(names_in(each.get("authors", ""))) for each in records)


def _never_there(records: Sequence[Record], given: Mapping[str, str]) -> bool:
    there = [each for each in _in_container(records, given) if each.get("authors")]
    authors = set(names_in(given.get("authors", "")))
    return bool(there and authors) and not any(authors & set(names_in(each["authors"])) for each in there)


def _blend(records: Sequence[Record], title: str) -> bool:
    """Each longer word stands in some real title, and all of them in none."""
    words = {each for each in words_of(title) if len(each) >= LONG_WORD}
    titles = [set(words_of(each["title"])) for each in records]
    return (
        len(words) > 1
        and all(any(word in each for each in titles) for word in words)
        and not any(words <= each for each in titles)
    )


def _volume_year(records: Sequence[Record], given: Mapping[str, str]) -> bool:
    """One volume a year, counted from the volumes that are known; silent where they do not agree."""
    pairs = {
        int(each["year"]) - int(each["volume"])
        for each in _in_container(records, given)
        if each.get("year", "").isdecimal() and each.get("volume", "").isdecimal()
    }
    year, volume = given.get("year", ""), given.get("volume", "")
    return len(pairs) == 1 and year.isdecimal() and volume.isdecimal() and int(year) - int(volume) not in pairs


def _elsewhere(records: Sequence[Record], given: Mapping[str, str]) -> bool:
    """A number that the catalogue knows, but under other titles."""
    numbers = isbns(given.get("isbn", "")), given.get("issn", "")
    owners = [
        each
        for each in records
        if (numbers[0] & isbns(each.get("isbn", ""))) or same("issn", numbers[1], each.get("issn", ""))
    ]
    names = [plain(given[name]) for name in ("title", "container") if given.get(name)]
    known = [plain(each.get(name, "")) for each in owners for name in ("title", "container", "abbr")]
    return bool(owners) and not any(name in known for name in names)
