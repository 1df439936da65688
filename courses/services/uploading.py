"""Files that come in pieces (D22): begun, taken piece by piece, finished, given up, swept.

What ``received`` says is on disk: bytes are forced to the disk first and counted afterwards, so after a kill the file
may be longer than ``received``, never shorter, and the next piece begins by cutting it there. One piece at a time is
written, under a lock of the file; only the exact next offset is taken. So no byte is lost or doubled.
"""

import contextlib
import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, DomainError, InvalidInput
from courses.making.purposes import HEAD_BYTES, Arrival, Purpose, purposes
from courses.models import Course, MediaJob, Upload

READ_BYTES = 64 * 1024
OPEN_MAX = 10  # files one person may have on their way
KEPT_FOR = dt.timedelta(days=7)
NAME_MAX = 150
FINGERPRINT_MAX = 80
PLAIN_MAX_BYTES = 50 * 1024 * 1024


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class WrongOffset(Conflict):
    """The piece is not the next one; ``offset`` is where the next one begins."""

    def __init__(self, offset: int, message: str = "") -> None:
        super().__init__(message or _("This piece is not the next one."))
        self.offset = offset


def path_of(upload: Upload) -> Path:
    """Where the bytes are, until the file is taken."""
    return Path(settings.UPLOAD_DIR) / f"{upload.uid}.part"


def purpose_of(name: str) -> Purpose:
    """What a file may be for. Raises ``InvalidInput``."""
    if name not in purposes:
        raise InvalidInput(_("Nobody here takes such a file."))
    return purposes[name]


@transaction.atomic
def begin(
    *,
    course: Course,
    person: User,
    purpose: str,
    name: str,
    size: int,
    lesson_uid: str = "",
    language: str = "",
    fingerprint: str = "",
) -> Upload:
    """A file of ``size`` bytes is coming; the one that this person began already goes on instead.

    Raises ``InvalidInput`` with a sentence when it cannot be taken, ``Conflict`` when too much is on its way.
    """
    wanted = purpose_of(purpose)
    name = _sound_name(name)
    _check(wanted, name=name, size=size)
    _check_place(wanted, course, lesson_uid, language)
    fingerprint = fingerprint[:FINGERPRINT_MAX]
    # One row that all uploads of a person share: their number and the search below stay true while it is held.
    User.objects.select_for_update().get(pk=person.pk)
    mine = Upload.objects.filter(person=person, state__in=[Upload.State.OPEN, Upload.State.WHOLE])
    same = mine.filter(course=course, purpose=purpose, lesson_uid=lesson_uid, language=language, size=size)
    known = same.filter(fingerprint=fingerprint).first() if fingerprint else None
    if known:
        Upload.objects.filter(pk=known.pk).update(changed_at=clock.now())
        return known
    if mine.count() >= OPEN_MAX:
        sentence = _("You have %(limit)d files on their way already. Finish or give up one of them first.")
        raise Conflict(sentence % {"limit": OPEN_MAX})
    _check_room(size)
    return Upload.objects.create(
        course=course,
        person=person,
        purpose=purpose,
        lesson_uid=lesson_uid,
        language=language,
        name=name,
        size=size,
        fingerprint=fingerprint,
    )


def _sound_name(name: str) -> str:
    """The last part of a path, without what no name holds; its ending is kept when it has to be cut."""
    bare = "".join(each for each in name.replace("\\", "/").rpartition("/")[2] if each.isprintable()).strip()
    stem, dot, ending = bare.rpartition(".")
    return f"{stem[: NAME_MAX - len(ending) - 1]}{dot}{ending}" if dot and len(ending) < 12 else bare[:NAME_MAX]


def _check(purpose: Purpose, *, name: str, size: int) -> None:
    if not name.lower().endswith(purpose.endings):
        sentence = _("“%(name)s” is of no kind that fits here. Choose a file that ends in %(endings)s.")
        raise InvalidInput(sentence % {"name": name, "endings": ", ".join(purpose.endings)})
    if size < 1:
        raise InvalidInput(_("The file is empty."))
    if size > purpose.limit():
        sentence = _("The file is %(size)s; the most is %(limit)s. Export it smaller, or cut it into two lessons.")
        raise InvalidInput(sentence % {"size": filesizeformat(size), "limit": filesizeformat(purpose.limit())})


