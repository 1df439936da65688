"""What quizzes keep about a person."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from quizzes.models import Attempt, Marking, PracticeRun, Result, ReviewCard, ReviewPlan, Slot, Step
from quizzes.selectors import Visible, newest_markings, newest_results, newest_steps, visible_among


def export_for(person: User) -> list[dict[str, Any]]:
    """Every attempt of ``person`` with the questions as asked, the answers that stand and the score.

    What the review options of a quiz still hide (the score of an exam that others are taking) is left out until then.
    At most eleven queries, whatever the number of attempts.
    """
    attempts = list(
        Attempt.objects.visible_to(person)
        .select_related("enrolment__course__organisation")
        .prefetch_related("part")
        .order_by("pk")
    )
    results = {result.attempt_id: result for result in newest_results(attempts)}
    may = visible_among(attempts)
    slots = list(Slot.objects.filter(attempt__in=attempts).select_related("version").order_by("attempt", "position"))
    steps, markings = newest_steps(slots), newest_markings(slots)
    answers: dict[int, list[dict[str, Any]]] = {}
    for slot in slots:
        marking = markings.get(slot.pk) if may[slot.attempt_id].feedback else None
        answers.setdefault(slot.attempt_id, []).append(_answer(slot, steps.get(slot.pk), marking))
    return [_attempt(each, results, may[each.pk]) | {"answers": answers.get(each.pk, [])} for each in attempts]


def _answer(slot: Slot, step: Step | None, marking: Marking | None) -> dict[str, Any]:
    said: dict[str, Any] = {"question": slot.version.content["stem"], "answer": step.answer if step else None}
    if step and step.certainty:
        said["certainty"] = step.certainty
    if marking and marking.comment:
        said["comment"] = marking.comment
    return said


def _attempt(attempt: Attempt, results: Mapping[int, Result], may: Visible) -> dict[str, Any]:
    result = results.get(attempt.pk) if may.score else None
    return {
        "course": attempt.enrolment.course.slug if attempt.enrolment else None,
        "lesson": attempt.lesson_uid,
        "purpose": attempt.purpose,
        "number": attempt.number,
        "started": attempt.started_at.isoformat(),
        "finished": attempt.finished_at.isoformat() if attempt.finished_at else None,
        "percent": result.percent if result else None,
    }


def practice_for(person: User) -> list[dict[str, Any]]:
    """Every practice run of ``person``: the world, the moves, what each decision was worth. Two queries."""
    runs = PracticeRun.objects.visible_to(person).select_related("course").prefetch_related("moves").order_by("pk")
    return [_run(run) for run in runs]


def _run(run: PracticeRun) -> dict[str, Any]:
    return {
        "course": run.course.slug if run.course else None,
        "lesson": run.lesson_uid,
        "engine": run.engine,
        "case": run.case["title"],
        "seed": run.seed,
        "purpose": run.purpose,
        "mode": run.mode,
        "started": run.started_at.isoformat(),
        "finished": run.finished_at.isoformat() if run.finished_at else None,
        "percent": run.percent,
        "hints": run.hinted,
        "moves": [
            each.move | {"made": each.made_at.isoformat(), "taken_back": each.undone} for each in run.moves.all()
        ],
        "decisions": [{name: part[name] for name in ("label", "did", "fraction")} for part in run.parts or ()],
    }


def review_export_for(person: User) -> dict[str, Any]:
    """Every review card of ``person`` with its log, and their plan. Three queries, whatever the number of cards."""
    cards = ReviewCard.objects.visible_to(person).select_related("item__version").prefetch_related("log").order_by("pk")
    plan = ReviewPlan.objects.filter(learner=person).values(*PLAN).first()
    return {"plan": _plain(plan) if plan else None, "cards": [_card(each) for each in cards]}


PLAN = ("minutes", "per_day", "per_week", "paused_at", "holiday_from", "holiday_to", "remind")


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each.isoformat() if hasattr(each, "isoformat") else each for name, each in values.items()}


def _card(card: ReviewCard) -> dict[str, Any]:
    said = ("source", "due_at", "last_at", "missed_at", "set_by_hand_at", "buried_until", "suspended_at")
    log = ("kind", "rating", "at", "days", "recall", "ms", "due_at")
    return {
        "asks": card.item.words,
        **_plain({name: getattr(card, name) for name in said}),
        "log": [_plain({name: getattr(each, name) for name in log}) for each in card.log.all()],
    }
