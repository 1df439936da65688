"""One more attempt for one person at one quiz: given by name with a reason, taken back as long as it is not used."""

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.notice_kinds import NoticeKind
from accounts.services.notifying import notify
from core import clock
from core.errors import Conflict, InvalidInput
from courses.models import Enrolment
from quizzes.models import ExtraAttempt
from quizzes.selectors.extra_attempts import Limited, limited_in

NOTICE = NoticeKind(
    "quiz_attempt_given",
    gettext_lazy("One more attempt at a quiz"),
    help=gettext_lazy("When somebody gives you another attempt, or takes one back that you have not used."),
    icon="quiz",
)
LONGEST_REASON = 200


def give_attempt(*, enrolment: Enrolment, lesson_uid: str, reason: str, by: User) -> ExtraAttempt:
    """Give the learner of ``enrolment`` one more attempt at a quiz than its rule allows, and tell them who and why.

    While one that was given is not used, a second call returns that one: two clicks give one attempt. Locks the
    enrolment. Raises ``InvalidInput`` without a reason, or (field ``quiz``) when their edition has no such quiz with a
    limit of attempts.
    """
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= LONGEST_REASON:
        message = _("Say why in 1 to %(most)d characters; the learner reads it.") % {"most": LONGEST_REASON}
        raise InvalidInput(message, fields={"reason": message})
    with transaction.atomic():
        quiz = _limited(_locked(enrolment), lesson_uid)
        if quiz is None:
            message = _("This quiz may be taken as often as one likes, or it is not there.")
            raise InvalidInput(message, fields={"quiz": message})
        if quiz.unused:
            return quiz.unused[-1]
        given = ExtraAttempt.objects.create(
            enrolment=quiz.enrolment,
            lesson_uid=quiz.uid,
            lesson_rev=quiz.rev,
            number=_next_number(quiz),
            reason=reason,
            given_by=by,
            given_at=clock.now(),
        )
        _tell(given, by, given=True)
    return given


def take_attempt_back(*, extra: ExtraAttempt, by: User) -> ExtraAttempt:
    """Let ``extra`` count no more, and tell its learner. A second call changes nothing.

    Raises ``Conflict`` when it is used: an attempt that was begun is never taken away.
    """
    with transaction.atomic():
        enrolment = _locked(extra.enrolment)
        extra = ExtraAttempt.objects.get(pk=extra.pk)
        if extra.taken_back_at is not None:
            return extra
        quiz = _limited(enrolment, extra.lesson_uid)
        if quiz is None or extra not in quiz.unused:
            raise Conflict(_("This attempt is used already, so it stays."))
        extra.taken_back_at, extra.taken_back_by = clock.now(), by
        extra.save(update_fields=["taken_back_at", "taken_back_by"])
        extra.enrolment = enrolment
        _tell(extra, by, given=False)
    return extra


def _locked(enrolment: Enrolment) -> Enrolment:
    """The enrolment, so that of two at once the second sees what the first did (SQLite: the transaction does)."""
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("learner", "course")
    return rows.get(pk=enrolment.pk)


def _limited(enrolment: Enrolment, lesson_uid: str) -> Limited | None:
    quizzes = limited_in([enrolment], _language(enrolment))
    return next((each for each in quizzes if each.uid == lesson_uid), None)


def _next_number(quiz: Limited) -> int:
    return ExtraAttempt.objects.filter(enrolment=quiz.enrolment, lesson_uid=quiz.uid).count() + 1


def _language(enrolment: Enrolment) -> str:
    return enrolment.learner.language or enrolment.course.first_language


def _tell(extra: ExtraAttempt, by: User, *, given: bool) -> None:
    enrolment = extra.enrolment
    quiz = _limited(enrolment, extra.lesson_uid)
    words = {"quiz": quiz.title if quiz else extra.lesson_uid, "name": by, "reason": extra.reason}
    with translation.override(_language(enrolment)):
        title = _("You have one more attempt: %(quiz)s") if given else _("An attempt was taken back: %(quiz)s")
        body = (
            _("%(name)s gave it to you and says: “%(reason)s”")
            if given
            else _("%(name)s took back what you had not used.")
        )
        notify(
            person=enrolment.learner,
            kind=NOTICE.name,
            key=f"extra-attempt:{extra.pk}:{'given' if given else 'taken-back'}",
            title=title % words,
            body=body % words,
            url=reverse("courses:lesson", args=[enrolment.course.slug, extra.lesson_uid]),
            action=_("Open the quiz"),
        )
