"""The choice of whom the figures of a course are about."""

from django import forms
from django.utils.translation import gettext_lazy as _

from progress.selectors.learning import AGAIN, CURRENT, FIRST, Which


class WhichLearnersForm(forms.Form):
    """All fields may be left out: every edition, everybody, since ever."""

    edition = forms.ChoiceField(
        label=_("Edition"), required=False, choices=[("", _("All editions")), (CURRENT, _("The current edition"))]
    )
    people = forms.ChoiceField(
        label=_("People"),
        required=False,
        choices=[("", _("Everybody")), (FIRST, _("The first time")), (AGAIN, _("Taking it again"))],
    )
    since = forms.DateField(
        label=_("Enrolled since"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write a day as year-month-day: 2026-09-02.")},
    )

    def which(self) -> Which:
        """What was asked for; where something is wrong, everything."""
        if not self.is_bound or not self.is_valid():
            return Which()
        return Which(**self.cleaned_data)
