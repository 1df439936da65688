"""Starting an attempt: the questions are taken as they stand in the edition, once."""

import datetime as dt
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.compiled import Compiled
from core.errors import Conflict, DomainError
from courses.models import Enrolment
from courses.registry import PlayerLesson
from courses.services.enrolling import open_enrolment
from quizzes.access import attempts_allowed, in_force, pass_mark_of, subject_of
from quizzes.asking import Settings
from quizzes.models import Attempt, PartQuestion, Slot
from quizzes.registry import types
from quizzes.selectors.card import opens_at
from quizzes.services.grading import finish
from quizzes.services.timing import Limits, extra_percent, limits, settle

MOST_SEEDS = 2**31 - 1
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)


class NoAttemptsLeft(DomainError):
    """Every attempt that the rule allows is used."""


class TooEarly(DomainError):
    """The rule asks for a rest between attempts; ``opens_at`` is when it ends."""

    def __init__(self, message: str, opens_at: dt.datetime) -> None:
        super().__init__(message)
        self.opens_at = opens_at


class QuizOver(DomainError):
    """The last day of the quiz has passed."""


@dataclass(frozen=True)
class Candidate:
    """A question that a quiz may ask: always (``pool`` None), or when it is drawn."""

    version_id: int
    question_id: int
    type: str
    position: int
    pool: int | None


def start(*, player: PlayerLesson, learner: User) -> Attempt:
    """Resume the open attempt of ``learner`` at this lesson, or begin the next one.

    Opens the enrolment if need be. An open attempt whose time is up, or at an older demand of the lesson (``rev``), is
    handed in first, as it stands. Unique constraints decide between two calls at once: both get the same attempt. At
    most twelve statements, whatever the number of questions. Raises ``NoAttemptsLeft`` when the rule allows no more,
    ``TooEarly`` while it asks for a rest, ``QuizOver`` after the last day, ``Conflict`` when the quiz asks nothing.
    """
    enrolment = None if player.preview else _opened(player, learner)
    mine = subject_of(learner=learner, lesson_uid=player.lesson.uid, enrolment=enrolment, edition=player.edition)
    past = list(Attempt.objects.filter(**mine).order_by("number"))
    current = next((each for each in past if each.finished_at is None), None)
    if current is not None:
        current.enrolment = enrolment
        settle(current)
        if current.finished_at is None and (player.preview or current.lesson_rev >= player.lesson.rev):
            return current
        finish(attempt=current)
    asking = Settings.read(player.source)
    if not player.preview:
        _refuse(player, asking, in_force(past, player))
    return _create(player, asking, mine, past[-1].number + 1 if past else 1)


def _opened(player: PlayerLesson, learner: User) -> Enrolment:
    if player.enrolment is not None and player.enrolment.opened_at is not None:
        opened: Enrolment = player.enrolment
        return opened
    return open_enrolment(learner=learner, course=player.course)


def _refuse(player: PlayerLesson, asking: Settings, past: Sequence[Attempt]) -> None:
    """Raise what stands against another attempt after those in ``past``."""
    now, allowed = clock.now(), attempts_allowed(player)
    closing = asking.closing(player.course)
    if closing is not None and closing < now:
        raise QuizOver(_("This quiz closed on %(moment)s.") % {"moment": _moment(closing)})
    if allowed is not None and len(past) >= allowed:
        raise NoAttemptsLeft(_("You have used all your attempts at this quiz."))
    rested = opens_at(past, player.lesson.rule.get("cool_down"), now)
    if rested is not None:
        raise TooEarly(_("You can take this quiz again from %(moment)s.") % {"moment": _moment(rested)}, rested)


