"""Reading and taking question files: each job claims its import, and may run twice (D12, D13)."""

from contextlib import suppress

from django.db.models import Q

from core import clock
from core.errors import Conflict
from core.queue import each_by_itself
from quizzes.models import QuestionImport
from quizzes.services import importing

State = QuestionImport.State
WORK = {State.WAITING: importing.read_items, State.WANTED: importing.take}


def go_on(import_id: int) -> bool:
    """Do what the state of an import asks for, read it or take it; False when there is nothing to do or another does it."""
    source = QuestionImport.objects.select_related("bank__organisation", "by").filter(pk=import_id).first()
    if source is None or State(source.state) not in WORK:
        return False
    mine = QuestionImport.objects.filter(_free(), pk=source.pk, state=source.state)
    if not mine.update(lease_until=importing.lease()):
        return False

    def beat() -> None:
        QuestionImport.objects.filter(pk=source.pk).update(lease_until=importing.lease())

    WORK[State(source.state)](source, beat=beat)
    return True


def _free() -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=clock.now())


def sweep_imports() -> int:
    """Go on with what a lost task or a killed worker left, and forget files that nobody looks at; how many went on."""
    for old in importing.forgotten():
        with suppress(Conflict):  # somebody came back to it since
            importing.throw_away(old)
    waiting = QuestionImport.objects.filter(_free(), state__in=list(WORK)).order_by("pk")
    return each_by_itself(go_on, waiting.values_list("pk", flat=True)[:20])
