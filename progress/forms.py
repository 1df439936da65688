"""Forms of the team area. They turn text into values and say what is wrong beside the field; services decide."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from core.errors import DomainError
from courses.models import Course
from progress.models import DueKind
from progress.selectors.assigning import courses_to_assign, people_of
from progress.services.assigning import MAX_DAYS
from progress.services.reminding import MAX_LINE

DATE = {"type": "date"}
MAX_REPORT_DAYS = 731


class ServiceForm(forms.Form):
    """A form that takes over what a service refused, at the fields it names."""

    def refuse(self, problem: DomainError) -> None:
        """Show ``problem`` at its fields, or above the form when it names none that the form has."""
        shown = {name: text for name, text in problem.fields.items() if name in self.fields}
        for name, text in shown.items():
            self.add_error(name, text)
        if not shown:
            self.add_error(None, problem.message)


class CourseField(forms.ModelChoiceField):
    """Courses by their titles; the titles are read once for all options."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Course.objects.none(), to_field_name="slug", **kwargs)
        self.titles: dict[int, str] = {}

    def label_from_instance(self, course: Course) -> str:
        return f"{self.titles.get(course.pk) or course.slug} ({course.code})"


class AssignForm(ServiceForm):
    """Right people, date, reason. Choices are exactly what the person may choose."""

    course = CourseField(label=_("Course"), empty_label=_("Choose a course"))
    teams = forms.ModelMultipleChoiceField(label=_("Teams"), queryset=Team.objects.none(), required=False)
    people = forms.ModelMultipleChoiceField(
        label=_("People and teams"), queryset=User.objects.none(), required=False, to_field_name="uuid"
    )
    due_kind = forms.ChoiceField(
        label=_("When"),
        choices=[
            (DueKind.FIXED, _("By a date")),
            (DueKind.DAYS, _("Some working days after the start")),
            (DueKind.NONE, _("No date")),
        ],
        initial=DueKind.FIXED,
    )
    due_on = forms.DateField(label=_("Due date"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    days = forms.IntegerField(
        label=_("Working days"),
        required=False,
        min_value=1,
        max_value=MAX_DAYS,
        help_text=_("Counted by the library’s own week, from the day each person is told."),
    )
    note = forms.CharField(
        label=_("A line from you"),
        required=False,
        max_length=300,
        help_text=_("Saying why doubles as an invitation. It appears on the course page and in the email."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea--short"}),
    )
    request_key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, supervisor: User, titles: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("request_key", uuid.uuid4().hex)
        self.fields["course"].queryset = courses_to_assign(supervisor)
        self.fields["course"].titles = titles
        self.fields["teams"].queryset = Team.objects.visible_to(supervisor)
        self.fields["people"].queryset = people_of(supervisor)

    def chosen(self) -> tuple[Course | None, list[Team], list[User]]:
        """Course, teams and people as far as they make sense now; for a form that is not finished yet."""
        self.is_valid()
        given = self.cleaned_data
        return given.get("course"), list(given.get("teams") or ()), list(given.get("people") or ())


class DateForm(ServiceForm):
    """Another date, for all or for one person; ``reason`` is shown to the person."""

    due_on = forms.DateField(label=_("New date"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("Why"), required=False, max_length=300)

    def __init__(self, *args: Any, for_all: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_all:
            del self.fields["reason"]
            self.fields["due_on"].help_text = _("Left empty: no date. Extensions of single people stay.")
        else:
            self.fields["due_on"].required = True


class ResetForm(ServiceForm):
    """Why somebody shall begin anew; they read it."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("It goes out in a notice and stays in the log, with your name."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea--short"}),
    )


class NudgeForm(ServiceForm):
    """A line of text first: nobody is nudged without a word."""

    text = forms.CharField(
        label=_("Your line"),
        max_length=MAX_LINE,
        help_text=_("It goes out with a link to the course. At most one a day to each person."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "textarea--short"}),
    )


class ReportForm(forms.Form):
    """The days of a report. In the address they are ``from`` and ``to``."""

    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))

    NAMES = {"first": "from", "last": "to"}

    def add_prefix(self, field_name: str) -> str:
        return self.NAMES.get(field_name, field_name)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", _("This day lies before the first one."))
        elif first and last and (last - first).days > MAX_REPORT_DAYS:
            self.add_error("first", _("A report holds two years at most."))
        return given
