"""What holds for every type whose answer is typed; each type's tests call these with questions of theirs."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.test import Client
from hypothesis import strategies as st

from core.errors import InvalidInput
from courses.shapes import problems
from quizzes.kinds.schema import question_schema
from quizzes.registry import types
from quizzes.rendering import question_html
from tests.factories.quizzes import QUIZ, SECRET, publish_quiz

NAUGHTY: list[str] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "naughty-strings" / "blns-half.json").read_text(encoding="utf-8")
)
HUGE = [
    "NaN",
    "-inf",
    "Infinity",
    "1e999",
    "-1e-999",
    "9" * 10_000,
    "1e99999999999",
    "0." + "0" * 5000 + "1",
    "−" * 900,
]

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from([*HUGE, *NAUGHTY])
    | st.decimals(allow_nan=True).map(str),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.sampled_from(["who", "what", "many", "facts", "", "x"]), inner, max_size=4)
    ),
    max_leaves=10,
)


def is_bounded(question: dict[str, Any], answer: Any, seed: int = 0) -> None:
    """Any JSON earns between nothing and everything, and can be shown, said and counted."""
    kind = types[question["type"]]
    mark = kind.grade(question, answer, seed)
    assert 0 <= mark.fraction <= 1
    assert all(0 <= each <= 1 for each in mark.parts.values())
    kind.show(question, question_html(question, {}), seed, answer, mark)
    kind.show(question, question_html(question, {}), seed, answer)
    assert all(isinstance(line, str) for line in kind.said(question, answer, seed))
    assert all(len(each) == 2 for each in kind.responses(question, answer, seed))


def is_kept(question: dict[str, Any], answer: Any) -> None:
    """An answer is refused, or it is kept in a form that stays as it is, earns as much and survives a plain form."""
    kind = types[question["type"]]
    try:
        kept = kind.clean(question, answer)
    except InvalidInput:
        return
    assert kind.clean(question, kept) == kept
    assert kind.grade(question, kept).fraction == kind.grade(question, answer).fraction
    assert form_of(question, kept) == kept
    assert b"\0" not in json.dumps(kept, ensure_ascii=False).replace("\\u0000", "\0").encode()


def form_of(question: dict[str, Any], answer: Any) -> Any:
    """``answer`` after it went into a form and came back."""
    kind = types[question["type"]]
    data = QueryDict(urlencode([(f"answer{name}", value) for name, value in kind.fields(question, answer)]))
    return kind.parse(question, data, "answer")


def is_sound(question: dict[str, Any]) -> None:
    """No fault, and canonical in one way only."""
    kind = types[question["type"]]
    assert problems(question_schema(), question) == []
    assert kind.faults(question) == []
    kept = kind.snapshot(question)
    assert kind.snapshot(kept) == kept
    assert kind.snapshot({**question, "shuffle": True, "general_feedback": " ", "facts": [], "points": 1}) == kept
    assert problems(question_schema(), kept) == []


def faults_of(question: dict[str, Any]) -> list[str]:
    """Where the faults are that the schema cannot see."""
    assert problems(question_schema(), question) == []
    return [where for where, _sentence in types[question["type"]].faults(question)]


TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')  # random letters may say anything


def walk(client: Client, question: dict[str, Any], data: dict[str, str]) -> tuple[str, str, str]:
    """A quiz of one question, answered by a plain form: its page before and after saving, and its result."""
    course = publish_quiz(questions=[question])
    here = f"/courses/{course.slug}/{QUIZ}"
    client.post(f"{here}/do/start/")
    asked = client.get(f"{here}/quiz/1/").content.decode()
    saved = client.post(f"{here}/quiz/1/", {**data, "shown": ""})
    assert saved.status_code == 302, saved.content.decode()
    answered = client.get(f"{here}/quiz/1/").content.decode()
    client.post(f"{here}/quiz/review/")
    result = client.get(f"{here}/quiz/result/1/").content.decode()
    for page in (asked, answered):
        assert SECRET not in page
        assert "Your answer: " not in page
    return TOKEN.sub("", asked), TOKEN.sub("", answered), TOKEN.sub("", result)
