"""``manage.py run_reminders``: the reminder job once, now; prints one JSON line of counts."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from progress.jobs.reminders import run_reminders


class Command(BaseCommand):
    help = "Send the reminders that are due, now. A run by hand does not wait for the end of quiet hours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--quiet-hours", action="store_true", help="mail nobody between 20:00 and 07:00 where they are"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(run_reminders(quiet_hours=options["quiet_hours"])))
