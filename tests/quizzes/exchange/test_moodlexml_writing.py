"""Writing Moodle XML: whatever goes out comes back as it was, and the rest is refused by name."""

import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.exchange.moodlexml import read, write
from quizzes.exchange.values import Exported, Item, Meta
from quizzes.exchange.writing import comparable
from tests.factories import generated_parts as parts
from tests.factories import generated_questions as generated
from tests.quizzes.exchange.moodle_files import PNG

QUESTIONS = st.one_of(
    generated.single(),
    generated.multi(("penalty", "shares", "all")),
    generated.truth(),
    generated.match(),
    generated.words(),
    generated.numbers(),
    generated.essay(),
    parts.order(),
    parts.cloze(),
    parts.calculated(),
)
METAS = st.builds(
    Meta,
    name=st.text("abcé<&", min_size=1, max_size=9),
    topic=st.sampled_from(["", "Lending", "Lending/Loans"]),
    tags=st.lists(st.text("ab <&=:", min_size=1, max_size=5).map(str.strip).filter(bool), max_size=2, unique=True).map(
        tuple
    ),
    language=st.sampled_from(["", "de"]),
    author=st.sampled_from(["", "Rosa = Delgado"]),
    difficulty=st.sampled_from(["", "easy"]),
)
# What Moodle means otherwise than we do.
EXPECTED = (
    "Its accents do not count",
    "would be another pattern",
    "is the reply to any other answer",
    "Its last answer",
    "plain text only",
    "Moodle takes for a gap",
    "How accents count",
)


@given(QUESTIONS, METAS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_question_that_moodle_holds_comes_back_as_it_was(question: dict[str, Any], meta: Meta):
    content = generated.sound(question)
    out = io.BytesIO()
    refused = write([Exported(content, meta)], out)
    out.seek(0)
    items = list(read(out, name="q.xml"))
    if refused:
        assert items == []
        assert refused[0].reason.startswith(EXPECTED) or any(each in refused[0].reason for each in EXPECTED), refused
        return
    [one] = items
    assert isinstance(one, Item), one
    assert one.content == content
    assert one.meta == meta
    assert one.warnings == ()


def test_pictures_go_out_and_come_back():
    content = {
        "uid": "map",
        "type": "tf",
        "stem": "![plan](media/plan.png) and [text](media/text.pdf)",
        "options": [
            {"id": "true", "text": "True", "right": True, "feedback": "![plan](media/plan.png)"},
            {"id": "false", "text": "False", "right": False, "feedback": ""},
        ],
    }
    files = {"plan.png": PNG, "text.pdf": b"%PDF-1"}
    out = io.BytesIO()
    assert write([Exported(content, Meta(name="Map"), files)], out) == []
    assert b"@@PLUGINFILE@@/plan.png" in out.getvalue()
    out.seek(0)
    [one] = read(out, name="q.xml")
    assert isinstance(one, Item)
    assert (dict(one.content), dict(one.files)) == (content, files)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"type": "date", "answers": [{"id": "a", "value": "2026-01-02"}]}, "no question of this type"),
        ({"type": "num", "answers": [{"id": "a", "value": "1", "tolerance": "1", "relative": True}]}, "percentage"),
        ({"type": "num", "answers": [{"id": "a", "value": "1"}], "significant": 2}, "significant figures"),
        ({"type": "text", "answers": [{"id": "a", "text": "é"}]}, "accents do not count"),
        (
            {
                "type": "essay",
                "rubric": [{"id": "a", "text": "Clear", "levels": [{"id": "a", "text": "no", "points": 0}]}],
            },
            "Its rubric has no place",
        ),
        (
            {
                "type": "multi",
                "credit": "each",
                "options": [{"id": "a", "text": "A", "right": True}, {"id": "b", "text": "B", "right": False}],
            },
            "each option, ticked or left",
        ),
    ],
)
def test_what_moodle_cannot_hold_is_refused_by_name(content: dict[str, Any], said: str):
    out = io.BytesIO()
    good = {"uid": "ok", "type": "num", "stem": "Ok?", "answers": [{"id": "a", "value": "1"}]}
    [refused] = write([Exported({"uid": "no", "stem": "No?", **content}), Exported(good)], out)
    assert said in refused.reason
    assert (refused.name, refused.where.number) == ("No?", 1)
    out.seek(0)
    assert [each.content["uid"] for each in read(out, name="q.xml") if isinstance(each, Item)] == ["ok"]


@pytest.mark.parametrize("sign", ["\x0b", "\ufffe", "@@PLUGINFILE@@/x"])
def test_signs_that_the_file_cannot_hold_refuse_the_question(sign: str):
    content = {"uid": "q", "type": "num", "stem": f"a{sign}b", "answers": [{"id": "a", "value": "1"}]}
    assert len(write([Exported(content)], io.BytesIO())) == 1


def test_parts_are_called_anew_and_everything_else_stays():
    content = {
        "uid": "q",
        "type": "order",
        "stem": "Order",
        "items": [{"id": "zz", "text": "1"}, {"id": "y-9", "text": "2"}],
    }
    out = io.BytesIO()
    assert write([Exported(content)], out) == []
    out.seek(0)
    [one] = read(out, name="q.xml")
    assert isinstance(one, Item)
    assert comparable(one.content) == comparable(content)
