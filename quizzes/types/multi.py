"""Multiple response: as many options as are right. Each wrong choice takes back what a right one earned."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import InvalidInput
from quizzes.registry import Mark
from quizzes.types.base import ID_PATTERN, ChoiceType, Content, ids, options_schema, right_ids


class MultipleResponse(ChoiceType):
    """An answer is a list of option ids, or None for none."""

    name = "multi"
    label = gettext_lazy("Multiple response")
    content_schema = options_schema({"type": "string", "pattern": ID_PATTERN}, least=2, most=20)
    several = True

    def _wrong_number_of_rights(self, rights: int) -> list[tuple[str, str]]:
        return [] if rights else [("options", _("No option is right; at least one must be."))]

    def parse(self, content: Content, data: Any, prefix: str) -> list[str] | None:
        return self._known(content, data.getlist(prefix)) or None

    def clean(self, content: Content, answer: Any) -> list[str] | None:
        if answer is None:
            return None
        known = ids(content)
        if not isinstance(answer, list) or any(not isinstance(each, str) or each not in known for each in answer):
            message = _("Choose among the options of this question.")
            raise InvalidInput(message, fields={"answer": message})
        return self._known(content, answer) or None

    def grade(self, content: Content, answer: Any) -> Mark:
        """Right minus wrong choices as a share of all that are right, never below nothing."""
        chosen = self.chosen(content, answer) if isinstance(answer, list) else []
        right = right_ids(content)
        hits = sum(each in right for each in chosen)
        earned = max(Decimal(0), Decimal(2 * hits - len(chosen)) / Decimal(len(right)))
        message = "" if chosen else _("You did not answer this question.")
        return Mark(earned, self._reasons(content, chosen), message)
