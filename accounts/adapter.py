from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.mail import EmailMultiAlternatives
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.mail import as_html
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Where the sign-in package asks this project."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your address already."),
        "email_password_mismatch": _("Check the email address and the password."),
        "email_taken": _("An account uses this address already. Sign in, or set a new password."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This is not the code. Codes change often: type the newest one."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many tries. Wait a few minutes."),
        "same_as_current": _("This is your address already."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, or let us email you a sign-in code."),
    }

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMultiAlternatives:
        """The package's plain text, with the design's HTML beside it."""
        message: EmailMultiAlternatives = super().render_mail(template_prefix, email, context, headers)
        message.attach_alternative(as_html(subject=message.subject, text=str(message.body)), "text/html")
        return message

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        """Keep the name and, if the browser told it, the zone of a new person."""
        user.name = form.cleaned_data.get("name", "")
        user.time_zone = form.cleaned_data.get("time_zone", "")
        saved: Any = super().save_user(request, user, form, commit=commit)
        return saved


class MFAAdapter(DefaultMFAAdapter):
    """The second step in our words."""

    error_messages = {
        "add_email_blocked": _("An account with a second step keeps one address. Turn the second step off first."),
        "cannot_delete_authenticator": _("The second step cannot be turned off."),
        "cannot_generate_recovery_codes": _("Recovery codes come with a second step. Turn one on first."),
        "incorrect_code": _("This is not the code. Codes change often: type the newest one."),
        "unverified_email": _(
            "Confirm your address first: open the link we emailed you, or ask for a new one under Settings."
        ),
    }
