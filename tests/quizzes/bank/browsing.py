"""What a browser without script sends from the pages of the bank, and what it shows."""

from typing import Any

from quizzes.forms.question_drawing import draw, form_data
from quizzes.registry import types


def sent(content: dict[str, Any], *, act: str = "save", **more: Any) -> dict[str, Any]:
    """What the form sends when it shows ``content``."""
    data = form_data(draw(types[content["type"]], content)).dict()
    return {**data, "act": act, "language": "en", **more}


def words(answer: Any) -> str:
    return answer.content.decode()
