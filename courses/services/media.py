"""The media store: files by their content, each once (D11)."""

from collections.abc import Iterable, Mapping

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Organisation
from courses.media_probe import Incoming
from courses.models import MediaFile


def store_all(
    incoming: Mapping[str, Incoming], *, owner: Organisation | None, licence: str = ""
) -> dict[str, MediaFile]:
    """Keep every file of ``incoming`` (by name) and give their rows by name; what is there already is not written again.

    Bytes are written before the rows, so a row never promises a file that is missing. Three statements, however many.
    """
    wanted = {each.sha256: each for each in incoming.values()}
    put_bytes(wanted.values())
    with transaction.atomic():
        MediaFile.objects.bulk_create(
            [
                MediaFile(
                    sha256=each.sha256,
                    size=each.size,
                    type=each.probe.type,
                    owner=owner,
                    licence=licence,
                    duration_ms=each.probe.duration_ms,
                    fault=each.probe.fault,
                )
                for each in wanted.values()
            ],
            ignore_conflicts=True,
        )
        MediaFile.objects.filter(sha256__in=wanted).update(unused_since=None)
        rows = MediaFile.objects.in_bulk(wanted, field_name="sha256")
    put_bytes(wanted.values())  # the collector may have taken a file away before its row stood again
    return {name: rows[each.sha256] for name, each in incoming.items()}


def put_bytes(incoming: Iterable[Incoming]) -> None:
    """Write the bytes that are not there yet. No database: what is large is written while a job says that it lives."""
    for each in incoming:
        _write(each)


def _write(incoming: Incoming) -> None:
    name = f"{incoming.sha256[:2]}/{incoming.sha256}"
    if default_storage.exists(name) and default_storage.size(name) == incoming.size:
        return
    if default_storage.exists(name):  # a killed process left half of it
        default_storage.delete(name)
    with incoming.path.open("rb") as file:
        stored = default_storage.save(name, File(file))
    if stored != name:  # somebody else stored the same content in this moment
        default_storage.delete(stored)
