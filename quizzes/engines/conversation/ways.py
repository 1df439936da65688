"""How a conversation runs: nodes in which the other person says something, lines to answer with, and ways through them.

A way is a list of ``(node id, line id)``. Lines carry four points, 0 to 3, in the order of ``WEIGHTS``.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quizzes.engines.registry import Case

WEIGHTS: Mapping[str, int] = {"empathy": 30, "accuracy": 25, "policy": 25, "next_step": 20}
MOST = 3  # points that a line can have in a dimension
CRITICAL = {"confidentiality": "policy", "legal_advice": "policy", "threat": "empathy"}  # flag -> where it weighs
CALMEST = 10

Node = Mapping[str, Any]
Line = Mapping[str, Any]
Way = Sequence[tuple[str, str]]


def by_id(rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {row["id"]: row for row in rows}


def points(line: Line) -> dict[str, int]:
    """What ``line`` earns in each dimension."""
    return dict(zip(WEIGHTS, map(int, line["score"].split()), strict=True))


def worth(line: Line) -> int:
    """The weighted points of ``line``, 0 to 300."""
    return sum(WEIGHTS[name] * earned for name, earned in points(line).items())


def best(node: Node) -> Line:
    """The line that earns most; the first of equals."""
    return max(node["choices"], key=worth)


def token(node_id: str, line_id: str) -> str:
    """The name of a line in forms and moves: the ids of authors often say which line is best."""
    return hashlib.sha256(f"{node_id}/{line_id}".encode()).hexdigest()[:10]


def lines(case: Case, way: Way) -> list[Line]:
    nodes = by_id(case["nodes"])
    return [by_id(nodes[node]["choices"])[line] for node, line in way]


def place(case: Case, way: Way) -> str:
    """The id of the node or ending to which ``way`` has led."""
    return str(lines(case, way[-1:])[0]["to"]) if way else str(case["nodes"][0]["id"])


def mood(case: Case, way: Way) -> int:
    """How the other person feels after ``way``, 0 to 10."""
    now = int(case["mood"])
    for line in lines(case, way):
        now = max(0, min(CALMEST, now + int(line.get("mood", 0))))
    return now


def ending(case: Case, way: Way) -> Mapping[str, Any] | None:
    """The ending that ``way`` has reached; another one where the person is left in a worse mood than it asks for."""
    ends: dict[str, Mapping[str, Any]] = by_id(case["ends"])
    end = ends.get(place(case, way))
    return ends[end["below"]] if end and mood(case, way) < end.get("min_mood", 0) else end


def best_way(case: Case, but: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """The way through the best lines, with the lines of ``but`` instead at their nodes; it stops where it has been."""
    nodes, way, now = by_id(case["nodes"]), [], case["nodes"][0]["id"]
    been: set[str] = set()
    while now in nodes and now not in been:
        been.add(now)
        chosen = by_id(nodes[now]["choices"]).get(str((but or {}).get(now))) or best(nodes[now])
        way.append((now, chosen["id"]))
        now = chosen["to"]
    return way


def ways(case: Case) -> Iterator[list[tuple[str, str]]]:
    """Every way through a sound case, from the opening to an ending."""
    nodes = by_id(case["nodes"])
    open_ones: list[list[tuple[str, str]]] = [[]]
    while open_ones:
        way = open_ones.pop()
        node = nodes.get(place(case, way))
        if node is None:
            yield way
        else:
            open_ones += [[*way, (node["id"], line["id"])] for line in node["choices"]]
