"""The choice of whom the figures of a course are about."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from progress.selectors.learning import AGAIN, CURRENT, FIRST, Which

EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2999, 12, 31)


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

    def clean_since(self) -> dt.date | None:
        """The ends of the calendar are no day that is the same in every zone."""
        day: dt.date | None = self.cleaned_data["since"]
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(self.fields["since"].error_messages["invalid"])
        return day

    def which(self) -> Which:
        """What was asked for; where something is wrong, everything."""
        if not self.is_bound or not self.is_valid():
            return Which()
        return Which(**self.cleaned_data)
