"""What was read from a document becomes lessons of the draft, and goes into the archive again when that is undone."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, InvalidInput
from courses import bodies, markup
from courses.models import Course, Lesson, LessonText, MediaFile, MediaJob, Module
from courses.services.adding_files import add_files
from courses.services.editing import BODY_MAX
from courses.services.outline_places import Shelf, free_uid, lesson_uids, locked, tidy_title
from courses.services.outlining import MINUTES_MOST


@transaction.atomic
def take(*, job: MediaJob, numbers: Collection[int], part: str, as_one: bool, actor: User) -> list[str]:
    """Add the chosen lessons (counted from 0) to the part ``part``; gives their uids. Pictures come along.

    Raises ``InvalidInput`` when none is chosen or one is too long, ``Conflict`` when they were taken already or a picture
    is gone.
    """
    course = locked(job.course)
    held = MediaJob.objects.get(pk=job.pk)
    if held.made.get("taken"):
        raise Conflict(_("These lessons were taken already."))
    chosen = [lesson for number, lesson in enumerate(held.made.get("lessons", [])) if number in numbers]
    if not chosen:
        raise InvalidInput(_("Choose at least one lesson."))
    if as_one:
        chosen = [joined(chosen)]
    shelf = Shelf.of(course)
    module = shelf.part(part)
    names = _files(course, held.made.get("files", {}), chosen)
    taken = _shelved(shelf, module, chosen, names=names, actor=actor)
    MediaJob.objects.filter(pk=held.pk).update(made={**held.made, "taken": taken})
    return taken


def _shelved(
    shelf: Shelf, module: Module, chosen: Sequence[dict[str, Any]], *, names: Mapping[str, str], actor: User
) -> list[str]:
    """The lessons at the end of their part, in a few statements however many there are; gives their uids."""
    course, taken, rows = shelf.course, lesson_uids(shelf.course), []
    for read in chosen:
        uid = free_uid(read["title"], taken, fallback="lesson")
        taken.add(uid)
        rows.append(Lesson(course=course, module=module, uid=uid, position=0, kind="text", ready=False))
    Lesson.objects.bulk_create(rows)
    texts = []
    for lesson, read in zip(rows, chosen, strict=True):
        content = {"body": _fitting(_renamed(read["body"], names), read["title"]), "source_format": read["form"]}
        minutes = min(read["minutes"], MINUTES_MOST)
        about = {"language": course.first_language, "title": tidy_title(read["title"]), "minutes": minutes}
        texts.append(LessonText(lesson=lesson, content=content, changed_by=actor, **about))
        shelf.put(lesson, module, len(shelf.lessons[module.pk]))
    LessonText.objects.bulk_create(texts)
    shelf.write()
    return [lesson.uid for lesson in rows]


def _fitting(body: str, title: str) -> str:
    """``body`` as a row keeps it. Raises ``InvalidInput`` for more than anybody could save again in the browser."""
    body = markup.normalise(body)
    if len(body) > BODY_MAX:
        sentence = _(
            "“%(title)s” has more than %(limit)d characters. Give it headings, and it becomes several lessons."
        )
        raise InvalidInput(sentence % {"title": title, "limit": BODY_MAX})
    return body


@transaction.atomic
def take_back(*, job: MediaJob, actor: User) -> int:
    """Archive the lessons that were taken; gives how many. Nothing is lost: the archive brings each back."""
    course = locked(job.course)
    held = MediaJob.objects.get(pk=job.pk)
    shelf = Shelf.of(course)
    wanted = set(held.made.get("taken", []))
    gone = [lesson for row in shelf.lessons.values() for lesson in row if lesson.uid in wanted]
    for lesson in gone:
        shelf.lessons[lesson.module_id].remove(lesson)
    Lesson.objects.filter(pk__in=[lesson.pk for lesson in gone]).update(archived_at=clock.now(), archived_by=actor)
    shelf.write()
    MediaJob.objects.filter(pk=held.pk).update(made={**held.made, "taken": []})
    return len(gone)


def joined(lessons: list[dict[str, Any]]) -> dict[str, Any]:
    """One lesson out of several: each title becomes a heading, and what stood under it goes one level down."""
    form = lessons[0]["form"]
    pieces = []
    for place, lesson in enumerate(lessons):
        body = _lowered(lesson["body"], form) if len(lessons) > 1 else lesson["body"]
        title = lesson["title"] if place else ""
        if title:
            heading = f"<h2>{_escaped(title)}</h2>\n" if form == bodies.HTML else f"## {title}\n\n"
            body = f"{heading}{body}"
        pieces.append(body.strip("\n"))
    minutes = sum(lesson["minutes"] for lesson in lessons)
    separator = "\n" if form == bodies.HTML else "\n\n"
    return {**lessons[0], "body": separator.join(pieces) + "\n", "minutes": minutes}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _lowered(body: str, form: str) -> str:
    if form == bodies.HTML:
        return re.sub(r"<(/?)h([23])>", lambda match: f"<{match[1]}h{int(match[2]) + 1}>", body)
    lines = body.split("\n")
    for level, line in bodies.headings(body, form):
        if level < 4 and lines[line].lstrip().startswith("#"):
            lines[line] = f"#{lines[line].lstrip()}"
    return "\n".join(lines)


def _files(course: Course, files: dict[str, str], lessons: list[dict[str, Any]]) -> dict[str, str]:
    """The pictures that the lessons show, among the draft's files; new name by old."""
    wanted = {name for lesson in lessons for name in bodies.used_media(lesson["body"], lesson["form"])} & set(files)
    rows = MediaFile.objects.in_bulk({files[name] for name in wanted}, field_name="sha256")
    if len(rows) < len({files[name] for name in wanted}):
        raise Conflict(_("A picture of this document is gone. Upload the document again."))
    return add_files(course=course, files={name: rows[files[name]] for name in sorted(wanted)})


def _renamed(body: str, names: Mapping[str, str]) -> str:
    changed = {old: new for old, new in names.items() if old != new}
    pattern = re.compile("|".join(rf"(?<=media/){re.escape(old)}(?![\w.-])" for old in changed)) if changed else None
    return pattern.sub(lambda match: changed[match[0]], body) if pattern else body
