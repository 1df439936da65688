"""Names of the questions that lessons hold: which a draft has, and others for those that would be taken twice."""

from collections.abc import Callable, Mapping
from typing import Any

from courses import checks
from courses.models import Course, LessonText
from courses.registry import Content, kinds
from courses.services.outline_copies import BLOCK_UID
from courses.services.outline_places import free_uid

Named = Mapping[str, object]


def names_of(kind: str, content: Content) -> dict[str, object]:
    """The names in a lesson's content, each with what holds it; none for content that is not sound."""
    if kind not in kinds or checks.content_faults(kind, content):
        return {}
    return {name: checks.holder_of(content, path) for path, name in kinds[kind].uids(content)}


def names_in(course: Course, *, without: str = "") -> dict[str, object]:
    """The names in all texts of the draft, but those of the lesson ``without``. One query."""
    texts = LessonText.objects.filter(lesson__course=course, lesson__archived_at=None).exclude(lesson__uid=without)
    found: dict[str, object] = {}
    for kind, content in texts.order_by("pk").values_list("lesson__kind", "content"):
        found = names_of(kind, content) | found
    return found


def other_names(kind: str, contents: list[Content], taken: Named) -> dict[str, str]:
    """Free names for what ``contents`` (one lesson in its languages) would take a second time.

    The very same question may stand in two lessons, so it keeps its name.
    """
    own = [names_of(kind, content) for content in contents]
    used = {*taken, *(name for names in own for name in names)}
    given: dict[str, str] = {}
    for name, holder in (pair for names in own for pair in names.items()):
        if name in given or name not in taken or (holder is not None and holder == taken[name]):
            continue
        given[name] = free_uid(name, {*used, *given.values()}, fallback="question")
    return given


def with_names(kind: str, content: Content, given: Mapping[str, str]) -> Content:
    """``content`` with the names of ``given`` in place of its own, in the questions and wherever a pool lists them."""
    if not given:
        return content

    def block(match: Any) -> str:
        return f"{match[1]}{match[2]}{given.get(match[3], match[3])}{match[2]}"

    changed: Content = _walked(content, lambda name: given.get(name, name))
    if isinstance(content.get("body"), str):
        changed["body"] = BLOCK_UID.sub(block, content["body"])
    return changed


def _walked(value: Any, rename: Callable[[str], str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _walked(each, rename, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_walked(each, rename, key) for each in value]
    return rename(value) if isinstance(value, str) and key in ("uid", "of") else value
