"""``manage.py export_course SLUG PATH``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from courses.models import Course
from courses.services.exporting import export_folder


class Command(BaseCommand):
    help = "Write the current edition of a course (or its draft) as a course folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("path", type=Path)
        parser.add_argument("--draft", action="store_true", help="the draft instead of the current edition")

    def handle(self, *args: Any, slug: str, path: Path, draft: bool, **options: Any) -> None:
        course = Course.objects.select_related("current_edition").filter(slug=slug).first()
        if course is None:
            raise CommandError(f"There is no course “{slug}”.")
        try:
            export_folder(course=course, into=path, draft=draft)
        except DomainError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{slug}: written to {path}")
