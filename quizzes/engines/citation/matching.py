"""When two values of a citation say the same, and when they come close (section 0 of the grading rules)."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from quizzes.engines.citation.records import plain
from quizzes.engines.identifiers import digits
from quizzes.types.folding import folded

NAMES = ("authors", "editor", "school")
COUNTS = ("volume", "issue", "number")
YEARS = ("year", "event_year")
CLOSE = Decimal("0.5")
APART = {"volume": "issue", "issue": "volume"}
BETWEEN_NAMES = re.compile(r"\s*(?:;|&|\band\b)\s*")
LABEL = re.compile(r"^(?:volume|vol|issue|iss|number|no|nr)\b\.?\s*")
PAGE_LABEL = re.compile(r"^(?:pages|page|pp|p)\b\.?\s*")
FOUR_DIGITS = re.compile(r"\b\d{4}\b")


def normal(field: str, text: str) -> object:
    """``text`` as values of ``field`` are compared; equal values say the same."""
    value = plain(text)
    if field in ("authors", "editor"):
        return [sorted(re.findall(r"[\w'-]+", each)) for each in BETWEEN_NAMES.split(value) if each]
    if field in YEARS:
        years = FOUR_DIGITS.findall(value)
        return years[0] if len(set(years)) == 1 else value
    if field == "pages":
        return pages(value)
    if field == "issn":
        return digits.clean(value)
    return LABEL.sub("", value) if field in COUNTS else value


def pages(text: str) -> str:
    """``211-29`` is ``211-229``; ``pp.`` and spaces do not matter."""
    first, dash, last = PAGE_LABEL.sub("", plain(text)).replace(" ", "").partition("-")
    if first.isdecimal() and last.isdecimal() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{first}{dash}{last}"


def page_range(text: str) -> tuple[int, int] | None:
    """First and last page; one page is both. None when they are no numbers."""
    first, _dash, last = pages(text).partition("-")
    if not first.isdecimal() or (last and not last.isdecimal()):
        return None
    return int(first), int(last or first)


def isbns(text: str) -> set[str]:
    """The ISBNs in ``text``, each with 13 digits."""
    found = set()
    for each in filter(None, (digits.clean(part) for part in text.split(";"))):
        found.add(digits.to_isbn13(each).number if digits.is_valid(digits.ISBN10, each) else each)
    return found


def same(field: str, given: str, right: str) -> bool:
    """Do both say the same? Of several ISBNs of a record each is right."""
    if not given.strip() or not right.strip():
        return False
    if field == "isbn":
        return bool(isbns(given)) and isbns(given) <= isbns(right)
    return normal(field, given) == normal(field, right)


def accents_differ(given: str, right: str) -> bool:
    """The same but for accents, which do not count and are worth a word."""
    return folded(given) == folded(right) and folded(given, accents=True) != folded(right, accents=True)


def one_edit_apart(one: str, other: str) -> bool:
    """Does one letter put in, left out or replaced turn one into the other?"""
    short, long = sorted((one, other), key=len)
    if short == long or len(long) - len(short) > 1:
        return False
    at = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    return short[at + (len(short) == len(long)) :] == long[at + 1 :]


def fraction_of(
    field: str, answers: Mapping[str, str], rights: Mapping[str, str], close: Sequence[str] = ()
) -> Decimal:
    """What the answer to ``field`` is worth: 1 exact; 0.5 for a year next to it, a name one letter off, volume and issue
    exchanged, or one of ``close``; else nothing."""
    given, right = answers.get(field, ""), rights[field]
    if same(field, given, right):
        return Decimal(1)
    if not given.strip():
        return Decimal(0)
    return CLOSE if _near(field, answers, rights) or any(same(field, given, each) for each in close) else Decimal(0)


def _near(field: str, answers: Mapping[str, str], rights: Mapping[str, str]) -> bool:
    given, right = answers[field], rights[field]
    if field in YEARS:
        years = (str(normal(field, given)), str(normal(field, right)))
        return all(each.isdecimal() for each in years) and abs(int(years[0]) - int(years[1])) == 1
    if field in NAMES:
        return one_edit_apart(*(" ".join(re.findall(r"\w+", folded(each))) for each in (given, right)))
    if other := APART.get(field):
        exchanged = ((field, other), (other, field))
        return all(same(mine, answers.get(mine, ""), rights.get(its, "")) for mine, its in exchanged)
    return False
