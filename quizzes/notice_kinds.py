"""The kinds of notice that quizzes send; ``QuizzesConfig.ready`` registers them."""

from django.utils.translation import gettext_lazy as _

from accounts.notice_kinds import NoticeKind
from quizzes.services.marking import NOTICE

MARKED = NoticeKind(
    NOTICE,
    _("A quiz of yours is marked"),
    help=_("When a person has marked what you wrote in a quiz."),
    icon="quiz",
)
