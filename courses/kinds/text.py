"""The lesson kind ``text``."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.kinds import actions, context, prose
from courses.registry import Content, LessonFacts, Parts, PlayerLesson, Told, Verdict


class TextKind:
    """Prose to read; done when the learner says so."""

    name = "text"
    label = gettext_lazy("Text")
    icon = "text"
    template = "courses/kinds/text.html"
    author_page = "courses:author_lesson"
    file_suffix = ".md"
    rule_schema: Mapping[str, Any] = prose.RULE_SCHEMA
    content_schema: Mapping[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["body"],
        "properties": {**prose.BODY_SCHEMA},
    }

    def blank(self, language: str) -> Content:
        return {"body": "", "source_format": "html"}

    def faults(self, content: Content) -> list[tuple[str, str]]:
        found = prose.body_faults(content)
        if not str(content.get("body", "")).strip():
            found.append(("body", _("the lesson has no text; write some")))
        return found

    def warnings(self, content: Content) -> list[tuple[str, str]]:
        return prose.body_warnings(content)

    def uids(self, content: Content) -> list[tuple[str, str]]:
        return prose.body_uids(content)

    def lessons(self, content: Content) -> list[tuple[str, str]]:
        return prose.body_lessons(content)

    def snapshot(self, content: Content, media: Mapping[str, str]) -> dict[str, Any]:
        return prose.body_source(content, media)

    def render(self, source: Mapping[str, Any]) -> dict[str, Any]:
        return prose.render_body(source)

    def tell(self, source: Mapping[str, Any]) -> list[Told]:
        return prose.body_told(source)

    def tell_rule(self, rule: Mapping[str, Any], titles: Mapping[str, str]) -> list[str]:
        return []

    def published(self, parts: Parts, course: Any) -> None:
        """Nothing to file: a text is its part."""

    def verdict(self, rule: Mapping[str, Any], facts: LessonFacts) -> Verdict:
        if facts.done or facts.credited:
            return Verdict(done=True)
        return Verdict(done=False, unmet=(_("Read it and press “Next” or “Done”."),))

    def summary(self, source: Mapping[str, Any]) -> str:
        return prose.with_checks(str(self.label), prose.count_checks(source))

    def search_text(self, source: Mapping[str, Any]) -> str:
        return prose.body_text(source)

    def context(self, request: HttpRequest, player: PlayerLesson) -> dict[str, Any]:
        return context.text_context(request, player)

    def actions(self) -> Mapping[str, Callable[[HttpRequest, PlayerLesson], HttpResponse]]:
        return actions.TEXT_ACTIONS
