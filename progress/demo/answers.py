"""What a few people of the demo answered to every kind of question, so that there is something to mark and to analyse."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest

from accounts.models import User
from courses.access import player_for
from progress.demo.cast import person_called
from quizzes.models import Slot
from quizzes.registry import Content, types
from quizzes.services.answering import save_form
from quizzes.services.attempting import start
from quizzes.services.grading import finish
from quizzes.services.marking import mark

# Everybody gets wrong, or leaves out, every so manieth question.
PEOPLE = {"Tomasz Lind": 4, "Gwen Adeyemi": 9, "Dev Patel": 3, "Bettina Krause": 13}
# Whose message Hana has marked already, with its levels; the others wait in her queue.
MARKED: Mapping[str, Mapping[str, str]] = {
    "Tomasz Lind": {"order": "a", "left-out": "a", "length": "a"},
    "Gwen Adeyemi": {"order": "b", "left-out": "a", "length": "a"},
}
MESSAGE = (
    "We know that you are waiting for this book. The library we asked has not replied. Today we ask the next one, and we"
    " write to you by Friday. If you need only a chapter, we can ask for a scan. Reach us at the desk."
)
Answer = Callable[[Content], Any]


def ids(rows: list[dict[str, Any]], *, right: bool = True) -> list[str]:
    return [row["id"] for row in rows if row["right"] == right]


def gap(said: Content) -> str:
    return ids(said["options"])[0] if said["kind"] == "choice" else typed(said)


def typed(content: Content) -> str:
    first = content["answers"][0]
    return str(first.get("text") or first["value"])


RIGHT: Mapping[str, Answer] = {
    "single": lambda content: ids(content["options"])[0],
    "tf": lambda content: ids(content["options"])[0],
    "multi": lambda content: ids(content["options"]),
    "match": lambda content: {row["id"]: row["id"] for row in content["pairs"]},
    "order": lambda content: [row["id"] for row in content["items"]],
    "group": lambda content: {row["id"]: row["group"] for row in content["items"]},
    "hotspot": lambda content: {"areas": ids(content["areas"]), "points": []},
    "cloze": lambda content: {each["id"]: gap(each) for each in content["gaps"]},
    "text": typed,
    "num": typed,
    "date": typed,
    "essay": lambda content: MESSAGE,
}
WRONG: Mapping[str, Answer] = {
    "single": lambda content: ids(content["options"], right=False)[0],
    "tf": lambda content: ids(content["options"], right=False)[0],
    "multi": lambda content: ids(content["options"])[:1],
    "order": lambda content: [row["id"] for row in reversed(content["items"])],
    "essay": lambda content: "Your book is late because the other library is slow. Please wait.",
}


def answer_of(slot: Slot, *, right: bool) -> Any:
    content = slot.version.content
    if content["type"] == "calc":
        return types["calc"].right(content, slot.seed)[0] if right else None
    return (RIGHT if right else WRONG).get(content["type"], lambda _content: None)(content)


def begin(course: str, lesson: str, *, marker: User) -> None:
    """Let ``PEOPLE`` take the quiz ``lesson`` of ``course`` once; ``marker`` has marked some of them."""
    for name, step in PEOPLE.items():
        person = person_called(name)
        request = HttpRequest()
        request.user = person
        attempt = start(player=player_for(request, course, lesson), learner=person)
        slots = list(attempt.slots.select_related("version"))
        for number, slot in enumerate(slots, start=1):
            save_form(slot=slot, answer=answer_of(slot, right=number % step > 0))
        finish(attempt=attempt)
        for slot in slots if name in MARKED else ():
            if types[slot.version.type].manual:
                mark(slot=slot, levels=MARKED[name], comment="Clear and kind. Thank you!", marker=marker)
