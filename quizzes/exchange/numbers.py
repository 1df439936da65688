"""Numbers of other systems as ours: decimals in plain digits, shares of the credit in percent."""

import re
from decimal import Decimal, InvalidOperation, localcontext

from quizzes.types.base import DECIMAL_PATTERN
from quizzes.types.numbers import plain_number

SHARE_STEP = Decimal("0.00001")
_NEAR = Decimal("0.01")  # percent by which shares may be rounded and still mean the same


def number(text: str) -> Decimal | None:
    """A written number, with a comma or an exponent too; None when it is none to count with."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and -20 <= value.adjusted() <= 15 else None


def decimal_text(value: Decimal | None) -> str:
    """``value`` as content keeps it, ``12.5``; empty when it is none or has too many digits to be kept exactly."""
    if value is None:
        return ""
    with localcontext(prec=60):
        text = plain_number(value)
    return text if re.fullmatch(DECIMAL_PATTERN, text) else ""


def share(fraction: Decimal) -> str:
    """A ``fraction`` of 1 as the percentage that content keeps, ``33.33333``."""
    return plain_number(max(Decimal(-100), min(Decimal(100), (fraction * 100).quantize(SHARE_STEP))))


def near(one: Decimal, other: Decimal) -> bool:
    """Whether two percentages differ by rounding only: 33.3 and 33.33333 do not, 33 and 33.33333 do."""
    return abs(one - other) < _NEAR


def points(value: Decimal | None) -> int | None:
    """``value`` as points of a question; None when it is not whole or out of 1–100."""
    return int(value) if value is not None and value == value.to_integral_value() and 1 <= value <= 100 else None


def part_id(at: int) -> str:
    """The id of the part at place ``at``, from 0: a, b … z, aa, ab …"""
    first, last = divmod(at, 26)
    return (part_id(first - 1) if first else "") + chr(ord("a") + last)
