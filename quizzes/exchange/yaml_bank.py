"""Questions as YAML, in the words of the course folder: everything a question has, nothing lost.

With files it is a .zip: ``questions.yaml`` and what lies in ``media/`` beside it. Each question is read by itself, so
that a fault in one leaves the others whole and a large file needs no more memory than its largest question.
"""

import hashlib
import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.folder.tree import BROKEN
from courses.folder.writing import dump
from courses.markup import MEDIA_NAME
from courses.yaml_lines import load_yaml
from quizzes.exchange.proving import Uids, label, outcome
from quizzes.exchange.registry import Format
from quizzes.exchange.textfile import LONGEST, Line, open_text
from quizzes.exchange.values import Exported, Item, Meta, Refusal, Unreadable, Where
from quizzes.exchange.writing import Cannot, check, must_be_sound

FORM = "lendcraft-questions/1"
NAME = "questions.yaml"
ENTRY = re.compile(r"( *)-(?: |\Z)")
LOOKS = re.compile(rb"^format: *[\"']?lendcraft-questions/", re.MULTILINE)
MIMETYPE = (
    b"application/vnd.lendcraft.questions+zip"  # the first file in a .zip, so that its first bytes say what it is
)
FILE_PATH = re.compile(rf"media/(?:[1-9]\d{{0,5}}/)?{MEDIA_NAME}")
SPOOLED = 1 << 20
MOST_FILE = 20 << 20  # bytes of a picture or sound
MOST_HEAD = 50  # lines before the questions
META = {each.name for each in fields(Meta)}


class Files:
    """The files of a .zip by their path, each read when a question asks for it. Nothing is unpacked to a disk."""

    def __init__(self, archive: zipfile.ZipFile | None = None) -> None:
        self._archive = archive

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None when it is not there. Raises ``Cannot`` when it is too big or damaged."""
        if self._archive is None:
            return None
        try:
            info = self._archive.getinfo(path)
            if info.file_size > MOST_FILE:
                raise Cannot(_("The file “%(name)s” is too big.") % {"name": path})
            with self._archive.open(info) as opened:
                return opened.read(MOST_FILE)
        except KeyError:
            return None
        except BROKEN as problem:
            raise Cannot(_("The file “%(name)s” is damaged.") % {"name": path}) from problem


@dataclass(frozen=True)
class Chunk:
    """The lines of one question in the list, with the number of the first; not ``whole`` = it was too long."""

    first: int
    text: str
    whole: bool


def read(file: BinaryIO, *, name: str) -> Iterator[Item | Refusal]:
    """The questions of a .yaml file or of a .zip that holds one. Raises ``Unreadable``."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        yield from _read(file, Files(), "")
        return
    try:
        with zipfile.ZipFile(file) as archive, archive.open(_main(archive)) as packed:
            yield from _read(cast("BinaryIO", packed), Files(archive), packed.name or "")
    except BROKEN as problem:
        raise Unreadable(_("This is not a sound .zip file.")) from problem


