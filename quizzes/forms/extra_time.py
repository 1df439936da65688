"""Forms for extra time."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment
from quizzes.services.granting import MOST_PERCENT

LEAST = 5


class ExtraTimeForm(forms.Form):
    """Whom to give more time, and how much more. ``person`` is an enrolment, so nobody outside of the course is named."""

    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=Enrolment.objects.none(),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a person."), "invalid_choice": _("Choose a person who learns here.")},
    )
    percent = forms.IntegerField(
        label=_("Extra time in percent"),
        help_text=_("50 makes 30 minutes out of 20. It holds for every timed quiz of this course."),
        min_value=LEAST,
        max_value=MOST_PERCENT,
        initial=25,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "select--auto"}),
    )

    def __init__(self, *args: Any, found: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = found  # type: ignore[attr-defined]  # a model field has one
