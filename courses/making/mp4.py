"""What an MP4 holds, read in Python: for machines without ffmpeg, which take a film as it is if it plays as it is."""

from pathlib import Path
from typing import BinaryIO

from courses import media_probe

NESTED = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
PICTURE, SOUND = {"avc1", "avc3"}, {"mp4a"}


def codecs(file: BinaryIO) -> set[str]:
    """The four letters of each stream's codec."""
    return _codecs(file, 0, file.seek(0, 2))


def _codecs(file: BinaryIO, start: int, end: int) -> set[str]:
    found: set[str] = set()
    offset = start
    while offset + 8 <= end:
        kind, inner, after = media_probe.box_at(file, offset, end)
        if after <= offset:
            break
        if kind in NESTED:
            found |= _codecs(file, inner, min(after, end))
        elif kind == b"stsd":
            file.seek(inner + 12)  # version, count, length of the first entry
            found.add(file.read(4).decode("latin-1"))
        offset = after
    return found


def plays_as_it_is(path: Path) -> bool:
    """H.264 and AAC (or silence) in a sound MP4 whose index comes first."""
    with path.open("rb") as file:
        if media_probe.sniff(file.read(media_probe.HEAD)) not in ("video/mp4", "audio/mp4"):
            return False
        if media_probe.probe(file, type="video/mp4").fault:
            return False
        return bool(found := codecs(file) - {"tmcd", "text"}) and found <= PICTURE | SOUND
