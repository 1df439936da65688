"""Forms of the pages on which authors set up a practice lesson and share its cases."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from courses.models import Course, LessonText, Level, Topic
from quizzes.access import PASS_MARK
from quizzes.engines.registry import engines
from quizzes.models import SharedCase

MODES = [
    ("coach", _("With a coach: a reply to each step, hints, steps taken back")),
    ("exam", _("As an exam: everything is looked at in the end")),
]
SEED_CHOICES = [
    ("attempt", _("Another one each time")),
    ("person", _("Each person has their own")),
    ("shared", _("Everybody has the same, to talk about")),
]


class PracticeSettingsForm(forms.Form):
    """What a practice lesson offers and when it is passed; what stays empty has its default."""

    engine = forms.ChoiceField(label=_("What is practised"))
    intro = forms.CharField(
        label=_("Introduction"),
        help_text=_("Markdown. Stands on the start page."),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    mode = forms.ChoiceField(label=_("How it is looked at"), choices=MODES, widget=forms.RadioSelect)
    generated = forms.BooleanField(
        label=_("Go on with new worlds"), help_text=_("Made by the engine when all cases are done."), required=False
    )
    level = forms.ChoiceField(label=_("Level of new worlds"), choices=Level.choices)
    seeds = forms.ChoiceField(label=_("Which new worlds"), choices=SEED_CHOICES)
    side = forms.ChoiceField(label=_("Side of the desk in new worlds"), required=False)
    pass_mark = forms.IntegerField(label=_("Pass mark, in percent"), min_value=1, max_value=100)
    in_a_row = forms.IntegerField(
        label=_("Different worlds to pass in a row"),
        help_text=_("Empty: one is enough."),
        min_value=2,
        max_value=10,
        required=False,
    )
    back_to = forms.CharField(
        label=_("Lessons that explain"),
        help_text=_("One a line: what went wrong, a colon, the uid of a lesson; “all” stands for everything."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input--mono"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["engine"]
        choice.choices = sorted(((name, str(each.label)) for name, each in engines.items()), key=lambda each: each[1])
        engine = engines.get(str(self.data.get("engine") or self.initial.get("engine", "")))
        side: Any = self.fields["side"]
        side.choices = [(each.name, each.label) for each in engine.sides] if engine else ()
        if not side.choices:
            del self.fields["side"]

    def clean_back_to(self) -> dict[str, str]:
        """The lessons by what went wrong."""
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["back_to"].splitlines(), start=1):
            key, colon, lesson = (each.strip() for each in line.partition(":"))
            if not line.strip():
                continue
            if not (key and colon and lesson):
                raise forms.ValidationError(_now("Line %(n)d: write it as “all: seven-checks”.") % {"n": number})
            found[key] = lesson
        return found

    def rule(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in ("pass_mark", "in_a_row")}
        return {key: value for key, value in said.items() if value is not None}

    def settings(self) -> dict[str, Any]:
        names = ("engine", "intro", "generated", "level", "mode", "seeds", "side", "back_to")
        sides = engines[self.cleaned_data["engine"]].sides
        usual = {"level": "working", "mode": "coach", "seeds": "attempt", "side": sides[0].name if sides else ""}
        said = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return {name: value for name, value in said.items() if usual.get(name) != value}


def settings_of(content: Mapping[str, Any], rule: Mapping[str, Any], version: int) -> dict[str, Any]:
    """What the form shows of a lesson."""
    return {
        "engine": content.get("engine", ""),
        "intro": content.get("intro", ""),
        "mode": content.get("mode", "coach"),
        "generated": content.get("generated", False),
        "level": content.get("level", "working"),
        "seeds": content.get("seeds", "attempt"),
        "side": content.get("side", ""),
        "pass_mark": rule.get("pass_mark", PASS_MARK),
        "in_a_row": rule.get("in_a_row"),
        "back_to": "\n".join(f"{key}: {ref}" for key, ref in content.get("back_to", {}).items()),
        "version": version,
    }


class ShareForm(forms.Form):
    """On what terms a case is shared."""

    credit = forms.CharField(label=_("Credit"), max_length=120, help_text=_("Whoever takes the case names you so."))
    licence = forms.CharField(label=_("Licence"), max_length=40, help_text=_("Such as CC-BY-4.0."))
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices)
    audience = forms.ChoiceField(label=_("Who may take it"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        public = SharedCase.Audience.PUBLIC
        choice: Any = self.fields["audience"]
        choice.choices = [each for each in SharedCase.Audience.choices if course.organisation_id or each[0] == public]


class TakeForm(forms.Form):
    """Into which lesson a shared case goes."""

    lesson = forms.TypedChoiceField(label=_("Into which lesson"), coerce=int)

    def __init__(self, *args: Any, lessons: Sequence[LessonText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["lesson"]
        choice.choices = [(each.pk, f"{each.lesson.course.code}: {each.title} ({each.language})") for each in lessons]
