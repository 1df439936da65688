"""Who works on a course, its upkeep, reviews of its draft, and the library's policy, in the letters of ``matrix``."""

from collections.abc import Callable
from typing import Any

from courses.models import CourseEditor
from courses.services import reviewing
from tests.doors.rows import Arguments, Row, inner, public
from tests.doors.world import World
from tests.factories.accounts import UserFactory


def somebody_on(course_of: Callable[[World], dict[str, Any]]) -> Arguments:
    """An editor beside the instructor."""

    def found(world: World) -> dict[str, Any]:
        address = course_of(world)
        course = world.public if address["slug"] == world.public.slug else world.inner
        row = CourseEditor.objects.filter(course=course, role=CourseEditor.Role.EDITOR).first()
        row = row or CourseEditor.objects.create(course=course, person=UserFactory(), role=CourseEditor.Role.EDITOR)
        return address | {"key": row.person.uuid}

    return found


def library(world: World) -> dict[str, Any]:
    return {"slug": world.team.organisation.slug}


def review(world: World) -> dict[str, Any]:
    """An open review of the library's course, asked by somebody else than the instructor."""
    course = world.inner
    found = course.reviews.first() or reviewing.ask(
        course=course, reviewers=[world.people["instructor"]], note="", actor=UserFactory()
    )
    return inner(world) | {"pk": found.pk}


PEOPLE_ROWS = [
    Row("courses:author_people", "lfffofo", public),
    Row("courses:author_people", "lnffooo", inner),
    Row("courses:author_people", "lfffofo", public, method="post"),
    Row("courses:author_people", "lnffooo", inner, method="post"),
    Row("courses:author_person_role", "lnffooo", somebody_on(inner), method="post"),
    Row("courses:author_person_role", "lfffofo", somebody_on(public), method="post"),
    Row("courses:author_person_remove", "lnffooo", somebody_on(inner), method="post"),
    Row("courses:author_person_back", "lnffooo", inner, method="post"),
    Row("courses:author_handover", "lnffooo", somebody_on(inner)),
    Row("courses:author_handover", "lnffooo", somebody_on(inner), method="post"),
    Row("courses:author_leave", "lnffofn", inner),
    Row("courses:author_leave", "lnffofn", inner, method="post"),
    Row("courses:author_review_by", "lnffooo", inner, method="post"),
    Row("courses:author_looked", "lnffooo", inner, method="post"),
    Row("courses:author_review", "lnffofo", inner),
    Row("courses:author_review", "lnffofo", inner, method="post"),
    Row("courses:author_review_one", "lnffofo", review),
    Row("courses:author_review_one", "lnffnfn", lambda world: inner(world) | {"pk": 0}),
    Row("courses:author_review_verdict", "lnffofo", review, method="post"),
    Row("courses:author_review_comment", "lnffofo", review, method="post"),
    Row("courses:author_review_again", "lnffofo", review, method="post"),
    Row("courses:author_review_close", "lnffofo", review, method="post"),
    Row("courses:reviewing", "lnfffoo", library),
    Row("courses:reviewing", "lnfffoo", library, method="post"),
]
