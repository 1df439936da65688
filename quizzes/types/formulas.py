"""Formulas of calculated questions: read as a syntax tree, worked out node by node with decimals, never executed."""

import ast
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import lru_cache

from django.utils.translation import gettext as _

from quizzes.registry import Content

LONGEST, DEEPEST = 500, 40
GREATEST = 30  # powers of ten that any step of a formula may reach
POWER = 100
WORKING = Context(prec=50, Emax=9999, Emin=-9999, traps=[InvalidOperation, DivisionByZero, Overflow])
NAME = re.compile(r"[a-z][a-z0-9_]{0,19}")
# A number is not followed by a letter: Python would warn of it while reading.
TOKEN = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])|[A-Za-z_]\w*|\*\*|[-+*/(),]|[ \t]+", re.ASCII)


class FormulaError(ValueError):
    """A formula that cannot be read or worked out; its text says why."""


def _round(value: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    """To so many places, a half away from nought (as people do it at school)."""
    if places != places.to_integral_value() or abs(places) > GREATEST:
        raise FormulaError(_("Round to a whole number of places."))
    return value.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP) + 0


FUNCTIONS: Mapping[str, tuple[Callable[..., Decimal], range]] = {
    "min": (min, range(1, 21)),
    "max": (max, range(1, 21)),
    "abs": (abs, range(1, 2)),
    "round": (_round, range(1, 3)),
    "floor": (lambda value: value.to_integral_value(ROUND_FLOOR), range(1, 2)),
    "ceil": (lambda value: value.to_integral_value(ROUND_CEILING), range(1, 2)),
    "sqrt": (lambda value: value.sqrt(), range(1, 2)),
}


def _raise(base: Decimal, power: Decimal) -> Decimal:
    if abs(power) > POWER:
        raise FormulaError(_("A power may be %(most)d at most.") % {"most": POWER})
    return base**power


OPERATORS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.Pow: _raise,
}


@lru_cache(maxsize=512)
def _tree(formula: str) -> ast.expr:
    if len(formula) > LONGEST:
        raise FormulaError(_("A formula has at most %(most)d characters.") % {"most": LONGEST})
    strange = TOKEN.sub("", formula).strip()
    if strange:
        raise FormulaError(_("“%(text)s” cannot stand in a formula.") % {"text": strange[:20]})
    try:
        return ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise FormulaError(_("This formula cannot be read; look at its signs and brackets.")) from problem


def names_in(formula: str) -> set[str]:
    """The variables that ``formula`` uses. Raises ``FormulaError`` when it cannot be read."""
    tree = _tree(formula)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}


def work_out(formula: str, values: Mapping[str, Decimal]) -> Decimal:
    """The value of ``formula`` with the variables in ``values``, to 50 figures.

    Knows ``+ - * / **``, brackets, numbers, and the ``FUNCTIONS``. Raises ``FormulaError`` for all else, for a
    division by nought, and for numbers beyond 10 to the power of 30.
    """
    try:
        with localcontext(WORKING):
            return _value(_tree(formula), formula.strip(), values, 0)
    except DivisionByZero as problem:
        raise FormulaError(_("This divides by nought.")) from problem
    except (DecimalException, ArithmeticError) as problem:
        raise FormulaError(_("This cannot be worked out.")) from problem


def _value(node: ast.expr, text: str, values: Mapping[str, Decimal], depth: int) -> Decimal:
    if depth > DEEPEST:
        raise FormulaError(_("This formula is nested too deeply."))
    worth = _leaf(node, text, values)
    if worth is None:
        parts, combine = _branch(node)
        worth = combine(*(_value(each, text, values, depth + 1) for each in parts))
    if not worth.is_finite():  # a power of nought is not a division to Python
        raise FormulaError(_("This divides by nought."))
    if worth and worth.adjusted() > GREATEST:
        raise FormulaError(_("A number in this formula becomes too large."))
    return worth


def _leaf(node: ast.expr, text: str, values: Mapping[str, Decimal]) -> Decimal | None:
    if isinstance(node, ast.Name):
        if node.id not in values:
            raise FormulaError(_("“%(name)s” is no variable of this question.") % {"name": node.id})
        return values[node.id]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        # As written: the tree holds a float, which has no exact 0.1.
        return Decimal(ast.get_source_segment(text, node) or "")
    return None


def _branch(node: ast.expr) -> tuple[Sequence[ast.expr], Callable[..., Decimal]]:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return (node.left, node.right), OPERATORS[type(node.op)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        return (node.operand,), (lambda value: -value) if isinstance(node.op, ast.USub) else (lambda value: value)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return node.args, _function(node.func.id, len(node.args))
    raise FormulaError(_("Only numbers, variables, + - * / ** and the known functions can stand in a formula."))


def _function(name: str, given: int) -> Callable[..., Decimal]:
    if name not in FUNCTIONS:
        known = ", ".join(FUNCTIONS)
        raise FormulaError(_("“%(name)s” is no function; there are %(known)s.") % {"name": name, "known": known})
    function, numbers = FUNCTIONS[name]
    if given not in numbers:
        raise FormulaError(_("“%(name)s” has the wrong number of values.") % {"name": name})
    return function


def steps_of(variable: Content) -> int:
    """How many values ``variable`` can have; below 1 when it can have none."""
    if "values" in variable:
        return len(variable["values"])
    least, most, step = (Decimal(variable[key]) for key in ("min", "max", "step"))
    return int((most - least) // step) + 1 if step > 0 and most >= least else 0


def value_at(variable: Content, index: int) -> Decimal:
    """The value of ``variable`` at ``index`` of its list or grid."""
    if "values" in variable:
        return Decimal(variable["values"][index])
    return Decimal(variable["min"]) + index * Decimal(variable["step"])


def values_for(variables: Sequence[Content], seed: int) -> dict[str, Decimal]:
    """The value of each variable for ``seed``; for 0 the first of each.

    A digest of seed and name chooses, so the same seed has the same values whatever Python's random says later.
    """
    return {each["id"]: value_at(each, _index(each, seed)) for each in variables}


def _index(variable: Content, seed: int) -> int:
    if not seed:
        return 0
    digest = hashlib.sha256(f"{seed}:{variable['id']}".encode()).digest()
    return int.from_bytes(digest[:16]) % steps_of(variable)
