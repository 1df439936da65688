"""Reading an OpenURL step by step (F-110 to F-116). Nothing is ever fetched: a link is text here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from quizzes.engines.identifiers import digits
from quizzes.types.folding import folded

KEV = "info:ofi/fmt:kev:mtx:"
VERSION_KEYS = ("url_ver", "ctx_ver", "rft_val_fmt")
OLD_KEYS = {"id": "rft_id", "sid": "rfr_id"}  # version 0.1 to 1.0 (F-114)
FORMATS = ("journal", "book", "dissertation", "patent")
PARTS_OF_BOOKS = ("bookitem",)
JOURNAL_GENRES = ("journal", "issue", "article", "preprint")  # proceeding, conference and unknown: of either (F-112)
BOOK_GENRES = ("book", "bookitem", "report", "document")  # F-113
PLAIN = ("genre", "atitle", "aulast", "auinit", "aufirst", "date", "volume", "issue", "spage", "epage", "issn", "isbn")
STILL_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
ISSN_LENGTH = 8


@dataclass(frozen=True)
class Link:
    """What a link says: ``said`` as it stands after one decoding, ``meant`` with the plain faults mended."""

    version: str
    pairs: Mapping[str, list[str]]
    said: Mapping[str, str]
    meant: Mapping[str, str]
    faults: tuple[str, ...] = field(default=())


def pairs_of(text: str) -> dict[str, list[str]]:
    """Steps 1 to 5 of F-115: after the first ``?``, without ``#``, split, decoded once, a list for each key."""
    found: dict[str, list[str]] = {}
    query = text.strip().partition("?")[2].partition("#")[0].replace("&amp;", "&")
    for piece in filter(None, query.split("&")):
        key, _sign, value = piece.partition("=")
        found.setdefault(decoded(key), []).append(decoded(value))
    return found


def decoded(text: str) -> str:
    return unquote(text.replace("+", " "))


def parse(text: str) -> Link:
    """The link in ``text``; what it does not say is missing, never an error."""
    pairs = pairs_of(text)
    version = "1.0" if any(key in pairs for key in VERSION_KEYS) else "0.1"
    plain = {_plain_key(key, version): values[0] for key, values in reversed(pairs.items())}
    said = _said(
        plain, [value for key, values in pairs.items() if _plain_key(key, version) == "rft_id" for value in values]
    )
    said |= {"version": version}
    faults = _faults(said)
    return Link(version, pairs, said, _meant(said, faults), faults)


def _plain_key(key: str, version: str) -> str:
    """Step 6: the key without ``rft.``, or as version 1.0 calls it."""
    return key.removeprefix("rft.") if version == "1.0" else OLD_KEYS.get(key, key)


def _said(plain: Mapping[str, str], ids: list[str]) -> dict[str, str]:
    """The description by the names that the drills use; step 7 chooses the format."""
    said = {name: plain[name] for name in PLAIN if plain.get(name)}
    if title := plain.get("jtitle") or plain.get("btitle") or plain.get("title"):
        said["title"] = title
    if sender := plain.get("rfr_id"):
        said["rfr"] = sender.removeprefix("info:sid/")
    for each in ids:
        name, _sign, value = each.removeprefix("info:").partition("/" if each.startswith("info:") else ":")
        if name in {"doi", "pmid", "oclcnum"}:
            said.setdefault(name, value)
    form = plain.get("rft_val_fmt", "").removeprefix(KEV)
    said["format"] = form if form in FORMATS else _format_of(said)
    return {name: value for name, value in said.items() if value}


def _format_of(said: Mapping[str, str]) -> str:
    genre = said.get("genre", "")
    if genre in JOURNAL_GENRES or genre in BOOK_GENRES:
        return "journal" if genre in JOURNAL_GENRES else "book"
    if "issn" in said:
        return "journal"
    return "book" if "isbn" in said else ""


def _faults(said: Mapping[str, str]) -> tuple[str, ...]:
    """The faults that the link itself shows (F-115 steps 9 and 10, F-116)."""
    spage, epage = said.get("spage", ""), said.get("epage", "")
    is_part = said.get("genre") in ("article", *PARTS_OF_BOOKS)
    isbn = digits.clean(said.get("isbn", ""))
    tests = {
        "double_encoding": any(STILL_ENCODED.search(value) for value in said.values()),
        "wrong_title": bool(said.get("atitle")) and folded(said["atitle"]) == folded(said.get("title", "")),
        "article_isbn": said.get("genre") == "article" and "isbn" in said and "issn" not in said,
        "pages_reversed": spage.isdecimal() and epage.isdecimal() and int(spage) > int(epage),
        "no_spage": is_part and not spage,
        "bad_date": "date" in said and not DATE.fullmatch(said["date"]),
        "issn_as_isbn": len(isbn) == ISSN_LENGTH,
        "bad_number": _fails(said.get("issn", "")) or (len(isbn) != ISSN_LENGTH and _fails(said.get("isbn", ""))),
    }
    return tuple(name for name, holds in tests.items() if holds)


def _fails(number: str) -> bool:
    scheme = digits.scheme_of(number)
    return bool(number) and (scheme is None or not digits.is_valid(scheme, number))


def _meant(said: Mapping[str, str], faults: tuple[str, ...]) -> dict[str, str]:
    """``said`` with what is plainly wrong put right, the other form of its ISBN, and what service it asks for."""
    meant = {name: decoded(value) if STILL_ENCODED.search(value) else value for name, value in said.items()}
    if "article_isbn" in faults:
        meant |= {"genre": "bookitem", "format": "book"}
    if "pages_reversed" in faults:
        meant |= {"spage": said["epage"], "epage": said["spage"]}
    if "isbn" in meant and digits.is_valid(digits.ISBN10, meant["isbn"]):
        meant["isbn13"] = digits.to_isbn13(meant["isbn"]).number
    if service := service_of(meant):
        meant["service"] = service
    return meant


def service_of(said: Mapping[str, str]) -> str:
    """Step 8: copy for an article or a chapter, loan for a whole book, nothing where the rule is silent."""
    genre, form = said.get("genre", ""), said.get("format", "")
    if genre == "article" or genre in PARTS_OF_BOOKS or (form == "journal" and "atitle" in said):
        return "copy"
    return "loan" if form == "book" and genre in ("book", "") and "atitle" not in said else ""
