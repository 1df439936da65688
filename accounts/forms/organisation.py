"""A library's own settings, people and teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import local_word_registry
from accounts.forms.profile import ZoneField
from accounts.models import LocalWord, Organisation, TeamMembership, User

WEEKDAYS = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]


class OrganisationForm(forms.Form):
    """Name, zone and working days."""

    name = forms.CharField(label=_("Name"), max_length=150)
    time_zone = ZoneField(
        label=_("Time zone"), help_text=_("Holds for everyone who has not chosen one: due days end at midnight here.")
    )
    working_days = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        help_text=_("Due dates that are given as a number of days count these."),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )


class LocalWordsForm(forms.Form):
    """One field for each word that lessons show; empty means the default."""

    def __init__(self, *args: Any, organisation: Organisation, words: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = LocalWord._meta.get_field("value").max_length
        for row in local_word_registry.all_words():
            self.fields[row.key] = forms.CharField(
                label=row.label,
                help_text=row.help,
                initial=words.get(row.key, ""),
                max_length=longest,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": row.default}),
            )


class MemberForm(forms.Form):
    """What a member may do in the organisation."""

    is_manager = forms.BooleanField(
        label=_("Manager"), help_text=_("People, teams, settings and all reports of the organisation."), required=False
    )
    is_instructor = forms.BooleanField(
        label=_("Instructor"), help_text=_("Writes and publishes courses for the organisation."), required=False
    )


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name of the team"), max_length=150)


class TeamMemberForm(forms.Form):
    """Somebody of the organisation, who was looked for and found, and what they are in the team."""

    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=User.objects.none(),
        to_field_name="uuid",
        error_messages={"invalid_choice": _("Nobody of your library is this person any more. Look for somebody else.")},
    )
    role = forms.ChoiceField(label=_("Role"), choices=TeamMembership.Role.choices, initial=TeamMembership.Role.TRAINEE)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.active().of_organisation(organisation)
