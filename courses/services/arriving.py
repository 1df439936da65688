"""What becomes of an uploaded file: a job makes a film of it, or the course gets it as it is."""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import slugify
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import InvalidInput
from courses import media_probe
from courses.making import containers
from courses.making.purposes import Arrival, Purpose
from courses.models import Course, CourseMedia, MediaFile, Upload
from courses.services.making import begin_job
from courses.services.media import store_all

FILE_ENDINGS = tuple(sorted({ending for endings in media_probe.ENDINGS.values() for ending in endings}))
NAME_MAX = 100


def _no_doubt(name: str, head: bytes) -> str:
    """A file of a course is examined whole when it is taken."""
    return ""


def _film_limit() -> int:
    return int(settings.UPLOAD_MAX_BYTES)


def _file_limit() -> int:
    return settings.IMPORT_MAX_FILE_BYTES


def begin_film(upload: Upload, path: Path, actor: User) -> Arrival:
    """A job makes it what every browser plays; asking twice for one upload begins one job."""
    with transaction.atomic():
        Course.objects.select_for_update().get(pk=upload.course_id)
        job = upload.jobs.first() or begin_job(
            course=upload.course,
            kind="transcode",
            title=upload.name,
            actor=actor,
            lesson_uid=upload.lesson_uid,
            language=upload.language,
            upload=upload,
            given={"purpose": upload.purpose},
        )
    said = _("“%(name)s” is here. It is now made ready for every browser; you may leave this page.")
    url = reverse("courses:author_course_jobs", args=[upload.course.slug])
    return Arrival(said % {"name": upload.name}, url, job)


def take_file(upload: Upload, path: Path, actor: User) -> Arrival:
    """The draft holds it under its name; a file that is there already under that name with other content stays, and
    the new one gets a number."""
    name = safe_name(upload.name)
    incoming = examined(path, name)
    course = upload.course
    media = store_all({name: incoming}, owner=course.organisation, licence=course.licence)[name]
    with transaction.atomic():
        Course.objects.select_for_update().get(pk=course.pk)
        name = free_name(course, name, media)
        CourseMedia.objects.get_or_create(course=course, name=name, defaults={"media": media})
    url = reverse("courses:author_files", args=[course.slug])
    return Arrival(_("“%(name)s” is in the course now.") % {"name": name}, f"{url}?q={name}")


def take_replacement(upload: Upload, path: Path, actor: User) -> Arrival:
    """The file of that name becomes this one; the lessons that use it need no change."""
    incoming = examined(path, upload.name)
    course = upload.course
    media = store_all({upload.name: incoming}, owner=course.organisation, licence=course.licence)[upload.name]
    with transaction.atomic():
        Course.objects.select_for_update().get(pk=course.pk)
        if not CourseMedia.objects.filter(course=course, name=upload.name).update(media=media):
            raise InvalidInput(_("The file that this was to replace is not in the course any more."))
    url = reverse("courses:author_file", args=[course.slug, upload.name])
    return Arrival(_("“%(name)s” is the new file now.") % {"name": upload.name}, url)


def examined(path: Path, name: str) -> media_probe.Incoming:
    """The file at ``path`` as one called ``name``. Raises ``InvalidInput`` when it is not what the name says."""
    incoming = media_probe.examine(path, name=name)
    if not incoming.probe.type:
        sentence = _("“%(name)s” is not what the end of its name says, or of no kind that a course may hold.")
        raise InvalidInput(sentence % {"name": name})
    if incoming.probe.fault and incoming.probe.fault not in media_probe.PLAYABLE:
        raise InvalidInput(str(media_probe.FAULTS[incoming.probe.fault]))
    return incoming


def safe_name(name: str) -> str:
    """``name`` as it may stand behind ``media/``: plain letters, digits, dots and hyphens."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    plain = slugify(stem).strip("-_") or "file"
    return f"{plain[:NAME_MAX]}.{slugify(ending)}" if ending else plain[:NAME_MAX]


def free_name(course: Course, name: str, media: MediaFile) -> str:
    """``name``, or with a number when the draft has another file of that name. One query."""
    stem, _dot, ending = name.rpartition(".")
    taken = dict(CourseMedia.objects.filter(course=course, name__startswith=stem).values_list("name", "media"))
    found, number = name, 1
    while taken.get(found, media.pk) != media.pk:
        number += 1
        found = f"{stem}-{number}.{ending}"
    return found


FILM = Purpose("video", containers.VIDEO_ENDINGS, _film_limit, containers.video_doubt, begin_film, about_lesson=True)
SOUND = Purpose("audio", containers.AUDIO_ENDINGS, _film_limit, containers.audio_doubt, begin_film, about_lesson=True)
FILE = Purpose("file", FILE_ENDINGS, _file_limit, _no_doubt, take_file)
REPLACEMENT = Purpose("replace", FILE_ENDINGS, _file_limit, _no_doubt, take_replacement)
