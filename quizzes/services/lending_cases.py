"""Authors lend each other cases: share one, take one into a lesson of one's own, withdraw it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, InvalidInput
from courses import markup
from courses.models import Course, LessonText
from quizzes.engines.base import LINE
from quizzes.engines.registry import engines
from quizzes.models import SharedCase
from quizzes.services.case_drafting import Case, case_faults, case_of, digest, fresh_name, gathered, new_uid, save_case


@dataclass(frozen=True)
class Terms:
    """On what terms a case is shared."""

    licence: str
    credit: str
    audience: str
    topic: str


@transaction.atomic
def share_case(*, course: Course, text: LessonText, uid: str, terms: Terms, actor: User) -> SharedCase:
    """Offer the case ``uid`` of ``text`` as it stands; sharing it again offers it as it stands then.

    Raises ``Conflict`` when it is gone, ``InvalidInput`` when it is not sound or the audience makes no sense.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    content = LessonText.objects.get(pk=text.pk).content
    case = case_of(content, uid)
    if case is None:
        raise Conflict(_("This case is no longer there."))
    if faults := case_faults(engines[content["engine"]], case):
        raise InvalidInput(_("Mend the case first: what is shared must work."), fields=gathered(faults))
    if terms.audience != SharedCase.Audience.PUBLIC and course.organisation_id is None:
        message = _("The course belongs to no library; share it with all instructors.")
        raise InvalidInput(message, fields={"audience": message})
    came_of = SharedCase.objects.filter(uid=case.get("forked_from", "")).first()
    said = {
        "engine": content["engine"],
        "title": case["title"],
        "level": case.get("level", "working"),
        "topic": terms.topic,
        "words": f"{case['title']} {markup.plain(markup.render(case.get('brief', '')))}",
        "content": _to_lend(case),
        "licence": terms.licence,
        "credit": terms.credit,
        "audience": terms.audience,
        "organisation_id": course.organisation_id,
        "forked_from": came_of,
        "shared_by": actor,
        "shared_at": clock.now(),
        "withdrawn_at": None,
    }
    where = {"course": course, "lesson_uid": text.lesson.uid, "language": text.language, "case_uid": uid}
    shared, _made = SharedCase.objects.update_or_create(
        **where, defaults=said, create_defaults={**said, "uid": fresh_name()}
    )
    return shared


def _to_lend(case: Mapping[str, Any]) -> Case:
    """``case`` without what belongs to its course: ways back to lessons that others do not have."""
    back = {key: ref for key, ref in case.get("back_to", {}).items() if "/" in ref}
    kept = {key: value for key, value in case.items() if key not in ("back_to", "forked_from")}
    return {**kept, "back_to": back} if back else kept


def withdraw_case(*, shared: SharedCase) -> SharedCase:
    """Offer it no longer; what others took of it stays theirs. A second call changes nothing."""
    if shared.withdrawn_at is None:
        shared.withdrawn_at = clock.now()
        shared.save(update_fields=["withdrawn_at"])
    return shared


def take_case(*, shared: SharedCase, course: Course, text: LessonText, actor: User) -> Case:
    """Put a copy of ``shared`` at the end of the lesson ``text``: with a uid of its own, its origin named and kept.

    Raises ``Conflict`` when it is no longer offered or the lesson practises something else.
    """
    if shared.withdrawn_at is not None:
        raise Conflict(_("This case is no longer offered."))
    if text.content.get("engine") != shared.engine:
        raise Conflict(_("That lesson practises something else."))
    after = _("After “%(title)s” by %(name)s") % {"title": shared.title, "name": shared.credit}
    credit = "; ".join(filter(None, (after, shared.content.get("credit", ""))))
    case = {
        **shared.content,
        "uid": new_uid(shared.title, text.content.get("cases", ())),
        "credit": credit[:LINE],
        "forked_from": shared.uid,
    }
    return save_case(course=course, text=text, was="", seen=digest(None), case=case, actor=actor)
