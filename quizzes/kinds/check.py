"""The block ``check``: one ungraded question inside a text or video lesson. Nothing is kept, visitors may answer."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from courses import markup
from courses.registry import Content, PlayerLesson
from quizzes.kinds.schema import question_schema
from quizzes.registry import types
from quizzes.rendering import question_html


class CheckBlock:
    name = "check"
    template = "quizzes/blocks/check.html"

    @property
    def content_schema(self) -> dict[str, Any]:
        return question_schema()

    def faults(self, content: Content) -> list[tuple[str, str]]:
        kind = types[content["type"]]
        found = list(kind.faults(content))
        if markup.used_media(*kind.texts(content).values()):
            found.append(("stem", _("A check question cannot show files; put the picture into the lesson above it.")))
        return found

    def uid(self, content: Content) -> str:
        return str(content["uid"])

    def snapshot(self, content: Content) -> dict[str, Any]:
        return types[content["type"]].snapshot(content)

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        return {"html": question_html(source, {})}

    def do(self, request: HttpRequest, player: PlayerLesson, source: Mapping[str, Any]) -> dict[str, Any]:
        """What the form chose; the template grades it. With nothing chosen it says so beside the question."""
        answer = types[source["type"]].parse(source, request.POST, "answer")
        return {"answer": answer, "missing": answer is None}
