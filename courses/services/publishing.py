"""Publishing: a draft becomes an edition (D1, D2, D3a)."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import InvalidInput
from core.queue import after_commit
from courses.composing import Composition, Part, compose, render_lesson, render_outline
from courses.markup import RENDER_VERSION
from courses.models import (
    Course,
    Edition,
    EditionKind,
    EditionLesson,
    EditionLessonText,
    EditionMedia,
    EditionPart,
    EditionText,
    MediaFile,
)
from courses.registry import kinds
from courses.services import checking, drafts, editions

PREVIEW_LASTS = timedelta(days=1)


class NothingChanged(InvalidInput):
    """Learners read exactly this already."""


@transaction.atomic
def publish(
    *, course: Course, kind: str, note: str, actor: User | None, source_edition: Edition | None = None
) -> Edition:
    """Make the draft (or, again, ``source_edition``) the current edition of ``course``.

    Takes the lock of the course row, so numbers have no gaps and no twins. After commit the moving of learners and the
    search index are queued. Raises ``NothingChanged``, or ``InvalidInput`` when the draft has faults.
    """
    if kind not in (EditionKind.MINOR, EditionKind.REFRESH, EditionKind.REDO):
        raise InvalidInput(_("Choose what the new edition asks of learners."), fields={"kind": _("Choose one.")})
    course = Course.objects.select_for_update().get(pk=course.pk)
    composition = _composition(course, source_edition)
    current = course.current_edition
    if current and current.hash == composition.hash:
        raise NothingChanged(_("Nothing has changed since edition %(number)d.") % {"number": current.number})
    last = course.editions.aggregate(last=models.Max("number"))["last"] or 0
    now = clock.now()
    edition = Edition.objects.create(
        course=course,
        number=last + 1,
        kind=kind,
        note=note,
        hash=composition.hash,
        published_at=now,
        published_by=actor,
        moves_done_at=None if last and kind != EditionKind.REDO else now,
    )
    _fill(edition, composition, _revs(course, edition, composition))
    course.current_edition = edition
    course.save(update_fields=["current_edition"])
    after_commit("courses.index_course", course.pk)
    if edition.moves_done_at is None:
        after_commit("courses.move_enrolments", edition.pk)
    return edition


@transaction.atomic
def publish_preview(*, course: Course, actor: User) -> Edition:
    """An edition that only its token opens, as the draft stands now; an equal one that still lasts is given again."""
    course = Course.objects.select_for_update().get(pk=course.pk)
    composition = _composition(course, None)
    now = clock.now()
    standing = course.editions.filter(kind=EditionKind.PREVIEW, hash=composition.hash, expires_at__gt=now).first()
    if standing:
        Edition.objects.filter(pk=standing.pk).update(expires_at=now + PREVIEW_LASTS)
        return standing
    edition = Edition.objects.create(
        course=course,
        kind=EditionKind.PREVIEW,
        hash=composition.hash,
        published_at=now,
        published_by=actor,
        token=secrets.token_urlsafe(24),
        expires_at=now + PREVIEW_LASTS,
        moves_done_at=now,
    )
    _fill(edition, composition, {})
    return edition


def _composition(course: Course, source_edition: Edition | None) -> Composition:
    if source_edition is None:
        spec, media = drafts.load(course), drafts.media_of(course)
        checking.refuse_faults(spec, media)
    else:
        spec, media = editions.load(source_edition), editions.media_of(source_edition)
    return compose(spec, media=media)


def _revs(course: Course, edition: Edition, composition: Composition) -> dict[str, int]:
    """The edition that last demands each lesson: the new one for what its kind asks again, else as it was (D3a)."""
    known: dict[str, int] = dict(
        EditionLesson.objects.filter(edition__course=course, edition__number__isnull=False)
        .values_list("uid")
        .annotate(models.Max("rev"))
    )
    if edition.kind == EditionKind.REDO:
        return {}
    changed: set[str] = set()
    if edition.kind == EditionKind.REFRESH and course.current_edition_id:
        before = editions.part_hashes(course.current_edition_id)
        for lesson in composition.lessons:
            for language, part in lesson.parts.items():
                if before.get((lesson.spec.uid, language), part.hash) != part.hash:
                    changed.add(lesson.spec.uid)
            if lesson.spec.uid not in {uid for uid, _language in before}:
                changed.add(lesson.spec.uid)
    return {uid: rev for uid, rev in known.items() if uid not in changed}


def _fill(edition: Edition, composition: Composition, revs: Mapping[str, int]) -> None:
    """Write everything an edition holds, in a number of statements that does not depend on its size."""
    parts = _store_parts(composition)
    lessons = EditionLesson.objects.bulk_create(
        EditionLesson(
            edition=edition,
            uid=lesson.spec.uid,
            module=lesson.spec.module,
            position=position,
            kind=lesson.spec.kind,
            rule=lesson.spec.rule,
            rev=revs.get(lesson.spec.uid, edition.number or 1),
        )
        for position, lesson in enumerate(composition.lessons, start=1)
    )
    EditionLessonText.objects.bulk_create(
        EditionLessonText(
            edition_lesson=row,
            language=language,
            title=lesson.spec.texts[language].title,
            minutes=lesson.spec.texts[language].minutes,
            part_id=part.hash,
        )
        for row, lesson in zip(lessons, composition.lessons, strict=True)
        for language, part in lesson.parts.items()
    )
    first = next(iter(composition.outlines))
    EditionText.objects.bulk_create(
        EditionText(
            edition=edition,
            language=language,
            title=outline.source["title"],
            summary=outline.source["summary"],
            minutes=sum(
                (lesson.spec.texts.get(language) or lesson.spec.texts[first]).minutes for lesson in composition.lessons
            ),
            lesson_count=len(composition.lessons),
            part_id=outline.hash,
        )
        for language, outline in composition.outlines.items()
    )
    files = MediaFile.objects.in_bulk(set(composition.media.values()), field_name="sha256")
    EditionMedia.objects.bulk_create(
        EditionMedia(edition=edition, media=files[sha], name=name) for name, sha in sorted(composition.media.items())
    )
    for lesson in composition.lessons:
        for part in lesson.parts.values():
            kinds[lesson.spec.kind].published(parts[part.hash], part.source, edition.course)


def _store_parts(composition: Composition) -> dict[str, EditionPart]:
    """Store the parts that are not there yet; render only those."""
    lesson_parts: dict[str, Part] = {
        part.hash: part for lesson in composition.lessons for part in lesson.parts.values()
    }
    outlines = {part.hash: part for part in composition.outlines.values()}
    stored = EditionPart.objects.in_bulk([*lesson_parts, *outlines])
    sources = {key: part.source for key, part in lesson_parts.items()}
    rendered = {key: render_lesson(part.source) for key, part in lesson_parts.items() if key not in stored}
    rendered |= {key: render_outline(part.source, sources) for key, part in outlines.items() if key not in stored}
    new = [
        EditionPart(hash=key, source=(lesson_parts | outlines)[key].text, rendered=value, render_version=RENDER_VERSION)
        for key, value in rendered.items()
    ]
    EditionPart.objects.bulk_create(new, ignore_conflicts=True)
    return stored | {part.hash: part for part in new}
