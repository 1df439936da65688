"""GIFT: what public files say comes out, title for title and weight for weight."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from quizzes.exchange import gift
from quizzes.exchange.html import Text, to_html, to_markdown
from quizzes.exchange.values import Item, Refusal

FIXTURES = Path(__file__).parents[2] / "fixtures" / "gift"
FILES = sorted(FIXTURES.glob("*.gift"))
KINDS = {"MC": ("single", "multi"), "TF": ("tf",), "Short": ("text",), "Numerical": ("num",), "Matching": ("match",)}


def expected(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return [each for each in found if each["type"] != "Category"]


def test_all_the_fixtures_are_here():
    assert len(FILES) == 26


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_public_file_comes_out_as_its_json_says(path: Path):
    with path.open("rb") as file:
        found = list(gift.read(file, name=path.name))
    wanted = expected(path)
    assert len(found) == len(wanted)
    for item, want in zip(found, wanted, strict=True):
        if want["type"] == "Description":
            assert isinstance(item, Refusal)
            assert "a description is no question" in item.reason
            assert want["title"] is None or item.name == want["title"]
        else:
            assert isinstance(item, Item), item
            _same(item, want)


def _same(item: Item, want: dict[str, Any]) -> None:
    content = item.content
    assert content["type"] in KINDS.get(want["type"], ("essay",))
    assert item.meta.name == (want["title"] or "")
    assert want["id"] in (None, content["uid"])
    assert list(item.meta.tags) == (want["tags"] or [])
    assert content["stem"] == _text(want["stem"], content)
    assert content.get("general_feedback", "") == _text(want["globalFeedback"], content)
    {"MC": _choices, "TF": _truth, "Short": _words, "Numerical": _numbers, "Matching": _pairs}.get(
        want["type"], _essay
    )(content, want)


def _text(want: dict[str, str] | None, content: Any) -> str:
    """The text that a fixture wants, in the format that the question has."""
    if want is None:
        return ""
    text = Text(want["text"], want["format"])  # type: ignore[arg-type]
    return (to_html(text) if content.get("format") == "html" else to_markdown(text)).strip()


def _choices(content: Any, want: dict[str, Any]) -> None:
    assert len(content["options"]) == len(want["choices"])
    for option, choice in zip(content["options"], want["choices"], strict=True):
        assert option["text"] == _text(choice["text"], content)
        assert option["feedback"] == _text(choice["feedback"], content)
        assert option["right"] == (choice["isCorrect"] or (choice["weight"] or 0) > 0)
        assert Decimal(option.get("share", "0")) == Decimal(str(choice["weight"] or 0))


def _truth(content: Any, want: dict[str, Any]) -> None:
    true, false = content["options"]
    assert (true["id"], true["right"], false["right"]) == ("true", want["isTrue"], not want["isTrue"])
    assert true["feedback"] == _text(want["trueFeedback"], content)
    assert false["feedback"] == _text(want["falseFeedback"], content)


def _words(content: Any, want: dict[str, Any]) -> None:
    rows = [(each["text"], each.get("share", "100"), each.get("feedback", "")) for each in content["answers"]]
    rows += [("*", "0", content["other_feedback"])] if "other_feedback" in content else []
    assert [(text, Decimal(share), reply) for text, share, reply in rows] == [
        (
            choice["text"]["text"],
            Decimal(str(100 if choice["weight"] is None else choice["weight"])),
            _text(choice["feedback"], content),
        )
        for choice in want["choices"]
    ]


def _numbers(content: Any, want: dict[str, Any]) -> None:
    choices = want["choices"] if isinstance(want["choices"], list) else [{"text": want["choices"]}]
    assert len(content["answers"]) == len(choices)
    for answer, choice in zip(content["answers"], choices, strict=True):
        weight = choice.get("weight")
        assert Decimal(answer.get("share", "100")) == (100 if weight is None else _decimal(weight))
        assert answer.get("feedback", "") == _text(choice.get("feedback"), content)
        value, tolerance = Decimal(answer["value"]), Decimal(answer.get("tolerance", "0"))
        number = choice["text"]
        if number["type"] == "high-low":
            assert (value - tolerance, value + tolerance) == (
                _decimal(number["numberLow"]),
                _decimal(number["numberHigh"]),
            )
        else:
            assert (value, tolerance) == (_decimal(number["number"]), _decimal(number.get("range", 0)))


def _decimal(number: float) -> Decimal:
    return Decimal(str(number))


def _pairs(content: Any, want: dict[str, Any]) -> None:
    pairs = [each for each in want["matchPairs"] if each["subquestion"]["text"]]
    extras = [each["subanswer"] for each in want["matchPairs"] if not each["subquestion"]["text"]]
    assert [(each["left"], each["right"]) for each in content["pairs"]] == [
        (_text(each["subquestion"], content), each["subanswer"]) for each in pairs
    ]
    assert [each["text"] for each in content.get("extras", ())] == extras


def _essay(content: Any, want: dict[str, Any]) -> None:
    assert want["type"] == "Essay"
    assert content["rubric"]
