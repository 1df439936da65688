"""What is worth keeping stays so on its way through other systems."""

import io

import pytest

from quizzes.exchange.registry import formats
from quizzes.exchange.values import Exported, Item, Meta
from quizzes.registry import types
from tests.factories.quizzes import single


@pytest.mark.parametrize("name", ["gift", "moodlexml", "qti", "qti3", "csv", "yaml"])
@pytest.mark.parametrize("keep", [True, False])
def test_a_question_comes_back_as_worth_keeping_as_it_was(name: str, keep: bool):
    content = types["single"].snapshot(single(keep=keep))
    out = io.BytesIO()
    assert formats[name].write([Exported(content, Meta(), {})], out) == []
    [back] = list(formats[name].read(io.BytesIO(out.getvalue()), name=f"questions{formats[name].suffixes[0]}"))

    assert isinstance(back, Item)
    assert types["single"].snapshot(back.content).get("keep", False) is keep


def test_what_is_not_worth_keeping_has_the_hash_it_always_had():
    assert types["single"].snapshot(single(keep=False)) == types["single"].snapshot(single())
