"""Drills from a seed: numbers made of throws, spoilt in one way each, and a link with a fault or none."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, quote_plus

from django.utils.translation import gettext as _

from quizzes.engines.dice import Dice
from quizzes.engines.identifiers import digits
from quizzes.engines.identifiers.openurl import KEV

DASHES = ("-", "–", "‑", " ")
TABLE = ("sum", "mod", "check")
TOPICS = (
    "Ferry timetables",
    "Salt roads",
    "Lamp oil",
    "Weirs and mills",
    "Orchard walls",
    "Tide clocks",
    "Chalk figures",
)
ANGLES = ("a reply", "a second look", "notes from three valleys", "what the ledgers say", "before the railway")
JOURNALS = ("Letters on Landings", "Upland Records", "Notes and Measures", "Harbour Studies", "The Mapmender")
BOOKS = ("Reading the Shore", "A Handbook of Small Bridges", "Essays on Ropes", "The Quiet Lock")
FAMILY = ("Arden", "Bexley", "Corvin", "Dunmore", "Elswick", "Farrow", "Gorsley")
SENDERS = ("example.org:shore-index", "example.org:valley-file", "example.org:old-cards")
HOST = "resolver.example.org"
SPOILT = ("none", "check", "swap", "small_x", "dashes")


def generate(version: int, seed: int, level: str) -> dict[str, Any]:
    """Two numbers to test; from working on also one to convert and one to explain; in the end a link."""
    dice = Dice("identifiers", version, level, seed)
    makers = {
        "basic": (_isbn13_check, _issn_check),
        "working": (_isbn10_check, _issn_beside_record, _convert, _diagnose),
        "advanced": (_isbn10_check, _convert, _diagnose, _link),
    }[level]
    items = [{"id": f"i{at}", **make(dice)} for at, make in enumerate(makers, 1)]
    return {
        "uid": f"seed-{seed}",
        "title": _("A pile of numbers") if level != "advanced" else _("A pile of numbers and a link"),
        "level": level,
        "brief": _("These came in with this morning’s requests. Work each one out on paper before you trust it."),
        "facts": ["F-100", "F-101", "F-102", "F-103", "F-104", "F-106"],
        "items": items,
    }


def _number(dice: Dice, scheme: digits.Scheme) -> str:
    """A valid number of throws, not all digits alike."""
    start = "978" if scheme is digits.ISBN13 else ""
    count = len(scheme.weights) - len(start)
    drawn = "".join(str(dice.whole(0, 9)) for _each in range(count - 1))
    last = str((int(drawn[-1]) + dice.whole(1, 9)) % 10)
    return digits.work_out(scheme, start + drawn + last).number


def _spoilt(dice: Dice, scheme: digits.Scheme, number: str) -> str:
    """``number`` as somebody wrote it down: as it is, with a wrong end, exchanged neighbours, a small x, odd dashes."""
    how = dice.choice(SPOILT)
    if how == "check":
        return number[:-1] + str((int(number[-1].replace("X", "9")) + dice.whole(1, 8)) % 10)
    if how == "swap" and (places := _swaps(scheme, number)):
        return digits.exchanged(number, dice.choice(places))
    if how == "dashes":
        return _dashed(dice, number)
    return number.lower() if how == "small_x" else digits.written(scheme, number)


def _swaps(scheme: digits.Scheme, number: str, *, seen: bool = True) -> list[int]:
    """Where an exchange of neighbours changes the number, X stays at its end, and the test does or does not see it."""
    places = range(len(number) - 2)
    return [
        at
        for at in places
        if number[at] != number[at + 1] and digits.is_valid(scheme, digits.exchanged(number, at)) is not seen
    ]


def _dashed(dice: Dice, number: str) -> str:
    dash = dice.choice(DASHES)
    cut = dice.whole(2, len(number) - 3)
    return f"{number[:cut]}{dash}{number[cut:-1]}{dash}{number[-1]}"


def _asked(*names: str) -> list[dict[str, str]]:
    return [{"id": name} for name in names]


def _check(dice: Dice, scheme: digits.Scheme) -> dict[str, Any]:
    given = _spoilt(dice, scheme, _number(dice, scheme))
    return {"kind": f"{scheme.name}_check", "given": given, "ask": _asked(*TABLE, "valid")}


def _isbn10_check(dice: Dice) -> dict[str, Any]:
    return _check(dice, digits.ISBN10)


def _isbn13_check(dice: Dice) -> dict[str, Any]:
    return _check(dice, digits.ISBN13)


def _issn_check(dice: Dice) -> dict[str, Any]:
    return _check(dice, digits.ISSN)


def _issn_beside_record(dice: Dice) -> dict[str, Any]:
    """An ISSN with two digits exchanged, beside the record that has it right."""
    number = _number(dice, digits.ISSN)
    while not (places := _swaps(digits.ISSN, number)):
        number = _number(dice, digits.ISSN)
    right = digits.written(digits.ISSN, number)
    given = digits.written(digits.ISSN, digits.exchanged(number, dice.choice(places)))
    return {
        "kind": "issn_check",
        "given": given,
        "record": f"{dice.choice(JOURNALS)}. ISSN {right}",
        "number": right,
        "ask": _asked(*TABLE, "valid", "intended"),
    }


def _convert(dice: Dice) -> dict[str, Any]:
    """An ISBN to turn into its other form; one in six has none."""
    if dice.chance(1, 6):
        first = "979" + "".join(str(dice.whole(1, 9)) for _each in range(9))
        given = digits.work_out(digits.ISBN13, first).number
        return {"kind": "convert", "given": given, "ask": _asked("converted")}
    scheme = dice.choice((digits.ISBN10, digits.ISBN13))
    return {"kind": "convert", "given": _number(dice, scheme), "ask": _asked(*TABLE, "converted")}


def _diagnose(dice: Dice) -> dict[str, Any]:
    """A number beside the record's: what happened to it? One exchange in three is one that the test cannot see."""
    unseen = dice.chance(1, 3)
    scheme = digits.ISBN13 if unseen else dice.choice(tuple(digits.SCHEMES.values()))
    number = _number(dice, scheme)
    while not (places := _swaps(scheme, number, seen=not unseen)):
        number = _number(dice, scheme)
    right = digits.written(scheme, number)
    ways = {
        "swap": digits.exchanged(number, dice.choice(places)),
        "check": number[:-1] + str((int(number[-1].replace("X", "9")) + dice.whole(1, 8)) % 10),
        "length": number[:-2] + number[-1],
        "same": _dashed(dice, number).lower(),
    }
    given = ways["swap" if unseen else dice.choice(tuple(ways))]
    return {
        "kind": "diagnose",
        "given": given,
        "record": f"{dice.choice(BOOKS)}. {scheme.label} {right}",
        "number": right,
        "ask": _asked("valid", "diagnosis") if len(digits.clean(given)) == scheme.length else _asked("diagnosis"),
    }


