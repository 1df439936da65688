"""A published course with one small film: enough of an MP4 to be probed, captions, chapters."""

import struct
from pathlib import Path
from typing import Any

from courses.media_probe import examine
from courses.models import Course
from courses.services.media import store_all
from tests.factories.courses import publish_course

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nFirst the click.\n\n00:02.000 --> 00:10.000\nThen the parcel.\n"
CHAPTERS = "WEBVTT\n\n00:00.000 --> 00:02.000\nStart\n\n00:02.000 --> 00:10.000\nParcel\n"


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


def mp4(seconds: int = 10, *, payload: bytes = b"\x00" * 4000) -> bytes:
    """Boxes in the order of a fast start; nothing in it can be played."""
    header = bytes(12) + struct.pack(">II", 1000, seconds * 1000) + bytes(80)
    return _box(b"ftyp", b"isom\x00\x00\x02\x00isom") + _box(b"moov", _box(b"mvhd", header)) + _box(b"mdat", payload)


def film_course(
    folder: Path, *, film: bytes | None = None, body: str = "## Key points\n\nMind the parcel.\n", **kw: Any
) -> Course:
    """A course whose lesson ``film`` is a video of ten seconds and whose lesson ``after`` is a text."""
    files = {
        "film.mp4": mp4() if film is None else film,
        "film.vtt": CAPTIONS.encode(),
        "chapters.vtt": CHAPTERS.encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    incoming = {}
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        incoming[name] = examine(path)
    video = {"file": "media/film.mp4", "captions": "media/film.vtt", "chapters": "media/chapters.vtt"}
    lessons = [("video", "film", {"video": video, "body": body, "title": "The film"}), ("text", "after", {})]
    return publish_course(lessons=lessons, media=store_all(incoming, owner=None), **kw)
