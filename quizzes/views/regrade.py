"""``/author/regrades/``: a corrected question, tried on the attempts that answered it, then carried into them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from core.errors import DomainError, InvalidInput
from courses.access import may_edit
from courses.models import Course
from quizzes.bank_access import question_for, refuse_others
from quizzes.forms.analysis import ApplyForm
from quizzes.models import Regrade, RegradeChange
from quizzes.selectors_bank import courses_that_asked
from quizzes.services import regrading
from quizzes.views.analysis import rest_of, words_in

PAGE = 25
State = Regrade.State
WEIGHT = Case(
    When(passed_before=True, passed_after=False, then=Value(0)),
    When(passed_before=False, passed_after=True, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
SORTS: dict[str, tuple[Any, ...]] = {
    "verdict": (WEIGHT, "attempt__learner__name", "pk"),
    "name": ("attempt__learner__name", "pk"),
    "change": (F("after") - F("before"), "pk"),
    "-change": ((F("after") - F("before")).desc(), "pk"),
}


@require_GET
@login_required
def regrades(request: HttpRequest) -> HttpResponse:
    """Everything that was tried and applied, newest first; of one course with ``course``."""
    refuse_others(request.user)
    words, slug = words_in(request.GET), request.GET.get("course", "")
    rows = Regrade.objects.visible_to(request.user).select_related("course", "question", "by")
    if slug:
        rows = rows.filter(course__slug=slug)
    if words:
        rows = rows.filter(
            Q(reason__icontains=words)
            | Q(question__name__icontains=words)
            | Q(question__words__icontains=words)
            | Q(course__code__icontains=words)
        )
    changed = Count("changes", filter=Q(changes__applied_at__isnull=False))
    page = Paginator(rows.annotate(changed=changed).order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "slug": slug, "query": rest_of(request.GET, "page")}
    return render(request, "quizzes/author/regrades.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """What a re-grading would look at; then try it."""
    refuse_others(request.user)
    data = request.POST if request.method == "POST" else request.GET
    question = question_for(request.user, _number(data.get("question", "")))
    course = _course(request.user, data.get("course", ""))
    if course is None:
        return render(
            request,
            "quizzes/author/regrade_new.html",
            {"question": question, "courses": courses_that_asked(question, request.user)},
        )
    problem = ""
    if request.method == "POST":
        try:
            row = regrading.begin(course=course, question=question, actor=request.user)
        except DomainError as refused:
            problem = refused.message
        else:
            return redirect("quizzes_author:regrade", row.pk)
    count = 0
    if question.ready:
        count = regrading.concerned(course=course, question=question, version=question.ready).count()
    context = {"question": question, "course": course, "count": count, "problem": problem}
    return render(request, "quizzes/author/regrade_new.html", context, status=409 if problem else 200)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)


def _course(user: User, slug: str) -> Course | None:
    """The course to re-grade, for its editors. Raises ``Http404`` and ``PermissionDenied``; None when none is named."""
    if not slug:
        return None
    course = get_object_or_404(Course.objects.authored_by(user), slug=slug)
    if not may_edit(user, course):
        raise PermissionDenied
    return course


def _regrade(user: User, pk: int) -> Regrade:
    """For editors of its course, because it names people. Raises ``Http404`` and ``PermissionDenied``."""
    refuse_others(user)
    rows = Regrade.objects.visible_to(user).select_related("course", "question", "version", "by")
    row = get_object_or_404(rows, pk=pk)
    if not may_edit(user, row.course):
        raise PermissionDenied
    return row


@require_GET
@login_required
def regrade(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; once tried, who would change and how to apply it; once applied, what was changed."""
    return _page(request, _regrade(request.user, pk), ApplyForm())


def _page(request: HttpRequest, row: Regrade, form: ApplyForm, *, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row,
        "form": form,
        "working": row.state in (State.WAITING, State.WANTED),
        "name": row.question.name or row.question.words[:120] or row.question.uid,
    }
    changes = row.changes.all()
    if row.state == State.APPLIED:
        changes = changes.filter(applied_at__isnull=False)
    if row.state == State.WANTED:
        context["done"] = changes.filter(applied_at__isnull=False).count()
        context["all"] = changes.count()
    if not context["working"]:
        context |= _changes(request, row, changes)
    return render(request, "quizzes/author/regrade.html", context, status=status)


