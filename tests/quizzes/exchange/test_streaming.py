"""Long files: memory does not grow with the number of questions, and formats are told apart by how they look."""

import io
from pathlib import Path
from typing import Any

import pytest

from quizzes.exchange import aiken, csv_bank, gift, yaml_bank
from quizzes.exchange.registry import Format, guess
from quizzes.exchange.values import Exported, Item
from quizzes.registry import types
from tests.support import peak_memory

TEXT_FORMATS = [aiken.FORMAT, csv_bank.FORMAT, gift.FORMAT, yaml_bank.FORMAT]
GROWTH = 150_000  # bytes that five times as many questions may need: their uids, and what the allocator keeps


def question(number: int) -> Exported:
    options = [{"id": each, "text": f"Answer {each} {number}", "right": each == "b"} for each in "abcd"]
    content: dict[str, Any] = {"uid": f"q{number}", "type": "single", "stem": f"Is it {number}? " + "Words. " * 200}
    return Exported(types["single"].snapshot({**content, "stem": content["stem"].strip(), "options": options}))


def written(form: Format, count: int, path: Path) -> Path:
    with path.open("w+b") as out:
        assert form.write((question(number) for number in range(count)), out) == []
    return path


def peak(form: Format, path: Path, count: int) -> int:
    def read() -> None:
        with path.open("rb") as file:
            assert sum(isinstance(each, Item) for each in form.read(file, name=path.name)) == count

    return peak_memory(read)


@pytest.mark.parametrize("form", TEXT_FORMATS, ids=lambda form: form.name)
def test_reading_needs_no_more_memory_for_more_questions(form: Format, tmp_path: Path):
    few = written(form, 40, tmp_path / "few")
    many = written(form, 200, tmp_path / "many")
    peak(form, few, 40)  # what is loaded once does not count
    assert peak(form, many, 200) - peak(form, few, 40) < GROWTH


@pytest.mark.parametrize("form", TEXT_FORMATS, ids=lambda form: form.name)
def test_a_draft_with_faults_is_refused_and_the_next_is_written(form: Format):
    options = [{"id": each, "text": each, "right": False} for each in "ab"]
    out = io.BytesIO()
    [refused] = form.write(
        [Exported({"uid": "d", "type": "single", "stem": "q", "options": options}), question(1)], out
    )
    assert "exactly one must be" in refused.reason
    assert [type(each) for each in form.read(out, name="bank")] == [Item]


@pytest.mark.parametrize("form", TEXT_FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("name", ["bank", "bank.txt", "bank.dat"])
def test_a_file_is_known_by_how_it_looks(form: Format, name: str):
    out = io.BytesIO()
    form.write([question(1)], out)
    found = guess(name, out.getvalue())
    assert found is not None
    assert found.name == form.name


def test_a_name_decides_where_the_look_says_nothing():
    found = guess("bank.CSV", b"?")
    assert found is not None
    assert found.name == "csv"
    assert guess("bank.doc", b"?") is None
