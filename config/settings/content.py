"""Limits and defaults of courses, progress and reminders."""

from datetime import timedelta

from config.settings.env import BASE_DIR, env

STARTER_COURSES_DIR = BASE_DIR / "media" / "courses"

# A claim is a lease (D13): what a killed worker held is free again after this long.
CLAIM_LEASE = timedelta(seconds=env.int("CLAIM_LEASE_SECONDS", default=600))
HEARTBEAT_MAX_AGE = timedelta(seconds=env.int("HEARTBEAT_MAX_AGE_SECONDS", default=30))

# An archive or folder that is imported: whole size, one file, number of files, and how far an archive may unpack.
IMPORT_MAX_BYTES = 500 * 1024 * 1024
IMPORT_MAX_FILE_BYTES = 200 * 1024 * 1024
IMPORT_MAX_FILES = 5000
IMPORT_MAX_RATIO = 100
