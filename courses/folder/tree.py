"""Which files a folder or archive holds, looked at with suspicion: nothing leaves it, nothing is too big."""

import contextlib
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from courses.folder.faults import Fault, FolderFaults

MAX_TEXT_BYTES = 1024 * 1024
IGNORED_PARTS = {"narration", "__MACOSX"}
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}\Z")
CHUNK = 1 << 20
LONGEST_PATH = 500
# What zipfile raises for an archive that is damaged, encrypted or packed in a way it does not know.
BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, zlib.error, struct.error)
Stamps = tuple[tuple[str, int, int], ...]


@dataclass
class Tree:
    """Files by their path within the folder, as ``lessons/five-words.md``."""

    root: Path
    files: dict[str, Path] = field(default_factory=dict)


def _ignored(parts: tuple[str, ...]) -> bool:
    return any(part in IGNORED_PARTS or part.startswith(".") for part in parts)


def scan(root: Path) -> Tree:
    """The files of the folder ``root``. Raises ``FolderFaults`` for links, odd files and whatever is over the limits."""
    if not root.is_dir():
        raise FolderFaults([Fault(str(root.name), 0, _("there is no such folder"))])
    tree, faults, total = Tree(root=root), [], 0
    for path in _walk(root):
        name = path.relative_to(root).as_posix()
        if _ignored(PurePosixPath(name).parts):
            continue
        info = path.lstat()
        sentence = _odd(path.name, info.st_mode) or _too_big(name, info.st_size)
        if sentence:
            faults.append(Fault(name, 0, sentence))
            continue
        total += info.st_size
        tree.files[name] = path
    faults += _limits(total, len(tree.files))
    if faults:
        raise FolderFaults(faults)
    return tree


def stamps(root: Path) -> Stamps:
    """Name, time of change in nanoseconds and size of each file that would be read; empty when there is none.

    What vanishes while it is looked at is left out.
    """
    found = []
    for path in _walk(root):
        name = path.relative_to(root).as_posix()
        with contextlib.suppress(OSError):
            if not _ignored(PurePosixPath(name).parts):
                info = path.lstat()
                found.append((name, info.st_mtime_ns, info.st_size))
    return tuple(found)


def _walk(root: Path) -> Iterator[Path]:
    """Every file and link below ``root``; links are not followed. Stops soon after the limit of files."""
    count = 0
    for folder, folders, files in os.walk(root, followlinks=False):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if name not in links and not _ignored((name,)))
        for name in sorted([*files, *links]):
            yield Path(folder) / name
            count += 1
            if count > 2 * settings.IMPORT_MAX_FILES:
                return


def _odd(name: str, mode: int) -> str:
    if stat.S_ISLNK(mode):
        return _("this is a link to another file; put the file itself here")
    if not stat.S_ISREG(mode):
        return _("this is no ordinary file; take it out")
    if not NAME.match(name):
        return _("use only letters, digits, dots, hyphens and underscores in file names")
    return ""


def _too_big(name: str, size: int) -> str:
    text = name.endswith((".md", ".yaml"))
    limit = MAX_TEXT_BYTES if text else settings.IMPORT_MAX_FILE_BYTES
    if size > limit:
        return _("the file has %(size)s; at most %(limit)s are taken") % {"size": _mb(size), "limit": _mb(limit)}
    return ""


def _limits(total: int, count: int) -> list[Fault]:
    faults = []
    if total > settings.IMPORT_MAX_BYTES:
        words = {"size": _mb(total), "limit": _mb(settings.IMPORT_MAX_BYTES)}
        faults.append(Fault(".", 0, _("all files together have %(size)s; at most %(limit)s are taken") % words))
    if count > settings.IMPORT_MAX_FILES:
        sentence = _("there are more than %(limit)d files; take some out")
        faults.append(Fault(".", 0, sentence % {"limit": settings.IMPORT_MAX_FILES}))
    return faults


def _mb(size: int) -> str:
    return f"{-(-size // (1024 * 1024))} MB"


