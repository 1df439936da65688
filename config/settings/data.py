"""Database, cache, sessions, media storage."""

from config.settings.env import BASE_DIR, VAR_DIR, env

VAR_DIR.mkdir(parents=True, exist_ok=True)

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Web and worker write to one file: without IMMEDIATE and WAL that ends in 'database is locked' (D13).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.int("DB_POOL_SIZE", default=8),
    }
    # After how many times a connection keeps the plan of a query of core.compiled; 0 = never, for poolers that cannot.
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = env.int("DB_PREPARE_AFTER", default=5) or None

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "core.cache.SharedCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "lendcraft",
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# How long a page that is the same for every visitor is kept; what changes it throws it away at once, in every process that
# shares the cache.
KEPT_PAGES_SECONDS = 60 if REDIS_URL else 0

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db" if REDIS_URL else "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30

# Media: `local:<folder>` or `s3:<bucket>` (the extra of that name).
MEDIA_STORAGE = env.str("MEDIA_STORAGE", default=f"local:{VAR_DIR / 'media'}")
MEDIA_ROOT = MEDIA_STORAGE.removeprefix("local:") if MEDIA_STORAGE.startswith("local:") else ""
# Where the reverse proxy finds MEDIA_ROOT (an `internal` location); empty = the application answers byte ranges itself.
MEDIA_ACCEL_PREFIX = env.str("MEDIA_ACCEL_PREFIX", default="")

if MEDIA_STORAGE.startswith("s3:"):
    _media_backend = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": MEDIA_STORAGE.removeprefix("s3:"),
            "querystring_auth": True,
            "file_overwrite": False,
        },
    }
else:
    _media_backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}}

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(VAR_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
HASHED_STATIC = env.bool("HASHED_STATIC", default=False)
WHITENOISE_USE_FINDERS = not HASHED_STATIC
STORAGES = {
    "default": _media_backend,
    "staticfiles": {
        "BACKEND": (
            "core.storage.ReleasedStorage" if HASHED_STATIC else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
