"""Forms of publishing: now or at a moment, and links to previews."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from courses.models import EditionKind

KINDS = [(kind.value, kind.label) for kind in (EditionKind.MINOR, EditionKind.REFRESH, EditionKind.REDO)]
NOW, LATER = "now", "later"


class PublishForm(forms.Form):
    """What the new edition asks of learners, and what is new in it."""

    kind = forms.ChoiceField(
        label=_("What it asks of learners"), choices=KINDS, widget=forms.RadioSelect, initial=EditionKind.MINOR
    )
    note = forms.CharField(
        label=_("What is new"),
        help_text=_("One or two sentences; learners read them."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MomentForm(PublishForm):
    """Publishing at a day and time of the author's own zone; ``zone`` is its name. ``due_at`` in what is cleaned."""

    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date", "class": "input--short"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_("Time"),
        initial=dt.time(7),
        widget=forms.TimeInput(attrs={"type": "time", "class": "input--short"}, format="%H:%M"),
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("day") and given.get("time"):
            moment = dt.datetime.combine(given["day"], given["time"], tzinfo=clock.zone(self.zone))
            try:
                given["due_at"] = moment.astimezone(dt.UTC)
            except OverflowError:  # the first or the last day of the calendar, which is another one in UTC
                self.add_error("day", _("Choose a moment within a year."))
        return given


class NowOrLaterForm(MomentForm):
    """Publishing now, or at a moment; the moment counts only for later."""

    when = forms.ChoiceField(
        label=_("When"),
        choices=[(NOW, _("Now")), (LATER, _("At a day and time"))],
        widget=forms.RadioSelect,
        initial=NOW,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.later:
            self.fields["day"].required = self.fields["time"].required = False

    @property
    def later(self) -> bool:
        return self.is_bound and self.data.get("when") == LATER


class LinkForm(forms.Form):
    """A link to a preview: for whom, and how long it lasts."""

    LASTS = [("1", _("1 day")), ("7", _("7 days")), ("30", _("30 days"))]

    note = forms.CharField(
        label=_("For whom"),
        help_text=_("So that you know later whose link it is; whoever opens it does not see this."),
        max_length=200,
    )
    days = forms.ChoiceField(label=_("It lasts"), choices=LASTS, initial="7", widget=forms.RadioSelect)
