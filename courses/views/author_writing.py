"""Author pages: what helps to write one lesson's text. Pasting, pictures, the way from one format to the other."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from courses import bodies, converting, markup, pasting
from courses.access import draft_for
from courses.models import Course, LessonText
from courses.registry import blocks
from courses.selectors import words_for
from courses.services import drafts
from courses.services.editing import SomebodyWasFaster
from courses.services.pictures import add_picture
from courses.services.rewriting import convert as convert_text
from courses.views.author import author_page
from courses.views.author_lesson import text_for
from courses.views.doors import course_door


@require_POST
@login_required
@course_door
def paste(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """What was on the clipboard, cleaned, in the format of the lesson. Nothing is kept."""
    course = draft_for(request.user, slug, edit=True)
    text = text_for(course, uid, request.GET.get("language", ""))
    found = pasting.pasted(
        html=request.POST.get("html", ""),
        text=request.POST.get("text", ""),
        to=bodies.format_of(text.content),
        names=list(blocks),
    )
    said = ngettext(
        "%(n)d picture could not come along. Put it in by “Picture” where its words stand.",
        "%(n)d pictures could not come along. Put them in by “Picture” where their words stand.",
        found.pictures,
    )
    return JsonResponse({"text": found.text, "said": said % {"n": found.pictures} if found.pictures else ""})


class PictureForm(forms.Form):
    picture = forms.FileField()


@require_POST
@login_required
@course_door
def picture(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Keep a picture among the course's files; its name, or why it cannot be used."""
    course = draft_for(request.user, slug, edit=True)
    text_for(course, uid, request.GET.get("language", ""))
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"said": _("Choose a picture first.")}, status=422)
    try:
        held = add_picture(course=course, upload=form.cleaned_data["picture"])
    except DomainError as problem:
        return JsonResponse({"said": problem.message}, status=problem.status)
    url = reverse("courses:media", args=[slug, held.media.sha256, held.name])
    return JsonResponse({"name": held.name, "url": url})


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def convert(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Turn a lesson into rich text, or into Markdown: first a look at what comes of it, then it is done."""
    course = draft_for(request.user, slug, edit=True)
    text = text_for(course, uid, request.GET.get("language", ""))
    problem = ""
    if request.method == "POST":
        version, to = request.POST.get("version", ""), request.POST.get("to", "")
        try:
            convert_text(
                text=text,
                version=int(version) if version.isdecimal() and len(version) < 10 else 0,
                to=to,
                actor=request.user,
            )
        except SomebodyWasFaster as faster:
            problem = _("The lesson has been saved since you looked. Look at this again.")
            text = faster.current
        except DomainError as refused:
            problem = refused.message
        else:
            done = _("The lesson is rich text now.") if to == bodies.HTML else _("The lesson is Markdown now.")
            messages.success(request, f"{done} {_('What it was stands in its history.')}")
            return redirect(f"{reverse('courses:author_lesson', args=[slug, uid])}?language={text.language}")
    context = {"text": text, "problem": problem, **_result(request, course, text)}
    return author_page(
        request, "lesson", course, context, status=409 if problem else 200, template="courses/author/convert.html"
    )


def _result(request: HttpRequest, course: Course, text: LessonText) -> dict[str, Any]:
    """What would come of it, as learners see it and as it is written."""
    form, body = bodies.format_of(text.content), markup.normalise(str(text.content.get("body", "")))
    to = bodies.MARKDOWN if form == bodies.HTML else bodies.HTML
    result = converting.converted(body, form, to, list(blocks))
    segments, _headings = bodies.render_segments(result, to, media=drafts.media_of(course), names=list(blocks))
    words = words_for(request.user)
    for segment in segments:
        if "html" in segment:
            segment["html"] = markup.resolve(segment["html"], course_slug=course.slug, words=words)
    losses = converting.losses(body) if form == bodies.HTML else []
    return {"to": to, "result": result, "look": {"segments": segments}, "losses": losses}
