"""Single choice: one option is right; another may earn a share."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field
from quizzes.registry import Content, Fault
from quizzes.types.base import ID, share_of
from quizzes.types.choices import SHUFFLE, OneChoiceType, option_rows, options_schema

SHARE_FIELD = Field(
    "share",
    gettext_lazy("Share in percent"),
    "decimal",
    help=gettext_lazy("What this answer earns although it is not the right one, from 0 to 100."),
)


class SingleChoice(OneChoiceType):
    name = "single"
    label = gettext_lazy("Single choice")
    icon = "check-circle"
    content_schema = options_schema(ID, least=2, most=20)
    editor = Editor(fields=(SHUFFLE,), rows=(option_rows(SHARE_FIELD),))

    def faults(self, content: Content) -> list[Fault]:
        return super().faults(content) + [
            (f"options.{number}.share", _("A share is from 0 to 100: a choice cannot earn less than nothing."))
            for number, option in enumerate(content["options"])
            if share_of(option, "0") < 0
        ]
