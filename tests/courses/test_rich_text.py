"""Rich text: lessons whose source is HTML become the pages that Markdown becomes, and are held to the same rules."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses import bodies, checks, converting, html_tree, markup, markup_html, merging
from courses.folder.reading import read
from courses.folder.tree import scan
from courses.folder.writing import write
from courses.kinds import prose
from courses.models import LessonText
from courses.registry import blocks
from courses.selectors.writing import readable
from courses.services import drafts
from courses.services.importing import import_folder
from courses.services.publishing import publish
from tests.factories.courses import course_spec, publish_course
from tests.harmless import Parts, assert_harmless

ROOT = Path(__file__).parents[2]
XSS = ROOT / "tests" / "fixtures" / "xss"
SHA = "a" * 64
NAMES = ["check", "practice"]
VECTORS = json.loads((XSS / "sanitiser-vectors-half.json").read_text(encoding="utf-8"))
PAYLOADS = (XSS / "xss-payloads-sample.txt").read_text(encoding="utf-8").splitlines()
LESSONS = sorted((ROOT / "media" / "courses").glob("*/lessons/*.md"))

CHECK = """<pre data-block="check">
uid: C-1
type: single
stem: Is 2 &lt; 3?
options:
  - {id: a, text: "Yes", right: true}
  - {id: b, text: "No", right: false}
