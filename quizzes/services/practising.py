"""Practice runs: beginning one, a move at a time, and what it was worth in the end.

The world and its seed are the server's alone: a page says which turn it shows and what was done, nothing more.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict
from core.queue import after_commit
from courses.access import part_of
from courses.models import EditionLessonText, Enrolment
from courses.registry import PlayerLesson
from courses.services.enrolling import open_enrolment
from quizzes.access import PASS_MARK, pass_mark_of
from quizzes.engines.registry import Engine, Move, NotAllowed, State, engines
from quizzes.engines.scoring import COACH, kept_part, percent, play
from quizzes.models import PracticeCase, PracticeMove, PracticeRun
from quizzes.models.practice import free_subject
from quizzes.practice_settings import Met, PracticeSettings, World, fresh_seed
from quizzes.selectors.authors_desk import DRAFT
from quizzes.selectors.moves import END, HINT, KEEP, UNDO, moves_of
from quizzes.signals import practice_finished

Purpose = PracticeRun.Purpose
TURNS_MOST = 5000  # more than anybody makes; what a script could pile up would have to be played again by every replay


class MovedOn(Conflict):
    """The page shows an earlier turn: somebody, perhaps the same person in another tab, has made a move since."""


def engine_of(run: PracticeRun) -> Engine:
    """The engine of ``run``. Raises ``Conflict`` when it has changed since the run began."""
    engine = engines.get(run.engine)
    if engine is None or engine.version != run.engine_version:
        raise Conflict(_("This practice has changed since you began it. Begin a new one; what you finished stays."))
    return engine


# --- beginning


def begin_in_lesson(*, player: PlayerLesson, learner: User, case_uid: str = "") -> PracticeRun:
    """Go on with the open run of ``learner`` in this lesson, or begin the next one: the case ``case_uid``, or whichever
    comes next. Opens the enrolment if need be. Unique constraints decide between two calls at once."""
    asking = PracticeSettings.read(player.source)
    mine = _subject(player, learner)
    past = list(
        PracticeRun.objects.filter(learner=learner, subject_key=mine["subject_key"])
        .defer("case", "state", "parts")
        .order_by("number")
    )
    if past and past[-1].finished_at is None and past[-1].lesson_rev >= player.lesson.rev:
        return past[-1]
    if past and past[-1].finished_at is None:
        end(run=past[-1], turn=past[-1].turn)
    where = f"{player.part.pk}:{player.lesson.uid}"
    met = [Met(each.case_uid, each.generated, each.seed) for each in past]
    world = asking.next_world(met, who=str(learner.uuid), where=where)
    wanted = asking.case(case_uid) if case_uid else None
    if wanted is not None:
        world = World(wanted, world.seed)
    return _create(
        mine
        | {
            "course": player.course,
            "part": player.part,
            "lesson_uid": player.lesson.uid,
            "lesson_rev": player.lesson.rev,
            "mode": asking.mode,
            "pass_mark": pass_mark_of(player),
            "counts": world.case is None or _differs(world.case["uid"], past, player.lesson.rule),
        },
        asking.engine,
        world,
        level=asking.level,
        side=asking.side,
        number=past[-1].number + 1 if past else 1,
    )


def _subject(player: PlayerLesson, learner: User) -> dict[str, Any]:
    if player.preview:
        key = f"edition:{player.edition.pk}:{player.lesson.uid}"
        return {"learner": learner, "purpose": Purpose.PREVIEW, "subject_key": key, "enrolment": None}
    enrolment = player.enrolment
    if enrolment is None or enrolment.opened_at is None:
        enrolment = open_enrolment(learner=learner, course=player.course)
    key = f"enrolment:{enrolment.pk}:{player.lesson.uid}"
    return {"learner": learner, "purpose": Purpose.COURSE, "subject_key": key, "enrolment": enrolment}


def begin_free(*, learner: User, engine: str, level: str = "working", side: str = "", mode: str = COACH) -> PracticeRun:
    """Go on with the open run of ``learner`` in made-up worlds of ``engine``, or begin another world at ``level``."""
    mine = {"learner": learner, "purpose": Purpose.PRACTICE, "subject_key": free_subject(engine), "mode": mode}
    return _open_of(mine) or _create(mine, engine, World(None, fresh_seed()), level=level, side=side)


def begin_case(*, learner: User, case: PracticeCase, content: Mapping[str, Any], mode: str = COACH) -> PracticeRun:
    """Go on with the open run of ``learner`` in a published case outside of its course, or begin it; ``content`` is the
    case as its part holds it."""
    mine = {
        "learner": learner,
        "purpose": Purpose.PRACTICE,
        "subject_key": case.subject_key,
        "course": case.course,
        "part": case.part,
        "mode": mode,
    }
    return _open_of(mine) or _create(mine, case.engine, World(content, fresh_seed()))


def try_out(*, author: User, engine: str, content: Mapping[str, Any], subject: str) -> PracticeRun:
    """A run in which an author plays a case that is not published; ``subject`` names it. An open one is ended first."""
    mine = {"learner": author, "purpose": Purpose.PREVIEW, "subject_key": f"{DRAFT}{subject}"[:160], "mode": COACH}
    if (begun := _open_of(mine)) is not None:
        end(run=begun, turn=begun.turn)
    return _create(mine, engine, World(content, fresh_seed()))


def again(*, run: PracticeRun) -> PracticeRun:
    """The same world once more, from its beginning. In a course it counts where any try counts, not where it would
    stand in a row with itself, and it is asked for as the lesson asks now. Raises ``Conflict`` as ``_asked_now`` does."""
    copied = ("learner", "enrolment", "course", "part", "lesson_uid", "lesson_rev", "subject_key", "purpose")
    mine = {name: getattr(run, name) for name in (*copied, "mode", "pass_mark")}
    if (begun := _open_of(mine)) is not None:
        return begun
    engine = engine_of(run)
    if run.enrolment is not None:
        mine |= _asked_now(run, run.enrolment)
    return _save(mine, engine, dict(run.case), generated=run.generated, seed=run.seed)


def _asked_now(run: PracticeRun, enrolment: Enrolment) -> dict[str, Any]:
    """How the lesson of ``run`` asks for a world now, in the learner's edition, and whether this one would count.

    Raises ``Conflict`` where it would count for nothing: the course was left, or the lesson is asked anew.
    """
    if enrolment.closed_at is not None:
        raise Conflict(_("You no longer take this course, or have begun it anew. What you did in it stays."))
    texts = EditionLessonText.objects.filter(
        edition_lesson__edition=enrolment.edition_id,
        edition_lesson__uid=run.lesson_uid,
        edition_lesson__kind="practice",
    )
    text = texts.select_related("edition_lesson").order_by("pk").first()
    asking = PracticeSettings.read(json.loads(part_of(text.part_id).source)) if text else None
    if text is None or asking is None or asking.engine != run.engine or text.edition_lesson.rev > run.lesson_rev:
        raise Conflict(_("The lesson has changed since this run. Begin a new one there; what you finished stays."))
    rule = text.edition_lesson.rule
    past = PracticeRun.objects.filter(learner=run.learner, subject_key=run.subject_key)
    counts = _differs(run.case_uid, list(past.defer("case", "state", "parts").order_by("number")), rule)
    return {"mode": asking.mode, "pass_mark": rule.get("pass_mark", PASS_MARK), "counts": counts}


def _differs(case_uid: str, past: Sequence[PracticeRun], rule: Mapping[str, Any]) -> bool:
    """Where different worlds in a row are asked for: is this none of those that it would stand in a row with?

    Not "never met": whoever has met them all can still pass so many different ones, one after another.
    """
    row = rule.get("in_a_row", 1)
    counted = [each.case_uid for each in past if each.finished_at and each.counts]
    return row == 1 or case_uid not in counted[-(row - 1) :]


def _open_of(mine: Mapping[str, Any]) -> PracticeRun | None:
    runs = PracticeRun.objects.open().filter(learner=mine["learner"], subject_key=mine["subject_key"])
    return runs.order_by("-number").first()


def _create(
    mine: dict[str, Any], name: str, world: World, *, level: str = "working", side: str = "", number: int | None = None
) -> PracticeRun:
    engine = engines[name]
    case = engine.world(world.seed, level, side) if world.case is None else dict(world.case)
    return _save(mine, engine, case, generated=world.case is None, seed=world.seed, number=number)


def _save(
    mine: dict[str, Any],
    engine: Engine,
    case: dict[str, Any],
    *,
    generated: bool,
    seed: int,
    number: int | None = None,
) -> PracticeRun:
    subject = {"learner": mine["learner"], "subject_key": mine["subject_key"]}
    if number is None:
        last = PracticeRun.objects.filter(**subject).aggregate(last=Max("number"))["last"]
        number = (last or 0) + 1
    try:
        with transaction.atomic():
            return PracticeRun.objects.create(
                **mine,
                number=number,
                engine=engine.name,
                engine_version=engine.version,
                case_uid=case["uid"],
                seed=seed,
                generated=generated,
                case=case,
                state=engine.begin(case, seed=seed, mode=str(mine["mode"])),
            )
    except IntegrityError:
        begun = _open_of(mine)
        if begun is None:
            raise Conflict(_("The practice was started at the same moment. Try again.")) from None
        return begun


# --- moves


def act(*, run: PracticeRun, turn: int, move: Move) -> PracticeRun:
    """Make ``move`` in ``run``, whose page shows ``turn``; the run as it stands then.

    The very same move of the same turn again (a double click, a repeated request) changes nothing. Raises ``MovedOn``
    when another move was made since, and what the engine's ``act`` raises; then nothing is changed. The move that ends
    a run also grades it.
    """
    engine = engine_of(run)
    if move["verb"] == KEEP and turn < run.turn and _is_kept(run, engine, move):
        return run
    if (repeated := _repeated(run, turn, move)) is not None:
        return repeated
    if run.finished_at is not None:
        raise NotAllowed(_("This is over; its debrief stands."))
    if run.turn >= TURNS_MOST:
        raise NotAllowed(_("This run has become too long to go on with. End it, and begin a new one."))
    state = engine.act(run.case, run.state, move)
    return _advance(run, engine, state, None if move["verb"] == KEEP else dict(move))


def _is_kept(run: PracticeRun, engine: Engine, move: Move) -> bool:
    """Does the run say already what ``move`` wants to keep? Its first answer was lost on the way to whoever sent it."""
    return run.finished_at is None and engine.act(run.case, run.state, move) == run.state


def hint(*, run: PracticeRun, turn: int, filled: Move | None = None) -> PracticeRun:
    """Take the next hint there is; it costs a quarter of its part. Raises ``NotAllowed`` when there is none.

    ``filled`` keeps what stands in the form beside the button, in the same step: asking for a hint loses no work.
    """
    engine = engine_of(run)
    if (repeated := _repeated(run, turn, {"verb": HINT})) is not None:
        return repeated
    part = next_hint(run, engine)
    if part is None:
        raise NotAllowed(_("There is no further hint here."))
    state = run.state if filled is None else engine.act(run.case, run.state, filled)
    run.hinted = [*run.hinted, part]
    return _advance(run, engine, state, {"verb": HINT, "part": part})


def next_hint(run: PracticeRun, engine: Engine) -> str | None:
    """The part whose hint comes next: the first that was not given yet; None where there is none, or no coach."""
    if run.mode != COACH or run.finished_at is not None:
        return None
    return next((key for key in engine.hints(run.case, run.state) if key not in run.hinted), None)


def undo(*, run: PracticeRun, turn: int) -> PracticeRun:
    """Take the last move back. Only a coach of an engine that ``takes_back`` allows it; the log keeps the move as such."""
    engine = engine_of(run)
    if (repeated := _repeated(run, turn, {"verb": UNDO})) is not None:
        return repeated
    if run.mode != COACH or not engine.takes_back or run.finished_at is not None:
        raise NotAllowed(_("This step cannot be taken back."))
    kept = moves_of(run)
    if not kept:
        raise NotAllowed(_("There is no step to take back."))
    state = play(engine, run.case, [each.move for each in kept[:-1]], seed=run.seed, mode=run.mode)
    return _advance(run, engine, state, {"verb": UNDO}, undone=kept[-1])


def end(*, run: PracticeRun, turn: int, filled: Move | None = None) -> PracticeRun:
    """End ``run`` as it stands, before its own end; what was not decided is worth nothing.

    ``filled`` is what stands in the form beside the button; it counts unless somebody went on since ``turn``. A run that
    its engine has left behind (its version is another) cannot be judged any more: it is closed and counts for nothing.
    """
    if run.finished_at is not None:
        return run
    engine = engines.get(run.engine)
    if engine is None or engine.version != run.engine_version:
        closed = {"finished_at": clock.now(), "percent": 0, "parts": [], "counts": False}
        PracticeRun.objects.open().filter(pk=run.pk).update(**closed, remembered_at=closed["finished_at"])
        run.refresh_from_db()
        return run
    state = run.state if filled is None or turn != run.turn else engine.act(run.case, run.state, filled)
    return _advance(run, engine, state, {"verb": END}, ended=True)


def _repeated(run: PracticeRun, turn: int, move: Move) -> PracticeRun | None:
    """``run``, when ``move`` is what was done at ``turn`` already. Raises ``MovedOn`` when something else was."""
    if turn == run.turn:
        return None
    done = run.moves.filter(number=turn + 1).first() if turn < run.turn else None
    if done is not None and (done.move == dict(move) or done.move["verb"] == move["verb"] == HINT):
        return run
    raise MovedOn(_("You have gone on in another tab or on another device. This is where it stands now."))


def _advance(
    run: PracticeRun,
    engine: Engine,
    state: State,
    move: dict[str, Any] | None,
    *,
    undone: PracticeMove | None = None,
    ended: bool = False,
) -> PracticeRun:
    """Write ``state`` and the ``move`` that led to it, if nobody has made another one; grade it when it is over."""
    now = clock.now()
    values: dict[str, Any] = {"state": state, "turn": run.turn + 1, "touched_at": now, "hinted": run.hinted}
    over = ended or engine.over(run.case, state)
    if over:
        parts = engine.grade(run.case, state)
        values |= {
            "finished_at": now,
            "percent": percent(parts, run.hinted),
            "parts": [kept_part(part) for part in parts],
        }
    with transaction.atomic():
        mine = PracticeRun.objects.open().filter(pk=run.pk, turn=run.turn)
        if not mine.update(**values):
            run.refresh_from_db()
            raise MovedOn(_("You have gone on in another tab or on another device. This is where it stands now."))
        for name, value in values.items():
            setattr(run, name, value)
        if move is not None:
            PracticeMove.objects.create(run=run, number=run.turn, move=move, made_at=now)
        if undone is not None:
            PracticeMove.objects.filter(pk=undone.pk).update(undone=True)
        if over:
            _finished(run)
    return run


def _finished(run: PracticeRun) -> None:
    if run.purpose == Purpose.PREVIEW:
        return
    if run.enrolment_id is not None and run.counts:
        practice_finished.send(sender=PracticeRun, run=run)
    after_commit("quizzes.remember_run", run.pk)