def _moment(at: dt.datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _create(player: PlayerLesson, asking: Settings, mine: dict[str, Any], number: int) -> Attempt:
    asked = _asked(player, asking, mine["learner"])
    if not asked:
        raise Conflict(_("This quiz has no questions yet."))
    now = clock.now()
    ends = _ends(player, asking, mine["learner"], now)
    try:
        with transaction.atomic():
            attempt = Attempt.objects.create(
                **mine,
                number=number,
                part=player.part,
                lesson_rev=player.lesson.rev,
                pass_mark=pass_mark_of(player),
                behaviour=asking.behaviour,
                due_at=ends.due_at,
                closes_at=ends.closes_at,
                started_at=now,
            )
            Slot.objects.bulk_create(_slots(attempt, asked, shuffled=asking.shuffle))
    except IntegrityError:
        return _begun_meanwhile(mine, number)
    return attempt


def _ends(player: PlayerLesson, asking: Settings, learner: User, now: dt.datetime) -> Limits:
    timed = asking.time_limit is not None and not player.preview
    percent = extra_percent(player.course, learner) if timed else 0
    closing = None if player.preview else asking.closing(player.course)
    return limits(asking, started=now, closing=closing, percent=percent)


def _candidates_query(*, course: int, part: str) -> QuerySet[PartQuestion, Any]:
    rows = PartQuestion.objects.filter(part=part, course=course).order_by("position")
    return rows.values_list("version_id", "version__question_id", "version__type", "position", "pool")


CANDIDATES = Compiled(_candidates_query, "course", texts=("part",))  # asked at each start


def _asked(player: PlayerLesson, asking: Settings, learner: User) -> list[Candidate]:
    """The questions of the next attempt, in order: the fixed ones, and from each pool as many as it draws."""
    candidates = [Candidate(*row) for row in CANDIDATES.rows(course=player.course.pk, part=player.part.pk)]
    asked = [each for each in candidates if each.pool is None]
    pools: dict[int, list[Candidate]] = defaultdict(list)
    for each in candidates:
        if each.pool is not None:
            pools[each.pool].append(each)
    if pools:
        seen = _seen(learner, [each.question_id for pool in pools.values() for each in pool])
        sizes = {number: pool["draw"] for number, pool in enumerate(player.source.get("pools", ()), start=1)}
        for number, pool in pools.items():
            asked += draw(pool, sizes.get(number, len(pool)), seen)
    if asking.shuffle_questions:
        return _mixed(asked)
    return sorted(asked, key=lambda each: each.position)


def _seen(learner: User, questions: Iterable[int]) -> dict[int, tuple[int, dt.datetime]]:
    """How often, and when last, ``learner`` was asked each of ``questions``, whatever the quiz. One query."""
    slots = Slot.objects.filter(attempt__learner=learner, version__question__in=list(questions))
    rows = slots.values_list("version__question").annotate(Count("pk"), Max("attempt__started_at"))
    return {question: (times, last) for question, times, last in rows}


def draw(pool: Sequence[Candidate], count: int, seen: Mapping[int, tuple[int, dt.datetime]]) -> list[Candidate]:
    """``count`` of ``pool``: those seen least often first, among them those seen longest ago, else by chance.

    ``seen`` says how often and when last, by the question's key; who is not in it was never seen.
    """
    return sorted(_mixed(pool), key=lambda each: seen.get(each.question_id, (0, LONG_AGO)))[:count]


def _mixed(candidates: Sequence[Candidate]) -> list[Candidate]:
    mixed = list(candidates)
    secrets.SystemRandom().shuffle(mixed)
    return mixed


def _slots(attempt: Attempt, asked: Sequence[Candidate], *, shuffled: bool) -> list[Slot]:
    return [
        Slot(attempt=attempt, position=position, version_id=each.version_id, seed=_seed(each, shuffled=shuffled))
        for position, each in enumerate(asked, start=1)
    ]


def _seed(asked: Candidate, *, shuffled: bool) -> int:
    """0 leaves everything as written; questions with values of their own vary all the same."""
    return 1 + secrets.randbelow(MOST_SEEDS - 1) if shuffled or types[asked.type].varies else 0


def _begun_meanwhile(mine: dict[str, Any], number: int) -> Attempt:
    """The attempt that another request began at the same moment."""
    other = Attempt.objects.filter(**mine, number__gte=number).order_by("-number").first()
    if other is None:
        raise Conflict(_("The quiz was started at the same moment. Try again."))
    return other
