"""Forms for one more attempt."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from quizzes.models import ExtraAttempt
from quizzes.selectors.extra_attempts import Limited
from quizzes.services.granting_attempts import LONGEST_REASON


def pair_of(quiz: Limited) -> str:
    return f"{quiz.enrolment.pk}:{quiz.uid}"


class ExtraAttemptForm(forms.Form):
    """Whom to give one more attempt, at which quiz, and why. Only what was ``found`` can be chosen."""

    quiz = forms.ChoiceField(
        label=gettext_lazy("Quiz"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a quiz."),
            "invalid_choice": gettext_lazy("Choose one of these."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The learner reads it, with your name."),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, found: Sequence[Limited], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = {pair_of(each): each for each in found}
        self.fields["quiz"].choices = [(pair, each.title) for pair, each in self.found.items()]  # type: ignore[attr-defined]
        if len(self.found) == 1:
            self.fields["quiz"].initial = next(iter(self.found))

    @property
    def chosen(self) -> Limited:
        """What was chosen in a valid form."""
        return self.found[self.cleaned_data["quiz"]]

    def outcome(self, extra: ExtraAttempt) -> str:
        """What is said after ``extra`` was given, or stood there already unused: then nothing new was given."""
        words = {"name": self.chosen.enrolment.learner, "quiz": self.chosen.title}
        if extra in self.chosen.unused:
            return _("%(name)s has one more attempt at “%(quiz)s” already, and has not used it.") % words
        return _("%(name)s has one more attempt at “%(quiz)s” and has been told.") % words

    def refuse(self, problem: DomainError) -> None:
        """Show what a service refused at its fields, or above the form when it names none."""
        for name, text in (problem.fields or {None: problem.message}).items():
            self.add_error(name, text)
