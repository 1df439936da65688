"""Drafts: the rows that instructors edit, read and written as a whole, and saved piece by piece (D14)."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock, kept_pages
from courses import checks
from courses.models import (
    Course,
    CourseMedia,
    CourseText,
    Lesson,
    LessonRevision,
    LessonText,
    MediaFile,
    Module,
    ModuleText,
)
from courses.registry import ResolvingKind, kinds
from courses.selectors.all_media import files_at_rest
from courses.services.editing import revision_of
from courses.services.resting import Rested
from courses.spec import CourseSpec, CourseTextSpec, Credited, LessonSpec, LessonTextSpec, ModuleSpec


def load(course: Course) -> CourseSpec:
    """The draft of ``course`` as plain values, in six queries. Texts of languages that rest are left out."""
    spoken = set(course.languages)
    modules = list(course.modules.prefetch_related("texts"))
    lessons = list(course.lessons.select_related("module").prefetch_related("texts"))
    return CourseSpec(
        slug=course.slug,
        code=course.code,
        languages=tuple(course.languages),
        audience=course.audience,
        topic=course.topic,
        level=course.level,
        licence=course.licence,
        competencies=tuple(course.competencies),
        credits=tuple(course.credits),
        legal=course.legal,
        checked_on=course.checked_on.isoformat() if course.checked_on else None,
        certificate_valid_days=course.certificate_valid_days,
        texts={
            text.language: CourseTextSpec(
                title=text.title, summary=text.summary, for_whom=text.for_whom, objectives=tuple(text.objectives)
            )
            for text in course.texts.all()
            if text.language in spoken
        },
        modules=tuple(
            ModuleSpec(
                uid=module.uid,
                titles={text.language: text.title for text in module.texts.all() if text.language in spoken},
            )
            for module in modules
        ),
        lessons=tuple(
            LessonSpec(
                uid=lesson.uid,
                module=lesson.module.uid,
                kind=lesson.kind,
                rule=lesson.rule,
                facts=tuple(lesson.facts),
                texts={
                    text.language: LessonTextSpec(title=text.title, minutes=text.minutes, content=text.content)
                    for text in lesson.texts.all()
                    if text.language in spoken
                },
            )
            for lesson in lessons
        ),
    )


@dataclass(frozen=True)
class Complete:
    """A draft with everything looked up that stands elsewhere, and what could not be found."""

    spec: CourseSpec
    media: dict[str, str]
    faults: list[checks.CourseFault]


def complete(course: Course, *, reader: Callable[[CourseSpec], checks.Read] | None = None) -> Complete:
    """The draft of ``course`` as it would be published now, with all its faults.

    ``reader`` gives, for the draft, what reads its texts: whoever only shows faults may know them from before.
    """
    spec, (media, credited) = load(course), files_of(course)
    lessons, brought, found = _resolved(spec.lessons, course)
    media |= brought
    spec = replace(spec, lessons=lessons, credited=credited)
    read = reader(spec) if reader else checks.read_text
    faults = checks.faults(spec, set(media), read=read)
    return Complete(spec, media, [*found, *_silent(spec), *faults, *checks.unready(spec)])


def sound_part(draft: Complete) -> tuple[Complete, list[str]]:
    """``draft`` without the lessons that have faults, and their uids; only the course's own faults are left in it.

    What only keeps a lesson from being published (captions that nobody has read) does not leave it out.
    Lessons that opened after one that is left out open at once.
    """
    lacking = set(checks.unready(draft.spec))
    faults = [fault for fault in draft.faults if fault not in lacking]
    unsound = {fault.place.uid for fault in faults if fault.place.uid}
    lessons = tuple(
        replace(lesson, rule=_without(lesson.rule, unsound))
        for lesson in draft.spec.lessons
        if lesson.uid not in unsound
    )
    own = [fault for fault in faults if not fault.place.uid]
    if not lessons and not own:
        own = faults
    left_out = [lesson.uid for lesson in draft.spec.lessons if lesson.uid in unsound]
    return Complete(replace(draft.spec, lessons=lessons), draft.media, own), left_out


def _without(rule: dict[str, Any], uids: set[str]) -> dict[str, Any]:
    """``rule`` with no word about the lessons ``uids``; a list that is empty then goes too."""
    kept = {
        name: [each for each in value if each not in uids] if name in ("opens_after", "credits") else value
        for name, value in rule.items()
    }
    return {name: value for name, value in kept.items() if value or name not in ("opens_after", "credits")}


def _silent(spec: CourseSpec) -> list[checks.CourseFault]:
    """Languages in which the course does not say what it is about; a folder says so where it is read."""
    sentence = _("The course says nothing of itself in “%(language)s” yet; write a title and a summary in its details.")
    return [
        checks.CourseFault(checks.Place(path="texts"), sentence % {"language": language})
        for language in spec.languages
        if language not in spec.texts or not (spec.texts[language].title and spec.texts[language].summary)
    ]


def _resolved(
    lessons: Sequence[LessonSpec], course: Course
) -> tuple[tuple[LessonSpec, ...], dict[str, str], list[checks.CourseFault]]:
    """The lessons with what they name elsewhere, the files that this brings, and what could not be found."""
    waiting: dict[str, list[tuple[str, str, LessonTextSpec]]] = {}
    for lesson in lessons:
        if isinstance(kinds.get(lesson.kind), ResolvingKind):
            waiting.setdefault(lesson.kind, []).extend((lesson.uid, *pair) for pair in lesson.texts.items())
    texts: dict[tuple[str, str], LessonTextSpec] = {}
    media: dict[str, str] = {}
    faults: list[checks.CourseFault] = []
    for name, rows in waiting.items():
        kind = kinds[name]
        assert isinstance(kind, ResolvingKind)  # noqa: S101  (it was asked above)
        resolved = kind.resolve_all([(text.content, language) for _uid, language, text in rows], course=course)
        for (uid, language, text), found in zip(rows, resolved, strict=True):
            texts[uid, language] = replace(text, content=found.content)
            media |= found.media
            faults += [checks.CourseFault(checks.Place(uid, language, path), said) for path, said in found.faults]
    whole = tuple(
        replace(lesson, texts={key: texts.get((lesson.uid, key), text) for key, text in lesson.texts.items()})
        for lesson in lessons
    )
    return whole, media, faults


def media_of(course: Course) -> dict[str, str]:
    """sha256 of each file of the draft by name."""
    return dict(CourseMedia.objects.filter(course=course).values_list("name", "media__sha256"))


def files_of(course: Course) -> tuple[dict[str, str], Credited]:
    """sha256 of each file of the draft by name, and what is known of those of which something is. One statement."""
    rows = CourseMedia.objects.filter(course=course).order_by("name")
    media: dict[str, str] = {}
    credited: Credited = {}
    for name, sha, licence, source in rows.values_list("name", "media__sha256", "licence", "source"):
        media[name] = sha
        if licence or source:
            credited[name] = (licence, source)
    return media, credited


def credited_of(course: Course) -> Credited:
    """What is known of the files of the draft, where something is."""
    rows = CourseMedia.objects.filter(course=course).exclude(licence="", source="").order_by("name")
    return {name: (licence, source) for name, licence, source in rows.values_list("name", "licence", "source")}


def save_credits(course: Course, credited: Credited) -> None:
    """``credited`` is all that is known of the files of the draft."""
    rows = list(CourseMedia.objects.filter(course=course))
    for row in rows:
        row.licence, row.source = credited.get(row.name, ("", ""))
    CourseMedia.objects.bulk_update(rows, ["licence", "source"])


@transaction.atomic
def save(
    *,
    course: Course,
    spec: CourseSpec,
    media: Mapping[str, MediaFile],
    actor: User | None,
    published: bool = False,
) -> Rested:
    """Make the draft of ``course`` what ``spec`` says; rows that stay the same keep their version.

    No lesson, part or text of a lesson is deleted: what it leaves out rests with its history, and what began to is given.
    A lesson that its author has marked as not ready stays so, unless ``spec`` is what was ``published``: a folder says
    nothing of it.
    The caller holds the lock of the course row. The number of statements does not depend on the number of lessons.
    """
    languages = [each for each in course.languages if each not in spec.languages]
    _save_course(course, spec)
    modules = _save_modules(course, spec)
    rested = _save_lessons(course, spec, modules, actor, published=published)
    _save_media(course, media)
    return replace(rested, languages=languages)


def _save_course(course: Course, spec: CourseSpec) -> None:
    course.code = spec.code
    course.languages = list(spec.languages)
    course.audience = spec.audience
    course.topic = spec.topic
    course.level = spec.level
    course.licence = spec.licence
    course.competencies = list(spec.competencies)
    course.credits = list(spec.credits)
    course.legal = spec.legal
    course.checked_on = dt.date.fromisoformat(spec.checked_on) if spec.checked_on else None
    course.certificate_valid_days = spec.certificate_valid_days
    course.version += 1
    course.save()
    kept_pages.throw_away()
    course.texts.filter(language__in={*spec.languages, *spec.texts}).delete()
    CourseText.objects.bulk_create(
        CourseText(
            course=course,
            language=language,
            title=text.title,
            summary=text.summary,
            for_whom=text.for_whom,
            objectives=list(text.objectives),
        )
        for language, text in spec.texts.items()
    )


def _save_modules(course: Course, spec: CourseSpec) -> dict[str, Module]:
    known = {module.uid: module for module in Module.everything.filter(course=course)}
    wanted = {module.uid: position for position, module in enumerate(spec.modules, start=1)}
    rows = {
        uid: known.get(uid) or Module(course=course, uid=uid, position=position) for uid, position in wanted.items()
    }
    moved = [row for uid, row in rows.items() if row.pk and (row.position != wanted[uid] or row.archived_at)]
    for row in moved:
        row.position = wanted[row.uid]
        row.archived_at = None
        row.version += 1
    Module.everything.bulk_update(moved, ["position", "version", "archived_at"])
    Module.objects.bulk_create(row for row in rows.values() if not row.pk)
    # Parts in the archive keep their titles, and so do languages that rest: they may come back.
    spoken = {*spec.languages, *(language for module in spec.modules for language in module.titles)}
    ModuleText.objects.filter(module__in=rows.values(), language__in=spoken).delete()
    ModuleText.objects.bulk_create(
        ModuleText(module=rows[module.uid], language=language, title=title)
        for module in spec.modules
        for language, title in module.titles.items()
    )
    return rows


def _save_lessons(
    course: Course, spec: CourseSpec, modules: Mapping[str, Module], actor: User | None, *, published: bool
) -> Rested:
    known = {lesson.uid: lesson for lesson in Lesson.everything.filter(course=course)}
    rows: dict[str, Lesson] = {}
    for position, lesson in enumerate(spec.lessons, start=1):
        row = known.get(lesson.uid) or Lesson(course=course, uid=lesson.uid, version=0)
        values = {
            "module_id": modules[lesson.module].pk,
            "position": position,
            "kind": lesson.kind,
            "rule": lesson.rule,
            "facts": list(lesson.facts),
            "ready": published or row.ready,
            "archived_at": None,
        }
        _set(row, values)
        rows[lesson.uid] = row
    _write(Lesson, rows.values(), ["module", "position", "kind", "rule", "facts", "ready", "archived_at", "version"])
    # What the folder leaves out is archived, not lost: its author may bring it back.
    now = clock.now()
    archived = course.lessons.exclude(uid__in=rows).update(archived_at=now, archived_by=actor)
    course.modules.exclude(uid__in=modules).update(archived_at=now)
    return replace(_save_lesson_texts(course, spec, rows, actor), lessons=archived)


def _save_lesson_texts(course: Course, spec: CourseSpec, lessons: Mapping[str, Lesson], actor: User | None) -> Rested:
    """Texts of the lessons of ``spec``; what one said before is kept as a version, as a save in the browser keeps it.

    What ``spec`` leaves out of a lesson rests with its history, as do lessons in the archive and languages that the
    course speaks no more: they may come back. Gives those that began to, and where others' words were replaced.
    """
    # Saving in the browser takes no lock of the course: held, a row is what it was read as until it is written anew.
    texts = LessonText.everything.select_for_update(of=("self",)).filter(lesson__course=course, lesson__uid__in=lessons)
    known = {(text.lesson_id, text.language): text for text in texts}
    rows: list[LessonText] = []
    versions: list[LessonRevision] = []
    others: dict[str, None] = {}
    for lesson in spec.lessons:
        for language, text in lesson.texts.items():
            row = known.pop((lessons[lesson.uid].pk, language), None)
            row = row or LessonText(lesson=lessons[lesson.uid], language=language, version=0)
            before = revision_of(row) if row.pk else None
            if before and row.archived_at is None and _is_anothers(before, text, actor):
                others[text.title] = None
            values = {"title": text.title, "minutes": text.minutes, "content": text.content, "archived_at": None}
            if _set(row, values):
                row.changed_at = clock.now()
                row.changed_by = actor
                versions += [before, revision_of(row)] if before else []
            rows.append(row)
    gone = [row for (_lesson, spoken), row in known.items() if spoken in spec.languages and row.archived_at is None]
    _write(LessonText, rows, ["title", "minutes", "content", "version", "changed_at", "changed_by", "archived_at"])
    LessonText.objects.filter(pk__in=[row.pk for row in gone]).update(archived_at=clock.now())
    LessonRevision.objects.bulk_create(versions, ignore_conflicts=True)
    return Rested(texts=[(row.title, row.language) for row in gone], replaced=list(others))


def _is_anothers(before: LessonRevision, text: LessonTextSpec, actor: User | None) -> bool:
    """Did somebody else than ``actor`` write what ``text`` takes the place of?"""
    changed = (before.title, before.minutes, before.content) != (text.title, text.minutes, text.content)
    return changed and before.saved_by_id is not None and before.saved_by_id != (actor and actor.pk)


def _set(row: Any, values: Mapping[str, Any]) -> bool:
    """Give ``row`` its values; a row that differs gets the next version."""
    changed = row.pk is None or any(getattr(row, name) != value for name, value in values.items())
    if changed:
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.is_changed = True
    return changed


def _write(model: type[models.Model], rows: Iterable[Any], fields: list[str]) -> None:
    changed = [row for row in rows if getattr(row, "is_changed", False)]
    model._base_manager.bulk_update([row for row in changed if row.pk], fields)
    model._base_manager.bulk_create([row for row in changed if not row.pk])


def media_of_archive(course: Course) -> set[str]:
    """Names of the files that only what rests uses, lessons, texts or whole languages: they come back with it."""
    return files_at_rest(course)


def _save_media(course: Course, media: Mapping[str, MediaFile]) -> None:
    """The files of the draft, and those that lessons in the archive need; what is known of one stays with its name."""
    known = {row.name: row for row in CourseMedia.objects.filter(course=course)}
    kept = {*media, *media_of_archive(course)}
    CourseMedia.objects.filter(pk__in=[row.pk for name, row in known.items() if name not in kept]).delete()
    replaced = [row for name, row in known.items() if name in media and row.media_id != media[name].pk]
    for row in replaced:
        row.media = media[row.name]
    CourseMedia.objects.bulk_update(replaced, ["media"])
    CourseMedia.objects.bulk_create(
        CourseMedia(course=course, media=file, name=name) for name, file in media.items() if name not in known
    )
