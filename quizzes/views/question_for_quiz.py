"""A question that is written for one quiz: once it is ready, the quiz asks it, and its author is back on the quiz's page."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.access import draft_for
from courses.models import LessonText
from quizzes.models import Question
from quizzes.services import quiz_drafting


def quiz_asked(request: HttpRequest) -> LessonText | None:
    """The quiz that ``?quiz=<slug>/<uid>/<language>`` names, for whoever may change it; None when none is named.
    Without a language it is the course's first.

    Raises ``Http404`` or ``PermissionDenied`` as its own page would.
    """
    slug, uid, language, *_rest = [*request.GET.get("quiz", "").split("/"), "", ""]
    if not slug:
        return None
    course = draft_for(request.user, slug, edit=True)
    rows = LessonText.objects.select_related("lesson").filter(lesson__course=course, lesson__kind="quiz")
    text = rows.filter(lesson__uid=uid, language=language or course.first_language).first()
    if text is None:
        raise Http404
    text.lesson.course = course
    return text


def onward(request: HttpRequest, url: str, **more: str) -> HttpResponse:
    """To ``url``, still on the way to the quiz."""
    query = {**more, **({"quiz": request.GET["quiz"]} if request.GET.get("quiz") else {})}
    return redirect(f"{url}?{urlencode(query)}" if query else url)


def into_quiz(request: HttpRequest, text: LessonText, question: Question) -> HttpResponse:
    """The quiz asks ``question``, unless it does already; its page says so."""
    course = text.lesson.course
    act = quiz_drafting.pick([question])
    quiz_drafting.change(course=course, text=text, version=text.version, act=act, actor=request.user)
    messages.success(request, _("The quiz asks it now. Learners see it when the next edition is published."))
    here = reverse("quizzes_author:quiz", args=[course.slug, text.lesson.uid])
    query = "" if text.language == course.first_language else f"?language={text.language}"
    return redirect(f"{here}{query}#questions")
