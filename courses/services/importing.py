"""A course folder becomes a draft (D25)."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from core.errors import DomainError, InvalidInput
from courses import checks
from courses.composing import compose
from courses.folder.faults import Fault
from courses.folder.reading import ReadCourse, read
from courses.folder.tree import scan, unpack
from courses.models import Course, CourseEditor, CourseSlug
from courses.services import drafts
from courses.services.media import store_all
from courses.services.resting import Rested
from courses.spec import CourseSpec, Credited


class NotYours(DomainError):
    """Another course holds this address, and the person may not edit it."""

    status = 403


@dataclass(frozen=True)
class ImportResult:
    """The course, whether its draft is another now, what is worth saying about the folder, and what it no longer has."""

    course: Course
    changed: bool
    warnings: tuple[Fault, ...] = ()
    rested: Rested = field(default_factory=Rested)


@dataclass(frozen=True)
class Draft:
    """A whole draft: what it says, the sha256 of its files by name and their credits. Equal when nothing differs."""

    spec: CourseSpec
    media: Mapping[str, str]
    credited: Credited = field(default_factory=dict)


def draft_of(course: Course) -> Draft:
    return Draft(drafts.load(course), drafts.media_of(course), drafts.credited_of(course))


def import_folder(
    *,
    path: Path,
    actor: User | None,
    organisation: Organisation | None = None,
    slug: str = "",
    before: Callable[[Course], None] | None = None,
) -> ImportResult:
    """Make the draft of the course what the folder (or .zip file) at ``path`` says.

    A course that is new belongs to ``organisation`` and is owned by ``actor``; without an actor the site itself
    imports. Importing the same folder again changes nothing. Raises ``FolderFaults`` with everything that is wrong in
    it, and then nothing was written; ``NotYours`` when ``actor`` may not edit the course; ``InvalidInput`` when the
    folder is another course than the one at ``slug``, if that is given, or has an address that redirects. ``before`` is
    called with a course that is there already, under its lock and before anything is written; what it raises ends the
    import.
    """
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        given = read(scan(path if path.is_dir() else unpack(path, Path(folder))))
        if slug and given.spec.slug != slug:
            words = {"slug": given.spec.slug, "wanted": slug}
            raise InvalidInput(_("The folder is the course “%(slug)s”, and this is “%(wanted)s”.") % words)
        return _import(given, actor, organisation, before)


def _import(
    given: ReadCourse,
    actor: User | None,
    organisation: Organisation | None,
    before: Callable[[Course], None] | None,
) -> ImportResult:
    course = Course.objects.filter(slug=given.spec.slug).first()
    if course is None and CourseSlug.objects.filter(slug=given.spec.slug).exists():
        sentence = _("A course had the address “%(slug)s” before, and links lead to it still. Choose another slug.")
        raise InvalidInput(sentence % {"slug": given.spec.slug})
    if course and actor and not Course.objects.editable_by(actor).filter(pk=course.pk).exists():
        raise NotYours(_("The address “%(slug)s” belongs to a course that you cannot edit.") % {"slug": course.slug})
    owner = course.organisation if course else organisation
    files = store_all(given.media, owner=owner, licence=given.spec.licence)
    with transaction.atomic():
        course, created = Course.objects.select_for_update().get_or_create(
            slug=given.spec.slug, defaults={"organisation": organisation, "topic": given.spec.topic}
        )
        if created and actor:
            CourseEditor.objects.create(course=course, person=actor, role=CourseEditor.Role.OWNER)
        if before and not created:
            before(course)
        shas = {name: file.sha256 for name, file in files.items()}
        known = given.credited is None or given.credited == drafts.credited_of(course)
        if not created and known and _same(course, given.spec, shas):
            return ImportResult(course=course, changed=False, warnings=given.warnings)
        rested = drafts.save(course=course, spec=given.spec, media=files, actor=actor)
        if given.credited is not None:
            drafts.save_credits(course, given.credited)
    return ImportResult(course=course, changed=True, warnings=given.warnings, rested=rested)


def _same(course: Course, spec: CourseSpec, shas: dict[str, str]) -> bool:
    """Would learners read the same? A default that is written out in one of two folders is no change."""
    draft = drafts.load(course)
    held = drafts.media_of(course)
    extra = held.keys() - shas.keys()
    if {name: sha for name, sha in held.items() if name not in extra} != shas:
        return False
    if extra and not extra <= drafts.media_of_archive(course):
        return False
    if draft == spec:
        return True
    sound = not checks.faults(draft, set(shas))
    return (
        sound and draft.audience == spec.audience and compose(draft, media=shas).hash == compose(spec, media=shas).hash
    )
