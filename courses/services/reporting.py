"""'Something is wrong here': a reader's word reaches the people who make the course."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.announcing import Draft, notify_many
from core import clock
from core.errors import Conflict, InvalidInput
from courses.models import Course, CourseEditor, Edition, LessonReport

NOTICE_KIND = "lesson_report"
TEXT_MAX = 2000
VISITORS_A_DAY = 20  # a form without an account must not fill somebody's inbox
MAKERS = (CourseEditor.Role.OWNER, CourseEditor.Role.EDITOR)


@transaction.atomic
def report_lesson(
    *, course: Course, edition: Edition, lesson_uid: str, lesson_title: str, text: str, reporter: User | None
) -> LessonReport:
    """Keep the report and tell each owner and editor of the course once.

    Raises ``InvalidInput`` when ``text`` is empty or longer than the column, ``Conflict`` when visitors sent too many.
    """
    text = text.strip()
    if not text:
        raise InvalidInput(_("Say what is wrong."), fields={"text": _("Say what is wrong.")})
    if len(text) > TEXT_MAX:
        sentence = _("Keep it to %(limit)d characters.") % {"limit": TEXT_MAX}
        raise InvalidInput(sentence, fields={"text": sentence})
    if reporter is None and _visitors_today(course) >= VISITORS_A_DAY:
        raise Conflict(_("Many reports came in for this course today. Sign in to send another."))
    report = LessonReport.objects.create(
        course=course, edition=edition, lesson_uid=lesson_uid, reporter=reporter, text=text
    )
    makers = CourseEditor.objects.filter(course=course, role__in=MAKERS, person__is_active=True).values_list(
        "person_id", flat=True
    )
    notify_many(
        [
            Draft(
                person_id=maker,
                kind=NOTICE_KIND,
                key=f"lesson_report:{report.pk}",
                title=_("Something may be wrong in “%(lesson)s”") % {"lesson": lesson_title},
                body=text,
                url=reverse("courses:lesson", args=[course.slug, lesson_uid]),
                action=_("Open the lesson"),
                reply_to=reporter.email if reporter else "",
            )
            for maker in makers
        ]
    )
    return report


def _visitors_today(course: Course) -> int:
    since = clock.now() - dt.timedelta(days=1)
    return LessonReport.objects.filter(course=course, reporter=None, created_at__gte=since).count()


def settle_report(*, report: LessonReport, actor: User) -> LessonReport:
    """Mark ``report`` as dealt with; the first to do so is named."""
    LessonReport.objects.filter(pk=report.pk, settled_at=None).update(settled_at=clock.now(), settled_by=actor)
    report.refresh_from_db()
    return report