def _main(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    found = [each for each in archive.infolist() if each.filename.rpartition("/")[2] == NAME and not each.is_dir()]
    if len(found) != 1:
        raise Unreadable(_("The .zip file holds no “%(name)s”.") % {"name": NAME})
    if found[0].file_size > settings.IMPORT_MAX_BYTES:
        raise Unreadable(_("“%(name)s” is too big.") % {"name": NAME})
    return found[0]


def _read(file: BinaryIO, files: Files, path: str) -> Iterator[Item | Refusal]:
    lines = open_text(file).lines()
    _head(lines)
    uids = Uids()
    folder = path.rpartition("/")[0]
    for number, chunk in enumerate(chunks(lines), start=1):
        yield _taken(chunk, Where(chunk.first, path, number), uids, files, f"{folder}/" if folder else "")


def _head(lines: Iterator[Line]) -> None:
    """Everything up to ``questions:``. Raises ``Unreadable`` when the file is not of this form."""
    head, begun = [], False
    for line in islice(lines, MOST_HEAD):
        if begun := bool(re.fullmatch(r"questions:\s*(#.*)?", line.text)):
            break
        head.append(line.text)
    said = load_yaml("\n".join(head).removeprefix("---"))
    value = said.value if isinstance(said.value, dict) else {}
    if said.faults or value.get("format") != FORM or not begun:
        reason = _("It does not begin with “format: %(form)s” and a line “questions:” with the list below it.")
        raise Unreadable(reason % {"form": FORM})
    if extra := sorted(set(value) - {"format"}):
        raise Unreadable(_("“%(name)s” is not known here.") % {"name": extra[0]})


def chunks(lines: Iterator[Line]) -> Iterator[Chunk]:
    """The entries of the list. One begins at a hyphen that stands no deeper than the first: all in it stands deeper."""
    depth, size = -1, 0
    kept: list[Line] = []
    for line in lines:
        found = ENTRY.match(line.text)
        if found and (depth < 0 or len(found[1]) <= depth):
            depth = len(found[1]) if depth < 0 else depth
            if kept:
                yield _chunk(kept)
            kept, size = [], 0
        elif not kept and (not line.text.strip() or line.text.lstrip().startswith("#")):
            continue
        size += len(line.text) + 1
        kept.append(line)
        if size > LONGEST or not line.whole:
            kept = [Line(kept[0].number, "", whole=False)]
    if kept:
        yield _chunk(kept)


def _chunk(lines: list[Line]) -> Chunk:
    return Chunk(lines[0].number, "\n".join(each.text for each in lines), all(each.whole for each in lines))


def _taken(chunk: Chunk, where: Where, uids: Uids, files: Files, folder: str) -> Item | Refusal:
    if not chunk.whole:
        return Refusal(where, "", _("It is longer than %(most)d characters.") % {"most": LONGEST})
    document = load_yaml(chunk.text, first_line=chunk.first)
    if document.faults:
        line, said = document.faults[0]
        return Refusal(Where(line, where.path, where.number), "", said)
    match document.value:
        case [dict() as content]:
            return _question(content, where, uids, files, folder)
    return Refusal(where, "", _("This is no entry of the list of questions; each begins with a hyphen."))


def _question(content: dict[str, Any], where: Where, uids: Uids, files: Files, folder: str) -> Item | Refusal:
    said, paths = content.pop("meta", None) or {}, content.pop("files", None) or {}
    try:
        meta = meta_of(said)
        found = {name: files.read(folder + path) for name, path in _paths(content, paths).items()}
    except Cannot as problem:
        return Refusal(where, label(content), problem.reason)
    there = {name: data for name, data in found.items() if data is not None}
    return outcome(content, uids=uids, meta=meta, files=there, where=where)


def _paths(content: Mapping[str, Any], said: Any) -> dict[str, str]:
    """Where the files of a question lie: under their own name unless ``files`` says otherwise."""
    if not isinstance(said, dict) or not all(
        isinstance(each, str) and FILE_PATH.fullmatch(each) for each in said.values()
    ):
        raise Cannot(_("“files” should name files in media/, as “picture.png: media/2/picture.png”."))
    texts = re.findall(rf"media/({MEDIA_NAME})", repr(content))
    return {name: f"media/{name}" for name in texts} | said


def meta_of(said: Any) -> Meta:
    """What stands under ``meta``. Raises ``Cannot``."""
    tags = said.get("tags") or [] if isinstance(said, dict) else None
    if not isinstance(tags, list) or not all(isinstance(each, str) for each in tags):
        raise Cannot(_("“meta” should hold names and texts, and “tags” in it a list of words."))
    if unknown := sorted(set(said) - META):
        raise Cannot(_("“%(name)s” is not known in “meta”.") % {"name": unknown[0]})
    texts = {key: "" if each is None else str(each) for key, each in said.items() if key != "tags"}
    return Meta(**texts, tags=tuple(tags))


def entry_of(exported: Exported, paths: Mapping[str, str]) -> dict[str, Any]:
    """A question as an entry of the list; ``paths`` are files that do not lie under their own name."""
    content = {key: exported.content[key] for key in ("uid", "type") if key in exported.content}
    meta = {each.name: getattr(exported.meta, each.name) for each in fields(Meta)}
    said = {key: list(value) if key == "tags" else value for key, value in meta.items() if value}
    extra = {key: value for key, value in (("meta", said), ("files", dict(paths))) if value}
    return {**content, **extra, **exported.content}


def write(questions: Iterable[Exported], out: BinaryIO) -> list[Refusal]:
    """The questions as a .yaml file, or as a .zip as soon as one of them shows a file."""
    refused: list[Refusal] = []
    with tempfile.SpooledTemporaryFile(SPOOLED) as waiting:
        waiting.write(f"format: {FORM}\nquestions:\n".encode())
        with Pack(out) as pack:
            for number, each in enumerate(questions, start=1):
                try:
                    must_be_sound(each.content)
                    text = dump([entry_of(each, pack.places(each.files, number))])
                    check(each.content, _read(io.BytesIO(f"format: {FORM}\nquestions:\n{text}".encode()), Files(), ""))
                except Cannot as problem:
                    refused.append(Refusal(Where(number=number), label(each.content, each.meta), problem.reason))
                    continue
                pack.add(each.files, number)
                waiting.write(text.encode())
            waiting.seek(0)
            pack.finish(cast("BinaryIO", waiting))
    return refused


class Pack:
    """The .zip file around the questions, begun with the first file in it; without any there is none."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._archive: zipfile.ZipFile | None = None
        self._there: dict[str, bytes] = {}

    def __enter__(self) -> "Pack":
        return self

    def __exit__(self, *problem: object) -> None:
        if self._archive:
            self._archive.close()

    def places(self, files: Mapping[str, bytes], number: int) -> dict[str, str]:
        """The paths of those files whose name another file has already taken."""
        return {name: f"media/{number}/{name}" for name, data in files.items() if self._taken(name, data)}

    def _taken(self, name: str, data: bytes) -> bool:
        return name in self._there and self._there[name] != _digest(data)

    def add(self, files: Mapping[str, bytes], number: int) -> None:
        """Put the files of question ``number`` in."""
        moved = self.places(files, number)
        for name, data in files.items():
            if name in self._there and name not in moved:
                continue
            self._there.setdefault(name, _digest(data))
            self._opened().writestr(moved.get(name, f"media/{name}"), data)

    def _opened(self) -> zipfile.ZipFile:
        if self._archive is None:
            self._archive = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED)
            self._archive.writestr("mimetype", MIMETYPE, zipfile.ZIP_STORED)
        return self._archive

    def finish(self, text: BinaryIO) -> None:
        """Put the questions in, or out as they are when no file came with them."""
        if self._archive is None:
            shutil.copyfileobj(text, self._out)
            return
        with self._archive.open(NAME, "w") as packed:
            shutil.copyfileobj(text, packed)


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


FORMAT = Format(
    name="yaml",
    label=gettext_lazy("Lendcraft YAML"),
    suffixes=(".yaml", ".yml", ".zip"),
    content_type="application/yaml",
    read=read,
    write=write,
    fits=lambda head: bool(LOOKS.search(head)) or MIMETYPE in head,
    holds_files=True,
)
