"""Writing the draft of a quiz: how it asks, and what it asks."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import InvalidInput
from courses import checks, shapes
from courses.models import Course, Lesson, LessonText
from courses.registry import kinds
from courses.services import drafts
from courses.services.editing import SomebodyWasFaster
from quizzes.models import Question
from quizzes.services.resolving import resolve

Content = dict[str, Any]
Change = Callable[[Content], Content]
LISTS = ("questions", "picks", "draws", "pools")
WORDS = ("intro",)  # each language says its own


@transaction.atomic
def save_settings(
    *, course: Course, text: LessonText, version: int, rule: Mapping[str, Any], settings: Mapping[str, Any], actor: User
) -> None:
    """Save how the quiz is passed (``rule``) and how it asks (``settings``), in every language of the lesson; the words
    among it (the introduction) in the language of ``text`` alone.

    ``version`` is the lesson's, as the form knew it. Raises ``InvalidInput`` with a message for each field that is
    wrong or does not go with the questions, ``SomebodyWasFaster`` when somebody saved first.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    lesson = text.lesson
    kept = {key: value for key, value in lesson.rule.items() if key == "opens_after"}
    whole = {**kept, **rule}
    broken = {shapes.dotted(steps): sentence for steps, sentence in shapes.problems(kinds["quiz"].rule_schema, whole)}
    texts = list(LessonText.objects.filter(lesson=lesson).select_related("lesson"))
    contents = {each.pk: _with_settings(each, settings, said_in=text) for each in texts}
    for each in texts:
        for path, sentence in _new_faults(course, each, contents[each.pk], whole):
            broken.setdefault(path, sentence)
    if broken:
        raise InvalidInput(_("The settings were not saved."), fields=broken)
    if not Lesson.objects.filter(pk=lesson.pk, version=version).update(rule=whole, version=version + 1):
        raise SomebodyWasFaster(texts[0])
    for each in texts:
        _save(each, contents[each.pk], actor)


def _with_settings(text: LessonText, settings: Mapping[str, Any], *, said_in: LessonText) -> Content:
    """What ``text`` holds with ``settings``, whose words are in the language of ``said_in``."""
    if text.pk == said_in.pk:
        return {**_questions(text.content), **settings}
    own = {name: text.content[name] for name in WORDS if text.content.get(name)}
    shared = {name: value for name, value in settings.items() if name not in WORDS}
    return {**_questions(text.content), **shared, **own}


def _questions(content: Mapping[str, Any]) -> Content:
    return {key: content[key] for key in LISTS if content.get(key)}


def _new_faults(course: Course, text: LessonText, content: Content, rule: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What would be wrong that is not wrong now: an author may save a quiz that is not finished."""
    before = set(_faults(course, text, text.content, text.lesson.rule))
    return [fault for fault in _faults(course, text, content, rule) if fault not in before]


def _faults(course: Course, text: LessonText, content: Content, rule: Mapping[str, Any]) -> list[tuple[str, str]]:
    resolved = resolve(content, course=course, language=text.language)
    media = set(drafts.media_of(course)) | set(resolved.media)
    uids = set(course.lessons.values_list("uid", flat=True))
    found = checks.text_faults("quiz", resolved.content, uids=uids, media=media, rule=rule)
    return [*resolved.faults, *found]


def _save(text: LessonText, content: Content, actor: User) -> None:
    LessonText.objects.filter(pk=text.pk).update(
        content=content, version=text.version + 1, changed_at=clock.now(), changed_by=actor
    )


@transaction.atomic
def change(*, course: Course, text: LessonText, version: int, act: Change, actor: User) -> None:
    """Apply ``act`` to the content of ``text``. Raises ``SomebodyWasFaster`` when its version is not ``version``."""
    Course.objects.select_for_update().get(pk=course.pk)
    current = LessonText.objects.select_related("changed_by", "lesson").get(pk=text.pk)
    if current.version != version:
        raise SomebodyWasFaster(current)
    content = act(dict(current.content))
    if content != current.content:
        _save(current, content, actor)


def move(name: str, index: int, by: int) -> Change:
    """Move an entry of the list ``name`` up (-1) or down (1)."""

    def act(content: Content) -> Content:
        rows = list(content.get(name, ()))
        if 0 <= index < len(rows) and 0 <= index + by < len(rows):
            rows.insert(index + by, rows.pop(index))
        return {**content, name: rows}

    return act


def remove(name: str, index: int) -> Change:
    """Take an entry out of the list ``name``."""

    def act(content: Content) -> Content:
        rows = [row for number, row in enumerate(content.get(name, ())) if number != index]
        return {**content, name: rows} if rows else {key: value for key, value in content.items() if key != name}

    return act


def put(name: str, index: int, row: Content) -> Change:
    """Put ``row`` into the list ``name`` at ``index``; one that is there already stays alone."""

    def act(content: Content) -> Content:
        rows = list(content.get(name, ()))
        if row not in rows:
            rows.insert(index, row)
        return {**content, name: rows}

    return act


def pick(questions: Sequence[Question]) -> Change:
    """Ask ``questions`` of a bank, always; those that are picked already stay as they are."""

    def act(content: Content) -> Content:
        rows = list(content.get("picks", ()))
        for each in questions:
            row = {"bank": each.bank.slug, "uid": each.uid}
            if row not in rows:
                rows.append(row)
        return {**content, "picks": rows} if rows else content

    return act


def draw(row: Content) -> Change:
    """Draw questions that ``row`` describes: bank, draw, and if given topic, difficulty, tags."""
    said = {key: value for key, value in row.items() if value not in ("", None, [])}
    return put("draws", 10_000, said)
