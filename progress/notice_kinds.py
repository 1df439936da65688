"""The kinds of notice that assignments send; ``ProgressConfig.ready`` registers them."""

from django.utils.translation import gettext_lazy as _

from accounts.notice_kinds import NoticeKind
from progress.services.reminding import DUE_SOON, OVERDUE, still_true
from progress.services.telling import ASSIGNED, DATE_MOVED, NUDGE, assigned_still_true, date_still_true

ASSIGNING = (
    NoticeKind(
        ASSIGNED,
        _("A course was chosen for you"),
        help=_("When a supervisor assigns you a course."),
        icon="calendar",
        always_inbox=True,
        still_true=assigned_still_true,
    ),
    NoticeKind(
        DATE_MOVED,
        _("A date was moved"),
        help=_("When the date of something assigned to you changes."),
        icon="calendar",
        still_true=date_still_true,
    ),
    NoticeKind(
        DUE_SOON,
        _("Due soon"),
        help=_("Seven days and one day before something is due."),
        icon="calendar",
        capped=True,
        still_true=still_true,
    ),
    NoticeKind(
        OVERDUE,
        _("Overdue"),
        help=_("Once, the day after something was due."),
        icon="warn",
        capped=True,
        still_true=still_true,
    ),
    NoticeKind(NUDGE, _("A line from your supervisor"), help=_("At most one a day."), icon="chat"),
)
