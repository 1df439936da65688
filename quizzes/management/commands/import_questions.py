"""``manage.py import_questions FILE --bank SLUG [--format NAME] [--strict] [--ready] [--language CODE]``."""

import json
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.errors import DomainError
from quizzes.exchange.folder import opened
from quizzes.exchange.registry import formats
from quizzes.models import Bank, QuestionImport
from quizzes.services import importing


class Command(BaseCommand):
    help = "Import questions into a bank; prints one JSON line: what was imported and what was skipped, with reasons."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE", help="or a folder with questions.yaml and media/")
        parser.add_argument("--bank", required=True, help="slug of the bank")
        parser.add_argument("--format", choices=sorted(formats), default="", help="found out when it is left out")
        parser.add_argument("--language", default="", help="language code, where the file does not say")
        parser.add_argument("--strict", action="store_true", help="all or nothing")
        parser.add_argument("--ready", action="store_true", help="take as ready, not as drafts")

    def handle(self, *args: Any, path: Path, bank: str, **options: Any) -> None:
        found = Bank.objects.filter(slug=bank).first()
        if found is None:
            known = ", ".join(Bank.objects.values_list("slug", flat=True)[:50]) or "none"
            raise CommandError(f"There is no bank “{bank}”. Banks: {known}.")
        if not path.exists():
            raise CommandError(f"{path}: there is no such file or folder")
        try:
            with opened(path) as (file, name):
                source = importing.import_at_once(
                    bank=found,
                    file=File(file),
                    name=name,
                    format=options["format"],
                    language=options["language"],
                    strict=options["strict"],
                    as_ready=options["ready"],
                )
        except DomainError as problem:
            raise CommandError(str(problem)) from problem
        if source.state == QuestionImport.State.FAILED:
            raise CommandError(f"{path.name}: {source.fault}")
        self.stdout.write(json.dumps(self._report(source), ensure_ascii=False))

    def _report(self, source: QuestionImport) -> dict[str, Any]:
        refused = source.items.exclude(reason="").values("number", "line", "path", "name", "reason")
        return {
            "file": source.filename,
            "format": source.format,
            "read": source.read,
            "imported": source.taken,
            "skipped": [{key: value for key, value in row.items() if value} for row in refused],
        }
