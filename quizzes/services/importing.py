"""Question files on their way in: accepted, read into items by a job, looked at, then taken by another."""

import datetime as dt
import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, InvalidInput
from core.queue import after_commit
from courses.media_probe import examine
from courses.services.media import store_all
from quizzes.exchange.registry import HEAD, formats, guess
from quizzes.exchange.values import Item, Refusal, Unreadable
from quizzes.models import Bank, ImportItem, QuestionImport
from quizzes.services.taking import NAMELESS, own_name, renamed, take_items, uids_of

log = logging.getLogger(__name__)

MOST_BYTES = 50 * 1024 * 1024
MOST_QUESTIONS = 20_000
BATCH = 100

State = QuestionImport.State
LOOKED_AT = (State.READ, State.FAILED)  # no job holds it, nothing of it is in the bank
Beat = Callable[[], None]


def format_of(file: BinaryIO, name: str, wanted: str = "") -> str:
    """The name of the format of ``file``: as ``wanted``, else by its name and first bytes. Raises ``InvalidInput``."""
    if wanted:
        if wanted not in formats:
            raise InvalidInput(_("Choose a format."), fields={"format": _("Choose a format.")})
        return wanted
    found = guess(name, file.read(HEAD))
    file.seek(0)
    if found is None:
        message = _("The file does not say what it is. Choose its format.")
        raise InvalidInput(message, fields={"format": message})
    return found.name


def begin(**given: Any) -> QuestionImport:
    """``accept`` a file for a job to read."""
    source = accept(**given)
    after_commit("quizzes.read_import", source.pk)
    return source


def accept(
    *,
    bank: Bank,
    file: "File[bytes]",
    name: str,
    format: str = "",  # noqa: A002  (the word of the model's field)
    language: str = "",
    strict: bool = False,
    as_ready: bool = False,
    by: User | None,
    held: bool = False,
) -> QuestionImport:
    """Keep ``file`` to be read; ``held``: by the caller, so no job may begin.

    Raises ``InvalidInput`` for a file that is empty, too big or of no known format."""
    size = file.size or 0
    if not 0 < size <= MOST_BYTES:
        message = _("The file is empty.") if not size else _("The file is over 50 MB; divide it.")
        raise InvalidInput(message, fields={"file": message})
    source = QuestionImport(
        bank=bank,
        format=format_of(cast(BinaryIO, file.file), name, format),
        filename=Path(name).name[:200],
        language=language,
        strict=strict,
        as_ready=as_ready,
        size=size,
        by=by,
        lease_until=lease() if held else None,
    )
    source.file.save("questions", file, save=False)
    source.save()
    return source


def read_items(source: QuestionImport, *, beat: Beat = lambda: None) -> None:
    """Read the file of ``source`` into items, from its beginning; ``beat`` is called now and then to keep the claim.

    Flat in memory where the format allows it. A container that cannot be read makes the import failed, with the reason.
    """
    source.items.all().delete()
    source.read = source.refused = source.position = 0
    try:
        with source.file.open("rb") as file:
            for batch in _batches(formats[source.format].read(cast(BinaryIO, file), name=source.filename)):
                _keep(source, batch)
                source.position = min(_position(file), source.size)
                source.save(update_fields=["read", "refused", "position"])
                beat()
    except Unreadable as problem:
        _failed(source, str(problem))
    except (OperationalError, InterfaceError):
        raise  # the database will be there again: the sweep reads the file from its beginning
    except Exception:  # whatever a reader stumbles over, it would stumble over it each time
        log.exception("Import %s could not be read.", source.pk)
        _failed(source, _("Something in this file cannot be read here, and we have noted it. None of it was taken."))
    else:
        source.state, source.position = State.READ, source.size
    source.lease_until = None
    source.save(update_fields=["state", "fault", "read", "refused", "position", "lease_until"])


def _failed(source: QuestionImport, fault: str) -> None:
    source.items.all().delete()
    source.state, source.fault, source.read, source.refused = State.FAILED, fault[:500], 0, 0


def _position(file: "File[bytes]") -> int:
    return 0 if file.closed else int(file.tell())


def _batches(found: Iterator[Item | Refusal]) -> Iterator[list[Item | Refusal]]:
    batch: list[Item | Refusal] = []
    for number, each in enumerate(found, start=1):
        if number > MOST_QUESTIONS:
            raise Unreadable(_("More than %(most)d questions in one file; divide it.") % {"most": MOST_QUESTIONS})
        batch.append(each)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _keep(source: QuestionImport, batch: Sequence[Item | Refusal]) -> None:
    rows = []
    for number, each in enumerate(batch, start=source.read + 1):
        row = ImportItem(source=source, number=number, line=each.where.line, path=each.where.path[:300])
        if isinstance(each, Refusal):
            row.name, row.reason = each.name[:200], each.reason[:1000]
        else:
            _fill(row, each, source)
        rows.append(row)
    ImportItem.objects.bulk_create(rows)
    source.read += len(rows)
    source.refused += sum(1 for row in rows if row.reason)


