"""``manage.py rerender_editions``: after an upgrade that changed how lessons are rendered."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from courses.services.rendering import rerender


class Command(BaseCommand):
    help = "Render the parts of all editions again where the way of rendering has changed. Hashes stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", dest="everything", help="also those that are up to date")

    def handle(self, *args: Any, everything: bool, **options: Any) -> None:
        self.stdout.write(f"{rerender(everything=everything)} part(s) rendered")
