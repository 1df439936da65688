"""How people come in."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, TeamMembership

MAX_ADDRESSES = 500


@dataclass(frozen=True)
class Line:
    """One line of a pasted list: the address that was read from it, or what is wrong."""

    number: int
    text: str
    email: str = ""
    fault: str = ""


def read_addresses(text: str, *, members: set[str]) -> list[Line]:
    """Read one address a line; ``Name <address>``, commas and semicolons between addresses are understood.

    ``members`` are the addresses that belong to the organisation already, in lower case.
    """
    lines: list[Line] = []
    seen: dict[str, int] = {}
    for number, whole in enumerate(text.splitlines(), start=1):
        for piece in re.split(r"[;,\t]", whole):
            if text := piece.strip():
                line = _read_one(number, text, members, seen)
                lines.append(line)
    return lines


def _read_one(number: int, text: str, members: set[str], seen: dict[str, int]) -> Line:
    email = (parseaddr(text)[1] if "<" in text else text).strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return Line(number, text, fault=_now("This is not an email address, such as rosa.delgado@example.org."))
    if email in seen:
        return Line(number, text, fault=_now("The same address as in line %(line)d.") % {"line": seen[email]})
    seen[email] = number
    if email in members:
        return Line(number, text, fault=_now("This person belongs to the organisation already."))
    return Line(number, text, email=email)


class AddPeopleForm(forms.Form):
    """A pasted list of addresses, the team they come to, and their role there."""

    addresses = forms.CharField(
        label=_("Email addresses"),
        help_text=_("One a line, or as you copy them from an email. At most 500 at once."),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("No team yet")
    )
    role = forms.ChoiceField(
        label=_("Role in the team"), choices=TeamMembership.Role.choices, initial=TeamMembership.Role.TRAINEE
    )

    def __init__(self, *args: Any, teams: Any, members: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams
        self.members = members
        self.lines: list[Line] = []

    def clean_addresses(self) -> str:
        text: str = self.cleaned_data["addresses"]
        self.lines = read_addresses(text, members=self.members)
        if len(self.lines) > MAX_ADDRESSES:
            raise ValidationError(_("More than 500 addresses. Send them in parts."))
        return text

    def good(self) -> list[str]:
        """The addresses that can be invited."""
        return [line.email for line in self.lines if not line.fault]

    def faults(self) -> list[Line]:
        """The lines that cannot."""
        return [line for line in self.lines if line.fault]


class JoinCodeForm(forms.Form):
    """A code for the desk."""

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("No team yet")
    )
    days = forms.IntegerField(label=_("Days it works"), min_value=1, max_value=365, initial=30)
    uses = forms.IntegerField(label=_("People who may use it"), min_value=1, max_value=1000, initial=50)

    def __init__(self, *args: Any, teams: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams


class JoinForm(forms.Form):
    code = forms.CharField(
        label=_("Join code"),
        help_text=_("Eight letters and figures, for example K7MQ-4PXD."),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "input--mono", "autocomplete": "off"}),
    )
