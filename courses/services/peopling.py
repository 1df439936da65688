"""Who works on a course: added, given another part, taken off, and who owns it. Each verb locks the course row."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Notice, User
from accounts.notice_kinds import NoticeKind
from accounts.services.announcing import Draft, notify_many
from core import clock
from core.errors import Conflict, InvalidInput
from courses.models import Course, CourseEditor, ReviewVerdict
from courses.selectors.authoring import title_of

Role = CourseEditor.Role
GIVEN = (Role.EDITOR, Role.REVIEWER)  # an owner is made by handing over alone
NOTICE_KIND = "course_people"


@transaction.atomic
def add_person(*, course: Course, person: User, role: str, actor: User) -> CourseEditor:
    """``person`` works on ``course`` from now on, and is told. Raises ``Conflict`` when they do already."""
    _refuse_strange(role)
    Course.objects.select_for_update().get(pk=course.pk)
    editor, created = CourseEditor.objects.get_or_create(course=course, person=person, defaults={"role": role})
    if not created:
        message = _("%(name)s works on this course already.") % {"name": person}
        raise Conflict(message, fields={"email": message})
    _tell(course, [(person, role)], actor)
    return editor


@transaction.atomic
def change_role(*, editor: CourseEditor, role: str, actor: User) -> CourseEditor:
    """Make an editor a reviewer, or the other way round. Raises ``InvalidInput`` for the last owner."""
    _refuse_strange(role)
    editor = _locked(editor)
    if editor.role == role:
        return editor
    _refuse_last_owner(editor)
    editor.role = role
    editor.save(update_fields=["role"])
    _tell(editor.course, [(editor.person, role)], actor)
    return editor


@transaction.atomic
def take_off(*, editor: CourseEditor, actor: User) -> None:
    """The person no longer works on the course (or leaves by their own wish); an unanswered review waits no longer.

    What they wrote and said stays. Raises ``InvalidInput`` for the last owner.
    """
    editor = _locked(editor)
    _refuse_last_owner(editor)
    unanswered = ReviewVerdict.objects.filter(person=editor.person, verdict=ReviewVerdict.Verdict.ASKED)
    unanswered.filter(review__course=editor.course, review__closed_at=None).delete()
    editor.delete()
    _tell(editor.course, [(editor.person, "")], actor)


@transaction.atomic
def hand_over(*, course: Course, to: CourseEditor, actor: User) -> CourseEditor:
    """``to`` becomes the owner, and whoever owned the course its editor. Both are told.

    Raises ``InvalidInput`` when ``to`` can no longer sign in or owns the course already, ``Conflict`` when they were taken
    off it in between.
    """
    to = _locked(to)
    if not to.person.is_active:
        raise InvalidInput(_("%(name)s can no longer sign in; choose somebody else.") % {"name": to.person})
    if to.role == Role.OWNER:
        raise InvalidInput(_("%(name)s owns this course already.") % {"name": to.person})
    before = list(CourseEditor.objects.filter(course=course, role=Role.OWNER).select_related("person"))
    CourseEditor.objects.filter(pk__in=[row.pk for row in before]).update(role=Role.EDITOR)
    to.role = Role.OWNER
    to.save(update_fields=["role"])
    _tell(course, [(to.person, Role.OWNER), *((row.person, Role.EDITOR) for row in before)], actor)
    return to


def _locked(editor: CourseEditor) -> CourseEditor:
    """The row as it is once nobody else changes who works on its course. Raises ``Conflict`` when it is gone."""
    Course.objects.select_for_update().get(pk=editor.course_id)
    row = CourseEditor.objects.select_related("person", "course").filter(pk=editor.pk).first()
    if row is None:
        raise Conflict(_("This person no longer works on the course."))
    return row


def _refuse_strange(role: str) -> None:
    if role not in GIVEN:
        message = _("Choose editor or reviewer. Ownership is handed over.")
        raise InvalidInput(message, fields={"role": message})


def _refuse_last_owner(editor: CourseEditor) -> None:
    if editor.role != Role.OWNER:
        return
    others = CourseEditor.objects.filter(course=editor.course, role=Role.OWNER).exclude(pk=editor.pk)
    if not others.exists():
        raise InvalidInput(_("A course needs an owner. Hand it over first."))


def _tell(course: Course, told: Sequence[tuple[User, str]], actor: User) -> None:
    """What ``actor`` made of each person; nobody is told what they did themselves."""
    notify_many(
        [_draft(course, person, role, actor) for person, role in told if person.pk != actor.pk and person.is_active]
    )


def _draft(course: Course, person: User, role: str, actor: User) -> Draft:
    with override(person.language or "en"):
        words = {"course": title_of(course), "name": actor}
        titles = {
            Role.OWNER: _("You own “%(course)s” now"),
            Role.EDITOR: _("You are an editor of “%(course)s” now"),
            Role.REVIEWER: _("You are a reviewer of “%(course)s” now"),
            "": _("You no longer work on “%(course)s”"),
        }
        return Draft(
            person_id=person.pk,
            kind=NOTICE_KIND,
            key=f"course_people:{course.pk}:{role}:{clock.now().isoformat()}",
            title=titles[role] % words,
            body=_("%(name)s arranged it.") % words,
            url=reverse("courses:author_people", args=[course.slug]) if role else "",
            action=_("Open the course") if role else "",
            reply_to=actor.email,
        )


def still_true(notice: Notice) -> bool:
    """May it still be mailed? Only while the person's part is the one it names."""
    _name, course, role, _at = notice.key.split(":", 3)
    now = (
        CourseEditor.objects.filter(course_id=int(course), person=notice.person_id)
        .values_list("role", flat=True)
        .first()
    )
    return (now or "") == role


NOTICE = NoticeKind(
    NOTICE_KIND,
    gettext_lazy("My part in a course"),
    help=gettext_lazy("When you become an owner, editor or reviewer of a course, or stop being one."),
    icon="user",
    still_true=still_true,
)
