"""What an edition would do to the people under way, counted before it is published."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from courses.models import EditionLesson, Enrolment
from courses.standing import Demand, Outlook
from progress.models import Completion, Event, LessonState, VideoSession
from progress.selectors.rules import LessonRule
from progress.services import folding
from progress.services.folding import Tally

DONE = LessonState.State.DONE


@dataclass
class Step:
    """How one edition's lessons differ from what is demanded, as far as it matters to somebody who reads it.

    ``same``: what was done counts on. ``risen``: it is demanded anew. ``judged``: its rule or kind is another one, or it
    comes back after it was gone, so that only the ledger knows.
    """

    same: set[str] = field(default_factory=set)
    risen: set[str] = field(default_factory=set)
    judged: set[str] = field(default_factory=set)


def outlook(*, people: QuerySet[Enrolment], moving: QuerySet[Enrolment], demands: Sequence[Demand]) -> Outlook:
    """What ``demands`` mean for ``people``, of whom ``moving`` are taken along; see ``courses.standing``."""
    unfinished = Enrolment.objects.filter(pk__in=moving.order_by().values("pk"), completion=None)
    readers = dict(unfinished.order_by().values_list("edition").annotate(Count("pk")))
    finished = Completion.objects.filter(enrolment__in=people.order_by().values("pk")).count()
    steps = _steps(list(readers), demands)
    repeats, restarts, hit, lost = _risen(unfinished, steps)
    done_after, lost_by_rule = _judged(unfinished, steps, {each.uid: each for each in demands})
    for enrolment, uid in lost_by_rule:
        repeats[uid] += 1
        lost.add(enrolment)
    count = sum(readers.values())
    return Outlook(
        finished=finished,
        moving=count,
        staying=people.count() - finished - count,
        untouched=count - len(hit | lost),
        repeating=len(lost),
        completing=_completing(unfinished, steps, done_after, len(demands)),
        repeats=dict(repeats),
        restarts=dict(restarts),
    )


def _steps(editions: Sequence[int], demands: Sequence[Demand]) -> dict[int, Step]:
    there: dict[int, dict[str, EditionLesson]] = {edition: {} for edition in editions}
    for lesson in EditionLesson.objects.filter(edition__in=editions):
        there[lesson.edition_id][lesson.uid] = lesson
    return {edition: _step(lessons, demands) for edition, lessons in there.items()}


def _step(lessons: Mapping[str, EditionLesson], demands: Sequence[Demand]) -> Step:
    step = Step()
    for demand in demands:
        lesson = lessons.get(demand.uid)
        if lesson is not None and demand.rev > lesson.rev:
            step.risen.add(demand.uid)
        elif lesson is None or (lesson.kind, _judging(lesson.rule)) != (demand.kind, _judging(demand.rule)):
            step.judged.add(demand.uid)
        else:
            step.same.add(demand.uid)
    return step


def _judging(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The rule without what only says when the lesson opens."""
    return {key: value for key, value in rule.items() if key != "opens_after"}


def _those(steps: Mapping[int, Step], name: str, uid: str) -> Q:
    """The lessons called ``name`` in each step; ``uid`` is the column that names them."""
    wanted = Q(pk__in=[])
    for edition, step in steps.items():
        uids = getattr(step, name)
        if uids:
            wanted |= Q(**{"enrolment__edition": edition, f"{uid}__in": sorted(uids)})
    return wanted


def _risen(
    people: QuerySet[Enrolment], steps: Mapping[int, Step]
) -> tuple[dict[str, int], dict[str, int], set[int], set[int]]:
    """Lessons done and lessons begun that count no longer, and whom this hits; of them, who had done one."""
    repeats: dict[str, int] = defaultdict(int)
    restarts: dict[str, int] = defaultdict(int)
    hit: set[int] = set()
    lost: set[int] = set()
    if any(step.risen for step in steps.values()):
        touched = LessonState.objects.filter(_those(steps, "risen", "uid"), enrolment__in=people.values("pk"))
        for uid, state, count in touched.values_list("uid", "state").annotate(Count("pk")).order_by():
            (repeats if state == DONE else restarts)[uid] += count
        for enrolment, state in touched.order_by().values_list("enrolment", "state").distinct():
            (lost if state == DONE else hit).add(enrolment)
    return repeats, restarts, hit, lost


def _judged(
    people: QuerySet[Enrolment], steps: Mapping[int, Step], demands: Mapping[str, Demand]
) -> tuple[dict[int, set[str]], list[tuple[int, str]]]:
    """By enrolment, which of the lessons to be judged are done under the new rule; and which were done and are not."""
    done_after: dict[int, set[str]] = defaultdict(set)
    if not any(step.judged for step in steps.values()):
        return done_after, []
    known = _tallies(people, steps, demands)
    for (enrolment, uid), tally in known.items():
        if folding.verdict(_rule(demands[uid]), tally.facts).done:
            done_after[enrolment].add(uid)
    before = LessonState.objects.filter(
        _those(steps, "judged", "uid"), enrolment__in=people.values("pk"), state=DONE
    ).values_list("enrolment", "uid")
    return done_after, [(enrolment, uid) for enrolment, uid in before if uid not in done_after[enrolment]]


def _tallies(
    people: QuerySet[Enrolment], steps: Mapping[int, Step], demands: Mapping[str, Demand]
) -> dict[tuple[int, str], Tally]:
    """What the ledger knows of each lesson to be judged, counted as the fold counts it."""
    rules = {uid: _rule(demand) for uid, demand in demands.items()}
    wanted = _those(steps, "judged", "lesson_uid")
    found: dict[tuple[int, str], Tally] = {}
    watched: dict[tuple[int, str], list[VideoSession]] = defaultdict(list)
    for model in (Event, VideoSession):
        rows: Any = model._default_manager.filter(wanted, enrolment__in=people.values("pk"))
        for row in rows.annotate(present=F("enrolment__state__generation")).iterator():
            key = row.enrolment_id, row.lesson_uid
            if not folding.counts(row, rules[row.lesson_uid], row.present or 0):
                continue
            if isinstance(row, VideoSession):
                watched[key].append(row)
            else:
                found[key] = folding.join(found.get(key, Tally()), folding.tally_of(row))
    for key, sessions in watched.items():
        found[key] = folding.join(folding.watching(sessions), found.get(key, Tally()))
    return found


def _rule(demand: Demand) -> LessonRule:
    return LessonRule(demand.uid, 0, demand.kind, demand.rule, demand.rev, "", 0)


def _completing(
    people: QuerySet[Enrolment], steps: Mapping[int, Step], done_after: Mapping[int, set[str]], demanded: int
) -> int:
    """How many will have done everything that is demanded."""
    hopeful = {edition: step for edition, step in steps.items() if demanded and not step.risen}
    near = Q(pk__in=[])  # most people are far from it, and what they have done need not be counted
    for edition, step in hopeful.items():
        enough = Q(state__done_count__gte=len(step.same)) if step.same else Q()
        near |= Q(edition=edition) & enough
    rows = dict(people.filter(near).order_by().values_list("pk", "edition")) if hopeful else {}
    if not rows:
        return 0
    counted = LessonState.objects.filter(
        _those(hopeful, "same", "uid"), enrolment__in=people.filter(near).values("pk"), state=DONE
    ).order_by()
    done = dict(counted.values_list("enrolment").annotate(Count("pk")))
    return sum(
        done.get(pk, 0) == len(hopeful[edition].same) and done_after.get(pk, set()) >= hopeful[edition].judged
        for pk, edition in rows.items()
    )
