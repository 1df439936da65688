"""Pasting, pictures, check questions and changing the format of a lesson, through the author's doors."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses import block_writing, bodies, converting
from courses.models import CourseMedia, LessonText
from tests.courses.folders import PNG
from tests.courses.test_author_pages import client_of
from tests.courses.test_rich_text import CHECK
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course

pytestmark = pytest.mark.django_db

MARKDOWN = "## Hi\n\nWords and a [link](lesson:rich).\n\n:::note Here\n- {{local.max_cost}}\n:::\n"
RICH = f"<h2>Hi</h2>\n<p>H<sub>2</sub>O</p>\n{CHECK}"
FORM = {
    "kind": "single",
    "stem": "Which?",
    "options.0.id": "a",
    "options.0.text": "This",
    "options.0.right": "on",
    "options.0.feedback": "Yes: it is this.",
    "options.1.id": "b",
    "options.1.text": "That",
    "act": "keep",
}


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner):
    lessons = [
        ("text", "plain", {"body": MARKDOWN}),
        ("text", "rich", {"body": RICH, "source_format": "html"}),
    ]
    return draft_course(slug="writing", owner=owner, lessons=lessons)


@pytest.fixture
def client(owner, course):
    return client_of(owner)


def text_of(uid):
    return LessonText.objects.get(lesson__course__slug="writing", lesson__uid=uid)


def url(uid, page):
    return f"/author/courses/writing/lessons/{uid}/{page}/"


def test_what_is_pasted_comes_back_in_the_format_of_the_lesson(client):
    given = {"html": "<h1>Title</h1><p style='color:red'>Words <img src='file:///x.png'></p>", "text": "Title Words"}
    rich = client.post(url("rich", "paste"), given).json()
    assert rich["text"] == "<h2>Title</h2>\n<p>Words <em>[Picture]</em></p>\n"
    assert rich["said"] == "1 picture could not come along. Put it in by “Picture” where its words stand."
    plain = client.post(url("plain", "paste"), given).json()
    assert plain["text"] == "## Title\n\nWords *\\[Picture\\]*\n"
    assert text_of("rich").version == text_of("plain").version == 1


def test_a_picture_is_kept_under_a_free_name(client, course):
    def send(name, data):
        return client.post(url("rich", "picture"), {"picture": SimpleUploadedFile(name, data)})

    first = send("Map of it.png", PNG).json()
    assert first["name"] == "map-of-it.png"
    served = client.get(first["url"])
    assert served.status_code == 200
    assert b"".join(served.streaming_content) == PNG
    assert send("Map of it.png", PNG).json() == first
    assert send("map-of-it.png", PNG + b"1").json()["name"] == "map-of-it-2.png"
    assert set(CourseMedia.objects.filter(course=course).values_list("name", flat=True)) == {
        "map-of-it.png",
        "map-of-it-2.png",
    }
    for name, data in (("x.png", b"no picture"), ("x.pdf", b"%PDF-1.4 x"), ("x.svg", b"<html>")):
        refused = send(name, data)
        assert (refused.status_code, bool(refused.json()["said"])) == (422, True)
    assert client.post(url("rich", "picture")).status_code == 422


def test_a_lesson_changes_its_format_only_after_a_look_and_keeps_what_it_was(client):
    page = client.get(url("plain", "convert")).content.decode()
    assert "Turn it into rich text" in page
    assert "&lt;aside class=&quot;callout note&quot; data-title=&quot;Here&quot;&gt;" in page
    assert text_of("plain").content["body"] == MARKDOWN
    answer = client.post(url("plain", "convert"), {"version": 1, "to": "html"})
    assert answer.status_code == 302
    changed = text_of("plain")
    assert (changed.content["source_format"], changed.version) == ("html", 2)
    assert changed.revisions.get(version=1).content["body"] == MARKDOWN
    assert client.post(url("plain", "convert"), {"version": 2, "to": "md"}).status_code == 302
    assert text_of("plain").content == {"body": MARKDOWN, "source_format": "md"}


def test_what_markdown_cannot_say_is_told_before(client):
    page = client.get(url("rich", "convert")).content.decode()
    assert "Raised and lowered signs stand on the line." in page
    table = "<table><caption>Loans</caption><tbody><tr><td>1</td></tr></tbody></table>"
    assert converting.losses(table) == ["Captions of tables become paragraphs above them."]
    late = client.post(url("rich", "convert"), {"version": 7, "to": "md"})
    assert (late.status_code, text_of("rich").content["source_format"]) == (409, "html")
    assert client.post(url("rich", "convert"), {"version": "x", "to": "doc"}).status_code in (409, 422)


@pytest.mark.parametrize("uid", ["plain", "rich"])
def test_a_check_question_is_put_in_written_anew_and_taken_out_without_script(client, uid):
    before = len(bodies.fences(text_of(uid).content["body"], bodies.format_of(text_of(uid).content), ["check"]))
    page = client.get(url(uid, "check")).content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    answer = client.post(url(uid, "check"), {**FORM, "version": version})
    assert answer.status_code == 302, answer.content.decode()
    body, form = text_of(uid).content["body"], bodies.format_of(text_of(uid).content)
    new = block_writing.block_at(body, form, "check", before)
    assert "stem: Which?" in new
    assert f"uid: {uid}-" in new

    address = f"{url(uid, 'check')}?at={before}"
    page = client.get(address).content.decode()
    assert "Which?" in page
    was = re.search(r'name="was" value="([^"]*)"', page)[1].replace("&#x27;", "'")
    again = {**FORM, "stem": "Which one?", "was": was, "version": 2, "options.0.was": "a", "options.1.was": "b"}
    assert client.post(address, again).status_code == 302
    body = text_of(uid).content["body"]
    assert block_writing.block_at(body, form, "check", before) == new.replace("Which?", "Which one?")

    late = client.post(address, {**again, "act": "remove"})
    assert late.status_code == 409
    assert client.post(address, {**again, "act": "remove", "version": 3}).status_code == 302
    assert block_writing.block_at(text_of(uid).content["body"], form, "check", before) is None
    assert client.get(address).status_code == 404


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(client):
    answer = client.post(url("plain", "check"), {**FORM, "options.0.right": "", "stem": "", "options.1.text": "Kept"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Kept" in page
    assert 'aria-describedby="q-stem-error ' in page
    redrawn = client.post(url("plain", "check"), {**FORM, "act": "add:options"}).content.decode()
    assert 'name="options.2.text"' in redrawn
    assert text_of("plain").version == 1


def test_the_editor_gets_the_question_and_the_lesson_stays_as_it_is(client):
    given = client.post(url("rich", "check"), {**FORM, "give": "1"}).json()
    assert given["words"] == "Which?"
    assert given["yaml"].startswith("uid: rich-")
    drawn = client.post(url("rich", "check"), {"give": "1", "act": "open", "was": given["yaml"]}).content.decode()
    assert "Yes: it is this." in drawn
    assert "<html" not in drawn
    other = client.post(
        url("rich", "check"), {"give": "1", "act": "open", "kind": "tf", "stem": "Kept?"}
    ).content.decode()
    assert "Kept?" in other
    assert 'name="kind" value="tf"' in other
    assert text_of("rich").version == 1


@pytest.mark.parametrize("kind", ["multi", "tf", "text"])
def test_other_kinds_have_their_form_and_those_that_people_mark_have_none(client, kind):
    assert client.get(f"{url('plain', 'check')}?kind={kind}").status_code == 200
    assert client.get(f"{url('plain', 'check')}?kind=essay").status_code == 404


@pytest.mark.parametrize("form", ["md", "html"])
def test_blocks_among_other_words_are_found_by_their_number(form):
    body = "Before.\n" if form == "md" else "<p>Before.</p>\n"
    for yaml in ("stem: ```one```\n", "stem: two\n", "stem: three & <four>\n"):
        body = block_writing.put_block(body, form, "check", yaml)
    assert [block_writing.block_at(body, form, "check", number) for number in (0, 2, 3)] == [
        "stem: ```one```\n",
        "stem: three & <four>\n",
        None,
    ]
    less = block_writing.drop_block(body, form, "check", 1)
    assert block_writing.block_at(less, form, "check", 1) == "stem: three & <four>\n"
    assert "two" not in less
    assert "Before." in less
    with pytest.raises(LookupError):
        block_writing.put_block(less, form, "check", "x", number=5)
