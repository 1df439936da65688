"""Forms of spaced review."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import InvalidInput
from courses.models import Topic
from quizzes.models import ReviewCard, ReviewLog
from quizzes.models.review import MINUTES_LEAST, MINUTES_MOST
from quizzes.scheduling import MOST_DAYS

CARDS_A_DAY, CARDS_A_WEEK = 200, 1000
WHOLE = {"inputmode": "numeric", "class": "select--auto"}


class RatingForm(forms.Form):
    """How well a card was known; ``step`` is how many entries its log had when it was shown."""

    card = forms.IntegerField(min_value=1, max_value=2**62)
    step = forms.IntegerField(min_value=0, max_value=2**30)
    rating = forms.TypedChoiceField(choices=ReviewLog.Rating.choices, coerce=int)
    ms = forms.IntegerField(min_value=0, max_value=2**50, required=False)

    def said(self) -> dict[str, Any]:
        """The values. Raises ``InvalidInput``; a time that makes no sense is no reason to refuse a rating."""
        self.is_valid()
        if {"card", "step", "rating"} - self.cleaned_data.keys():
            raise InvalidInput(_("Choose one of the four answers."))
        return {name: self.cleaned_data.get(name) for name in ("card", "step", "rating", "ms")}


class IntervalForm(forms.Form):
    days = forms.IntegerField(
        label=gettext_lazy("Days from today"),
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs=WHOLE),
    )


class PlanForm(forms.Form):
    """Minutes, caps, holiday, reminder."""

    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Minutes at a sitting"),
        choices=[(n, str(n)) for n in range(MINUTES_LEAST, MINUTES_MOST + 1)],
        coerce=int,
        widget=forms.RadioSelect,
    )
    per_day = forms.IntegerField(
        label=gettext_lazy("Cards a day, at most"),
        help_text=gettext_lazy("What is due beyond that waits until tomorrow."),
        min_value=1,
        max_value=CARDS_A_DAY,
        widget=forms.NumberInput(attrs=WHOLE),
    )
    per_week = forms.IntegerField(
        label=gettext_lazy("Cards a week, at most"),
        min_value=1,
        max_value=CARDS_A_WEEK,
        widget=forms.NumberInput(attrs=WHOLE),
    )
    holiday_from = forms.DateField(
        label=gettext_lazy("First day away"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    holiday_to = forms.DateField(
        label=gettext_lazy("Last day away"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    remind = forms.BooleanField(
        label=gettext_lazy("Remind me when cards are due back"),
        help_text=gettext_lazy("At most every third day, never while you rest, and never at night."),
        required=False,
    )


class CardsForm(forms.Form):
    """Which of one's cards to list; what makes no sense filters nothing."""

    q = forms.CharField(label=gettext_lazy("Find a card"), max_length=100, required=False)
    source = forms.ChoiceField(
        label=gettext_lazy("Why it is there"),
        choices=[("", gettext_lazy("Any reason")), *ReviewCard.Source.choices],
        required=False,
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"), choices=[("", gettext_lazy("All topics")), *Topic.choices], required=False
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("All")),
            ("due", gettext_lazy("Due")),
            ("later", gettext_lazy("Later")),
            ("suspended", gettext_lazy("Put away")),
        ],
        required=False,
    )

    def chosen(self) -> dict[str, str]:
        """What is chosen and makes sense, by name."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
