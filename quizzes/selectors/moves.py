"""The moves of a practice run, and those that the frame makes itself."""

from quizzes.models import PracticeMove, PracticeRun

HINT, UNDO, KEEP, END = "hint", "undo", "keep", "end"  # engines of forms know KEEP too
OF_THE_FRAME = frozenset({HINT, UNDO, END})


def moves_of(run: PracticeRun) -> list[PracticeMove]:
    """The moves of ``run`` that led to its state, oldest first: without hints and what was taken back. One query."""
    return path_of(run)[0]


def path_of(run: PracticeRun) -> tuple[list[PracticeMove], bool]:
    """The moves of ``run``, and whether it was ended before its own end. One query."""
    kept = list(run.moves.filter(undone=False).order_by("number"))
    early = bool(kept) and kept[-1].move["verb"] == END
    return [each for each in kept if each.move["verb"] not in OF_THE_FRAME], early
