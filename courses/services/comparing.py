"""What a draft would change, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses import checks
from courses.composing import Composition, compose
from courses.models import Course
from courses.services import drafts, editions
from courses.spec import CourseSpec, LessonTextSpec


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
    spec, media = drafts.load(course), drafts.media_of(course)
    faults: dict[str, list[str]] = {}
    for fault in checks.faults(spec, set(media)):
        faults.setdefault(fault.place.uid, []).append(fault.sentence)
    if faults:
        return Standing(spec=spec, faults=faults, changes=None)
    draft = compose(spec, media=media)
    if course.current_edition is None:
        return Standing(spec, {}, [_("Everything: there is no edition yet.")], draft)
    if course.current_edition.hash == draft.hash:
        return Standing(spec, {}, [], draft)
    before = editions.load(course.current_edition)
    published = compose(before, media=editions.media_of(course.current_edition))
    return Standing(spec, {}, list(_changes(before, published, spec, draft)), draft)


def _title(spec: CourseSpec, uid: str) -> str:
    lesson = next(each for each in spec.lessons if each.uid == uid)
    return lesson.texts[spec.languages[0]].title


def _changes(before: CourseSpec, published: Composition, after: CourseSpec, draft: Composition) -> Iterator[str]:
    old = {lesson.spec.uid: lesson for lesson in published.lessons}
    new = {lesson.spec.uid: lesson for lesson in draft.lessons}
    for uid in [uid for uid in new if uid not in old]:
        yield _("New lesson: %(title)s") % {"title": _title(after, uid)}
    for uid in [uid for uid in old if uid not in new]:
        yield _("Taken out: %(title)s") % {"title": _title(before, uid)}
    for uid in [uid for uid in new if uid in old]:
        then, now = old[uid], new[uid]
        title = {"title": _title(after, uid)}
        if {key: part.hash for key, part in then.parts.items()} != {key: part.hash for key, part in now.parts.items()}:
            yield _("Changed content: %(title)s") % title
        if then.spec.rule != now.spec.rule:
            yield _("Changed rule: %(title)s") % title
        if _facts(then.spec.texts) != _facts(now.spec.texts) or then.spec.facts != now.spec.facts:
            yield _("Changed title, minutes or sources: %(title)s") % title
    if [each for each in new if each in old] != [each for each in old if each in new]:
        yield _("The lessons stand in another order.")
    if before.modules != after.modules or _places(before) != _places(after):
        yield _("The parts of the course have changed.")
    if _about(before) != _about(after):
        yield _("What the course says about itself has changed.")


def _facts(texts: dict[str, LessonTextSpec]) -> dict[str, tuple[str, int]]:
    return {key: (text.title, text.minutes) for key, text in texts.items()}


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
