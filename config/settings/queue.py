"""Celery: late acknowledgement, one task at a time, sweeps. The row is the memory of what must happen (D12)."""

from celery.schedules import crontab

from config.settings.data import REDIS_URL
from config.settings.env import VAR_DIR, env

CELERY_BROKER_URL = REDIS_URL or "redis://127.0.0.1:6399/0"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 30,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    # One second try at once; without this the client would try for seconds, ever more slowly.
    "retry_on_timeout": True,
    "max_retries": 0,
}
# A web request does not wait for a broker that is down or silent: the sweep finds what was not queued.
QUEUE_SENDING_OPTIONS = {"socket_timeout": 0.25, "socket_connect_timeout": 0.5}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
SWEEP_SECONDS = env.int("SWEEP_SECONDS", default=60)
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "core.heartbeat", "schedule": 10, "options": {"expires": 10}},
    "certificates": {
        "task": "progress.sweep_certificates",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "editions": {"task": "courses.sweep_moves", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "notices": {"task": "accounts.send_notices", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "reminders": {"task": "progress.run_reminders", "schedule": crontab(minute="*/15")},
    "media": {"task": "courses.collect_media", "schedule": crontab(hour=3, minute=20)},
}
