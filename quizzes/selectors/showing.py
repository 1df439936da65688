"""A question as a page shows it: while it is asked, once it was checked, and after the attempt is graded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from accounts.models import User
from courses import markup
from courses.selectors import words_for
from quizzes.asking import ANSWERS, FEEDBACK, RIGHT, SCORE, Settings, part_in, settings_of
from quizzes.behaviours import behaviours
from quizzes.models import Attempt, QuestionVersion, Slot, SlotMark, Step, Try
from quizzes.registry import Mark, QuestionType, types
from quizzes.rendering import question_html

ASIDE = ("feedback", "other", "general", "hint")
OPEN, CHECKED, CLOSED = "open", "checked", "closed"
NOBODY: Mapping[int, Any] = {}


@dataclass(frozen=True)
class Visible:
    """What a learner may see of an attempt: the score and verdicts, their own answers, what is right, the replies."""

    score: bool = True
    answers: bool = True
    right: bool = True
    feedback: bool = True


EVERYTHING = Visible()
NOTHING = Visible(score=False, answers=False, right=False, feedback=False)


def visible(asking: Settings, *, closed: bool) -> Visible:
    """What the review options of a quiz let see now; ``closed``: it is over for this learner."""

    def may(what: str) -> bool:
        when = asking.when(what)
        return when == "at_once" or (when == "closed" and closed)

    return Visible(may(SCORE), may(ANSWERS), may(RIGHT), may(FEEDBACK))


@dataclass(frozen=True)
class Shown:
    """A question on a page. ``fields`` is what its type's ``template`` needs.

    ``state`` is ``open``, ``checked`` (and may be tried again) or ``closed``. ``mark`` is set when what is right may be
    seen, ``verdict`` (``right``, ``partly``, ``wrong``) when it may be said how it went: after a check, or in a result.
    ``verdicts`` are those of the checked tries in order, ``tries_left`` how many are left (None: nothing is checked).
    ``hint`` is the HTML that the last wrong try earned, ``replies`` that of the author to what was chosen where what is
    right stays hidden. ``earned`` and ``points`` are points.
    """

    position: int
    uid: str
    type: str
    html: Mapping[str, str]
    template: str
    fields: Mapping[str, Any]
    answer: Any = None
    mark: Mark | None = None
    back_to: str = ""
    verdict: str = ""
    state: str = OPEN
    verdicts: tuple[str, ...] = ()
    tries_left: int | None = None
    hint: str = ""
    certainty: int | None = None
    points: int = 1
    earned: Decimal | None = None
    replies: tuple[str, ...] = ()
    message: str = ""

    @property
    def closed(self) -> bool:
        """No further answer is taken while the attempt goes on."""
        return self.state == CLOSED


def verdict_of(mark: Mark) -> str:
    """``right``, ``partly`` or ``wrong``."""
    return verdict_for(mark.fraction)


def verdict_for(fraction: Decimal) -> str:
    """``right``, ``partly`` or ``wrong``."""
    if fraction == 1:
        return "right"
    return "partly" if fraction else "wrong"


def shown(
    *,
    attempt: Attempt,
    slots: Sequence[Slot],
    answers: Mapping[int, Any],
    slug: str,
    user: User,
    marks: Mapping[int, SlotMark] | None = None,
    steps: Mapping[int, Step] = NOBODY,
    tries: Mapping[int, Sequence[Try]] = NOBODY,
    may: Visible = EVERYTHING,
) -> list[Shown]:
    """``slots`` as pages show them, tokens resolved. Answers, steps, tries and marks go by the slot's key.

    Without ``marks`` the attempt goes on: a question says what is right only once it is closed. With them it says what
    ``may`` be seen. At most one query for the local words of the reader's library, and one when a question was graded
    by another version than the one that was asked.
    """
    items = part_in(attempt).rendered["items"]
    graded_by = _other_versions(marks or {})
    picked = [_html(items[slot.version.content["uid"]], graded_by.get(slot.pk)) for slot in slots]
    words = words_for(user) if any("{{local." in text for html in picked for text in html.values()) else {}
    asking = settings_of(attempt)
    rows = []
    for slot, html in zip(slots, picked, strict=True):
        resolved = {key: markup.resolve(text, course_slug=slug, words=words) for key, text in html.items()}
        if marks is None:
            step = steps.get(slot.pk)
            asked = _Asked(slot, resolved, answers.get(slot.pk), step, tuple(tries.get(slot.pk, ())))
            rows.append(_in_attempt(asked, attempt.behaviour, asking))
        else:
            rows.append(_in_result(slot, resolved, answers.get(slot.pk), marks[slot.pk], may))
    return rows


def _other_versions(marks: Mapping[int, SlotMark]) -> dict[int, Mapping[str, str]]:
    """The HTML of the versions that graded, where they are not the ones that were asked, by the slot's key."""
    corrected = {key: mark.version for key, mark in marks.items() if mark.version_id and mark.version}
    if not corrected:
        return {}
    full = QuestionVersion.objects.prefetch_related("files__media").in_bulk([each.pk for each in corrected.values()])
    return {key: _rendered(full[version.pk]) for key, version in corrected.items()}


def _rendered(version: QuestionVersion) -> Mapping[str, str]:
    return question_html(version.content, {each.name: each.media.sha256 for each in version.files.all()})


