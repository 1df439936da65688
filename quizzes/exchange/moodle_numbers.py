"""Numerical and calculated questions of Moodle XML."""

import ast
import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.exchange.moodle_source import Refused, Source
from quizzes.exchange.numbers import decimal_text, number, part_id, share
from quizzes.exchange.xml import Node
from quizzes.types.formulas import FUNCTIONS, NAME

Content = dict[str, Any]
RELATIVE, NOMINAL, GEOMETRIC = "1", "2", "3"
DECIMALS = "1"  # correctanswerformat: so many decimals; 2 is significant figures
NO_UNITS = "3"
_PLACEHOLDER = re.compile(r"\{([A-Za-z][^>} <{\"'=]*)\}")


def exact(text: str, what: str) -> str:
    """``text`` as a decimal of ours. Raises ``Refused`` for what is none, or has too many digits."""
    found = decimal_text(number(text))
    if not found:
        raise Refused(_("“%(text)s” (%(what)s) is no number that can be kept.") % {"text": text[:40], "what": what})
    return found


def numerical(source: Source) -> Content:
    """A ``*`` that earns nothing is the reply to any other answer."""
    answers: list[Content] = []
    content: Content = {"type": "num", "answers": answers}
    for node in source.node.all("answer"):
        said = node.words("text") or node.text.strip()
        if said == "*":
            content |= _other(source, node)
            continue
        tolerance = exact(node.words("tolerance") or "0", _("tolerance")).lstrip("-")
        answers.append(
            {
                "id": part_id(len(answers)),
                "value": exact(said, _("answer")),
                "tolerance": tolerance,
                **_earned(source, node),
            }
        )
    return content | _units(source)


def _earned(source: Source, node: Node) -> Content:
    return {"share": share(max(Decimal(0), source.credit(node)) / 100), **source.feedback(node)}


def _other(source: Source, node: Node) -> Content:
    if source.credit(node) > 0:
        raise Refused(_("It gives credit for any number at all."))
    reply = source.feedback(node)
    return {"other_feedback": reply["feedback"]} if reply else {}


def _units(source: Source) -> Content:
    nodes = source.node.find("units")
    if nodes is None or source.node.words("showunits") == NO_UNITS:
        return {}
    units = [_unit(at, each) for at, each in enumerate(nodes.all("unit"))]
    graded = source.node.words("unitgradingtype") in ("1", "2")
    if graded and (source.number("unitpenalty") or Decimal(0)) < 1:
        source.warn(_("A missing or wrong unit costs a part of the credit there; here the answer is then wrong."))
    return {"units": units, "unit_required": graded} if units else {}


def _unit(at: int, node: Node) -> Content:
    """Moodle multiplies the right answer by the multiplier; ours says how many of the first unit one is."""
    multiplier = number(node.words("multiplier") or "1")
    factor = decimal_text(1 / multiplier) if multiplier else ""
    if multiplier and factor and Decimal(factor) * multiplier == 1:
        return {"id": part_id(at), "text": node.words("unit_name"), "factor": factor}
    raise Refused(
        _("The unit “%(unit)s” counts in a way that is not kept exactly.") % {"unit": node.words("unit_name")}
    )


# calculated


def rename_variables(source: Source) -> None:
    """Give the variables plain names, in all texts before any is read."""
    if "{=" in source.node.whole():
        raise Refused(_("There is a formula in its text, which only an answer can have here."))
    names = _names([each.words("name") for each in _datasets(source)])
    for node in source.node.walk():
        node.text = _PLACEHOLDER.sub(lambda found: f"{{{names.get(found[1], found[1])}}}", node.text)
    for each in _datasets(source):
        each.attributes["id"] = names[each.words("name")]


def _datasets(source: Source) -> list[Node]:
    definitions = source.node.find("dataset_definitions")
    return definitions.all("dataset_definition") if definitions else []


def calculated(source: Source) -> Content:
    """A formula with variables, whose names are plain already."""
    answers = [_formula(source, at, each) for at, each in enumerate(source.node.all("answer"))]
    variables = [_variable(each.get("id"), each) for each in _datasets(source)]
    return {"type": "calc", "variables": variables, "answers": answers, **_units(source)}


def _names(given: list[str]) -> dict[str, str]:
    """A name that a formula here can have for each name of a data set."""
    names: dict[str, str] = {}
    for each in given:
        plain = re.sub(r"[^a-z0-9_]+", "_", each.lower())[:20] or "v"
        base = plain if NAME.fullmatch(plain) and plain not in FUNCTIONS else f"v_{plain[:14]}"
        name, count = base, 1
        while name in names.values():
            count += 1
            name = f"{base[:16]}_{count}"
        names[each] = name
    return names


def _formula(source: Source, at: int, node: Node) -> Content:
    formula = plain_formula(node.words("text"))
    answer: Content = {"id": part_id(at), "formula": formula, **_earned(source, node)}
    kind = node.words("tolerancetype") or RELATIVE
    tolerance = abs(number(node.words("tolerance") or "0") or Decimal(0))
    if kind == GEOMETRIC:
        raise Refused(_("Its tolerance is a ratio up and down (geometric), which is not known here."))
    answer["tolerance"] = exact(str(tolerance * 100 if kind == RELATIVE else tolerance), _("tolerance"))
    answer["relative"] = kind == RELATIVE and answer["tolerance"] != "0"
    if node.words("correctanswerformat") == DECIMALS and node.words("correctanswerlength").isdecimal():
        answer["places"] = int(node.words("correctanswerlength"))
    return answer


def plain_formula(text: str) -> str:
    """A formula of Moodle as ours: ``{a}`` is ``a``, ``pow(a, b)`` is ``a ** b``."""
    bare = re.sub(r"\{(" + NAME.pattern + r")\}", r"\1", text.strip())
    if "pow(" not in bare.replace(" ", ""):
        return bare
    try:
        return ast.unparse(_Powers().visit(ast.parse(bare, mode="eval")))
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise Refused(_("The formula “%(formula)s” cannot be read.") % {"formula": text[:80]}) from problem


class _Powers(ast.NodeTransformer):
    """``pow(a, b)`` as ``a ** b``."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "pow" and len(node.args) == 2:
            return ast.BinOp(node.args[0], ast.Pow(), node.args[1])
        return node


def _variable(name: str, node: Node) -> Content:
    """A range in the steps of its decimals; the values themselves where there is no even range."""
    values = [each.words("value") for each in node.walk() if each.tag == "dataset_item"]
    listed = node.words("listed")
    if listed.isdecimal():
        return {"id": name, "values": [exact(each, name) for each in values[: int(listed)]]}
    if node.words("distribution") not in ("", "uniform"):
        return {"id": name, "values": [exact(each, name) for each in dict.fromkeys(values)][:500]}
    least, most = exact(node.words("minimum"), name), exact(node.words("maximum"), name)
    return {"id": name, "min": least, "max": most, "step": _step(node, name)}


def _step(node: Node, name: str) -> str:
    places = node.words("decimals") or "0"
    if node.words("step"):
        return exact(node.words("step"), name)
    if not places.isdecimal() or int(places) > 10:
        raise Refused(_("The variable “%(name)s” has too many decimals.") % {"name": name})
    return decimal_text(Decimal(1).scaleb(-int(places)))
