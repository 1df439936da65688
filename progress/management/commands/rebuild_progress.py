"""``manage.py rebuild_progress``: fold the ledger anew; prints one JSON line of counts."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from courses.models import Enrolment
from progress.services.rebuilding import rebuild, shown_of


class Command(BaseCommand):
    help = "Wipe what is shown of each opened enrolment and fold it again from the events. Completions stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--course", default="", help="only enrolments in the course with this slug")

    def handle(self, *args: Any, **options: Any) -> None:
        enrolments = Enrolment.objects.opened().select_related("learner", "course", "edition").order_by("pk")
        if options["course"]:
            enrolments = enrolments.filter(course__slug=options["course"])
        rebuilt = changed = 0
        for enrolment in enrolments.iterator(chunk_size=500):
            before = shown_of(enrolment)
            rebuild(enrolment=enrolment)
            rebuilt += 1
            changed += before != shown_of(enrolment)
        self.stdout.write(json.dumps({"rebuilt": rebuilt, "changed": changed}))
