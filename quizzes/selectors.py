"""Reads over several tables: the start card, the attempt as its pages show it, the result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from accounts.models import User
from courses import markup
from courses.registry import PlayerLesson
from courses.selectors import words_for
from quizzes.access import attempts_allowed, attempts_of, pass_mark_of
from quizzes.models import Attempt, Result, Slot, SlotMark, Step
from quizzes.registry import Mark, types


@dataclass(frozen=True)
class Card:
    """What a quiz says of itself before it begins."""

    questions: int
    pass_mark: int
    allowed: int | None
    left: int | None
    open: Attempt | None
    results: Sequence[Result]
    best: int | None
    passed: bool


def card_of(player: PlayerLesson, user: User) -> Card:
    """The start card for ``user``; two queries at most."""
    attempts = list(attempts_of(player=player, learner=user).order_by("-number"))
    current = [each for each in attempts if player.preview or each.lesson_rev >= player.lesson.rev]
    results = newest_results([each for each in current if each.finished_at])
    allowed = attempts_allowed(player)
    best = max((result.percent for result in results), default=None)
    return Card(
        questions=player.rendered["questions"],
        pass_mark=pass_mark_of(player),
        allowed=allowed,
        left=None if allowed is None else max(0, allowed - len(current)),
        open=next((each for each in attempts if each.finished_at is None), None),
        results=results,
        best=best,
        passed=best is not None and best >= pass_mark_of(player),
    )


def newest_results(attempts: Sequence[Attempt]) -> list[Result]:
    """The result that stands of each finished attempt, in their order, ``attempt`` filled in. One query."""
    by_pk = {each.pk: each for each in attempts}
    newest: dict[int, Result] = {}
    for result in Result.objects.filter(attempt__in=list(by_pk)).order_by("number") if by_pk else ():
        result.attempt = by_pk[result.attempt_id]
        newest[result.attempt_id] = result
    return [newest[pk] for pk in by_pk if pk in newest]


def newest_steps(slots: Sequence[Slot]) -> dict[int, Step]:
    """The step that stands in each slot, by the slot's key. One query."""
    steps = Step.objects.filter(slot__in=[slot.pk for slot in slots]).order_by("seq", "client_id")
    return {step.slot_id: step for step in steps}


@dataclass(frozen=True)
class Shown:
    """A question on a page. ``fields`` is what its type's ``template`` needs; ``mark`` is set when all is over."""

    position: int
    uid: str
    type: str
    html: Mapping[str, str]
    template: str
    fields: Mapping[str, Any]
    answer: Any = None
    mark: Mark | None = None
    back_to: str = ""

    @property
    def verdict(self) -> str:
        """``right``, ``partly`` or ``wrong``; empty before grading."""
        return verdict_of(self.mark) if self.mark else ""


def verdict_of(mark: Mark) -> str:
    """``right``, ``partly`` or ``wrong``."""
    if mark.fraction == 1:
        return "right"
    return "partly" if mark.fraction else "wrong"


@dataclass(frozen=True)
class Paper:
    """An attempt as its pages show it: the questions in order, and the step that stands in each."""

    slots: Sequence[Slot]
    steps: Mapping[int, Step]

    @property
    def answers(self) -> dict[int, Any]:
        """The answer that stands, by the slot's key."""
        return {key: step.answer for key, step in self.steps.items()}

    @property
    def missing(self) -> list[int]:
        """Positions of the questions without an answer."""
        answers = self.answers
        return [slot.position for slot in self.slots if answers.get(slot.pk) is None]


def paper_of(attempt: Attempt) -> Paper:
    """The questions of ``attempt`` and the answers so far. Two queries."""
    slots = list(attempt.slots.select_related("version").order_by("position"))
    return Paper(slots, newest_steps(slots))


def shown(
    *,
    attempt: Attempt,
    slots: Sequence[Slot],
    answers: Mapping[int, Any],
    slug: str,
    user: User,
    marks: Mapping[int, SlotMark] | None = None,
) -> list[Shown]:
    """``slots`` as pages show them, tokens resolved; right answers and replies only with the ``marks`` of a result.

    At most one query, for the local words of the reader's library.
    """
    items = attempt.part.rendered["items"]
    picked = [items[slot.version.content["uid"]] for slot in slots]
    words = words_for(user) if any("{{local." in text for html in picked for text in html.values()) else {}
    rows = []
    for slot, html in zip(slots, picked, strict=True):
        content = slot.version.content
        resolved = {key: markup.resolve(text, course_slug=slug, words=words) for key, text in html.items()}
        answer, mark = answers.get(slot.pk), None
        if marks is not None:
            mark = types[content["type"]].grade(content, answer)
            mark = replace(mark, fraction=marks[slot.pk].fraction)
        rows.append(show_question(content, resolved, answer, mark, position=slot.position, seed=slot.seed))
    return rows


def show_question(
    content: Mapping[str, Any],
    html: Mapping[str, str],
    answer: Any,
    mark: Mark | None = None,
    *,
    position: int = 1,
    seed: int = 0,
) -> Shown:
    """One question as a page shows it. Without ``mark`` no reply is in it and nothing says what is right."""
    kind = types[content["type"]]
    said = {"stem", "stem_more", "general"} if mark else {"stem", "stem_more"}
    return Shown(
        position=position,
        uid=content["uid"],
        type=kind.name,
        html={key: text for key, text in html.items() if key in said},
        template=kind.template,
        fields=kind.show(content, html, seed, answer, mark),
        answer=answer,
        mark=mark,
        back_to=content.get("back_to", "") if mark else "",
    )


def marks_of(result: Result) -> dict[int, SlotMark]:
    """The marks of ``result`` by the slot's key. One query."""
    return {mark.slot_id: mark for mark in SlotMark.objects.filter(result=result)}
