"""``/review/plan/``: how long, how many, when not."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import InvalidInput
from quizzes.forms.review import PlanForm
from quizzes.review_area import standing_for
from quizzes.services import review_planning

FIELDS = tuple(PlanForm.base_fields)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def plan(request: HttpRequest) -> HttpResponse:
    """Minutes at a sitting, caps, holiday, reminder; and a pause without an end."""
    standing = standing_for(request)
    form = PlanForm(request.POST or None, initial={name: getattr(standing.plan, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid():
        try:
            review_planning.choose(learner=request.user, **form.cleaned_data)
        except InvalidInput as problem:
            for name, message in problem.fields.items():
                form.add_error(name, message)
        else:
            messages.success(request, _("Your plan is saved."))
            return redirect("review:plan")
    context = {"form": form, "standing": standing}
    return render(request, "quizzes/review/plan.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def pause(request: HttpRequest) -> HttpResponse:
    """Until further notice."""
    review_planning.pause(learner=request.user)
    messages.success(request, _("Review is paused. Nothing is lost, and nobody reminds you."))
    return redirect("review:plan")


@require_POST
@login_required
def go_on(request: HttpRequest) -> HttpResponse:
    """The pause is over."""
    review_planning.go_on(learner=request.user)
    messages.success(request, _("Welcome back. What fell due waits for you, a few cards a day."))
    return redirect("review:start")
