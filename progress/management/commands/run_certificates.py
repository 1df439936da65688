"""``manage.py run_certificates``: the certificate job once, now; prints one JSON line of counts."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from progress.jobs.certificates import run_certificates


class Command(BaseCommand):
    help = "Render every certificate whose PDF is owed, now."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(asdict(run_certificates())))
