"""The periodic reminder job: find, say, send. Safe to run twice and beside itself."""

from collections import Counter

from accounts.jobs import send_waiting_mail
from core import clock
from progress.selectors.reminding import preferences_of_reminded
from progress.services.reminding import DUE_SOON, OVERDUE, remind_batch

BATCH = 1000


def run_reminders(*, quiet_hours: bool = True, batch: int = BATCH) -> dict[str, int]:
    """Say every reminder that is due, then send what waits. Returns counts of notices by kind and of mails.

    ``quiet_hours=False`` mails at once whatever the hour is where people are: for a run by hand.
    """
    at, said = clock.now(), Counter({DUE_SOON: 0, OVERDUE: 0})
    preferences = preferences_of_reminded(at, (DUE_SOON, OVERDUE))
    while (counts := remind_batch(at=at, size=batch, preferences=preferences)) is not None:
        said += counts
    return {DUE_SOON: said[DUE_SOON], OVERDUE: said[OVERDUE], **send_waiting_mail(quiet_hours=quiet_hours)}