def unpack(archive: Path, into: Path) -> Path:
    """Unpack the .zip file ``archive`` into the empty folder ``into`` and give the folder that holds the course.

    What the archive says of itself is checked first and nothing is written when it is wrong; while unpacking the real
    bytes are counted, since an archive may lie. Raises ``FolderFaults``.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [each for each in opened.infolist() if not each.is_dir()]
            members = [each for each in members if _escapes(each.filename) or not _ignored(_parts(each.filename))]
            if faults := _archive_faults(members):
                raise FolderFaults(faults)
            budget = settings.IMPORT_MAX_BYTES
            for member in members:
                budget -= _extract(opened, member, into, budget)
    except (*BROKEN, FileExistsError, NotADirectoryError, IsADirectoryError) as problem:
        raise FolderFaults([Fault(archive.name, 0, _("this is not a sound .zip file"))]) from problem
    return _course_within(into)


def _course_within(folder: Path) -> Path:
    """The folder that holds the course: ``folder``, or the only one in it."""
    entries = [each for each in folder.iterdir() if each.is_dir()]
    if not (folder / "course.yaml").exists() and len(entries) == 1:
        return entries[0]
    return folder


def lay_out(given: Sequence[tuple[str, File]], into: Path) -> Path:
    """Write the files of a chosen folder, each with its path in it, into the empty ``into``; give the course's folder.

    The paths are whatever was sent: nothing is written when one leads out or anything is over the limits. Raises
    ``FolderFaults``.
    """
    kept = [(name, file) for name, file in given if _escapes(name) or not _ignored(_parts(name))]
    faults, seen = _limits(sum(file.size for _name, file in kept), len(kept)), set()
    for name, file in kept[: settings.IMPORT_MAX_FILES]:
        if sentence := _name_fault(name, seen, _("the name leads out of the folder")) or _too_big(name, file.size):
            faults.append(Fault(name.replace("\n", " ")[:150], 0, sentence))
        seen.add(name.casefold())
    if faults:
        raise FolderFaults(faults)
    try:
        for name, file in kept:
            target = into.joinpath(*_parts(name))
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as opened:
                for chunk in file.chunks():
                    opened.write(chunk)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as problem:
        raise FolderFaults([Fault(name[:150], 0, _("this is a file and a folder at once"))]) from problem
    return _course_within(into)


def _name_fault(name: str, seen: set[str], leads_out: str) -> str:
    if not _parts(name) or _escapes(name):
        return leads_out
    if len(name) > LONGEST_PATH:
        return _("the path has more than %(limit)d characters") % {"limit": LONGEST_PATH}
    if name.casefold() in seen:
        return _("the name stands twice in the folder")
    if not all(NAME.match(part) for part in _parts(name)):
        return _odd("/", stat.S_IFREG)
    return ""


def _archive_faults(members: list[zipfile.ZipInfo]) -> list[Fault]:
    faults = _limits(sum(each.file_size for each in members), len(members))
    seen: set[str] = set()
    for member in members[: settings.IMPORT_MAX_FILES]:
        sentence = _member_fault(member, seen)
        if sentence:
            faults.append(Fault(member.filename.replace("\n", " ")[:150], 0, sentence))
        seen.add(member.filename.casefold())
    return faults


def _parts(name: str) -> tuple[str, ...]:
    return PurePosixPath(name).parts


def _escapes(name: str) -> bool:
    return PurePosixPath(name).is_absolute() or ".." in _parts(name) or "\\" in name


def _member_fault(member: zipfile.ZipInfo, seen: set[str]) -> str:
    path = PurePosixPath(member.filename)
    if _escapes(member.filename):
        return _("the name leads out of the archive; pack the folder again")
    mode = member.external_attr >> 16
    if mode and stat.S_IFMT(mode) and not stat.S_ISREG(mode):
        return _odd(path.name, mode)
    if member.flag_bits & 1:
        return _("the file is encrypted; pack the folder without a password")
    if member.filename.casefold() in seen:
        return _("the name stands twice in the archive")
    if not all(NAME.match(part) for part in path.parts):
        return _odd("/", stat.S_IFREG)
    if member.file_size > CHUNK and member.file_size > member.compress_size * settings.IMPORT_MAX_RATIO:
        return _("it unpacks to more than %(ratio)d times its size") % {"ratio": settings.IMPORT_MAX_RATIO}
    return _too_big(member.filename, member.file_size)


def _extract(opened: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path, budget: int) -> int:
    """Write one member; raises ``FolderFaults`` as soon as it is bigger than it said."""
    target = into.joinpath(*PurePosixPath(member.filename).parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with opened.open(member) as source, target.open("wb") as file:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > member.file_size or written > budget:
                raise FolderFaults([Fault(member.filename, 0, _("it is bigger than the archive says"))])
            file.write(chunk)
    return written
