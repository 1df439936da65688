"""What came of a practice run: every decision with its reason, one's path beside the expert's, and the run step by step."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from courses.access import part_of
from courses.models import EditionLesson, EditionLessonText
from quizzes.engines.base import BaseEngine, FormEngine
from quizzes.engines.registry import Engine, Part, State, Told, engines
from quizzes.engines.scoring import earned, play, read_part
from quizzes.models import PracticeRun
from quizzes.practice_settings import PracticeSettings
from quizzes.selectors.authors_desk import authors_desk
from quizzes.selectors.moves import moves_of, path_of
from quizzes.selectors.practice import LessonLink, free_back_to, lesson_links


@dataclass(frozen=True)
class Judged:
    """A decision in the debrief: what it earned in percent of its own, whether a hint was taken, where to read again."""

    part: Part
    percent: int
    hinted: bool
    lesson: LessonLink | None

    @property
    def right(self) -> bool:
        return self.percent == 100

    @property
    def tone(self) -> str:
        return "ok" if self.right else "bad" if self.percent == 0 or self.part.critical else "warn"


@dataclass(frozen=True)
class Debrief:
    """``mine`` and ``expert`` are the two paths in words; ``engine`` is None when it has changed since. ``language`` is that
    of the world, empty where it has none of its own. ``outlived``: its lesson has been asked anew since."""

    run: PracticeRun
    engine: Engine | None
    parts: Sequence[Judged]
    mine: Sequence[Told]
    expert: Sequence[Told]
    language: str = ""
    outlived: bool = False

    @property
    def again(self) -> list[Judged]:
        """What is worth another look, critical errors first."""
        return sorted((each for each in self.parts if not each.right), key=lambda each: not each.part.critical)

    @property
    def held(self) -> list[Judged]:
        return [each for each in self.parts if each.right]

    @property
    def critical(self) -> bool:
        return any(each.part.critical for each in self.parts)

    @property
    def minutes(self) -> int:
        """How long the lessons take that explain what went wrong."""
        return sum({each.lesson.url_args: each.lesson.minutes for each in self.again if each.lesson}.values())


def debrief_of(run: PracticeRun) -> Debrief:
    """The debrief of a finished ``run``. Seven queries at most."""
    parts = [read_part(each) for each in run.parts or ()]
    desk = authors_desk(run)
    draft = desk.text if desk else None
    asking = PracticeSettings.read({"engine": run.engine, **draft.content}) if draft else settings_of(run)
    course = draft.lesson.course if draft else run.course
    refs = {part.key: asking.lesson_for(run.case, part.key, part.facts) for part in parts}
    links = lesson_links(run.learner, list(refs.values()), course_slug=course.slug if course else "")
    judged = [_judged(part, run.hinted, links.get(refs[part.key])) for part in parts]
    about: dict[str, Any] = {
        "language": draft.language if draft else place_of(run).language,
        "outlived": _outlived(run),
    }
    engine = engines.get(run.engine)
    if engine is None or engine.version != run.engine_version:
        return Debrief(run, None, judged, (), (), **about)
    moves = [each.move for each in moves_of(run)]
    best = engine.expert(run.case)
    ideal = play(engine, run.case, best, seed=run.seed, mode=run.mode)
    mine = engine.told(run.case, run.state, moves)
    return Debrief(run, engine, judged, mine, engine.told(run.case, ideal, best), **about)


def _outlived(run: PracticeRun) -> bool:
    """Does the learner's edition ask the lesson of ``run`` anew? Then the run counts no more. One query, none without one."""
    if run.enrolment_id is None:
        return False
    now = EditionLesson.objects.filter(edition__enrolments=run.enrolment_id, uid=run.lesson_uid)
    return now.filter(rev__gt=run.lesson_rev).exists()


def settings_of(run: PracticeRun) -> PracticeSettings:
    """How the lesson of ``run`` offers its worlds. A made-up world of free practice goes by a lesson that its reader finds:
    mistakes are of the same kinds everywhere."""
    if run.part_id is not None:
        return PracticeSettings.read(json.loads(part_of(run.part_id).source))
    back_to = free_back_to(run.learner, run.engine) if run.purpose == PracticeRun.Purpose.PRACTICE else {}
    return PracticeSettings(engine=run.engine, back_to=back_to)


@dataclass(frozen=True)
class Place:
    """Where the world of a run stands written: its lesson, in which language, in the newest edition that has it as it was
    met. Empty for a made-up world of free practice."""

    lesson_uid: str = ""
    language: str = ""
    edition: int = 0


def place_of(run: PracticeRun) -> Place:
    """Where the world of ``run`` stands. One query, none where it stands nowhere."""
    if run.part_id is None:
        return Place()
    rows = EditionLessonText.objects.filter(part=run.part_id, edition_lesson__edition__course=run.course_id)
    if run.lesson_uid:
        rows = rows.filter(edition_lesson__uid=run.lesson_uid)
    rows = rows.order_by(F("edition_lesson__edition__number").desc(nulls_last=True), "pk")
    found = rows.values_list("edition_lesson__uid", "language", "edition_lesson__edition__number").first()
    if found is None:
        return Place(run.lesson_uid)
    uid, language, number = found
    return Place(uid, language, number or 0)  # a preview has no number


def _judged(part: Part, hinted: Sequence[str], lesson: LessonLink | None) -> Judged:
    share = earned(part, hinted=part.key in hinted)
    percent = int(share * 100)
    return Judged(part, percent, part.key in hinted, lesson)


@dataclass(frozen=True)
class Replay:
    """A run at one step: ``step`` of ``steps``, the state then, and the line that tells the step."""

    step: int
    steps: int
    state: State
    line: Told | None

    @property
    def before(self) -> int | None:
        return self.step - 1 if self.step > 0 else None

    @property
    def after(self) -> int | None:
        return self.step + 1 if self.step < self.steps else None


def replay_of(run: PracticeRun, engine: Engine, *, step: int) -> Replay:
    """``run`` after its first ``step`` moves; the last one there is for a greater number. Ending it early is a step of its
    own, with what was filled in then. One query."""
    path, early = path_of(run)
    moves: list[Mapping[str, Any]] = [each.move for each in path]
    steps = len(moves) + early
    step = min(step, steps)
    if step > len(moves):
        over = {"over": True} if isinstance(engine, FormEngine) else {}  # a form shows then what its fields were worth
        return Replay(step, steps, {**run.state, **over}, _ended(run))
    state = play(engine, run.case, moves[:step], seed=run.seed, mode=run.mode)
    return Replay(step, steps, state, _line(engine, run, state, moves[:step]))


def _line(engine: Engine, run: PracticeRun, state: State, moves: Sequence[Mapping[str, Any]]) -> Told | None:
    """The last of ``moves`` in words; None where the engine tells no line for each of them."""
    if isinstance(engine, FormEngine):  # its own path tells decisions, not steps
        lines = BaseEngine.told(engine, run.case, state, moves)
    else:
        lines = list(engine.told(run.case, state, moves)) if moves else []
    return lines[-1] if lines and len(lines) == len(moves) else None


def _ended(run: PracticeRun) -> Told:
    """That it was ended early, and what was left undone."""
    left = [part.label for part in map(read_part, run.parts or ()) if not part.did and part.fraction < 1]
    said = _("Not decided: %(parts)s.") % {"parts": ", ".join(left)} if left else ""
    return Told(_("You ended it here."), said)
