"""``manage.py import_course PATH [--publish --kind minor|refresh|redo --note TEXT]``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from courses.folder.faults import FolderFaults
from courses.services.importing import import_folder
from courses.services.publishing import NothingChanged
from courses.services.publishing import publish as publish_edition


class Command(BaseCommand):
    help = "Import a course folder (or .zip) as a draft, and publish it if asked to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)
        parser.add_argument("--publish", action="store_true", help="publish the draft as the next edition")
        parser.add_argument("--kind", choices=["minor", "refresh", "redo"], default="minor")
        parser.add_argument("--note", default="", help="what is new, for learners")

    def handle(self, *args: Any, path: Path, publish: bool, kind: str, note: str, **options: Any) -> None:
        if not path.exists():
            raise CommandError(f"{path}: there is no such folder or file")
        try:
            result = import_folder(path=path, actor=None)
        except FolderFaults as problem:
            raise CommandError(f"{problem}\n{len(problem.faults)} fault(s); nothing was imported.") from problem
        for warning in result.warnings:
            self.stderr.write(f"note: {warning}")
        self.stdout.write(f"{result.course.slug}: {'imported' if result.changed else 'no change'}")
        for sentence in result.rested.sentences():
            self.stdout.write(f"{result.course.slug}: {sentence}")
        if publish:
            self._publish(result.course, kind, note)

    def _publish(self, course: Any, kind: str, note: str) -> None:
        try:
            edition = publish_edition(course=course, kind=kind, note=note, actor=None)
        except NothingChanged as problem:  # what a second run of a script meets
            self.stdout.write(f"{course.slug}: not published: {problem}")
        except DomainError as problem:
            raise CommandError(f"{course.slug}: not published: {problem}") from problem
        else:
            self.stdout.write(f"{course.slug}: published edition {edition.number}")
