"""Changes of a lesson's text that are asked for by name: another format, a block put in, written anew or taken out."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import InvalidInput
from courses import block_writing, bodies, converting
from courses.models import Course, LessonText
from courses.registry import blocks
from courses.services.editing import SomebodyWasFaster, store


@transaction.atomic
def convert(*, text: LessonText, version: int, to: str, actor: User) -> LessonText:
    """Make ``text`` rich text or Markdown, if its version is still ``version``; what it was stays in its history.

    Raises ``SomebodyWasFaster`` when another save came first.
    """
    current = _current(text, version)
    form = bodies.format_of(current.content)
    if to not in (bodies.MARKDOWN, bodies.HTML):
        raise InvalidInput(_("A lesson is rich text or Markdown."))
    if form == to:
        return current
    body = converting.converted(str(current.content.get("body", "")), form, to, list(blocks))
    return _kept(current, body, to, actor)


@transaction.atomic
def write_block(
    *, text: LessonText, version: int, name: str, yaml: str | None, number: int | None, actor: User
) -> LessonText:
    """Put a block at the end of ``text`` (``number`` None), write it anew, or take it out (``yaml`` None).

    Raises ``InvalidInput`` when it is not there, ``SomebodyWasFaster`` when another save came first.
    """
    current = _current(text, version)
    form, body = bodies.format_of(current.content), str(current.content.get("body", ""))
    try:
        if yaml is None:
            body = block_writing.drop_block(body, form, name, number or 0)
        else:
            body = block_writing.put_block(body, form, name, yaml, number=number)
    except LookupError as problem:
        raise InvalidInput(_("This is no longer in the lesson; look at it again.")) from problem
    return _kept(current, body, form, actor)


def _current(text: LessonText, version: int) -> LessonText:
    """The row as it stands, under the lock of the course."""
    Course.objects.select_for_update().get(pk=text.lesson.course_id)
    current = LessonText.objects.select_related("lesson__course", "changed_by").get(pk=text.pk)
    if current.version != version:
        raise SomebodyWasFaster(current)
    return current


def _kept(current: LessonText, body: str, form: str, actor: User) -> LessonText:
    """A draft may have faults; what was wrong before keeps nobody from writing on."""
    content = {**current.content, "body": body, "source_format": form}
    return store(current=current, title=current.title, minutes=current.minutes, content=content, actor=actor)
