"""The files that a draft holds: where each is used, what is said of it, another in its place, taken out and put back."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Conflict, InvalidInput
from courses import checks, describing
from courses.models import Course, CourseMedia, MediaFile
from courses.services import drafts
from courses.spec import LessonSpec

SALT = "courses.file-taken-out"
UNDO_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Use:
    """A lesson of the draft that shows, plays or links a file."""

    uid: str
    title: str


def uses_of(course: Course, *, undescribed: bool = False) -> Mapping[str, list[Use]]:
    """The lessons that use each file, by its name. As many queries as a draft needs, however many files there are.

    ``undescribed``: only those in which the file has neither a description nor captions.
    """
    spec = drafts.load(course)
    found: dict[str, list[Use]] = defaultdict(list)
    for lesson in spec.lessons:
        first = lesson.texts.get(course.first_language) or next(iter(lesson.texts.values()), None)
        for name in sorted(_silent_in(lesson) if undescribed else checks.media_in(lesson)):
            found[name].append(Use(lesson.uid, first.title if first else lesson.uid))
    return found


def _silent_in(lesson: LessonSpec) -> set[str]:
    return {name for text in lesson.texts.values() for name in describing.undescribed(text.content)}


def describe(*, row: CourseMedia, licence: str, source: str) -> None:
    """Say whose it is and where it comes from."""
    CourseMedia.objects.filter(pk=row.pk).update(licence=licence.strip(), source=source.strip())


@transaction.atomic
def take_out(*, row: CourseMedia) -> str:
    """Take the file out of the draft, and give the word that puts it back within a day.

    Raises ``Conflict`` when a lesson uses it. Editions that hold it keep it.
    """
    course = Course.objects.select_for_update().get(pk=row.course_id)
    used = uses_of(course).get(row.name)
    if used:
        raise Conflict(_("“%(lesson)s” uses this file. Take it out there first.") % {"lesson": used[0].title})
    word = signing.dumps([course.pk, row.name, row.media_id, row.licence, row.source], salt=SALT, compress=True)
    CourseMedia.objects.filter(pk=row.pk).delete()
    return word


@transaction.atomic
def put_back(*, course: Course, word: str) -> CourseMedia:
    """Undo ``take_out``. Raises ``Conflict`` when the name is taken by now or the file is gone, ``InvalidInput`` for a
    word that is none."""
    try:
        pk, name, media_pk, licence, source = signing.loads(word, salt=SALT, max_age=UNDO_SECONDS)
    except (signing.BadSignature, ValueError, TypeError) as problem:
        raise InvalidInput(_("This cannot be undone any more.")) from problem
    Course.objects.select_for_update().get(pk=course.pk)
    media = MediaFile.objects.filter(pk=media_pk).first()
    if pk != course.pk or media is None or CourseMedia.objects.filter(course=course, name=name).exists():
        raise Conflict(_("This cannot be undone any more."))
    MediaFile.objects.filter(pk=media.pk).update(unused_since=None)
    return CourseMedia.objects.create(course=course, name=name, media=media, licence=licence, source=source)
