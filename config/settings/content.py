"""Limits and defaults of courses, progress and reminders."""

from datetime import timedelta

from config.settings.env import BASE_DIR, VAR_DIR, env

STARTER_COURSES_DIR = BASE_DIR / "media" / "courses"
STARTER_QUESTIONS_DIR = BASE_DIR / "media" / "questions"
DEMO_COURSES_DIR = BASE_DIR / "media" / "demo"

# A claim is a lease (D13): what a killed worker held is free again after this long.
CLAIM_LEASE = timedelta(seconds=env.int("CLAIM_LEASE_SECONDS", default=600))
HEARTBEAT_MAX_AGE = timedelta(seconds=env.int("HEARTBEAT_MAX_AGE_SECONDS", default=30))

# An archive or folder that is imported: whole size, one file, number of files, and how far an archive may unpack.
IMPORT_MAX_BYTES = 500 * 1024 * 1024
IMPORT_MAX_FILE_BYTES = 200 * 1024 * 1024
IMPORT_MAX_FILES = 5000
IMPORT_MAX_RATIO = 100

# Outside addresses in lessons are asked for once a week, so that authors hear of dead ones.
CHECK_LINKS = env.bool("CHECK_LINKS", default=True)

# Media in the making: a file that comes in pieces, and where jobs on it keep what a killed worker finds again. With
# several web or worker machines both folders are on a disk that they share.
UPLOAD_DIR = env.str("UPLOAD_DIR", default=str(VAR_DIR / "uploads"))
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MB", default=2048) * 1024 * 1024
UPLOAD_CHUNK_BYTES = 4 * 1024 * 1024
WORK_DIR = env.str("WORK_DIR", default=str(VAR_DIR / "work"))
MEDIA_JOB_LEASE_SECONDS = env.int("MEDIA_JOB_LEASE_SECONDS", default=60)
# Clips of slides are kept, so that a video whose slides changed a little is made quickly; the least used go first.
CLIPS_MAX_BYTES = env.int("CLIPS_MAX_MB", default=2000) * 1024 * 1024
# What one process of ffmpeg may take of the memory of its machine.
MEDIA_TOOL_MEMORY_BYTES = env.int("MEDIA_TOOL_MEMORY_MB", default=3072) * 1024 * 1024
