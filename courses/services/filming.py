"""What was made of an uploaded film or recording goes into the draft, and into its lesson."""

import json
import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from courses import markup, media_probe
from courses.making.registry import JobFailed
from courses.making.registry import kinds as jobs
from courses.making.speech import why_not
from courses.models import Course, CourseMedia, LessonText, MediaFile, MediaJob
from courses.services.editing import patch_content
from courses.services.making import begin_job
from courses.services.media import put_bytes, store_all
from courses.spec import Content

ENDINGS = {"small": ".small.mp4", "poster": ".jpg"}
CAPTIONS_JOB = "captions"
FILE = re.compile(rf"media/({markup.MEDIA_NAME})")


def read(files: Mapping[str, Path], key: str) -> dict[str, media_probe.Incoming]:
    """``files`` (``file``, ``small``, ``poster``) looked through, and the bytes of what is sound in the store.

    Takes long for a long film, and touches no database.
    """
    found = {part: media_probe.examine(path, name=f"film{_ending(part, key)}") for part, path in files.items()}
    put_bytes(each for each in found.values() if each.probe.type and not each.probe.fault)
    return found


def keep(*, job: MediaJob, incoming: Mapping[str, media_probe.Incoming], key: str) -> dict[str, Any]:
    """Store what ``read`` found, hold it in the draft and name it in the lesson.

    ``key`` is the part of the content: ``video`` or ``audio``. Safe to do again. Raises ``JobFailed`` when the lesson
    is gone or a file is not sound.
    """
    text = _text_of(job)
    for each in incoming.values():
        if not each.probe.type or each.probe.fault:
            raise JobFailed(str(media_probe.FAULTS.get(each.probe.fault or "not-mp4")))
    endings = {part: _ending(part, key) for part in incoming}
    course = job.course
    rows = store_all(incoming, owner=course.organisation, licence=course.licence)
    with transaction.atomic():
        Course.objects.select_for_update().get(pk=course.pk)
        names = _names(job, key, endings, rows)
        for part, media in rows.items():
            CourseMedia.objects.update_or_create(course=course, name=names[part], defaults={"media": media})
        saved = patch_content(text=text, change=lambda content: _named(content, key, names), actor=job.created_by)
        if "file" in incoming and not saved.content[key].get("captions"):
            _begin_captions(job)
    return {"names": names, "duration_ms": rows["file"].duration_ms if "file" in rows else None}


def _names(job: MediaJob, key: str, endings: Mapping[str, str], rows: Mapping[str, MediaFile]) -> dict[str, str]:
    """What the files are called in the draft: after the lesson, with a number where something else has that name.

    A name that only this lesson's film has is taken again, and so is one that holds the same bytes.
    """
    texts = dict(LessonText.objects.filter(lesson__course=job.course).values_list("pk", "content"))
    own = set(LessonText.objects.filter(pk__in=texts, lesson__uid=job.lesson_uid).values_list("pk", flat=True))
    elsewhere = {name for pk, content in texts.items() if pk not in own for name in FILE.findall(json.dumps(content))}
    mine = {name for pk in own for name in FILE.findall(json.dumps(texts[pk].get(key, {})))} - elsewhere
    held = dict(CourseMedia.objects.filter(course=job.course).values_list("name", "media"))

    def called(number: int) -> dict[str, str]:
        stem = _stem(job) if number == 1 else f"{_stem(job)}-{number}"
        return {part: f"{stem}{ending}" for part, ending in endings.items()}

    def free(part: str, name: str) -> bool:
        return name in mine or held.get(name, rows[part].pk) == rows[part].pk

    return next(names for names in map(called, count(1)) if all(free(*each) for each in names.items()))


def _text_of(job: MediaJob) -> LessonText:
    language = job.language or job.course.first_language
    text = LessonText.objects.filter(
        lesson__course=job.course, lesson__uid=job.lesson_uid, lesson__archived_at=None, language=language
    ).first()
    if text is None:
        raise JobFailed(_("The lesson is not there any more. Bring it back, then begin this again."))
    return text


def _stem(job: MediaJob) -> str:
    """The lesson's uid; in a further language with that behind it."""
    further = job.language and job.language != job.course.first_language
    return f"{job.lesson_uid}.{job.language}" if further else job.lesson_uid


def _ending(part: str, key: str) -> str:
    return ENDINGS.get(part) or (".mp4" if key == "video" else ".m4a")


def _named(content: Content, key: str, names: Mapping[str, str]) -> Content:
    """The content with the new files. Captions that were there belong to another film until somebody has looked."""
    given = dict(content.get(key, {}))
    given |= {part: f"media/{name}" for part, name in names.items()}
    if "file" in names:
        if "small" not in names:
            given.pop("small", None)
        if given.get("captions"):
            given["captions_draft"] = True
    return {**content, key: given}


def _begin_captions(job: MediaJob) -> None:
    if CAPTIONS_JOB not in jobs or why_not(job.language or job.course.first_language):
        return
    waiting = MediaJob.objects.waiting().filter(
        course=job.course, kind=CAPTIONS_JOB, lesson_uid=job.lesson_uid, language=job.language
    )
    if not waiting.exists():
        begin_job(
            course=job.course,
            kind=CAPTIONS_JOB,
            title=(_("Captions of “%(name)s”") % {"name": job.title})[:200],
            actor=job.created_by,
            lesson_uid=job.lesson_uid,
            language=job.language,
        )


def film_of(job: MediaJob) -> str:
    """The name of the lesson's film; empty when it has none."""
    name = str(_text_of(job).content.get("video", {}).get("file", ""))
    return name.removeprefix("media/")


def opened(course: Course, name: str) -> IO[bytes]:
    """A file of the draft, to read. Raises ``JobFailed`` when it is not there."""
    media = MediaFile.objects.filter(course_uses__course=course, course_uses__name=name).first()
    if media is None:
        raise JobFailed(_("The file is not in the course any more."))
    return default_storage.open(media.path)
