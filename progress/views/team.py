"""``/team/``: who needs me today; and a line to one of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import DomainError
from core.http import render_page
from progress.access import leaders_only, team_chosen, trainee_for
from progress.forms import NudgeForm
from progress.models import Obligation
from progress.selectors.team import SORTS, assignments_of, figures_of, people_matching, people_page, teams_of
from progress.services.reminding import remind

WORDS_MAX = 100
SHOWN_ASSIGNMENTS = 5


@require_GET
@leaders_only
def team(request: HttpRequest) -> HttpResponse:
    """The people, those who need somebody first; ``#people`` alone for htmx."""
    chosen = team_chosen(request.user, request.GET.get("team", ""))
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "status"
    kept = {"team": chosen.pk if chosen else "", "q": words}
    context: dict[str, Any] = {
        "page": people_page(request.user, team=chosen, words=words, sort=sort, number=request.GET.get("page")),
        "chosen": chosen,
        "words": words,
        "sort": sort,
        "query": urlencode({**kept, "sort": sort}) + "&",
        "filters": urlencode(kept) + "&",
    }
    if not request.htmx:
        context |= _overview(request, chosen)
    return render_page(request, "progress/team.html", "people", context)


def _overview(request: HttpRequest, chosen: Any) -> dict[str, Any]:
    month_start = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return {
        "teams": teams_of(request.user),
        "figures": figures_of(people_matching(request.user, team=chosen), month_start=month_start),
        "assignments": assignments_of(request.user, team=chosen)[:SHOWN_ASSIGNMENTS],
        "month_start": month_start,
    }


@require_http_methods(["GET", "POST"])
@leaders_only
def nudge(request: HttpRequest, key: str) -> HttpResponse:
    """A line to one person about what they still owe."""
    person = trainee_for(request.user, key)
    owed = Obligation.objects.owed().filter(person=person)
    form = NudgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = remind(obligations=list(owed), actor=request.user, text=form.cleaned_data["text"])
        except DomainError as problem:
            form.refuse(problem)
        else:
            say_nudged(request, sent.told, sent.already)
            return redirect("progress:person", person.uuid)
    context = {"form": form, "person": person, "anything": owed.exists()}
    return render(request, "progress/nudge.html", context, status=422 if form.errors else 200)


def say_nudged(request: HttpRequest, told: list[str], already: list[str]) -> None:
    """Say who got the line, and who had one today already."""
    if told:
        words = ngettext("Your line went to %(names)s.", "Your line went to %(n)d people.", len(told))
        messages.success(request, words % {"names": told[0], "n": len(told)})
    if already:
        words = _("Already got a line today, so not this one: %(names)s.") % {"names": ", ".join(already[:10])}
        messages.warning(request, words)
