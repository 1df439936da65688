"""Courses take lessons and files from their organisation's shelf, and later a newer version of what they took.

What is taken is a copy: it is the course's own, may be changed, and stays when the item is withdrawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, InvalidInput
from courses import diffing
from courses.models import Course, CourseMedia, Lesson, LessonText, LibraryFile, LibraryItem, LibraryUse, MediaFile
from courses.registry import Content
from courses.selectors.writing import readable
from courses.services.carrying import free_name, rewritten
from courses.services.editing import SomebodyWasFaster, store
from courses.services.outline_places import NotThere, Placed, Shelf, free_uid, lesson_uids, locked, placed
from courses.services.question_names import names_in, other_names, with_names

CREDIT_MAX = 300


@dataclass(frozen=True)
class Taken:
    """The lesson where it is now; its files and questions under the names they have there, where those are others.

    ``left_out`` are languages that the course does not speak; ``credit`` is the line that the course's credits got.
    """

    placed: Placed
    files: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    credit: str = ""


@dataclass(frozen=True)
class _Fitted:
    """A lesson of the shelf in the words of one course: nothing in it clashes with what the course has."""

    texts: dict[str, dict[str, Any]]
    names: dict[str, str]
    files: dict[str, LibraryFile]
    questions: dict[str, str]


@transaction.atomic
def take_lesson(*, item: LibraryItem, course: Course, part: str, actor: User) -> Taken:
    """A lesson of the shelf, as a draft at the end of a part. Its uid stays if it is free.

    Files come under their own name if it is free or holds the same bytes; questions whose name another question has get
    a free one. A source that is to be credited is added to the course's credits. Raises ``Conflict`` for what is
    withdrawn, ``InvalidInput`` when the course speaks none of its languages.
    """
    _offered(item, LibraryItem.Kind.LESSON)
    course = locked(course)
    shelf = Shelf.of(course)
    module = shelf.part(part)
    kept = item.lesson
    languages = [each for each in kept["texts"] if each in course.languages]
    if not languages:
        words = {"languages": ", ".join(kept["texts"])}
        raise InvalidInput(_("It is there in %(languages)s only, and the course is not.") % words)
    row = Lesson(
        course=course,
        module=module,
        uid=free_uid(kept["uid"], lesson_uids(course), fallback="lesson"),
        position=0,
        kind=kept["kind"],
        rule=kept["rule"],
        facts=kept["facts"],
        ready=False,
    )
    row.save()
    fitted = _fitted(item, course, row.uid)
    LessonText.objects.bulk_create(
        LessonText(lesson=row, language=each, changed_by=actor, **fitted.texts[each]) for each in languages
    )
    _take_files(item, course, fitted)
    shelf.put(row, module, len(shelf.lessons[module.pk]))
    shelf.write()
    _note(item, course, actor, lesson_uid=row.uid)
    return Taken(
        placed=placed(shelf, row),
        files={name: new for name, new in fitted.names.items() if name != new},
        questions=fitted.questions,
        left_out=tuple(each for each in kept["texts"] if each not in languages),
        credit=_credit(item, course),
    )


@transaction.atomic
def take_file(*, item: LibraryItem, course: Course, actor: User) -> CourseMedia:
    """A file of the shelf, under its own name if that is free or holds the same bytes. Raises ``Conflict``."""
    _offered(item, LibraryItem.Kind.MEDIA)
    course = locked(course)
    file = item.files.select_related("media").get()
    held = dict(CourseMedia.objects.filter(course=course).values_list("name", "media"))
    name = _name_for(file.name, file.media_id, held)
    row, _new = CourseMedia.objects.get_or_create(
        course=course, name=name, defaults={"media": file.media, "licence": item.licence, "source": item.source}
    )
    MediaFile.objects.filter(pk=file.media_id).update(unused_since=None)
    _note(item, course, actor, name=name)
    return row


def _offered(item: LibraryItem, kind: str) -> None:
    if item.withdrawn_at is not None or item.kind != kind:
        raise Conflict(_("“%(title)s” was withdrawn from the shelf.") % {"title": item.title})


def _name_for(name: str, media: int, held: Mapping[str, int]) -> str:
    if held.get(name) == media:
        return name
    same = next((each for each, pk in sorted(held.items()) if pk == media), "")
    return same or free_name(name, held)


def _fitted(item: LibraryItem, course: Course, uid: str) -> _Fitted:
    """The item in ``course`` as its lesson ``uid``. Three queries, nothing is written."""
    kept = item.lesson
    files = {file.name: file for file in item.files.select_related("media")}
    held = dict(CourseMedia.objects.filter(course=course).values_list("name", "media"))
    names: dict[str, str] = {}
    for name, file in sorted(files.items()):
        names[name] = _name_for(name, file.media_id, held)
        held[names[name]] = file.media_id
    contents: list[Content] = [text["content"] for text in kept["texts"].values()]
    questions = other_names(kept["kind"], contents, names_in(course, without=uid))
    texts = {
        language: {
            "title": text["title"],
            "minutes": text["minutes"],
            "content": with_names(kept["kind"], rewritten(text["content"], names, {kept["uid"]: uid}), questions),
        }
        for language, text in kept["texts"].items()
    }
    return _Fitted(texts, names, files, questions)


def _take_files(item: LibraryItem, course: Course, fitted: _Fitted) -> None:
    """What the lesson needs, with each file's own licence and source, else the item's."""
    held = set(CourseMedia.objects.filter(course=course).values_list("name", flat=True))
    said = item.lesson.get("files", {})
    CourseMedia.objects.bulk_create(
        CourseMedia(
            course=course,
            media=file.media,
            name=fitted.names[name],
            licence=said.get(name, {}).get("licence") or item.licence,
            source=said.get(name, {}).get("source") or item.source,
        )
        for name, file in fitted.files.items()
        if fitted.names[name] not in held
    )
    MediaFile.objects.filter(pk__in=[file.media_id for file in fitted.files.values()]).update(unused_since=None)


def _credit(item: LibraryItem, course: Course) -> str:
    """The line that learners read among the course's credits; none when nobody is to be named or it stands there."""
    if not item.source:
        return ""
    line = f"{item.source}, “{item.title}” ({item.licence})"
    line = line if len(line) <= CREDIT_MAX else f"{line[: CREDIT_MAX - 1]}…"
    if line in course.credits:
        return ""
    Course.objects.filter(pk=course.pk).update(credits=[*course.credits, line], version=F("version") + 1)
    return line


