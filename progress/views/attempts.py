"""``/team/…``: one more attempt at a quiz for one of one's people."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from progress.access import begun_for, leaders_only, obligation_for
from progress.selectors.assigning import titles_of
from quizzes.forms.extra_attempt import ExtraAttemptForm
from quizzes.models import ExtraAttempt
from quizzes.selectors.extra_attempts import limited_in
from quizzes.services.granting_attempts import give_attempt, take_attempt_back


@require_http_methods(["GET", "POST"])
@leaders_only
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a quiz whose attempts are limited and say why; what is not used can be taken back here."""
    obligation = obligation_for(request.user, pk)
    name = {"name": obligation.person.get_short_name()}
    enrolment = begun_for(obligation)
    found = limited_in([enrolment], request.user.language or "en") if enrolment else []
    if enrolment is None or not found:
        messages.info(request, _("%(name)s has begun no course here with a quiz whose attempts are limited.") % name)
        return redirect("progress:person", obligation.person.uuid)
    form = ExtraAttemptForm(request.POST if request.method == "POST" else None, found=found)
    if request.method == "POST" and form.is_valid():
        quiz, reason = form.chosen, form.cleaned_data["reason"]
        try:
            extra = give_attempt(enrolment=enrolment, lesson_uid=quiz.uid, reason=reason, by=request.user)
        except DomainError as problem:
            form.refuse(problem)
        else:
            messages.success(request, form.outcome(extra))
            return redirect("progress:person", obligation.person.uuid)
    context = {
        "form": form,
        "obligation": obligation,
        "unused": [(extra, quiz) for quiz in found for extra in quiz.unused],
        "title": titles_of([obligation.course_id], request.user.language or "en").get(obligation.course_id, ""),
    }
    return render(request, "progress/attempt.html", context, status=422 if form.errors else 200)


@require_POST
@leaders_only
def take_back(request: HttpRequest, pk: int, extra: int) -> HttpResponse:
    """Take back an attempt that is not used."""
    obligation = obligation_for(request.user, pk)
    enrolment = begun_for(obligation)
    given = ExtraAttempt.objects.filter(enrolment=enrolment, pk=extra).first() if enrolment else None
    if given is None:
        raise Http404
    try:
        take_attempt_back(extra=given, by=request.user)
    except DomainError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The attempt of %(name)s is taken back.") % {"name": obligation.person})
    return redirect("progress:person", obligation.person.uuid)