def _check_place(purpose: Purpose, course: Course, uid: str, language: str) -> None:
    if (purpose.about_lesson or uid) and not course.lessons.filter(uid=uid).exists():
        raise InvalidInput(_("The lesson is not there any more."))
    if language and language not in course.languages:
        raise InvalidInput(_("The course has no such language."))


def _check_room(size: int) -> None:
    folder = Path(settings.UPLOAD_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    # What others were promised and have not sent yet is no room for this one. A file is there twice for a while: as it
    # came in, and as it is kept.
    open_rows = Upload.objects.filter(state=Upload.State.OPEN)
    promised = open_rows.aggregate(left=Sum(F("size") - F("received")))["left"] or 0
    if shutil.disk_usage(folder).free < promised + 2 * size:
        raise Conflict(_("The server has no room for this file now. Tell your site’s administrator."))


def take_piece(*, upload: Upload, offset: int, length: int, stream: Stream) -> int:
    """Write ``length`` bytes of ``stream`` at ``offset`` and give the next offset.

    A stream that breaks off leaves what came of it. Raises ``WrongOffset`` for any but the next piece, or while another
    one is being written, ``InvalidInput`` for a piece that is empty, too long or goes beyond the file, ``Conflict``
    when the upload is over.
    """
    if not 0 < length <= settings.UPLOAD_CHUNK_BYTES:
        raise InvalidInput(_("A piece has between 1 and %(most)d bytes.") % {"most": settings.UPLOAD_CHUNK_BYTES})
    with _locked(upload) as file:
        received = _received(upload)
        if offset != received:
            raise WrongOffset(received)
        if offset + length > upload.size:
            raise InvalidInput(_("This is more than the file was said to have."))
        file.truncate(received)
        file.seek(received)
        came = _copy(stream, file, length)
        if came:
            _to_disk(file, is_new=received == 0)
            here = Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN, received=received)
            if not here.update(received=received + came, changed_at=clock.now()):
                raise Conflict(_("This upload was given up."))
        return received + came


@contextlib.contextmanager
def _locked(upload: Upload) -> Iterator[BinaryIO]:
    """The file, held by one request at a time: a request whose connection broke may still be writing."""
    path = path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise WrongOffset(_received(upload), _("Another piece of this file is being written.")) from problem
        yield file


def _received(upload: Upload) -> int:
    row = Upload.objects.filter(pk=upload.pk).values_list("received", "state").first()
    if row is None or row[1] != Upload.State.OPEN:
        raise Conflict(_("This upload is over; begin it again."))
    return int(row[0])


def _copy(stream: Stream, file: BinaryIO, length: int) -> int:
    """At most ``length`` bytes, never more than ``READ_BYTES`` of them in memory; gives how many came."""
    came = 0
    while came < length:
        try:
            part = stream.read(min(READ_BYTES, length - came))
        except OSError:  # the connection broke (Django's UnreadablePostError is one): what came is good
            break
        if not part:
            break
        _write(file, part)
        came += len(part)
    return came


def _write(file: BinaryIO, part: bytes) -> None:
    """All of it: an unbuffered file may take less than it is given."""
    left = memoryview(part)
    while left:
        left = left[file.write(left) :]


