"""What an author of practice is told to think about."""

from typing import Any

import pytest

from courses.advice.registry import Around, TextRead
from quizzes.quiz_advice import no_lesson
from tests.factories.practice import errands


def around(kind: str = "practice", **content: Any) -> Around:
    return Around(kind, "en", 5, content, TextRead())


@pytest.mark.parametrize(
    ("given", "hinted"),
    [
        (around(engine="errands", cases=[errands()]), True),
        (around(engine="errands", generated=True), True),
        (around(engine="errands", cases=[errands(), errands("case-2", back_to={"all": "hello"})]), False),
        (around(engine="errands", generated=True, back_to={"all": "hello"}), False),
        (around("quiz", questions=[]), False),
    ],
)
def test_practice_whose_mistakes_lead_nowhere_is_a_hint(given: Around, hinted: bool):
    assert bool(list(no_lesson(given))) is hinted
