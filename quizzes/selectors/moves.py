"""The moves of a practice run, and those that the frame makes itself."""

from quizzes.models import PracticeMove, PracticeRun

HINT, UNDO, KEEP, END = "hint", "undo", "keep", "end"  # engines of forms know KEEP too
OF_THE_FRAME = frozenset({HINT, UNDO, END})


def moves_of(run: PracticeRun) -> list[PracticeMove]:
    """The moves of ``run`` that led to its state, oldest first: without hints and what was taken back. One query."""
    kept = run.moves.filter(undone=False).order_by("number")
    return [each for each in kept if each.move["verb"] not in OF_THE_FRAME]
