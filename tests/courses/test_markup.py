"""Markdown to sanitised HTML, and tokens to addresses."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import markup
from courses.anchors import Headings
from tests.harmless import Parts, assert_harmless

FIXTURES = Path(__file__).parents[1] / "fixtures"
SHA = "a" * 64
VECTORS = json.loads((FIXTURES / "xss" / "sanitiser-vectors-half.json").read_text(encoding="utf-8"))
PAYLOADS = (FIXTURES / "xss" / "xss-payloads-sample.txt").read_text(encoding="utf-8").splitlines()
NAUGHTY = json.loads((FIXTURES / "naughty-strings" / "blns-half.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.get("title", "untitled")[:60])
def test_a_sanitiser_vector_leaves_nothing_that_dompurify_would_take_out(vector):
    ours = markup.sanitise(vector["payload"])
    assert_harmless(ours)
    expected = vector["expected"] if isinstance(vector["expected"], list) else [vector["expected"]]
    theirs = [Parts(each) for each in expected]
    # A bare div or tbody does nothing; what counts is that no other tag and no attribute is left.
    assert any(Parts(ours).tags <= each.tags | {"tbody", "div"} for each in theirs), ours
    assert any(Parts(ours).attributes <= each.attributes for each in theirs), ours


def test_every_payload_line_is_harmless_as_html_and_as_markdown():
    for payload in [*PAYLOADS, *NAUGHTY]:
        assert_harmless(markup.sanitise(payload))
        assert_harmless(markup.render(payload))
        assert_harmless(markup.render(f"[x]({payload}) ![y]({payload})\n\n:::note {payload}\n{payload}\n:::\n"))


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=200))
def test_any_text_renders_to_harmless_html(text):
    assert_harmless(markup.render(text))


def test_payloads_in_local_words_are_escaped():
    for payload in PAYLOADS[:200]:
        html = markup.resolve('<p title="">{{local.max_cost}}</p>', course_slug="x", words={"max_cost": payload})
        assert Parts(html).tags == {"p"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**b** *i* `c`", "<p><strong>b</strong> <em>i</em> <code>c</code></p>\n"),
        ("## A heading", '<h2 id="s-a-heading">A heading</h2>\n'),
        ("## Same\n\n## Same", '<h2 id="s-same">Same</h2>\n<h2 id="s-same-2">Same</h2>\n'),
        ("## 漢字", '<h2 id="s-heading">漢字</h2>\n'),
        ("<b>raw</b>", "<p>&lt;b&gt;raw&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](/admin/)", "<p><a>x</a></p>\n"),
        ("![](https://example.org/x.png)", '<p><img alt=""></p>\n'),
        ("[x](lesson:five-words#s-a)", '<p><a href="lesson:five-words#s-a">x</a></p>\n'),
        ("![A map](media/map.png)", f'<p><img src="media:{SHA}/map.png" alt="A map"></p>\n'),
        ("![](media/other.png)", '<p><img alt=""></p>\n'),
        ("Due {{local.max_cost}}.", "<p>Due {{local.max_cost}}.</p>\n"),
    ],
)
def test_markdown_becomes(text, html):
    assert markup.render(text, media={"map.png": SHA}) == html


def test_callouts_and_details_are_those_of_the_design():
    html = markup.render(":::warn Mind *this*\nText.\n:::\n\n:::details More\nDeep.\n:::\n")
    assert '<div class="callout" data-tone="warn" role="note"><svg class="icon"' in html
    assert "<strong>Mind *this*</strong>" in html
    assert '<details class="details"><summary><svg class="icon icon--turn"' in html


def test_tables_and_footnotes_are_kept():
    html = markup.render("a[^1]\n\n[^1]: note\n\n|a|b|\n|-|-:|\n|1|2|\n")
    assert '<td class="num">2</td>' in html
    assert '<a href="#fn1" id="fnref1">' in html
    assert "style=" not in html


def test_a_table_scrolls_as_a_whole_under_the_name_of_its_columns():
    html = markup.render("| Term | *Plain* & `short` |\n|-|-|\n| a | an *odd* word |\n")
    name = "Term, Plain &amp; short"
    assert (
        f'<div class="scroll-x" tabindex="0" role="group" aria-label="{name}"><table class="table table--keep">' in html
    )
    assert "<td>an <em>odd</em> word</td>" in html


def test_the_words_of_a_text_are_words_and_no_entities():
    html = markup.render("R&D at < 5 %, “quoted” \\<b> and &copy;\n")
    assert "&amp;" in html
    assert markup.plain(html) == "R&D at < 5 %, “quoted” <b> and ©"


def test_emphasis_divides_no_words_and_blocks_do():
    assert markup.plain("<p>When you send <em>Cancel</em>, H<sub>2</sub>O</p><ul><li>a</li><li>b<br>c</li></ul>") == (
        "When you send Cancel, H2O a b c"
    )


def test_blocks_cut_the_text_into_segments():
    text = "Before.\n\n```check\nuid: a\n```\n\nBetween.\n\n```python\nx\n```\n"
    segments, _headings = markup.render_segments(text, media={}, names=["check"])
    assert segments[0] == {"html": "<p>Before.</p>\n"}
    assert segments[1] == {"block": "check", "text": "uid: a\n"}
    assert '<pre tabindex="0"><code>x\n</code></pre>' in segments[2]["html"]


def test_footnotes_work_across_blocks():
    segments, _headings = markup.render_segments("a[^1]\n\n```check\nx\n```\n\n[^1]: note\n", media={}, names=["check"])
    assert "fnref1" in segments[0]["html"]
    assert 'id="fn1"' in segments[2]["html"]


def test_a_fence_in_a_list_is_said_to_be_nested():
    (fence,) = markup.fences("- item\n\n  ```check\n  uid: a\n  ```\n", ["check"])
    assert (fence.nested, fence.line) == (True, 2)


def test_references_tell_kind_target_and_line():
    text = "![](media/a.png)\n\n[x](lesson:one#s-b) {{local.max_cost}} [y](/z)\n[f](media/b.pdf)"
    assert markup.references(text) == [
        ("media", "a.png", 0),
        ("lesson", "one", 2),
        ("local", "max_cost", 2),
        ("other", "/z", 2),
        ("media", "b.pdf", 2),
    ]
    assert markup.used_media(text) == ["a.png", "b.pdf"]


def test_raw_html_is_found_with_its_line():
    assert markup.raw_html("Fine.\n\n<div>x</div>\n\nA <br> here") == [("<div>x</div>", 2), ("<br>", 4)]
    assert markup.raw_html("`<b>` and a < b and <https://example.org>") == []


def test_tokens_become_addresses_of_the_course_that_shows_them():
    html = (
        f'<img src="media:{SHA}/map.png" alt="{{{{local.a}}}}"><a href="lesson:one">x</a><a href="lesson:one#s-b">y</a>'
    )
    assert markup.resolve(html, course_slug="fork", words={"a": '"><b>'}) == (
        f'<img src="/courses/fork/media/{SHA}/map.png" alt="&quot;&gt;&lt;b&gt;">'
        '<a href="/courses/fork/one/">x</a><a href="/courses/fork/one/#s-b">y</a>'
    )
    assert markup.resolve(f"media:{SHA}/a.mp4", course_slug="c", words={}) == f"/courses/c/media/{SHA}/a.mp4"


def test_an_unknown_local_word_shows_nothing():
    assert markup.resolve("<p>{{local.gone}}</p>", course_slug="c", words={}) == "<p></p>"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("\r\na\r\n\r\n", "a\n"), ("", ""), (" \n ", ""), ("a", "a\n"), ("a\n\n\nb", "a\n\n\nb\n")],
)
def test_bodies_are_kept_in_one_form(given, kept):
    assert markup.normalise(given) == kept


@pytest.mark.parametrize("piece", ["[", "![", "^[", "[^", "[[]", "[a"])
def test_brackets_that_never_close_cost_so_much_each_and_no_more(piece, monkeypatch):
    looked = []
    real = markup.MARKDOWN.inline.skipToken

    def counted(state):
        looked.append(state.pos)
        real(state)

    monkeypatch.setattr(markup.MARKDOWN.inline, "skipToken", counted)
    steps = []
    for size in (1000, 4000):
        looked.clear()
        markup.references((piece * size)[:size])
        steps.append(len(looked) / size)
    assert max(steps) < 30, "steps for each sign"
    assert steps[1] < steps[0] * 1.2, "and no more of them in a longer text"


def test_after_many_brackets_that_never_close_links_are_links():
    html = markup.render("[" * 200 + " [see](https://example.org/)\n\n[![On it](media/a.png)](https://example.org/)")
    assert html.count('href="https://example.org/"') == 2
    assert "[[[" in html


def test_headings_of_the_same_words_have_ids_of_their_own_at_the_same_cost_each():
    headings = Headings()
    assert [headings.add(words) for words in ("a", "a-2", "a", "b", "a")] == ["s-a", "s-a-2", "s-a-3", "s-b", "s-a-4"]

    class Asked(set):
        times = 0

        def __contains__(self, each: object) -> bool:
            self.times += 1
            return super().__contains__(each)

    headings._taken = Asked(headings._taken)
    for _again in range(500):
        headings.add("a")
    assert headings._taken.times <= 502
