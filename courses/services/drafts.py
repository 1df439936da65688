"""Drafts: the rows that instructors edit, read and written as a whole, and saved piece by piece (D14)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction

from accounts.models import User
from core import clock
from courses.models import Course, CourseMedia, CourseText, Lesson, LessonText, MediaFile, Module, ModuleText
from courses.spec import CourseSpec, CourseTextSpec, LessonSpec, LessonTextSpec, ModuleSpec


def load(course: Course) -> CourseSpec:
    """The draft of ``course`` as plain values, in six queries."""
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
        },
        modules=tuple(
            ModuleSpec(uid=module.uid, titles={text.language: text.title for text in module.texts.all()})
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
                },
            )
            for lesson in lessons
        ),
    )


def media_of(course: Course) -> dict[str, str]:
    """sha256 of each file of the draft by name."""
    return dict(CourseMedia.objects.filter(course=course).values_list("name", "media__sha256"))


@transaction.atomic
def save(*, course: Course, spec: CourseSpec, media: Mapping[str, MediaFile], actor: User | None) -> None:
    """Make the draft of ``course`` what ``spec`` says; rows that stay the same keep their version.

    The caller holds the lock of the course row. The number of statements does not depend on the number of lessons.
    """
    _save_course(course, spec)
    modules = _save_modules(course, spec)
    _save_lessons(course, spec, modules, actor)
    _save_media(course, media)


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
    course.texts.all().delete()
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
    known = {module.uid: module for module in course.modules.all()}
    wanted = {module.uid: position for position, module in enumerate(spec.modules, start=1)}
    rows = {
        uid: known.get(uid) or Module(course=course, uid=uid, position=position) for uid, position in wanted.items()
    }
    moved = [row for uid, row in rows.items() if row.pk and row.position != wanted[uid]]
    for row in moved:
        row.position = wanted[row.uid]
        row.version += 1
    Module.objects.bulk_update(moved, ["position", "version"])
    Module.objects.bulk_create(row for row in rows.values() if not row.pk)
    ModuleText.objects.filter(module__course=course).delete()
    ModuleText.objects.bulk_create(
        ModuleText(module=rows[module.uid], language=language, title=title)
        for module in spec.modules
        for language, title in module.titles.items()
    )
    return rows


def _save_lessons(course: Course, spec: CourseSpec, modules: Mapping[str, Module], actor: User | None) -> None:
    known = {lesson.uid: lesson for lesson in course.lessons.all()}
    rows: dict[str, Lesson] = {}
    for position, lesson in enumerate(spec.lessons, start=1):
        row = known.get(lesson.uid) or Lesson(course=course, uid=lesson.uid, version=0)
        values = {
            "module_id": modules[lesson.module].pk,
            "position": position,
            "kind": lesson.kind,
            "rule": lesson.rule,
            "facts": list(lesson.facts),
        }
        _set(row, values)
        rows[lesson.uid] = row
    _write(Lesson, rows.values(), ["module", "position", "kind", "rule", "facts", "version"])
    course.lessons.exclude(uid__in=rows).delete()
    # Modules that no lesson needs any more go last: their lessons have moved by now.
    course.modules.exclude(uid__in=modules).delete()
    _save_lesson_texts(course, spec, rows, actor)


def _save_lesson_texts(course: Course, spec: CourseSpec, lessons: Mapping[str, Lesson], actor: User | None) -> None:
    known = {(text.lesson_id, text.language): text for text in LessonText.objects.filter(lesson__course=course)}
    rows: list[LessonText] = []
    for lesson in spec.lessons:
        for language, text in lesson.texts.items():
            row = known.pop((lessons[lesson.uid].pk, language), None)
            row = row or LessonText(lesson=lessons[lesson.uid], language=language, version=0)
            if _set(row, {"title": text.title, "minutes": text.minutes, "content": text.content}):
                row.changed_at = clock.now()
                row.changed_by = actor
            rows.append(row)
    _write(LessonText, rows, ["title", "minutes", "content", "version", "changed_at", "changed_by"])
    LessonText.objects.filter(pk__in=[row.pk for row in known.values()]).delete()


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
    model._default_manager.bulk_update([row for row in changed if row.pk], fields)
    model._default_manager.bulk_create([row for row in changed if not row.pk])


def _save_media(course: Course, media: Mapping[str, MediaFile]) -> None:
    CourseMedia.objects.filter(course=course).delete()
    CourseMedia.objects.bulk_create(CourseMedia(course=course, media=file, name=name) for name, file in media.items())
