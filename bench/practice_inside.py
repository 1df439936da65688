"""The part of bench/practice.py that runs on the database of its own; prints one JSON line."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from django.conf import settings
from django.test import Client

from accounts.models import User
from quizzes.engines.base import FormEngine
from quizzes.engines.registry import engines
from quizzes.engines.scoring import play
from quizzes.models import PracticeRun
from quizzes.services.practising import begin_free
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import publish_quiz, start_attempt

settings.ALLOWED_HOSTS = ["testserver"]


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def first_move(run: PracticeRun) -> dict[str, str]:
    """Form data of a move that the desk offers at its beginning: what an expert does first, saved where it would end."""
    engine = engines[run.engine]
    moves = engine.expert(run.case)
    if isinstance(engine, FormEngine):
        return dict(engine.fields(run.case, moves[-1]["answers"])) | {"verb": "check", "turn": "0"}
    move = moves[0]
    return {"verb": str(move["verb"]), "turn": "0"} | {
        name: str(value) for name, value in move.items() if name != "verb"
    }


def again(run: PracticeRun) -> None:
    """Back to the beginning, so that every round makes the same move."""
    run.moves.all().delete()
    state = engines[run.engine].begin(run.case, seed=run.seed, mode=run.mode)
    PracticeRun.objects.filter(pk=run.pk).update(state=state, turn=0, finished_at=None, percent=None, parts=None)


def main(rounds: int) -> None:
    learner: User = UserFactory()
    client = Client()
    client.force_login(learner, backend="accounts.backends.PasswordBackend")
    course = publish_quiz()
    attempt = start_attempt(learner, course)
    address = f"/courses/{course.slug}/the-quiz/quiz/1/save/"
    runs = {name: begin_free(learner=learner, engine=name) for name in engines}
    moves = {name: first_move(run) for name, run in runs.items()}
    saves: list[float] = []
    bares: list[float] = []
    moved: dict[str, list[float]] = {name: [] for name in engines}
    worlds: dict[str, list[float]] = {name: [] for name in engines}
    for number in range(1, rounds + 1):
        form = {"attempt": attempt.pk, "answer": "b", "client_id": "bench", "seq": number, "ms": 1000}
        saves.append(timed(lambda form=form: client.post(address, form)))
        bares.append(timed(lambda: client.get("/health/live")))
        for name, run in runs.items():
            again(run)
            desk = f"/practice/runs/{run.pk}/do/"
            moved[name].append(timed(lambda desk=desk, name=name: client.post(desk, moves[name])))
            worlds[name].append(timed(lambda name=name, seed=number: engines[name].generate(seed)))
    assert all(run.__class__.objects.get(pk=run.pk).turn == 1 for run in runs.values()), "a move was refused"
    assert all(play(engines[name], run.case, []) for name, run in runs.items())
    print(
        json.dumps(
            {
                "save_ms": statistics.median(saves),
                "bare_ms": statistics.median(bares),
                "engines": {
                    name: {"move_ms": statistics.median(moved[name]), "world_ms": statistics.median(worlds[name])}
                    for name in engines
                },
            }
        )
    )


main(int(sys.argv[1]))
