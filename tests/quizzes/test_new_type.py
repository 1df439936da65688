"""A question type is one module and one registration: here is one, and a quiz is written and taken with it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Lesson, LessonText
from quizzes.behaviours import behaviours
from quizzes.editor import Editor, Field
from quizzes.models import Attempt, Question, Result
from quizzes.registry import Mark, register_type, types
from quizzes.services.checking import check
from quizzes.types.base import BaseType, schema_of, wrong_shape
from tests.factories.quizzes import QUIZ, publish_quiz, slots_of, start_attempt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]
TEMPLATE = "quizzes/types/words.html"
HTML = """{% load i18n %}<label>{% translate "Your word" %}<input name="{{ name }}" value="{{ question.fields.text }}"
{% if question.fields.marked %} disabled{% endif %}></label>{{ question.fields.reason|safe }}"""


class Words(BaseType):
    """Write the word; small and capital letters are the same."""

    name = "words"
    label = "Words"
    template = TEMPLATE
    content_schema = schema_of({"word": {"type": "string"}, "reply": {"type": "string"}}, required=["word"])
    editor = Editor(fields=(Field("word", "The word", required=True), Field("reply", "Reply", "markdown")))

    def own_texts(self, content: Mapping[str, Any]) -> dict[str, str]:
        return {"feedback": content.get("reply", "")}

    def faults(self, content: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [] if content["word"].strip() else [("word", "Say the word.")]

    def clean(self, content: Mapping[str, Any], answer: Any) -> str | None:
        if answer is not None and not isinstance(answer, str):
            raise wrong_shape("Write a word.")
        return answer

    def show(
        self, content: Mapping[str, Any], html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        reason = html.get("feedback", "") if mark else ""
        return {"text": answer or "", "marked": mark is not None, "reason": reason}

    def grade(self, content: Mapping[str, Any], answer: Any, seed: int = 0) -> Mark:
        right = isinstance(answer, str) and answer.casefold() == content["word"].casefold()
        return Mark(Decimal(right), {"": content.get("reply", "")})


QUESTION = {"uid": "W-1", "type": "words", "stem": "Who asks?", "word": "Requester", "reply": "Us, when we ask."}


@pytest.fixture
def words(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The type with its template, for the length of a test."""
    (tmp_path / TEMPLATE).parent.mkdir(parents=True)
    (tmp_path / TEMPLATE).write_text(HTML)
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]
    register_type(Words())
    yield
    del types["words"]


def test_a_quiz_with_a_new_type_is_published_taken_graded_and_shown(trainee: User, client_of: Callable[[User], Client]):
    course = publish_quiz(questions=[QUESTION])
    here = f"/courses/{course.slug}/{QUIZ}/"
    rosa = client_of(trainee)
    rosa.post(f"{here}do/start/")
    assert '<input name="answer" value=""' in rosa.get(f"{here}quiz/1/").content.decode()
    rosa.post(f"{here}quiz/1/", {"answer": "requester", "shown": "null"})
    assert "Us, when we ask." not in rosa.get(f"{here}quiz/1/").content.decode()
    rosa.post(f"{here}quiz/review/")

    assert Result.objects.get().percent == 100
    assert "Us, when we ask." in rosa.get(f"{here}quiz/result/1/").content.decode()
    review = rosa.get(f"/api/v1/attempts/{Attempt.objects.get().pk}/review/")
    assert review.json()["questions"][0]["verdict"] == "right"


@pytest.mark.parametrize("behaviour", behaviours)
def test_every_behaviour_takes_it_without_knowing_it(trainee: User, behaviour: str):
    rule = {"attempts": 2} if behaviour == "exam" else {}
    course = publish_quiz(questions=[QUESTION], rule=rule, asking={"behaviour": behaviour})
    [slot] = slots_of(start_attempt(trainee, course))

    assert slot.attempt.behaviour == behaviour
    if behaviours[behaviour].checks:
        assert check(slot=slot, answer="Requester", client_id="laptop", seq=1).fraction == 1


def test_it_is_edited_by_what_it_declares(instructor: User, client_of: Callable[[User], Client]):
    course = publish_quiz(questions=[QUESTION], owner=instructor)
    question = Question.objects.get(bank__course=course)
    hana = client_of(instructor)
    page = hana.get(f"/author/questions/{question.pk}/").content.decode()

    assert "The word" in page
    assert 'value="Requester"' in page
    assert LessonText.objects.get(lesson=Lesson.objects.get(course=course, uid=QUIZ)).content["questions"] == [QUESTION]
