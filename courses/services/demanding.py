"""What the next edition would ask of its readers, lesson by lesson (D3a): one rule for foreseeing it and for publishing."""

from django.db import models

from courses.composing import Composition
from courses.models import Course, EditionKind, EditionLesson
from courses.services import editions
from courses.standing import Demand


def next_number(course: Course) -> int:
    """The number that the next edition of ``course`` gets."""
    return int(course.editions.aggregate(last=models.Max("number"))["last"] or 0) + 1


def known_revs(course: Course) -> dict[str, int]:
    """For every lesson there ever was, the edition that last demanded it."""
    rows = EditionLesson.objects.filter(edition__course=course, edition__number__isnull=False).order_by()
    return dict(rows.values_list("uid").annotate(models.Max("rev")))


def changed_lessons(before: dict[tuple[str, str], str], composition: Composition) -> set[str]:
    """The lessons that are new since the parts ``before`` (by uid and language), or that say something else."""
    there = {uid for uid, _language in before}
    return {
        lesson.spec.uid
        for lesson in composition.lessons
        if lesson.spec.uid not in there
        or any(
            before.get((lesson.spec.uid, language), part.hash) != part.hash for language, part in lesson.parts.items()
        )
    }


def demands_of(course: Course, composition: Composition, *, kinds: tuple[str, ...]) -> dict[str, list[Demand]]:
    """By kind, what ``composition`` would demand if it were published as the next edition. Three queries.

    A *redo* demands everything again, a *refresh* what has changed, a *minor* edition nothing: else a lesson keeps the
    edition that demanded it last, and one that is new has the new number.
    """
    number, known = next_number(course), known_revs(course)
    before = editions.part_hashes(course.current_edition_id) if course.current_edition_id else {}
    again = {
        EditionKind.MINOR.value: set(),
        EditionKind.REFRESH.value: changed_lessons(before, composition) if before else set(),
        EditionKind.REDO.value: set(known),
    }
    return {
        kind: [
            Demand(
                uid=lesson.spec.uid,
                kind=lesson.spec.kind,
                rule=lesson.spec.rule,
                rev=number if lesson.spec.uid in again[kind] else known.get(lesson.spec.uid, number),
            )
            for lesson in composition.lessons
        ]
        for kind in kinds
    }
