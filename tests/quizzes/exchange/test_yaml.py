"""YAML: everything a question has comes back, with its files; a fault in one leaves the others whole."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.exchange import yaml_bank
from quizzes.exchange.registry import guess
from quizzes.exchange.values import Exported, Item, Meta, Refusal, Unreadable
from tests.factories import generated_questions as generated

HEAD = "format: lendcraft-questions/1\nquestions:\n"
META = Meta(
    name="Lending: a start", topic="Copyright/Lending", difficulty="easy", tags=("yes", "a: b"), language="no",
    author="Rosa Delgado", licence="CC BY 4.0", review_by="2027-01-31",
)  # fmt: skip
ASKS = """- uid: %s
  type: tf
  stem: Is it?
  options:
  - {id: true, text: Yes it is, right: true}
  - {id: false, text: No, right: false}
"""


def read(data: str | bytes) -> list[Item | Refusal]:
    return list(yaml_bank.read(io.BytesIO(data.encode() if isinstance(data, str) else data), name="q.yaml"))


def picture(uid: str, data: bytes) -> Exported:
    content = read(HEAD + ASKS % uid)[0]
    assert isinstance(content, Item)
    return Exported({**content.content, "stem": "![A map](media/map.png)"}, META, {"map.png": data})


@given(
    st.lists(
        st.one_of(
            generated.single(),
            generated.multi(("penalty", "all", "each", "shares")),
            generated.truth(),
            generated.match(),
            generated.words(),
            generated.numbers(relative=True),
            generated.essay(),
            generated.others(),
        ),
        max_size=4,
        unique_by=lambda question: question["uid"],
    )
)
@settings(max_examples=200, deadline=None)
def test_questions_of_every_type_come_back_as_they_were(questions: list[dict[str, Any]]):
    contents = [
        {**generated.sound(each), "points": 3, "hints": ["Think: #1"], "facts": ["a"], "keep": True}
        for each in questions
    ]
    out = io.BytesIO()
    assert yaml_bank.write([Exported(each, META) for each in contents], out) == []
    found = read(out.getvalue())
    assert [each.content for each in found if isinstance(each, Item)] == contents
    assert all(isinstance(each, Item) and each.meta == META and not each.warnings for each in found)


def test_files_come_along_in_a_zip_and_same_names_stay_apart():
    asked = [picture("a", b"1"), picture("b", b"2"), picture("c", b"1")]
    out = io.BytesIO()
    assert yaml_bank.write(asked, out) == []
    with zipfile.ZipFile(out) as archive:
        assert archive.namelist() == ["mimetype", "media/map.png", "media/2/map.png", "questions.yaml"]
    found = read(out.getvalue())
    assert [(each.content, each.files) for each in found if isinstance(each, Item)] == [
        (each.content, each.files) for each in asked
    ]
    guessed = guess("bank.zip", out.getvalue())
    assert guessed is not None
    assert guessed.name == "yaml"


def test_the_picture_of_a_hotspot_comes_along():
    areas = [{"id": "a", "shape": "rect", "coords": [0, 0, 9, 9], "text": "The desk", "right": True}]
    areas.append({"id": "b", "shape": "circle", "coords": [20, 20, 5], "text": "The door", "right": False})
    content = {
        "uid": "h", "type": "hotspot", "stem": "Where?", "image": "media/plan.png", "alt": "A plan", "width": 40,
        "height": 40, "areas": areas,
    }  # fmt: skip
    out = io.BytesIO()
    assert yaml_bank.write([Exported(content, META, {"plan.png": b"1"})], out) == []
    [item] = read(out.getvalue())
    assert isinstance(item, Item), item
    assert item.files == {"plan.png": b"1"}
    assert not item.warnings


def packed(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def test_a_folder_packed_by_hand_is_read():
    text = HEAD + ASKS.replace("Is it?", "'![A map](media/map.png)'") % "a"
    [item] = read(packed(bank__questions_dot_yaml=text, bank__media__map_dot_png=b"1"))
    assert isinstance(item, Item)
    assert item.files == {"map.png": b"1"}
    assert item.where.path == "bank/questions.yaml"


def test_a_picture_that_is_not_there_is_told():
    [item] = read(HEAD + ASKS.replace("Is it?", "'![A map](media/map.png)'") % "a")
    assert isinstance(item, Item)
    assert any("map.png" in each for each in item.warnings)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "media/../x.png", "media//x.png", "questions.yaml"])
def test_a_path_that_leads_elsewhere_is_refused(path: str):
    text = HEAD + ASKS % "a" + f"  files: {{map.png: '{path}'}}\n"
    [refused] = read(packed(questions_dot_yaml=text))
    assert isinstance(refused, Refusal)
    assert "files in media/" in refused.reason


def test_a_file_too_big_to_be_a_picture_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(yaml_bank, "MOST_FILE", 10)
    text = HEAD + ASKS.replace("Is it?", "'![A map](media/map.png)'") % "a" + ASKS % "b"
    refused, item = read(packed(questions_dot_yaml=text, media__map_dot_png=b"0" * 11))
    assert isinstance(refused, Refusal)
    assert "too big" in refused.reason
    assert isinstance(item, Item)


@pytest.mark.parametrize(
    ("entry", "line", "said"),
    [
        ("- uid: x\n  type: [tf\n", 2, "this is not YAML"),
        ("- uid: x\n  uid: y\n", 2, "stands here twice"),
        ("- &a [*a]\n", 1, "anchors"),
        ("- only words\n", 1, "no entry"),
        ("- !!python/object:os.system x\n", 1, "tags like"),
        ("- uid: x\n  type: riddle\n  stem: q\n", 1, "riddle"),
        (ASKS % "x" + "  colour: red\n", 1, "“colour” is not known"),
        (ASKS % "x" + "  meta: {colour: red}\n", 1, "“colour” is not known in “meta”"),
        (ASKS % "x" + "  meta: [a]\n", 1, "“meta” should hold"),
        (ASKS % "x" + "  meta: {tags: a}\n", 1, "“meta” should hold"),
        (ASKS % "x" + '  general_feedback: "a\\0b"\n', 7, "NUL"),
        (ASKS % "x" + '  general_feedback: "\\uD800"\n', 1, "half of a character"),
        (ASKS.replace("false}", "true}") % "x", 1, "exactly one must be"),
        ("- " * 3000 + "x\n", 1, "too deep"),
        (ASKS % "x" + "  hints: " + "[" * 300 + "]" * 300 + "\n", 7, "too deep"),
        ("- stem: |\n" + "    x\n" * 50_000, 1, "longer than 200000"),
        ("- stem: " + "x" * 250_000 + "\n", 1, "longer than 200000"),
    ],
    ids=range(17),
)
def test_a_broken_question_is_refused_with_its_line_and_the_next_is_taken(
    entry: str, line: int, said: str, deadline: None
):
    first, refused, last = read(HEAD + ASKS % "a" + entry + ASKS % "b")
    assert isinstance(first, Item)
    assert isinstance(refused, Refusal), refused
    assert said in refused.reason
    assert refused.where.line == 8 + line
    assert isinstance(last, Item)


def test_a_uid_that_another_question_has_is_told():
    _first, again = read(HEAD + ASKS % "a" + ASKS % "a")
    assert isinstance(again, Item)
    assert again.content["uid"] == "a-2"
    assert any("became “a-2”" in each for each in again.warnings)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"format: 1\nquestions:\n", b"questions:\n- a\n", b"format: lendcraft-questions/2\nquestions:\n",
        b"format: lendcraft-questions/1\ncolour: red\nquestions:\n", b"a: [\n", b"x\n" * 1000, b"\0" * 5000,
        b"format: lendcraft-questions/1\n", b"format: lendcraft-questions/1\nquestions: []\n",
        b"PK\x03\x04" + b"x" * 500, packed(other_dot_yaml="x"), packed(a__questions_dot_yaml="", b__questions_dot_yaml=""),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_file_of_another_form_is_refused_whole(data: bytes):
    with pytest.raises(Unreadable):
        read(data)


def test_a_damaged_zip_is_refused_whole():
    data = bytearray(packed(questions_dot_yaml=HEAD + ASKS % "a"))
    at = data.index(b"Is it?")
    data[at] ^= 1
    with pytest.raises(Unreadable, match="not a sound"):
        read(bytes(data))


def test_comments_blank_lines_and_deeper_lists_part_nothing():
    entry = "".join(f"  {line}\n" for line in (ASKS % "a").replace("Is it?", "|\n    - one\n    - two").splitlines())
    [item] = read(f"---\n# A bank\nformat: 'lendcraft-questions/1'\n\nquestions: # here\n\n  # first\n{entry}\n\n")
    assert isinstance(item, Item)
    assert item.content["stem"] == "- one\n- two"
