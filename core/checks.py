"""What a production start must not do: each refusal says which setting (``manage.py check --deploy``)."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register(deploy=True)
def settings_are_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Errors for settings that are fine for the demo and unsafe for a library."""
    faults: list[Error] = []

    def fault(number: int, message: str, hint: str) -> None:
        faults.append(Error(message, hint=hint, id=f"core.E{number:03d}"))

    if settings.SECRET_KEY_IS_EMBEDDED:
        fault(1, "SECRET_KEY is not set.", "Set SECRET_KEY to 50 or more random characters.")
    if "*" in settings.ALLOWED_HOSTS:
        fault(2, "ALLOWED_HOSTS lets every host in.", "Name the site's hosts.")
    if not settings.SITE_URL.startswith("https://"):
        fault(3, "SITE_URL is not https.", "Set SITE_URL to the public address of the site.")
    if not settings.REDIS_URL:
        fault(4, "REDIS_URL is not set.", "Point REDIS_URL at the broker and cache.")
    if any(word in settings.EMAIL_BACKEND for word in ("console", "filebased", "dummy", "locmem")):
        fault(5, "Mail never leaves the machine.", "Set EMAIL_URL to an SMTP server.")
    return faults
