"""Texts of other systems: plain text reads the same as Markdown, and HTML does no harm."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from courses import markup
from quizzes.exchange.html import Text, escaped, losses, media_name, settle
from quizzes.exchange.proving import Uids, outcome
from quizzes.exchange.values import Item, Refusal
from quizzes.rendering import question_html, used_media
from quizzes.types.base import words
from tests.factories.generated_questions import SIGNS
from tests.harmless import Parts, assert_harmless

FIXTURES = Path(__file__).parents[2] / "fixtures"
VECTORS = json.loads((FIXTURES / "xss" / "sanitiser-vectors-half.json").read_text(encoding="utf-8"))
PAYLOADS = (FIXTURES / "xss" / "xss-payloads-sample.txt").read_text(encoding="utf-8").splitlines()
NAUGHTY = json.loads((FIXTURES / "naughty-strings" / "blns-half.json").read_text(encoding="utf-8"))
SHA = "5" * 64


def single(stem: Any, *options: Any) -> dict[str, Any]:
    return {
        "type": "single",
        "stem": stem,
        "options": [
            {"id": "ab"[at], "text": text, "right": at == 0} for at, text in enumerate(options or ("yes", "no"))
        ],
    }


def item(content: dict[str, Any], **more: Any) -> Item:
    found = outcome(content, uids=Uids(), **more)
    assert isinstance(found, Item), found
    return found


# plain text


@given(st.text(st.sampled_from(SIGNS + "ab 1é") | st.characters(exclude_categories=("Cs", "Cc")), max_size=60))
@example("1. no list\n- no item\n# no heading\n> no quote\n--- \n===\n```\n~~~\n:::note x\n:::")
@example("a | b\n--|--\n1 | 2")
@example("*_[a](b)<c>&amp;&#38;\\`d` ~~e~~ ![f](g) ^[h] [^1] http://x.y www.z.de a@b.c")
@example("    no code\n\tneither")
@settings(max_examples=500, deadline=None)
def test_plain_text_as_markdown_reads_the_same(text: str):
    html = markup.render(escaped(text))
    assert markup.plain(html).split() == text.split()
    assert Parts(html).tags <= {"p", "br"}


def test_lines_of_plain_text_stay_lines():
    html = markup.render(escaped("one\ntwo\n\nthree"))
    assert html == "<p>one<br>\ntwo</p>\n<p>three</p>\n"


def test_text_without_signs_is_not_touched():
    text = "Who asks, and why? (2.5 days, 3% of it; a-b, c/d: “e”)"
    assert escaped(text) == text


# one format for a question


def test_markdown_and_plain_text_make_a_markdown_question():
    content = item(single(Text("*Who*?", "markdown"), Text("a*b", "plain"), Text("c < d", "moodle"))).content
    assert "format" not in content
    assert [content["stem"], *(each["text"] for each in content["options"])] == ["*Who*?", "a\\*b", "c \\< d"]


def test_html_anywhere_makes_an_html_question():
    content = item(
        single(Text("*Who* & why?", "markdown"), Text("<b>a</b>", "html"), Text("c < d\ne", "plain"))
    ).content
    assert content["format"] == "html"
    assert content["stem"] == "<p><em>Who</em> &amp; why?</p>"
    assert [each["text"] for each in content["options"]] == ["<b>a</b>", "c &lt; d<br>\ne"]


def test_html_is_kept_as_it_was_given():
    given = '<p style="color: red" onclick="x()">Who<script>alert(1)</script>?</p>'
    assert settle(single(Text(given, "html")))["stem"] == given


@pytest.mark.parametrize("text", ["a < b and c > d", "x <3 y", "<html class='cool'>", "if a<b and c>d", "AT&T; R&D"])
def test_signs_in_moodles_own_format_are_no_tags(text: str):
    assert not Text(text, "moodle").is_html


@pytest.mark.parametrize("text", ["a<br>b", "<B>a</B>", '<a href="x">y</a>', "&eacute;", "<!-- x -->", "<p\n>x"])
def test_tags_in_moodles_own_format_are_tags(text: str):
    assert Text(text, "moodle").is_html


# what is shown


def test_an_html_question_is_shown_with_its_files_and_without_harm():
    content = item(
        single(
            Text(
                '<p dir="rtl">Who <img src="media/a.png" alt="A"></p><p>More <a href=" media/b.pdf">b</a></p>', "html"
            ),
            Text('<img src="media/none.png" onerror="x()">', "html"),
            "no",
        ),
        files={"a.png": b"a", "b.pdf": b"b", "unused.png": b""},
    )
    assert sorted(content.files) == ["a.png", "b.pdf"]
    assert any("none.png" in each for each in content.warnings)
    assert used_media(content.content) == ["a.png", "b.pdf", "none.png"]
    html = question_html(content.content, {"a.png": SHA, "b.pdf": SHA})
    assert html["stem"] == f'<span dir="rtl">Who <img src="media:{SHA}/a.png" alt="A"></span>'
    assert html["stem_more"] == f'<p>More <a href="media:{SHA}/b.pdf">b</a></p>'
    assert html["text:a"] == "<img>"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.get("title", "untitled")[:60])
def test_no_vector_does_harm_in_any_text_of_a_question(vector: dict[str, Any]):
    _assert_shown_harmless(vector["payload"])


def test_no_payload_does_harm_in_any_text_of_a_question():
    for payload in [*PAYLOADS, *NAUGHTY]:
        _assert_shown_harmless(payload)


@pytest.mark.parametrize(
    "payload",
    [
        '<p><abbr title="</p><img src=x onerror=alert(1)>">x</abbr></p>',
        '<p dir="><img src=x onerror=alert(1)>">x</p>',
        "<p lang='\"><script>alert(1)</script>'>x</p>",
        '<p>x</p><abbr title="<p>">y</abbr>',
        '<a href="media/a.png" onclick="alert(1)">x</a>',
        '<img src="media/../../x"><img src="media/javascript:alert(1)">',
        '<i data-icon="note"></i><i data-icon="x onload=alert(1)"></i>',
    ],
)
def test_a_value_that_looks_like_the_end_of_a_paragraph_stays_a_value(payload: str):
    _assert_shown_harmless(payload)


def _assert_shown_harmless(payload: str) -> None:
    content = {
        **single(payload or "x", payload or "x", f"<p>{payload}</p>"),
        "general_feedback": f"<p>a</p>{payload}",
        "hints": [f'<p title="{payload}">{payload}'],
        "uid": "x",
        "format": "html",
    }
    for html in question_html(content, {"a.png": SHA}).values():
        assert_harmless(html)


def test_what_a_page_will_not_show_is_told():
    told = item(
        single(Text('<p>See <iframe src="https://x.y"></iframe><img src="https://x.y/a.png"></p>', "html"))
    ).warnings
    assert any("iframe" in each for each in told)
    assert any("https://x.y/a.png" in each for each in told)
    assert losses({**single("![x](https://x.y/a.png)"), "uid": "x"})
    assert not losses({**single("![x](media/a.png) <script>"), "uid": "x"})


def test_the_words_of_an_html_question_are_its_words():
    assert words("<p>Who <b>asks</b> &amp; why?</p><script>x</script>", "html") == "Who asks & why?"


# names and proofs


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("map.png", "map.png"),
        ("Plan für Übung.PNG", "Plan-fur-Ubung.PNG"),
        ("../../etc/passwd", "passwd"),
        ("..\\x.png", "x.png"),
        ("漢字", "file"),
        (".hidden", "hidden"),
        ("x" * 300 + ".jpeg", "x" * 145 + ".jpeg"),
        ("", "file"),
    ],
)
def test_a_file_gets_a_name_that_media_may_have(name: str, safe: str):
    assert media_name(name) == safe


def test_a_question_with_faults_is_refused_with_all_of_them():
    found = outcome({**single("q", "", "b"), "points": 0}, uids=Uids())
    assert isinstance(found, Refusal)
    assert "“points” is 0" in found.reason
    assert "options 1: “text” is empty" in found.reason


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_text_that_no_database_keeps_is_refused(text: str):
    found = outcome(single(text), uids=Uids())
    assert isinstance(found, Refusal)
    assert "NUL" in found.reason


def test_a_question_with_endless_parts_is_refused_at_once(deadline: None):
    content = single("q") | {"options": [{"id": "a", "text": "x", "right": False}] * 100_000}
    found = outcome(content, uids=Uids())
    assert isinstance(found, Refusal)
    assert "too many parts" in found.reason


def test_an_unknown_type_is_refused():
    found = outcome({"type": "riddle", "stem": "q"}, uids=Uids())
    assert isinstance(found, Refusal)
    assert "riddle" in found.reason
