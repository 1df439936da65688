"""What a way through a conversation is worth: its weighted points against those of the best way."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engines.conversation.schema import CHANNELS, FLAGS
from quizzes.engines.conversation.ways import (
    CRITICAL,
    MOST,
    WEIGHTS,
    Node,
    Way,
    best,
    best_way,
    by_id,
    lines,
    points,
    worth,
)
from quizzes.engines.registry import Case, Part

DIMENSIONS: Mapping[str, tuple[Any, Any, Any]] = {  # label, what is expected, how to see it next time
    "empathy": (
        gettext_lazy("Empathy"),
        gettext_lazy("Feelings first, then the problem; understanding is not agreeing (F-160)."),
        gettext_lazy("Say back what the person needs or feels before anything else."),
    ),
    "accuracy": (
        gettext_lazy("Accuracy"),
        gettext_lazy("Facts that you have, and nothing that is not in your hands (F-161)."),
        gettext_lazy("Ask yourself how you know it, and whether you can keep it."),
    ),
    "policy": (
        gettext_lazy("Policy and confidentiality"),
        gettext_lazy("No other user's data, no legal advice, no blame for a partner; limits on abuse (F-160, F-161)."),
        gettext_lazy("Ask yourself whether anybody might read it aloud to the person it is about."),
    ),
    "next_step": (
        gettext_lazy("Next step"),
        gettext_lazy("What you do next and by when, and what the person can choose (F-161)."),
        gettext_lazy("End each line with something that happens on a day."),
    ),
}
HINTS: Mapping[str, Any] = {
    "empathy": gettext_lazy("Look for the line that names what this person needs, and gives no orders."),
    "accuracy": gettext_lazy("Cross out the lines that promise what somebody else decides."),
    "policy": gettext_lazy("Cross out the lines that blame, threaten, judge the law or tell about others."),
    "next_step": gettext_lazy("Look for the line that says what happens next, and when."),
}


def parts(case: Case, way: Way) -> list[Part]:
    """One part for each dimension, weighing what the best way earns in it.

    A way longer than the best one is measured by its own length, so that a detour never makes good what a line lost.
    """
    model, said = lines(case, best_way(case)), lines(case, way)
    extra = MOST * max(0, len(said) - len(model))
    found = []
    for name, (label, expected, next_time) in DIMENSIONS.items():
        top = sum(points(line)[name] for line in model)
        got = sum(points(line)[name] for line in said)
        lost = [line for line in said if points(line)[name] < MOST]
        wrong = any(CRITICAL.get(line.get("flag", "")) == name for line in said)
        found.append(
            Part(
                name,
                str(label),
                weight=Decimal(WEIGHTS[name] * top),
                fraction=min(Decimal(1), Decimal(got) / Decimal(top + extra)),
                did=_("%(got)d of %(top)d points.") % {"got": got, "top": top + extra} if said else "",
                expected=str(expected),
                why=" ".join(f"“{line['text']}” {line['why']}" for line in lost),
                next_time=str(next_time),
                facts=case.get("facts", ()),
                critical=wrong,
            )
        )
    return found


def misses(case: Case, way: Way) -> list[Part]:
    """The turns of ``way`` at which a better line was there, each as a decision of its own."""
    nodes, found = by_id(case["nodes"]), []
    for (node_id, _line_id), line in zip(way, lines(case, way), strict=True):
        top = best(nodes[node_id])
        if line is top:
            continue
        found.append(
            replace(
                turn(case, nodes[node_id]),
                fraction=Decimal(worth(line)) / worth(top) if worth(top) else Decimal(0),
                did=line["text"],
                why=f"{top['why']} {judged(line)}",
                critical=line.get("flag", "") in CRITICAL,
            )
        )
    return found


def turns(case: Case) -> list[Part]:
    """Every turn as a decision of its own, whatever was said."""
    return [turn(case, node) for node in case["nodes"]]


def turn(case: Case, node: Node) -> Part:
    """A turn at which nothing was said yet."""
    top = best(node)
    return Part(
        f"line.{node['id']}",
        _("“%(says)s”") % {"says": node["says"]},
        weight=Decimal(worth(top)),
        fraction=Decimal(0),
        expected=top["text"],
        why=top["why"],
        facts=case.get("facts", ()),
        asked=asked(case, node["says"]),
    )


def judged(line: Mapping[str, Any]) -> str:
    """Why ``line`` is good or not, with its flag in words."""
    flag = FLAGS.get(line.get("flag", ""))
    return _("%(why)s It %(flag)s.") % {"why": line["why"], "flag": flag} if flag else str(line["why"])


def asked(case: Case, says: str) -> str:
    """A turn as a question that stands alone, with what one knows."""
    text = _("%(channel)s, %(person)s (%(need)s) says: “%(says)s” What do you answer?") % {
        "channel": CHANNELS[case["channel"]][0],
        "person": case["person"],
        "need": case["need"],
        "says": says,
    }
    known = " ".join(facts_of(case.get("known", "")))
    return _("%(text)s What you know: %(known)s") % {"text": text, "known": known} if known else text


def facts_of(text: str) -> list[str]:
    """The facts in a text that has one a line."""
    return [line.strip("-* ") for line in text.splitlines() if line.strip("-* ")]
