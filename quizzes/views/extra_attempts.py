"""Author pages: who has one more attempt at a quiz of a course than its rule allows."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from courses.access import draft_for
from courses.models import Course
from courses.views.author import author_page
from courses.views.doors import course_door
from quizzes.forms.extra_attempt import ExtraAttemptForm
from quizzes.models import ExtraAttempt
from quizzes.selectors.extra_attempts import limited_in
from quizzes.services.granting_attempts import give_attempt, take_attempt_back
from quizzes.views.extra_time import FOUND_MOST, PAGE, WORDS_LEAST, first_found, words_in


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def extra_attempts(request: HttpRequest, slug: str) -> HttpResponse:
    """What was given so far; giving one more to a learner that was found by name or address."""
    course = draft_for(request.user, slug, edit=True)
    words = words_in(request, "person")
    people, more = first_found(course, words)
    found = limited_in(people, request.user.language or course.first_language)
    form = ExtraAttemptForm(request.POST or None, found=found) if found else None
    if request.method == "POST" and form is not None and form.is_valid():
        quiz = form.chosen
        try:
            extra = give_attempt(
                enrolment=quiz.enrolment, lesson_uid=quiz.uid, reason=form.cleaned_data["reason"], by=request.user
            )
        except DomainError as problem:
            form.refuse(problem)
        else:
            messages.success(request, form.outcome(extra))
            return redirect("quizzes_author:extra_attempts", slug)
    return _page(request, course, form, words, more=more)


def _page(
    request: HttpRequest, course: Course, form: ExtraAttemptForm | None, words: str, *, more: bool
) -> HttpResponse:
    rows = ExtraAttempt.objects.filter(enrolment__course=course, taken_back_at=None)
    rows = rows.select_related("enrolment__learner", "given_by").order_by("-given_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    known = limited_in((each.enrolment for each in page), request.user.language or course.first_language)
    quizzes = {(each.enrolment.pk, each.uid): each for each in known}
    context: dict[str, Any] = {
        "page": page,
        "rows": [(each, quizzes.get((each.enrolment_id, each.lesson_uid))) for each in page],
        "words": words,
        "more": FOUND_MOST if more else 0,
        "too_short": bool(words) and len(words) < WORDS_LEAST,
        "form": form,
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    template = "quizzes/author/extra_attempts.html"
    return author_page(request, "extra-attempts", course, context, status=status, template=template)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then take back an attempt that is not used."""
    course = draft_for(request.user, slug, edit=True)
    rows = ExtraAttempt.objects.filter(enrolment__course=course, taken_back_at=None)
    extra = get_object_or_404(rows.select_related("enrolment__learner"), pk=pk)
    if request.method == "GET":
        return render(request, "quizzes/author/extra_attempt_remove.html", {"course": course, "extra": extra})
    try:
        take_attempt_back(extra=extra, by=request.user)
    except DomainError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The attempt of %(name)s is taken back.") % {"name": extra.enrolment.learner})
    return redirect("quizzes_author:extra_attempts", slug)