def _note(item: LibraryItem, course: Course, actor: User, *, lesson_uid: str = "", name: str = "") -> None:
    LibraryUse.objects.update_or_create(
        item=item,
        course=course,
        lesson_uid=lesson_uid,
        name=name,
        defaults={"item_version": item.version},
        create_defaults={"item_version": item.version, "taken_by": actor},
    )


@dataclass(frozen=True)
class Difference:
    """What taking the newer version would change in one language; ``old`` is empty for a language that is new."""

    language: str
    old: str
    new: str
    pieces: list[diffing.Piece]


@dataclass(frozen=True)
class Newer:
    """The item's version beside the course's own. ``seen`` says what the course has, for ``take_newer``."""

    differences: list[Difference]
    files: tuple[str, ...]
    seen: str


def compare_newer(use: LibraryUse) -> Newer:
    """What the course's lesson (or file) says, beside the version of the shelf. Raises ``NotThere`` when it is gone."""
    item, course = use.item, use.course
    if item.kind == LibraryItem.Kind.MEDIA:
        row, file = _row_of(use), item.files.select_related("media").get()
        return Newer([], (file.name,) if row.media_id != file.media_id else (), str(row.media_id))
    texts = _texts_of(use)
    fitted = _fitted(item, course, use.lesson_uid)
    found = []
    for language, wanted in fitted.texts.items():
        if language not in course.languages:
            continue
        old = texts.get(language)
        before = _said(old.title, old.content) if old else ""
        after = _said(wanted["title"], wanted["content"])
        if before != after:
            pieces = diffing.word_diff(before, after)
            found.append(Difference(language, old.title if old else "", wanted["title"], pieces))
    held = set(CourseMedia.objects.filter(course=course).values_list("name", flat=True))
    return Newer(found, tuple(name for name in fitted.names.values() if name not in held), _seen(texts))


