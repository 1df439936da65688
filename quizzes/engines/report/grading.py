"""What reading a report is worth: values 50, problem 20, cause 15, action 10, honest chart 5."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engines.registry import Case, Part
from quizzes.engines.report.measures import RATES
from quizzes.engines.report.schema import BEST, OPTIONS
from quizzes.engines.report.tables import (
    FACTS,
    averaged_value,
    cells,
    formula_of,
    is_rate,
    right_value,
    working,
)
from quizzes.types.numbers import plain_number, read

VALUES = Decimal(50)
WEIGHTS: Mapping[str, Decimal] = {
    "problems": Decimal(20), "causes": Decimal(15), "actions": Decimal(10), "honesty": Decimal(5),
}  # fmt: skip
TOLERANCE = Decimal("0.1")
UNITS = ("", "%", "d", "day", "days")
ALL, NONE = Decimal(1), Decimal(0)
Answers = Mapping[str, Any]


def questions() -> dict[str, str]:
    """What is asked beside the values, by the name of the options."""
    return {
        "problems": _("Where is the problem?"),
        "causes": _("What is the likely cause?"),
        "actions": _("What do you do next?"),
        "honesty": _("Is the chart honest?"),
    }


def labels() -> dict[str, str]:
    return {
        "problems": _("The problem"),
        "causes": _("The cause, and the cell that shows it"),
        "actions": _("The next step"),
        "honesty": _("The honest chart"),
    }


def best(options: Any) -> Case:
    """The option that earns most."""
    found: Case = max(options, key=lambda option: option["worth"])
    return found


def right_answers(case: Case) -> dict[str, Any]:
    found = {f"value.{ask['id']}": plain_number(right_value(case, ask)) for ask in case["asks"]}
    return found | {name: best(case[name])["id"] for name in OPTIONS} | {"evidence": case["evidence"][0]}


def meets(text: Any, value: Decimal) -> bool:
    """Whether what was typed is ``value`` give or take a tenth; a comma may be the decimal sign."""
    reading = read(text) if isinstance(text, str) else None
    if reading is None or reading.unit.lower() not in UNITS:
        return False
    return any(abs(each - value) <= TOLERANCE for each in reading.values)


def parts_of(case: Case, answers: Answers) -> list[Part]:
    values = [_value(case, ask, answers) for ask in case["asks"]]
    return [*values, *(_choice(case, name, answers) for name in OPTIONS)]


def _value(case: Case, ask: Case, answers: Answers) -> Part:
    given, value = answers.get(f"value.{ask['id']}", ""), right_value(case, ask)
    return Part(
        key=f"value.{ask['id']}",
        label=ask["label"],
        weight=VALUES / len(case["asks"]),
        fraction=ALL if meets(given, value) else NONE,
        did=given,
        expected=f"{value}%" if is_rate(ask) else str(value),
        why=f"{averaged_instead(case, ask, answers)} {formula_of(ask, case)}: {working(case, ask)}.".strip(),
        next_time=how_to(ask, case),
        facts=(RATES[ask["measure"]].fact if ask["measure"] in RATES else FACTS[ask["measure"]],),
        asked=_(
            "%(label)s, with these figures: %(figures)s. By this definition: %(formula)s. What is it, to one decimal?"
        )
        % {"label": ask["label"], "figures": working(case, ask), "formula": formula_of(ask, case)},
    )


def averaged_instead(case: Case, ask: Case, answers: Answers) -> str:
    """A word to those who averaged rates, which weighs a month of ten like one of a hundred; empty for the others."""
    given, trap = answers.get(f"value.{ask['id']}", ""), averaged_value(case, ask)
    if trap is None or not meets(given, trap) or meets(given, right_value(case, ask)):
        return ""
    return _("That is the average of the rates; a rate over several rows is pooled, all over all.")


def how_to(ask: Case, case: Case) -> str:
    if is_rate(ask):
        return _("Add up the counts of all rows asked for, then divide: %(formula)s. Never average rates.") % {
            "formula": formula_of(ask, case)
        }
    return {
        "total": _("Add up the row."),
        "mean": _("Add them all up and divide by how many there are."),
        "median": _("Put them in order; take the one in the middle, or the mean of the two in the middle."),
        "p90": _("Put them in order; nine tenths of their number, rounded up, is the rank to take."),
    }[ask["measure"]]


def _choice(case: Case, name: str, answers: Answers) -> Part:
    options = {option["id"]: option for option in case[name]}
    chosen, right = options.get(answers.get(name, "")), best(case[name])
    worth = Decimal(chosen["worth"]) / BEST if chosen else NONE
    did, expected = [chosen["text"]] if chosen else [], [right["text"]]
    if name == "causes":
        texts = {where: text for where, _row, text in cells(case)}
        cell = answers.get("evidence", "")
        worth = worth if cell in case["evidence"] else NONE  # a cause without its evidence is a guess
        did += [f"({texts[cell]})"] if cell in texts else []
        expected.append(f"({texts[case['evidence'][0]]})")
    wrong = [chosen["why"]] if chosen and chosen is not right else []
    return Part(
        key=name,
        label=labels()[name],
        weight=WEIGHTS[name],
        fraction=worth,
        did=" ".join(did),
        expected=" ".join(expected),
        why=" ".join([*wrong, right["why"]]),
        next_time=look_at(name),
        facts=("F-157",) if name == "honesty" else ("F-151", "F-156"),
        asked=_asked(case) if name == "actions" else "",
    )


def _asked(case: Case) -> str:
    """The action as a question of its own: what is wrong and why stand in it."""
    return _("%(problem)s %(cause)s What do you do next?") % {
        "problem": best(case["problems"])["text"],
        "cause": best(case["causes"])["text"],
    }


def look_at(name: str) -> str:
    return {
        "problems": _("Look for what stands further apart from the others than those do from each other."),
        "causes": _(
            "Read the second table, or the definitions: one cell moves together with the problem. Name that cell."
        ),
        "actions": _("Ask which step reaches the cause, not the number."),
        "honesty": _("Where does the axis begin, what is left out, and is the definition the same all along?"),
    }[name]


def reply_to(case: Case, name: str, answers: Answers) -> str:
    """What the coach says to a choice that does not hold, without telling which one does."""
    chosen = next((option for option in case[name] if option["id"] == answers.get(name)), None)
    if chosen is not None and chosen is best(case[name]):  # then it is the cell that is missing
        return _("The cause may be right; name the cell that shows it.")
    return str(chosen["why"]) if chosen else ""
