"""Private words between the authors of a course: about a lesson, a passage of it, or the whole course."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.announcing import Draft, notify_many
from core import clock
from core.errors import InvalidInput
from courses.models import Course, CourseEditor, Remark, Review

NOTICE_KIND = "lesson_remark"
BODY_MAX = 4000
QUOTE_MAX = 600
MAKERS = (CourseEditor.Role.OWNER, CourseEditor.Role.EDITOR)


@transaction.atomic
def remark(
    *,
    course: Course,
    author: User,
    body: str,
    lesson_uid: str = "",
    language: str = "",
    quote: str = "",
    review: Review | None = None,
    answers: Remark | None = None,
) -> Remark:
    """Keep a word of ``author`` and tell the owners, the editors and whoever spoke in the same thread.

    An answer stands with the remark that began its thread, about the same place; answering a settled one opens it
    again. Raises ``InvalidInput`` when ``body`` is empty or longer than the column.
    """
    body = body.strip()
    if not body:
        raise InvalidInput(_("Write your note."), fields={"body": _("Write your note.")})
    if len(body) > BODY_MAX or "\0" in body:
        sentence = _("Keep it to %(limit)d characters.") % {"limit": BODY_MAX}
        raise InvalidInput(sentence, fields={"body": sentence})
    first = (answers.answers or answers) if answers else None
    if first is not None:
        lesson_uid, language, quote, review = first.lesson_uid, first.language, "", first.review
        reopen(remark=first)
    said = Remark.objects.create(
        course=course,
        author=author,
        body=body,
        lesson_uid=lesson_uid,
        language=language,
        quote=" ".join(quote.replace("\0", "").split())[:QUOTE_MAX],
        review=review,
        answers=first,
    )
    _tell(said)
    return said


def _tell(said: Remark) -> None:
    url = reverse("courses:author_remarks", args=[said.course.slug])
    first = said.answers_id or said.pk
    title = _("%(name)s answered in “%(course)s”") if said.answers_id else _("%(name)s left a note in “%(course)s”")
    notify_many(
        [
            Draft(
                person_id=person,
                kind=NOTICE_KIND,
                key=f"remark:{said.pk}",
                title=title % {"name": said.author, "course": said.course.code},
                body=said.body[:500],
                url=f"{url}?thread={first}#remark-{first}",
                action=_("Read it"),
            )
            for person in sorted(_listeners(said))
        ]
    )


def _listeners(said: Remark) -> set[int]:
    """Who is told: the makers of the course, and the others of the thread while they have a hand in the course."""
    rows = CourseEditor.objects.filter(course=said.course, person__is_active=True)
    hands = dict(rows.values_list("person_id", "role"))
    told = {person for person, role in hands.items() if role in MAKERS}
    if said.answers_id:
        thread = Remark.objects.filter(answers=said.answers_id) | Remark.objects.filter(pk=said.answers_id)
        told |= set(thread.values_list("author_id", flat=True)) & set(hands)
    return told - {said.author_id}


def settle(*, remark: Remark, actor: User) -> Remark:
    """Nothing is left to do about it; the first to say so is named."""
    Remark.objects.filter(pk=remark.pk, settled_at=None).update(settled_at=clock.now(), settled_by=actor)
    remark.refresh_from_db()
    return remark


def reopen(*, remark: Remark) -> Remark:
    """There is something to do about it after all."""
    Remark.objects.filter(pk=remark.pk).update(settled_at=None, settled_by=None)
    remark.refresh_from_db()
    return remark