def _said(title: str, content: Content) -> str:
    """A lesson as it is read: its title, its body, and every other text of it on a line of its own."""
    body = readable(LessonText(content=content))
    others = [text for key, value in content.items() if key not in ("body", "source_format") for text in _words(value)]
    return "\n".join([title, body, *others])


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _words(each)]
    if isinstance(value, list):
        return [text for each in value for text in _words(each)]
    return [str(value)]


def _texts_of(use: LibraryUse) -> dict[str, LessonText]:
    texts = LessonText.objects.filter(
        lesson__course=use.course_id, lesson__uid=use.lesson_uid, lesson__archived_at=None
    ).select_related("lesson", "changed_by")
    found = {text.language: text for text in texts}
    if not found:
        raise NotThere(_("This lesson is not in the outline any more."))
    return found


def _row_of(use: LibraryUse) -> CourseMedia:
    row = CourseMedia.objects.filter(course=use.course_id, name=use.name).first()
    if row is None:
        raise NotThere(_("This file is not in the course any more."))
    return row


def _seen(texts: Mapping[str, LessonText]) -> str:
    return " ".join(f"{language}:{text.version}" for language, text in sorted(texts.items()))


@transaction.atomic
def take_newer(*, use: LibraryUse, seen: str, version: int, actor: User) -> None:
    """Put the shelf's version in place of the course's own; what a lesson said stays in its history.

    ``seen`` is ``Newer.seen`` and ``version`` the item's version as they were compared; ``Conflict`` when either is
    another now. The lesson keeps its address, its place and its rule.
    """
    item = LibraryItem.objects.get(pk=use.item_id)
    _offered(item, item.kind)
    course = locked(use.course)
    if item.version != version:
        raise Conflict(_("There is an even newer version on the shelf. Compare that one."))
    if item.kind == LibraryItem.Kind.MEDIA:
        _newer_file(item, use, seen)
    else:
        _newer_lesson(item, course, use, seen, actor)
        _credit(item, course)
    LibraryUse.objects.filter(pk=use.pk).update(item_version=item.version)


def _newer_file(item: LibraryItem, use: LibraryUse, seen: str) -> None:
    row, file = _row_of(use), item.files.get()
    wanted = {"media": file.media_id, "licence": item.licence, "source": item.source}
    if not CourseMedia.objects.filter(pk=row.pk, media=int(seen) if seen.isdecimal() and len(seen) < 19 else 0).update(
        **wanted
    ):
        raise Conflict(_("The file was replaced in between. Compare it again."))
    MediaFile.objects.filter(pk=file.media_id).update(unused_since=None)


def _newer_lesson(item: LibraryItem, course: Course, use: LibraryUse, seen: str, actor: User) -> None:
    texts = _texts_of(use)
    if _seen(texts) != seen:
        raise Conflict(_("The lesson was changed in between. Compare it again."))
    fitted = _fitted(item, course, use.lesson_uid)
    _take_files(item, course, fitted)
    lesson = next(iter(texts.values())).lesson
    for language, wanted in fitted.texts.items():
        if language in texts:
            try:
                store(current=texts[language], actor=actor, **wanted)
            except SomebodyWasFaster as problem:
                raise Conflict(_("The lesson was changed in between. Compare it again.")) from problem
        elif language in course.languages:
            _newer_text(lesson, language, wanted, actor)


def _newer_text(lesson: Lesson, language: str, wanted: Mapping[str, Any], actor: User) -> None:
    """A text in a further language; one that rests comes back, and what it said stays in its history."""
    resting = LessonText.everything.filter(lesson=lesson, language=language).first()
    if resting is None:
        LessonText.objects.create(lesson=lesson, language=language, changed_by=actor, **wanted)
        return
    LessonText.everything.filter(pk=resting.pk).update(archived_at=None)
    store(current=resting, actor=actor, **wanted)
