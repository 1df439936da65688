"""Forms of the organisation's shelf: what stands on an item, and where it goes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from core.naming import not_blank
from courses.models import Course, LibraryItem, Topic
from courses.services.shelving import Label


class LabelForm(forms.Form):
    """What stands on an item. ``seen`` guards it: when it was changed last, as the form knew it."""

    title = forms.CharField(label=_("Title"), max_length=200, validators=[not_blank])
    description = forms.CharField(
        label=_("Description"),
        help_text=_("For colleagues: what it is good for, and what they should change."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    topic = forms.ChoiceField(label=_("Subject"), choices=[("", _("None")), *Topic.choices], required=False)
    licence = forms.CharField(
        label=_("Licence"),
        help_text=_("On which terms it may be used, as CC-BY-4.0."),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "licences"}),
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("Whom to credit, as it is to be written: “Ines Duarte, Mesa Ridge College”. Empty: nobody."),
        max_length=400,
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    @property
    def label(self) -> Label:
        """What was typed, once the form is valid."""
        given = self.cleaned_data
        return Label(**{name: given[name] for name in ("title", "licence", "description", "topic", "source")})

    def clean_seen(self) -> dt.datetime | None:
        try:
            return dt.datetime.fromisoformat(self.cleaned_data["seen"]) if self.cleaned_data["seen"] else None
        except ValueError as problem:
            raise forms.ValidationError(_("Open this page anew.")) from problem


def label_of(item: LibraryItem) -> dict[str, str]:
    """The form's values for what stands on ``item`` now."""
    said = {name: getattr(item, name) for name in ("title", "description", "topic", "licence", "source")}
    return {**said, "seen": item.changed_at.isoformat()}


class ShelveForm(LabelForm):
    """A lesson or file on its way to the shelf: on which one, and whether it is the next version of an item."""

    newer_of = forms.ChoiceField(
        label=_("As what"),
        required=False,
        help_text=_(
            "Courses that took an item are told when there is a newer version; they choose whether to take it."
        ),
    )
    organisation = forms.ChoiceField(label=_("Whose library"))
    field_order = ("newer_of", "organisation", "title", "description", "topic", "licence", "source")

    def __init__(
        self, *args: Any, shelves: Sequence[Organisation], items: Sequence[LibraryItem], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shelves = {str(each.pk): each for each in shelves}
        self.items = {f"{each.pk}:{each.version}": each for each in items}
        del self.fields["seen"]
        if self.items:
            newer = [
                (key, _("A newer version of “%(title)s”") % {"title": each.title}) for key, each in self.items.items()
            ]
            self.fields["newer_of"].choices = [*newer, ("", _("A new item"))]  # type: ignore[attr-defined]
        else:
            del self.fields["newer_of"]
        if len(self.shelves) > 1:
            self.fields["organisation"].choices = [  # type: ignore[attr-defined]
                (key, each.name) for key, each in self.shelves.items()
            ]
        else:
            del self.fields["organisation"]

    @property
    def chosen_shelf(self) -> Organisation:
        return self.shelves[self.cleaned_data.get("organisation") or next(iter(self.shelves))]

    @property
    def chosen_item(self) -> LibraryItem | None:
        return self.items.get(self.cleaned_data.get("newer_of", ""))


class TakeForm(forms.Form):
    """Where an item goes: to the end of a part (``course:part``), or as a file into a course.

    The name of a part says its course too: a closed list shows the chosen name without its group.
    """

    to = forms.ChoiceField(label=_("Into which course"))

    def __init__(self, *args: Any, places: list[Any], whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.courses = {course.slug: course for course, _title, _parts in places}
        field = self.fields["to"]
        if whole:
            field.choices = [(course.slug, f"{course.code} {title}") for course, title, _parts in places]  # type: ignore[attr-defined]
        else:
            field.help_text = _("It goes to the end of that part, as a draft.")
            field.choices = [  # type: ignore[attr-defined]
                (f"{course.code} {title}", [(f"{course.slug}:{uid}", f"{course.code}: {name}") for uid, name in parts])
                for course, title, parts in places
                if parts
            ]

    def place(self) -> tuple[Course, str]:
        """The course and the uid of its part, once the form is valid; a file needs no part."""
        slug, _colon, part = self.cleaned_data["to"].partition(":")
        return self.courses[slug], part
