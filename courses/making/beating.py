"""Long steps that tell nothing of themselves: the job's lease is kept while they work."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Waiting
from typing import TypeVar

from courses.making.registry import Report

BEAT_SECONDS = 3
Made = TypeVar("Made")


def beating(report: Report, do: Callable[[], Made], percent: int, step: str) -> Made:
    """What ``do`` gives; the lease is kept while it works, in a thread that touches no database."""
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(do)
        while True:
            report(percent, step)
            try:
                return future.result(timeout=BEAT_SECONDS)
            except Waiting:
                if future.done():
                    raise
