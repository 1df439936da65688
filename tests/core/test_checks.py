"""A start that is unsafe for a library refuses and says which setting."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.checks import refuse_unsafe_start, settings_are_safe

SAFE = {
    "DEBUG": False,
    "DEMO": False,
    "SECRET_KEY": "k" * 50,
    "SECRET_KEY_IS_EMBEDDED": False,
    "ALLOWED_HOSTS": ["learn.example.org"],
    "SITE_URL": "https://learn.example.org",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}
UNSAFE = [
    ("SECRET_KEY_IS_EMBEDDED", True, "SECRET_KEY is not set"),
    ("SECRET_KEY", "short", "SECRET_KEY is too short"),
    ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS lets every host in"),
    ("ALLOWED_HOSTS", ["127.0.0.1", "localhost"], "ALLOWED_HOSTS is not set"),
    ("SITE_URL", "http://learn.example.org", "SITE_URL is not https"),
    ("REDIS_URL", "", "REDIS_URL is not set"),
    ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "Mail never leaves"),
    ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "Mail never leaves"),
    ("DEBUG", True, "DEBUG is on"),
    ("DEMO", True, "LENDCRAFT_DEMO is set"),
]


@pytest.fixture
def safe(settings):
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


def test_safe_settings_start(safe):
    assert settings_are_safe(None) == []
    refuse_unsafe_start()


@pytest.mark.parametrize(("name", "value", "words"), UNSAFE)
def test_the_deployment_check_names_the_unsafe_setting(safe, name, value, words):
    setattr(safe, name, value)
    [fault] = settings_are_safe(None)
    assert words in fault.msg
    assert fault.hint


@pytest.mark.parametrize(("name", "value", "words"), [row for row in UNSAFE if row[0] not in ("DEBUG", "DEMO")])
def test_an_unsafe_production_start_is_refused(safe, name, value, words):
    setattr(safe, name, value)
    with pytest.raises(ImproperlyConfigured, match=words):
        refuse_unsafe_start()


def test_a_refusal_names_every_fault_at_once(safe):
    safe.REDIS_URL = ""
    safe.SITE_URL = "http://learn.example.org"
    with pytest.raises(ImproperlyConfigured, match=r"(?s)SITE_URL.*REDIS_URL"):
        refuse_unsafe_start()


def test_a_demo_starts_with_the_embedded_defaults_on_this_machine(safe):
    safe.DEMO, safe.SECRET_KEY_IS_EMBEDDED, safe.SITE_URL = True, True, "http://127.0.0.1:8000"
    safe.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
    refuse_unsafe_start()


def test_a_demo_that_others_could_reach_is_refused(safe):
    safe.DEMO, safe.ALLOWED_HOSTS = True, ["127.0.0.1", "learn.example.org"]
    with pytest.raises(ImproperlyConfigured, match=r"not to learn\.example\.org"):
        refuse_unsafe_start()
