"""Sign in, sign up, first run."""

from typing import Any

from allauth.account.forms import LoginForm, SignupForm
from allauth.core import context
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services import inviting
from core import clock

SHARED_COMPUTER = "shared_computer"


class SignInForm(LoginForm):
    """E-mail address and password. On a shared computer the session ends with the browser, or after half an hour."""

    shared_computer = forms.BooleanField(
        label=_("This is a shared computer"),
        help_text=_("We sign you out when the browser closes, and after 30 minutes without a click."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Email address")
        self.fields["login"].widget.attrs = {"type": "email", "autocomplete": "username"}
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""

    @property
    def did_not_match(self) -> bool:
        """Whether address and password do not belong together (rather than too many tries)."""
        return any(error.code == "email_password_mismatch" for error in self.non_field_errors().as_data())

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response = super().login(request, redirect_url)
        if self.cleaned_data["shared_computer"]:
            request.session.set_expiry(0)
            request.session[SHARED_COMPUTER] = True
        return response


class SignUpForm(SignupForm):
    """A free account: name, address, password, and a join code for those who were given one."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    join_code = forms.CharField(
        label=_("Join code"),
        help_text=_("If somebody at your library gave you one."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"class": "input--mono", "autocomplete": "off"}),
    )
    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-time-zone": ""}))

    field_order = ["name", "email", "password1", "join_code", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email address")
        for name in ("email", "password1"):
            if name in self.fields:
                self.fields[name].widget.attrs.pop("placeholder", None)
        if "password1" in self.fields:
            self.fields["password1"].help_text = _("At least 10 characters. Four words that you can picture do well.")
        self.fields["join_code"].initial = context.request.GET.get("join_code", "") if context.request else ""

    def clean_join_code(self) -> str:
        code: str = self.cleaned_data["join_code"]
        if code and inviting.join_code_like(code) is None:
            raise ValidationError(_("We do not know this code, or it is closed. You can also join later."))
        return code

    def clean_time_zone(self) -> str:
        """What the browser says; anything else counts as nothing said."""
        zone: str = self.cleaned_data["time_zone"]
        try:
            clock.validate_zone(zone)
        except ValidationError:
            return ""
        return zone

    def signup(self, request: HttpRequest, user: User) -> None:
        if self.cleaned_data.get("join_code"):
            inviting.join(code=self.cleaned_data["join_code"], person=user)


class SetupForm(forms.Form):
    """The first administrator and the first library."""

    code = forms.CharField(
        label=_("Code from the log"),
        help_text=_("The site has written it to its log."),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "input--mono", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Email address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters. Four words that you can picture do well."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    organisation = forms.CharField(label=_("Name of your library"), max_length=150)
    slug = forms.CharField(
        label=_("Short name in addresses"),
        help_text=_("Lower-case letters, figures and hyphens, for example riverbend."),
        max_length=50,
        validators=[validate_slug],
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        person = User(email=self.data.get("email", ""), name=self.data.get("name", ""))
        validate_password(password, user=person)
        return password
