"""``manage.py import_people FILE.csv --organisation SLUG [--dry-run]``: people, teams and roles from a table."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organisation
from accounts.services import roster


class Command(BaseCommand):
    help = "Read people, teams and roles from a CSV file. Nothing is written when the file has a fault."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=f"CSV with a heading line: {', '.join(roster.COLUMNS)}.")
        parser.add_argument("--organisation", required=True, help="Its short name.")
        parser.add_argument("--dry-run", action="store_true", help="Check the file and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["organisation"]).first()
        if organisation is None:
            raise CommandError(f"There is no organisation “{options['organisation']}”.")
        try:
            entries = roster.read_roster(options["file"])
        except roster.RosterFaults as problem:
            raise CommandError(str(problem)) from None
        if options["dry_run"]:
            self.stdout.write(json.dumps({"dry_run": True, "lines": len(entries)}))
            return
        outcome = roster.import_roster(organisation=organisation, entries=entries)
        self.stdout.write(
            json.dumps(
                {
                    "created": outcome.created,
                    "found": outcome.found,
                    "teams": outcome.teams,
                    "places": outcome.places,
                }
            )
        )
