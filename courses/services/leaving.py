"""Hints that an author has looked at and leaves. Each comes back by itself when what it is about changes."""

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict
from courses.models import Course, HintLeft
from courses.services.outline_check import Checked


def leave(*, course: Course, checked: Checked, uid: str, mark: str, actor: User) -> None:
    """Leave the hint ``mark`` on the lesson ``uid`` (empty: on the course) of the draft that was just ``checked``.

    A second call changes nothing. Raises ``Conflict`` when no such hint stands there. What was left of the lesson and
    is about something that is no longer there is forgotten.
    """
    advice = checked.advice
    standing = {each.mark for each in [*advice.findings.get(uid, ()), *advice.left.get(uid, ())]}
    if mark not in standing:
        raise Conflict(_("This hint is not there any more: what it was about has changed."))
    HintLeft.objects.filter(course=course, lesson_uid=uid).exclude(mark__in=standing).delete()
    HintLeft.objects.get_or_create(course=course, lesson_uid=uid, mark=mark, defaults={"left_by": actor})


def show_again(*, course: Course, uid: str, mark: str) -> None:
    """Undo it; a hint that was not left stays shown."""
    HintLeft.objects.filter(course=course, lesson_uid=uid, mark=mark).delete()
