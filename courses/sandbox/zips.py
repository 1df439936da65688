"""Archives looked at with suspicion before anything in them is read; pure, for the limited process."""

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from courses.sandbox.errors import TaskRefused

MEMBERS_MAX = 2000
TOTAL_MAX = 200 << 20
RATIO_MAX = 100
SMALL = 1 << 20  # below this a high ratio is no bomb
CHUNK = 1 << 20
BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, zlib.error, ValueError, OSError)


def members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of the archive. Raises ``TaskRefused`` for bombs, passwords, links and names that lead out of it."""
    found = [each for each in archive.infolist() if not each.is_dir()]
    if len(found) > MEMBERS_MAX or sum(each.file_size for each in found) > TOTAL_MAX:
        raise TaskRefused("size")
    for each in found:
        path = PurePosixPath(each.filename)
        mode = each.external_attr >> 16
        if path.is_absolute() or ".." in path.parts or "\\" in each.filename or "\x00" in each.filename:
            raise TaskRefused("escape")
        if mode and stat.S_IFMT(mode) and not stat.S_ISREG(mode):
            raise TaskRefused("escape")
        if each.flag_bits & 1:
            raise TaskRefused("locked")
        if each.file_size > SMALL and each.file_size > each.compress_size * RATIO_MAX:
            raise TaskRefused("bomb")
    return found


def opened(source: Path, *, otherwise: str) -> zipfile.ZipFile:
    """The archive at ``source``; ``otherwise`` is the reason when it is none."""
    try:
        return zipfile.ZipFile(source)
    except BROKEN as problem:
        raise TaskRefused(otherwise) from problem


def read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """One file of it; never more than it said."""
    try:
        with archive.open(member) as file:
            content = file.read(member.file_size + 1)
    except BROKEN as problem:
        raise TaskRefused("unreadable") from problem
    if len(content) > member.file_size:
        raise TaskRefused("bomb")
    return content
