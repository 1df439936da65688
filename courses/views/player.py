"""The player: a lesson of any kind with its outline, and what is done in it."""

import datetime as dt
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
from courses import captions
from courses.access import doing_for, may_edit, player_for
from courses.crediting import credits_of
from courses.media_probe import FAULTS
from courses.registry import LeadingBlock, PlayerLesson, blocks, kinds
from courses.selectors import done_uids, outline_rows
from courses.selectors.languages import language_name
from courses.selectors.reviewing import review_in_preview
from courses.services import recording, reporting
from courses.services.feedback import give_feedback
from courses.views.doors import course_door


def lesson_context(request: HttpRequest, player: PlayerLesson, **more: Any) -> dict[str, Any]:
    """What every lesson page needs, whatever its kind; ``quizzes`` uses it for its own pages."""
    before, after = player.outline.around(player.lesson.uid)
    checked_on = player.outline.about.get("checked_on")
    return {
        "player": player,
        "kind": kinds[player.lesson.kind],
        # Functions: a template that does not show the outline does not pay for it.
        "outline": lambda: outline_rows(player.outline, player.standing, current=player.lesson.uid),
        "number": player.outline.by_uid[player.lesson.uid].number,
        "before": before,
        "after": after,
        "base": reverse("courses:course", args=[player.course.slug]),
        "here": reverse("courses:lesson", args=[player.course.slug, player.lesson.uid]),
        "query": f"?preview={player.token}" if player.token else "",
        "state": player.standing.lessons.get(player.lesson.uid),
        "done_count": lambda: len(done_uids(player.standing)),
        "keeps": request.user.is_authenticated and not player.preview,
        "given": getattr(player.enrolment, "said", None),
        "form_key": uuid.uuid4().hex,
        "checked_on": dt.date.fromisoformat(checked_on) if checked_on else None,
        "file_credits": credits_of(player.outline.about, player.lesson.uid),
        "language_name": language_name(player.language),
        "reviewing": lambda: review_in_preview(request.user, player.edition) if player.preview else None,
        **more,
    }


