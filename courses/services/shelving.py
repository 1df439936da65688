"""The organisation's shelf: a lesson or a file is put there as it is now, said more of, withdrawn and brought back.

What courses take from it is ``services.borrowing``. A put item is frozen: whatever happens to the draft it came from,
it stays as it is until somebody puts a newer version.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation, User
from accounts.notice_kinds import NoticeKind
from accounts.services.announcing import Draft, notify_many
from core import clock
from core.errors import Conflict, InvalidInput
from core.naming import is_blank
from courses import checks
from courses.models import (
    Course,
    CourseEditor,
    CourseMedia,
    Lesson,
    LibraryFile,
    LibraryItem,
    LibraryUse,
    MediaFile,
)
from courses.registry import ResolvingKind, kinds
from courses.services.carrying import OTHERS
from courses.services.outline_places import NotThere
from courses.spec import LessonSpec, LessonTextSpec

NOTICE_KIND = "library_newer"
NOTICE = NoticeKind(
    NOTICE_KIND,
    gettext_lazy("A newer version on the shelf"),
    help=gettext_lazy("When there is a newer version of a lesson or a file that a course of yours took."),
    icon="shelf",
)
MAKERS = (CourseEditor.Role.OWNER, CourseEditor.Role.EDITOR)


@dataclass(frozen=True)
class Label:
    """What stands on an item: ``topic`` is one of the courses' or nothing, ``source`` as it is to be credited."""

    title: str
    licence: str
    description: str = ""
    topic: str = ""
    source: str = ""


class LabelChanged(Conflict):
    """Somebody else changed what stands on the item; ``item`` is the row as it stands now."""

    def __init__(self, item: LibraryItem) -> None:
        super().__init__(
            _("Somebody else changed this in between. What stands there now is above; yours is in the form.")
        )
        self.item = item


@transaction.atomic
def put_lesson(
    *,
    course: Course,
    uid: str,
    organisation: Organisation,
    label: Label,
    actor: User,
    newer_of: LibraryItem | None = None,
) -> LibraryItem:
    """Put the lesson ``uid`` of the draft on the shelf of ``organisation``, as it is now and with its files.

    With ``newer_of`` it becomes the next version of that item, and whoever works on a course that took it is told.
    Questions that a quiz takes from a bank go along as they are now; what its rule says of other lessons stays behind.
    Raises ``InvalidInput`` when the lesson has faults of its own or lacks a file, ``Conflict`` when somebody put a newer
    version in between or the item is a lesson of another kind.
    """
    row = Lesson.objects.filter(course=course, uid=uid).prefetch_related("texts").first()
    if row is None:
        raise NotThere(_("This lesson is not in the outline any more."))
    spec, brought = _whole(row, course)
    files = _files(spec, course, brought)
    frozen = {
        "uid": spec.uid,
        "kind": spec.kind,
        "rule": {name: value for name, value in spec.rule.items() if name not in OTHERS},
        "facts": list(spec.facts),
        "first": course.first_language,
        "texts": {
            language: {"title": text.title, "minutes": text.minutes, "content": text.content}
            for language, text in spec.texts.items()
        },
        "files": {name: {"licence": file.licence, "source": file.source} for name, file in files.items()},
    }
    item = _kept(newer_of, LibraryItem.Kind.LESSON, organisation, label, frozen, actor)
    _hold(item, {name: file.media for name, file in files.items()})
    _used_here(item, course, actor, lesson_uid=uid)
    return item


@transaction.atomic
def put_file(
    *, row: CourseMedia, organisation: Organisation, label: Label, actor: User, newer_of: LibraryItem | None = None
) -> LibraryItem:
    """Put a file of a draft on the shelf, or as the next version of ``newer_of``. Raises as ``put_lesson`` does."""
    item = _kept(newer_of, LibraryItem.Kind.MEDIA, organisation, label, {}, actor)
    _hold(item, {row.name: row.media})
    _used_here(item, row.course, actor, name=row.name)
    return item


def _whole(row: Lesson, course: Course) -> tuple[LessonSpec, Mapping[str, str]]:
    """The lesson with nothing left that stands elsewhere, and the files that this brings (sha256 by name)."""
    spoken = [text for text in row.texts.all() if text.language in course.languages]
    contents = {text.language: text.content for text in spoken}
    brought: dict[str, str] = {}
    kind = kinds.get(row.kind)
    if isinstance(kind, ResolvingKind):
        found = kind.resolve_all([(content, language) for language, content in contents.items()], course=course)
        for language, resolved in zip(list(contents), found, strict=True):
            _refuse([sentence for _path, sentence in resolved.faults])
            contents[language] = resolved.content
            brought |= resolved.media
    for content in contents.values():
        _refuse([sentence for _path, sentence in checks.content_faults(row.kind, content)])
    texts = {text.language: LessonTextSpec(text.title, text.minutes, contents[text.language]) for text in spoken}
    return LessonSpec(row.uid, "", row.kind, row.rule, tuple(row.facts), texts), brought


def _refuse(faults: list[str]) -> None:
    if faults:
        raise InvalidInput(_("Mend the lesson first: %(fault)s") % {"fault": faults[0]})


