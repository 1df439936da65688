"""What publishing would do to the people under way, as numbers and as sentences."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from courses.composing import Composition
from courses.models import Course, EditionKind
from courses.services import demanding
from courses.services.moving import taken_along
from courses.standing import Outlook, standing

KINDS = (EditionKind.MINOR.value, EditionKind.REFRESH.value, EditionKind.REDO.value)


@dataclass(frozen=True)
class Effect:
    """What an edition of ``kind`` does. ``titles`` of its lessons by uid, in their order; ``fresh`` lessons are new."""

    kind: str
    outlook: Outlook
    titles: Mapping[str, str]
    fresh: int = 0

    @property
    def learners(self) -> int:
        return self.outlook.moving + self.outlook.staying + self.outlook.finished

    @property
    def costs(self) -> bool:
        """Does anybody lose something or have to decide something?"""
        outlook = self.outlook
        asked = outlook.staying if self.kind == EditionKind.REDO else 0
        return bool(outlook.repeats or outlook.restarts or asked)

    @property
    def sentences(self) -> list[str]:
        """Each number in a sentence of its own; those that are nought are left out."""
        if not self.learners:
            return [_("Nobody has this course open now.")]
        return [sentence for count, sentence in (*self._of_the_moving(), *self._of_the_others()) if count]

    def _of_the_moving(self) -> list[tuple[int, str]]:
        seen = self.outlook
        said = [
            (
                seen.untouched,
                ngettext("%(n)d continues untouched", "%(n)d continue untouched", seen.untouched)
                % {"n": seen.untouched},
            )
        ]
        for uid, title in self.titles.items():
            again, anew = seen.repeats.get(uid, 0), seen.restarts.get(uid, 0)
            sentence = ngettext("%(n)d must repeat “%(title)s”", "%(n)d must repeat “%(title)s”", again)
            said.append((again, sentence % {"n": again, "title": title}))
            sentence = ngettext(
                "%(n)d has begun “%(title)s” and begins it anew",
                "%(n)d have begun “%(title)s” and begin it anew",
                anew,
            )
            said.append((anew, sentence % {"n": anew, "title": title}))
        sentence = ngettext(
            "%(n)d has finished with it, and gets the certificate",
            "%(n)d have finished with it, and get the certificate",
            seen.completing,
        )
        said.append((seen.completing, sentence % {"n": seen.completing}))
        sentence = ngettext("%(n)d new lesson waits for them", "%(n)d new lessons wait for them", self.fresh)
        return [*said, (self.fresh if seen.moving else 0, sentence % {"n": self.fresh})]

    def _of_the_others(self) -> list[tuple[int, str]]:
        seen = self.outlook
        if self.kind == EditionKind.REDO:
            sentence = ngettext(
                "%(n)d is asked: keep the edition they have, or move and begin every lesson again",
                "%(n)d are asked: keep the edition they have, or move and begin every lesson again",
                seen.staying,
            )
        else:
            sentence = ngettext(
                "%(n)d stays on an older edition, since they have not chosen to leave it",
                "%(n)d stay on an older edition, since they have not chosen to leave it",
                seen.staying,
            )
        kept = ngettext(
            "%(n)d has finished, and keeps edition and certificate",
            "%(n)d have finished, and keep edition and certificate",
            seen.finished,
        )
        return [(seen.staying, sentence % {"n": seen.staying}), (seen.finished, kept % {"n": seen.finished})]


def effects_of(course: Course, composition: Composition, *, kinds: tuple[str, ...] = KINDS) -> dict[str, Effect]:
    """By kind, what publishing ``composition`` as the next edition of ``course`` would do now.

    A number of statements that depends neither on the people nor on the lessons.
    """
    people = course.enrolments.live().opened()
    demands = demanding.demands_of(course, composition, kinds=kinds)
    titles, known = _titles(composition), demanding.known_revs(course)
    fresh = sum(lesson.spec.uid not in known for lesson in composition.lessons) if known else 0
    found = {}
    for kind in kinds:
        moving = people.none() if kind == EditionKind.REDO else taken_along(course)
        outlook = standing().outlook(people=people, moving=moving, demands=demands[kind])
        found[kind] = Effect(kind, outlook, titles, fresh)
    return found


def _titles(composition: Composition) -> dict[str, str]:
    spoken = get_language() or ""
    return {
        lesson.spec.uid: (lesson.spec.texts.get(spoken) or next(iter(lesson.spec.texts.values()))).title
        for lesson in composition.lessons
    }
