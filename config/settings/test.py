"""Settings of the test run: the same code, quick hashing, mail in memory."""

import os
import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import (
    CACHES,
    CELERY_BROKER_TRANSPORT_OPTIONS,
    DATABASES,
    INSTALLED_APPS,
    LOGGING,
    MIDDLEWARE,
    REDIS_URL,
)

SECRET_KEY = "tests-only"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["*"]
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {"socket_connect_timeout": 0.5}
LOGGING = LOGGING | {"root": {"handlers": ["console"], "level": "ERROR"}}
DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in the demo: in memory, a browser's requests and the test would share one connection and lock each other.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"lendcraft-test-{os.getpid()}.sqlite3")}

# Every request of a test fails on a lazy query in a loop. WhiteNoise would list all static files once per test client.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *(name for name in MIDDLEWARE if "whitenoise" not in name)]

if REDIS_URL:
    # Tests empty their cache; beside each other, each test process needs a Redis database of its own.
    _own = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 8
    REDIS_URL = CELERY_BROKER_URL = f"{REDIS_URL.rsplit('/', 1)[0]}/{_own}"
    CACHES = {"default": {**CACHES["default"], "LOCATION": REDIS_URL}}

KEPT_PAGES_SECONDS = 0  # tests write rows themselves; those of kept pages switch it on

# The sign-in package asks for one address three times in a row while it confirms it.
ZEAL_ALLOWLIST = [{"model": "account.EmailAddress"}]