def _changes(request: HttpRequest, row: Regrade, changes: QuerySet[RegradeChange]) -> dict[str, Any]:
    words, sort = words_in(request.GET), request.GET.get("sort", "")
    sort = sort if sort in SORTS else "verdict"
    totals = changes.aggregate(
        all=Count("pk"),
        up=Count("pk", filter=Q(after__gt=F("before"))),
        down=Count("pk", filter=Q(after__lt=F("before"))),
        passes=Count("pk", filter=Q(passed_before=False, passed_after=True)),
        falls=Count("pk", filter=Q(passed_before=True, passed_after=False)),
    )
    rows = changes.select_related("attempt__learner")
    if words:
        rows = rows.filter(Q(attempt__learner__name__icontains=words) | Q(attempt__learner__email__icontains=words))
    page = Paginator(rows.order_by(*SORTS[sort]), PAGE).get_page(request.GET.get("page"))
    titles = regrading.titles_of(row.course, [each.attempt.lesson_uid for each in page])
    later = 0
    if row.state == State.TRIED:
        concerned = regrading.concerned(course=row.course, question=row.question, version=row.version)
        later = max(0, concerned.count() - row.total)
    return {
        "totals": totals,
        "page": page,
        "rows": [{"change": each, "quiz": titles.get(each.attempt.lesson_uid, "")} for each in page],
        "words": words,
        "sort": sort,
        "query": rest_of(request.GET, "page"),
        "search": rest_of(request.GET, "page", "sort"),
        "finding": _finding(row, totals),
        "left": [{"reason": regrading.REASONS[code], "n": n} for code, n in row.left_alone.items()],
        "later": later,
    }


def _finding(row: Regrade, totals: dict[str, int]) -> str:
    """What it comes to, in words."""
    if row.state == State.APPLIED:
        said = ngettext("%(n)d result was changed.", "%(n)d results were changed.", totals["all"])
        return said % {"n": totals["all"]}
    if not totals["all"]:
        return _("No result would change.")
    said = ngettext(
        "%(n)d of %(total)d attempts would change: %(up)d up, %(down)d down.",
        "%(n)d of %(total)d attempts would change: %(up)d up, %(down)d down.",
        totals["all"],
    ) % {"n": totals["all"], "total": row.total, "up": totals["up"], "down": totals["down"]}
    return f"{said} {_verdicts(totals)}"


def _verdicts(totals: dict[str, int]) -> str:
    passes = ngettext("%(n)d would newly pass", "%(n)d would newly pass", totals["passes"]) % {"n": totals["passes"]}
    falls = _("nobody would fall below the pass mark.")
    if totals["falls"]:
        falls = ngettext(
            "%(n)d would fall below the pass mark.", "%(n)d would fall below the pass mark.", totals["falls"]
        ) % {"n": totals["falls"]}
    return f"{passes}; {falls}"


@require_POST
@login_required
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry it into the attempts, in one's own name and with a reason."""
    row, form = _regrade(request.user, pk), ApplyForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    try:
        regrading.apply(regrade=row, actor=request.user, **form.cleaned_data)
    except InvalidInput as refused:
        for name, message in refused.fields.items():
            form.add_error(name, message)
        return _page(request, row, form, status=refused.status)
    except DomainError as refused:
        messages.error(request, refused.message)
    return redirect("quizzes_author:regrade", row.pk)


@require_POST
@login_required
def do(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Try ``again``, or ``drop`` it."""
    row = _regrade(request.user, pk)
    acts = {"again": regrading.try_again, "drop": regrading.drop}
    if verb not in acts:
        raise Http404
    try:
        acts[verb](regrade=row)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        if verb == "drop":
            messages.success(request, _("Dropped. All results stay as they are."))
    return redirect("quizzes_author:regrade", row.pk)
