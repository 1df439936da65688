"""Author pages: a language more for a course, and one less."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import InvalidInput
from courses.access import draft_for
from courses.forms_details import LanguageForm
from courses.selectors.languages import held_in, language_name, resting_languages
from courses.services import founding
from courses.views.author import author_page
from courses.views.author_details import page_of_refused_language
from courses.views.doors import course_door


@require_POST
@login_required
@course_door
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """One more language of the course: its words are asked for next, unless it was there before.

    ``at`` is the place that it had, when its taking out is undone.
    """
    course = draft_for(request.user, slug, edit=True)
    back = reverse("courses:author_details", args=[slug])
    if request.POST.get("language") in course.languages:
        return redirect(f"{back}?{urlencode({'language': request.POST['language']})}")  # asked for twice
    form = LanguageForm(request.POST, held=course.languages)
    if not form.is_valid():
        return page_of_refused_language(request, course, form)
    language = form.cleaned_data["language"]
    rested = language in dict(resting_languages(course))
    at = request.POST.get("at", "")
    founding.add_language(course=course, language=language, at=int(at) if at.isdecimal() and len(at) < 3 else None)
    if rested:
        messages.success(request, _("The language is back, with everything that was written in it."))
    else:
        messages.success(request, _("Say in this language what the course is about; lessons follow one by one."))
    return redirect(f"{back}?language={language}")


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def remove(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Say what goes, ask, then take the language out of the draft; the details then offer to put it back."""
    course = draft_for(request.user, slug, edit=True)
    if language not in course.languages:
        raise Http404
    problem, status = "", 200
    if request.method == "POST":
        try:
            at = founding.remove_language(course=course, language=language)
            return redirect(f"{reverse('courses:author_details', args=[slug])}?removed={language}&at={at}#languages")
        except InvalidInput as refused:
            problem, status = str(refused), refused.status
    context = {
        "language": language,
        "tongue": language_name(language),
        "first": language_name(course.first_language),
        "is_first": language == course.first_language,
        "held": held_in(course, language),
        "problem": problem,
    }
    return author_page(request, "language_remove", course, context, status=status)