def _link(dice: Dice) -> dict[str, Any]:
    """A link to an article or a chapter, in one of both styles, with one fault or none."""
    old, chapter = dice.chance(1, 3), dice.chance(1, 2)
    fault = dice.choice(("none", "pages_reversed", "double_encoding", "article_isbn" if chapter else "none"))
    said, title_key = _described(dice, chapter=chapter), "title" if old else "btitle" if chapter else "jtitle"
    if fault == "pages_reversed":
        said |= {"spage": said["epage"], "epage": said["spage"]}
    if fault == "article_isbn":
        said["genre"] = "article"
    title = said.pop("title")
    said[title_key] = quote(title) if fault == "double_encoding" else title
    sender = dice.choice(SENDERS)
    pairs = [*said.items(), ("sid", sender)] if old else _new_style(said, sender, chapter=chapter)
    escape = quote_plus if dice.chance(1, 2) else _quoted
    query = "&".join(f"{key}={escape(value)}" for key, value in dice.shuffled(pairs))
    number = ("isbn13",) if chapter else ("volume", "issue", "issn")
    names = (
        "version",
        "genre",
        "atitle",
        "title",
        "aulast",
        "date",
        *number,
        "spage",
        "epage",
        "rfr",
        "service",
        "faults",
    )
    return {"kind": "openurl_parse", "given": f"https://{HOST}/?{query}", "ask": _asked(*names)}


def _described(dice: Dice, *, chapter: bool) -> dict[str, str]:
    first = dice.whole(11, 420)
    said = {
        "genre": "bookitem" if chapter else "article",
        "atitle": f"{dice.choice(TOPICS)}: {dice.choice(ANGLES)}",
        "title": dice.choice(BOOKS if chapter else JOURNALS),
        "aulast": dice.choice(FAMILY),
        "date": str(dice.whole(1988, 2024)),
        "spage": str(first),
        "epage": str(first + dice.whole(2, 24)),
    }
    if chapter:
        return said | {"isbn": _number(dice, digits.ISBN10)}
    issn = digits.written(digits.ISSN, _number(dice, digits.ISSN))
    return said | {"volume": str(dice.whole(2, 60)), "issue": str(dice.whole(1, 6)), "issn": issn}


def _new_style(said: Mapping[str, str], sender: str, *, chapter: bool) -> Sequence[tuple[str, str]]:
    form = "book" if chapter else "journal"
    return [
        ("url_ver", "Z39.88-2004"),
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"{KEV}{form}"),
        *((f"rft.{key}", value) for key, value in said.items()),
        ("rfr_id", f"info:sid/{sender}"),
    ]


def _quoted(text: str) -> str:
    return quote(text, safe="")
