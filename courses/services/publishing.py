"""Publishing: a draft becomes an edition (D1, D2, D3a)."""

import datetime as dt
import secrets
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock, kept_pages
from core.errors import Conflict, InvalidInput
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
from courses.selectors import authoring
from courses.services import approving, checking, demanding, drafts, editions, upkeep

PREVIEW_LASTS = dt.timedelta(days=1)


class NothingChanged(InvalidInput):
    """Learners read exactly this already."""


class DraftMoved(Conflict):
    """Somebody wrote on while the author looked at what would be published."""

    def __init__(self) -> None:
        super().__init__(_("The draft has changed since you looked at it. See what changes now, then publish."))


@transaction.atomic
def publish(
    *, course: Course, kind: str, note: str, actor: User | None, source_edition: Edition | None = None, seen: str = ""
) -> Edition:
    """Make the draft (or, again, ``source_edition``) the current edition of ``course``.

    Takes the lock of the course row, so numbers have no gaps and no twins. After commit the moving of learners and the
    search index are queued. ``seen`` is the hash of what the author has looked at, if they have. Raises
    ``NothingChanged``, ``DraftMoved`` when the draft is not what was seen, or ``InvalidInput`` when it has faults.
    """
    refuse_kind(kind)
    course = Course.objects.select_for_update().get(pk=course.pk)
    if source_edition is None:
        refuse_unready(course)
    composition = composition_of(course, source_edition)
    refuse_unseen(composition, seen)
    current = course.current_edition
    if current and current.hash == composition.hash:
        raise NothingChanged(_("Nothing has changed since edition %(number)d.") % {"number": current.number})
    refuse_unapproved(course, composition.hash, actor)
    number = demanding.next_number(course)
    demands = demanding.demands_of(course, composition, kinds=(kind,))[kind]
    now = clock.now()
    edition = Edition.objects.create(
        course=course,
        number=number,
        kind=kind,
        note=note,
        hash=composition.hash,
        languages=list(composition.outlines),
        published_at=now,
        published_by=actor,
        moves_done_at=None if number > 1 and kind != EditionKind.REDO else now,
    )
    _fill(edition, composition, {demand.uid: demand.rev for demand in demands})
    course.current_edition = edition
    course.save(update_fields=["current_edition"])
    upkeep.schedule_after_publishing(course=course)
    approving.close_what_went_out(course=course, edition=edition)
    kept_pages.throw_away()
    after_commit("courses.index_course", course.pk)
    if edition.moves_done_at is None:
        after_commit("courses.move_enrolments", edition.pk)
    return edition


@transaction.atomic
def publish_preview(*, course: Course, actor: User | None) -> Edition:
    """An edition that only its token opens, as the draft stands now; an equal one that still lasts is given again."""
    course = Course.objects.select_for_update().get(pk=course.pk)
    return _previewed(course, composition_of(course, None), actor)


