"""Author pages: the chapters of a video, beside it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from courses import chapter_rows
from courses.access import draft_for
from courses.chapter_rows import Chapter
from courses.models import LessonText
from courses.services.captioning import (
    CHAPTERS,
    CaptionsChanged,
    Track,
    duration_of,
    remove_track,
    save_track,
    track_of,
)
from courses.views.author import author_page
from courses.views.author_captions import asked_of, player_of, video_text
from courses.views.doors import course_door


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def chapters(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Titles and times; ``act`` adds a row, takes one out, or saves. Without a row left there are no chapters."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    text = video_text(course, uid, request.GET.get("language", ""))
    track = track_of(text, CHAPTERS)
    if request.method == "GET":
        return _page(request, text, track, chapter_rows.of_document(track.document))
    rows = chapter_rows.read(request.POST)
    verb = request.POST.get("act", "save")
    if verb == "add":
        return _page(request, text, track, [*rows, Chapter()], focus=len(rows) + 1)
    if verb.startswith("remove:"):
        number = verb.removeprefix("remove:")
        kept = [row for place, row in enumerate(rows) if str(place) != number]
        return _page(request, text, track, kept, focus=len(kept))
    if ":" in verb:
        return _page(request, text, track, rows)
    return _save(request, text, track, rows)


def _save(request: HttpRequest, text: LessonText, track: Track, rows: list[Chapter]) -> HttpResponse:
    duration = duration_of(text)
    rows = chapter_rows.told(rows, duration_ms=duration)
    if any(row.wrong for row in rows):
        return _page(request, text, track, rows, status=422)
    given: dict[str, Any] = {"text": text, "language": CHAPTERS, "base": request.POST.get("base", "")}
    given["actor"] = request.user
    try:
        if rows:
            save_track(**given, document=chapter_rows.document(rows, duration_ms=duration))
        else:
            remove_track(**given)
    except DomainError as problem:
        current = problem.current if isinstance(problem, CaptionsChanged) else track
        return _page(request, text, current, rows, problem=problem, status=problem.status)
    messages.success(request, _("Chapters saved.") if rows else _("The lesson has no chapters now."))
    return redirect(request.get_full_path())


def _page(
    request: HttpRequest, text: LessonText, track: Track, rows: list[Chapter], *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "text": text,
        "track": track,
        "rows": rows or [Chapter(start="0:00.000")],
        "faulty": [number for number, row in enumerate(rows, start=1) if row.wrong],
        "theirs": chapter_rows.of_document(track.document) if more.get("problem") else [],
        "player": player_of(text.lesson.course, text),
        "asked": asked_of(request, text),
        **more,
    }
    return author_page(
        request, "lesson", text.lesson.course, context, status=status, template="courses/author/chapters.html"
    )
