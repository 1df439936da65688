"""Parts in the outline of a draft: add, rename, move, archive, bring back. Locks and errors as for lessons."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict
from courses.models import Course, Lesson, Module, ModuleText
from courses.services.outline_places import NotThere, Shelf, free_uid, locked, tidy_title, titles_of_part


class PartChanged(Conflict):
    """Somebody else renamed the part in between; ``title`` is what it is called now, ``version`` its version."""

    def __init__(self, title: str, version: int) -> None:
        super().__init__(_("Somebody else renamed this part. It is called “%(title)s” now.") % {"title": title})
        self.title = title
        self.version = version


@dataclass(frozen=True)
class PlacedPart:
    """Where a part stands now (from 1), what it is called, and where it stood (``was_index`` from 0)."""

    part: Module
    title: str
    number: int
    total: int
    was_index: int = 0
    was_title: str = ""
    moved: bool = True


def placed_part(shelf: Shelf, part: Module, *, was_index: int | None = None, was_title: str = "") -> PlacedPart:
    """Where ``part`` stands on the ``shelf``."""
    index = shelf.parts.index(part)
    return PlacedPart(
        part=part,
        title=titles_of_part(part, shelf.course.languages),
        number=index + 1,
        total=len(shelf.parts),
        was_index=index if was_index is None else was_index,
        was_title=was_title,
        moved=was_index is None or was_index != index,
    )


def part_uids(course: Course) -> set[str]:
    """Every uid that a part of the course has or had."""
    return set(Module.everything.filter(course=course).values_list("uid", flat=True))


@transaction.atomic
def add_part(*, course: Course, title: str) -> PlacedPart:
    """An empty part at the end, named in the course's first language."""
    title = tidy_title(title)
    course = locked(course)
    shelf = Shelf.of(course)
    part = Module.objects.create(
        course=course, uid=free_uid(title, part_uids(course), fallback="part"), position=len(shelf.parts) + 1
    )
    ModuleText.objects.create(module=part, language=course.first_language, title=title)
    shelf.put_part(part, len(shelf.parts))
    shelf.write()
    return placed_part(shelf, part)


@transaction.atomic
def rename_part(*, course: Course, uid: str, title: str, version: int) -> PlacedPart:
    """Another title in the course's first language. Raises ``PartChanged`` when its version is not ``version``."""
    title = tidy_title(title)
    course = locked(course)
    shelf = Shelf.of(course)
    part = shelf.part(uid)
    was = titles_of_part(part, course.languages)
    if part.version != version:
        raise PartChanged(was, part.version)
    if was != title:
        ModuleText.objects.update_or_create(module=part, language=course.first_language, defaults={"title": title})
        part.version += 1
        part.save(update_fields=["version"])
    return placed_part(shelf, part, was_title=was)


@transaction.atomic
def place_part(*, course: Course, uid: str, index: int) -> PlacedPart:
    """Put a part with its lessons at ``index``, from 0; beyond the ends is at the end."""
    shelf = Shelf.of(locked(course))
    part = shelf.part(uid)
    was = shelf.parts.index(part)
    shelf.put_part(part, index)
    shelf.write()
    return placed_part(shelf, part, was_index=was)


@transaction.atomic
def step_part(*, course: Course, uid: str, by: int) -> PlacedPart:
    """One place up (-1) or down (1); at the end it stays and ``moved`` is False."""
    shelf = Shelf.of(locked(course))
    part = shelf.part(uid)
    was = shelf.parts.index(part)
    shelf.put_part(part, max(was + by, 0))
    shelf.write()
    return placed_part(shelf, part, was_index=was)


@transaction.atomic
def archive_part(*, course: Course, uid: str, actor: User) -> PlacedPart:
    """Take a part and its lessons out of the draft; ``restore_part`` brings back just these."""
    course = locked(course)
    shelf = Shelf.of(course)
    part = shelf.part(uid)
    placed = placed_part(shelf, part)
    now = clock.now()
    Lesson.objects.filter(module=part).update(archived_at=now, archived_by=actor)
    part.archived_at = now
    part.save(update_fields=["archived_at"])
    shelf.parts.remove(part)
    shelf.write()
    return placed


@transaction.atomic
def restore_part(*, course: Course, uid: str) -> PlacedPart:
    """Bring back an archived part where it stood, with the lessons that went with it. A second call changes nothing."""
    course = locked(course)
    part = Module.everything.filter(course=course, uid=uid).first()
    if part is None:
        raise NotThere(_("There is no such part in the archive."))
    shelf = Shelf.of(course)
    if part.archived_at is None:
        return placed_part(shelf, shelf.part(uid))
    went = Lesson.everything.filter(module=part, archived_at=part.archived_at)
    together = list(went.order_by("position", "pk"))
    went.update(archived_at=None, archived_by=None)
    bring_back(shelf, part)
    shelf.lessons[part.pk] = together
    shelf.write()
    return placed_part(shelf, part)


def bring_back(shelf: Shelf, part: Module) -> None:
    """Put the archived ``part``, without any lesson, back onto the ``shelf``; the caller writes that."""
    part.archived_at = None
    part.save(update_fields=["archived_at"])
    index = next((at for at, each in enumerate(shelf.parts) if each.position >= part.position), len(shelf.parts))
    shelf.put_part(part, index)
