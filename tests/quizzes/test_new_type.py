"""A question type is one module and one registration: here is one, and a quiz is taken with it."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.errors import InvalidInput
from quizzes.models import Attempt, Result
from quizzes.registry import Mark, register_type, types
from tests.factories.quizzes import QUIZ, publish_quiz

TEMPLATE = "quizzes/types/words.html"
HTML = (
    '<input name="{{ name }}" value="{{ fields.text }}"{% if fields.marked %} disabled{% endif %}>{{ fields.reason }}'
)


class Words:
    """Write the word; small and capital letters are the same."""

    name = "words"
    label = "Words"
    template = TEMPLATE
    content_schema: Mapping[str, Any] = {
        "type": "object",
        "required": ["uid", "type", "stem", "word"],
        "properties": {"word": {"type": "string"}, "reply": {"type": "string"}},
    }

    def snapshot(self, content: Mapping[str, Any]) -> dict[str, Any]:
        return dict(content)

    def texts(self, content: Mapping[str, Any]) -> dict[str, str]:
        return {"stem": content["stem"], "general": "", "reply": content["reply"]}

    def faults(self, content: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [] if content["word"].strip() else [("word", "Say the word.")]

    def warnings(self, content: Mapping[str, Any]) -> list[tuple[str, str]]:
        return []

    def order(self, content: Mapping[str, Any], seed: int) -> list[str]:
        return []

    def parse(self, content: Mapping[str, Any], data: Any, prefix: str) -> str | None:
        return data.get(prefix) or None

    def clean(self, content: Mapping[str, Any], answer: Any) -> str | None:
        if answer is not None and not isinstance(answer, str):
            raise InvalidInput("Write a word.", fields={"answer": "Write a word."})
        return answer

    def chosen(self, content: Mapping[str, Any], answer: Any) -> list[str]:
        return []

    def show(
        self, content: Mapping[str, Any], html: Mapping[str, str], seed: int, answer: Any, mark: Mark | None = None
    ) -> dict[str, Any]:
        return {"text": answer or "", "marked": mark is not None, "reason": html["reply"] if mark else ""}

    def grade(self, content: Mapping[str, Any], answer: Any) -> Mark:
        right = isinstance(answer, str) and answer.casefold() == content["word"].casefold()
        return Mark(Decimal(right), {"": content["reply"]})


@pytest.fixture
def words(settings: Any, tmp_path: Path) -> Iterator[None]:
    """The type with its template, for the length of a test."""
    (tmp_path / TEMPLATE).parent.mkdir(parents=True)
    (tmp_path / TEMPLATE).write_text("{% with fields=question.fields %}" + HTML + "{% endwith %}")
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]
    register_type(Words())
    yield
    del types["words"]


@pytest.mark.django_db
@pytest.mark.usefixtures("words")
def test_a_quiz_with_a_new_type_is_published_taken_graded_and_shown(trainee: User, client_of: Callable[[User], Client]):
    question = {"uid": "W-1", "type": "words", "stem": "Who asks?", "word": "Requester", "reply": "Us, when we ask."}
    course = publish_quiz(questions=[question])
    here = f"/courses/{course.slug}/{QUIZ}/"
    rosa = client_of(trainee)
    rosa.post(f"{here}do/start/")
    assert '<input name="answer" value="">' in rosa.get(f"{here}quiz/1/").content.decode()
    rosa.post(f"{here}quiz/1/", {"answer": "requester", "shown": "null"})
    assert "Us, when we ask." not in rosa.get(f"{here}quiz/1/").content.decode()
    rosa.post(f"{here}quiz/review/")

    assert Result.objects.get().percent == 100
    assert "Us, when we ask." in rosa.get(f"{here}quiz/result/1/").content.decode()
    review = rosa.get(f"/api/v1/attempts/{Attempt.objects.get().pk}/review/")
    assert review.json()["questions"][0]["verdict"] == "right"