def _fill(row: ImportItem, item: Item, source: QuestionImport) -> None:
    shas = {name: hashlib.sha256(data).hexdigest() for name, data in item.files.items()}
    names = {name: own_name(name, sha) for name, sha in shas.items()}
    row.name = item.meta.name[:200]
    row.meta = {key: value for key, value in asdict(item.meta).items() if value}
    row.meta |= {NAMELESS: True} if item.nameless else {}
    row.warnings = list(item.warnings)
    row.content = renamed(dict(item.content), names)
    row.files = {names[name]: sha for name, sha in shas.items()}
    if item.files:
        row.reason = _store({names[name]: data for name, data in item.files.items()}, source)
    if row.reason:
        row.content = None


def _store(files: dict[str, bytes], source: QuestionImport) -> str:
    """Keep ``files`` in the media store; the reason when one of them cannot be used."""
    with tempfile.TemporaryDirectory(prefix="questions-") as folder:
        incoming = {}
        for name, data in files.items():
            path = Path(folder) / name
            path.write_bytes(data)
            incoming[name] = examine(path)
        unknown = [name for name, each in incoming.items() if not each.probe.type]
        if unknown:
            return _("Its file “%(name)s” is of a kind that cannot be shown.") % {"name": unknown[0]}
        store_all(incoming, owner=source.bank.organisation)
    return ""


def want(source: QuestionImport, *, held: bool = False) -> None:
    """Take what was read; a job does it, unless it is ``held`` by the caller.

    Raises ``Conflict`` when there is nothing to take (any more).
    """
    if source.strict and source.refused:
        raise Conflict(
            _("All or nothing was asked for, and some questions cannot be taken. Mend the file and import it again.")
        )
    claimed = QuestionImport.objects.filter(pk=source.pk, state=State.READ, read__gt=source.refused)
    if not claimed.update(state=State.WANTED, lease_until=lease() if held else None):
        raise Conflict(_("There is nothing to take from this file any more."))
    if not held:
        after_commit("quizzes.take_import", source.pk)


def take(source: QuestionImport, *, beat: Beat = lambda: None) -> None:
    """Take every item that is not taken yet, batch by batch; a second run goes on where the first one stopped."""
    uids = uids_of(source.bank)
    waiting = source.items.filter(reason="", question=None)
    last = 0
    while items := list(waiting.filter(number__gt=last).order_by("number")[:BATCH]):
        take_items(source, items, uids)
        last = items[-1].number
        source.taken = source.items.exclude(question=None).count()
        source.save(update_fields=["taken"])
        beat()
    source.taken = source.items.exclude(question=None).count()
    source.state, source.finished_at, source.lease_until = State.TAKEN, clock.now(), None
    source.save(update_fields=["state", "taken", "finished_at", "lease_until"])
    source.file.delete()


def import_at_once(
    *,
    bank: Bank,
    file: "File[bytes]",
    name: str,
    format: str = "",  # noqa: A002  (the word of the model's field)
    language: str = "",
    strict: bool = False,
    as_ready: bool = False,
    by: User | None = None,
) -> QuestionImport:
    """``accept`` a file, read it and take what is sound (``strict``: all or nothing), here and now, without a job."""
    source = accept(
        bank=bank,
        file=file,
        name=name,
        format=format,
        language=language,
        strict=strict,
        as_ready=as_ready,
        by=by,
        held=True,
    )
    read_items(source)
    if source.read > source.refused and not (source.strict and source.refused):
        want(source, held=True)
        take(source)
    return source


def throw_away(source: QuestionImport) -> None:
    """Forget a file of which nothing was asked for, by one claim. Raises ``Conflict`` when something was, or it is gone."""
    with transaction.atomic():
        if not QuestionImport.objects.filter(pk=source.pk, state__in=LOOKED_AT).update(lease_until=lease()):
            raise Conflict(_("There is nothing to forget any more: this file was taken or forgotten meanwhile."))
        source.delete()
    source.file.delete(save=False)


KEPT = dt.timedelta(days=30)


def forgotten() -> list[QuestionImport]:
    """Files that nobody has looked at for a month."""
    old = QuestionImport.objects.filter(state__in=LOOKED_AT, created_at__lt=clock.now() - KEPT)
    return list(old.order_by("pk")[:BATCH])


def lease() -> dt.datetime:
    """Until when a job holds an import without another sign of life."""
    return clock.now() + dt.timedelta(minutes=5)
