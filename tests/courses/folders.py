"""Course folders made at run time, sound ones and others."""

import struct
from pathlib import Path

COURSE = """\
format: 1
slug: sample
code: BOR 7
languages: [en]
audience: public
topic: borrowing
level: basic
licence: CC-BY-4.0
texts:
  en:
    title: Sample
    summary: A course for tests.
modules:
  - uid: part-one
    title: {en: Part one}
    lessons: [hello, film]
"""
HELLO = """\
---
kind: text
title: Hello
minutes: 5
---

## Hello

![A dot](media/dot.png) and [the film](lesson:film).
"""
FILM = """\
---
kind: video
title: Film
minutes: 3
rule: {opens_after: [hello]}
video: {file: media/film.mp4, captions: media/film.en.vtt}
---

Key points.
"""
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n\n00:01.000 --> 00:02.000\nAnd goodbye.\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


def box(kind: bytes, content: bytes = b"") -> bytes:
    """One box of an MP4 file."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def mvhd(seconds: int, *, version: int = 0, scale: int = 1000) -> bytes:
    times = struct.pack(">QQ" if version else ">II", 0, 0)
    length = struct.pack(">IQ" if version else ">II", scale, seconds * scale)
    return box(b"mvhd", struct.pack(">I", version << 24) + times + length + b"\x00" * 80)


def mp4(*, seconds: int = 2, moov_first: bool = True, version: int = 0) -> bytes:
    """The smallest file that says it is a video of that length."""
    head = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2")
    parts = [box(b"moov", mvhd(seconds, version=version)), box(b"mdat", b"\x00" * 64)]
    return head + b"".join(parts if moov_first else reversed(parts))


def write_sample(root: Path, **changed: str | bytes | None) -> Path:
    """A sound course folder with a text and a video; ``changed`` replaces files by path (``None`` leaves one out)."""
    files: dict[str, str | bytes | None] = {
        "course.yaml": COURSE,
        "lessons/hello.md": HELLO,
        "lessons/film.md": FILM,
        "media/dot.png": PNG,
        "media/film.mp4": mp4(),
        "media/film.en.vtt": CAPTIONS,
    }
    for name, content in (files | changed).items():
        if content is None:
            continue
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root
