"""True or false: a statement and two options, always in this order."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from quizzes.registry import Content
from quizzes.types.choices import OneChoiceType, ids, options_schema


class TrueFalse(OneChoiceType):
    name = "tf"
    label = _("True or false")
    content_schema = options_schema({"enum": ["true", "false", True, False]}, least=2, most=2)

    def name_of(self, content: Content, option: str) -> str:
        """The ids say no more than the words beside them."""
        return option

    def order(self, content: Content, seed: int) -> Sequence[str]:
        return ids(content)
