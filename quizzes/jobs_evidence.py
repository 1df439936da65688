"""Slow work on what attempts tell: item analysis and re-grading. Each job may run twice, and claims what it works on."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from core import clock
from core.queue import each_by_itself
from quizzes.analysis.scope import COUNTED, Which
from quizzes.models import Analysis, QuestionVersion, Regrade, RegradeChange, Result
from quizzes.selectors import visible_among
from quizzes.services import analysing, regrading
from quizzes.services.remembering_attempts import correct_items

BATCH = 100
AT_WORK = (Regrade.State.WAITING, Regrade.State.WANTED)


def sweep_evidence() -> dict[str, int]:
    """Finish what a lost task or a killed worker left."""
    analysed = each_by_itself(analysing.analyse, analysing.waiting().values_list("pk", flat=True)[:BATCH])
    waiting = Regrade.objects.filter(_free(), state__in=AT_WORK).order_by("pk")
    return {"analysed": analysed, "regraded": each_by_itself(regrade, waiting.values_list("pk", flat=True)[:BATCH])}


def refresh_analyses() -> dict[str, int]:
    """Every night: quizzes with new results are analysed anew; special choices that nobody asked for are forgotten."""
    now = clock.now()
    stale = Analysis.objects.filter(computed_at__lt=now - analysing.FORGET, wanted_at=None)
    forgotten, _rows = stale.exclude(key__endswith=":first::").delete()
    wanted = 0
    for course_id, lesson_uid in _with_news():
        row = analysing.analysis_for(course_id=course_id, lesson_uid=lesson_uid, which=Which())
        analysing.want(row)
        wanted += 1
    return {"wanted": wanted, "forgotten": forgotten}


def _with_news() -> list[tuple[int, str]]:
    """Course and lesson of every quiz that was graded since its analysis, or that has none yet."""
    fresh = Analysis.objects.filter(
        course=OuterRef("attempt__enrolment__course"),
        lesson_uid=OuterRef("attempt__lesson_uid"),
        key__endswith=":first::",
        computed_at__gte=OuterRef("graded_at"),
    )
    return list(
        Result.objects.filter(~Exists(fresh), attempt__purpose__in=COUNTED, attempt__enrolment__isnull=False)
        .order_by()
        .values_list("attempt__enrolment__course", "attempt__lesson_uid")
        .distinct()
    )


# --- re-grading


class LeaseLost(Exception):
    """Somebody else goes on with it, or it was dropped: stop without a word."""


def regrade(pk: int) -> bool:
    """Try a re-grading that waits to be tried, or apply one that is wanted. True when it got through.

    The row is the claim and its lease; a killed worker's comes free when the lease has passed. Trying begins again
    from the start; applying goes on, for each attempt remembers that it was changed.
    """
    lease = clock.now() + settings.CLAIM_LEASE
    if not Regrade.objects.filter(_free(), pk=pk, state__in=AT_WORK).update(lease_until=lease):
        return False
    held = Held(Regrade.objects.select_related("course", "version", "question", "by").get(pk=pk), lease)
    try:
        _try_out(held) if held.row.state == Regrade.State.WAITING else _carry_out(held)
    except LeaseLost:
        return False
    except BaseException:
        Regrade.objects.filter(pk=pk, lease_until=held.lease).update(lease_until=None)
        raise
    return True


def _free() -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=clock.now())


@dataclass
class Held:
    """A re-grading at work, and until when it is ours."""

    row: Regrade
    lease: dt.datetime

    def write(self, **values: object) -> None:
        """Write ``values`` and hold the row for longer; raises ``LeaseLost`` when it is no longer ours."""
        mine = Regrade.objects.filter(pk=self.row.pk, state=self.row.state, lease_until=self.lease)
        longer = clock.now() + settings.CLAIM_LEASE
        if not mine.update(**{"lease_until": longer, **values}):
            raise LeaseLost
        self.lease = longer


def _try_out(held: Held) -> None:
    row = held.row
    concerned = regrading.concerned(course=row.course, question=row.question, version=row.version)
    row.changes.all().delete()
    held.write(looked_at=0, total=concerned.count(), left_alone={})
    looked_at, left, last = 0, Counter[str](), 0
    versions: dict[int, QuestionVersion] = {}
    while batch := list(concerned.filter(pk__gt=last).order_by("pk")[:BATCH]):
        left += regrading.try_batch(regrade=row, attempts=batch, versions=versions)
        looked_at, last = looked_at + len(batch), batch[-1].pk
        held.write(looked_at=looked_at, left_alone=dict(left))
    held.write(state=Regrade.State.TRIED, total=looked_at, lease_until=None)


def _carry_out(held: Held) -> None:
    """Every change, then a word to every learner, then the state: each may be repeated without being done twice."""
    row, last = held.row, 0
    versions: dict[int, QuestionVersion] = {}
    changes = row.changes.filter(applied_at=None).select_related("attempt__enrolment__course", "attempt__learner")
    while batch := list(changes.filter(pk__gt=last).order_by("pk")[:BATCH]):
        for change in batch:
            change.regrade = row
            regrading.apply_change(change, versions=versions)
        last = batch[-1].pk
        held.write()
    correct_items(version=row.version)
    _tell(held)
    held.write(state=Regrade.State.APPLIED, applied_at=clock.now(), lease_until=None)


def _tell(held: Held) -> None:
    """The newest changed attempt of each learner is what they hear of."""
    row, last = held.row, 0
    changed = regrading.changed_results(row)
    uids = changed.order_by().values_list("attempt__lesson_uid", flat=True).distinct()
    titles = regrading.titles_of(row.course, uids)
    while people := list(_learners_after(row, last)):
        newest: dict[int, RegradeChange] = {}
        whole = changed.select_related("attempt__learner", "attempt__enrolment__course__organisation")
        for change in whole.filter(attempt__learner__in=people).order_by("pk"):
            newest[change.attempt.learner_id] = change
        may = visible_among([change.attempt for change in newest.values()])
        for change in newest.values():
            change.regrade = row
            title = titles.get(change.attempt.lesson_uid, change.attempt.lesson_uid)
            regrading.tell(change, title=title, score=may[change.attempt_id].score)
        last = people[-1]
        held.write()


def _learners_after(row: Regrade, last: int) -> list[int]:
    learners = regrading.changed_results(row).filter(attempt__learner__gt=last).order_by("attempt__learner")
    return list(learners.values_list("attempt__learner", flat=True).distinct()[:BATCH])
