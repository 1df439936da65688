"""Author pages: who has more time in the timed quizzes of a course."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Membership
from courses.access import draft_for
from courses.models import Course, Enrolment
from courses.views.author import author_page
from courses.views.doors import course_door
from quizzes.forms.extra_time import ExtraTimeForm
from quizzes.models import ExtraTime
from quizzes.services.granting import give_extra_time

PAGE, FOUND_MOST, WORDS_MAX, WORDS_LEAST = 25, 20, 100, 2


def words_in(request: HttpRequest, name: str) -> str:
    """What was looked for under ``name``."""
    return " ".join(request.GET.get(name, "").split())[:WORDS_MAX]


def learners_found(course: Course, words: str) -> QuerySet[Enrolment]:
    """Learners of ``course`` whose name holds ``words``, or whose address they are. Addresses are not given away."""
    enrolments = Enrolment.objects.live().filter(course=course)
    if len(words) < WORDS_LEAST:
        return enrolments.none()
    wanted = Q(learner__name__icontains=words) | Q(learner__email__iexact=words)
    places = Prefetch("learner__memberships", Membership.objects.select_related("organisation"))
    return enrolments.filter(wanted).select_related("learner").prefetch_related(places).order_by("learner__name", "pk")


def first_found(course: Course, words: str) -> tuple[list[Enrolment], bool]:
    """The first of ``learners_found``, and whether there are more than a page can offer."""
    people = list(learners_found(course, words)[: FOUND_MOST + 1])
    return people[:FOUND_MOST], len(people) > FOUND_MOST


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def extra_time(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has how much more; giving it to a learner that was found by name or address."""
    course = draft_for(request.user, slug, edit=True)
    words = words_in(request, "person")
    found = learners_found(course, words)
    form = ExtraTimeForm(request.POST or None, found=found) if words else None
    if request.method == "POST" and form is not None and form.is_valid():
        learner, percent = form.cleaned_data["person"].learner, form.cleaned_data["percent"]
        give_extra_time(course=course, learner=learner, percent=percent, by=request.user)
        said = _("%(name)s has %(percent)d%% more time from now on.")
        messages.success(request, said % {"name": learner, "percent": percent})
        return redirect("quizzes_author:extra_time", slug)
    return _page(request, course, form, words)


def _page(request: HttpRequest, course: Course, form: ExtraTimeForm | None, words: str) -> HttpResponse:
    q = words_in(request, "q")
    rows = (
        course.extra_times.filter(percent__gt=0).select_related("learner", "given_by").order_by("learner__name", "pk")
    )
    wanted = rows.filter(Q(learner__name__icontains=q) | Q(learner__email__iexact=q)) if q else rows
    found, more = first_found(course, words)
    context: dict[str, Any] = {
        "page": Paginator(wanted, PAGE).get_page(request.GET.get("page")),
        "q": q,
        "query": f"{urlencode({'q': q})}&" if q else "",
        "words": words,
        "too_short": bool(words) and len(words) < WORDS_LEAST,
        "form": form,
        "found": found,
        "more": FOUND_MOST if more else 0,
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return author_page(request, "extra-time", course, context, status=status, template="quizzes/author/extra_time.html")


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask, then let the person have as long as everybody; a running attempt never ends before now."""
    course = draft_for(request.user, slug, edit=True)
    extra = get_object_or_404(ExtraTime.objects.select_related("learner"), course=course, pk=pk)
    if request.method == "GET":
        return render(request, "quizzes/author/extra_time_remove.html", {"course": course, "extra": extra})
    give_extra_time(course=course, learner=extra.learner, percent=0, by=request.user)
    messages.success(request, _("%(name)s has the usual time from now on.") % {"name": extra.learner})
    return redirect("quizzes_author:extra_time", slug)
