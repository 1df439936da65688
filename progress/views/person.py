"""``/team/people/<uuid>/``: what is missing, and is it mine to do?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError
from progress.access import begun_for, leaders_only, obligation_for, trainee_for
from progress.forms import DateForm, ResetForm
from progress.models import Obligation
from progress.selectors.assigning import titles_of
from progress.selectors.person import person_page
from progress.services import assigning, dating, resetting
from quizzes.selectors.extra_attempts import any_limited


@require_GET
@leaders_only
def person(request: HttpRequest, key: str) -> HttpResponse:
    """Why each assigned course is not complete, by the same rules that the learner sees; what is finished."""
    somebody = trainee_for(request.user, key)
    month_start = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    excused = Obligation.objects.filter(person=somebody, pk=_number(request.GET.get("excused", ""))).first()
    shown = person_page(request.user, somebody, month_start=month_start)
    context = {
        "shown": shown,
        "limited": any_limited(each.enrolment for each in shown.open if each.enrolment),
        "person": somebody,
        "month_start": month_start,
        "excused": excused if excused and excused.withdrawn_at else None,
    }
    return render(request, "progress/person.html", context)


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0


@require_http_methods(["GET", "POST"])
@leaders_only
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Another date for one person, with a reason."""
    obligation = obligation_for(request.user, pk)
    form = DateForm(
        request.POST if request.method == "POST" else None, for_all=False, initial={"due_on": obligation.due_on}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            dating.extend(obligation=obligation, due_on=given["due_on"], actor=request.user, reason=given["reason"])
        except DomainError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("%(name)s has a new date.") % {"name": obligation.person.get_short_name()})
            return redirect("progress:person", obligation.person.uuid)
    context = {
        "form": form,
        "obligation": obligation,
        "title": titles_of([obligation.course_id], request.user.language or "en").get(obligation.course_id, ""),
        "back": reverse("progress:person", args=[obligation.person.uuid]),
    }
    return render(request, "progress/date.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@leaders_only
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one person begin a course anew, with a reason; asked before, and told to them."""
    obligation = obligation_for(request.user, pk)
    name = {"name": obligation.person.get_short_name()}
    enrolment = begun_for(obligation)
    if enrolment is None:
        messages.info(request, _("There is nothing to set back: %(name)s is not in the middle of this course.") % name)
        return redirect("progress:person", obligation.person.uuid)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            resetting.reset(enrolment=enrolment, reason=form.cleaned_data["reason"], actor=request.user)
        except DomainError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("%(name)s begins this course anew and has been told why.") % name)
            return redirect("progress:person", obligation.person.uuid)
    context = {
        "form": form,
        "obligation": obligation,
        "title": titles_of([obligation.course_id], request.user.language or "en").get(obligation.course_id, ""),
    }
    return render(request, "progress/reset.html", context, status=422 if form.errors else 200)


@require_POST
@leaders_only
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """One person owes it no longer; the next page offers to undo it."""
    obligation = assigning.excuse(obligation=obligation_for(request.user, pk), actor=request.user)
    return redirect(reverse("progress:person", args=[obligation.person.uuid]) + f"?excused={obligation.pk}")


@require_POST
@leaders_only
def unexcuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo ``excuse``."""
    obligation = obligation_for(request.user, pk)
    try:
        assigning.unexcuse(obligation=obligation)
    except DomainError as problem:
        messages.error(request, str(problem))
    return redirect("progress:person", obligation.person.uuid)
