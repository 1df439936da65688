"""The lesson kind ``quiz``: graded questions, passed at the mark of the rule."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from courses import markup
from courses.registry import Content, LessonFacts, PlayerLesson, Verdict
from quizzes.access import PASS_MARK
from quizzes.kinds import actions
from quizzes.kinds.schema import question_schema
from quizzes.registry import types
from quizzes.rendering import question_html
from quizzes.services.filing import file_questions
from quizzes.types.base import UID_PATTERN, tidy


class QuizKind:
    name = "quiz"
    label = gettext_lazy("Quiz")
    icon = "quiz"
    template = "quizzes/lesson.html"
    file_suffix = ".yaml"
    rule_schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "pass_mark": {"type": "integer", "minimum": 1, "maximum": 100},
            "attempts": {"type": "integer", "minimum": 1, "maximum": 1000},
            "opens_after": {
                "type": "array",
                "items": {"type": "string", "pattern": UID_PATTERN},
                "uniqueItems": True,
            },
        },
    }

    @property
    def content_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "additionalProperties": False,
            "required": ["questions"],
            "properties": {
                "intro": {"type": "string", "maxLength": 8000},
                "shuffle": {"type": "boolean"},
                "questions": {"type": "array", "minItems": 1, "maxItems": 200, "items": question_schema()},
            },
        }

    def faults(self, content: Content) -> list[tuple[str, str]]:
        found = []
        seen: set[str] = set()
        for number, question in enumerate(content["questions"]):
            where = f"questions.{number}"
            if question["uid"] in seen:
                taken = _("The uid “%(uid)s” is taken; give each question its own.") % {"uid": question["uid"]}
                found.append((f"{where}.uid", taken))
            seen.add(question["uid"])
            found += [(f"{where}.{path}", text) for path, text in types[question["type"]].faults(question)]
        return found

    def warnings(self, content: Content) -> list[tuple[str, str]]:
        """Options without a reply."""
        return [
            (f"questions.{number}.{path}", text)
            for number, question in enumerate(content["questions"])
            for path, text in types[question["type"]].warnings(question)
        ]

    def uids(self, content: Content) -> list[tuple[str, str]]:
        return [(f"questions.{number}.uid", question["uid"]) for number, question in enumerate(content["questions"])]

    def lessons(self, content: Content) -> list[tuple[str, str]]:
        """Where a wrong answer sends back to."""
        return [
            (f"questions.{number}.back_to", question["back_to"])
            for number, question in enumerate(content["questions"])
            if question.get("back_to")
        ]

    def snapshot(self, content: Content, media: Mapping[str, str]) -> dict[str, Any]:
        questions = [types[question["type"]].snapshot(question) for question in content["questions"]]
        source = {
            "intro": tidy(content.get("intro", "")),
            "shuffle": content.get("shuffle", True),
            "questions": questions,
        }
        texts = [source["intro"], *(text for each in questions for text in types[each["type"]].texts(each).values())]
        used = {name: media[name] for name in markup.used_media(*texts) if name in media}
        return source | ({"media": used} if used else {})

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        media = source.get("media", {})
        return {
            "intro": markup.render(source["intro"], media=media),
            "questions": len(source["questions"]),
            "items": {question["uid"]: question_html(question, media) for question in source["questions"]},
        }

    def published(self, part: Any, source: Mapping[str, Any], course: Any) -> None:
        file_questions(part=part, source=source, course=course)

    def verdict(self, rule: Mapping[str, Any], facts: LessonFacts) -> Verdict:
        mark = rule.get("pass_mark", PASS_MARK)
        if facts.credited or (facts.best_percent is not None and facts.best_percent >= mark):
            return Verdict(done=True)
        if facts.best_percent is None:
            return Verdict(done=False, unmet=(_("Pass the quiz with %(mark)d%% or more.") % {"mark": mark},))
        said = _("Pass the quiz with %(mark)d%% or more; your best so far is %(best)d%%.")
        return Verdict(done=False, unmet=(said % {"mark": mark, "best": facts.best_percent},))

    def summary(self, source: Mapping[str, Any]) -> str:
        count = len(source["questions"])
        return ngettext("Quiz, %(count)d question", "Quiz, %(count)d questions", count) % {"count": count}

    def search_text(self, source: Mapping[str, Any]) -> str:
        """The introduction and the stems; options would give answers away."""
        texts = [source["intro"], *(question["stem"] for question in source["questions"])]
        return " ".join(filter(None, (markup.plain(markup.render(text)) for text in texts)))

    def context(self, request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
        return actions.start_card(request, player)

    def actions(self) -> Mapping[str, Callable[[HttpRequest, PlayerLesson], HttpResponse]]:
        return {"start": actions.start}
