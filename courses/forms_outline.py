"""Forms of a draft's outline: a part's title, a lesson's title and minutes, a new lesson."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.naming import not_blank
from courses.lesson_templates import TEMPLATES
from courses.models import Course
from courses.registry import ChoosingKind, StartingKind, WritableKind, kinds
from courses.services.outline_places import TITLE_MAX
from courses.services.outlining import MINUTES_MOST


class PartForm(forms.Form):
    """``version`` is the part's as the form knew it; a new part has none."""

    title = forms.CharField(label=_("Title of the part"), max_length=TITLE_MAX, validators=[not_blank])
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="edit_%s", **kwargs)
        _in_row(self)


class LessonNameForm(forms.Form):
    title = forms.CharField(label=_("Lesson title"), max_length=TITLE_MAX, validators=[not_blank])
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=MINUTES_MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="edit_%s", **kwargs)
        _in_row(self)


class WaitingForm(forms.Form):
    """After which of the ``others`` (uid and title each) a lesson opens."""

    after = forms.MultipleChoiceField(
        label=_("Opens after"),
        help_text=_("Learners open the lesson once they have finished all of these. None: it opens at once."),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"form": "edit"}),
        error_messages={"invalid_choice": _("opens_after names “%(value)s”, and no lesson has that uid")},
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="edit_%s", **kwargs)
        self.fields["after"].choices = others  # type: ignore[attr-defined]

    def titles(self) -> list[str]:
        """What the chosen ones are called, once the form is valid."""
        names = dict(self.fields["after"].choices)  # type: ignore[attr-defined]
        return [names[uid] for uid in self.cleaned_data["after"]]


class LessonAddForm(forms.Form):
    """``kind`` is a kind's name, or name and start: ``practice:triage``."""

    title = forms.CharField(label=_("Lesson title"), max_length=TITLE_MAX, validators=[not_blank])
    kind = forms.ChoiceField(label=_("Kind"))
    template = forms.ChoiceField(
        label=_("Begin with"), help_text=_("For what is read, seen or heard; you replace every word."), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="edit_%s", **kwargs)
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]
        shapes = [(each.key, f"{each.label}: {each.about}") for each in TEMPLATES]
        self.fields["template"].choices = [("", _("An empty page")), *shapes]  # type: ignore[attr-defined]
        _in_row(self)

    def clean(self) -> dict[str, Any]:
        """``kind`` and ``start`` apart."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, _colon, start = cleaned.get("kind", "").partition(":")
        return {**cleaned, "kind": kind, "start": start}


class CarryForm(forms.Form):
    """Where a lesson goes: ``course:part``. ``places`` come from ``selectors.drafting.places_for``."""

    to = forms.ChoiceField(label=_("Where to"), help_text=_("It goes to the end of that part."))

    def __init__(self, *args: Any, places: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {course.slug: course for course, _title, _parts in places}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (f"{course.code} {title}", [(f"{course.slug}:{uid}", name) for uid, name in parts])
            for course, title, parts in places
            if parts
        ]

    def place(self) -> tuple[Course, str]:
        """The course and the uid of its part, once the form is valid."""
        slug, _colon, part = self.cleaned_data["to"].partition(":")
        return self.courses[slug], part


def kind_choices() -> list[Any]:
    """Kinds that can be begun and written in the browser; one that has to be chosen within is a group."""
    plain: list[Any] = []
    groups: list[Any] = []
    for name, kind in kinds.items():
        if not (isinstance(kind, StartingKind) and isinstance(kind, WritableKind)):
            continue
        if isinstance(kind, ChoosingKind):
            groups.append((kind.label, [(f"{name}:{start}", label) for start, label in kind.starts()]))
        else:
            plain.append((name, kind.label))
    return [*plain, *groups]


def _in_row(form: forms.Form) -> None:
    """The fields stand within the outline's own form, so they name theirs; the first one gets the focus."""
    for number, field in enumerate(form.fields.values()):
        field.widget.attrs |= {"form": "edit", **({} if number else {"autofocus": True})}
