"""The job ``transcode``: an uploaded film or recording becomes what every browser plays, and stands in its lesson.

Each step leaves a file in the job's folder under its final name only when it is complete, so whoever takes the job up
after a kill goes on with the first step whose file is missing.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from courses import media_probe
from courses.making import films, mp4, tools
from courses.making.beating import beating
from courses.making.films import Facts
from courses.making.purposes import HEAD_BYTES
from courses.making.registry import JobFailed, Work
from courses.services import filming, uploading

# Where each step ends, in percent of the whole.
LOOKED, HEARD, SOUNDED, PICTURED, JOINED = 2, 8, 15, 88, 95
SLOWEST = 60  # times the length of what is made: a machine that needs longer is hopelessly overloaded
SHORT_BY = 0.03


@dataclass
class Kitchen:
    """One job's source and folder, and how its steps run."""

    work: Work
    path: Path
    head: bytes

    def given(self, start: float = 0) -> list[str]:
        return films.source(str(self.path), self.head, start=start)

    def file(self, name: str) -> Path:
        return self.work.folder / name

    def run(
        self, arguments: list[str], *, length: float, span: tuple[int, int], step: str, most: float | None = None
    ) -> tools.Outcome:
        """Run ffmpeg; the percentage goes through ``span`` while ``length`` seconds are made."""
        low, high = span

        def heard(done: float) -> None:
            part = min(1.0, done / length) if length else 0
            self.work.report(round(low + (high - low) * part), step)

        self.work.report(low, step)
        try:
            return tools.run(arguments, heard=heard, seconds=most or 120 + SLOWEST * length)
        except tools.ToolFailed as problem:
            raise JobFailed(_sentence(str(problem))) from problem


def transcode(work: Work) -> Mapping[str, Any]:
    """Make the film or recording and put it into its lesson."""
    upload = work.job.upload
    path = uploading.path_of(upload) if upload else None
    if path is None or not path.exists():
        raise JobFailed(_("The uploaded file is not there any more. Upload it again."))
    with path.open("rb") as file:
        kitchen = Kitchen(work, path, file.read(HEAD_BYTES))
    is_film = work.job.given.get("purpose") != "audio"
    made = (_film(kitchen) if is_film else _recording(kitchen)) if tools.available() else _as_it_is(kitchen, is_film)
    return _kept(work, made, key="video" if is_film else "audio")


def _kept(work: Work, files: Mapping[str, Path], *, key: str) -> Mapping[str, Any]:
    """The files in the lesson. A store far away may need minutes for a film, longer than a silent job is believed in."""
    incoming = beating(work.report, lambda: filming.read(files, key), JOINED, _("Putting it into the lesson"))
    return filming.keep(job=work.job, incoming=incoming, key=key)


def _as_it_is(kitchen: Kitchen, is_film: bool) -> dict[str, Path]:
    """Without ffmpeg nothing is made, but what plays as it is can be used."""
    if mp4.plays_as_it_is(kitchen.path):
        return {"file": kitchen.path}
    wanted = _("MP4 with H.264 and AAC, ‘fast start’ or ‘web optimised’") if is_film else _("M4A (AAC)")
    sentence = _(
        "This server cannot convert videos or sound. Export the file as %(wanted)s and upload that, "
        "or ask your site’s administrator to install the media tools."
    )
    raise JobFailed(sentence % {"wanted": wanted})


def _recording(kitchen: Kitchen) -> dict[str, Path]:
    facts = _facts(kitchen)
    if not facts.sound:
        raise JobFailed(_("There is no sound in this file. Choose the recording, or export it again with its sound."))
    return {"file": _sound(kitchen, facts, last=JOINED)}


def _film(kitchen: Kitchen) -> dict[str, Path]:
    facts = _facts(kitchen)
    if not facts.picture:
        raise JobFailed(_("There is no picture in this file. Use it in an audio lesson, or choose the video."))
    heard = _sound(kitchen, facts, last=SOUNDED) if facts.sound else None
    pieces = _picture(kitchen, facts)
    made = {"file": "film.mp4", "small": "film.small.mp4"}
    for key, name in made.items():
        _once(
            kitchen.file(name),
            lambda target, key=key: _join(kitchen, pieces[key], heard, target, facts.seconds),
        )
    poster = kitchen.file("poster.jpg")
    at = min(facts.seconds / 10, 30)
    _once(poster, lambda target: _still(kitchen, kitchen.file("film.mp4"), at, target))
    return {**{key: kitchen.file(name) for key, name in made.items()}, "poster": poster}


def _facts(kitchen: Kitchen) -> Facts:
    kept = kitchen.file("look.txt")
    if not kept.exists():
        kitchen.work.report(1, _("Looking at the file"))
        words = tools.look_at(kitchen.given())
        if "Stream #0" not in words:
            raise JobFailed(_sentence(words))
        facts = films.facts_of(words)
        length = facts.seconds
        if not length:  # a browser's own recording does not say
            step = _("Finding out how long it is")
            length = kitchen.run(films.count(kitchen.given()), length=0, span=(1, 1), step=step, most=900).seconds
        _write(kept, json.dumps({"words": words, "seconds": length}))
    told = json.loads(kept.read_text("utf-8"))
    facts = films.facts_of(told["words"], seconds=told["seconds"])
    if facts.seconds <= 0:
        raise JobFailed(_("The file does not say how long it is, or is empty. Export it again as MP4 (H.264)."))
    return facts