</pre>
"""
RICH_CARD = f'<p>x</p>\n<pre data-block="practice">\ntext: Play.\n</pre>\n{CHECK}'


def html(body, **media):
    segments, _headings = markup_html.render_segments(body, media=media, names=NAMES)
    return "".join(segment["html"] for segment in segments if "html" in segment)


def faults(body, *, uids=frozenset(), media=frozenset()):
    found = checks.text_faults("text", {"body": body, "source_format": "html"}, uids=set(uids), media=set(media))
    return [(path, sentence) for path, sentence in found]


def squashed(rendered):
    """Segments and headings without the white space between tags."""
    return re.sub(r"\s+", "", json.dumps(rendered).replace("\\n", ""))


@pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)
def test_a_lesson_looks_the_same_in_either_format(file):
    body = markup.normalise(file.read_text(encoding="utf-8").split("---\n", 2)[2])
    rich = converting.to_html(body, NAMES)
    before = markup.render_segments(body, media={}, names=NAMES)
    assert squashed(before) == squashed(markup_html.render_segments(rich, media={}, names=NAMES))
    assert converting.to_markdown(rich, NAMES) == body
    assert not faults(rich, uids={"five-words"}, media=set(bodies.used_media(body, "md")))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.get("title", "untitled")[:60])
def test_a_sanitiser_vector_is_as_harmless_as_in_any_other_html(vector):
    assert_harmless(html(vector["payload"]))
    ours, strict = Parts(html(vector["payload"])), Parts(markup.sanitise(vector["payload"]))
    # What our own vocabulary adds is a box around tables and call-outs; nothing that was written passes more easily.
    assert ours.tags <= strict.tags | {
        "div",
        "svg",
        "use",
        "section",
        "ol",
        "li",
        "sup",
        "a",
        "p",
        "hr",
        "details",
        "summary",
        "strong",
        "tbody",
        "code",
    }
    for name, value in ours.values:
        if name in ("src", "href") and not value.startswith("#"):
            assert (name, value) in strict.values


def test_every_payload_is_harmless_as_rich_text_and_in_each_of_its_places():
    for payload in PAYLOADS:
        assert_harmless(html(payload))
        assert_harmless(html(f'<aside class="callout note" data-title="{payload}">{payload}</aside>'))
        assert_harmless(html(f'<p>x<span class="footnote">{payload}</span></p><h2>{payload}</h2>'))
        assert_harmless(html(f"<table><tr><th>{payload}</th></tr><tr><td>{payload}</td></tr></table>"))
        assert_harmless(html(converting.to_html(payload, NAMES)))


@given(st.text(st.sampled_from("<>/=\"'&; \n\t![]abpre h2asidenotescriptimgsrcalt:{}#-`*"), max_size=200))
@settings(max_examples=150)
def test_any_tag_soup_is_harmless(soup):
    assert_harmless(html(soup))
    bodies.faults(soup, "html")
    bodies.references(soup, "html")
    assert_harmless(html(converting.laid_out(soup)))


WORDS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=12),
    min_size=1,
    max_size=6,
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["p", "h2", "li", "tight", "loose", "td", "aside", "strong", "note"]), WORDS),
        max_size=5,
    )
)
@settings(max_examples=150, deadline=None)
def test_words_survive_the_way_to_markdown_and_back(pieces):
    frames = {
        "p": "<p>{}</p>",
        "h2": "<h2>{}</h2>",
        "li": "<ul><li><p>{}</p></li></ul>",
        "tight": "<ol><li>{}</li></ol>",
        "loose": '<aside class="callout note">{}</aside>',
        "td": "<table><tbody><tr><th><p>{0}</p></th></tr><tr><td><p>{0}</p></td></tr></tbody></table>",
        "aside": '<aside class="callout try"><p>{}</p></aside>',
        "strong": "<p>a <strong>{}</strong> b</p>",
        "note": '<p>a<span class="footnote">{}</span></p>',
    }
    said = [" ".join(words) for _frame, words in pieces]
    rich = "\n".join(
        frames[frame].format(markup_html.escape(text, quote=False))
        for (frame, _words), text in zip(pieces, said, strict=True)
    )
    there = converting.to_markdown(rich, NAMES)
    again = markup.plain(markup.render(there))
    assert again == markup.plain(html(rich)), there


@pytest.mark.parametrize("said", ["#", "a ##", "C#", "# a #"])
def test_a_number_sign_at_the_end_of_a_heading_is_no_mark(said):
    there = converting.to_markdown(f"<h2>{said}</h2>", NAMES)
    assert markup.plain(markup.render(there)) == said


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<h2>A heading</h2>", '<h2 id="s-a-heading">A heading</h2>'),
        ("<ul><li><p>One</p></li></ul>", "<ul><li>One</li></ul>"),
        ("<p>x <a href=\"lesson:one#s-a\">y</a></p>", '<p>x <a href="lesson:one#s-a">y</a></p>'),
        ('<figure><img src="media/map.png" alt="Map"></figure>', f'<figure><img src="media:{SHA}/map.png" alt="Map"></figure>'),
        ('<img src="media/map.png" alt="" data-decorative="">', f'<img src="media:{SHA}/map.png" alt="">'),
        ('<img src="https://example.org/x.png" alt="x">', '<img alt="x">'),
        ('<p style="color:red" onclick="x()" class="lead">Words</p>', "<p>Words</p>"),
        ("<p>{{local.max_cost}}</p>", "<p>{{local.max_cost}}</p>"),
    ],
)  # fmt: skip
def test_rich_text_becomes(body, shown):
    assert html(body, **{"map.png": SHA}).strip() == shown


def test_callouts_footnotes_and_tables_are_those_of_markdown():
    rich = (
        '<aside class="callout warn" data-title="Mind <b>"><p>Text.</p></aside>\n'
        '<p>Here<span class="footnote">See <a href="https://example.org/">this</a>.</span></p>\n'
        "<table><tbody><tr><th><p>A</p></th><th class='num'><p>B</p></th></tr>"
        '<tr><td><p>1</p></td><td class="num"><p>2</p></td></tr></tbody></table>\n'
        '<aside class="callout details"><p>Deep.</p></aside>\n'
    )
    plain = (
        ":::warn Mind <b>\nText.\n:::\n\nHere[^1]\n\n| A | B |\n|---|--:|\n| 1 | 2 |\n\n:::details\nDeep.\n:::\n\n"
        "[^1]: See [this](https://example.org/).\n"
    )
    assert squashed(html(rich)) == squashed(markup.render(plain))


def test_a_block_is_shown_with_its_yaml_read_and_the_rest_around_it():
    source = {"body": f"<h2>One</h2>\n{CHECK}<p>After.</p>\n", "source_format": "html", "media": {}}
    before, check, after = prose.render_body(source)["segments"]
    assert (before["html"].strip(), after["html"]) == ('<h2 id="s-one">One</h2>', "<p>After.</p>\n")
    assert (check["id"], check["source"]["stem"]) == ("check-1", "Is 2 < 3?")
    assert prose.count_checks(source) == 1


@pytest.mark.parametrize(
    ("body", "path", "said"),
    [
        ("<h1>Title</h1>", "body:1", "h1 is the page’s own heading"),
        ('<p>x</p>\n<p><img src="media/a.png"></p>', "body:2", "no alternative text"),
        ('<p>x</p>\n<p><img src="media/a.png" alt=" "></p>', "body:2", "no alternative text"),
        ('<p>x</p>\n\n<p><a href="media/gone.pdf">y</a></p>', "body:3", "“media/gone.pdf” is not there"),
        ('<p><a href="lesson:gone">y</a></p>', "body:1", "“gone”, which is not in this course"),
        ('<p><a href="javascript:x()">y</a></p>', "body:1", "leads nowhere here"),
        ("<p>x</p><p>\n{{local.nothing}}</p>", "body:2", "unknown local word “nothing”"),
        (f"<p>x</p>\n{CHECK}".replace("single", "dance"), "body:4", "“type” is “dance”"),
        (f"<p>x</p>\n<aside class='callout note'>\n{CHECK}</aside>", "body:3", "stands outside of lists"),
        ('<pre data-block="practice">\nlesson: gone\n</pre>', "body:2", "no lesson of this course has the uid “gone”"),
    ],
)
def test_a_fault_is_told_with_its_line(body, path, said):
    found = faults(body, uids={"one"}, media={"a.png"})
    assert any(where == path and said in sentence for where, sentence in found), found


def test_pictures_that_only_adorn_need_no_words():
    body = '<p><img src="media/a.png" alt="" data-decorative></p>'
    assert faults(body, media={"a.png"}) == []


def test_an_author_is_told_what_no_page_shows_and_which_level_is_left_out():
    body = '<h2>a</h2>\n<h4>b</h4>\n<div>x</div>\n<p style="">y</p>\n<video src="x"></video>'
    said = prose.body_warnings({"body": body, "source_format": "html"})
    assert [path for path, _sentence in said] == ["body:2", "body:3", "body:4", "body:5"]
    assert "level 4 follows one of level 2" in said[0][1]
    assert prose.body_warnings({"body": "## a\n\n#### b\n", "source_format": "md"})[0][0] == "body:3"


def test_files_that_rich_text_uses_are_those_of_the_edition():
    body = '<p><a href="media/b.pdf">b</a></p><p>![](media/no.png)</p>'
    content = {"body": body, "source_format": "html"}
    assert prose.body_source(content, {"b.pdf": SHA, "no.png": SHA})["media"] == {"b.pdf": SHA}
    spec = course_spec(slug="used", lessons=[("text", "one", content)])
    assert checks.used_media(spec) == {"b.pdf"}


@pytest.mark.django_db
def test_a_card_leads_to_practice_in_both_formats(client):
    card = "lesson: two\ntext: Once more at the desk.\n"
    course = publish_course(
        lessons=[
            ("text", "one", {"body": f"Words.\n\n```practice\n{card}```\n"}),
            ("text", "two", {"body": RICH_CARD, "source_format": "html"}),
        ]
    )  # fmt: skip
    page = client.get(f"/courses/{course.slug}/one/").content.decode()
    assert "Once more at the desk." in page
    assert f'href="/courses/{course.slug}/two/"' in page
    assert "Check yourself" not in page
    page = client.get(f"/courses/{course.slug}/two/").content.decode()
    assert 'href="/practice/"' in page
    assert page.count("Check yourself") == 1
    summaries = course.current_edition.texts.get().part.rendered["summaries"]
    assert (summaries["one"], summaries["two"]) == ("Text", "Text, with 1 check question")


@pytest.mark.django_db
def test_a_folder_with_rich_text_comes_back_with_the_same_hash(tmp_path):
    rich = (
        f'<h2>One &amp; two</h2>\n<aside class="callout note" data-title="Here"><p>{{{{local.max_cost}}}}</p></aside>\n'
        f'<p>Go to <a href="lesson:two">two</a>.<span class="footnote">Really.</span></p>\n{CHECK}'
    )
    course = publish_course(
        lessons=[("text", "one", {"body": rich, "source_format": "html"}), ("text", "two", {"body": "Two.\n"})]
    )
    write(drafts.load(course), tmp_path)
    assert read(scan(tmp_path)).spec == drafts.load(course)
    head = (tmp_path / "course.yaml").read_text(encoding="utf-8")
    (tmp_path / "course.yaml").write_text(head.replace(f"slug: {course.slug}", "slug: again-here"), encoding="utf-8")
    again = import_folder(path=tmp_path, actor=None).course
    assert publish(course=again, kind="minor", note="x", actor=None).hash == course.current_edition.hash


def test_every_block_can_stand_in_rich_text():
    assert set(NAMES) == set(blocks)


@pytest.mark.parametrize("pair", [("<blockquote>", "</blockquote>"), ("<ul><li>", "</li></ul>"), ("<b>", "</b>")])
def test_whatever_lies_in_each_other_comes_to_an_end(pair):
    """Pages that are copied may be built of hundreds of boxes; a text that ends nowhere would lock its author out."""
    deep = f"{pair[0] * 3000}Words.{pair[1] * 3000}<p>After.</p>"
    segments, _headings = markup_html.render_segments(deep, media={}, names=NAMES)
    assert markup.plain(segments[0]["html"]) == "Words. After."
    assert bodies.faults(deep, "html") == []
    assert "Words." in converting.to_markdown(deep, NAMES)
    assert "After." in converting.to_markdown(deep, NAMES)


ENDLESS = ["<a ", "<a href='", "<![a", "<!--", "</b ", "<a b=<", "<script", "<textarea>"]


@pytest.mark.parametrize("piece", ENDLESS)
def test_tags_that_never_end_are_read_to_their_end(piece):
    """The library's parser takes minutes for the first and stops at the third."""
    text = f"<p>Words.</p>\n{piece * 20_000}"
    assert bodies.headings(f"<h2>One</h2>\n{text}", "html") == [(2, 0)]
    assert "".join(map(str, merging.blocks_of(text, "html"))) == text
    assert readable(LessonText(content={"body": text, "source_format": "html"})).startswith("Words.")


SCRAPS = ["<p>", "<b>", "</b>", "<a href='>'>", '<a href="a>b"', "<a href=x", "</a>", "<i\n>", "<img src=x ", ">", "<"]
SCRAPS += ["<!-- <b> -->", "<!-->", "<em/>", "&lt;", "<ul><li>", "</ul>", "words ", "'", '"', "<?x", "</", "<![a"]


@given(st.lists(st.sampled_from(SCRAPS), max_size=12).map("".join))
def test_every_tag_that_the_sanitiser_keeps_was_seen_as_written(text):
    kept = {element.tag for element in markup_html.read(text).walk()}
    seen = {name for name, _attributes, _line in html_tree.written(text)}
    assert kept <= seen
