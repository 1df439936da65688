"""Free text: kept as written, counted in words, marked by a person along a rubric."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.errors import InvalidInput
from courses.shapes import problems
from quizzes.kinds.check import CheckBlock
from quizzes.kinds.schema import question_schema
from quizzes.registry import Mark, types
from quizzes.rendering import question_html
from quizzes.types.essay import length_note, rubric_fraction, rubric_most
from tests.factories.quizzes import SECRET, essay, shorttext
from tests.quizzes.typed import NAUGHTY, faults_of, is_bounded, is_kept, is_sound, json_values, walk

KIND = "essay"


def level(name: str, points: int) -> dict[str, Any]:
    return {"id": name, "text": name, "points": points}


@st.composite
def rubrics(draw: st.DrawFn) -> list[dict[str, Any]]:
    points = st.lists(st.integers(0, 100), min_size=1, max_size=4).filter(any)
    rows = draw(st.lists(points, min_size=1, max_size=5))
    return [
        {"id": f"c{at}", "text": f"Criterion {at}", "levels": [level(f"l{n}", each) for n, each in enumerate(row)]}
        for at, row in enumerate(rows)
    ]


def test_a_person_marks_it():
    kind = types[KIND]
    mark = kind.grade(essay(), "The loan is due on Thursday, because another library waits for it.")

    assert kind.manual
    assert (mark.fraction, mark.message) == (0, "A person marks this answer.")


@pytest.mark.parametrize(
    ("chosen", "fraction"),
    [
        ({"facts": "l0", "tone": "l0"}, "0"),
        ({"facts": "l2", "tone": "l3"}, "1"),
        ({"facts": "l1", "tone": "l3"}, "0.8"),
        ({"tone": "l0", "facts": "l2"}, "0.4"),
    ],
)
def test_the_rubric_adds_up(chosen: dict[str, str], fraction: str):
    assert rubric_most(essay()) == 5
    assert rubric_fraction(essay(), chosen) == Decimal(fraction)


@pytest.mark.parametrize(
    ("chosen", "where"),
    [
        ({}, "facts"),
        ({"facts": "l1"}, "tone"),
        ({"facts": "l1", "tone": "l1"}, "tone"),
        ({"facts": "l1", "tone": None}, "tone"),
        ({"facts": "l1", "tone": ["l3"]}, "tone"),
        ({"facts": "l1", "tone": "l3", "wit": "l1"}, "wit"),
    ],
)
def test_a_rubric_is_filled_in_as_a_whole(chosen: dict[str, Any], where: str):
    with pytest.raises(InvalidInput) as refused:
        rubric_fraction(essay(), chosen)
    assert list(refused.value.fields) == [where]


@given(rubric=rubrics(), data=st.data())
def test_a_better_level_never_earns_less(rubric: list[dict[str, Any]], data: st.DataObject):
    question = essay(rubric=rubric)
    chosen = {each["id"]: data.draw(st.sampled_from(each["levels"]))["id"] for each in rubric}
    changed = data.draw(st.sampled_from(rubric))
    better = max(changed["levels"], key=lambda each: each["points"])
    before = rubric_fraction(question, chosen)
    after = rubric_fraction(question, {**dict(reversed(chosen.items())), changed["id"]: better["id"]})

    assert 0 <= before <= after <= 1
    best = {each["id"]: max(each["levels"], key=lambda one: one["points"])["id"] for each in rubric}
    assert rubric_fraction(question, best) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (1, "It has 1 word; at least 3 are asked for."),
        (3, ""),
        (5, ""),
        (6, "It has 6 words; at most 5 are asked for."),
    ],
)
def test_too_short_or_too_long_is_said_and_refused_by_nobody(words: int, said: str):
    question = essay(words_min=3, words_max=5)
    text = "\n".join(["word"] * words)

    assert length_note(question, text) == said
    assert types[KIND].clean(question, text) == text
    assert types[KIND].show(question, question_html(question, {}), 0, text)["note"] == said
    assert types[KIND].grade(question, text).message == " ".join(filter(None, ["A person marks this answer.", said]))


def test_an_untouched_template_is_no_answer():
    question = essay(template="Dear patron,\nyour loan …")

    def parsed(text: str) -> Any:
        data = QueryDict(mutable=True)
        data["answer"] = text
        return types[KIND].parse(question, data, "answer")

    assert parsed("Dear patron,\r\nyour loan …\r\n") is None
    assert parsed("Dear patron,\r\nyour loan is due.") == "Dear patron,\nyour loan is due."
    assert types[KIND].show(question, question_html(question, {}), 0, None)["value"] == question["template"]


@given(answer=json_values)
def test_any_answer_earns_between_nothing_and_everything(answer: Any):
    is_bounded(essay(), answer)
    is_kept(essay(), answer)


def test_naughty_strings_do_no_harm():
    for answer in NAUGHTY:
        is_bounded(essay(), answer)
        is_kept(essay(), answer)


@pytest.mark.parametrize("answer", ["x" * 20_001, 5, ["a"], {"facts": "l1"}])
def test_what_is_no_text_or_too_long_is_refused(answer: Any):
    with pytest.raises(InvalidInput):
        types[KIND].clean(essay(), answer)


@pytest.mark.parametrize("more", [{}, {"words_max": 20}, {"template": "Dear patron,"}])
def test_a_sound_question_has_one_form(more: dict[str, Any]):
    is_sound(essay(**more))


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"rubric": [{"id": "a", "text": "A", "levels": [level("x", 0)]}]}, "rubric.0.levels"),
        ({"rubric": [{"id": "a", "text": "A", "levels": [level("x", 0), level("x", 1)]}]}, "rubric.0.levels.1.id"),
        ({"rubric": [{"id": "a", "text": "A", "levels": [level("x", 1)]}] * 2}, "rubric.1.id"),
        ({"words_max": 9}, "words_max"),
    ],
)
def test_what_nobody_could_mark_is_a_fault(more: dict[str, Any], path: str):
    assert path in faults_of(essay(**more))


@pytest.mark.parametrize(
    "more", [{"rubric": []}, {"rubric": [{"id": "a", "text": "A"}]}, {"words_min": 0}, {"words_max": "many"}]
)
def test_the_schema_refuses(more: dict[str, Any]):
    assert problems(question_schema(), essay(**more))


def test_it_is_said_as_written_and_not_counted():
    assert types[KIND].said(essay(), "Dear patron") == ["Dear patron"]
    assert types[KIND].responses(essay(), "Dear patron") == []


def test_a_check_question_is_marked_by_nobody():
    assert "type" in [where for where, _sentence in CheckBlock().faults(essay())]
    assert CheckBlock().faults(shorttext()) == []


@pytest.mark.django_db
def test_the_pages_of_a_free_text(trainee: User, client_of: Callable[[User], Client]):
    text = "Dear patron,\r\n</textarea><script>alert(1)</script>"
    asked, answered, _waiting = walk(client_of(trainee), essay(words_max=30), {"answer": text})

    assert 'data-words-min="10" data-words-max="30"' in asked
    assert "Write 10 to 30 words." in asked
    assert "Worth 3" in asked
    assert "Dear patron,\n&lt;/textarea&gt;&lt;script&gt;" in answered
    assert "at least 10 are asked for" in answered
    assert "readonly" not in answered.partition("<main")[2]


def drawn(answer: str | None, mark: Mark) -> str:
    """The question once it is marked, as its template draws it."""
    question = essay()
    fields = types[KIND].show(question, question_html(question, {}), 0, answer, mark)
    return render_to_string(
        types[KIND].template, {"question": {"fields": fields}, "name": "answer", "legend_id": "stem"}
    )


def test_once_handed_in_it_is_read_only_and_says_who_marks_it():
    text = "Your loan is due on Thursday because another library waits for it."
    waiting = drawn(text, types[KIND].grade(essay(), text))
    marked = drawn(text, Mark(Decimal("0.4"), {}))

    assert "A person marks this answer." in waiting
    assert "Your answer: partly right" in marked
    for page in (waiting, marked):
        assert text in page
        assert "readonly" in page
        assert "Worth 3" in page
        assert SECRET not in page
