"""The player: a lesson of any kind with its outline, and what is done in it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from core.http import render_page
from courses.access import may_edit, player_for
from courses.registry import PlayerLesson, blocks, kinds
from courses.selectors import outline_rows
from courses.services import recording, reporting
from courses.views.doors import course_door


def lesson_context(request: HttpRequest, player: PlayerLesson, **more: Any) -> dict[str, Any]:
    """What every lesson page needs, whatever its kind; ``quizzes`` uses it for its own pages."""
    before, after = player.outline.around(player.lesson.uid)
    return {
        "player": player,
        "kind": kinds[player.lesson.kind],
        "outline": outline_rows(player.outline, player.standing, current=player.lesson.uid),
        "number": player.outline.by_uid[player.lesson.uid].number,
        "before": before,
        "after": after,
        "here": reverse("courses:lesson", args=[player.course.slug, player.lesson.uid]),
        "query": f"?preview={player.token}" if player.token else "",
        "state": player.standing.lessons.get(player.lesson.uid),
        "keeps": request.user.is_authenticated and not player.preview,
        "form_key": uuid.uuid4().hex,
        **more,
    }


def show_lesson(
    request: HttpRequest,
    player: PlayerLesson,
    *,
    answered: Mapping[str, Any] | None = None,
    report_error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The lesson's page; ``answered`` holds the context of check questions that were just answered, by block id."""
    kind = kinds[player.lesson.kind]
    context = lesson_context(request, player, report_error=report_error, report_text=request.POST.get("text", ""))
    context["segments"] = _segments(player, answered or {})
    context.update(kind.context(request, player))
    if _is_broken(player):
        context["may_edit"] = may_edit(request.user, player.course)
    return render(request, kind.template, context, status=status)


def _is_broken(player: PlayerLesson) -> bool:
    return bool(player.rendered.get("video", {}).get("fault"))


def _segments(player: PlayerLesson, answered: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lesson's text, and its check questions with the template that shows each."""
    shown = []
    for segment in player.rendered.get("segments", ()):
        if "block" not in segment:
            shown.append(segment)
        elif segment["block"] in blocks:
            template = blocks[segment["block"]].template
            shown.append({**segment, "template": template, "answered": answered.get(segment["id"], {})})
    return shown


@require_GET
@course_door
def lesson(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Read a lesson. Nothing is written; the page's script says that it was opened."""
    return show_lesson(request, player_for(request, slug, uid))


@require_GET
@course_door
def transcript(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """The transcript of a video as a text file."""
    player = player_for(request, slug, uid)
    cues = player.rendered.get("video", {}).get("cues")
    if not cues:
        raise Http404
    lines = [player.title, "", *(cue["text"] for cue in cues), ""]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{uid}.txt"'
    return response


@require_POST
@course_door
def do(request: HttpRequest, slug: str, uid: str, verb: str) -> HttpResponse:
    """A lesson's own POST: the verbs all kinds share, else the kind's."""
    player = player_for(request, slug, uid)
    action = SHARED.get(verb) or kinds[player.lesson.kind].actions().get(verb)
    if action is None:
        raise Http404
    try:
        return action(request, player)
    except DomainError as problem:
        return _refused(request, player, problem)


def _refused(request: HttpRequest, player: PlayerLesson, problem: DomainError) -> HttpResponse:
    if request.content_type == "application/json" or "beat" in request.POST:
        return JsonResponse({"title": problem.message, "status": problem.status}, status=problem.status)
    messages.error(request, problem.message)
    return show_lesson(request, player, status=problem.status)


def opened(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """The beacon that a lesson page sends once it is shown."""
    if request.user.is_authenticated and not player.preview:
        key = f"opened:{player.lesson.uid}:{request.POST.get('key', '')[:40]}"
        recording.record(player=player, learner=request.user, kind="opened", key=key)
    return HttpResponse(status=204)


def check(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """Answer a check question: nothing is kept, so visitors get their answer too."""
    wanted = request.POST.get("block", "")
    segment = next((each for each in _segments(player, {}) if "block" in each and each["id"] == wanted), None)
    if segment is None:
        raise Http404
    answered = blocks[segment["block"]].do(request, player, segment["source"])
    if request.htmx:
        context = lesson_context(request, player, segment={**segment, "answered": answered})
        return render_page(request, "courses/check.html", "block", context)
    return show_lesson(request, player, answered={wanted: answered})


def report(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """'Something is wrong here': to the people who make the course."""
    try:
        reporting.report_lesson(
            course=player.course,
            edition=player.edition,
            lesson_uid=player.lesson.uid,
            lesson_title=player.title,
            text=request.POST.get("text", ""),
            reporter=request.user if request.user.is_authenticated else None,
        )
    except DomainError as problem:
        return show_lesson(request, player, report_error=problem.message, status=problem.status)
    messages.success(request, _("Thank you. The people who make this course will read it."))
    url = reverse("courses:lesson", args=[player.course.slug, player.lesson.uid])
    return redirect(f"{url}?preview={player.token}" if player.token else url)


SHARED = {"opened": opened, "check": check, "report": report}
