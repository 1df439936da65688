"""How many people watched each fiftieth of a film, and watched it again. Pure; memory does not grow with people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from progress import intervals
from progress.intervals import Span, Spans

BUCKETS = 50


@dataclass
class Counts:
    """``people`` watched something of a film of ``length_ms``; ``seen`` and ``again`` count them by fiftieth."""

    length_ms: int
    people: int = 0
    seen: list[int] = field(default_factory=lambda: [0] * BUCKETS)
    again: list[int] = field(default_factory=lambda: [0] * BUCKETS)

    def add(self, takings: Iterable[Sequence[Spans]]) -> None:
        """Count one person: for each time they took the course, the stretches of each play session.

        A fiftieth counts when at least half of it was watched, and as watched again when two play sessions of the
        same taking share at least half of it.
        """
        all_spans: list[Span] = []
        more_than_once: list[Span] = []
        for sessions in takings:
            all_spans += [span for spans in sessions for span in spans]
            more_than_once += shared(sessions)
        watched = intervals.clamp(all_spans, self.length_ms)
        if not watched:
            return
        self.people += 1
        for number in filled(watched, self.length_ms):
            self.seen[number] += 1
        for number in filled(intervals.clamp(more_than_once, self.length_ms), self.length_ms):
            self.again[number] += 1

    def figures(self) -> dict[str, Any]:
        """As ``FilmCurve`` keeps them."""
        return {"people": self.people, "length_ms": self.length_ms, "seen": self.seen, "again": self.again}


def shared(sessions: Sequence[Spans]) -> Spans:
    """What at least two of ``sessions`` cover. Within a session no stretch counts twice."""
    edges: list[tuple[int, int]] = []
    for spans in sessions:
        for start, end in intervals.union(spans):
            edges += [(start, 1), (end, -1)]
    found: Spans = []
    depth = 0
    for at, step in sorted(edges):
        before, depth = depth, depth + step
        if before < 2 <= depth:
            found.append([at, at])
        elif depth < 2 <= before:
            found[-1][1] = at
    return intervals.union(found)


def scaled(spans: Iterable[Span], duration_ms: int, length_ms: int) -> Spans:
    """``spans`` of a film of ``duration_ms`` on one of ``length_ms``: languages may have films of their own length."""
    if duration_ms == length_ms or not duration_ms:
        return [[span[0], span[1]] for span in spans]
    return [[span[0] * length_ms // duration_ms, span[1] * length_ms // duration_ms] for span in spans]


def filled(spans: Spans, length_ms: int) -> list[int]:
    """The fiftieths of which ``spans`` (disjoint, within the film) cover at least half; in fiftieths of milliseconds."""
    covered: dict[int, int] = {}
    for start, end in spans:
        at, until = start * BUCKETS, end * BUCKETS
        while at < until:
            number = at // length_ms
            border = min((number + 1) * length_ms, until)
            covered[number] = covered.get(number, 0) + border - at
            at = border
    return [number for number, part in covered.items() if 2 * part >= length_ms]
