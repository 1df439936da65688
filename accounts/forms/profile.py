"""Settings of one person."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import notice_kinds
from accounts.models import NoticePreference, User
from accounts.services.announcing import preference_of
from core import clock


class ZoneField(forms.CharField):
    """A time zone by name, with the browser's list of suggestions beside it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=64,
            validators=[clock.validate_zone],
            widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
            **kwargs,
        )


def zone_names() -> list[str]:
    """The zones that people live in, for the list of suggestions."""
    skipped = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")
    return [*sorted(name for name in clock.known_zones() if "/" in name and not name.startswith(skipped)), "UTC"]


class SettingsForm(forms.Form):
    """Who one is, and how pages look and speak."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    certificate_name = forms.CharField(
        label=_("Name on certificates"),
        help_text=_("If it should differ from the name above. Certificates you hold already stay as they are."),
        max_length=150,
        required=False,
    )
    time_zone = ZoneField(
        label=_("Time zone"),
        help_text=_("Due days end at midnight here. Empty: the zone of your library."),
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[("", _("As my system")), ("light", _("Light")), ("dark", _("Dark"))],
        required=False,
        widget=forms.RadioSelect,
    )
    letter_keys = forms.BooleanField(
        label=_("Single-letter keyboard shortcuts"),
        help_text=_("Turn them off if you dictate, or if letters get in your way."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [("", _("As my browser")), *settings.LANGUAGES]


class PreferencesForm(forms.Form):
    """One tick and one choice for each kind of notice."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = notice_kinds.all_kinds()
        chosen = {row.kind: (row.in_inbox, row.mail) for row in NoticePreference.objects.filter(person=person)}
        for kind in self.kinds:
            in_inbox, mail = preference_of(kind, chosen.get(kind.name))
            self.fields[f"{kind.name}-inbox"] = forms.BooleanField(
                required=False, initial=in_inbox, disabled=kind.always_inbox, label=kind.label
            )
            self.fields[f"{kind.name}-mail"] = forms.ChoiceField(
                choices=NoticePreference.Mail.choices, initial=mail, label=kind.label
            )

    def rows(self) -> list[dict[str, Any]]:
        """The kinds with their two fields, for the table."""
        return [
            {"kind": kind, "inbox": self[f"{kind.name}-inbox"], "mail": self[f"{kind.name}-mail"]}
            for kind in self.kinds
        ]

    def choices(self) -> dict[str, tuple[bool, str]]:
        """What was chosen, as ``preferences.choose`` takes it."""
        data = self.cleaned_data
        return {kind.name: (data[f"{kind.name}-inbox"], data[f"{kind.name}-mail"]) for kind in self.kinds}
