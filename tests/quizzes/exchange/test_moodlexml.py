"""Moodle XML: what is around questions, their texts and pictures, and the reason for each kind that has no place."""

import base64
import io
import os
from pathlib import Path

import pytest

from quizzes.exchange.moodlexml import FORMAT, read
from quizzes.exchange.values import Item, Meta, Refusal
from tests.quizzes.exchange.moodle_files import PNG, answer, found, item, question, reason
from tests.support import peak_memory

FIXTURES = Path(os.environ.get("LENDCRAFT_FIXTURES", Path(__file__).parents[4] / "shared" / "fixtures")) / "moodle-xml"


# what is around questions


def test_categories_and_tags_are_kept():
    category = '<question type="category"><category><text>$course$/top/Lending/A//B</text></category></question>'
    tags = "<tags><tag><text>ill</text></tag><tag><text>lendcraft:language=de</text></tag></tags>"
    [one] = found(category + question("truefalse", answer("true", "100") + answer("false", "0") + tags))
    assert isinstance(one, Item)
    assert one.meta == Meta(name="N", topic="Lending/A-B", tags=("ill",), language="de")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("description", "a text without a question"),
        ("random", "draws a question by chance"),
        ("calculatedmulti", "calculated"),
        ("ddimageortext", "no words for the places"),
        ("stack", "“stack” is no kind known here"),
        ("", "no kind known here"),
    ],
)
def test_what_has_no_place_is_refused_with_its_line_and_reason(kind: str, said: str):
    good = question("truefalse", answer("true", "100") + answer("false", "0"))
    [refused, taken] = found(f"\n\n{question(kind, '')}\n{good}")
    assert isinstance(refused, Refusal)
    assert said in refused.reason
    assert (refused.where.line, refused.where.number, refused.name) == (3, 1, "N")
    assert isinstance(taken, Item)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (answer("A", "50") + answer("B", "50"), "No answer earns 100 percent"),
        (answer("A", "lots") + answer("B", "0"), "is no number"),
        (answer("A", "100"), "options"),
        (answer("", "100") + answer("B", "0"), "options 1"),
        (answer("A", "100") + answer("B", "0") + "<hint><text>h</text></hint>" * 6, "hints"),
    ],
)
def test_a_broken_question_is_refused(inside: str, said: str):
    assert said in reason("multichoice", inside)


def test_points_that_are_not_whole_are_told():
    one = item("truefalse", "<defaultgrade>0.5</defaultgrade>" + answer("true", "100") + answer("false", "0"))
    assert "points" not in one.content
    assert "0.5 points" in one.warnings[0]


# texts and files


def picture(name: str, data: bytes = PNG) -> str:
    return f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(data).decode()}</file>'


def test_pictures_come_along_under_names_that_are_safe():
    stem = '<p><img src="@@PLUGINFILE@@/my%20map.png?x=1" alt="map"></p>'
    body = (
        f'<question type="truefalse"><questiontext format="html"><text><![CDATA[{stem}]]></text>{picture("my map.png")}'
        "</questiontext><answer fraction='100'><text>true</text>"
        '<feedback format="html"><text>&lt;img src="@@PLUGINFILE@@/my%20map.png"&gt;</text>'
        f"{picture('my map.png', b'other')}</feedback></answer><answer fraction='0'><text>false</text></answer></question>"
    )
    [one] = found(body)
    assert isinstance(one, Item)
    assert one.content["stem"] == '<p><img src="media/my-map.png" alt="map"></p>'
    assert one.content["options"][0]["feedback"] == '<img src="media/my-map-2.png">'
    assert dict(one.files) == {"my-map.png": PNG, "my-map-2.png": b"other"}


@pytest.mark.parametrize("data", ["@@@", "QQ", "é"])
def test_a_damaged_picture_refuses_its_question(data: str):
    stem = f'<questiontext><text>x</text><file name="a.png" encoding="base64">{data}</file></questiontext>'
    [one] = found(f'<question type="truefalse">{stem}</question>')
    assert isinstance(one, Refusal)
    assert "damaged" in one.reason


@pytest.mark.parametrize(
    ("form", "text", "format_", "stem"),
    [
        ("html", "<p>a</p>", "html", "<p>a</p>"),
        ("markdown", "a *b*", "md", "a *b*"),
        ("plain_text", "a *b*", "md", r"a \*b\*"),
        ("moodle_auto_format", "a *b*", "md", r"a \*b\*"),
        ("moodle_auto_format", "a <b>b</b>", "html", "a <b>b</b>"),
    ],
)
def test_text_formats_are_kept(form: str, text: str, format_: str, stem: str):
    one = item("truefalse", answer("true", "100") + answer("false", "0"), stem=text, form=form)
    assert (one.content.get("format", "md"), one.content["stem"]) == (format_, stem)


# files of others


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.xml")), ids=lambda path: path.stem)
def test_public_files_are_taken_with_all_their_pictures(path: Path):
    with path.open("rb") as file:
        items = list(read(file, name=path.name))
    [one] = items
    assert isinstance(one, Item)
    assert one.warnings == ()
    assert len(one.files) == {"multianswer-cloze": 3, "multichoice": 5}[path.stem]
    assert one.content["type"] == {"multianswer-cloze": "cloze", "multichoice": "single"}[path.stem]


# the file as a whole


def test_five_thousand_questions_take_the_memory_of_few(monkeypatch: pytest.MonkeyPatch):
    # Proving keeps nothing of a question; without it the test is done while one waits.
    monkeypatch.setattr("quizzes.exchange.moodlexml.outcome", lambda content, **rest: content)
    body = question("multichoice", answer("Book", "100", feedback="Yes") + answer("Sofa " * 20, "0"))

    def peak(count: int) -> int:
        file = io.BytesIO(f"<quiz>{body * count}</quiz>".encode())

        def look() -> None:
            assert sum(each["type"] == "single" for each in read(file, name="q.xml")) == count  # type: ignore[index]

        return peak_memory(look)

    peak(10)
    few = peak(500)
    assert peak(5000) < few * 1.3
    assert few < 3_000_000


def test_the_format_is_known_by_its_first_bytes():
    assert FORMAT.fits(b'<?xml version="1.0"?>\n<!-- x --><quiz>')
    assert not FORMAT.fits(b"<questestinterop>")
