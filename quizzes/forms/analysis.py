"""Forms of item analysis and re-grading."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.analysis.scope import Which, Wording
from quizzes.models import Regrade


class WhichForm(forms.Form):
    """Which attempts at a quiz. All fields may be left out: first attempts, all editions, since ever."""

    edition = forms.TypedChoiceField(label=gettext_lazy("Edition"), required=False, coerce=int, empty_value=None)
    attempts = forms.ChoiceField(
        label=gettext_lazy("Attempts"),
        required=False,
        choices=[("first", gettext_lazy("First attempts only")), ("all", gettext_lazy("All attempts"))],
    )
    since = forms.DateField(
        label=gettext_lazy("Since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write a day as year-month-day: 2026-09-02.")},
    )

    def __init__(self, *args: Any, wordings: Sequence[Wording], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [(each.edition, _editions(each)) for each in wordings]
        self.fields["edition"].choices = [("", _("All editions")), *chosen]  # type: ignore[attr-defined]

    def which(self) -> Which:
        """What was asked for; where something is wrong, the usual."""
        if not self.is_bound or not self.is_valid():
            return Which()
        given = self.cleaned_data
        return Which(given["attempts"] or "first", given["edition"], given["since"])


def _editions(wording: Wording) -> str:
    """3, or 2 to 4 when the quiz said the same in all of them."""
    if len(wording.editions) == 1:
        return str(wording.edition)
    first, last = wording.editions[-1], wording.editions[0]
    if last - first + 1 == len(wording.editions):
        return _("%(first)d to %(last)d") % {"first": first, "last": last}
    return ", ".join(str(each) for each in reversed(wording.editions))


class ApplyForm(forms.Form):
    """How a correction is carried into the attempts."""

    policy = forms.ChoiceField(
        label=gettext_lazy("Which results change"),
        choices=[
            (Regrade.Policy.UP, gettext_lazy("Only where it helps the learner")),
            (Regrade.Policy.ALL, gettext_lazy("Every result, up or down")),
        ],
        widget=forms.RadioSelect,
        initial=Regrade.Policy.UP,
    )
    reason = forms.CharField(
        label=gettext_lazy("What was wrong"),
        max_length=200,
        help_text=gettext_lazy("A line for the log; the learners whose result changes read it too."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