def _files(spec: LessonSpec, course: Course, brought: Mapping[str, str]) -> dict[str, CourseMedia]:
    """The files that the lesson uses, by name, with what is said of each."""
    held = CourseMedia.objects.filter(course=course).select_related("media")
    files = {row.name: row for row in held.filter(name__in=checks.media_in(spec))}
    known = MediaFile.objects.in_bulk(set(brought.values()), field_name="sha256")
    files |= {name: CourseMedia(name=name, media=known[sha]) for name, sha in brought.items() if name not in files}
    missing = sorted(checks.media_in(spec) - set(files))
    if missing:
        raise InvalidInput(_("The file “%(name)s” is not there. Upload it first.") % {"name": missing[0]})
    return files


def _kept(
    newer_of: LibraryItem | None,
    kind: str,
    organisation: Organisation,
    label: Label,
    frozen: dict[str, Any],
    actor: User,
) -> LibraryItem:
    values = {**_values(label), "lesson": frozen, "changed_at": clock.now()}
    if newer_of is None:
        return LibraryItem.objects.create(organisation=organisation, kind=kind, author=actor, **values)
    if newer_of.kind != kind or newer_of.lesson.get("kind") != frozen.get("kind"):
        raise Conflict(_("A newer version is of the same kind as the one before."))
    rows = LibraryItem.objects.offered().filter(pk=newer_of.pk, version=newer_of.version)
    if not rows.update(**values, version=newer_of.version + 1):
        raise Conflict(_("Somebody put a newer version in between, or withdrew it. Look at it first."))
    item = LibraryItem.objects.get(pk=newer_of.pk)
    transaction.on_commit(lambda: tell_of_newer(item, actor))
    return item


def _values(label: Label) -> dict[str, str]:
    """Raises ``InvalidInput`` by field for what cannot stand on an item."""
    faults = {}
    if is_blank(label.title):
        faults["title"] = _("Give it a title.")
    if not label.licence.strip():
        faults["licence"] = _("Say on which terms it may be used, as CC-BY-4.0.")
    if faults:
        raise InvalidInput(next(iter(faults.values())), fields=faults)
    return {
        "title": " ".join(label.title.split()),
        "description": label.description.strip(),
        "topic": label.topic,
        "licence": label.licence.strip(),
        "source": " ".join(label.source.split()),
    }


def _hold(item: LibraryItem, files: Mapping[str, MediaFile]) -> None:
    """The item needs these files and no others; courses that took an earlier version hold theirs themselves."""
    LibraryFile.objects.filter(item=item).delete()
    LibraryFile.objects.bulk_create(LibraryFile(item=item, media=media, name=name) for name, media in files.items())
    MediaFile.objects.filter(pk__in=[media.pk for media in files.values()]).update(unused_since=None)


def _used_here(item: LibraryItem, course: Course, actor: User, *, lesson_uid: str = "", name: str = "") -> None:
    """The course it came from uses it too, in this very version."""
    LibraryUse.objects.update_or_create(
        item=item,
        course=course,
        lesson_uid=lesson_uid,
        name=name,
        defaults={"item_version": item.version},
        create_defaults={"item_version": item.version, "taken_by": actor},
    )


def tell_of_newer(item: LibraryItem, actor: User) -> None:
    """A notice to the owners and editors of every course that holds an earlier version, while they see the shelf. Once
    for each version."""
    uses = LibraryUse.objects.filter(item=item, item_version__lt=item.version, course__archived_at=None)
    makers = CourseEditor.objects.filter(course__in=uses.values("course"), role__in=MAKERS).exclude(person=actor)
    makers = makers.filter(person__in=User.objects.active().of_organisation(item.organisation_id).values("pk"))
    codes: dict[int, list[str]] = {}
    slugs: dict[int, str] = {}
    for person, code, slug in makers.order_by("course__code").values_list("person", "course__code", "course__slug"):
        codes.setdefault(person, []).append(code)
        slugs.setdefault(person, slug)
    notify_many(
        [
            Draft(
                person_id=person,
                kind=NOTICE_KIND,
                key=f"library:{item.pk}:{item.version}",
                title=_("A newer version of “%(title)s” is on the shelf") % {"title": item.title},
                body=_("Compare it with what stands in %(courses)s, and take it if you like.")
                % {"courses": ", ".join(mine)},
                url=reverse("courses:author_taken", args=[slugs[person]]),
                action=_("Compare"),
            )
            for person, mine in codes.items()
        ]
    )


def relabel(*, item: LibraryItem, label: Label, seen: dt.datetime) -> LibraryItem:
    """Say otherwise what stands on the item. ``seen`` is its ``changed_at`` as the form knew it; courses keep theirs.

    Raises ``LabelChanged`` when somebody was faster, ``InvalidInput`` by field.
    """
    rows = LibraryItem.objects.filter(pk=item.pk, changed_at=seen)
    if not rows.update(**_values(label), changed_at=clock.now()):
        raise LabelChanged(LibraryItem.objects.get(pk=item.pk))
    return LibraryItem.objects.get(pk=item.pk)


def withdraw(*, item: LibraryItem) -> None:
    """Nobody takes it any more; courses that did keep what they have. Twice is harmless."""
    LibraryItem.objects.filter(pk=item.pk, withdrawn_at=None).update(withdrawn_at=clock.now(), changed_at=clock.now())


def bring_back(*, item: LibraryItem) -> None:
    """Offer it again. Twice is harmless."""
    LibraryItem.objects.filter(pk=item.pk).update(withdrawn_at=None, changed_at=clock.now())
