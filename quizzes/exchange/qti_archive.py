"""The files of a content package, looked at with suspicion and never unpacked to a disk."""

import stat
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from courses.folder.tree import BROKEN, CHUNK, IGNORED_PARTS
from quizzes.exchange.values import Unreadable

MOST_FILES = 20_000
MOST_BYTES = 64 * 1024 * 1024  # of one file: it is held in memory


class Archive:
    """Reads files of a .zip by their path. Raises ``Unreadable`` for whatever is meant to do harm or is broken."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (*BROKEN, ValueError) as problem:
            raise Unreadable(_("This is not a sound .zip file.")) from problem
        members = [each for each in self._zip.infolist() if not each.is_dir()]
        if len(members) > MOST_FILES:
            raise Unreadable(_("There are more than %(limit)d files in it.") % {"limit": MOST_FILES})
        self._members: dict[str, zipfile.ZipInfo] = {}
        for each in members:
            self._add(each)
        if sum(each.file_size for each in self._members.values()) > settings.IMPORT_MAX_BYTES:
            raise Unreadable(_("Unpacked it is too large."))

    @property
    def names(self) -> list[str]:
        """The paths in it, those next to its root first."""
        return sorted(self._members, key=lambda name: (name.count("/"), name))

    def _add(self, member: zipfile.ZipInfo) -> None:
        path = PurePosixPath(member.filename)
        parts = path.parts  # none at all in the name “.”
        if not parts or path.is_absolute() or ".." in parts or "\\" in member.filename or ":" in parts[0]:
            raise Unreadable(_("The name “%(name)s” leads out of the archive.") % {"name": member.filename[:100]})
        if any(part in IGNORED_PARTS or part.startswith(".") for part in parts):
            return
        if fault := self._fault(member):
            raise Unreadable(f"{member.filename[:100]}: {fault}")
        self._members[str(path)] = member

    def _fault(self, member: zipfile.ZipInfo) -> str:
        mode = member.external_attr >> 16
        if mode and stat.S_IFMT(mode) and not stat.S_ISREG(mode):
            return _("this is a link or no ordinary file; put the file itself in.")
        if member.flag_bits & 1:
            return _("the file is encrypted; pack it without a password.")
        if str(PurePosixPath(member.filename)) in self._members:
            return _("the name stands twice in the archive.")
        if member.file_size > MOST_BYTES:
            return _("the file is too large.")
        if member.file_size > CHUNK and member.file_size > member.compress_size * settings.IMPORT_MAX_RATIO:
            return _("it unpacks to more than %(ratio)d times its size.") % {"ratio": settings.IMPORT_MAX_RATIO}
        return ""

    def read(self, path: str, most: int | None = None) -> bytes | None:
        """The bytes of a file, or its first ``most``; None when it is not there. Its stated size is not believed."""
        member = self._members.get(path)
        if member is None:
            return None
        try:
            with self._zip.open(member) as source:
                data = source.read(member.file_size + 1 if most is None else most)
        except BROKEN as problem:
            raise Unreadable(_("%(name)s: the file is damaged.") % {"name": path}) from problem
        if len(data) > member.file_size:
            raise Unreadable(_("%(name)s: it is bigger than the archive says.") % {"name": path})
        return data
