"""``manage.py export_questions FILE --format NAME --bank SLUG``."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes.exchange.registry import formats
from quizzes.models import Bank, Question
from quizzes.services.exporting import export, in_words


class Command(BaseCommand):
    help = "Export the questions of a bank; prints one JSON line: how many, and what the format cannot hold."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE")
        parser.add_argument("--bank", required=True, help="slug of the bank")
        parser.add_argument("--format", choices=sorted(formats), required=True)

    def handle(self, *args: Any, path: Path, bank: str, format: str, **options: Any) -> None:  # noqa: A002
        found = Bank.objects.filter(slug=bank).first()
        if found is None:
            raise CommandError(f"There is no bank “{bank}”.")
        if path.exists():
            raise CommandError(f"{path} is there already; name a new file.")
        with path.open("wb") as out:
            outcome = export(Question.objects.in_use().filter(bank=found), format=format, out=out)
        report = {"exported": outcome.written, "skipped": [in_words(each) for each in outcome.refused]}
        self.stdout.write(json.dumps(report, ensure_ascii=False))
