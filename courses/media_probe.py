"""What a media file is and whether it is sound, read in Python from its own bytes (D11)."""

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses import captions
from courses.mp3_length import mp3_length

# What may stand in a course, by its first bytes or its form; the name's ending must agree.
ENDINGS = {
    "video/mp4": (".mp4", ".m4v"),
    "video/webm": (".webm",),
    "audio/mpeg": (".mp3",),
    "audio/mp4": (".m4a",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/svg+xml": (".svg",),
    "application/pdf": (".pdf",),
    "text/vtt": (".vtt",),
    "text/csv": (".csv",),
    "text/plain": (".txt",),
}

# ``MediaFile.fault`` keeps the key; the author reads the sentence.
FAULTS: dict[str, Promise] = {
    "no-file": _("There is no file in this lesson yet."),
    "no-moov": _("The video has no index, so it cannot be played. It was probably cut off; export it again."),
    "cut": _("The video ends before its index says so. Upload the whole file again."),
    "no-length": _("The video does not say how long it is. Export it again as MP4 (H.264)."),
    "slow-start": _("The video starts only when all of it is loaded. Export it with ‘fast start’ (web optimised)."),
    "bad-captions": _("These are no captions that a browser can read (WebVTT)."),
    "not-mp4": _("The file is not an MP4 video, whatever its name says."),
}
CHUNK = 1 << 20
HEAD = 2048  # bytes that are enough to tell a type
PLAYABLE = frozenset({"", "slow-start"})


@dataclass(frozen=True)
class Probe:
    """Media type by content (empty: unknown), length of a video, and a key of ``FAULTS`` or nothing."""

    type: str
    duration_ms: int | None = None
    fault: str = ""


def sniff(head: bytes) -> str:
    """The media type that the first bytes show; empty when they show none that a course may hold."""
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:11] == b"M4A" else "video/mp4"
    for magic, kind in (
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"%PDF-", "application/pdf"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"\xff\xf3", "audio/mpeg"),
    ):
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return _sniff_text(head)


def _sniff_text(head: bytes) -> str:
    if b"\x00" in head:
        return ""
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if len(head) < HEAD or problem.start < HEAD - 4:  # only a full window may cut the last character
            return ""
        text = head[: problem.start].decode("utf-8-sig")
    start = text.lstrip().lower()
    if text.startswith("WEBVTT"):
        return "text/vtt"
    if start.startswith(("<?xml", "<svg", "<!--")) and "<svg" in start:
        return "image/svg+xml"
    if start.startswith(("<!doctype", "<html", "<script", "<?php", "#!")):
        return ""
    return "text/plain"


def type_of(name: str, head: bytes) -> str:
    """The media type of a file called ``name``; empty when content and name's ending disagree or are not allowed."""
    found = sniff(head)
    ending = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    if found == "text/plain" and ending == ".csv":
        return "text/csv"
    return found if ending in ENDINGS.get(found, ()) else ""


def probe(file: BinaryIO, *, type: str) -> Probe:  # noqa: A002  (the word of the model's field)
    """Length and soundness of ``file``, whose type is known. Only MP4 (sound too), MP3 and WebVTT are looked into."""
    if type == "text/vtt":
        file.seek(0)
        return Probe(type=type, fault="bad-captions" if captions.trouble(file.read()) else "")
    if type == "audio/mpeg":
        return Probe(type=type, duration_ms=mp3_length(file))
    if type not in ("video/mp4", "audio/mp4"):
        return Probe(type=type)
    duration, fault = _probe_mp4(file)
    return Probe(type=type, duration_ms=duration, fault=fault)


def _probe_mp4(file: BinaryIO) -> tuple[int | None, str]:
    size = file.seek(0, 2)
    offset, order, duration = 0, [], None
    while offset + 8 <= size:
        kind, start, end = box_at(file, offset, size)
        if end < start:
            return None, "not-mp4"
        order.append(kind)
        if end > size:
            return duration, "cut" if b"ftyp" in order else "not-mp4"
        if kind == b"moov":
            duration = _duration(file, start, end)
        offset = end
    if b"ftyp" not in order:
        return None, "not-mp4"
    if b"moov" not in order:
        return None, "no-moov"
    if not duration:
        return None, "no-length"
    if b"mdat" in order and order.index(b"mdat") < order.index(b"moov"):
        return duration, "slow-start"
    return duration, ""


def box_at(file: BinaryIO, offset: int, limit: int) -> tuple[bytes, int, int]:
    """Name, start of content and end of the box at ``offset``."""
    file.seek(offset)
    head = file.read(16)
    length, kind = struct.unpack(">I4s", head[:8])
    if length == 1 and len(head) == 16:
        return kind, offset + 16, offset + struct.unpack(">Q", head[8:])[0]
    return kind, offset + 8, limit if length == 0 else offset + length


def _duration(file: BinaryIO, start: int, end: int) -> int | None:
    """Milliseconds from the ``mvhd`` box within ``moov``."""
    offset = start
    while offset + 8 <= end:
        kind, inner, after = box_at(file, offset, end)
        if kind == b"mvhd":
            file.seek(inner)
            data = file.read(32)
            if len(data) < 32:
                return None
            scale, units = struct.unpack(">IQ", data[20:32]) if data[0] == 1 else struct.unpack(">II", data[12:20])
            return int(units * 1000 // scale) if scale else None
        if after < inner:
            return None
        offset = after
    return None


@dataclass(frozen=True)
class Incoming:
    """A file that is about to be stored, read once."""

    path: Path
    sha256: str
    size: int
    probe: Probe


def examine(path: Path, *, name: str = "") -> Incoming:
    """Hash, type and soundness of the file at ``path``, called ``name`` or as it is called there.

    The type is empty when content and name disagree.
    """
    with path.open("rb") as file:
        kind = type_of(name or path.name, file.read(HEAD))
        file.seek(0)
        sha = hashlib.sha256()
        while chunk := file.read(CHUNK):
            sha.update(chunk)
        probed = probe(file, type=kind)
    return Incoming(path=path, sha256=sha.hexdigest(), size=path.stat().st_size, probe=probed)
