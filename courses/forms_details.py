"""Forms of a course itself: a new one, and its details."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from core.naming import not_blank
from courses.models import Audience, Level, Topic
from courses.services.founding import SLUG_MAX, Facts, Words

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
OPEN = [Audience.PUBLIC, Audience.UNLISTED]


def language_choices() -> list[tuple[str, str]]:
    """Languages as their speakers call them."""
    named = [
        (code, str(info["name_local"]))
        for code, info in LANG_INFO.items()
        if LANGUAGE.fullmatch(code) and "name_local" in info
    ]
    return sorted(named, key=lambda each: each[1].casefold())


def audience_choices(*, inside: bool) -> list[tuple[str, Any]]:
    """Who may read it; a course of the commons has no library to keep it to."""
    return [(each.value, each.label) for each in Audience if inside or each in OPEN]


class CourseForm(forms.Form):
    """A new course. ``inside``: it will belong to a library."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("What learners see in the catalogue. You can change it later."),
        max_length=200,
        validators=[not_blank],
    )
    code = forms.CharField(label=_("Code"), help_text=_("As on the spine label: BOR 101."), max_length=20)
    topic = forms.ChoiceField(label=_("Subject"), choices=Topic.choices)
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    language = forms.ChoiceField(label=_("Language"), choices=language_choices, initial="en")
    audience = forms.ChoiceField(label=_("Who may read it, once it is published"), initial=Audience.ORGANISATION)
    summary = forms.CharField(
        label=_("In one or two sentences"),
        help_text=_("They stand in the catalogue. You can write them later, before you publish."),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, inside: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = audience_choices(inside=inside)  # type: ignore[attr-defined]


class Lines(forms.CharField):
    """A list, one entry a line; empty lines are left out."""

    def __init__(self, *, entry_max: int, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.entry_max = entry_max

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        lines = [" ".join(line.split()) for line in str(super().clean(value)).splitlines()]
        long = [line for line in lines if len(line) > self.entry_max]
        if long:
            message = _("“%(start)s…” is longer than %(most)d characters.")
            raise forms.ValidationError(message, params={"start": long[0][:30], "most": self.entry_max})
        return list(dict.fromkeys(line for line in lines if line))


class DetailsForm(forms.Form):
    """What a course says of itself, in one language and in none. ``version`` is the course's as the form knew it.

    ``parts`` are asked for in a language that is not the first: uid, and the title there. In the first one parts are
    renamed in the outline.
    """

    title = forms.CharField(label=_("Title"), max_length=200, validators=[not_blank])
    summary = forms.CharField(
        label=_("In one or two sentences"),
        help_text=_("They stand in the catalogue."),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    for_whom = forms.CharField(label=_("For whom"), max_length=400, required=False)
    objectives = Lines(
        label=_("Afterwards learners can"), help_text=_("One thing a line, beginning with a verb."), entry_max=300
    )
    code = forms.CharField(label=_("Code"), help_text=_("As on the spine label: BOR 101."), max_length=20)
    slug = forms.CharField(
        label=_("Address"),
        help_text=_("Small letters, digits and hyphens. The old address goes on working."),
        max_length=SLUG_MAX,
    )
    topic = forms.ChoiceField(label=_("Subject"), choices=Topic.choices)
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    audience = forms.ChoiceField(label=_("Who may read it"))
    licence = forms.CharField(label=_("Licence"), help_text=_("Its short name, as CC-BY-4.0."), max_length=40)
    competencies = Lines(label=_("Competencies"), help_text=_("Short names, one a line."), entry_max=20, rows=2)
    credits = Lines(label=_("Credits"), help_text=_("Who made it, one a line."), entry_max=300, rows=3)
    legal = forms.BooleanField(label=_("Say that it is training and no legal advice"), required=False)
    checked_on = forms.DateField(
        label=_("Facts last checked"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    certificate_valid_days = forms.IntegerField(
        label=_("Certificates are valid for how many days"),
        help_text=_("Empty: for ever."),
        min_value=1,
        max_value=36500,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    WORDS = ("title", "summary", "for_whom", "objectives")

    PART = "part-"

    def __init__(self, *args: Any, inside: bool, parts: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = audience_choices(inside=inside)  # type: ignore[attr-defined]
        for uid, title in parts:
            self.fields[f"{self.PART}{uid}"] = forms.CharField(label=title, max_length=200, required=False)

    def words(self) -> Words:
        parts = {name: value for name, value in self.cleaned_data.items() if name.startswith(self.PART)}
        return Words(
            **{name: self.cleaned_data[name] for name in self.WORDS},
            parts={name.removeprefix(self.PART): title for name, title in parts.items()},
        )

    def facts(self) -> Facts:
        return Facts(**{name: self.cleaned_data[name] for name in Facts.__dataclass_fields__})


class LanguageForm(forms.Form):
    """One more language; ``held`` are those that the course has."""

    language = forms.ChoiceField(
        label=_("Add a language"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose a language that the course does not have yet.")
        ),
    )

    def __init__(self, *args: Any, held: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [each for each in language_choices() if each[0] not in held]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]
