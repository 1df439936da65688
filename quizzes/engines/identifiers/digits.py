"""The arithmetic of ISBN and ISSN: weights, sum, remainder, check character (F-100 to F-106)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PREFIX = re.compile(r"\bE?-?IS[BS]N(-1[03]:?|\s1[03]:|-L)?", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Scheme:
    """How one kind of number is made: a weight for each digit, and what the sum is divided by."""

    name: str
    label: str
    weights: Sequence[int]
    modulus: int

    @property
    def length(self) -> int:
        return len(self.weights) + 1


ISBN10 = Scheme("isbn10", "ISBN-10", tuple(range(10, 1, -1)), 11)
ISBN13 = Scheme("isbn13", "ISBN-13", (1, 3) * 6, 10)
ISSN = Scheme("issn", "ISSN", tuple(range(8, 1, -1)), 11)
SCHEMES: Mapping[str, Scheme] = {each.name: each for each in (ISBN10, ISBN13, ISSN)}


@dataclass(frozen=True)
class Working:
    """The working table of a number: its digits without the check character, and what comes of them."""

    scheme: Scheme
    digits: str
    products: Sequence[int]
    total: int
    remainder: int
    check: str

    @property
    def number(self) -> str:
        return self.digits + self.check


def clean(text: str) -> str:
    """``text`` as it is tested: no spaces, dashes, brackets or words around it, a capital X (F-106)."""
    plain = IN_BRACKETS.sub("", PREFIX.sub("", unicodedata.normalize("NFKC", text)))
    return re.sub(r"[^0-9X]", "", plain.upper())


def scheme_of(text: str) -> Scheme | None:
    """The kind of number that ``text`` has the length of."""
    return next((each for each in SCHEMES.values() if each.length == len(clean(text))), None)


def work_out(scheme: Scheme, digits: str) -> Working:
    """The table for ``digits``, which are as many as ``scheme`` has weights (F-100, F-101, F-103)."""
    products = [weight * int(digit) for weight, digit in zip(scheme.weights, digits, strict=True)]
    total = sum(products)
    remainder = total % scheme.modulus
    check = (scheme.modulus - remainder) % scheme.modulus
    return Working(scheme, digits, products, total, remainder, "X" if check == 10 else str(check))


def working(scheme: Scheme, text: str) -> Working | None:
    """The table for the number in ``text``; None when that has another length or X within."""
    number = clean(text)
    if len(number) != scheme.length or not number[:-1].isdecimal():
        return None
    return work_out(scheme, number[:-1])


def is_valid(scheme: Scheme, text: str) -> bool:
    table = working(scheme, text)
    return table is not None and table.number == clean(text)


def to_isbn13(isbn10: str) -> Working:
    """Drop the old check character, put 978 in front, work out again (F-102)."""
    return work_out(ISBN13, "978" + clean(isbn10)[:9])


def to_isbn10(isbn13: str) -> Working | None:
    """The other way round; None for 979, which has no ISBN-10 (F-102)."""
    number = clean(isbn13)
    return work_out(ISBN10, number[3:12]) if number.startswith("978") else None


def written(scheme: Scheme, number: str) -> str:
    """An ISSN with its hyphen; an ISBN in one piece, since its hyphens would have to be known."""
    return f"{number[:4]}-{number[4:]}" if scheme is ISSN else number


def exchanged(number: str, at: int) -> str:
    """``number`` with the characters at ``at`` and after it exchanged."""
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def diagnosis(given: str, right: str) -> str:
    """What happened to the number ``right`` on its way to ``given``; one of ``DIAGNOSES`` of the grading."""
    seen, meant = clean(given), clean(right)
    if seen == meant:
        return "same"
    if len(seen) != len(meant):
        return "length"
    apart = [at for at, (one, other) in enumerate(zip(seen, meant, strict=True)) if one != other]
    if len(apart) == 2 and exchanged(meant, apart[0]) == seen:
        scheme = scheme_of(meant)
        return "unseen" if scheme and is_valid(scheme, seen) else "swap"
    if len(apart) == 1:
        return "check" if apart[0] == len(meant) - 1 else "digit"
    return "other"
