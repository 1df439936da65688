"""Moodle XML as tests write it, and what is read from it."""

import base64
import io

from quizzes.exchange.moodlexml import read
from quizzes.exchange.values import Item, Refusal

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def found(body: str) -> list[Item | Refusal]:
    return list(read(io.BytesIO(f"<quiz>{body}</quiz>".encode()), name="q.xml"))


def question(kind: str, inside: str, *, stem: str = "What?", form: str = "markdown") -> str:
    return (
        f'<question type="{kind}"><name><text>N</text></name>'
        f'<questiontext format="{form}"><text><![CDATA[{stem}]]></text></questiontext>{inside}</question>'
    )


def item(kind: str, inside: str, **how: str) -> Item:
    [one] = found(question(kind, inside, **how))
    assert isinstance(one, Item), one
    return one


def reason(kind: str, inside: str = "", **how: str) -> str:
    [one] = found(question(kind, inside, **how))
    assert isinstance(one, Refusal), one
    return one.reason


def answer(text: str, fraction: str, *, feedback: str = "", more: str = "") -> str:
    reply = f"<feedback><text>{feedback}</text></feedback>" if feedback else ""
    return f'<answer fraction="{fraction}"><text>{text}</text>{reply}{more}</answer>'
