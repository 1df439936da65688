"""Whom and what a supervisor can choose, and who would get it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import Team, User
from courses.models import Course, EditionText
from progress.selectors.assigning import completed_by, people_of, titles_of, trainees_of
from progress.selectors.team import TeamChoice, teams_of

SHOWN = 50


@dataclass(frozen=True)
class PersonChoice:
    """A person to choose; ``done_at`` when they completed the chosen course before."""

    person: User
    done_at: Any = None


@dataclass(frozen=True)
class Choices:
    """The list to tick. ``more``: how many people match and are not shown; ``count``: how many would get it now."""

    teams: list[TeamChoice]
    people: list[PersonChoice]
    more: int
    count: int


def choices_of(user: User, *, course: Course | None, teams: list[Team], people: list[User], words: str = "") -> Choices:
    """Teams and people that match ``words``, with everything that is ticked already: six statements at most."""
    ticked = [person.pk for person in people]
    matching = people_of(user).exclude(pk__in=ticked)
    if words:
        matching = matching.filter(Q(name__icontains=words) | Q(email__icontains=words))
    found = list(matching.order_by("name", "pk")[:SHOWN])
    more = max(matching.count() - SHOWN, 0) if len(found) == SHOWN else 0
    shown = [*people, *found]
    done = completed_by([course.pk], [person.pk for person in shown]) if course else {}
    chosen = {team.pk for team in teams}
    offered = [
        each for each in teams_of(user) if each.team.pk in chosen or words.casefold() in each.team.name.casefold()
    ]
    moments = {person: at for (person, _course), (_enrolment, at) in done.items()}
    return Choices(
        teams=offered,
        people=[PersonChoice(person, moments.get(person.pk)) for person in shown],
        more=more,
        count=len(set(ticked) | (trainees_of(teams) if teams else set())),
    )


def course_titles(courses: Any, language: str) -> dict[int, str]:
    """Titles of all courses in a queryset; two statements."""
    return titles_of(list(courses.values_list("pk", flat=True)), language)


def course_facts(course: Course, language: str) -> EditionText | None:
    """Title, lessons and minutes of the edition that people would read now."""
    texts = EditionText.objects.filter(edition=course.current_edition_id).select_related("edition")
    return texts.filter(language=language).first() or texts.order_by("pk").first()
