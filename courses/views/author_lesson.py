"""Author pages: one lesson's text in the browser, with a look at it before it is saved."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import InvalidInput
from courses import markup
from courses.access import draft_for
from courses.forms import LessonForm
from courses.models import Course, LessonText
from courses.registry import blocks, kinds
from courses.selectors import words_for
from courses.services import drafts
from courses.services.editing import SomebodyWasFaster, body_faults, edit_lesson_text
from courses.views.author import author_page
from courses.views.doors import course_door

LOOK_MAX = 200_000


def _text_for(course: Course, uid: str, language: str) -> LessonText:
    """The lesson's text in ``language`` (empty: the first). Raises ``Http404`` when its kind has no text to write."""
    rows = LessonText.objects.select_related("lesson", "changed_by")
    text = get_object_or_404(rows, lesson__course=course, lesson__uid=uid, language=language or course.first_language)
    kind = kinds.get(text.lesson.kind)
    if kind is None or "body" not in kind.content_schema["properties"]:
        raise Http404
    text.lesson.course = course
    return text


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def lesson(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Read the lesson's source; owners and editors save it."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    text = _text_for(course, uid, request.GET.get("language", ""))
    source_format = text.content.get("source_format", "md")
    if request.method == "GET":
        form = LessonForm(initial=_initial(text), source_format=source_format)
        return _page(request, course, text, form)
    form = LessonForm(request.POST, source_format=source_format)
    if not form.is_valid():
        return _page(request, course, text, form, status=422)
    try:
        saved = edit_lesson_text(text=text, actor=request.user, **form.cleaned_data)
    except SomebodyWasFaster as problem:
        return _conflict(request, course, problem)
    except InvalidInput as problem:
        for sentence in problem.fields["body"].split("\n"):
            form.add_error("body", sentence)
        return _page(request, course, text, form, status=problem.status)
    if saved.version == form.cleaned_data["version"]:
        messages.info(request, _("Nothing has changed."))
    else:
        messages.success(request, _("Saved. Learners see it when the next edition is published."))
    return redirect(request.get_full_path())


def _initial(text: LessonText) -> dict[str, Any]:
    return {
        "title": text.title,
        "minutes": text.minutes,
        "body": text.content.get("body", ""),
        "version": text.version,
    }


def _conflict(request: HttpRequest, course: Course, problem: SomebodyWasFaster) -> HttpResponse:
    """Both texts; saving again replaces the other person's, knowingly."""
    data = request.POST.copy()
    data["version"] = str(problem.current.version)
    form = LessonForm(data, source_format=problem.current.content.get("source_format", "md"))
    context = {"problem": problem, "theirs": problem.current}
    problem.current.lesson.course = course
    return _page(request, course, problem.current, form, context, status=problem.status)


def _page(
    request: HttpRequest,
    course: Course,
    text: LessonText,
    form: LessonForm,
    more: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    body = str(form["body"].value() or "")
    context = {
        "form": form,
        "text": text,
        "kind": kinds[text.lesson.kind],
        "languages": list(text.lesson.texts.order_by("pk").values_list("language", flat=True)),
        "look": _look(request, course, text, body),
        **(more or {}),
    }
    return author_page(request, "lesson", course, context, status=status)


def _look(request: HttpRequest, course: Course, text: LessonText, body: str) -> dict[str, Any]:
    """``body`` as learners would see it, and what is wrong in it. Blocks are only named. Nothing is kept."""
    body = markup.normalise(body[:LOOK_MAX])
    if text.content.get("source_format") == "html":
        segments: list[dict[str, Any]] = [{"html": markup.sanitise(body)}]
    else:
        segments, _headings = markup.render_segments(body, media=drafts.media_of(course), names=list(blocks))
    words = words_for(request.user)
    for segment in segments:
        if "html" in segment:
            segment["html"] = markup.resolve(segment["html"], course_slug=course.slug, words=words)
    faults = body_faults(course=course, text=text, body=body) if body else []
    return {"segments": segments, "faults": faults}


@require_POST
@login_required
@course_door
def look(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """What is being typed, as learners would see it."""
    course = draft_for(request.user, slug)
    text = _text_for(course, uid, request.GET.get("language", ""))
    if not request.htmx:
        form = LessonForm(request.POST, source_format=text.content.get("source_format", "md"))
        return _page(request, course, text, form)
    context = {"look": _look(request, course, text, request.POST.get("body", ""))}
    return render(request, "courses/author/lesson.html#look", context)
