"""Each mistake leads to the lesson that explains it: by the case's word, by the lesson's, by the fact that it rests on."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.test import Client

from accounts.models import User
from quizzes import jobs_practice
from quizzes.engines.registry import engines
from quizzes.engines.scoring import play
from quizzes.models import PracticeRun, ReviewCard, ReviewItem
from quizzes.practice_settings import PracticeSettings
from quizzes.services.practising import begin_free, end
from tests.factories.practice import LESSON, begin, errands, play_all, publish_practice
from tests.quizzes.engines.test_contract import SHIPPED
from tests.support import count_statements

pytestmark = pytest.mark.usefixtures("small_engines")
MEDIA = Path(__file__).resolve().parents[3] / "media/courses"
READ = ("text", "read-this", {"title": "Read this"})


@pytest.fixture
def rosa(trainee: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(trainee)


def page(client: Client, run: PracticeRun) -> str:
    return client.get(f"/practice/runs/{run.pk}/debrief/").content.decode()


@pytest.mark.parametrize(
    ("case", "lesson", "found"),
    [
        ({"row.1": "own"}, {"row": "theirs"}, "own"),
        ({"F-31": "own"}, {"row.1": "theirs"}, "own"),
        ({"all": "own"}, {"row.1": "theirs"}, "own"),
        ({"row": "near", "F-31": "fact", "all": "far"}, {}, "near"),
        ({"F-34": "second", "F-31": "first", "all": "far"}, {}, "first"),
        ({"n": "other"}, {"F-34": "theirs"}, "theirs"),
        ({"n": "other"}, {"F-99": "theirs"}, ""),
    ],
)
def test_the_nearest_word_counts(case: dict[str, str], lesson: dict[str, str], found: str):
    asking = PracticeSettings(engine="copyright", back_to=lesson)
    assert asking.lesson_for({"back_to": case}, "row.1", ("F-31", "F-34")) == found


def test_every_lesson_that_shipped_practice_names_is_there():
    there = {path.parts[-3] + "/" + path.stem for path in MEDIA.glob("*/lessons/*")}
    named = set()
    for path in MEDIA.glob("*/lessons/*.yaml"):
        lesson = yaml.safe_load(path.read_text())
        for said in (lesson, *lesson.get("cases", ())) if lesson["kind"] == "practice" else ():
            named |= {ref if "/" in ref else f"{path.parts[-3]}/{ref}" for ref in said.get("back_to", {}).values()}
    assert named
    assert named <= there


@pytest.mark.django_db
def test_a_world_of_free_practice_goes_by_the_word_of_a_lesson_that_its_reader_finds(rosa: Client, trainee: User):
    publish_practice(slug="hidden", audience="organisation", back_to={"all": "read-this"}, lessons=[READ])
    publish_practice(slug="silent")
    course = publish_practice(slug="telling", back_to={"errand.0": "read-this"}, lessons=[READ])
    run = begin_free(learner=trainee, engine="errands")
    end(run=run, turn=0)
    said = page(rosa, run)
    assert said.count(f"/courses/{course.slug}/read-this/") == 1
    assert "/courses/hidden/" not in said


@pytest.mark.django_db
def test_an_author_who_plays_a_draft_sees_where_its_mistakes_lead(instructor: User, client_of: Callable[..., Client]):
    course = publish_practice(slug="mine", owner=instructor, back_to={"errand.0": "read-this"}, lessons=[READ])
    hana = client_of(instructor)
    hana.post(f"/author/courses/mine/practice/{LESSON}/cases/case-1/play/")
    run = PracticeRun.objects.get()
    end(run=run, turn=0)
    assert page(hana, run).count(f"/courses/{course.slug}/read-this/") == 1


@pytest.mark.django_db
def test_a_debrief_asks_no_more_when_more_lessons_are_there(rosa: Client, trainee: User):
    publish_practice(back_to={"errand.0": "read-this"}, lessons=[READ])
    run = begin_free(learner=trainee, engine="errands")
    end(run=run, turn=0)
    few = count_statements(lambda: page(rosa, run))
    for number in range(4):
        publish_practice(slug=f"more-{number}", cases=[errands(f"more-{number}")], lessons=[READ])
    assert count_statements(lambda: page(rosa, run)) == few


@pytest.mark.django_db
def test_a_card_leads_to_the_lesson_of_its_course_that_explains_it(trainee: User):
    back_to = {"errand.0": "read-this", "errand.1": "elsewhere/read-this"}
    run = play_all(begin(trainee, publish_practice(back_to=back_to, lessons=[READ])), "borrow", "borrow")
    jobs_practice.remember_run(run.pk)
    assert list(ReviewItem.objects.order_by("key").values_list("lesson_uid", flat=True)) == [
        "read-this",
        run.lesson_uid,
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("side", "topic"), [("lend", "lending"), ("", "borrowing")])
def test_a_card_belongs_to_the_topic_of_its_side_of_the_desk(trainee: User, side: str, topic: str):
    engine = engines["workflow"]
    run = begin(trainee, publish_practice(engine="workflow", cases=[engine.world(7, "basic", side)]))
    run.state = {**run.state, "over": True}  # put away with nothing done
    misses = jobs_practice.misses_of(run, engine)
    assert {each.topic for each in misses} == {topic}


@pytest.mark.django_db
def test_a_turn_of_a_conversation_can_be_worth_keeping(trainee: User):
    talk = next(case for name, case in SHIPPED if name == "conversation" and case["uid"] == "just-tell-me-who")
    engine = engines["conversation"]
    run = begin(trainee, publish_practice(engine="conversation", cases=[talk | {"keep": ["line.N2"]}]))
    run.state = play(engine, run.case, engine.expert(run.case), seed=run.seed)
    [kept] = jobs_practice.misses_of(run, engine)
    assert kept.source == ReviewCard.Source.KEPT
    assert "Nobody would know" in kept.front
    assert kept.back.startswith("I'd know.")