def show_lesson(
    request: HttpRequest,
    player: PlayerLesson,
    *,
    answered: Mapping[str, Any] | None = None,
    report_error: str = "",
    looking: bool = False,
    more: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The lesson's page; ``answered`` holds the context of check questions that were just answered, by block id.

    ``looking``: an author looks at the draft from the page where it is written; links then open beside it.
    """
    kind = kinds[player.lesson.kind]
    context = lesson_context(request, player, report_error=report_error, report_text=request.POST.get("text", ""))
    context.update(more or {})
    context["looking"] = looking
    context["segments"] = segments(player, answered or {})
    context["check_count"] = sum(len(each.get("checks", ())) for each in context["segments"])
    context.update(kind.context(request, player))
    fault = (player.rendered.get("video") or {}).get("fault")
    if fault and may_edit(request.user, player.course):
        context["fault"] = FAULTS.get(fault, fault)
    return render(request, kind.template, context, status=status)


def segments(player: PlayerLesson, answered: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lesson's text; check questions that follow each other stand together, each with the template that shows it."""
    shown: list[dict[str, Any]] = []
    for segment in player.rendered.get("segments", ()):
        if "block" not in segment:
            shown.append(segment)
            continue
        block = blocks.get(segment["block"])
        if block is None:
            continue
        check = {**segment, "template": block.template, "answered": answered.get(segment["id"], {})}
        if isinstance(block, LeadingBlock):
            shown.append({"card": check})
        elif shown and "checks" in shown[-1]:
            shown[-1]["checks"].append(check)
        else:
            shown.append({"checks": [check]})
    return shown


@require_GET
@course_door
def lesson(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Read a lesson. Nothing is written; the page's script says that it was opened."""
    return show_lesson(request, player_for(request, slug, uid))


@require_GET
@course_door
def transcript(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """The transcript of a video as a text file, in another language if ``language`` asks for one that is there."""
    player = player_for(request, slug, uid)
    code, cues = captions.transcript_of(player.rendered.get("video") or {}, request.GET.get("language", ""))
    if not cues:
        raise Http404
    lines = [player.title, "", *(cue["text"] for cue in cues), ""]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    other = f".{code}" if code != player.rendered["video"]["language"] else ""
    response["Content-Disposition"] = f'attachment; filename="{slug}-{uid}{other}.txt"'
    return response


@require_POST
@course_door
def do(request: HttpRequest, slug: str, uid: str, verb: str) -> HttpResponse:
    """A lesson's own POST: the verbs all kinds share, else the kind's. In a preview nothing is lean: nothing is kept."""
    player = (
        doing_for(request.user, slug, uid) if verb in LEAN and "preview" not in request.GET else None
    ) or player_for(request, slug, uid)
    action = SHARED.get(verb) or kinds[player.lesson.kind].actions().get(verb)
    if action is None:
        raise Http404
    try:
        return action(request, player)
    except DomainError as problem:
        return _refused(request, player, problem, by_script=verb in BY_SCRIPT)


def _refused(request: HttpRequest, player: PlayerLesson, problem: DomainError, *, by_script: bool) -> HttpResponse:
    if by_script:
        return JsonResponse({"title": problem.message, "status": problem.status}, status=problem.status)
    messages.error(request, problem.message)
    if not player.rendered:
        return redirect("courses:lesson", slug=player.course.slug, uid=player.lesson.uid)
    return show_lesson(request, player, status=problem.status)


def opened(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """The beacon that a lesson page sends once it is shown."""
    if request.user.is_authenticated and not player.preview:
        key = f"opened:{player.lesson.uid}:{request.POST.get('key', '')[:40]}"
        recording.record(player=player, learner=request.user, kind="opened", key=key)
    return HttpResponse(status=204)


def answer_check(request: HttpRequest, player: PlayerLesson, *, looking: bool = False) -> HttpResponse:
    """Answer a check question: nothing is kept, so visitors get their answer too. ``looking`` as for ``show_lesson``."""
    wanted = request.POST.get("block", "")
    found = [check for segment in segments(player, {}) for check in segment.get("checks", ()) if check["id"] == wanted]
    if not found:
        raise Http404
    check = found[0]
    answered = blocks[check["block"]].do(request, player, check["source"])
    if request.htmx:
        context = lesson_context(request, player, check={**check, "answered": answered}, looking=looking)
        return render_page(request, "courses/check.html", "question", context)
    return show_lesson(request, player, answered={wanted: answered}, looking=looking)


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


def clear(request: HttpRequest, player: PlayerLesson) -> HttpResponse:
    """'Was this clear?': one answer a learner and lesson, which may be changed. Of others nothing is kept."""
    here = reverse("courses:lesson", args=[player.course.slug, player.lesson.uid])
    if player.preview or not request.user.is_authenticated:
        return redirect(f"{here}?preview={player.token}" if player.token else here)
    words = request.POST.get("words", "")
    try:
        given = give_feedback(
            enrolment=player.enrolment,
            edition=player.edition,
            lesson_uid=player.lesson.uid,
            learner=request.user,
            clear={"yes": True, "no": False}.get(request.POST.get("clear", "")),
            words=words,
        )
    except DomainError as problem:
        refused = {"clear_error": problem.message, "clear_words": words}
        if not request.htmx:
            return show_lesson(request, player, more=refused, status=problem.status)
        return render_page(request, CLEAR, "clear", lesson_context(request, player, **refused), status=problem.status)
    if not request.htmx:
        return redirect(f"{here}#clear")
    return render_page(request, CLEAR, "clear", lesson_context(request, player, given=given))


CLEAR = "courses/clear.html"

# Verbs that only record: they need no outline and no text.
LEAN = frozenset({"opened", "beat", "done"})
BY_SCRIPT = frozenset({"opened", "beat"})
SHARED = {"opened": opened, "check": answer_check, "report": report, "clear": clear}
