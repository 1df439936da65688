"""Forms of a review: asking for one, and a reviewer's verdict."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import ReviewVerdict
from courses.services.reviewing import REVIEWERS_MOST


def person_label(person: User) -> str:
    """A person with the address: two may share a name."""
    return f"{person.name} ({person.email})" if person.name else person.email


class AskForm(forms.Form):
    """Who is to look at the draft, and what they should know."""

    people = forms.MultipleChoiceField(
        label=_("People on the course, and those your library requires"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    emails = forms.CharField(
        label=_("Other colleagues"),
        required=False,
        max_length=5000,
        help_text=_(
            "Addresses, one a line. They become reviewers of the course: they see its draft, and change nothing."
        ),
        widget=forms.Textarea(attrs={"rows": 2, "class": "input--mono", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("What should they look at"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, known: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(person.uuid): person for person in known}
        self.fields["people"].choices = [(key, person_label(person)) for key, person in self.known.items()]
        if not known:
            del self.fields["people"]
            self.fields["emails"].required = True

    def chosen(self) -> list[User]:
        return [self.known[key] for key in self.cleaned_data.get("people", ())]

    def clean_emails(self) -> list[str]:
        wanted = [each for each in re.split(r"[\s,;]+", self.cleaned_data["emails"].lower()) if each]
        if len(wanted) > REVIEWERS_MOST:
            raise forms.ValidationError(_("At most %(most)d people."), params={"most": REVIEWERS_MOST})
        return list(dict.fromkeys(wanted))


class VerdictForm(forms.Form):
    """May exactly this go out?"""

    verdict = forms.ChoiceField(
        label=_("What do you think"),
        choices=[
            (ReviewVerdict.Verdict.APPROVED.value, _("Approve it: this may go out as it is")),
            (ReviewVerdict.Verdict.CHANGES.value, _("Ask for changes")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=2000,
        help_text=_("Needed when you ask for changes."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AgainForm(forms.Form):
    note = forms.CharField(
        label=_("What has changed"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
