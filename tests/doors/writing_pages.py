"""Where authors write, look back and talk to each other: who may open which, in the letters of ``matrix``."""

from typing import Any

from courses.models import LessonText, Remark
from courses.services import remarking
from courses.services.editing import patch_content
from tests.doors.rows import Row, public
from tests.doors.world import World


def lesson(world: World) -> dict[str, Any]:
    return {"slug": world.public.slug, "uid": "basics"}


def inner_lesson(world: World) -> dict[str, Any]:
    return {"slug": world.inner.slug, "uid": "after"}


def revised(world: World) -> dict[str, Any]:
    """A lesson that was saved before."""
    text = LessonText.objects.get(lesson__course=world.public, lesson__uid="basics")
    if not text.revisions.exists():
        patch_content(text=text, change=lambda content: {**content, "body": "Other words.\n"}, actor=None)
    return lesson(world)


def version(world: World) -> dict[str, Any]:
    return revised(world) | {"version": 1}


def thread(world: World) -> dict[str, Any]:
    """A note of the instructor."""
    known = Remark.objects.filter(course=world.public).first()
    known = known or remarking.remark(course=world.public, author=world.people["instructor"], body="Is this so?")
    return public(world) | {"pk": known.pk}


def with_a_thread(world: World) -> dict[str, Any]:
    thread(world)
    return public(world)


WRITING_ROWS = [
    Row("courses:author_look", "lfffofo", lesson),
    Row("courses:author_look", "lnffofo", inner_lesson),
    Row("courses:author_save", "ufffofo", lesson, method="post"),
    Row("courses:author_save", "unffofo", inner_lesson, method="post"),
    Row("courses:author_present", "ufffofo", lesson, method="post", data={"client": "tab"}),
    Row("courses:author_difference", "lfffofo", lesson, method="post"),
    Row("courses:author_language", "lfffofo", lesson, method="post", data={"language": "en"}),
    Row("courses:author_ready", "lfffofo", lesson, method="post"),
    Row("courses:author_lesson_history", "lfffofo", lesson),
    Row("courses:author_lesson_history", "lnffofo", inner_lesson),
    Row("courses:author_lesson_compare", "lfffofo", revised),
    Row("courses:author_lesson_restore", "lfffofo", version, method="post"),
    Row("courses:author_remarks", "lfffOfO", with_a_thread, shows="Is this so?"),
    Row("courses:author_remarks", "lfffofo", public, method="post", data={"body": "Look here."}),
    Row("courses:author_remark_answer", "lnnnono", thread, method="post", data={"body": "It is."}),
    Row("courses:author_remark_settle", "lnnnono", thread, method="post"),
]
