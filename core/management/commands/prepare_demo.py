"""``manage.py prepare_demo``: database, starter courses, demo people. Safe to run again; keeps what is there."""

from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrate the database, load the starter courses and the demo people."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        for folder in sorted(settings.STARTER_COURSES_DIR.glob("*/course.yaml")):
            publish = {"publish": True, "kind": "minor", "note": "Starter course"}
            call_command("import_course", str(folder.parent), **publish, stdout=StringIO())
            self.stdout.write(f"Starter course: {folder.parent.name}")
        call_command("seed_demo", stdout=self.stdout)
