"""Pictures and recordings of slides: looked at by content, then kept among the media."""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from courses import media_probe
from courses.making import containers
from courses.models import Course, MediaFile
from courses.services.media import store_all

PICTURE_MAX = 10 * 1024 * 1024
RECORDING_MAX = 50 * 1024 * 1024
PICTURES = ("image/png", "image/jpeg", "image/webp")
SOUNDS = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "audio/mp4",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "aac": "audio/aac",
    "matroska": "audio/webm",
}


def take_picture(file: "UploadedFile[Any]", *, course: Course) -> MediaFile:
    """Keep a picture for a slide. Raises ``InvalidInput`` when it is none or too large."""
    with tempfile.TemporaryDirectory() as place:
        path = _written(file, Path(place), most=PICTURE_MAX, field="picture")
        head = path.read_bytes()[: media_probe.HEAD]
        kind = media_probe.sniff(head)
        if kind not in PICTURES:
            raise _no(_("This is no PNG, JPEG or WebP picture, whatever its name says."), "picture")
        return _kept(path, kind, course)


def take_recording(file: "UploadedFile[Any]", *, course: Course) -> MediaFile:
    """Keep a recording for a slide. Raises ``InvalidInput`` when it is no sound file or too large."""
    doubt = containers.audio_doubt(str(file.name), file.read(media_probe.HEAD))
    file.seek(0)
    if doubt:
        raise _no(doubt, "recording")
    with tempfile.TemporaryDirectory() as place:
        path = _written(file, Path(place), most=RECORDING_MAX, field="recording")
        with path.open("rb") as opened:
            kind = SOUNDS[containers.container(opened.read(media_probe.HEAD))]
        return _kept(path, kind, course)


def keep_picture(path: Path, *, course: Course) -> MediaFile:
    """A picture that the site drew itself."""
    return _kept(path, "image/png", course)


def _written(file: "UploadedFile[Any]", folder: Path, *, most: int, field: str) -> Path:
    if (file.size or 0) > most:
        sentence = _("The file has %(size)s; at most %(limit)s are taken.")
        raise _no(sentence % {"size": filesizeformat(file.size or 0), "limit": filesizeformat(most)}, field)
    path = folder / "file"
    with path.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    return path


def _no(sentence: str, field: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: sentence})


def _kept(path: Path, kind: str, course: Course) -> MediaFile:
    with path.open("rb") as file:
        sha = hashlib.file_digest(file, "sha256").hexdigest()
    probe = media_probe.Probe(type=kind)
    incoming = media_probe.Incoming(path=path, sha256=sha, size=path.stat().st_size, probe=probe)
    return store_all({"file": incoming}, owner=course.organisation, licence=course.licence)["file"]
