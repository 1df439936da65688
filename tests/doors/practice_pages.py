"""The pages of practice: who may open which, in the letters of ``matrix``."""

from typing import Any

from quizzes.models import PracticeCase, PracticeRun
from quizzes.services.practising import begin_free, end
from tests.doors.rows import Row, only
from tests.doors.world import World
from tests.factories.practice import publish_practice

ENGINE = {"name": "errands"}


def open_run(world: World) -> dict[str, Any]:
    """The trainee is in the middle of it."""
    mine = PracticeRun.objects.open().filter(learner=world.trainee)
    return {"pk": (mine.first() or begin_free(learner=world.trainee, engine="errands")).pk}


def finished_run(world: World) -> dict[str, Any]:
    mine = PracticeRun.objects.finished().filter(learner=world.trainee)
    if (run := mine.first()) is None:
        run = begin_free(learner=world.trainee, engine="sums")
        end(run=run, turn=0)
    return {"pk": run.pk}


def inner_case(world: World) -> PracticeCase:
    """A case that only the library finds."""
    inner = PracticeCase.objects.filter(course__audience="organisation")
    if not inner.exists():
        publish_practice(
            slug="inner-practice",
            owner=world.people["instructor"],
            organisation=world.team.organisation,
            audience="organisation",
        )
    return inner.get(uid="case-1")


def inner_engine(world: World) -> dict[str, Any]:
    inner_case(world)
    return ENGINE


PRACTICE_ROWS = [
    Row("quizzes:practice", "ooooooo"),
    Row("quizzes:practice_engine", "ooOOOOo", inner_engine, shows="Errands of case-1"),
    Row("quizzes:practice_engine", "nnnnnnn", only(name=lambda world: "no-such-engine")),
    Row("quizzes:practice_start", "loooooo", only(name=lambda world: "errands"), method="post"),
    Row("quizzes:practice_start_case", "lnoooon", lambda world: {"pk": inner_case(world).pk}, method="post"),
    Row("quizzes:practice_run", "lnonnnn", open_run),
    Row("quizzes:practice_do", "lnonnnn", open_run, method="post", data={"verb": "hint", "turn": 0}),
    Row("quizzes:practice_debrief", "lnonnnn", finished_run),
    Row("quizzes:practice_replay", "lnonnnn", finished_run),
    Row("quizzes:practice_again", "lnonnnn", finished_run, method="post"),
]
