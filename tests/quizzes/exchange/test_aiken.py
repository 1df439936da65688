"""Aiken: faults by line, good questions beside them, and what is written comes back."""

import io
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from quizzes.exchange import aiken
from quizzes.exchange.values import Exported, Item, Refusal
from quizzes.exchange.writing import comparable
from tests.factories import generated_questions as generated

# Moodle's own samples may not be part of this repository; whoever has them says where they are.
ROOT = Path(__file__).parents[3]
SAMPLES = Path(os.environ.get("LENDCRAFT_FIXTURES", ROOT.parent / "shared" / "fixtures")) / "aiken"
# (line, whether it is taken) of each question in them.
SAID = {
    "aiken-errors.txt": [(1, False), (5, False), (7, False), (9, True), (14, False), (18, True)],
    "questions.aiken.txt": [(1, True), (8, True)],
}


def read(text: str | bytes) -> list[Item | Refusal]:
    data = text.encode() if isinstance(text, str) else text
    return list(aiken.read(io.BytesIO(data), name="q.txt"))


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.name)
def test_a_public_file_gives_what_it_holds(path: Path):
    with path.open("rb") as file:
        found = list(aiken.read(file, name=path.name))
    assert [(each.where.line, isinstance(each, Item)) for each in found] == SAID[path.name]
    assert [each.where.number for each in found] == list(range(1, len(found) + 1))


GOOD = "Who asks first?\nA) We do\nB. They do\nC)Nobody\nANSWER: B\n"


def test_a_question_has_its_options_and_the_right_one():
    [item] = read(GOOD)
    assert isinstance(item, Item)
    assert item.content == {
        "uid": "who-asks-first",
        "type": "single",
        "stem": "Who asks first?",
        "options": [
            {"id": "a", "text": "We do", "right": False, "feedback": ""},
            {"id": "b", "text": "They do", "right": True, "feedback": ""},
            {"id": "c", "text": "Nobody", "right": False, "feedback": ""},
        ],
    }


def test_tags_are_only_signs():
    [item] = read("Is <b>this</b> *bold* & so?\nA) <i>\nB) no\nANSWER: A")
    assert isinstance(item, Item)
    assert item.content["stem"] == "Is \\<b>this\\</b> \\*bold\\* & so?"
    assert "format" not in item.content


def test_a_stem_may_have_several_lines_and_a_blank_line_before_its_options():
    [item] = read("One\ntwo\n\nA) x\n\nB) y\n\nANSWER: A\n")
    assert isinstance(item, Item)
    assert item.content["stem"] == "One\\\ntwo"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Q\nA) x\nANSWER: A", 1, "fewer than two"),
        ("Q\nA) x\nB) y\nANSWER: C", 1, "none of its options"),
        ("Q\nA) x\nB) y\nANSWER: A, B", 1, "none of its options"),
        ("Q\nA) x\nB) y\nANSWER:", 1, "none of its options"),
        ("Q\nA) x\nA) y\nANSWER: A", 1, "where option B should"),
        ("Q\nA) x\nC) y\nANSWER: A", 1, "where option B should"),
        ("Q\nA) x\nB) y", 1, "before its ANSWER line"),
        ("Q\nA) x\ngoes on\nB) y\nANSWER: B", 1, "before its ANSWER line"),
        ("Only words", 1, "before its ANSWER line"),
        ("A) x", 1, "without a question"),
        ("ANSWER: A", 1, "without a question"),
        ("Q\0\nA) x\nB) y\nANSWER: A", 1, "NUL"),
        ("Q\nA) x\nB) \nANSWER: A", 1, "“text” is empty"),
        ("Q" * 5000 + "\nA) x\nB) y\nANSWER: A", 1, "longer than 4000"),
    ],
)
def test_a_broken_question_is_refused_with_its_line_and_the_next_is_taken(text: str, line: int, said: str):
    found = read(f"{GOOD}\n{text}\n\n{GOOD}")
    refused = [each for each in found if isinstance(each, Refusal)]
    assert said in refused[0].reason
    assert refused[0].where.line == 6 + line
    assert isinstance(found[0], Item)
    assert isinstance(found[-1], Item)
    assert found[-1].content["uid"] == "who-asks-first-2"


def test_what_goes_on_below_an_option_is_never_half_a_question():
    found = read("Q\nA) x\ngoes on\nB) y\nC) z\nANSWER: B")
    assert [type(each) for each in found] == [Refusal, Refusal]


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0" * 9000, b"x" * 1_000_000, b"x\n" * 100_000, b"A) x\n" * 10_000, b"ANSWER: A\n" * 10_000,
        b"Q\n" + b"A) x\n" * 10_000, b"Q\nA) " + b"x" * 300_000 + b"\nB) y\nANSWER: A", b"\xff\xfe\xff",
    ],
    ids=range(9),
)  # fmt: skip
def test_nonsense_is_refused_quickly_and_never_an_error(data: bytes, deadline: None):
    assert not [each for each in read(data) if isinstance(each, Item)]


@given(generated.single())
@settings(max_examples=200, deadline=None)
def test_a_question_that_aiken_holds_comes_back_as_it_was(question: dict[str, Any]):
    content = dict(generated.sound(question))
    for key in ("general_feedback", "shuffle", "format"):
        content.pop(key, None)
    content["options"] = [{**each, "feedback": ""} for each in content["options"]]
    for each in content["options"]:
        each.pop("share", None)
    out = io.BytesIO()
    if aiken.write([Exported(content)], out):
        assert out.getvalue() == b""
        return
    [back] = read(out.getvalue())
    assert isinstance(back, Item)
    assert comparable(back.content) == comparable(content)


@given(generated.plain_single())
@settings(max_examples=200, deadline=None)
def test_plain_questions_are_all_written(question: dict[str, Any]):
    out = io.BytesIO()
    assert aiken.write([Exported(generated.sound(question))], out) == []
    [back] = read(out.getvalue())
    assert isinstance(back, Item)
    assert comparable(back.content) == comparable(question)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"type": "multi"}, "Multiple response"),
        ({"general_feedback": "So it is."}, "general feedback"),
        ({"stem": "**Who**?"}, "plain text only"),
        ({"hints": ["Think."]}, "hints"),
        ({"options": [{"id": "a", "text": "x", "right": True, "feedback": "Yes."}, {"id": "b", "text": "y", "right": False}]},
         "replies"),
        ({"options": [{"id": "a", "text": "x", "right": True}, {"id": "b", "text": "y", "right": False, "share": "50"}]},
         "would change"),
    ],
    ids=["type", "general", "marks", "hints", "replies", "share"],
)  # fmt: skip
def test_what_aiken_cannot_hold_is_refused_by_name(change: dict[str, Any], named: str):
    [item] = read(GOOD)
    assert isinstance(item, Item)
    [refused] = aiken.write([Exported({**item.content, **change})], io.BytesIO())
    assert named in refused.reason
