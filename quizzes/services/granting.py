"""More time for one person, in every timed quiz of a course."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import InvalidInput
from courses.models import Course
from quizzes.asking import settings_of
from quizzes.models import Attempt, ExtraTime
from quizzes.services.timing import limits

MOST_PERCENT = 500


def give_extra_time(*, course: Course, learner: User, percent: int, by: User) -> ExtraTime:
    """Give ``learner`` ``percent`` more time in ``course`` from now on, in attempts that are open too; 0 takes it back.

    A second call takes the first one's place. Taking time back never ends an open attempt before now. Raises
    ``InvalidInput`` for less than 0 or more than 500 percent.
    """
    if isinstance(percent, bool) or not isinstance(percent, int) or not 0 <= percent <= MOST_PERCENT:
        message = _("Give 0 to %(most)d percent.") % {"most": MOST_PERCENT}
        raise InvalidInput(message, fields={"percent": message})
    with transaction.atomic():
        given, _made = ExtraTime.objects.update_or_create(
            course=course,
            learner=learner,
            defaults={"percent": percent, "given_by": by, "given_at": clock.now()},
        )
        timed = Attempt.objects.open().filter(learner=learner, enrolment__course=course, due_at__isnull=False)
        for attempt in timed:
            _move_end(attempt, course, percent)
    return given


def _move_end(attempt: Attempt, course: Course, percent: int) -> None:
    asking = settings_of(attempt)
    if asking.time_limit is None:
        return
    new = limits(asking, started=attempt.started_at, closing=asking.closing(course), percent=percent)
    now = clock.now()
    Attempt.objects.open().filter(pk=attempt.pk).update(
        due_at=_not_before(new.due_at, now, attempt.due_at),
        closes_at=_not_before(new.closes_at, now, attempt.closes_at),
    )


def _not_before(end: dt.datetime | None, now: dt.datetime, was: dt.datetime | None) -> dt.datetime | None:
    """``end``, but when that has passed already: now, or when it ended anyway."""
    if end is None or was is None or end >= now:
        return end
    return min(now, was)
