"""What the schema of a conversation cannot say: every node is reached, every way ends, one line is best in each."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from quizzes.engines.conversation.ways import WEIGHTS, Node, best, best_way, by_id, ending, lines, points, worth
from quizzes.engines.registry import Case, Fault


def faults(case: Case) -> list[Fault]:
    """Ids first, then where lines lead, then where ways end: each makes sense only when the one before holds."""
    return list(_ids(case)) or list(_links(case)) or [*_nodes(case), *_reach(case), *_best_way(case)]


def _ids(case: Case) -> Iterator[Fault]:
    taken: set[str] = set()
    for name in ("nodes", "ends"):
        for number, row in enumerate(case[name]):
            if row["id"] in taken:
                yield f"{name}.{number}.id", _("“%(id)s” is there twice.") % {"id": row["id"]}
            taken.add(row["id"])
    for number, node in enumerate(case["nodes"]):
        own = [line["id"] for line in node["choices"]]
        for at, each in enumerate(own):
            if each in own[:at]:
                yield f"nodes.{number}.choices.{at}.id", _("“%(id)s” is there twice.") % {"id": each}


def _links(case: Case) -> Iterator[Fault]:
    ends, known = by_id(case["ends"]), {row["id"] for name in ("nodes", "ends") for row in case[name]}
    for number, node in enumerate(case["nodes"]):
        for at, line in enumerate(node["choices"]):
            if line["to"] not in known:
                text = _("There is no turn or ending “%(id)s”.") % {"id": line["to"]}
                yield f"nodes.{number}.choices.{at}.to", text
    for number, end in enumerate(case["ends"]):
        if ("below" in end) != ("min_mood" in end):
            yield f"ends.{number}.below", _("Say both the mood it needs and the ending in a worse mood, or neither.")
        other = ends.get(end["below"]) if "below" in end else end
        if other is None or (other is not end and "min_mood" in other):
            text = _("Name another ending, one that asks for no mood itself.")
            yield f"ends.{number}.below", text
    yield from _circles(case)


def _circles(case: Case) -> Iterator[Fault]:
    """A node from which no way leads on for good: what is left when those that only lead on are taken away in turn."""
    left = {node["id"]: {line["to"] for line in node["choices"]} for node in case["nodes"]}
    while free := [name for name, targets in left.items() if not targets & left.keys()]:
        for name in free:
            del left[name]
    for number, node in enumerate(case["nodes"]):
        if node["id"] in left:
            text = _("From “%(id)s” the conversation can come back to what was said: not every way ends.")
            yield f"nodes.{number}.choices", text % {"id": node["id"]}


def _nodes(case: Case) -> Iterator[Fault]:
    for number, node in enumerate(case["nodes"]):
        top = best(node)
        equals = [line for line in node["choices"] if worth(line) == worth(top)]
        if len(equals) > 1:
            text = _("Two lines are best here (%(ids)s); exactly one must be.")
            yield f"nodes.{number}.choices", text % {"ids": ", ".join(line["id"] for line in equals)}
        elif top.get("flag"):
            yield f"nodes.{number}.choices", _("The best line carries a flag.")
        yield from _same_words(number, node)


def _same_words(number: int, node: Node) -> Iterator[Fault]:
    said: set[str] = set()
    for at, line in enumerate(node["choices"]):
        words = " ".join(line["text"].casefold().split())
        if words in said:
            yield f"nodes.{number}.choices.{at}.text", _("Another line says the same.")
        said.add(words)


def _reach(case: Case) -> Iterator[Fault]:
    nodes, ends = by_id(case["nodes"]), by_id(case["ends"])
    reached: set[str] = set()
    going = [case["nodes"][0]["id"]]
    while going:
        now = going.pop()
        if now not in reached:
            reached.add(now)
            going += [line["to"] for line in nodes[now]["choices"]] if now in nodes else []
            going += [ends[now]["below"]] if now in ends and "below" in ends[now] else []
    for name in ("nodes", "ends"):
        for number, row in enumerate(case[name]):
            if row["id"] not in reached:
                yield f"{name}.{number}.id", _("Nothing leads to “%(id)s”.") % {"id": row["id"]}


def _best_way(case: Case) -> Iterator[Fault]:
    way = best_way(case)
    end = ending(case, way)
    if end is None or end["type"] == "breakdown":
        yield "ends", _("The best lines lead to a conversation that breaks off.")
    for name in WEIGHTS:
        if not any(points(line)[name] for line in lines(case, way)):
            yield "nodes", _("The best lines earn nothing in “%(name)s”.") % {"name": name}
