"""What a drill may ask about an item, the menus it offers, and what is right."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engines.identifiers import digits, openurl
from quizzes.types.folding import folded

Item = Mapping[str, Any]

KINDS: Mapping[str, Any] = {
    "isbn10_check": gettext_lazy("Test an ISBN-10"),
    "isbn13_check": gettext_lazy("Test an ISBN-13"),
    "issn_check": gettext_lazy("Test an ISSN"),
    "convert": gettext_lazy("Turn an ISBN into its other form"),
    "diagnose": gettext_lazy("Say what happened to a number"),
    "openurl_parse": gettext_lazy("Read an OpenURL"),
}
NUMBER_KINDS = {"isbn10_check": digits.ISBN10, "isbn13_check": digits.ISBN13, "issn_check": digits.ISSN}
TABLE = ("sum", "mod", "check")

LABELS: Mapping[str, Any] = {
    "sum": gettext_lazy("Weighted sum"),
    "mod": gettext_lazy("Remainder"),
    "check": gettext_lazy("Check character"),
    "valid": gettext_lazy("Is it valid as given?"),
    "converted": gettext_lazy("The number in the other form"),
    "intended": gettext_lazy("The number that was meant"),
    "diagnosis": gettext_lazy("What happened to it"),
    "version": gettext_lazy("Version of OpenURL"),
    "format": gettext_lazy("Format"),
    "genre": gettext_lazy("Genre"),
    "atitle": gettext_lazy("Title of the article or chapter"),
    "title": gettext_lazy("Title of the journal or book"),
    "aulast": gettext_lazy("Author’s family name"),
    "aufirst": gettext_lazy("Author’s given name"),
    "auinit": gettext_lazy("Author’s initials"),
    "date": gettext_lazy("Date"),
    "volume": gettext_lazy("Volume"),
    "issue": gettext_lazy("Issue"),
    "spage": gettext_lazy("First page"),
    "epage": gettext_lazy("Last page"),
    "issn": gettext_lazy("ISSN"),
    "isbn": gettext_lazy("ISBN, as it stands"),
    "isbn13": gettext_lazy("The same ISBN with 13 digits"),
    "doi": gettext_lazy("DOI"),
    "rfr": gettext_lazy("Who sent it"),
    "service": gettext_lazy("What the desk does with it"),
    "faults": gettext_lazy("What is wrong with the link"),
}
ASKS_OF: Mapping[str, Sequence[str]] = {
    "isbn10_check": (*TABLE, "valid", "converted", "intended"),
    "isbn13_check": (*TABLE, "valid", "converted", "intended"),
    "issn_check": (*TABLE, "valid", "intended"),
    "convert": (*TABLE, "converted"),
    "diagnose": ("valid", "diagnosis"),
    "openurl_parse": tuple(LABELS)[list(LABELS).index("version") :],
}

DIAGNOSES: Mapping[str, Any] = {
    "same": gettext_lazy("Nothing: it is the same number, written in another way"),
    "check": gettext_lazy("Only the check character is wrong"),
    "digit": gettext_lazy("One digit is wrong, and the check character shows it"),
    "swap": gettext_lazy("Two neighbours are exchanged, and the check character shows it"),
    "unseen": gettext_lazy("Two neighbours are exchanged, and the check character cannot show it"),
    "length": gettext_lazy("A character is missing or too many"),
    "other": gettext_lazy("It is another number altogether"),
}
FAULTS: Mapping[str, Any] = {
    "double_encoding": gettext_lazy("A value is encoded twice"),
    "wrong_title": gettext_lazy("The article title holds the title of the journal"),
    "download_date": gettext_lazy("The date is that of the download"),
    "article_isbn": gettext_lazy("It says article, but has an ISBN only"),
    "pages_reversed": gettext_lazy("First and last page are exchanged"),
    "no_spage": gettext_lazy("The first page is missing"),
    "author_reversed": gettext_lazy("The parts of the author’s name are exchanged"),
    "bad_date": gettext_lazy("The date is not year, month, day with hyphens"),
    "issn_as_isbn": gettext_lazy("An ISSN stands where the ISBN belongs"),
    "bad_number": gettext_lazy("A number fails the test of its check character"),
    "none": gettext_lazy("Nothing of this"),
}
UNSEEN_FAULTS = ("wrong_title", "download_date", "author_reversed")  # a link alone may not show them: authors name them
GENRES = (*openurl.JOURNAL_GENRES, "proceeding", "conference", *openurl.BOOK_GENRES, "dissertation", "unknown")
CHOICES: Mapping[str, Sequence[tuple[str, Any]]] = {
    "valid": (("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))),
    "diagnosis": tuple(DIAGNOSES.items()),
    "version": (("0.1", "0.1"), ("1.0", "1.0")),
    "format": (
        ("journal", gettext_lazy("Journal")),
        ("book", gettext_lazy("Book")),
        ("dissertation", gettext_lazy("Dissertation")),
        ("patent", gettext_lazy("Patent")),
    ),
    "genre": tuple((each, each) for each in GENRES),
    "service": (
        ("copy", gettext_lazy("Order a copy of a part")),
        ("loan", gettext_lazy("Borrow the whole item")),
    ),
    "faults": tuple(FAULTS.items()),
}
NUMBERS = ("converted", "intended", "issn", "isbn", "isbn13")
NONE = "none"
FOLDED_NONE = ("none", "no", "-", "n/a")
DOI_PREFIX = ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "info:doi/", "doi:")


def name_of(item: Item, ask: str) -> str:
    """Answers and parts are called by item and ask: ``i1.check``."""
    return f"{item['id']}.{ask}"


def told_faults(item: Item) -> list[str]:
    """The faults that the author names, in one line with semicolons between them."""
    return [each for part in item.get("faults", "").split(";") if (each := part.strip())]


def asks(item: Item) -> list[Item]:
    return list(item["ask"])


def table_of(item: Item) -> digits.Working | None:
    """The working table that the item is about; that of the new number where one is to be converted."""
    if scheme := NUMBER_KINDS.get(item["kind"]):
        return digits.working(scheme, item["given"])
    if item["kind"] == "convert":
        return other_form(item["given"])
    return None


def other_form(given: str) -> digits.Working | None:
    """The working table of the other form of an ISBN; None where there is none."""
    return digits.to_isbn13(given) if digits.scheme_of(given) is digits.ISBN10 else digits.to_isbn10(given)


def right_answers(item: Item) -> dict[str, Any]:
    """What is right, by ask; an ask without an entry has no answer. What the author wrote goes first."""
    link = openurl.parse(item["given"]) if item["kind"] == "openurl_parse" else None
    found = _of_link(item, link) if link else _of_number(item)
    written = {each["id"]: each["key"] for each in asks(item) if each.get("key")}
    return {each["id"]: (found | written)[each["id"]] for each in asks(item) if each["id"] in found | written}


def _of_link(item: Item, link: openurl.Link) -> dict[str, Any]:
    told = told_faults(item)
    faults = [code for code in FAULTS if code in link.faults or code in told]
    return {**link.meant, "faults": faults or [NONE]}


def _of_number(item: Item) -> dict[str, Any]:
    given, table = item["given"], table_of(item)
    scheme = NUMBER_KINDS.get(item["kind"]) or digits.scheme_of(given)
    found: dict[str, Any] = {"valid": "yes" if scheme and digits.is_valid(scheme, given) else "no"}
    if table:
        found |= {"sum": str(table.total), "mod": str(table.remainder), "check": table.check}
    if scheme in (digits.ISBN10, digits.ISBN13) and found["valid"] == "yes":
        other = other_form(given)
        found["converted"] = other.number if other else NONE
    if number := item.get("number"):
        found |= {"intended": digits.clean(number), "diagnosis": digits.diagnosis(given, number)}
    return found


def same(ask: str, given: Any, right: Any) -> bool:
    """Do both say the same? Spaces, dashes, capitals and what stands around a number or DOI do not matter."""
    if not isinstance(given, str) or not isinstance(right, str) or not given.strip():
        return False
    if ask in NUMBERS and right != NONE:
        return digits.clean(given) == digits.clean(right)
    return _plain(ask, given) == _plain(ask, right)


def _plain(ask: str, text: str) -> str:
    plain = folded(text).rstrip(".")
    if ask in ("sum", "mod"):
        return plain.lstrip("0") or "0"
    if ask == "doi":
        for prefix in DOI_PREFIX:
            plain = plain.removeprefix(prefix).strip()
    if ask == "rfr":
        plain = plain.removeprefix("info:sid/")
    if ask == "auinit":
        plain = plain.replace(".", "").replace(" ", "")
    if ask in NUMBERS and plain in (*FOLDED_NONE, folded(_("none"))):
        return NONE
    return plain


def shown(item: Item, ask: str, value: Any) -> str:
    """An answer as people read it; empty for none."""
    if isinstance(value, list):
        return "; ".join(str(FAULTS[each]) for each in value if each in FAULTS)
    if not isinstance(value, str):
        return ""
    if ask in CHOICES:
        return str(dict(CHOICES[ask]).get(value, value))
    scheme = digits.scheme_of(value) if ask in NUMBERS else None
    return digits.written(scheme, digits.clean(value)) if scheme and scheme is digits.ISSN else value
