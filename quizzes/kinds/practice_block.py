"""The block ``practice``: a card in the text that leads to a practice lesson of the course, or to the gallery."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest

from courses.registry import Content, PlayerLesson
from quizzes.types.base import UID_PATTERN


class PracticeBlock:
    """Nothing is played within the text: a run has an address, a desk and a debriefing of its own."""

    name = "practice"
    template = "quizzes/blocks/practice.html"
    content_schema: Mapping[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "lesson": {
                "type": "string",
                "pattern": UID_PATTERN,
                "maxLength": 60,
                "description": "the uid of a practice lesson; leave it out for the gallery",
            },
            "text": {"type": "string", "maxLength": 300, "description": "a sentence that invites"},
        },
    }

    def faults(self, content: Content) -> list[tuple[str, str]]:
        return []

    def uid(self, content: Content) -> str:
        return ""

    def lessons(self, content: Content) -> list[tuple[str, str]]:
        return [("lesson", content["lesson"])] if content.get("lesson") else []

    def snapshot(self, content: Content) -> dict[str, Any]:
        return {name: str(content[name]).strip() for name in ("lesson", "text") if content.get(name)}

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        """The address is a token; the reader's page makes it one of its own course."""
        return {"to": f"lesson:{source['lesson']}" if source.get("lesson") else ""}

    def do(self, request: HttpRequest, player: PlayerLesson, source: Mapping[str, Any]) -> dict[str, Any]:
        raise Http404
