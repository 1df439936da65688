"""Who may open which draft of a practice and which shared case: hidden is 404, seen but not to be done is 403."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import User
from courses.models import Course, LessonText
from quizzes.bank_access import refuse_others
from quizzes.models import SharedCase

LESSONS_MOST = 200


def practice_text(course: Course, uid: str, language: str) -> LessonText:
    """The text of a practice lesson in ``language`` (empty: the course's first). Raises ``Http404``."""
    rows = LessonText.objects.select_related("lesson", "changed_by").filter(lesson__course=course)
    text = get_object_or_404(rows, lesson__kind="practice", lesson__uid=uid, language=language or course.first_language)
    text.lesson.course = course
    return text


def shared_cases_for(user: User) -> QuerySet[SharedCase]:
    """The shared cases that ``user`` may read. Raises ``PermissionDenied`` for whoever is no author."""
    refuse_others(user)
    return SharedCase.objects.visible_to(user)


def shared_case_for(user: User, pk: int, *, edit: bool = False) -> SharedCase:
    """A shared case. Raises ``Http404`` when it is hidden, ``PermissionDenied`` when ``edit`` is asked in vain."""
    rows = shared_cases_for(user).select_related("course", "organisation", "forked_from", "shared_by")
    shared = get_object_or_404(rows, pk=pk)
    if edit and not may_withdraw(user, shared):
        raise PermissionDenied
    return shared


def may_withdraw(user: User, shared: SharedCase) -> bool:
    return SharedCase.objects.editable_by(user).filter(pk=shared.pk).exists()


def lessons_that_may_take(user: User, shared: SharedCase) -> QuerySet[LessonText]:
    """The practice lessons that ``user`` writes and that practise the same."""
    rows = LessonText.objects.filter(
        lesson__kind="practice", content__engine=shared.engine, lesson__course__in=Course.objects.editable_by(user)
    )
    return rows.select_related("lesson__course").order_by("lesson__course__slug", "title", "pk")[:LESSONS_MOST]