def _html(asked: Mapping[str, str], graded_by: Mapping[str, str] | None) -> Mapping[str, str]:
    """The question as it was asked, with the replies of the version that graded it."""
    if graded_by is None:
        return asked
    said = {key: text for key, text in asked.items() if not key.startswith(ASIDE)}
    return {**graded_by, **said}


@dataclass(frozen=True)
class _Asked:
    """A question of an attempt that goes on."""

    slot: Slot
    html: Mapping[str, str]
    answer: Any
    step: Step | None
    tries: tuple[Try, ...]


def _in_attempt(asked: _Asked, behaviour_name: str, asking: Settings) -> Shown:
    slot, behaviour = asked.slot, behaviours[behaviour_name]
    content, tried = slot.version.content, len(asked.tries)
    best = max((each.fraction for each in asked.tries), default=Decimal(0))
    closed = behaviour.closed(tried, best, asking)
    # In two tabs one may be ahead of the other: a closed question shows what was checked.
    answer = asked.tries[-1].answer if closed else asked.answer
    may = visible(asking, closed=False) if closed else NOTHING
    mark = types[content["type"]].grade(content, answer, slot.seed) if closed else None
    row = show_question(
        content, asked.html, answer, mark, position=slot.position, seed=slot.seed, may=replace(may, answers=True)
    )
    told = asking.when(SCORE) == "at_once"
    verdicts = tuple(verdict_for(each.fraction) for each in asked.tries) if told else ()
    return replace(
        row,
        state=CLOSED if closed else CHECKED if tried else OPEN,
        verdict=verdicts[-1] if verdicts else "",
        verdicts=verdicts,
        tries_left=max(0, behaviour.tries(asking) - tried) if behaviour.checks else None,
        hint="" if closed else _hint(asked),
        certainty=asked.step.certainty if asked.step else None,
    )


def _hint(asked: _Asked) -> str:
    """The hint that the wrong tries so far have earned; the last one goes on."""
    hints = asked.slot.version.content.get("hints", ())
    if not asked.tries or not hints:
        return ""
    html = filled(asked.slot.version.content, asked.html, asked.slot.seed)
    return html.get(f"hint:{min(len(asked.tries), len(hints)) - 1}", "")


def _in_result(slot: Slot, html: Mapping[str, str], answer: Any, kept: SlotMark, may: Visible) -> Shown:
    content = (kept.version or slot.version).content
    kind = types[content["type"]]
    mark = replace(kind.grade(content, answer, slot.seed), fraction=kept.fraction)
    if kind.manual and answer is not None:  # a person has marked it, so it waits for nobody
        mark = replace(mark, message="")
    row = show_question(content, html, answer, mark, position=slot.position, seed=slot.seed, may=may)
    if not may.score:
        return replace(row, certainty=kept.certainty if may.answers else None)
    points = int(slot.version.content.get("points", 1))
    return replace(row, certainty=kept.certainty if may.answers else None, earned=kept.earned * points)


def filled(content: Mapping[str, Any], html: Mapping[str, str], seed: int) -> Mapping[str, str]:
    """``html`` with the values of this attempt put in."""
    return types[content["type"]].fill(content, html, seed)


def show_question(
    content: Mapping[str, Any],
    html: Mapping[str, str],
    answer: Any,
    mark: Mark | None = None,
    *,
    position: int = 1,
    seed: int = 0,
    may: Visible = EVERYTHING,
) -> Shown:
    """One question as a page shows it. Without ``mark`` no reply is in it and nothing says what is right.

    With it, ``may`` says what of it is seen; what is not to be seen is not in the answer at all.
    """
    kind = types[content["type"]]
    html = kind.fill(content, html, seed)
    if not may.feedback:
        html = {key: text for key, text in html.items() if not key.startswith(ASIDE)}
    said = {"stem", "stem_more", "general"} if mark and may.feedback else {"stem", "stem_more"}
    given = answer if mark is None or may.answers else None
    full = _full(mark if may.answers else kind.grade(content, None, seed), may) if mark and may.right else None
    return Shown(
        position=position,
        uid=content["uid"],
        type=kind.name,
        html={key: text for key, text in html.items() if key in said},
        template=kind.template,
        fields=kind.show(content, html, seed, given, full),
        answer=kind.named(content, given),
        mark=full,
        back_to=content.get("back_to", "") if mark and may.feedback else "",
        verdict=verdict_of(mark) if mark and may.score else "",
        points=int(content.get("points", 1)),
        replies=tuple(_replies(kind, content, html, answer, mark)) if mark and not may.right and may.answers else (),
        message=mark.message if mark and may.answers else "",
    )


def _full(mark: Mark, may: Visible) -> Mark:
    """``mark`` without the author's replies where they are not to be seen."""
    return mark if may.feedback else replace(mark, reasons={})


def _replies(
    kind: QuestionType, content: Mapping[str, Any], html: Mapping[str, str], answer: Any, mark: Mark
) -> Iterable[str]:
    """What the author says to what was chosen or typed; nothing about what was missed."""
    chosen = set(kind.chosen(content, answer))
    for key in mark.reasons:
        if key in chosen or not mark.parts:
            text = html.get(f"feedback:{key}" if key else "other", "")
            if text:
                yield text
