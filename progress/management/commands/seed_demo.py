"""``manage.py seed_demo``: demo libraries, people, progress and questions. Safe to run again; keeps what is there."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from progress.demo import cast, learning, questions

PASSWORD = "lendcraft-demo"  # noqa: S105  (printed for everybody; LENDCRAFT_DEMO_PASSWORD names another)


class Command(BaseCommand):
    help = "Make the demo's libraries, people, assignments, progress and questions, and print the sign-ins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="also where LENDCRAFT_DEMO and DEBUG are off")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG or options["force"]):
            raise CommandError(
                "This would add people whose password everybody knows. Set LENDCRAFT_DEMO=1 on a demo site, or say --force."
            )
        password = os.environ.get("LENDCRAFT_DEMO_PASSWORD") or PASSWORD
        cast.settle(password=password)
        learning.begin()
        questions.begin()
        shown = [person for person in cast.PEOPLE if person.shown]
        width = max(len(person.email) for person in shown)
        self.stdout.write(f"Sign in with one of these addresses and the password {password}")
        for person in shown:
            self.stdout.write(f"  {person.email:<{width}}  {person.shown}")
