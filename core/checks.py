"""What a production start must not do: each refusal says which setting (``manage.py check --deploy``)."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


def refuse_unsafe_start() -> None:
    """Raise ``ImproperlyConfigured`` naming every unsafe setting, unless this is a demo or a developer's server.

    A demo has sign-ins that everybody knows, so it answers to this machine only.
    """
    if settings.DEBUG:
        return
    if settings.DEMO:
        if strangers := set(settings.ALLOWED_HOSTS) - LOOPBACK:
            raise ImproperlyConfigured(f"A demo answers to this machine only, not to {', '.join(sorted(strangers))}.")
        return
    if faults := settings_are_safe(None):
        reasons = "".join(f"\n  {fault.id}: {fault.msg} {fault.hint}" for fault in faults)
        raise ImproperlyConfigured(
            f"This start is refused:{reasons}\n(LENDCRAFT_DEMO=1 marks a demo, DEBUG=1 a developer's server.)"
        )


@register(deploy=True)
def settings_are_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Errors for settings that are fine for the demo and unsafe for a library."""
    hosts = set(settings.ALLOWED_HOSTS)
    stays_here = ("console", "filebased", "dummy", "locmem")
    long_key = "Set SECRET_KEY to 50 or more random characters."
    rules = [
        (settings.SECRET_KEY_IS_EMBEDDED, "SECRET_KEY is not set.", long_key),
        ("*" in hosts, "ALLOWED_HOSTS lets every host in.", "Name the site's hosts."),
        (
            not settings.SITE_URL.startswith("https://"),
            "SITE_URL is not https.",
            "Set it to the public address.",
        ),
        (not settings.REDIS_URL, "REDIS_URL is not set.", "Point REDIS_URL at the broker and cache."),
        (
            any(word in settings.EMAIL_BACKEND for word in stays_here),
            "Mail never leaves the machine.",
            "Set EMAIL_URL.",
        ),
        (len(settings.SECRET_KEY) < 50, "SECRET_KEY is too short.", long_key),
        (settings.DEBUG, "DEBUG is on.", "Unset DEBUG: its error pages show settings and code."),
        (settings.DEMO, "LENDCRAFT_DEMO is set.", "Unset it: the demo's passwords are known to everybody."),
        (hosts <= LOOPBACK, "ALLOWED_HOSTS is not set.", "Name the site's hosts."),
    ]
    return [
        Error(message, hint=hint, id=f"core.E{number:03d}")
        for number, (unsafe, message, hint) in enumerate(rules, start=1)
        if unsafe
    ]
