"""Writing QTI: whatever goes out comes back and reads the same, and the rest is refused by name."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.exchange.qti import FORMAT, FORMAT3
from quizzes.exchange.qti_html import as_html
from quizzes.exchange.registry import Format
from quizzes.exchange.values import Exported, Item, Meta
from quizzes.exchange.writing import comparable
from tests.factories import generated_parts as parts
from tests.factories import generated_questions as generated
from tests.quizzes.exchange.qti_files import all_of

QUESTIONS = st.one_of(
    generated.single(),
    generated.multi(("penalty", "shares", "all")),
    generated.truth(),
    generated.match(),
    generated.words(),
    generated.numbers(relative=True),
    generated.essay(),
    parts.order(("all",)),
    parts.group(),
    parts.cloze(replies=False),
    parts.hotspot(),
)
TWICE = {
    "id": "a",
    "kind": "text",
    "answers": [{"id": "a", "text": "loan"}, {"id": "b", "text": "loan", "share": "50"}],
}
EXPECTED = (
    "Two right sides read the same",
    "It accepts patterns",
    "Its accents do not count",
    "The same answer is there twice",
    "plain text only",
    "XML cannot",
    # A text of tags alone shows nothing, and nothing would be left of it.
    "should be non-empty",
    "is empty; give text",
    "is too short",
    "must not be empty",
    "read the same",
)


@pytest.mark.parametrize("form", [FORMAT, FORMAT3], ids=lambda form: form.name)
@given(question=QUESTIONS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_question_that_qti_holds_comes_back_and_reads_the_same(form: Format, question: dict[str, Any]):
    content = generated.sound(question)
    files = {"plan.png": b"\x89PNG\r\n\x1a\n"} if content["type"] == "hotspot" else {}
    meta = Meta(name="N <", topic="Lending/Loans", tags=("a", "b="), language="de")
    out = io.BytesIO()
    refused = form.write([Exported(content, meta, files)], out)
    if refused:
        assert any(each in refused[0].reason for each in EXPECTED), refused
        return
    [back] = all_of(out.getvalue(), "p.zip")
    assert isinstance(back, Item), back
    assert comparable(back.content) == comparable(as_html(content))
    assert (back.meta, back.content["uid"], dict(back.files)) == (meta, content["uid"], files)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"type": "date", "answers": [{"id": "a", "value": "2026-01-02"}]}, "no question of this type"),
        ({"type": "num", "answers": [{"id": "a", "value": "1"}], "significant": 2}, "significant figures"),
        ({"type": "num", "answers": [{"id": "a", "value": "1"}], "hints": ["h"]}, "hints"),
        ({"type": "text", "answers": [{"id": "a", "text": "a*", "match": "wildcard"}]}, "patterns"),
        ({"type": "order", "items": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]}, "part of the order"),
        ({"type": "cloze", "stem": "A [[a]].", "gaps": [TWICE]}, "The same answer is there twice"),
        (
            {"type": "num", "answers": [{"id": "a", "value": "1"}, {"id": "b", "value": "1", "share": "50"}]},
            "The same answer is there twice",
        ),
    ],
)
@pytest.mark.parametrize("form", [FORMAT, FORMAT3], ids=lambda form: form.name)
def test_what_qti_cannot_hold_is_refused_by_name(form: Format, content: dict[str, Any], said: str):
    good = {"uid": "ok", "type": "num", "stem": "Ok?", "answers": [{"id": "a", "value": "1"}]}
    out = io.BytesIO()
    [refused] = form.write([Exported({"uid": "no", "stem": "No?", **content}), Exported(good)], out)
    assert said in refused.reason
    assert [each.content["uid"] for each in all_of(out.getvalue(), "p.zip") if isinstance(each, Item)] == ["ok"]


def test_pictures_lie_once_in_a_package_and_come_back():
    content = {"uid": "q", "type": "num", "stem": "![plan](media/plan.png)", "answers": [{"id": "a", "value": "1"}]}
    files = {"plan.png": b"\x89PNG\r\n\x1a\n"}
    out = io.BytesIO()
    exported = [Exported({**content, "uid": uid}, Meta(), files) for uid in ("one", "two")]
    assert FORMAT.write(exported, out) == []
    names = zipfile.ZipFile(out).namelist()
    assert sum(name.endswith("plan.png") for name in names) == 1
    assert [dict(each.files) for each in all_of(out.getvalue(), "p.zip") if isinstance(each, Item)] == [files, files]
