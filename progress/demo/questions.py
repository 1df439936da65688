"""The demo’s bank of questions, a course in which every kind of them can be tried, and some answers."""

from django.conf import settings
from django.core.files import File
from django.db import transaction

from core.errors import Conflict
from courses.models import Course, EditionKind
from courses.services.importing import import_folder
from courses.services.publishing import publish
from progress.demo import answers
from progress.demo.cast import person_called
from quizzes.exchange.folder import opened
from quizzes.models import Bank, QuestionImport
from quizzes.services.banking import create_bank
from quizzes.services.importing import import_at_once

BANK, COURSE = "desk-questions", "question-types"


@transaction.atomic
def begin() -> bool:
    """Make Hana's bank and the course that asks its questions; False when there is one of them already.

    Raises ``Conflict`` when a question of the bank cannot be taken: then nothing was made.
    """
    if Bank.objects.filter(slug=BANK).exists() or Course.objects.filter(slug=COURSE).exists():
        return False
    hana = person_called("Hana Whitcomb")
    library = hana.memberships.get(organisation__slug="mesa-ridge").organisation
    bank = create_bank(organisation=library, title="Desk questions", audience=Bank.Audience.SHARED)
    with opened(settings.STARTER_QUESTIONS_DIR / BANK) as (file, name):
        source = import_at_once(bank=bank, file=File(file), name=name, strict=True, as_ready=True, by=hana)
    if source.state != QuestionImport.State.TAKEN:
        refused = source.items.exclude(reason="").values_list("name", "reason")
        raise Conflict("; ".join(f"{name}: {reason}" for name, reason in refused) or source.fault)
    made = import_folder(path=settings.DEMO_COURSES_DIR / COURSE, actor=hana, organisation=library)
    publish(course=made.course, kind=EditionKind.MINOR, note="To try out", actor=hana)
    answers.begin(COURSE, "every-kind", marker=hana)
    return True
