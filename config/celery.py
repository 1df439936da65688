"""The Celery application. Tasks are sent by name (``core.queue``), so nothing imports this but the worker."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("lendcraft")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
