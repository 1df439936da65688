"""Unions of watched stretches: sorted, disjoint ``[from_ms, to_ms]`` pairs."""

from collections.abc import Iterable, Sequence

Span = Sequence[int]
Spans = list[list[int]]


def union(spans: Iterable[Span]) -> Spans:
    """Everything that any of ``spans`` covers, sorted and disjoint; empty and backward spans vanish."""
    merged: Spans = []
    for start, end in sorted((span[0], span[1]) for span in spans if span[1] > span[0]):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged


def length(spans: Iterable[Span]) -> int:
    """How many milliseconds ``spans`` cover; what two of them share counts once."""
    return sum(end - start for start, end in union(spans))


def clamp(spans: Iterable[Span], limit: int) -> Spans:
    """What of ``spans`` lies between 0 and ``limit``."""
    return union((max(span[0], 0), min(span[1], limit)) for span in spans)


def difference(spans: Iterable[Span], seen: Iterable[Span]) -> Spans:
    """What ``spans`` covers and ``seen`` does not."""
    left: Spans = []
    known = union(seen)
    for start, end in union(spans):
        at = start
        for from_ms, to_ms in known:
            if to_ms <= at or from_ms >= end:
                continue
            if from_ms > at:
                left.append([at, from_ms])
            at = max(at, to_ms)
        if at < end:
            left.append([at, end])
    return left


def shorten(spans: Iterable[Span], allowance: int) -> Spans:
    """The first ``allowance`` milliseconds that ``spans`` cover."""
    kept: Spans = []
    for start, end in union(spans):
        part = min(end - start, allowance)
        if part <= 0:
            break
        kept.append([start, start + part])
        allowance -= part
    return kept
