"""Author pages: cases that authors lend each other. Find one, look at it, play it, take it; share and withdraw one's own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.http import render_page
from courses.models import Level, Topic
from courses.views.author import author_page
from courses.views.doors import course_door
from quizzes.case_access import lessons_that_may_take, may_withdraw, shared_case_for, shared_cases_for
from quizzes.engines.registry import engines
from quizzes.forms.practice_author import ShareForm, TakeForm
from quizzes.models import SharedCase, SharedCaseQuerySet
from quizzes.services import lending_cases
from quizzes.services.lending_cases import Terms
from quizzes.services.practising import try_out
from quizzes.views.case import Desk, desk_for
from quizzes.views.case_look import look_at
from quizzes.views.question import rest_of

PAGE = 20
WORDS_MAX = 100
SORTS = {
    "": (gettext_lazy("Newest first"), ("-shared_at", "-pk")),
    "title": (gettext_lazy("By title"), ("title", "pk")),
    "level": (gettext_lazy("By level"), ("level", "title", "pk")),
}


@require_safe
@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """The shared cases that this person may take, narrowed and sorted as the address says."""
    wanted = {name: request.GET.get(name, "") for name in ("engine", "level", "topic", "sort")}
    wanted["sort"] = wanted["sort"] if wanted["sort"] in SORTS else ""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:WORDS_MAX]
    rows = _narrowed(shared_cases_for(request.user).offered(), wanted, words)
    rows = rows.select_related("course", "organisation").defer("content", "words").distinct()
    page = Paginator(rows.order_by(*SORTS[wanted["sort"]][1]), PAGE).get_page(request.GET.get("page"))
    for each in page.object_list:
        each.label = engines[each.engine].label if each.engine in engines else each.engine
    context = {
        "page": page,
        "wanted": wanted,
        "words": words,
        "narrowed": bool(words or wanted["engine"] or wanted["level"] or wanted["topic"]),
        "query": rest_of(request.GET, "page"),
        "engines": sorted(((name, str(each.label)) for name, each in engines.items()), key=lambda each: each[1]),
        "levels": Level.choices,
        "topics": Topic.choices,
        "sorts": [(name, label) for name, (label, _order) in SORTS.items()],
    }
    return render_page(request, "quizzes/author/cases.html", "results", context)


def _narrowed(rows: SharedCaseQuerySet, wanted: dict[str, str], words: str) -> SharedCaseQuerySet:
    known = {"engine": engines, "level": Level.values, "topic": Topic.values}
    rows = rows.filter(**{name: wanted[name] for name, values in known.items() if wanted[name] in values})
    for word in words.split()[:10]:
        rows = rows.filter(words__icontains=word)
    return rows


@require_safe
@login_required
def shared_case(request: HttpRequest, pk: int) -> HttpResponse:
    """One shared case as learners meet it, with its origin and what may be done with it."""
    return _shared_page(request, shared_case_for(request.user, pk))


def _shared_page(
    request: HttpRequest, shared: SharedCase, form: TakeForm | None = None, *, status: int = 200
) -> HttpResponse:
    if shared.engine not in engines:
        raise Http404
    lessons = list(lessons_that_may_take(request.user, shared))
    context = {
        "shared": shared,
        "engine": engines[shared.engine],
        "look": look_at(engines[shared.engine], shared.content),
        "form": form or TakeForm(lessons=lessons),
        "lessons": lessons,
        "may_withdraw": may_withdraw(request.user, shared),
    }
    return render(request, "quizzes/author/shared_case.html", context, status=status)


@require_POST
@login_required
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a copy into a lesson of one's own, and go there."""
    shared = shared_case_for(request.user, pk)
    lessons = list(lessons_that_may_take(request.user, shared))
    form = TakeForm(request.POST, lessons=lessons)
    if not form.is_valid():
        return _shared_page(request, shared, form, status=422)
    text = next(each for each in lessons if each.pk == form.cleaned_data["lesson"])
    course = text.lesson.course
    try:
        case = lending_cases.take_case(shared=shared, course=course, text=text, actor=request.user)
    except DomainError as problem:
        form.add_error(None, problem.message)
        return _shared_page(request, shared, form, status=problem.status)
    messages.success(request, _("The case is yours now; change what you like. Its origin stays named."))
    url = reverse("quizzes_author:case", args=[course.slug, text.lesson.uid, case["uid"]])
    return redirect(f"{url}?language={text.language}")


@require_POST
@login_required
def play(request: HttpRequest, pk: int) -> HttpResponse:
    """Play a shared case as a trainee; such a run is never counted."""
    shared = shared_case_for(request.user, pk)
    if shared.engine not in engines:
        raise Http404
    run = try_out(author=request.user, engine=shared.engine, content=shared.content, subject=f"shared/{shared.pk}")
    return redirect("quizzes:practice_run", run.pk)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer it no longer."""
    lending_cases.withdraw_case(shared=shared_case_for(request.user, pk, edit=True))
    messages.success(request, _("Withdrawn. Who took it keeps their copy; nobody else finds it."))
    return redirect("quizzes_author:shared_case", pk)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def share(request: HttpRequest, slug: str, uid: str, case: str) -> HttpResponse:
    """On what terms a case of one's own is offered to others."""
    desk = desk_for(request, slug, uid, case, edit=True)
    if desk.saved is None:
        raise Http404
    before = SharedCase.objects.filter(
        course=desk.course, lesson_uid=uid, language=desk.text.language, case_uid=case
    ).first()
    if request.method == "GET":
        return _share_page(desk, before, ShareForm(initial=_terms(desk, before), course=desk.course))
    form = ShareForm(request.POST, course=desk.course)
    if not form.is_valid():
        return _share_page(desk, before, form, status=422)
    try:
        shared = lending_cases.share_case(
            course=desk.course, text=desk.text, uid=case, terms=Terms(**form.cleaned_data), actor=request.user
        )
    except DomainError as problem:
        form.add_error("audience" if "audience" in problem.fields else None, problem.message)
        return _share_page(desk, before, form, status=problem.status)
    messages.success(request, _("Shared as it stands now. Share it again when you have changed it."))
    return redirect("quizzes_author:shared_case", shared.pk)


def _terms(desk: Desk, before: SharedCase | None) -> dict[str, Any]:
    if before:
        names = ("credit", "licence", "topic", "audience")
        return {name: getattr(before, name) for name in names}
    audience = SharedCase.Audience.ORGANISATION if desk.course.organisation_id else SharedCase.Audience.PUBLIC
    return {
        "credit": desk.request.user.get_full_name(),
        "licence": desk.course.licence,
        "topic": desk.engine.topic_of(desk.saved or {}),
        "audience": audience,
    }


def _share_page(desk: Desk, before: SharedCase | None, form: ShareForm, *, status: int = 200) -> HttpResponse:
    context = {
        "text": desk.text,
        "case": desk.saved,
        "form": form,
        "before": before if before and before.withdrawn_at is None else None,
        "form_url": desk.address("case"),
        "here": desk.address("case_share"),
    }
    return author_page(
        desk.request, "outline", desk.course, context, status=status, template="quizzes/author/case_share.html"
    )
