"""Kinds of media jobs are plug-ins: one function, one registration (as lesson kinds are)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class Cancelled(Exception):
    """The author stopped the job, or it was given to another worker; leave at once and keep nothing half done."""


class JobFailed(Exception):
    """The job cannot be done; the message is a sentence for the author that says what to do."""


class Report(Protocol):
    """Tells how far a job is, and keeps its lease. Raises ``Cancelled``; call it at least every ten seconds."""

    def __call__(self, percent: int, step: str = "") -> None: ...


@dataclass(frozen=True)
class Work:
    """What a job gets: its row, a folder of its own that outlives a killed worker, and how to tell how far it is.

    Whatever a finished step left in ``folder`` is there again when the job is taken up after a kill: look before you do
    a step again. The folder goes away when the job is done, failed for good or cancelled.
    """

    job: Any
    folder: Path
    report: Report


Run = Callable[[Work], Mapping[str, Any]]
"""Does the work and gives ``MediaJob.made`` (JSON). Raises ``JobFailed``; may run again from the start at any time."""

kinds: dict[str, Run] = {}


def register_job(kind: str, run: Run) -> None:
    """Add a kind of job. Raises ``ValueError`` when another function holds the name."""
    if kinds.get(kind, run) is not run:
        raise ValueError(f"media job {kind!r} is taken")
    kinds[kind] = run