def _sound(kitchen: Kitchen, facts: Facts, *, last: int) -> Path:
    """The levelled sound; how loud it is now is kept, so that measuring is not done twice."""
    level, target = kitchen.file("loudness.json"), kitchen.file("sound.m4a")
    if not level.exists():
        step = _("Measuring how loud it is")
        said = kitchen.run(films.measure(kitchen.given()), length=facts.seconds, span=(LOOKED, HEARD), step=step)
        _whole(said.seconds, facts.seconds, has_picture=facts.picture)
        _write(level, json.dumps(films.loudness(said.words)))
    loud = json.loads(level.read_text("utf-8"))

    def make(part: Path) -> None:
        arguments = films.sound(kitchen.given(), loud, str(part))
        kitchen.run(arguments, length=facts.seconds, span=(HEARD, last), step=_("Levelling the sound"))

    return _once(target, make)


def _picture(kitchen: Kitchen, facts: Facts) -> dict[str, Path]:
    """Both sizes of the picture, piece by piece; gives a listing of the pieces for each."""
    starts = facts.segments()
    names: dict[str, list[str]] = {"file": [], "small": []}
    made = 0.0
    for number, start in enumerate(starts):
        big, small = kitchen.file(f"piece-{number:04}.mp4"), kitchen.file(f"piece-{number:04}.small.mp4")
        if not big.exists():  # the small one takes its name first
            _piece(kitchen, facts, number=number, of=len(starts), start=start, big=big, small=small)
        length = _length(big)
        if not length:
            break
        made += length
        names["file"].append(big.name)
        names["small"].append(small.name)
    _whole(made, facts.seconds)
    listings = {}
    for key, each in names.items():
        listings[key] = kitchen.file(f"{key}.ffconcat")
        _write(listings[key], films.listing(each))
    return listings


def _piece(kitchen: Kitchen, facts: Facts, *, number: int, of: int, start: float, big: Path, small: Path) -> None:
    width = PICTURED - SOUNDED
    span = (SOUNDED + width * number // of, SOUNDED + width * (number + 1) // of)
    step = _("Making the picture, part %(number)d of %(of)d") % {"number": number + 1, "of": of}
    parts = [_part(big), _part(small)]
    arguments = films.segment(kitchen.given(start), facts, str(parts[0]), str(parts[1]))
    length = min(films.SEGMENT_SECONDS, facts.seconds - start)
    kitchen.run(arguments, length=length, span=span, step=step)
    parts[1].replace(small)
    parts[0].replace(big)


def _join(kitchen: Kitchen, pieces: Path, heard: Path | None, target: Path, length: float) -> None:
    arguments = films.join(str(pieces), str(heard or ""), str(target))
    kitchen.run(arguments, length=length, span=(PICTURED, JOINED), step=_("Joining picture and sound"))


def _still(kitchen: Kitchen, film: Path, at: float, target: Path) -> None:
    kitchen.run(films.still(str(film), at, str(target)), length=0, span=(JOINED, JOINED), step=_("Choosing a picture"))


def poster(work: Work) -> Mapping[str, Any]:
    """The job ``poster``: another picture of the film, ``given["at_ms"]`` from its start."""
    film = work.folder / "film.mp4"
    name = filming.film_of(work.job)
    if not name or not tools.available():
        raise JobFailed(_("There is no video to take a picture from."))
    with filming.opened(work.job.course, name) as stored, film.open("wb") as copy:
        shutil.copyfileobj(stored, copy, media_probe.CHUNK)
    kitchen = Kitchen(work, film, b"")
    target = work.folder / "poster.jpg"
    at = work.job.given.get("at_ms", 0) / 1000
    if at >= _length(film):
        raise JobFailed(_("The video is shorter than that. Choose an earlier moment."))
    _still(kitchen, film, at, target)
    return _kept(work, {"poster": target}, key="video")


def _once(target: Path, make: Callable[[Path], None]) -> Path:
    """Make ``target`` unless it is there; a half one never has its name."""
    if not target.exists():
        part = _part(target)
        make(part)
        part.replace(target)
    return target


def _part(target: Path) -> Path:
    return target.with_name(f"part-{target.name}")


def _write(target: Path, text: str) -> None:
    part = _part(target)
    part.write_text(text, "utf-8")
    part.replace(target)


def _length(path: Path) -> float:
    """Seconds of a piece; 0 when nothing came of it."""
    with path.open("rb") as file:
        return (media_probe.probe(file, type="video/mp4").duration_ms or 0) / 1000


def _whole(made: float, promised: float, *, has_picture: bool = False) -> None:
    """Refuse what breaks off: its head promises more than is there. Sound may well be shorter than its picture."""
    if not has_picture and made < promised * (1 - SHORT_BY) - 2:
        raise JobFailed(_("The file ends early: a part of it is missing. Upload the whole file again."))


def _sentence(words: str) -> str:
    """What an author can do about ffmpeg's ``words``."""
    said = words.lower()
    if "moov atom not found" in said or "end of file" in said or "truncat" in said or "partial file" in said:
        return _("The file ends early: a part of it is missing. Upload the whole file again.")
    if "took too long" in said:
        return _("This took too long. Export a shorter or smaller video, or try again when the server is less busy.")
    if "cannot allocate memory" in said:
        return _("The picture is too large for this server. Export it at 1920 × 1080 or smaller.")
    if "does not contain any stream" in said or "matches no streams" in said:
        return _("There is neither picture nor sound in it. Export it again as MP4 (H.264).")
    return _("This file cannot be read as video or sound. Play it on your own computer, then export it as MP4 (H.264).")
