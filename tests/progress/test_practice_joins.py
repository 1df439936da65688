"""The starter course gets its practice lessons by a minor edition: people in mid-course keep everything."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.conf import settings as project_settings
from django.core.management import call_command
from django.test import RequestFactory

from accounts.models import User
from courses.access import player_for
from courses.jobs import sweep_moves
from courses.models import Course, Enrolment
from progress.demo.learning import DAY, learn
from progress.models import Certificate, Completion, CourseState, Event, LessonState
from quizzes.engines.registry import engines
from quizzes.services.practising import act, begin_in_lesson
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
SLUG = "ill-borrowing-101"
STARTER = project_settings.STARTER_COURSES_DIR / SLUG
PRACTICE = {path.stem for path in (STARTER / "lessons").glob("practice-*.yaml")}


def publish_folder(folder: Path) -> Course:
    call_command("import_course", str(folder), publish=True, kind="minor", note="Starter course", stdout=StringIO())
    return Course.objects.get(slug=SLUG)


def without_practice(folder: Path) -> Path:
    """The course as it was before."""
    shutil.copytree(STARTER, folder, ignore=shutil.ignore_patterns("practice-*.yaml", "narration"))
    outline = yaml.safe_load((folder / "course.yaml").read_text())
    for module in outline["modules"]:
        module["lessons"] = [uid for uid in module["lessons"] if uid not in PRACTICE]
    (folder / "course.yaml").write_text(yaml.safe_dump(outline, sort_keys=False))
    return folder


def standing(person: User) -> dict[str, str]:
    return dict(LessonState.objects.filter(enrolment__learner=person).values_list("uid", "state"))


def test_practice_joins_the_course_and_nobody_loses_anything(trainee: User, tmp_path: Path):
    course = publish_folder(without_practice(tmp_path / "before"))
    finisher = UserFactory()
    learn(trainee, course, lessons=5, last=DAY)
    learn(finisher, course, lessons=None, last=DAY)
    before, certificate = standing(trainee), Certificate.objects.get()
    events = set(Event.objects.values_list("pk", flat=True))

    course = publish_folder(STARTER)
    sweep_moves()

    assert course.current_edition.kind == "minor"
    assert standing(trainee) == before
    assert list(before.values()) == ["done"] * 5
    assert events <= set(Event.objects.values_list("pk", flat=True))
    missing = {each["uid"] for each in CourseState.objects.get(enrolment__learner=trainee).unmet}
    assert missing > PRACTICE
    assert Certificate.objects.get() == certificate
    assert Completion.objects.get().enrolment.learner == finisher
    assert Enrolment.objects.get(learner=finisher).edition.number == 1  # pinned to what was certified

    request = RequestFactory().get("/")
    request.user = trainee
    run = begin_in_lesson(player=player_for(request, SLUG, "practice-replies"), learner=trainee)
    for move in engines[run.engine].expert(run.case):
        act(run=run, turn=run.turn, move=move)
    assert standing(trainee)["practice-replies"] == "done"
