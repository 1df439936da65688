"""``/team/assignments/``: what was given to whom, another date, taking back with undo, a line to all who are behind."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from core.errors import DomainError
from core.http import render_page
from progress.access import assignment_for, leaders_only, team_chosen
from progress.forms import AssignForm, DateForm, NudgeForm
from progress.models import Assignment, Obligation
from progress.selectors.assigning import courses_to_assign, people_of, titles_of
from progress.selectors.choosing import choices_of, course_facts, course_titles
from progress.selectors.team import PAGE_SIZE, assignments_of, teams_of
from progress.services import assigning, dating
from progress.services.reminding import remind
from progress.views.team import WORDS_MAX, say_nudged

ASSIGNED, TAKEN = "assigned", "taken"


@require_GET
@leaders_only
def assignments(request: HttpRequest) -> HttpResponse:
    """Live assignments, what needs attention first; says what was just done and offers to undo it."""
    chosen = team_chosen(request.user, request.GET.get("team", ""))
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    rows = assignments_of(request.user, team=chosen, words=words)
    kept = {name: value for name, value in (("team", chosen and chosen.pk), ("q", words)) if value}
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "chosen": chosen,
        "words": words,
        "query": urlencode(kept) + "&" if kept else "",
        **_just_done(request),
    }
    if not request.htmx:
        context["teams"] = teams_of(request.user)
    return render_page(request, "progress/assignments.html", "list", context)


def _just_done(request: HttpRequest) -> dict[str, Any]:
    for name in (ASSIGNED, TAKEN):
        given = request.GET.get(name, "")
        if given.isascii() and given.isdigit() and len(given) < 18:
            rows = Assignment.objects.manageable_by(request.user).filter(pk=given, withdrawn_at__isnull=name != TAKEN)
            row = rows.select_related("course").first()
            return {name: row, f"{name}_count": row.obligations.live().count() if row and name == ASSIGNED else 0}
    return {}


@require_http_methods(["GET", "POST"])
@leaders_only
def assign(request: HttpRequest) -> HttpResponse:
    """The form to assign a course, as a page or in a dialog. ``find`` and ``count`` in the post only look."""
    language = request.user.language or "en"
    form = AssignForm(
        request.POST if request.method == "POST" else None,
        initial=_preselected(request),
        supervisor=request.user,
        titles=course_titles(courses_to_assign(request.user), language),
    )
    if request.method == "GET":
        return _assign_page(request, form, _of_address(request, form))
    if request.POST.keys() & {"find", "count"}:
        chosen = form.chosen()
        form.errors.clear()
        return _assign_page(request, form, chosen, partial="picks" if "find" in request.POST else "foot")
    if form.is_valid():
        try:
            made = _assign(request, form.cleaned_data)
        except DomainError as problem:
            form.refuse(problem)
        else:
            address = f"{reverse('progress:assignments')}?{ASSIGNED}={made.pk}"
            return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    return _assign_page(request, form, form.chosen(), status=422)


def _assign(request: HttpRequest, given: dict[str, Any]) -> Assignment:
    return assigning.assign(
        course=given["course"],
        actor=request.user,
        people=given["people"],
        teams=given["teams"],
        due_kind=given["due_kind"],
        due_on=given["due_on"],
        days=given["days"],
        note=given["note"],
        request_key=given["request_key"],
    )


def _preselected(request: HttpRequest) -> dict[str, Any]:
    return {"course": request.GET.get("course", "")}


def _of_address(request: HttpRequest, form: AssignForm) -> tuple[Any, list[Any], list[Any]]:
    """Course, teams and people that the address names; what does not exist or is hidden is left out."""
    field = form.fields
    course = field["course"].queryset.filter(slug=request.GET.get("course", "")).first()
    numbers = [each for each in request.GET.getlist("team") if each.isascii() and each.isdigit() and len(each) < 18]
    keys = [each for each in request.GET.getlist("person") if _is_uuid(each)]
    teams = list(field["teams"].queryset.filter(pk__in=numbers)) if numbers else []
    return course, teams, list(field["people"].queryset.filter(uuid__in=keys)) if keys else []


def _is_uuid(text: str) -> bool:
    return len(text.replace("-", "")) == 32 and all(
        sign in "0123456789abcdef" for sign in text.replace("-", "").lower()
    )


def _assign_page(
    request: HttpRequest,
    form: AssignForm,
    chosen: tuple[Any, list[Any], list[Any]],
    *,
    partial: str = "form",
    status: int = 200,
) -> HttpResponse:
    course, teams, people = chosen
    words = " ".join(request.POST.get("who", request.GET.get("who", "")).split())[:WORDS_MAX]
    context = {
        "form": form,
        "course": course,
        "facts": course_facts(course, request.user.language or "en") if course else None,
        "choices": choices_of(request.user, course=course, teams=teams, people=people, words=words),
        "chosen_teams": {team.pk for team in teams},
        "chosen_people": {person.pk for person in people},
        "words": words,
        "in_dialog": bool(request.htmx),
        "counted": request.method == "POST" and bool(request.htmx),
    }
    return render_page(request, "progress/assign.html", partial, context, status=status)


@require_http_methods(["GET", "POST"])
@leaders_only
def change_date(request: HttpRequest, pk: int) -> HttpResponse:
    """Another date for everyone in an assignment."""
    assignment = assignment_for(request.user, pk, change=True)
    form = DateForm(
        request.POST if request.method == "POST" else None, for_all=True, initial={"due_on": assignment.due_on}
    )
    if request.method == "POST" and form.is_valid():
        try:
            dating.change_due(assignment=assignment, due_on=form.cleaned_data["due_on"], actor=request.user)
        except DomainError as problem:
            form.refuse(problem)
        else:
            messages.success(request, _("The date is changed, and everyone who still owes it is told."))
            return redirect("progress:assignments")
    context = {
        "form": form,
        "assignment": assignment,
        "title": titles_of([assignment.course_id], request.user.language or "en").get(assignment.course_id, ""),
        "back": reverse("progress:assignments"),
    }
    return render(request, "progress/date.html", context, status=422 if form.errors else 200)


@require_POST
@leaders_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an assignment back; the next page offers to undo it."""
    assigning.withdraw(assignment=assignment_for(request.user, pk, change=True), actor=request.user)
    return redirect(f"{reverse('progress:assignments')}?{TAKEN}={pk}")


@require_POST
@leaders_only
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo ``withdraw``."""
    assigning.restore(assignment=assignment_for(request.user, pk, change=True))
    messages.success(request, _("The assignment is back, with its dates."))
    return redirect("progress:assignments")


@require_http_methods(["GET", "POST"])
@leaders_only
def nudge(request: HttpRequest, pk: int) -> HttpResponse:
    """A line to everyone of one's own people who has not finished an assignment."""
    assignment = assignment_for(request.user, pk)
    owed = Obligation.objects.owed().filter(assignment=assignment, person__in=people_of(request.user).values("pk"))
    form = NudgeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = remind(obligations=list(owed), actor=request.user, text=form.cleaned_data["text"])
        except DomainError as problem:
            form.refuse(problem)
        else:
            say_nudged(request, sent.told, sent.already)
            return redirect("progress:assignments")
    count = owed.count()
    context = {
        "form": form,
        "assignment": assignment,
        "title": titles_of([assignment.course_id], request.user.language or "en").get(assignment.course_id, ""),
        "anything": count,
        "who": ngettext("%(n)d person has not finished", "%(n)d people have not finished", count) % {"n": count},
    }
    return render(request, "progress/nudge.html", context, status=422 if form.errors else 200)
