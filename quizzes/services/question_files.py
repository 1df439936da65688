"""Files that an author adds to a question: checked by their content, stored once, under a name that is free (D11)."""

import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from courses.media_probe import FAULTS, examine
from courses.models import CourseMedia, MediaFile
from courses.services.media import store_all
from quizzes.models import Bank

SALT = "quizzes.question-files"


def take_upload(upload: "UploadedFile[Any]", *, bank: Bank, held: Mapping[str, int]) -> tuple[str, MediaFile]:
    """Store ``upload`` for a question of ``bank``; its name (none of ``held``, none of another file of the course) and row.

    Raises ``InvalidInput`` when the content is not what the name promises.
    """
    with tempfile.TemporaryDirectory(prefix="question-") as folder:
        path = Path(folder) / f"upload{Path(str(upload.name)).suffix.lower()}"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        incoming = examine(path)
        said = _refusal(incoming.probe.type, incoming.probe.fault)
        if said:
            raise InvalidInput(said, fields={"upload": said})
        media = store_all({"file": incoming}, owner=bank.organisation)["file"]
    return free_name(str(upload.name), media, bank=bank, held=held), media


def _refusal(kind: str, fault: str) -> str:
    if not kind:
        return _("The content of this file is not what its name says, or it is of a kind that cannot be used.")
    return str(FAULTS[fault]) if fault else ""


def free_name(name: str, media: MediaFile, *, bank: Bank, held: Mapping[str, int]) -> str:
    """``name`` in letters that need no escaping, with a number when another file has it already."""
    stem, ending = slugify(Path(name).stem)[:100] or "file", Path(name).suffix.lower()
    taken = dict(CourseMedia.objects.filter(course__bank=bank, name__startswith=stem).values_list("name", "media"))
    taken |= held
    found, number = f"{stem}{ending}", 1
    while taken.get(found, media.pk) != media.pk:
        number += 1
        found = f"{stem}-{number}{ending}"
    return found


def seal(files: Mapping[str, int]) -> str:
    """``files`` as a form carries them: nobody can name a file that was not given to them."""
    return signing.dumps(dict(files), salt=SALT)


def unseal(text: str) -> dict[str, int]:
    """The files that a form carried; none when the seal is broken."""
    try:
        found = signing.loads(text, salt=SALT, max_age=7 * 24 * 3600) if text else {}
    except signing.BadSignature:
        return {}
    return {str(name): int(pk) for name, pk in found.items()}


def size_of(file: BinaryIO) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG, GIF or JPEG, from its head (PNG §11.2.2, GIF89a §18, ITU T.81 B.2.2)."""
    head = file.read(26)
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        width, height = struct.unpack(">II", head[16:24])
        return width, height
    if head[:6] in (b"GIF87a", b"GIF89a"):
        width, height = struct.unpack("<HH", head[6:10])
        return width, height
    return _jpeg_size(file) if head.startswith(b"\xff\xd8") else None


def _jpeg_size(file: BinaryIO) -> tuple[int, int] | None:
    file.seek(2)
    while True:
        marker = file.read(4)
        if len(marker) < 4 or marker[0] != 0xFF:
            return None
        length = struct.unpack(">H", marker[2:4])[0]
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in (0xC4, 0xC8, 0xCC):  # a frame header
            frame = file.read(5)
            return struct.unpack(">HH", frame[1:5])[::-1] if len(frame) == 5 else None
        file.seek(length - 2, 1)
