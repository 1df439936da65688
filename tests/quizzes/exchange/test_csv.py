"""CSV: a row a question, whatever a spreadsheet makes of the file, and no formula runs."""

import csv
import io
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizzes.exchange import csv_bank
from quizzes.exchange.csv_bank import guarded, unguarded
from quizzes.exchange.values import Exported, Item, Meta, Refusal, Unreadable
from quizzes.registry import types
from tests.factories import generated_questions as generated

META = Meta(
    name="=Lending", topic="Copyright/Lending", difficulty="hard", tags=("a", "two words"), language="de",
    author="@rosa", licence="CC BY 4.0", review_by="2027-01-31",
)  # fmt: skip
HEAD = "type,stem,right,answer_1,answer_2,share_2,feedback_2\n"


def read(text: str | bytes) -> list[Item | Refusal]:
    data = text.encode() if isinstance(text, str) else text
    return list(csv_bank.read(io.BytesIO(data), name="q.csv"))


def one(text: str | bytes) -> Item:
    [item] = read(text)
    assert isinstance(item, Item), item
    return item


@given(
    st.lists(
        st.one_of(
            generated.single(),
            generated.multi(("penalty", "all", "each", "shares")),
            generated.truth(),
            generated.words(),
            generated.numbers(relative=True),
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda question: question["uid"],
    )
)
@settings(max_examples=150, deadline=None)
def test_questions_come_back_as_they_were_and_no_cell_is_a_formula(questions: list[dict[str, Any]]):
    contents = [
        {**generated.sound(each), "points": 2, "hints": ["=1+1", "b"], "facts": ["+f"], "keep": True}
        for each in questions
    ]
    out = io.BytesIO()
    assert csv_bank.write([Exported(each, META) for each in contents], out) == []
    found = read(out.getvalue())
    assert [each.content for each in found if isinstance(each, Item)] == contents
    assert all(isinstance(each, Item) and each.meta == META and not each.warnings for each in found)
    for row in csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or cell[1:].replace(".", "").isdigit()


@given(st.text(st.sampled_from("'=+-@\t a1."), max_size=6))
@example("'=1")
@example("''-")
@example("-3.5")
@example("'tis")
def test_what_guards_a_cell_is_undone(cell: str):
    assert unguarded(guarded(cell)) == cell
    assert guarded("'tis") == "'tis"


def test_a_row_is_a_question():
    item = one(HEAD + "single,Who asks first?,2,They do,We do,,Yes.\n")
    assert item.content["options"] == [
        {"id": "a", "text": "They do", "right": False, "feedback": ""},
        {"id": "b", "text": "We do", "right": True, "feedback": "Yes."},
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_spreadsheets_of_all_kinds_are_read(delimiter: str, encoding: str):
    rows = [
        ["Type", "Stem", "answer_1", "tolerance_1", "feedback_1"],
        ["num", "Wie weit, größer als 3; oder?", "12.5", "2%", "“Gut”"],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    item = one(text.getvalue().encode(encoding))
    assert item.content["stem"] == "Wie weit, größer als 3; oder?"
    assert item.content["answers"] == [
        {"id": "a", "value": "12.5", "tolerance": "2", "relative": True, "feedback": "“Gut”"}
    ]
    assert bool(item.warnings) == (encoding == "cp1252")


def test_decimals_have_a_comma_where_semicolons_part_cells():
    assert one("type;stem;answer_1\nnum;q;12,5").content["answers"][0]["value"] == "12.5"
    [refused] = read('type,stem,answer_1\nnum,q,"12,5"')
    assert isinstance(refused, Refusal)
    assert "a number such as 12.5" in refused.reason


def test_true_and_false_may_be_said_in_words():
    item = one("type,stem,right,feedback_2\ntf,Is it?,false,Right.")
    assert [(each["id"], each["right"], each["feedback"]) for each in item.content["options"]] == [
        ("true", False, ""), ("false", True, "Right."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("riddle,q,1,a,b", "single, multi, tf, text, num"),
        ("single,,1,a,b", "stem"),
        ("single,q,,a,b", "exactly one must be"),
        ("single,q,x,a,b", "number of the right answer"),
        ("single,q,3,a,b", "one of its answers"),
        ("single,q,1,a", "fewer than 2"),
        ("single,q,1,,b", "“text” is empty"),
        ("single,q,1,a,b,many", "share"),
        ("single,q,1,a,b,,,,,more", "more cells"),
        ("single,q\0,1,a,b", "NUL"),
        (f"single,{'q' * 4001},1,a,b", "longer than 4000"),
        (f"single,{'q' * 250_000},1,a,b", "longer than 200000"),
        ('single,"q"x,1,a,b', "quotation mark"),
    ],
)
def test_a_broken_row_is_refused_with_its_line_and_the_next_is_taken(row: str, said: str):
    first, refused, last = read(f"{HEAD}single,q,1,a,b\n{row}\nsingle,q,1,a,b\n")
    assert isinstance(first, Item)
    assert isinstance(refused, Refusal)
    assert said in refused.reason
    assert (first.where.line, refused.where.line, last.where.line) == (2, 3, 4)
    assert isinstance(last, Item)


def test_a_cell_of_several_lines_keeps_the_count_of_lines():
    found = read(f'{HEAD}single,"a\nb",1,a,b\n\nsingle,q,9,a,b\n')
    assert [each.where.line for each in found] == [2, 5]


def test_an_open_quotation_mark_is_never_half_a_question():
    [refused] = read(f'{HEAD}single,q,1,a,"b\nsingle,q,1,a,b\n')
    assert isinstance(refused, Refusal)
    assert "quotation mark" in refused.reason


def test_cells_that_say_nothing_are_told():
    item = one("type,stem,right,answer_1,answer_2,tolerance_1,colour\nsingle,q,1,a,b,5,red\n")
    assert [each.partition("“")[2].partition("”")[0] for each in item.warnings] == ["tolerance_1", "colour"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\n\n", "stem\nq\n"])
def test_a_file_without_names_of_columns_is_refused_whole(text: str):
    with pytest.raises(Unreadable, match="does not name the columns"):
        read(text)


@pytest.mark.parametrize(
    "rest", ['"' * 100_001, "single," * 30_000, '"' + "x\n" * 110_000, "\0" * 5000, "single,q,1" + ",a" * 90_000]
)  # fmt: skip
def test_nonsense_is_refused_quickly_and_never_an_error(rest: str, deadline: None):
    assert not [each for each in read(HEAD + rest) if isinstance(each, Item)]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"stem": "![A map](media/map.png)"}, "files: map.png"),
        ({"facts": ["one\ntwo"]}, "several lines"),
    ],
)
def test_what_csv_cannot_hold_is_refused_by_name(change: dict[str, Any], named: str):
    content = one(HEAD + "single,q,1,a,b\n").content
    [refused] = csv_bank.write([Exported({**content, **change})], io.BytesIO())
    assert named in refused.reason


@pytest.mark.parametrize("kind", sorted(generated.OTHERS))
def test_types_that_csv_lacks_are_refused_by_name(kind: str):
    asked = Exported({"uid": "q", "type": kind, "stem": "q", **generated.OTHERS[kind]})
    [refused] = csv_bank.write([asked], io.BytesIO())
    assert f"the type “{types[kind].label}”" in refused.reason


def test_two_columns_of_one_name_are_no_table():
    """The second cell would take the place of the first without a word."""
    with pytest.raises(Unreadable, match="answer_1"):
        read("type,stem,right,answer_1,answer_1,answer_2\nsingle,Which?,1,Lend,Borrow,Keep\n")
    assert one("type,stem,right,answer_1,answer_2,,\nsingle,Which?,1,Lend,Borrow,,\n")
