"""Question files in and out: upload, look at what was read, take it, undo it; export what was chosen."""

import csv
import io
import tempfile
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from core.cells import safe
from core.errors import DomainError
from courses import markup
from courses.models import Course, MediaFile
from courses.views.media import served
from quizzes.bank_access import refuse_others
from quizzes.exchange.registry import formats
from quizzes.forms.importing import ImportForm
from quizzes.models import Bank, ImportItem, Question, QuestionImport
from quizzes.registry import types
from quizzes.rendering import question_html
from quizzes.selectors import Shown, show_question
from quizzes.services import importing, taking
from quizzes.services.exporting import export as write_questions
from quizzes.services.filing import make_course_banks

PAGE = 25
PREVIEWS = 10
MOST_EXPORTED = 2000
State = QuestionImport.State


@require_http_methods(["GET", "POST"])
@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """The form, and under it what was imported before."""
    refuse_others(request.user)
    if request.method == "GET":
        make_course_banks(Course.objects.editable_by(request.user).filter(bank=None))
    chosen = Bank.objects.editable_by(request.user).filter(slug=request.GET.get("bank", "")).first()
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user, initial={"bank": chosen})
    status = 200
    if request.method == "POST":
        source = _begun(form, request.user)
        if source is not None:
            return redirect("quizzes_author:import", source.pk)
        status = 422
    imports = QuestionImport.objects.visible_to(request.user).select_related("bank", "by")
    page = Paginator(imports, PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "banks": form.fields["bank"].queryset.exists()}
    return render(request, "quizzes/author/import_form.html", context, status=status)


def _begun(form: ImportForm, user: User) -> QuestionImport | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        return importing.begin(**given, name=given["file"].name, by=user)
    except DomainError as problem:
        for name, message in (problem.fields or {"file": str(problem)}).items():
            form.add_error(name if name in form.fields else "file", message)
    return None


def _import(request: HttpRequest, pk: int) -> QuestionImport:
    refuse_others(request.user)
    rows = QuestionImport.objects.visible_to(request.user).select_related("bank", "by")
    return get_object_or_404(rows, pk=pk)


@require_GET
@login_required
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the file is; when it is read, each question as it will look, and each that cannot be taken with its reason."""
    source = _import(request, pk)
    working = source.state in (State.WAITING, State.WANTED)
    context: dict[str, Any] = {"source": source, "working": working, "format": formats[source.format].label}
    if working:
        return render(request, "quizzes/author/import_working.html", context)
    show = "refused" if request.GET.get("show") == "refused" else "taken"
    items = source.items.exclude(reason="") if show == "refused" else source.items.filter(reason="")
    page = Paginator(items, PAGE if show == "refused" else PREVIEWS).get_page(request.GET.get("page"))
    if show == "taken":
        page.object_list = [
            {"item": item, "question": _preview(item), "name": f"item-{item.number}", "legend": f"stem-{item.number}"}
            for item in page.object_list
        ]
    context |= {
        "page": page,
        "show": show,
        "query": f"show={show}&",
        "good": source.read - source.refused,
        "first_refused": list(source.items.exclude(reason="")[:3]),
    }
    return render(request, "quizzes/author/import.html", context)


def _preview(item: ImportItem) -> Shown:
    """The question as learners will see it, with its key."""
    content = item.content or {}
    html = question_html(content, item.files)
    here = reverse("quizzes_author:import_media", args=[item.source_id, "0" * 64, "name"]).rsplit("/", 2)[0]
    shown = {key: markup.resolve(text, course_slug="", words={}, media_root=here) for key, text in html.items()}
    mark = types[content["type"]].grade(content, None)
    return show_question(content, shown, None, mark, position=item.number)


@require_GET
@login_required
def media(request: HttpRequest, pk: int, sha: str, name: str) -> HttpResponse:
    """A file of a question that is being looked at."""
    source = _import(request, pk)
    if not any(sha in files.values() for files in source.items.exclude(files={}).values_list("files", flat=True)):
        raise Http404
    return served(request, get_object_or_404(MediaFile, sha256=sha), name)


@require_POST
@login_required
def take(request: HttpRequest, pk: int) -> HttpResponse:
    source = _import(request, pk)
    try:
        importing.want(source)
    except DomainError as problem:
        messages.error(request, str(problem))
    return redirect("quizzes_author:import", pk)


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the import back, as far as nobody has worked on it since."""
    gone, kept = taking.undo(_import(request, pk))
    said = ngettext("%(n)d question is gone again.", "%(n)d questions are gone again.", gone) % {"n": gone}
    if kept:
        stays = "%(n)d stays: somebody has worked on it since.", "%(n)d stay: somebody has worked on them since."
        said += " " + ngettext(*stays, kept) % {"n": kept}
    messages.success(request, said)
    return redirect("quizzes_author:import", pk)


@require_POST
@login_required
def throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    source = _import(request, pk)
    try:
        importing.throw_away(source)
    except DomainError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The file is forgotten; the bank is as it was."))
    return redirect("quizzes_author:import_begin")


class _Line:
    """What csv writes to: it gives each line back."""

    def write(self, text: str) -> str:
        return text


@require_GET
@login_required
def report(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Every question of the file as CSV: where it stood, what became of it."""
    source = _import(request, pk)
    writer = csv.writer(_Line())

    def lines() -> Any:
        yield "\ufeff" + writer.writerow([_("No."), _("Line"), _("File"), _("Name"), _("Taken"), _("Reason or notes")])
        for item in source.items.order_by("number").iterator(chunk_size=500):
            notes = item.reason or " ".join(item.warnings)
            taken = _("yes") if item.question_id else _("no")
            row = [item.number, item.line or "", item.path, item.name, taken, notes]
            yield writer.writerow([safe(each) for each in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{source.pk}.csv"'
    return response


@require_http_methods(["GET", "POST"])
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """Chosen questions (``question``), or all of a ``bank``, in a format. What it cannot hold is said first."""
    given = request.POST if request.method == "POST" else request.GET
    questions = _wanted(request)
    total = questions.count()
    context = {
        "formats": formats.values(),
        "chosen": given.getlist("question"),
        "bank": given.get("bank", ""),
        "total": total,
        "most": MOST_EXPORTED,
        "refused": [],
        "format": given.get("format", ""),
    }
    if request.method == "GET" or given.get("format") not in formats or not 0 < total <= MOST_EXPORTED:
        return render(request, "quizzes/author/export.html", context)
    chosen = formats[given["format"]]
    file = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115  (the response closes it)
    outcome = write_questions(questions, format=chosen.name, out=file)
    if outcome.refused and not given.get("anyway"):
        file.close()
        context |= {"refused": outcome.refused, "written": outcome.written}
        return render(request, "quizzes/author/export.html", context)
    file.seek(0)
    name = f"questions{chosen.suffixes[0]}"
    return FileResponse(io.BufferedReader(file), as_attachment=True, filename=name, content_type=chosen.content_type)


def _wanted(request: HttpRequest) -> Any:
    given = request.POST if request.method == "POST" else request.GET
    refuse_others(request.user)
    rows = Question.objects.visible_to(request.user)
    keys = [int(each) for each in given.getlist("question") if each.isdecimal() and len(each) < 19]
    if keys:
        return rows.filter(pk__in=keys[:MOST_EXPORTED])
    return rows.in_use().filter(bank__slug=given.get("bank", ""))
