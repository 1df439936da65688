"""Quizzes for tests: question contents, a published course with a quiz, attempts by the real services."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import RequestFactory

from accounts.models import User
from courses.access import player_for
from courses.media_probe import examine
from courses.models import Course
from courses.registry import PlayerLesson
from courses.services.media import store_all
from quizzes.models import Attempt, Slot
from quizzes.registry import types
from quizzes.services.answering import save_answer
from quizzes.services.attempting import start
from tests.factories.courses import publish_course

QUIZ = "the-quiz"
SECRET = "Because of the reply"  # in every reply, so that a page which shows one is found out


def option(name: str, *, right: bool = False) -> dict[str, Any]:
    return {"id": name, "text": f"Option {name}", "right": right, "feedback": f"{SECRET} {name}."}


def single(uid: str = "Q-1", **more: Any) -> dict[str, Any]:
    """Four options, ``b`` is right."""
    options = [option("a"), option("b", right=True), option("c"), option("d")]
    return {"uid": uid, "type": "single", "stem": f"What about {uid}?", "options": options, **more}


def multi(uid: str = "Q-2", **more: Any) -> dict[str, Any]:
    """Five options, ``a``, ``b`` and ``d`` are right."""
    options = [option(name, right=name in "abd") for name in "abcde"]
    return {"uid": uid, "type": "multi", "stem": f"Which of {uid}?", "options": options, **more}


def truefalse(uid: str = "Q-3", **more: Any) -> dict[str, Any]:
    """True is right."""
    options = [option("true", right=True), option("false")]
    return {"uid": uid, "type": "tf", "stem": f"Is {uid} so?", "options": options, **more}


def shorttext(uid: str = "Q-T", **more: Any) -> dict[str, Any]:
    """``Union catalogue`` is right, anything with ``catalogue`` in it is half right, ``index`` is known to be wrong."""
    answers = [
        {"id": "a", "text": "Union catalogue", "feedback": f"{SECRET} a."},
        {"id": "b", "text": "*catalogue*", "match": "wildcard", "share": "50", "feedback": f"{SECRET} b."},
        {"id": "c", "text": "index", "share": "0", "feedback": f"{SECRET} c."},
    ]
    other = f"{SECRET} other."
    return {"uid": uid, "type": "text", "stem": f"Name {uid}.", "answers": answers, "other_feedback": other, **more}


def number(uid: str = "Q-N", **more: Any) -> dict[str, Any]:
    """28.5 days, give or take one half, are right; up to 10 percent off is half right. Weeks are known too."""
    answers = [
        {"id": "a", "value": "28.5", "tolerance": "0.5", "feedback": f"{SECRET} a."},
        {"id": "b", "value": "28.5", "tolerance": "10", "relative": True, "share": "50", "feedback": f"{SECRET} b."},
    ]
    units = [{"id": "d", "text": "days", "factor": "1"}, {"id": "w", "text": "weeks", "factor": "7"}]
    own = {"answers": answers, "units": units, "other_feedback": f"{SECRET} other."}
    return {"uid": uid, "type": "num", "stem": f"How long is {uid}?", **own, **more}


def cloze(uid: str = "Q-C", **more: Any) -> dict[str, Any]:
    """Three gaps: a list (``b`` is right), words (``loan``) and a number (5), which counts twice."""
    gaps = [
        {"id": "who", "kind": "choice", "options": [option("a"), option("b", right=True), option("c")]},
        {
            "id": "what",
            "kind": "text",
            "answers": [{"id": "a", "text": "loan", "feedback": f"{SECRET} a."}],
            "feedback": f"{SECRET} what.",
        },
        {"id": "many", "kind": "num", "points": 2, "answers": [{"id": "a", "value": "5"}]},
    ]
    stem = f"In {uid} the [[who]] gives a [[what]].\n\n- It takes [[many]] days."
    return {"uid": uid, "type": "cloze", "stem": stem, "gaps": gaps, **more}


def date(uid: str = "Q-D", **more: Any) -> dict[str, Any]:
    """26 November 2026 is right, also the day before; two days after are half right."""
    answers = [
        {"id": "a", "value": "2026-11-26", "before": 1, "feedback": f"{SECRET} a."},
        {"id": "b", "value": "2026-11-26", "after": 2, "share": "50", "feedback": f"{SECRET} b."},
    ]
    other = f"{SECRET} other."
    return {
        "uid": uid,
        "type": "date",
        "stem": f"When is {uid} due?",
        "answers": answers,
        "other_feedback": other,
        **more,
    }


def calculated(uid: str = "Q-K", **more: Any) -> dict[str, Any]:
    """Loans times a fee; 6 (2 × 3) is right for the seed 0."""
    variables = [
        {"id": "loans", "min": "2", "max": "40", "step": "1"},
        {"id": "fee", "values": ["3", "4.5", "7.25"]},
    ]
    answers = [{"id": "a", "formula": "loans * fee", "feedback": f"{SECRET} {{loans}}."}]
    own = {"variables": variables, "answers": answers, "other_feedback": f"{SECRET} other."}
    return {"uid": uid, "type": "calc", "stem": "What do {loans} loans at {fee} cost?", **own, **more}


def essay(uid: str = "Q-E", **more: Any) -> dict[str, Any]:
    """Two criteria, of 2 and of 3 points; ten words at least. The notes are for whoever marks it."""
    rubric = [
        {"id": "facts", "text": "The facts", "levels": _levels(0, 1, 2)},
        {"id": "tone", "text": "The tone", "levels": _levels(0, 3)},
    ]
    own = {"rubric": rubric, "words_min": 10, "notes": f"{SECRET} notes."}
    return {"uid": uid, "type": "essay", "stem": f"Tell a patron about {uid}.", **own, **more}


def _levels(*points: int) -> list[dict[str, Any]]:
    return [{"id": f"l{each}", "text": f"Worth {each}", "points": each} for each in points]


def matching(uid: str = "Q-M", **more: Any) -> dict[str, Any]:
    """Three pairs ``a``, ``b``, ``c`` and a right side ``x`` that belongs to nothing."""
    pairs = [
        {"id": each, "left": f"Left {each}", "right": f"Side of {each}", "feedback": f"{SECRET} {each}."}
        for each in "abc"
    ]
    extras = [{"id": "x", "text": "Side of nothing"}]
    return {"uid": uid, "type": "match", "stem": f"What goes with {uid}?", "pairs": pairs, "extras": extras, **more}


def ordering(uid: str = "Q-O", **more: Any) -> dict[str, Any]:
    """Four steps; ``a``, ``b``, ``c``, ``d`` is the right order."""
    items = [{"id": each, "text": f"Step {each}"} for each in "abcd"]
    return {"uid": uid, "type": "order", "stem": f"In which order for {uid}?", "items": items, **more}


def sorting(uid: str = "Q-G", **more: Any) -> dict[str, Any]:
    """Four items in two groups: ``a`` and ``b`` belong to ``lend``, ``c`` and ``d`` to ``borrow``."""
    groups = [{"id": "lend", "text": "Lending"}, {"id": "borrow", "text": "Borrowing"}]
    items = [
        {
            "id": each,
            "text": f"Item {each}",
            "group": "lend" if each in "ab" else "borrow",
            "feedback": f"{SECRET} {each}.",
        }
        for each in "abcd"
    ]
    return {"uid": uid, "type": "group", "stem": f"Where does {uid} go?", "groups": groups, "items": items, **more}


def hotspot(uid: str = "Q-H", *, several: bool = False, **more: Any) -> dict[str, Any]:
    """A picture of 200 by 100: a rectangle ``a`` at the left is right, and with ``several`` the circle ``b`` in the
    middle, too; the triangle ``c`` at the right is wrong."""
    areas = [
        {"id": "a", "shape": "rect", "coords": [10, 10, 60, 90], "text": "Area a", "right": True},
        {"id": "b", "shape": "circle", "coords": [100, 50, 20], "text": "Area b", "right": several},
        {"id": "c", "shape": "poly", "coords": [140, 10, 190, 50, 140, 90], "text": "Area c", "right": False},
    ]
    areas = [{**area, "feedback": f"{SECRET} {area['id']}."} for area in areas]
    own = {"image": "media/shelf.png", "alt": "A shelf in three parts", "width": 200, "height": 100, "areas": areas}
    return {"uid": uid, "type": "hotspot", "stem": f"Where is {uid}?", **own, **more}


def png(width: int = 200, height: int = 100) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + b"\xd4\xdc\xd3" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def three_questions() -> list[dict[str, Any]]:
    return [single(), multi(), truefalse()]


RIGHT = {"single": "b", "multi": ["a", "b", "d"], "tf": "true"}
WRONG = {"single": "a", "multi": ["c"], "tf": "false"}


RIGHT |= {
    "match": {"a": "a", "b": "b", "c": "c"},
    "order": ["a", "b", "c", "d"],
    "group": {"a": "lend", "b": "lend", "c": "borrow", "d": "borrow"},
    "hotspot": {"areas": ["a"], "points": []},
}
WRONG |= {
    "match": {"a": "x", "b": "c", "c": "b"},
    "order": ["d", "c", "b", "a"],
    "group": {"a": "borrow", "b": "borrow", "c": "lend", "d": "lend"},
    "hotspot": {"areas": ["c"], "points": []},
}


def publish_quiz(
    *,
    questions: list[dict[str, Any]] | None = None,
    rule: dict[str, Any] | None = None,
    shuffle: bool = True,
    asking: dict[str, Any] | None = None,
    **kw: Any,
) -> Course:
    """A published course: a text lesson ``basics``, the quiz, a last text lesson. ``asking`` is how the quiz asks."""
    quiz = {
        "title": "What you know now",
        "rule": rule or {},
        "intro": "Some questions.",
        "shuffle": shuffle,
        "questions": questions or three_questions(),
        **(asking or {}),
    }
    lessons = [("text", "basics", {"title": "The basics"}), ("quiz", QUIZ, quiz), ("text", "last-words", {})]
    return publish_course(lessons=lessons, **kw)


def player_of(user: User, course: Course, *, uid: str = QUIZ, token: str = "") -> PlayerLesson:
    """What the player of ``user`` gets to see."""
    request = RequestFactory().get("/")
    request.user = user
    return player_for(request, course.slug, uid, token=token)


def start_attempt(user: User, course: Course) -> Attempt:
    return start(player=player_of(user, course), learner=user)


def slots_of(attempt: Attempt) -> list[Slot]:
    return list(attempt.slots.select_related("attempt", "version").order_by("position"))


def answer_all(attempt: Attempt, answers: dict[str, Any] = RIGHT, *, client_id: str = "laptop") -> None:
    """Answer every question by its type."""
    for slot in slots_of(attempt):
        save_answer(slot=slot, answer=answers[slot.version.type], client_id=client_id, seq=1)


# One question of each type that a quiz can ask; a new type adds its own line here.
EXAMPLES: dict[str, Callable[..., dict[str, Any]]] = {
    "single": single,
    "multi": multi,
    "tf": truefalse,
    "text": shorttext,
    "num": number,
    "cloze": cloze,
    "date": date,
    "calc": calculated,
    "essay": essay,
    "match": matching,
    "order": ordering,
    "group": sorting,
    "hotspot": hotspot,
}

RIGHT |= {
    "text": "Union catalogue",
    "num": "28.5 days",
    "cloze": {"who": "b", "what": "loan", "many": "5"},
    "date": "2026-11-26",
    "essay": "What I would tell a patron who asks at the desk about a loan that is late.",
}
WRONG |= {
    "text": "index",
    "num": "2 days",
    "cloze": {"who": "a", "what": "sale", "many": "7"},
    "date": "2020-01-01",
    "calc": "-1",
    "essay": "Nothing.",
}


def right_answer(slot: Slot) -> Any:
    """The right answer to a question as it was asked; calculated ones have values of their own."""
    content = slot.version.content
    return RIGHT.get(content["type"]) or types[content["type"]].right(content, slot.seed)[0]


def picture_of(folder: Path) -> dict[str, Any]:
    """The file that ``hotspot`` shows, kept as the media of a course."""
    path = folder / "shelf.png"
    path.write_bytes(png())
    return dict(store_all({"shelf.png": examine(path)}, owner=None))
