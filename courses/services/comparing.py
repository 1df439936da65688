"""How a draft stands, and what it or an edition says other than another edition: in a few sentences, or word by word."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from courses.composing import Composition, compose, decode
from courses.models import Course, Edition, EditionPart
from courses.services import checking, drafts, editions
from courses.spec import CourseSpec, LessonSpec

Hashes = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Side:
    """One of two versions: what it says, its lessons' parts by uid and language, and its files by name.

    ``read`` gives the sources of parts by hash, those that are asked for only. ``left_out`` are lessons of a draft whose
    faults keep them from being compared.
    """

    spec: CourseSpec
    hashes: Hashes
    media: Mapping[str, str]
    read: Callable[[set[str]], dict[str, dict[str, Any]]]
    left_out: Mapping[str, str] = field(default_factory=dict)
    hash: str = ""

    def title(self, uid: str) -> str:
        """What the lesson ``uid`` is called here, in the first language."""
        lesson = next((each for each in self.spec.lessons if each.uid == uid), None)
        return title_of(lesson, self.spec.languages[0]) if lesson else uid


def title_of(lesson: LessonSpec, language: str) -> str:
    text = lesson.texts.get(language) or next(iter(lesson.texts.values()), None)
    return text.title if text else lesson.uid


def side_of_edition(edition: Edition) -> Side:
    """An edition as it was published, in six queries."""

    def read(wanted: set[str]) -> dict[str, dict[str, Any]]:
        return {key: decode(part.source) for key, part in EditionPart.objects.in_bulk(wanted).items()}

    hashes = editions.part_hashes(edition.pk)
    return Side(editions.load(edition), hashes, editions.media_of(edition), read, hash=edition.hash)


def side_of_draft(course: Course) -> Side:
    """The draft as it would be published now; lessons that are not sound are left out.

    Raises ``InvalidInput`` when the fault is in the course itself, or no lesson is sound.
    """
    whole = drafts.complete(course)
    sound, left_out = drafts.sound_part(whole)
    checking.refuse(sound.faults)
    titles = {lesson.uid: title_of(lesson, whole.spec.languages[0]) for lesson in whole.spec.lessons}
    return _side(compose(sound.spec, media=sound.media), sound.spec, {uid: titles[uid] for uid in left_out})


def _side(composition: Composition, spec: CourseSpec, left_out: Mapping[str, str]) -> Side:
    parts = {
        (lesson.spec.uid, language): part for lesson in composition.lessons for language, part in lesson.parts.items()
    }
    sources = {part.hash: part.source for part in parts.values()}
    hashes = {key: part.hash for key, part in parts.items()}

    def read(wanted: set[str]) -> dict[str, dict[str, Any]]:
        return {key: sources[key] for key in wanted}

    spec = replace(spec, credited=composition.credited)  # of the files that lessons use, as an edition has them
    return Side(spec, hashes, composition.media, read, left_out, composition.hash)


@dataclass(frozen=True)
class Standing:
    """How a draft stands: its faults by lesson uid (empty uid: the course), and what it would change.

    ``changes`` is ``None`` while there are faults: an unsound draft is not compared.
    """

    spec: CourseSpec
    faults: dict[str, list[str]]
    changes: list[str] | None
    composition: Composition | None = None


def standing_of(course: Course) -> Standing:
    """The draft of ``course`` beside its current edition."""
    whole = drafts.complete(course)
    spec, media = whole.spec, whole.media
    faults: dict[str, list[str]] = {}
    for fault in whole.faults:
        faults.setdefault(fault.place.uid, []).append(fault.sentence)
    if faults:
        return Standing(spec=spec, faults=faults, changes=None)
    draft = compose(spec, media=media)
    if course.current_edition is None:
        return Standing(spec, {}, [_("Everything: there is no edition yet.")], draft)
    if course.current_edition.hash == draft.hash:
        return Standing(spec, {}, [], draft)
    before = side_of_edition(course.current_edition)
    return Standing(spec, {}, list(changes(before, _side(draft, spec, {}))), draft)


def changes(before: Side, after: Side) -> Iterator[str]:
    """What ``after`` says other than ``before``, a sentence for each lesson and sort of change."""
    old = {lesson.uid: lesson for lesson in before.spec.lessons}
    new = {lesson.uid: lesson for lesson in after.spec.lessons}
    for uid in [uid for uid in new if uid not in old]:
        yield _("New lesson: %(title)s") % {"title": after.title(uid)}
    for uid in [uid for uid in old if uid not in new and uid not in after.left_out]:
        yield _("Taken out: %(title)s") % {"title": before.title(uid)}
    for uid in [uid for uid in new if uid in old]:
        then, now = old[uid], new[uid]
        title = {"title": after.title(uid)}
        if parts_of(before, uid) != parts_of(after, uid):
            yield _("Changed content: %(title)s") % title
        if then.rule != now.rule:
            yield _("Changed rule: %(title)s") % title
        if _facts(then) != _facts(now) or then.facts != now.facts:
            yield _("Changed title, minutes or sources: %(title)s") % title
    if [each for each in new if each in old] != [each for each in old if each in new]:
        yield _("The lessons stand in another order.")
    yield from _of_the_whole(before.spec, after.spec)


def _of_the_whole(before: CourseSpec, after: CourseSpec) -> Iterator[str]:
    if before.modules != after.modules or _places(before) != _places(after):
        yield _("The parts of the course have changed.")
    if _about(before) != _about(after):
        yield _("What the course says about itself has changed.")
    if before.credited != after.credited:
        yield _("The credits of files have changed.")


def parts_of(side: Side, uid: str) -> dict[str, str]:
    """The lesson's parts by language."""
    lesson = next(each for each in side.spec.lessons if each.uid == uid)
    return {language: side.hashes[uid, language] for language in lesson.texts}


def _facts(lesson: LessonSpec) -> dict[str, tuple[str, int]]:
    return {key: (text.title, text.minutes) for key, text in lesson.texts.items()}


def _places(spec: CourseSpec) -> dict[str, str]:
    return {lesson.uid: lesson.module for lesson in spec.lessons}


def _about(spec: CourseSpec) -> tuple[object, ...]:
    return (
        spec.code,
        spec.languages,
        spec.topic,
        spec.level,
        spec.licence,
        spec.competencies,
        spec.credits,
        spec.legal,
        spec.checked_on,
        spec.certificate_valid_days,
        spec.texts,
    )
