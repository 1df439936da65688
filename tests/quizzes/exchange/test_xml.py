"""XML that means harm, is broken or is something else is refused whole, with the reason and nothing taken."""

import contextlib
import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from quizzes.exchange import xml
from quizzes.exchange.registry import formats
from quizzes.exchange.values import Unreadable

pytestmark = pytest.mark.usefixtures("deadline")

BOMB = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))


def pieces(data: bytes) -> list[xml.Node]:
    return list(xml.pieces(io.BytesIO(data), root={"quiz"}, named={"question"}))


HARMFUL = {
    "an entity bomb": (
        f'<!DOCTYPE quiz [<!ENTITY a0 "ha">{BOMB}]><quiz><question>&a9;</question></quiz>'.encode(),
        "document type",
    ),
    "an external entity": (
        b'<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question>&x;</question></quiz>',
        "document type",
    ),
    "a parameter entity": (b'<!DOCTYPE quiz [<!ENTITY % x SYSTEM "http://example.org/x">%x;]><quiz/>', "document type"),
    "an external document type": (b'<!DOCTYPE quiz SYSTEM "http://example.org/quiz.dtd"><quiz/>', "document type"),
    "an unknown entity": (b"<quiz><question>&nbsp;</question></quiz>", "undefined entity"),
    "a file cut off": (b"<quiz>\n<question>one</question>\n<question>tw", "Line 3: the file breaks off"),
    "a file cut off within a tag": (b"<quiz>\n<question>one</question>\n<quest", "breaks off"),
    "tags that do not fit": (b"<quiz>\n<question></quiz>", "Line 2: the file is not sound XML (mismatched tag)"),
    "no XML": (b"What is lent?\nA. Books\nANSWER: A", "Line 1: the file is not sound XML"),
    "nothing": (b"", "The file is empty."),
    "another kind of XML": (b"<html><body/></html>", "it begins with <html>"),
    "bytes that are not UTF-8": (b"<quiz>\n<question>caf\xe9</question></quiz>", "Line 2: the file is not sound XML"),
    "an unknown encoding": (b"<?xml version='1.0' encoding='klingon'?><quiz/>", "encoding that is not known"),
    "an encoding of several bytes": (
        b"<?xml version='1.0' encoding='shift_jis'?><quiz/>",
        "encoding that is not known",
    ),
    "too many levels": (b"<quiz>" + b"<question>" * 200 + b"</question>" * 200 + b"</quiz>", "nested too deeply"),
    "too many parts": (b"<quiz><question>" + b"<a/>" * 30_000 + b"</question></quiz>", "too many parts"),
    "an endless tag": (b"<quiz><question name='" + b"a" * 4_000_000 + b"'/></quiz>", "too long"),
}


@pytest.mark.parametrize(("data", "reason"), HARMFUL.values(), ids=HARMFUL)
def test_harm_is_refused_and_nothing_is_taken(data: bytes, reason: str):
    found = xml.pieces(io.BytesIO(data), root={"quiz"}, named={"question"})
    with pytest.raises(Unreadable, match=".*") as caught:
        next(found)
    assert reason in caught.value.message


@pytest.mark.parametrize("name", ["moodlexml", "qti", "qti3"])
@pytest.mark.parametrize(("data", "reason"), [HARMFUL["an entity bomb"], HARMFUL["an external entity"]])
def test_every_format_of_xml_refuses_entities(name: str, data: bytes, reason: str):
    for root in (b"quiz", b"assessmentItem", b"questestinterop", b"qti-assessment-item"):
        with pytest.raises(Unreadable):
            list(formats[name].read(io.BytesIO(data.replace(b"quiz", root)), name="x.xml"))


def test_one_question_may_not_be_endless(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(xml, "MAX_CHARACTERS", 1000)
    assert len(pieces(b"<quiz>" + b"<question>" + b"a" * 900 + b"</question></quiz>")) == 1
    with pytest.raises(Unreadable, match="one question is too long"):
        pieces(b"<quiz><question>" + b"a" * 2000 + b"</question></quiz>")


def test_a_piece_knows_its_line_and_what_is_in_it():
    [first, second] = pieces(
        b'<?xml version="1.0"?>\n<quiz>\n<question type="a" xml:lang="de"><b>x<i>y</i>z</b></question>\n\n<question/></quiz>'
    )
    assert (first.line, second.line) == (3, 5)
    assert first.attributes == {"type": "a", "lang": "de"}
    assert first.words("b") == "xyz"
    assert xml.inner_html(first) == "<b>x<i>y</i>z</b>"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_text_is_read_in_the_encoding_that_the_file_says(encoding: str):
    text = f'<?xml version="1.0" encoding="{encoding}"?><quiz><question>Müßte é</question></quiz>'
    assert pieces(text.encode(encoding))[0].whole() == "Müßte é"


def test_what_is_written_is_read_back():
    written = xml.element("quiz", xml.element("question", xml.text("a < b & ]]> c"), name='x "y"\n\tz <'))
    [node] = pieces(written.encode())
    assert node.whole() == "a < b & ]]> c"
    assert node.attributes["name"] == 'x "y"\n\tz <'


@given(st.text(), st.text())
@settings(max_examples=200, deadline=None)
def test_any_text_that_xml_can_hold_comes_back(words: str, name: str):
    assume(not xml.unwritable(words + name))
    [node] = pieces(xml.element("quiz", xml.element("question", xml.text(words), name=name)).encode())
    assert node.whole() == words.replace("\r\n", "\n").replace("\r", "\n")
    assert node.attributes["name"] == name


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes):
    for name in ("moodlexml", "qti"):
        with contextlib.suppress(Unreadable):
            list(formats[name].read(io.BytesIO(data), name="x"))


def test_five_thousand_pieces_take_the_memory_of_few():
    def peak(count: int) -> int:
        piece = b"<question><name><text>n</text></name><text>" + b"word " * 100 + b"</text></question>"
        file = io.BytesIO(b"<quiz>" + piece * count + b"</quiz>")
        tracemalloc.start()
        found: Iterator[xml.Node] = xml.pieces(file, root={"quiz"}, named={"question"})
        assert sum(1 for _each in found) == count
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    few = peak(500)
    assert peak(5000) < few * 1.3
    assert few < 3_000_000
