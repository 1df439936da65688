"""What each answer of a drill is worth, and why: the arithmetic in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.identifiers import digits
from quizzes.engines.identifiers.asks import (
    LABELS,
    NONE,
    NUMBER_KINDS,
    Item,
    asks,
    name_of,
    other_form,
    right_answers,
    same,
    shown,
    table_of,
)
from quizzes.engines.registry import Part

HALF, ONE, TWO = Decimal("0.5"), Decimal(1), Decimal(2)
RULE_FACTS = {"isbn10": "F-100", "isbn13": "F-101", "issn": "F-103"}
ASK_FACTS: Mapping[str, Sequence[str]] = {
    "valid": ("F-104",),
    "converted": ("F-102",),
    "intended": ("F-104",),
    "diagnosis": ("F-104",),
    "version": ("F-111", "F-114"),
    "faults": ("F-115", "F-116"),
}


def weight_of(ask: str, right: Any) -> Decimal:
    """The working table is one point in two halves, a fault two points, everything else one."""
    if ask in ("sum", "mod"):
        return HALF
    if ask == "faults":
        return TWO * len(right)
    return TWO if ask == "diagnosis" else ONE


def fraction_of(ask: str, given: Any, right: Any) -> Decimal:
    """How much of an answer is right, 0 to 1; of several faults, those found less those that are none."""
    if ask != "faults":
        return ONE if same(ask, given, right) else Decimal(0)
    chosen = given if isinstance(given, list) else []
    hits = sum(each in right for each in chosen)
    return max(Decimal(0), Decimal(2 * hits - len(chosen)) / len(right))


def parts_of(item: Item, number: int, answers: Mapping[str, Any]) -> list[Part]:
    """The parts of one item; ``number`` is its place in the case."""
    right = right_answers(item)
    return [_part(item, number, each, right[each["id"]], answers) for each in asks(item) if each["id"] in right]


def _part(item: Item, number: int, row: Item, right: Any, answers: Mapping[str, Any]) -> Part:
    ask = row["id"]
    given = answers.get(name_of(item, ask))
    return Part(
        key=name_of(item, ask),
        label=_("%(number)d. %(what)s") % {"number": number, "what": LABELS[ask]},
        weight=weight_of(ask, right),
        fraction=fraction_of(ask, given, right),
        did=shown(item, ask, given),
        expected=shown(item, ask, right),
        why=" ".join(filter(None, [reason(item, ask, right), row.get("feedback", "")])),
        next_time=advice(item, ask),
        facts=facts_of(item, ask),
        asked=question(item, ask),
    )


def facts_of(item: Item, ask: str) -> list[str]:
    table = table_of(item)
    rule = [RULE_FACTS[table.scheme.name]] if table and ask in ("sum", "mod", "check", "valid") else []
    if item["kind"] == "openurl_parse":
        return list(ASK_FACTS.get(ask, ("F-115",)))
    return [*rule, *ASK_FACTS.get(ask, ())]


def sum_in_words(table: digits.Working) -> str:
    """``9×8 + 9×7 + … = 203``."""
    pairs = zip(table.digits, table.scheme.weights, strict=True)
    return " + ".join(f"{digit}×{weight}" for digit, weight in pairs) + f" = {table.total}"


def check_in_words(table: digits.Working) -> str:
    """The step from the sum to the check character."""
    modulus = table.scheme.modulus
    line = f"({modulus} − {table.remainder}) mod {modulus} = {(modulus - table.remainder) % modulus}"
    return _("%(line)s, and 10 is written X") % {"line": line} if table.check == "X" else line


def table_in_words(table: digits.Working) -> str:
    return _("%(sum)s; %(total)d mod %(modulus)d = %(remainder)d; %(check)s.") % {
        "sum": sum_in_words(table),
        "total": table.total,
        "modulus": table.scheme.modulus,
        "remainder": table.remainder,
        "check": check_in_words(table),
    }


def reason(item: Item, ask: str, right: Any) -> str:
    """Why ``right`` is right."""
    table = table_of(item)
    if table and ask in ("sum", "mod", "check"):
        steps = {
            "sum": f"{sum_in_words(table)}.",
            "mod": _("%(total)d = %(modulus)d × %(times)d + %(remainder)d.")
            % {
                "total": table.total,
                "modulus": table.scheme.modulus,
                "times": table.total // table.scheme.modulus,
                "remainder": table.remainder,
            },
            "check": f"{check_in_words(table)}.",
        }
        return steps[ask]
    if item["kind"] == "openurl_parse":
        return link_reason(ask, right)
    reasons = {"valid": valid_reason, "converted": converted_reason, "intended": intended_reason}
    return reasons[ask](item) if ask in reasons else diagnosis_reason(right)


def valid_reason(item: Item) -> str:
    scheme = NUMBER_KINDS.get(item["kind"]) or digits.scheme_of(item["given"])
    number, table = digits.clean(item["given"]), scheme and digits.working(scheme, item["given"])
    if not table:
        return _("It has %(count)d characters, or an X before its end; no number of this kind does.") % {
            "count": len(number)
        }
    line = _("The digits ask for the check character %(check)s; the number ends in %(end)s.")
    proves = _("A right one proves only that the number was typed well, not that the item exists.")
    text = line % {"check": table.check, "end": number[-1]}
    return f"{text} {proves}" if table.check == number[-1] else text


def converted_reason(item: Item) -> str:
    table = other_form(item["given"])
    if not table:
        return _("Only numbers that begin with 978 have an ISBN-10; this one begins with 979.")
    line = (
        _("Drop the old check character, put 978 in front, and work it out again: %(table)s")
        if table.scheme is digits.ISBN13
        else _("Drop 978 and the old check digit, and work it out again: %(table)s")
    )
    return line % {"table": table_in_words(table)}


def intended_reason(item: Item) -> str:
    scheme = digits.scheme_of(item["number"]) or digits.ISBN13
    table = digits.working(scheme, item["number"])
    line = _("The record beside it carries this number, and it is valid: %(table)s Other numbers would be valid, too.")
    return line % {"table": table_in_words(table) if table else ""}


def diagnosis_reason(right: str) -> str:
    return {
        "same": _("Spaces, dashes and a small x do not change a number. Take them out before you compare."),
        "check": _("All digits before it agree with the record; the last character does not."),
        "digit": _("One place differs from the record. A check character catches every single wrong digit."),
        "swap": _(
            "Two neighbours stand in each other’s place. The test catches this in every ISBN-10 and ISSN, and in an "
            "ISBN-13 unless the two differ by 5."
        ),
        "unseen": _(
            "Two neighbours that differ by 5 are exchanged. Their weights are 1 and 3, so the sum changes by 10, and the "
            "remainder stays the same."
        ),
        "length": _("It has not the length that the record’s number has."),
        "other": _("More than two places differ, or places that are no neighbours: nobody’s finger slipped once."),
    }[right]


def link_reason(ask: str, right: Any) -> str:
    """The rule of reading a link that gives this answer."""
    if ask == "version":
        return (
            _("There is neither url_ver, nor ctx_ver, nor rft_val_fmt, so it is the old style.")
            if right == "0.1"
            else _("It has url_ver, ctx_ver or rft_val_fmt, so it is version 1.0.")
        )
    if ask == "faults":
        return _("The link shows none of these faults.") if right == [NONE] else _("Each of them shows in the link.")
    return {
        "format": _("rft_val_fmt names it; without one the genre does, then ISSN for a journal, ISBN for a book."),
        "genre": _(
            "The genre of the link holds unless the rest contradicts it: a part with an ISBN only is a chapter."
        ),
        "service": _("An article or a chapter is copied; a whole book is borrowed."),
        "rfr": _("rfr_id says who sent the link; version 0.1 calls it sid."),
        "doi": _("It stands in rft_id after info:doi/; version 0.1 has id=doi: instead."),
        "isbn13": _("Put 978 in front of the first nine digits and work out the check digit again."),
    }.get(ask, _("Split at &, then at the first =, and decode the value once. Mend what is plainly wrong."))


def advice(item: Item, ask: str) -> str:
    """How to see it next time; says nothing of this number."""
    if item["kind"] == "openurl_parse":
        return link_advice(ask)
    table = table_of(item)
    scheme = table.scheme if table else digits.ISBN10
    weights = _("1, 3, 1, 3 and so on") if scheme is digits.ISBN13 else f"{scheme.weights[0]}, {scheme.weights[1]} … 2"
    return {
        "sum": _("Multiply the digits before the check character by %(weights)s, and add the products.")
        % {"weights": weights},
        "mod": _("Divide the sum by %(modulus)d; what is left is the remainder.") % {"modulus": scheme.modulus},
        "check": _("Take the remainder from %(modulus)d; %(modulus)d itself counts as 0.") % {"modulus": scheme.modulus}
        + (" " + _("10 is written X.") if scheme.modulus == 11 else ""),
        "valid": _("Work out the check character from the digits before it, and compare it with the last one."),
        "converted": _("Never keep the old check character; the two kinds are worked out in different ways."),
        "intended": _("A wrong number has many valid neighbours: only a record tells which one was meant."),
        "diagnosis": _("Lay the number beside the record’s, take out spaces and dashes, and compare place by place."),
    }[ask]


def link_advice(ask: str) -> str:
    """Where in a link to look."""
    keys = {"title": "jtitle, btitle, title", "format": "rft_val_fmt", "rfr": "rfr_id, sid", "doi": "rft_id, id"}
    return {
        "version": _("Look for url_ver, ctx_ver or rft_val_fmt."),
        "genre": _("Look for genre, and whether the numbers suit it."),
        "isbn13": _("Never keep the old check digit."),
        "service": _("A part is copied, a whole item borrowed."),
        "faults": _("Look for %25, for pages that run backwards, and for numbers that do not suit the genre."),
    }.get(ask) or _("Look for the key: %(keys)s.") % {"keys": keys.get(ask, ask)}


def question(item: Item, ask: str) -> str:
    """The decision as a question that makes sense on a card of its own."""
    given = item["given"]
    table = table_of(item)
    if table and ask in ("sum", "mod", "check"):
        return {
            "sum": _("The %(kind)s digits are %(digits)s (without the check character). What is the weighted sum?"),
            "mod": _("The weighted sum of an %(kind)s is %(total)d. What remainder do you test it with?"),
            "check": _("The weighted sum of an %(kind)s is %(total)d. What is its check character?"),
        }[ask] % {"kind": table.scheme.label, "digits": table.digits, "total": table.total}
    if item["kind"] == "openurl_parse":
        return _("In this link, mended where it is plainly wrong: %(what)s? %(link)s") % {
            "what": LABELS[ask],
            "link": given,
        }
    return {
        "valid": _("Is the number %(given)s valid as it stands?"),
        "converted": _("What is the other form of the ISBN %(given)s?"),
        "intended": _("A request has the number %(given)s. A record reads: %(record)s. Which number was meant?"),
        "diagnosis": _("A request has the number %(given)s, the record %(number)s. What happened to it?"),
    }[ask] % {"given": given, "record": item.get("record", ""), "number": item.get("number", "")}
