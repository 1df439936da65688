"""Celery: late acknowledgement, one task at a time, sweeps. The row is the memory of what must happen (D12)."""

from celery.schedules import crontab
from kombu import Queue

from config.settings.data import REDIS_URL
from config.settings.env import VAR_DIR, env

CELERY_BROKER_URL = REDIS_URL or "redis://127.0.0.1:6399/0"
# Slow work on media waits in a queue of its own, so that mail never stands behind a film. A worker that is told no queue
# takes both.
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_QUEUES = (Queue("celery"), Queue("media"))
CELERY_TASK_ROUTES = {
    "courses.run_media_job": {"queue": "media"},
    "courses.sweep_media_jobs": {"queue": "media"},
}
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
    "question-imports": {
        "task": "quizzes.sweep_imports",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "attempts": {"task": "quizzes.hand_in_overdue", "schedule": 60, "options": {"expires": 60}},
    "films": {"task": "progress.sweep_films", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "film-curves": {"task": "progress.refresh_films", "schedule": crontab(hour=2, minute=55)},
    "notices": {"task": "accounts.send_notices", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "reminders": {"task": "progress.run_reminders", "schedule": crontab(minute="*/15")},
    "quiz-evidence": {
        "task": "quizzes.sweep_evidence",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "practice": {"task": "quizzes.sweep_practice", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}},
    "review": {"task": "quizzes.sweep_review", "schedule": crontab(minute="7-59/15")},
    "review-reminders": {"task": "quizzes.remind_of_review", "schedule": crontab(minute="5-59/15")},
    "analyses": {"task": "quizzes.refresh_analyses", "schedule": crontab(hour=2, minute=40)},
    "media-jobs": {
        "task": "courses.sweep_media_jobs",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "upkeep": {"task": "courses.remind_of_upkeep", "schedule": crontab(minute=25)},
    "lesson-versions": {"task": "courses.thin_revisions", "schedule": crontab(hour=3, minute=5)},
    "uploads": {"task": "courses.sweep_uploads", "schedule": crontab(hour=3, minute=50)},
    "planned-editions": {
        "task": "courses.sweep_plans",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    "links": {"task": "courses.check_links", "schedule": crontab(minute="*/5"), "options": {"expires": 300}},
    "all-links": {"task": "courses.gather_links", "schedule": crontab(hour=4, minute=10)},
    "media": {"task": "courses.collect_media", "schedule": crontab(hour=3, minute=20)},
}
