"""An author says how a practice lesson offers its worlds, and when it is passed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, LessonText
from tests.factories.practice import LESSON, publish_practice
from tests.quizzes.engines.test_contract import SHIPPED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_engines")]
TALKS = [case for engine, case in SHIPPED if engine == "conversation"][:3]
HERE = f"/author/courses/desk-course/practice/{LESSON}/"


@pytest.fixture
def course(instructor: User) -> Course:
    return publish_practice(slug="desk-course", owner=instructor, engine="conversation", cases=TALKS)


@pytest.fixture
def hana(instructor: User, course: Course, client_of: Callable[[User], Client]) -> Client:
    return client_of(instructor)


def text_of(course: Course) -> LessonText:
    return LessonText.objects.select_related("lesson").get(lesson__course=course, lesson__uid=LESSON)


def settings(course: Course, **more: Any) -> dict[str, Any]:
    said = {"engine": "conversation", "mode": "coach", "level": "working", "seeds": "attempt", "pass_mark": 80}
    return {**said, "version": text_of(course).lesson.version, **more}


def test_settings_go_into_rule_and_content_and_cases_stay(hana, course):
    given = settings(course, mode="exam", generated="on", in_a_row=3, back_to="all: the-end", intro="Talk.")
    answer = hana.post(HERE, given | {"back_to": ""})
    assert answer.status_code == 302
    text = text_of(course)
    assert text.lesson.rule == {"pass_mark": 80, "in_a_row": 3}
    assert {key: text.content[key] for key in ("engine", "mode", "generated", "intro")} == {
        "engine": "conversation", "mode": "exam", "generated": True, "intro": "Talk.",
    }  # fmt: skip
    assert text.content["cases"] == TALKS


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"in_a_row": 5}, "5 different worlds in a row cannot be passed"),
        ({"engine": "errands"}, "There are cases already; they belong to their engine."),
        ({"back_to": "all: nowhere"}, "No lesson of this course has the uid “nowhere”."),
        ({"back_to": "nonsense"}, "Line 1: write it as"),
        ({"pass_mark": 0}, "greater than or equal to 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused_beside_their_field(hana, course, more, said):
    answer = hana.post(HERE, settings(course, **more))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert text_of(course).version == 1


def test_the_side_of_new_worlds_is_asked_where_there_are_several(hana, course):
    assert "Side of the desk" not in hana.get(HERE).content.decode()
    text = text_of(course)
    text.content = {"engine": "workflow", "cases": []}
    text.save(update_fields=["content"])
    assert "Side of the desk" in hana.get(HERE).content.decode()
    lend = settings(course, engine="workflow", generated="on", side="lend")
    assert hana.post(HERE, lend | {"side": "sideways"}).status_code == 422
    assert hana.post(HERE, lend).status_code == 302
    assert text_of(course).content["side"] == "lend"
    assert hana.post(HERE, settings(course, engine="workflow", generated="on", side="borrow")).status_code == 302
    assert "side" not in text_of(course).content


def test_two_authors_of_the_settings_see_both(hana, course):
    stale = settings(course, pass_mark=60)
    assert hana.post(HERE, settings(course, pass_mark=70)).status_code == 302
    late = hana.post(HERE, stale)
    assert late.status_code == 409
    assert "Somebody else saved these settings" in late.content.decode()
    assert text_of(course).lesson.rule["pass_mark"] == 70


def test_an_empty_lesson_says_what_to_do_and_may_change_its_engine(hana, course):
    text = text_of(course)
    text.content = {"engine": "conversation", "generated": True}
    text.save()
    assert "Learners get new worlds only" in hana.get(HERE).content.decode()
    assert hana.post(HERE, settings(course, engine="errands", generated="on")).status_code == 302
    assert text_of(course).content["engine"] == "errands"
