"""Practice for tests: two engines as small as engines can be, and published lessons that use them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.test import RequestFactory

from accounts.models import User
from courses.access import player_for
from courses.models import Course
from courses.registry import PlayerLesson
from quizzes.editor import Editor, Field
from quizzes.engines.base import BaseEngine, FormEngine, case_schema, required
from quizzes.engines.dice import Dice
from quizzes.engines.registry import Action, Control, Part, Reply
from quizzes.models import PracticeRun, SharedCase
from quizzes.services.practising import act, begin_in_lesson
from tests.factories.courses import publish_course

LESSON = "at-the-desk"
WORDS = ("lend", "borrow", "renew", "recall")


class Errands(BaseEngine):
    """Step by step: two errands, each done or put off. ``wrong`` may be tried at any time, and is a slip."""

    name = "errands"
    label = "Run errands"
    lede = "Do what the note says, in two steps."
    icon = "parcel"
    minutes = 3
    template = "quizzes/engines/plain.html"
    case_schema = case_schema({"errands": {"type": "array", "minItems": 2, "maxItems": 2}}, required=["errands"])
    editor = Editor(fields=(Field("title", "Title"),))

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        errands = Dice(self.name, self.version, seed).sample(WORDS, 2)
        return {"uid": f"errands-{seed}", "title": f"Errands {seed}", "errands": errands}

    def begin(self, case: Mapping[str, Any], *, seed: int, mode: str) -> dict[str, Any]:
        return {"seed": seed, "mode": mode, "done": [], "said": ""}

    def actions(self, case: Mapping[str, Any], state: dict[str, Any]) -> Sequence[Action]:
        if self.over(case, state):
            return []
        words = [(word, word.capitalize()) for word in WORDS]
        choice = Control("word", "Which errand?", "choice", words, required=True)
        return [Action("errand", "Do it", [choice], primary=True), Action("put-off", "Put it off", group="Later")]

    def act(self, case: Mapping[str, Any], state: dict[str, Any], move: Mapping[str, Any]) -> dict[str, Any]:
        verb = self.offered(case, state, move.get("verb")).verb
        word = move.get("word", "") if verb == "errand" else "put-off"
        if verb == "errand" and word not in WORDS:
            raise required("word", "Choose an errand.")
        right = word == case["errands"][len(state["done"])]
        return {**state, "done": [*state["done"], word], "said": "Well run." if right else "That was another errand."}

    def over(self, case: Mapping[str, Any], state: dict[str, Any]) -> bool:
        return len(state["done"]) == 2

    def reply(self, case: Mapping[str, Any], state: dict[str, Any]) -> Reply | None:
        return Reply(state["said"]) if state["said"] else None

    def show(self, case: Mapping[str, Any], state: dict[str, Any]) -> dict[str, Any]:
        return {"lines": [f"Errand {len(state['done']) + 1} of 2.", f"Done: {', '.join(state['done']) or 'nothing'}."]}

    def grade(self, case: Mapping[str, Any], state: dict[str, Any]) -> list[Part]:
        done = dict(enumerate(state["done"]))
        return [
            Part(
                key=f"errand.{number}",
                label=f"Errand {number + 1}",
                weight=Decimal(1),
                fraction=Decimal(done.get(number) == word),
                did=done.get(number, ""),
                expected=word,
                why="The note says so.",
                critical=done.get(number) == "recall" != word,
                asked=f"What is errand {number + 1}?",
            )
            for number, word in enumerate(case["errands"])
        ]

    def hints(self, case: Mapping[str, Any], state: dict[str, Any]) -> Mapping[str, str]:
        number = len(state["done"])
        return {} if number == 2 else {f"errand.{number}": f"It begins with {case['errands'][number][0]}."}

    def expert(self, case: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return [{"verb": "errand", "word": word} for word in case["errands"]]


class Sums(FormEngine):
    """Filled in: the sum and the difference of two numbers."""

    name = "sums"
    label = "Add up"
    lede = "Two numbers, two answers."
    icon = "tool"
    topic = "leading"
    minutes = 2
    drill = True
    template = "quizzes/engines/plain.html"
    case_schema = case_schema({"a": {"type": "integer"}, "b": {"type": "integer"}}, required=["a", "b"])
    editor = Editor(fields=(Field("a", "First number", "whole"), Field("b", "Second number", "whole")))

    def generate(self, seed: int, level: str = "working") -> dict[str, Any]:
        dice = Dice(self.name, self.version, seed)
        return {"uid": f"sums-{seed}", "title": f"Sums {seed}", "a": dice.whole(1, 99), "b": dice.whole(1, 99)}

    def right(self, case: Mapping[str, Any]) -> dict[str, Any]:
        return {"sum": str(case["a"] + case["b"]), "difference": str(case["a"] - case["b"])}

    def read(self, case: Mapping[str, Any], data: QueryDict) -> dict[str, Any]:
        return {name: data.get(name, "").strip() for name in ("sum", "difference")}

    def clean(self, case: Mapping[str, Any], answers: Any) -> dict[str, Any]:
        given = answers if isinstance(answers, Mapping) else {}
        return {
            name: given[name][:20] for name in ("sum", "difference") if isinstance(given.get(name), str) and given[name]
        }

    def parts(self, case: Mapping[str, Any], answers: Mapping[str, Any], state: dict[str, Any]) -> list[Part]:
        return [
            Part(
                key=name,
                label=name.capitalize(),
                weight=Decimal(1),
                fraction=Decimal(answers.get(name) == value),
                did=answers.get(name, ""),
                expected=value,
                why="By arithmetic.",
                asked=f"{case['a']} and {case['b']}: the {name}?",
            )
            for name, value in self.right(case).items()
        ]

    def show(self, case: Mapping[str, Any], state: dict[str, Any]) -> dict[str, Any]:
        marks = self.marks(case, state)
        fields = [
            {"name": name, "label": name.capitalize(), "value": state["answers"].get(name, ""), "mark": marks.get(name)}
            for name in ("sum", "difference")
        ]
        return {"lines": [f"The numbers are {case['a']} and {case['b']}."], "fields": fields}

    def hints(self, case: Mapping[str, Any], state: dict[str, Any]) -> Mapping[str, str]:
        return {"sum": "Begin with the ones.", "difference": "It may be less than nothing."}


def errands(uid: str = "case-1", *words: str, **more: Any) -> dict[str, Any]:
    """Lend, then renew, unless other ``words`` are given."""
    return {"uid": uid, "title": f"Errands of {uid}", "errands": list(words or ("lend", "renew")), **more}


def publish_practice(
    *,
    engine: str = "errands",
    cases: Sequence[Mapping[str, Any]] = (),
    rule: Mapping[str, Any] | None = None,
    **more: Any,
) -> Course:
    """A published course of one practice lesson; ``more`` are settings of the lesson and fields of the course."""
    names = ("generated", "level", "mode", "seeds", "side", "intro", "back_to")
    content = {"engine": engine, **{name: more.pop(name) for name in names if name in more}}
    if cases or not content.get("generated"):
        content["cases"] = [dict(case) for case in cases] or [errands("case-1"), errands("case-2", "borrow", "recall")]
    lessons = [
        ("practice", LESSON, content | {"title": "At the desk", "rule": dict(rule or {})}),
        *more.pop("lessons", ()),
    ]
    return publish_course(lessons=lessons, **more)


def share(course: Course, uid: str = "lent-1", **more: Any) -> SharedCase:
    """A shared case of errands, as if the case ``uid`` of the lesson had been shared with all instructors."""
    content = errands(uid)
    values = {
        "uid": f"shared-{course.pk}-{uid}",
        "engine": "errands",
        "title": content["title"],
        "topic": "borrowing",
        "words": content["title"],
        "content": content,
        "licence": "CC0",
        "credit": "Hana Whitcomb",
        "organisation": course.organisation,
        "course": course,
        "lesson_uid": LESSON,
        "language": "en",
        "case_uid": uid,
        "audience": "public",
    }
    return SharedCase.objects.create(**values | more)


def practice_player(learner: User, course: Course) -> PlayerLesson:
    """The practice lesson of ``course`` as ``learner`` reads it."""
    request = RequestFactory().get("/")
    request.user = learner
    return player_for(request, course.slug, LESSON)


def begin(learner: User, course: Course, case: str = "") -> PracticeRun:
    """The open run of ``learner``, or the next one."""
    return begin_in_lesson(player=practice_player(learner, course), learner=learner, case_uid=case)


def play_all(run: PracticeRun, *words: str) -> PracticeRun:
    """Run the errands ``words``, one after another."""
    for word in words:
        act(run=run, turn=run.turn, move={"verb": "errand", "word": word})
    return run
