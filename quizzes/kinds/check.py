"""The block ``check``: one ungraded question inside a text or video lesson. No answer is kept, visitors may answer."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from courses.registry import Content, PlayerLesson, Told
from quizzes.kinds.schema import question_schema
from quizzes.kinds.telling import question_told
from quizzes.registry import types
from quizzes.rendering import question_html, used_media
from quizzes.services.remembering_checks import remember_check


class CheckBlock:
    name = "check"
    template = "quizzes/blocks/check.html"

    @property
    def content_schema(self) -> dict[str, Any]:
        return question_schema()

    def faults(self, content: Content) -> list[tuple[str, str]]:
        kind = types[content["type"]]
        found = list(kind.faults(content))
        if kind.manual:
            found.append(("type", _("A check question replies at once, and nobody marks it; ask this in a quiz.")))
        if used_media(content):
            found.append(("stem", _("A check question cannot show files; put the picture into the lesson above it.")))
        return found

    def uid(self, content: Content) -> str:
        return str(content["uid"])

    def snapshot(self, content: Content) -> dict[str, Any]:
        return types[content["type"]].snapshot(content)

    def tell(self, source: Mapping[str, Any]) -> Told:
        return question_told(source, _("Check question “%(stem)s”"))

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        return {"html": question_html(source, {})}

    def do(self, request: HttpRequest, player: PlayerLesson, source: Mapping[str, Any]) -> dict[str, Any]:
        """What the form chose; the template grades it. With nothing chosen it says so beside the question. What the course
        marks as worth keeping becomes a review card of those who take it."""
        answer = types[source["type"]].parse(source, request.POST, "answer")
        kept = (
            answer is not None
            and request.user.is_authenticated
            and remember_check(player=player, learner=request.user, source=source, answer=answer)
        )
        return {"answer": answer, "missing": answer is None, "kept": kept}
