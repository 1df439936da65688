"""The author's pages of editions: compare, plan, share, restore; in the letters of ``matrix``."""

import datetime as dt
from typing import Any

from core import clock
from courses.models import Edition, PublishPlan
from courses.services import planning, sharing
from tests.doors.rows import Row, public
from tests.doors.world import World
from tests.factories.courses import draft_course, publish_course


def planned(world: World) -> dict[str, Any]:
    """A course of the instructor whose next edition waits for its day."""
    owner = world.people["instructor"]
    if not PublishPlan.objects.filter(course__slug="planned-course").exists():
        course = publish_course(slug="planned-course", owner=owner, title="Now")
        draft_course(slug="planned-course", owner=owner, title="Soon")
        due = clock.now() + dt.timedelta(days=9)
        planning.plan(course=course, kind="minor", note="Soon", due_at=due, actor=owner)
    return {"slug": "planned-course"}


def linked(world: World) -> dict[str, Any]:
    link: Edition | None = sharing.links_of(world.public).first()
    if link is None:
        link, _ = sharing.share(course=world.public, note="Rosa", days=7, actor=world.people["instructor"])
    return public(world) | {"pk": link.pk}


def first(world: World) -> dict[str, Any]:
    return public(world) | {"number": 1}


EDITION_ROWS = [
    Row("courses:author_compare", "lfffofo", public),
    Row("courses:author_plan", "lfffofo", planned),
    Row("courses:author_plan", "lfffofo", planned, method="post"),
    Row("courses:author_plan", "lfffnfn", public),
    Row("courses:author_plan_cancel", "lfffofo", planned),
    Row("courses:author_plan_cancel", "lfffofo", planned, method="post"),
    Row("courses:author_links", "lfffofo", public),
    Row("courses:author_links", "lfffofo", public, method="post"),
    Row("courses:author_link_revoke", "lfffofo", linked),
    Row("courses:author_link_revoke", "lfffofo", linked, method="post"),
    Row("courses:author_restore", "lfffofo", first),
    Row("courses:author_restore", "lfffofo", first, method="post", data={"version": 1}),
]