@transaction.atomic
def preview_of_the_sound(*, course: Course, actor: User) -> tuple[Edition, list[str]]:
    """As ``publish_preview``, without the lessons that have faults; gives their uids too.

    Raises ``InvalidInput`` when nothing sound is left, or when the fault is in the course itself.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    draft, left_out = drafts.sound_part(drafts.complete(course))
    checking.refuse(draft.faults)
    return _previewed(course, compose(draft.spec, media=draft.media), actor), left_out


def _previewed(course: Course, composition: Composition, actor: User | None) -> Edition:
    now = clock.now()
    standing = course.editions.filter(
        kind=EditionKind.PREVIEW,
        hash=composition.hash,
        note="",
        expires_at__gt=now,
        expires_at__lte=now + PREVIEW_LASTS,
    ).first()
    if standing:
        Edition.objects.filter(pk=standing.pk).update(expires_at=now + PREVIEW_LASTS)
        return standing
    return keep_preview(course, composition, actor, expires_at=now + PREVIEW_LASTS)


def keep_preview(
    course: Course, composition: Composition, actor: User | None, *, expires_at: dt.datetime, note: str = ""
) -> Edition:
    """A new preview edition with a token of its own. The caller holds the lock of the course row."""
    now = clock.now()
    edition = Edition.objects.create(
        course=course,
        kind=EditionKind.PREVIEW,
        note=note,
        hash=composition.hash,
        languages=list(composition.outlines),
        published_at=now,
        published_by=actor,
        token=secrets.token_urlsafe(24),
        expires_at=expires_at,
        moves_done_at=now,
    )
    _fill(edition, composition, {})
    return edition


def refuse_kind(kind: str) -> None:
    """Raise ``InvalidInput`` unless ``kind`` says what an edition asks of learners."""
    if kind not in (EditionKind.MINOR, EditionKind.REFRESH, EditionKind.REDO):
        raise InvalidInput(_("Choose what the new edition asks of learners."), fields={"kind": _("Choose one.")})


def refuse_unseen(composition: Composition, seen: str) -> None:
    """Raise ``DraftMoved`` unless ``composition`` is what the author has ``seen`` (empty: nobody looked)."""
    if seen and composition.hash != seen:
        raise DraftMoved


def refuse_unready(course: Course) -> None:
    """Raise ``InvalidInput`` naming every lesson that its author has marked as not ready yet."""
    waiting = authoring.unready_lessons(course)
    if waiting:
        titles = ", ".join(f"“{title}”" for _uid, title in waiting)
        raise InvalidInput(_("Not ready yet, say their authors: %(titles)s") % {"titles": titles})


def refuse_unapproved(course: Course, hash: str, actor: User | None) -> None:  # noqa: A002  (as on the edition)
    """Raise ``InvalidInput`` with what the organisation's policy still asks; site admins and commands are not asked."""
    if actor is not None and not actor.is_superuser:
        asked = approving.refusals(course=course, hash=hash, actor=actor)
        if asked:
            raise InvalidInput(" ".join(asked))


def composition_of(course: Course, source_edition: Edition | None = None) -> Composition:
    """What an edition of the draft, or of ``source_edition`` again, would hold. Raises ``InvalidInput`` for faults."""
    if source_edition is None:
        draft = drafts.complete(course)
        checking.refuse(draft.faults)
        spec, media = draft.spec, draft.media
    else:
        spec, media = editions.load(source_edition), editions.media_of(source_edition)
    return compose(spec, media=media)


def _fill(edition: Edition, composition: Composition, revs: Mapping[str, int]) -> None:
    """Write everything an edition holds, in a number of statements that does not depend on its size."""
    _store_parts(composition)
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
    _file(edition, composition)


def _file(edition: Edition, composition: Composition) -> None:
    """Let the kinds file what they keep of parts; parts that an edition of the course took in before are filed."""
    hashes = {part.hash for lesson in composition.lessons for part in lesson.parts.values()}
    rows = EditionLessonText.objects.filter(edition_lesson__edition__course=edition.course_id, part__in=hashes)
    filed = set(rows.exclude(edition_lesson__edition=edition).order_by().values_list("part", flat=True))
    fresh: dict[str, dict[str, Part]] = {}
    for lesson in composition.lessons:
        unfiled = {part.hash: part for part in lesson.parts.values() if part.hash not in filed}
        if unfiled:
            fresh.setdefault(lesson.spec.kind, {}).update(unfiled)
    for kind, parts in fresh.items():
        kinds[kind].published([(EditionPart(hash=part.hash), part.source) for part in parts.values()], edition.course)


def _store_parts(composition: Composition) -> None:
    """Store the parts that are not there yet; render only those."""
    lesson_parts: dict[str, Part] = {
        part.hash: part for lesson in composition.lessons for part in lesson.parts.values()
    }
    outlines = {part.hash: part for part in composition.outlines.values()}
    stored = set(EditionPart.objects.filter(hash__in=[*lesson_parts, *outlines]).values_list("hash", flat=True))
    sources = {key: part.source for key, part in lesson_parts.items()}
    rendered = {key: render_lesson(part.source) for key, part in lesson_parts.items() if key not in stored}
    rendered |= {key: render_outline(part.source, sources) for key, part in outlines.items() if key not in stored}
    EditionPart.objects.bulk_create(
        (
            EditionPart(
                hash=key, source=(lesson_parts | outlines)[key].text, rendered=value, render_version=RENDER_VERSION
            )
            for key, value in rendered.items()
        ),
        ignore_conflicts=True,
    )