def _to_disk(file: BinaryIO, *, is_new: bool) -> None:
    os.fsync(file.fileno())
    if is_new:  # the name, too
        folder = os.open(settings.UPLOAD_DIR, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def finish(*, upload: Upload, actor: User) -> Arrival:
    """All bytes are here: look at what it is, and put it where it belongs. Twice is harmless, also at once: whoever asks
    again (another tab, or a page that lost the answer) is told the same.

    Raises ``Conflict`` while bytes are missing, ``DomainError`` with a sentence when the content is refused; then the
    upload is over.
    """
    rows = Upload.objects.filter(pk=upload.pk)
    here = rows.filter(state=Upload.State.OPEN, received=upload.size)
    if not here.update(state=Upload.State.WHOLE, changed_at=clock.now()):
        upload.refresh_from_db()
        if upload.state == Upload.State.OPEN:
            raise WrongOffset(upload.received, _("Parts of the file are still missing."))
        if upload.state != Upload.State.WHOLE:
            return _arrived(upload)
    purpose, path = purpose_of(upload.purpose), path_of(upload)
    try:
        with path.open("rb") as file:
            doubt = purpose.doubt(upload.name, file.read(HEAD_BYTES))
        if doubt:
            raise InvalidInput(doubt)
        arrival = purpose.take(upload, path, actor)
    except DomainError as problem:
        refuse(upload=upload, said=str(problem))
        raise
    except FileNotFoundError:  # another request took it, or the sweep did
        upload.refresh_from_db()
        return _arrived(upload)
    told = {"said": arrival.said[:400], "url": arrival.url}
    if rows.filter(state=Upload.State.WHOLE).update(state=Upload.State.TAKEN, changed_at=clock.now(), **told):
        _forget_unless_needed(upload)
    return arrival


def _arrived(upload: Upload) -> Arrival:
    """What became of a file that is taken. Raises ``Conflict`` when nothing did."""
    if upload.state == Upload.State.TAKEN and upload.url:
        return Arrival(upload.said, upload.url, upload.jobs.first())
    refused = upload.said if upload.state == Upload.State.REFUSED else ""
    raise Conflict(refused or _("This upload is over; begin it again."))


def _forget_unless_needed(upload: Upload) -> None:
    if not upload.jobs.exists():
        path_of(upload).unlink(missing_ok=True)


def refuse(*, upload: Upload, said: str) -> None:
    """It cannot be used; ``said`` tells why."""
    changes = {"state": Upload.State.REFUSED, "said": said[:400], "changed_at": clock.now()}
    if Upload.objects.filter(pk=upload.pk).exclude(state=Upload.State.TAKEN).update(**changes):
        path_of(upload).unlink(missing_ok=True)


def give_up(*, upload: Upload) -> None:
    """The person wants it no more. Raises ``Conflict`` when it is in the course already."""
    over = Upload.objects.filter(pk=upload.pk, state__in=[Upload.State.OPEN, Upload.State.REFUSED])
    if not over.delete()[0]:
        raise Conflict(_("The file is complete already."))
    path_of(upload).unlink(missing_ok=True)


def used_up(*, upload: Upload) -> None:
    """A job made something of the file and needs it no more."""
    path_of(upload).unlink(missing_ok=True)


def sweep_uploads() -> int:
    """Forget what nobody went on with for seven days, and files without a row. Gives how many files went."""
    old = Upload.objects.filter(changed_at__lt=clock.now() - KEPT_FOR)
    waiting = MediaJob.objects.waiting().values("upload")
    gone = 0
    for upload in old.exclude(pk__in=waiting.exclude(upload=None)).exclude(state=Upload.State.TAKEN):
        path_of(upload).unlink(missing_ok=True)
        gone += upload.delete()[0] and 1
    for upload in old.filter(state=Upload.State.TAKEN).exclude(pk__in=waiting.exclude(upload=None)):
        gone += path_of(upload).exists()
        path_of(upload).unlink(missing_ok=True)
    return gone + _sweep_folder()


def _sweep_folder() -> int:
    """Files whose row is gone (a person or a course was deleted)."""
    folder, gone = Path(settings.UPLOAD_DIR), 0
    before = (clock.now() - KEPT_FOR).timestamp()
    for path in folder.glob("*.part") if folder.is_dir() else ():
        if path.stat().st_mtime < before and not Upload.objects.filter(uid=path.stem).exists():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def put_whole(*, upload: Upload, stream: Stream, size: int) -> None:
    """The file came in one form (no scripts, D22): the same way to disk, in pieces. Raises ``InvalidInput``."""
    offset = Upload.objects.values_list("received", flat=True).get(pk=upload.pk)
    while offset < size:
        length = min(settings.UPLOAD_CHUNK_BYTES, size - offset)
        after = take_piece(upload=upload, offset=offset, length=length, stream=stream)
        if after == offset:
            raise InvalidInput(_("The file did not come whole. Send it again."))
        offset = after
