"""Item analysis: what is wanted is written down, a task computes it, pages show what was computed and when."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Avg, Count, Q, QuerySet

from core import clock
from core.queue import after_commit
from courses.models import Course
from quizzes.analysis import advice, reading
from quizzes.analysis.counting import count, figures_of, points_of
from quizzes.analysis.scope import Which, asked_in, results_of, wordings_of
from quizzes.models import Analysis
from quizzes.registry import types

STALE = dt.timedelta(days=1)
FORGET = dt.timedelta(days=14)
TASK = "quizzes.analyse"


def analysis_for(*, course_id: int, lesson_uid: str, which: Which) -> Analysis:
    """The analysis of a quiz; one that was never computed, or more than a day ago, is wanted from now on."""
    row, _made = Analysis.objects.get_or_create(
        key=which.key(course_id, lesson_uid),
        defaults={"course_id": course_id, "lesson_uid": lesson_uid, "params": which.params},
    )
    if row.wanted_at is None and (row.computed_at is None or row.computed_at < clock.now() - STALE):
        want(row)
    return row


def want(row: Analysis) -> None:
    """Have ``row`` computed by a task, which a second call does not double."""
    row.wanted_at = clock.now()
    if Analysis.objects.filter(pk=row.pk, wanted_at=None).update(wanted_at=row.wanted_at):
        after_commit(TASK, row.pk)


def analyse(pk: int) -> bool:
    """Compute an analysis that is wanted and that nobody holds. True when its figures were written.

    The lease is the claim: a worker that dies leaves it, and the sweep goes on when it has passed. Whoever has lost the
    lease meanwhile writes nothing.
    """
    now = clock.now()
    lease = now + settings.CLAIM_LEASE
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    if not Analysis.objects.filter(free, pk=pk, wanted_at__isnull=False).update(lease_until=lease):
        return False
    held = Analysis.objects.filter(pk=pk, lease_until=lease)
    try:
        row = held.select_related("course__organisation").get()
        figures = compute(course=row.course, lesson_uid=row.lesson_uid, which=Which.read(row.params))
    except BaseException:
        held.update(lease_until=None)
        raise
    done = {"figures": figures, "attempts": figures["attempts"], "computed_at": now, "lease_until": None}
    return bool(held.update(wanted_at=None, **done))


def compute(*, course: Course, lesson_uid: str, which: Which) -> dict[str, Any]:
    """The figures of a quiz as ``Analysis.figures`` keeps them. Six statements; memory does not grow with attempts."""
    wordings = wordings_of(course, lesson_uid)
    results = results_of(course, lesson_uid, which, wordings)
    asked = asked_in(course, wordings)
    whole = results.aggregate(n=Count("pk"), percent=Avg("percent"), passed=Count("pk", filter=Q(passed=True)))
    versions = [each.version for each in asked.values()]
    groups = reading.groups(
        results,
        points={each.pk: points_of(each) for each in versions if points_of(each) != 1},
        manual=[each.pk for each in versions if each.type in types and types[each.type].manual],
    )
    found = figures_of(items=count(groups, asked), asked=asked, attempts=whole["n"])
    percent = None if whole["percent"] is None else round(float(whole["percent"]), 4)
    found |= {"attempts": whole["n"], "percent": percent, "passed": whole["passed"]}
    return found | {"attention": advice.attention(found)}


def waiting() -> QuerySet[Analysis]:
    """Those that a lost task or a killed worker left."""
    free = Q(lease_until=None) | Q(lease_until__lt=clock.now())
    return Analysis.objects.filter(free, wanted_at__isnull=False).order_by("wanted_at")
