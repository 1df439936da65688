"""Saving one lesson's text in the browser (D14)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, InvalidInput
from courses import checks, markup
from courses.models import Course, LessonText
from courses.services import drafts


class SomebodyWasFaster(Conflict):
    """The text was saved by somebody else in between; ``current`` is the row as it stands now."""

    def __init__(self, current: LessonText) -> None:
        super().__init__(_("Somebody else saved this lesson while you were writing. Both texts are below."))
        self.current = current


@transaction.atomic
def edit_lesson_text(*, text: LessonText, version: int, title: str, minutes: int, body: str, actor: User) -> LessonText:
    """Save title, minutes and body of ``text`` if its version is still ``version``; the same values save nothing.

    Takes the lock of the course row, as every change of a draft does. Raises ``InvalidInput`` with each fault and its
    line, ``SomebodyWasFaster`` when another save came first.
    """
    course = Course.objects.select_for_update().get(pk=text.lesson.course_id)
    content = {**text.content, "body": markup.normalise(body)}
    faults = body_faults(course=course, text=text, body=body)
    if faults:
        raise InvalidInput(_("The lesson was not saved."), fields={"body": "\n".join(faults)})
    current = LessonText.objects.select_related("changed_by").get(pk=text.pk)
    if current.version != version:
        raise SomebodyWasFaster(current)
    if (current.title, current.minutes, current.content) == (title, minutes, content):
        return current
    changed = LessonText.objects.filter(pk=text.pk, version=version).update(
        title=title,
        minutes=minutes,
        content=content,
        version=version + 1,
        changed_at=clock.now(),
        changed_by=actor,
    )
    current = LessonText.objects.select_related("changed_by").get(pk=text.pk)
    if not changed:
        raise SomebodyWasFaster(current)
    return current


def body_faults(*, course: Course, text: LessonText, body: str) -> list[str]:
    """What is wrong with ``body`` as the text of this lesson, each with its line."""
    content = {**text.content, "body": markup.normalise(body)}
    uids = set(course.lessons.values_list("uid", flat=True))
    found = checks.text_faults(text.lesson.kind, content, uids=uids, media=set(drafts.media_of(course)))
    return [_with_line(path, sentence) for path, sentence in found]


def _with_line(path: str, sentence: str) -> str:
    name, _colon, line = path.partition(":")
    if name == "body" and line:
        return _("Line %(line)s: %(fault)s") % {"line": line, "fault": sentence}
    return sentence if name == "body" else f"{path}: {sentence}"
