"""What a finished practice run leaves for review: its misses become cards, once."""

from django.db import transaction

from core import clock
from core.queue import each_by_itself
from quizzes.engines.registry import Engine, Part, engines
from quizzes.models import PracticeRun, ReviewCard, ReviewItem
from quizzes.practice_settings import PracticeSettings
from quizzes.selectors.debrief import Place, place_of, settings_of
from quizzes.services.remembering import Miss, remember

BATCH = 200
CARDS_MOST = 6  # of one run: more would be a punishment, and the rest comes back when it is missed again
Source = ReviewCard.Source


def remember_run(pk: int) -> bool:
    """Make cards of what ``pk`` missed, took a hint for, or met that is worth keeping. False when that was done before.

    The row is the claim; a run that fails is found again by the sweep. An engine that has changed since leaves nothing:
    what it asked then cannot be asked again.
    """
    with transaction.atomic():
        mine = PracticeRun.objects.finished().real().filter(pk=pk, remembered_at=None)
        if not mine.update(remembered_at=clock.now()):
            return False
        run = PracticeRun.objects.select_related("learner", "course").get(pk=pk)
        engine = engines.get(run.engine)
        if engine is not None and engine.version == run.engine_version and run.finished_at is not None:
            remember(learner=run.learner, misses=misses_of(run, engine), at=run.finished_at)
    return True


def misses_of(run: PracticeRun, engine: Engine) -> list[Miss]:
    """The gravest of what a run missed, then what a hint was taken for, then what its case says is worth keeping."""
    missed = {part.key: part for part in engine.misses(run.case, run.state) if part.did}
    parts = {part.key: part for part in engine.grade(run.case, run.state)}
    hinted = [parts[key] for key in run.hinted if key in parts and key not in missed and _decided(parts[key])]
    wanted = [key for key in run.case.get("keep", ()) if key not in missed | dict.fromkeys(run.hinted)]
    keepable = {part.key: part for part in engine.keepable(run.case)} if wanted else {}
    kept = [keepable[key] for key in wanted if key in keepable]
    gravest = sorted(missed.values(), key=lambda part: (not part.critical, -part.weight))
    named = [
        *((Source.WRONG, part) for part in gravest),
        *((Source.HINTED, part) for part in hinted),
        *((Source.KEPT, part) for part in kept),
    ]
    asking, place = settings_of(run), place_of(run)
    return [_miss(run, engine, asking, place, source, part) for source, part in named if part.asked][:CARDS_MOST]


def _decided(part: Part) -> bool:
    return bool(part.did) or part.fraction == 1


def _miss(run: PracticeRun, engine: Engine, asking: PracticeSettings, place: Place, source: str, part: Part) -> Miss:
    """``part`` as a card. It leads to the lesson of its own course that explains it, else to the practice itself.

    The uid of a case is its own within a lesson and a language only; beyond them another may have it. What a newer edition
    says takes the place of an older one's.
    """
    course, _slash, uid = asking.lesson_for(run.case, part.key, part.facts).rpartition("/")
    own = not course or (run.course is not None and course == run.course.slug)
    where = f"{run.course_id}:{place.language}:{place.lesson_uid}" if run.course_id else engine.name
    return Miss(
        key=f"practice:{where}:{run.case_uid}:{part.key}"[:200],
        kind=ReviewItem.Kind.DRILL if engine.drill else ReviewItem.Kind.DECISION,
        source=source,
        topic=engine.topic_of(run.case),
        course_id=run.course_id,
        lesson_uid=uid if uid and own else place.lesson_uid,
        front=part.asked,
        back=part.expected,
        why=part.why,
        facts=tuple(part.facts),
        words=f"{run.case['title']}: {part.label}",
        edition=place.edition,
        language=place.language,
    )


def sweep_practice() -> int:
    """Remember what a lost task or a killed worker left; how many runs."""
    left = PracticeRun.objects.finished().real().filter(remembered_at=None).order_by("finished_at")
    return each_by_itself(remember_run, left.values_list("pk", flat=True)[:BATCH])
