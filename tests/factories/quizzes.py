"""Quizzes for tests: question contents, a published course with a quiz, attempts by the real services."""

from typing import Any

from django.test import RequestFactory

from accounts.models import User
from courses.access import player_for
from courses.models import Course
from courses.registry import PlayerLesson
from quizzes.models import Attempt, Slot
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


def three_questions() -> list[dict[str, Any]]:
    return [single(), multi(), truefalse()]


RIGHT = {"single": "b", "multi": ["a", "b", "d"], "tf": "true"}
WRONG = {"single": "a", "multi": ["c"], "tf": "false"}


def publish_quiz(
    *,
    questions: list[dict[str, Any]] | None = None,
    rule: dict[str, Any] | None = None,
    shuffle: bool = True,
    **kw: Any,
) -> Course:
    """A published course: a text lesson ``basics``, the quiz, a last text lesson."""
    quiz = {
        "title": "What you know now",
        "rule": rule or {},
        "intro": "Some questions.",
        "shuffle": shuffle,
        "questions": questions or three_questions(),
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
