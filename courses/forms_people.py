"""Forms around the people of a course and its upkeep."""

import re
from typing import Any

from django import forms
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from courses.models import CourseEditor
from courses.services.policing import APPROVALS_MAX, REQUIRED_MAX
from courses.upkeep import MONTHS_MAX

ROLES = [(role.value, role.label) for role in (CourseEditor.Role.EDITOR, CourseEditor.Role.REVIEWER)]
USUAL_MONTHS = 12


class AddPersonForm(forms.Form):
    """Somebody who has an account, by their address."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Of somebody in your library, or in the library that owns the course."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("What they may do"),
        choices=ROLES,
        initial=CourseEditor.Role.EDITOR,
        help_text=_("Editors change the draft and publish it. Reviewers see the draft and comment on it."),
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("What they may do"), choices=ROLES)


class ReviewByForm(forms.Form):
    """The day by which the course is looked at again."""

    review_by = forms.DateField(
        label=_("Look at it again by"),
        required=False,
        help_text=_("The owner is reminded 30 days before, on the day, and monthly after it. Empty: never."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class LookForm(forms.Form):
    """'I have looked at it.'"""

    months = forms.IntegerField(
        label=_("Next look in how many months"),
        min_value=0,
        max_value=MONTHS_MAX,
        initial=USUAL_MONTHS,
        help_text=_("0: nobody is asked again."),
    )
    note = forms.CharField(
        label=_("Note for your co-authors"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class PolicyForm(forms.Form):
    """What a library asks for before its courses are published."""

    approvals = forms.IntegerField(
        label=_("How many people have to approve an edition"),
        min_value=0,
        max_value=APPROVALS_MAX,
        help_text=_("Beside whoever asks for the review. 0: courses are published without."),
    )
    required = forms.CharField(
        label=_("Who has to be among them"),
        required=False,
        max_length=5000,
        help_text=_("Addresses of people of your library, one a line. Each of them has to approve every edition."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "input--mono"}),
    )
    review_months = forms.IntegerField(
        label=_("After how many months a course is looked at again"),
        min_value=0,
        max_value=MONTHS_MAX,
        help_text=_("Counted from publishing. Its owner is reminded. 0: nobody is."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_required(self) -> list[User]:
        """The people behind the addresses; each address that is not a member's is named."""
        wanted = list(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["required"].lower().strip())))
        wanted = [address for address in wanted if address]
        if len(wanted) > REQUIRED_MAX:
            raise forms.ValidationError(_("At most %(most)d people."), params={"most": REQUIRED_MAX})
        members = User.objects.active().of_organisation(self.organisation).annotate(address=Lower("email"))
        found = {person.address: person for person in members.filter(address__in=wanted)}
        unknown = [address for address in wanted if address not in found]
        if unknown:
            raise forms.ValidationError(
                _("Not in your library: %(addresses)s"), params={"addresses": ", ".join(unknown)}
            )
        return list(found.values())
