"""An engine is one module and one registration: these two are in tests/factories/practice.py, and are used here."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from quizzes.engines.registry import engines
from quizzes.engines.scoring import key_faults
from quizzes.models import PracticeRun
from tests.factories.practice import LESSON, publish_practice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_engines")]


def form_of(run: PracticeRun, **fields: str) -> dict[str, str]:
    return {"turn": str(run.turn), **fields}


@pytest.mark.parametrize("name", ["errands", "sums"])
def test_its_worlds_are_sound(name: str):
    assert all(key_faults(engines[name], engines[name].generate(seed)) == [] for seed in range(1, 30))


def test_a_lesson_of_a_new_engine_is_published_played_graded_and_counts(
    trainee: User, client_of: Callable[[User], Client]
):
    course = publish_practice()
    rosa = client_of(trainee)
    here = f"/courses/{course.slug}/{LESSON}/"
    assert "Run errands" in rosa.get(here).content.decode()
    rosa.post(f"{here}do/start/")
    run = PracticeRun.objects.get()
    desk = f"/practice/runs/{run.pk}/"
    assert "Errand 1 of 2." in rosa.get(desk).content.decode()

    rosa.post(f"{desk}do/", form_of(run, verb="errand", word="lend"))
    run.refresh_from_db()
    assert "Well run." in rosa.get(desk).content.decode()
    answer = rosa.post(f"{desk}do/", form_of(run, verb="errand", word="renew"))
    assert answer.url == f"{desk}debrief/"

    assert "All of it holds" in rosa.get(answer.url).content.decode()
    page = rosa.get(f"/courses/{course.slug}/").content.decode()
    assert "100%" in rosa.get(here).content.decode()
    assert "Complete" in page or "Completed" in page


def test_work_that_is_filled_in_is_checked_kept_and_handed_in(trainee: User, client_of: Callable[[User], Client]):
    rosa = client_of(trainee)
    answer = rosa.post("/practice/sums/start/")
    run = PracticeRun.objects.get()
    right = engines["sums"].right(run.case)
    desk = answer.url

    rosa.post(f"{desk}do/", form_of(run, verb="check", sum=right["sum"], difference="0.5"))
    run.refresh_from_db()
    page = rosa.get(desk).content.decode()
    assert "This holds." in page
    assert "1 of 2 hold" in page

    kept = rosa.post(
        f"{desk}do/",
        form_of(run, verb="keep", sum=right["sum"], difference="7"),
        headers={"accept": "application/json"},
    )
    assert kept.json() == {"turn": 2, "words": "Saved"}
    run.refresh_from_db()
    assert run.state["answers"]["difference"] == "7"
    assert "This holds." not in rosa.get(desk).content.decode()

    rosa.post(f"{desk}do/", form_of(run, verb="finish", **right))
    run.refresh_from_db()
    assert run.percent == 100
    assert "The numbers are" in rosa.get(f"{desk}replay/?step=1").content.decode()
