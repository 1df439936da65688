"""Multiple response: as many options as are right, and four rules for an answer that is partly right."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.editor import Editor, Field
from quizzes.registry import Content, Fault, Mark
from quizzes.types.base import ID, clamp, known_as, share_of, wrong_shape
from quizzes.types.choices import SHUFFLE, ChoiceType, ids, option_id, option_rows, options_schema, right_ids

# Shares are written with up to five places, so thirds do not add up to a whole; this much may be missing.
ROUNDING = Decimal("0.001")


def penalty(content: Content, chosen: Sequence[str]) -> Decimal:
    """Right minus wrong choices as a share of all that are right."""
    right = right_ids(content)
    hits = sum(each in right for each in chosen)
    return Decimal(2 * hits - len(chosen)) / Decimal(len(right))


def everything(content: Content, chosen: Sequence[str]) -> Decimal:
    """All right options and no other, or nothing."""
    return Decimal(set(chosen) == set(right_ids(content)))


def each_option(content: Content, chosen: Sequence[str]) -> Decimal:
    """Every option judged rightly (ticked or left) adds its part, every other takes the same away.

    Nothing as long as no right option is chosen: who ticks one wrong option has left the other wrong ones alone, too.
    """
    right = set(right_ids(content))
    if not right & set(chosen):
        return Decimal(0)
    judged = sum((each in chosen) == (each in right) for each in ids(content))
    return Decimal(2 * judged) / len(content["options"]) - 1


def shares(content: Content, chosen: Sequence[str]) -> Decimal:
    """The shares of the chosen options added up."""
    earned = sum((share_of(option, "0") for option in content["options"] if option_id(option) in chosen), Decimal(0))
    return Decimal(1) if earned >= 1 - ROUNDING else earned


CREDITS: Mapping[str, Callable[[Content, Sequence[str]], Decimal]] = {
    "penalty": penalty,
    "all": everything,
    "each": each_option,
    "shares": shares,
}
CREDIT = Field(
    "credit",
    gettext_lazy("How it is marked"),
    "choice",
    choices=(
        ("penalty", gettext_lazy("A wrong choice takes back what a right one earned")),
        ("all", gettext_lazy("All or nothing")),
        ("each", gettext_lazy("Each option counts, ticked or left alone")),
        ("shares", gettext_lazy("By the share of each chosen option")),
    ),
    default="penalty",
    help=gettext_lazy("An answer never earns less than nothing."),
)
SHARE_FIELD = Field(
    "share",
    gettext_lazy("Share in percent"),
    "decimal",
    help=gettext_lazy("Only when marked by shares: from -100 to 100; those of the right answers make 100 together."),
)


class MultipleResponse(ChoiceType):
    """An answer is a list of option ids, or None for none. ``credit`` names one of ``CREDITS``."""

    name = "multi"
    label = gettext_lazy("Multiple response")
    icon = "list"
    content_schema = options_schema(ID, least=2, most=20, credit={"enum": list(CREDITS)})
    defaults = {"credit": "penalty"}
    several = True
    editor = Editor(fields=(CREDIT, SHUFFLE), rows=(option_rows(SHARE_FIELD),))

    def faults(self, content: Content) -> list[Fault]:
        return super().faults(content) + (share_faults(content) if content.get("credit") == "shares" else [])

    def _wrong_number_of_rights(self, rights: int) -> list[Fault]:
        return [] if rights else [("options", _("No option is right; at least one must be."))]

    def parse(self, content: Content, data: Any, prefix: str) -> list[str] | None:
        return self._known(content, data.getlist(prefix)) or None

    def named(self, content: Content, answer: Any) -> list[str] | None:
        return [self.name_of(content, each) for each in self.chosen(content, answer)] or None

    def clean(self, content: Content, answer: Any) -> list[str] | None:
        if answer is None:
            return None
        known = known_as(content, ids(content))
        if not isinstance(answer, list) or any(not isinstance(each, str) or each not in known for each in answer):
            raise wrong_shape(_("Choose among the options of this question."))
        return self._known(content, answer) or None

    def grade(self, content: Content, answer: Any, seed: int = 0) -> Mark:
        """What ``credit`` says, never below nothing. A part is right when its option was rightly ticked or left."""
        chosen = self.chosen(content, answer) if isinstance(answer, list) else []
        if not chosen:
            return Mark(Decimal(0), self._reasons(content, chosen), _("You did not answer this question."))
        right = right_ids(content)
        earned = clamp(CREDITS[content.get("credit", "penalty")](content, chosen))
        parts = {each: Decimal((each in chosen) == (each in right)) for each in ids(content)}
        return Mark(earned, self._reasons(content, chosen), parts=parts)


def share_faults(content: Content) -> list[Fault]:
    """What is wrong with shares when they decide: everything right must earn everything."""
    found = []
    for number, option in enumerate(content["options"]):
        share = share_of(option, "0")
        if option["right"] and share <= 0:
            found.append((f"options.{number}.share", _("A right answer needs a share above 0.")))
        elif not option["right"] and share > 0:
            found.append((f"options.{number}.share", _("A wrong answer cannot have a share above 0.")))
    together = sum((share_of(option, "0") for option in content["options"] if option["right"]), Decimal(0))
    if not found and together < 1 - ROUNDING:
        message = _("The shares of the right answers make %(together)s together; they must make 100.")
        found.append(("options", message % {"together": f"{(together * 100).normalize():f}"}))
    return found
