"""GIFT: what its signs mean, what is written comes back, and a broken question harms no other."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.exchange import gift
from quizzes.exchange.values import Exported, Item, Meta, Refusal, Unreadable
from quizzes.registry import types
from tests.factories import generated_questions as generated


def read(text: str | bytes) -> list[Item | Refusal]:
    data = text.encode() if isinstance(text, str) else text
    return list(gift.read(io.BytesIO(data), name="q.gift"))


def one(text: str) -> Item:
    [item] = read(text)
    assert isinstance(item, Item), item
    return item


# what is written comes back

META = Meta(
    name="Lending: a start", topic="Copyright/Lending", difficulty="easy", tags=("two words", "a]b\\c"), language="de",
    author="Rosa Delgado", licence="CC BY 4.0", review_by="2027-01-31",
)  # fmt: skip


@given(
    st.one_of(
        generated.single(),
        generated.multi(),
        generated.truth(),
        generated.match(),
        generated.words(),
        generated.numbers(),
        generated.essay(),
    )
)
@settings(max_examples=300, deadline=None)
def test_a_question_that_gift_holds_comes_back_as_it_was(question: dict[str, Any]):
    content = generated.sound(question)
    out = io.BytesIO()
    refused = gift.write([Exported(content, META)], out)
    if refused:
        assert "reads -> as the middle" in refused[0].reason, refused
        assert out.getvalue() == b""
        return
    back = one(out.getvalue().decode())
    assert (back.content, back.meta) == (content, META)


def test_several_questions_keep_their_order_and_topics():
    questions = [
        Exported(one(f"::Q{number}::Is it {number}? {{T}}").content, Meta(name=f"Q{number}", topic=topic))
        for number, topic in enumerate(["", "A", "A", "B/C"])
    ]
    out = io.BytesIO()
    assert gift.write(questions, out) == []
    assert [(each.meta.name, each.meta.topic) for each in read(out.getvalue())] == [
        ("Q0", ""), ("Q1", "A"), ("Q2", "A"), ("Q3", "B/C"),
    ]  # fmt: skip


def test_a_question_that_is_refused_takes_no_topic_with_it():
    content = one("Is it? {T}").content
    asked = [Exported({**content, "points": 2}, Meta(topic="A")), Exported(content, Meta(topic="A"))]
    out = io.BytesIO()
    assert len(gift.write(asked, out)) == 1
    assert [each.meta.topic for each in read(out.getvalue()) if isinstance(each, Item)] == ["A"]


SINGLE = one("Who asks? {=We ~They}").content


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"hints": ["Think."]}, "hints"),
        ({"points": 3}, "points"),
        ({"stem": "![A map](media/map.png)"}, "files: map.png"),
    ],
    ids=["hints", "points", "files"],
)
def test_what_gift_cannot_hold_is_refused_by_name(change: dict[str, Any], named: str):
    out = io.BytesIO()
    [refused] = gift.write([Exported({**SINGLE, **change}), Exported(SINGLE)], out)
    assert named in refused.reason
    assert refused.where.number == 1
    assert len(read(out.getvalue())) == 1


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"type": "multi", "credit": "all"}, "weights only"),
        ({"type": "multi", "credit": "each"}, "weights only"),
    ],
)
def test_ways_of_giving_credit_that_are_not_weights_are_refused(content: dict[str, Any], named: str):
    [refused] = gift.write([Exported({**SINGLE, **content})], io.BytesIO())
    assert named in refused.reason


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"case": True}, "capital letters"),
        ({"accents": True}, "accents"),
    ],
)
def test_rules_of_short_answers_that_gift_lacks_are_refused(change: dict[str, Any], named: str):
    content = {**one("Who? {=we}").content, **change}
    [refused] = gift.write([Exported(content)], io.BytesIO())
    assert named in refused.reason


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"units": [{"id": "a", "text": "days", "factor": "1"}]}, "units"),
        ({"significant": 3}, "significant figures"),
        ({"answers": [{"id": "a", "value": "5", "tolerance": "10", "relative": True}]}, "percent"),
    ],
)
def test_rules_of_numbers_that_gift_lacks_are_refused(change: dict[str, Any], named: str):
    content = {**one("How many? {#5}").content, **change}
    [refused] = gift.write([Exported(content)], io.BytesIO())
    assert named in refused.reason


@pytest.mark.parametrize("kind", sorted({*generated.OTHERS} - {"essay"}))
def test_types_that_gift_lacks_are_refused_by_name(kind: str):
    [refused] = gift.write([Exported({"uid": "q", "type": kind, "stem": "q", **generated.OTHERS[kind]})], io.BytesIO())
    assert f"the type “{types[kind].label}”" in refused.reason


def test_a_rubric_of_ones_own_is_refused():
    content = one("Why? {}").content
    rubric = [{**content["rubric"][0], "text": "Structure"}]
    [refused] = gift.write([Exported({**content, "rubric": rubric})], io.BytesIO())
    assert "rubric" in refused.reason


# what the format means


def test_partial_credit_of_a_single_choice_is_a_share():
    options = one("Capital? {=%100%Canberra ~%25%Sydney ~Perth}").content["options"]
    assert [(each["right"], each.get("share")) for each in options] == [(True, None), (False, "25"), (False, None)]


def test_credit_taken_away_in_a_single_choice_is_told():
    item = one("Capital? {=Canberra ~%-50%Sydney}")
    assert "share" not in item.content["options"][1]
    assert any("take credit away" in each for each in item.warnings)


def test_equal_weights_are_the_default_credit():
    content = one("Even? {~%50%2 ~%50%4 ~%-50%3}").content
    assert (content["type"], content.get("credit")) == ("multi", None)
    assert all("share" not in each for each in content["options"])


def test_several_full_answers_of_a_single_choice_are_told():
    item = one("Even? {=2 =4 ~3}")
    assert [each["right"] for each in item.content["options"]] == [True, False, False]
    assert item.content["options"][1]["share"] == "100"
    assert any("Several answers earn everything" in each for each in item.warnings)


def test_stars_are_patterns_and_escaped_stars_are_stars():
    answers = one("Which? {=inter*loan =a\\*b}").content["answers"]
    assert answers[0] == {"id": "a", "text": "inter*loan", "match": "wildcard"}
    assert answers[1] == {"id": "b", "text": "a*b"}


def test_a_last_star_without_credit_replies_to_any_other_answer():
    content = one("Days? {#=5 =%50%5:1 ~#Think of the calendar.}").content
    assert content["other_feedback"] == "Think of the calendar."
    assert len(content["answers"]) == 2


def test_moodles_own_files_say_the_reply_to_a_wrong_answer_first():
    item = one("// question: 12  name: Grant\n::Grant::Grant is buried here.{TRUE#No, he is.#Yes.}")
    assert [each["feedback"] for each in item.content["options"]] == ["Yes.", "No, he is."]
    assert item.warnings == ()


def test_replies_to_true_in_other_files_come_with_a_warning():
    item = one("Grant is buried here.{TRUE#a#b}")
    assert [each["feedback"] for each in item.content["options"]] == ["a", "b"]
    assert any("Moodle means the others" in each for each in item.warnings)


def test_a_category_is_the_topic_of_what_follows():
    items = read("a? {T}\n\n$CATEGORY: $course$/top/Lending/First steps\n\nb? {T}\n\n$CATEGORY: Returns\nc? {T}")
    assert [each.meta.topic for each in items] == ["", "Lending/First steps", "Returns"]


def test_a_missing_word_leaves_a_blank():
    item = one("Grant is {~buried =entombed ~living} in Grant's tomb.")
    assert item.content["stem"] == "Grant is \\_\\_\\_\\_\\_ in Grant's tomb."


def test_tags_without_an_html_mark_are_live_as_in_moodle():
    item = one("Who <b>asks</b>? {=We &amp; you ~1 < 2}")
    assert item.content["format"] == "html"
    assert [each["text"] for each in item.content["options"]] == ["We &amp; you", "1 &lt; 2"]


def test_a_picture_of_moodle_is_named_and_told_to_be_missing():
    item = one('[html]<img src\\="@@PLUGINFILE@@/a%20map.png?time\\=1" alt\\="A map"> Where? {T}')
    assert item.content["stem"] == '<img src="media/a-map.png" alt="A map"> Where?'
    assert any("a-map.png" in each for each in item.warnings)


def test_uids_are_readable_and_once_in_a_file():
    uids = [each.content["uid"] for each in read("Why so? {T}\n\nWhy so? {F}\n\n::!?::漢字 {T}\n\n// [id:X-1]\nq {T}")]
    assert uids == ["why-so", "why-so-2", "question", "X-1"]


# files as they come


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_that_say_what_they_are_are_read_without_a_warning(encoding: str):
    [item] = read("// a comment in the first line\nWas heißt “œuvre”? {=Werk ~Ei}\n".encode(encoding))
    assert isinstance(item, Item)
    assert item.content["stem"] == "Was heißt “œuvre”?"
    assert item.warnings == ()


def test_western_text_is_read_with_a_warning_where_it_matters():
    plain, odd = read("Plain? {T}\n\nGehört “das” dazu? {T}".encode("cp1252"))
    assert plain.warnings == ()
    assert isinstance(odd, Item)
    assert odd.content["stem"] == "Gehört “das” dazu?"
    assert any("not UTF-8" in each for each in odd.warnings)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_part_questions(ends: str):
    items = read(f"a? {{T}}{ends}{ends}b? {{x}} {{{ends}{ends}c? {{F}}".encode())
    assert [(each.where.line, isinstance(each, Item)) for each in items] == [(1, True), (3, False), (5, True)]


# bad input


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("::No end\nWho? {T}", 1, "title"),
        ("Who?\n{=We\n~They", 2, "not closed"),
        ("Who? }", 1, "closes nothing"),
        ("Who? {=We\n{~They}", 2, "A second “{”"),
        ("Who?\n{=We} and\n{~They}", 3, "A second “{”"),
        ("Who? {we =You ~They}", 1, "before the first"),
        ("Who? {~We ~They}", 1, "No answer is right"),
        ("Who? {=%50%We ~They}", 1, "100 percent"),
        ("Who? {\n=%500%We\n~They}", 2, "not from -100 to 100"),
        ("Who? {=We}", 0, ""),
        ("Match {=a -> b =c}", 1, "Some answers are pairs"),
        ("Match {=a -> b}", 1, "pairs"),
        ("How many? {#five}", 1, "no number"),
        ("How many? {#1,5}", 1, "no number"),
        ("How many? {#NaN}", 1, "no number"),
        ("How many? {#1e999999999}", 1, "no number"),
        ("How many? {#5..1}", 1, "smaller number first"),
        ("How many? {#1.123456789012345}", 1, "too many digits"),
        ("Who? {=<p class='x'>We</p> ~[html]<a href=\"x\">They</a>}", 1, "HTML tag"),
        ("{=We ~They}", 1, "stem"),
        ("A description.", 1, "a description is no question"),
        (f"Who? {{=We ~{'y' * 2100}}}", 1, "2000"),
        ("Who\0? {T}", 1, "NUL"),
    ],
)  # fmt: skip
def test_a_broken_question_is_refused_with_its_line_and_the_next_is_taken(text: str, line: int, said: str):
    items = read(f"First? {{T}}\n\n{text}\n\nLast? {{T}}")
    assert [isinstance(each, Item) for each in items] == [True, not said, True]
    if said:
        assert isinstance(items[1], Refusal)
        assert items[1].where.line == 2 + line
        assert said in items[1].reason


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\n\n\n", b"\xff\xfe", b"\0" * 5000, b"{" * 100_000, b"}" * 100_000, b"~" * 100_000, b"\\" * 100_001,
        b"q {" + b"=a#" * 60_000, b"q {" + b"=" * 100_000 + b"}", b"q {" + b"=a->b" * 30_000 + b"}",
        b"q {#" + b"1" * 100_000 + b"}", b"q {#1.." + b"." * 100_000 + b"}", b"::" * 100_000, b"[html]" * 30_000 + b"{T}",
        b"q {" + b"####" * 40_000 + b"}", b"// [tag:" * 20_000 + b"\nq {}}", b"// [tag:" + b"\\]" * 50_000 + b"\nq {",
        b"[html]" + b"<a " * 60_000 + b"{T}", b"[html]" + b"<p>" * 60_000 + b"{=" + b"<b>" * 1000 + b"}",
        b"<" * 150_000 + b"{T}", b"&" * 150_000 + b"{T}", b"x\n" * 90_000 + b"{T}", b"x" * 1_000_000 + b"{T}",
        b"q {=%" + b"9" * 100_000 + b"%a ~b}", b"q" + b"*_" * 40_000 + b"{T}", b"`" * 100_000 + b"{T}",
        b"q {T}\n" * 100_000,
    ],
    ids=range(28),
)  # fmt: skip
def test_nonsense_is_refused_quickly_and_never_an_error(data: bytes, deadline: Iterator[None]):
    for item in read(data):
        assert isinstance(item, Refusal), item


def test_files_of_other_programs_are_refused_whole():
    with pytest.raises(Unreadable, match="not a text file"):
        read(b"PK\x03\x04" + b"\0" * 100)


@given(st.text(st.sampled_from("ab~=#{}:\\%[]htmlT>-\n$/*. 1"), max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text_gives_items_or_refusals_that_writing_gives_back(text: str):
    for item in read(text):
        if isinstance(item, Item) and not gift.write([Exported(item.content)], out := io.BytesIO()):
            assert one(out.getvalue().decode()).content == types[item.content["type"]].snapshot(item.content)
