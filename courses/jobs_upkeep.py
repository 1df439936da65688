"""The hourly look for courses that somebody should look at again. Safe to run twice and beside itself."""

from core import clock
from courses.services.upkeep import remind_batch

BATCH = 500


def remind_of_upkeep(*, batch: int = BATCH) -> int:
    """Say every reminder that is due now; gives how many batches there were. The mail goes out with all other notices."""
    at, last, batches = clock.now(), 0, 0
    while (reached := remind_batch(after=last, size=batch, at=at)) is not None:
        last, batches = reached, batches + 1
    return batches
