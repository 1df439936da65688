"""Numbers as people write them: read into decimals, converted by unit, compared within a tolerance. No floats."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from django.utils.translation import gettext as _

from quizzes.registry import Content, Fault
from quizzes.types.base import ID, repeated
from quizzes.types.folding import folded
from quizzes.types.typed import Found, no_answer

LONGEST = 200  # characters looked at; a number with its unit is far shorter
GREATEST = 30  # powers of ten, up and down, in which anybody counts
FACTOR_PATTERN = r"^(0|[1-9]\d{0,14})(\.\d{1,10})?$"
NOT_NEGATIVE = {"type": "string", "pattern": FACTOR_PATTERN}
EXACT = Context(prec=300, Emax=MAX_EMAX, Emin=MIN_EMIN)

NUMBER = re.compile(
    r"(?P<before>[^\d.,+\-\s]{0,12})\s?(?P<sign>[+-]?)\s?"
    r"(?P<digits>\d(?:[\d.,']| (?=\d{3}(?!\d)))*|[.,]\d+)"
    r"(?:[eE](?P<power>[+-]?\d+)|\s?[x*\u00b7\u00d7]\s?10(?:\^|\*\*)?(?P<raised>[+-]?\d+))?"
    r"(?P<after>.*)"
)
PLAIN = re.compile(r"\d+(?:[.,]\d*)?|[.,]\d+")
GROUPED = (
    re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?"),
    re.compile(r"[1-9]\d{0,2}(?:'\d{3})+(?:[.,]\d+)?"),
    re.compile(r"[1-9]\d{0,2}(?:,\d{3})+\.\d+"),
    re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+"),
    re.compile(r"[1-9]\d{0,2}(?:,\d{3}){2,}"),
    re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}"),
)
EITHER = re.compile(r"[1-9]\d{0,2},\d{3}")
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
MINUS = "\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d"

UNITS_SCHEMA: Mapping[str, Any] = {
    "type": "array",
    "maxItems": 20,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "text", "factor"],
        "properties": {"id": ID, "text": {"type": "string", "minLength": 1, "maxLength": 40}, "factor": NOT_NEGATIVE},
    },
}


@dataclass(frozen=True)
class Reading:
    """A number somebody typed. ``values`` are two when a comma may be either a decimal sign or between thousands.

    ``least`` to ``most`` significant figures were given: the noughts that end a whole number may count or not.
    """

    values: tuple[Decimal, ...]
    unit: str
    least: int
    most: int


@dataclass(frozen=True)
class Target:
    """A number that the answer at ``index`` accepts, and how far from it one may be; both in the first unit."""

    index: int
    value: Decimal
    tolerance: Decimal


def read(text: str) -> Reading | None:
    """What ``text`` says, as ``12,5 days``, ``1 234.5``, ``1.5e3``, ``−3``; None when it is no number to count with.

    A single comma before three digits is read both ways. A point is always the decimal sign unless it parts groups.
    """
    found = NUMBER.fullmatch(_plain(text)) if len(text) <= LONGEST else None
    if found is None:
        return None
    power = found["power"] or found["raised"] or "0"
    written = _written(found["digits"].rstrip("."))
    if not written or len(power) > 4:
        return None
    scaled = [Decimal(f"{'-' if found['sign'] == '-' else ''}{each}E{power}") for each in written]
    if not all(_countable(each) for each in scaled):
        return None
    unit = (found["after"].strip() or found["before"].strip()).strip()
    return Reading(tuple(scaled), unit, *_significant(written[0]))


def _plain(text: str) -> str:
    return " ".join("".join(_sign(each) for each in _raised(text)).split())


def _raised(text: str) -> str:
    """``10³`` as ``10^3``."""
    return re.sub(
        r"(?<=10)[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "^" + "".join(SUPERSCRIPTS[each] for each in found[0]), text
    )


def _sign(character: str) -> str:
    if character in MINUS:
        return "-"
    if character in "\u2019\u02bc":
        return "'"
    if character == "\u066b":  # the decimal sign beside Arabic digits
        return "."
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    return "" if unicodedata.category(character) == "Cf" else character


def _written(digits: str) -> list[str]:
    """``digits`` as Python writes numbers: one reading, two when it is not clear, none when it is nonsense."""
    if EITHER.fullmatch(digits):
        return [digits.replace(",", "."), digits.replace(",", "")]
    if PLAIN.fullmatch(digits):
        return [digits.replace(",", ".")]
    if any(shape.fullmatch(digits) for shape in GROUPED):
        return [_ungrouped(digits)]
    return []


def _ungrouped(digits: str) -> str:
    marks = [each for each in digits if not each.isdigit()]
    if marks[-1] == marks[0]:
        return digits.replace(marks[0], "")
    whole, _mark, rest = digits.rpartition(marks[-1])
    return f"{whole.replace(marks[0], '')}.{rest}"


def _countable(value: Decimal) -> bool:
    return not value or -GREATEST <= value.adjusted() <= GREATEST


def _significant(written: str) -> tuple[int, int]:
    whole, point, rest = written.partition(".")
    figures = (whole + rest).lstrip("0") or rest or "0"
    least = len(figures if point else figures.rstrip("0")) or 1
    return least, len(figures)


def find(text: Any, targets: Sequence[Target], rules: Content) -> Found:
    """Which of ``targets`` ``text`` meets under the ``units``, ``unit_required``, ``significant`` of ``rules``."""
    reading = read(text) if isinstance(text, str) else None
    if reading is None:
        return Found(None, _unreadable(text))
    factor, message = _factor(reading.unit, rules)
    if factor is None:
        return Found(None, message)
    figures = rules.get("significant")
    if figures and any(reading.values) and not reading.least <= figures <= reading.most:
        return Found(None, _("Give %(figures)d significant figures.") % {"figures": figures})
    with localcontext(EXACT):
        index = next((target.index for target in targets if _meets(reading, target, factor, figures)), None)
    return Found(index)


def _unreadable(text: Any) -> str:
    return no_answer(text) or _("This cannot be read as a number. Write it like 12.5 or 1250.")


def _meets(reading: Reading, target: Target, factor: Decimal, figures: int | None) -> bool:
    return any(
        abs(value * factor - target.value) <= max(target.tolerance, _rounding(value, figures) * factor)
        for value in reading.values
    )


def _rounding(value: Decimal, figures: int | None) -> Decimal:
    """How far from the truth ``value`` may be because it had to be rounded to so many ``figures``."""
    return Decimal(5).scaleb(value.adjusted() - figures) if figures and value else Decimal(0)


def _factor(unit: str, rules: Content) -> tuple[Decimal | None, str]:
    """How many of the first unit one of ``unit`` is; None with the reason when it does not count."""
    units = rules.get("units", ())
    if not unit:
        if units and rules.get("unit_required"):
            return None, _("The unit is missing.")
        return Decimal(1), ""
    if not units:
        return None, _("Write the number alone, without a unit.")
    known = _unit(unit, units)
    if known is None:
        return None, _("The unit “%(unit)s” is not known here.") % {"unit": unit[:40]}
    return Decimal(known["factor"]), ""


def _unit(typed: str, units: Sequence[Content]) -> Content | None:
    """The unit as written; capitals only matter when two units differ in nothing else (mW, MW)."""
    exactly = [each for each in units if _bare(each["text"], case=True) == _bare(typed, case=True)]
    loosely = [each for each in units if _bare(each["text"]) == _bare(typed)]
    if exactly:
        return exactly[0]
    return loosely[0] if len(loosely) == 1 else None


def _bare(unit: str, *, case: bool = False) -> str:
    """Without the full stop of an abbreviation or a sentence."""
    return folded(unit, case=case).rstrip(".")


def tolerance_of(answer: Content, value: Decimal) -> Decimal:
    """The written tolerance as a number: with ``relative`` it is a percentage of ``value``."""
    tolerance = Decimal(answer.get("tolerance", "0"))
    with localcontext(EXACT):
        return abs(value) * tolerance / 100 if answer.get("relative") else tolerance


def first_unit(rules: Content) -> str:
    """The unit in which answers are written: the one that counts once."""
    return next((each["text"] for each in rules.get("units", ()) if Decimal(each["factor"]) == 1), "")


def with_unit(number: str, rules: Content) -> str:
    unit = first_unit(rules)
    return f"{number} {unit}" if unit else number


def unit_faults(content: Content) -> list[Fault]:
    """What the schema cannot say of ``units``."""
    units = content.get("units", ())
    found = repeated(units, "units") + _repeated_words(units)
    for number, unit in enumerate(units):
        if not Decimal(unit["factor"]):
            found.append(
                (f"units.{number}.factor", _("A unit cannot count nothing; write how many of the first it is."))
            )
    if units and not first_unit(content):
        found.append(("units", _("One unit must have the factor 1: the one in which the answers are written.")))
    if content.get("unit_required") and not units:
        found.append(("unit_required", _("A unit is asked for, but there is none to choose; add one.")))
    return found


def _repeated_words(units: Sequence[Content]) -> list[Fault]:
    words = [folded(each["text"], case=True) for each in units]
    message = _("This unit is there already.")
    return [(f"units.{at}.text", message) for at, each in enumerate(words) if each in words[:at]]


def to_figures(value: Decimal, figures: int) -> str:
    """``value`` rounded to so many significant ``figures``, noughts that count written out."""
    rounded = Context(prec=figures, rounding=ROUND_HALF_UP).plus(value)
    with localcontext(EXACT):
        padded = rounded.quantize(Decimal(1).scaleb(rounded.adjusted() - figures + 1))
    return format(padded, "f")


def to_places(value: Decimal, places: int) -> Decimal:
    """``value`` rounded to so many ``places`` behind the point, a half away from nought."""
    with localcontext(EXACT):
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP) + 0


def plain_number(value: Decimal) -> str:
    """``value`` in digits without an exponent and without noughts that say nothing."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
