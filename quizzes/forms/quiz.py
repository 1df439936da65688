"""Forms of the page on which a quiz is put together."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from quizzes.access import PASS_MARK
from quizzes.asking import GRACE, PENALTY, REVIEWED, TRIES_MOST
from quizzes.behaviours import behaviours
from quizzes.models import Bank, Question

COUNTS = [("best", _("The best")), ("last", _("The last")), ("average", _("The average")), ("first", _("The first"))]
WHEN = [
    ("", _("As the behaviour says")),
    ("at_once", _("After handing in")),
    ("closed", _("When the quiz is closed")),
    ("never", _("Never")),
]
REVIEW_LABELS = {
    "score": _("The score"),
    "answers": _("One’s own answers"),
    "right": _("The right answers"),
    "feedback": _("The replies"),
}
RULE = ("pass_mark", "attempts", "counts", "cool_down", "credits")


class SettingsForm(forms.Form):
    """How a quiz asks and when it is passed; what stays empty has its default."""

    intro = forms.CharField(
        label=_("Introduction"),
        help_text=_("Markdown. Stands on the start page."),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    behaviour = forms.ChoiceField(
        label=_("Feedback"),
        choices=[(each.name, each.label) for each in behaviours.values()],
        widget=forms.RadioSelect,
    )
    tries_most = forms.IntegerField(
        label=_("Tries for each question"),
        help_text=_("For “several tries”."),
        min_value=2,
        max_value=10,
        required=False,
    )
    tries_penalty = forms.IntegerField(
        label=_("Less for each wrong try, in percent"),
        help_text=_("For “several tries”."),
        min_value=0,
        max_value=100,
        required=False,
    )
    pass_mark = forms.IntegerField(label=_("Pass mark, in percent"), min_value=1, max_value=100)
    attempts = forms.IntegerField(
        label=_("Attempts allowed"),
        help_text=_("Empty: as many as one likes."),
        min_value=1,
        max_value=1000,
        required=False,
    )
    counts = forms.ChoiceField(label=_("Which attempt counts"), choices=COUNTS)
    cool_down = forms.IntegerField(label=_("Hours between attempts"), min_value=1, max_value=8760, required=False)
    time_limit = forms.IntegerField(
        label=_("Time limit, in minutes"),
        help_text=_("Empty: no limit. Only where the time itself is part of the skill."),
        min_value=1,
        max_value=600,
        required=False,
    )
    grace = forms.IntegerField(label=_("Grace after the limit, in seconds"), min_value=0, max_value=600, required=False)
    closes_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Empty: always open."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    shuffle = forms.BooleanField(label=_("Shuffle the answers"), required=False)
    shuffle_questions = forms.BooleanField(label=_("Shuffle the questions"), required=False)
    blind = forms.BooleanField(
        label=_("Mark without names"), help_text=_("For free text that a person marks."), required=False
    )
    credits = forms.MultipleChoiceField(
        label=_("A pre-test for"),
        help_text=_("Whoever passes has these lessons credited and may skip them."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lessons: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credits"].choices = list(lessons)
        for name in REVIEWED:
            self.fields[f"review_{name}"] = forms.ChoiceField(label=REVIEW_LABELS[name], choices=WHEN, required=False)

    @property
    def review_fields(self) -> list[forms.BoundField]:
        return [self[f"review_{name}"] for name in REVIEWED]

    def rule(self) -> dict[str, Any]:
        """What a lesson's rule keeps of it."""
        said = {name: self.cleaned_data[name] for name in RULE}
        if said["counts"] == "best":
            del said["counts"]
        return {key: value for key, value in said.items() if value not in (None, "", [])}

    def settings(self) -> dict[str, Any]:
        """What a lesson's content keeps of it."""
        given = self.cleaned_data
        said: dict[str, Any] = {
            "intro": given["intro"],
            "behaviour": given["behaviour"] if given["behaviour"] != "deferred" else "",
            "time_limit": given["time_limit"],
            "closes_on": given["closes_on"].isoformat() if given["closes_on"] else None,
            "review": {name: given[f"review_{name}"] for name in REVIEWED if given[f"review_{name}"]},
            "shuffle_questions": given["shuffle_questions"] or None,
            "blind": given["blind"] or None,
        }
        if given["grace"] is not None and given["grace"] != GRACE:
            said["grace"] = given["grace"]
        if given["behaviour"] == "tries":
            said["tries"] = self._tries()
        said = {key: value for key, value in said.items() if value not in (None, "", {})}
        return said | {"shuffle": given["shuffle"]}

    def _tries(self) -> dict[str, int]:
        most, penalty = self.cleaned_data["tries_most"], self.cleaned_data["tries_penalty"]
        said = {} if most in (None, TRIES_MOST) else {"most": most}
        return said | ({} if penalty in (None, PENALTY) else {"penalty": penalty})


def initial_of(content: Mapping[str, Any], rule: Mapping[str, Any], version: int) -> dict[str, Any]:
    """What ``SettingsForm`` shows of a draft."""
    tries, review = content.get("tries", {}), content.get("review", {})
    return {
        "intro": content.get("intro", ""),
        "behaviour": content.get("behaviour", "deferred"),
        "tries_most": tries.get("most", TRIES_MOST),
        "tries_penalty": tries.get("penalty", PENALTY),
        "pass_mark": rule.get("pass_mark", PASS_MARK),
        "attempts": rule.get("attempts"),
        "counts": rule.get("counts", "best"),
        "cool_down": rule.get("cool_down"),
        "credits": rule.get("credits", []),
        "time_limit": content.get("time_limit"),
        "grace": content.get("grace", GRACE),
        "closes_on": content.get("closes_on"),
        "shuffle": content.get("shuffle", True),
        "shuffle_questions": content.get("shuffle_questions", False),
        "blind": content.get("blind", False),
        "version": version,
        **{f"review_{name}": review.get(name, "") for name in REVIEWED},
    }


class DrawForm(forms.Form):
    """Questions drawn at random from a bank, different for each person and attempt."""

    bank = forms.ModelChoiceField(label=_("Bank"), queryset=Bank.objects.none(), to_field_name="slug", empty_label=None)
    draw = forms.IntegerField(label=_("How many"), min_value=1, max_value=200)
    topic = forms.CharField(label=_("Topic"), max_length=100, required=False)
    difficulty = forms.ChoiceField(
        label=_("Difficulty"), choices=[("", _("Any")), *Question.Difficulty.choices], required=False
    )
    tags = forms.CharField(label=_("Tags, with commas between"), max_length=300, required=False)

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = Bank.objects.usable_by(course).distinct()

    def row(self) -> dict[str, Any]:
        given = self.cleaned_data
        tags = [each.strip() for each in given["tags"].split(",") if each.strip()]
        return {**given, "bank": given["bank"].slug, "tags": tags}
