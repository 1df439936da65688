"""``manage.py watch_course PATH``: the draft follows a course folder while its author edits the files."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections

from accounts.models import User
from courses.services.watching import Watch


class Command(BaseCommand):
    help = "Import a course folder as a draft whenever its files change, until Ctrl-C. Nothing is published."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder with course.yaml in it")
        parser.add_argument("--actor", default="", help="whose address a new course belongs to; default: nobody's")
        parser.add_argument("--interval", type=float, default=0.5, help="seconds between two looks (0.5)")
        parser.add_argument("--settle", type=float, default=0.3, help="seconds without a change before reading (0.3)")
        parser.add_argument("--once", action="store_true", help="import once and end; fails when there are faults")
        parser.add_argument("--overwrite", action="store_true", help="also when the draft was changed in the browser")

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        if not path.is_dir():
            raise CommandError(f"{path}: there is no such folder")
        watch = Watch(
            path=path,
            say=self._say,
            actor=self._person(options["actor"]),
            settle=options["settle"],
            overwrite=options["overwrite"],
        )
        if options["once"]:
            if not watch.take():
                raise CommandError("Nothing was imported.")
            return
        self._say(f"Watching {path}. Ctrl-C ends it.")
        try:
            while True:
                close_old_connections()
                watch.look()
                time.sleep(max(options["interval"], 0.05))
        except KeyboardInterrupt:
            self._say("Ended.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _person(self, email: str) -> User | None:
        if not email:
            return None
        person = User.objects.active().filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody here has the address {email}.")
        return person
