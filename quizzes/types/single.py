"""Single choice: one option is right."""

from django.utils.translation import gettext_lazy as _

from quizzes.types.base import ID_PATTERN, OneChoiceType, options_schema


class SingleChoice(OneChoiceType):
    name = "single"
    label = _("Single choice")
    content_schema = options_schema({"type": "string", "pattern": ID_PATTERN}, least=2, most=20)
