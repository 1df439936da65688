"""Saving an answer as it is given: the door that the page's script uses. It answers in words, never with a page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.errors import DomainError
from quizzes.access import slot_for
from quizzes.models import Slot
from quizzes.registry import types
from quizzes.services.answering import Standing, save_answer

DIGITS_MOST = 16
MS_MOST = 2**31 - 1  # as a question's time is kept


def whole(data: QueryDict, name: str) -> int | None:
    """The whole number in ``data``, None where there is none; a greater one than anybody counts is none."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS_MOST else None


def extras(data: QueryDict) -> dict[str, Any]:
    """What a form says beside the answer: how sure one is, and the milliseconds spent on the question so far."""
    ms = whole(data, "ms")
    return {"certainty": whole(data, "certainty"), "ms": None if ms is None else min(ms, MS_MOST)}


def given(slot: Slot, data: QueryDict) -> Any:
    """The answer in a form's data, as the type of the question reads it."""
    return types[slot.version.type].parse(slot.version.content, data, "answer")


@never_cache
@require_POST
def save(request: HttpRequest, slug: str, uid: str, number: int) -> HttpResponse:
    """Save the answer to question ``number`` of the attempt that the form names.

    The attempt is named because an answer may have waited in the browser until the next attempt began, and in a course
    that has moved meanwhile. Five statements, with those of the session and the person.
    """
    data = request.POST
    # A browser that several people use: an answer that waited for its person is not judged by somebody else's rights.
    somebody_else = data.get("person") and data["person"] != str(getattr(request.user, "uuid", ""))
    if not request.user.is_authenticated or somebody_else:
        return _said(_("You are signed out. Sign in on another tab; your answer is kept on this device."), 401)
    try:
        slot = slot_for(request.user, whole(data, "attempt") or 0, number)
        if slot.attempt.lesson_uid != uid:
            raise Http404
        seq = whole(data, "seq") or 0
        standing = save_answer(
            slot=slot, answer=given(slot, data), client_id=data.get("client_id", ""), seq=seq, **extras(data)
        )
    except Http404:
        return _said(_("This question is not there any more. Load the page again."), 404)
    except DomainError as problem:
        return _said(str(problem), problem.status)
    return JsonResponse({**_numbered(standing), "words": words_for(standing)})


def _said(words: str, status: int) -> HttpResponse:
    return JsonResponse({"words": words}, status=status)


def _numbered(standing: Standing) -> dict[str, Any]:
    return {name: getattr(standing, name) for name in ("seq", "client_id", "stands", "other_device")}


def words_for(standing: Standing) -> str:
    """What the page says of an answer that was saved."""
    if standing.other_device:
        return _("You answered this on another device; the newer answer stands and is shown here.")
    return _("Saved")
