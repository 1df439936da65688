"""Author pages: my courses, one course's outline, its files, its folder in and out."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import is_instructor, organisation_of
from core.errors import DomainError
from courses.access import draft_for, may_edit
from courses.folder.faults import Fault, FolderFaults
from courses.folder.tree import lay_out
from courses.forms import UploadForm
from courses.forms_details import CourseForm
from courses.models import Course
from courses.selectors.authoring import open_counts
from courses.services.exporting import export_archive
from courses.services.importing import ImportResult, import_folder
from courses.services.upkeep import today_of
from courses.views.doors import course_door

PAGE = 25
WORDS_MAX = 100


def author_page(
    request: HttpRequest, name: str, course: Course, context: dict[str, Any], *, status: int = 200, template: str = ""
) -> HttpResponse:
    """A page of one course's draft with its tabs; ``template`` for pages that another app adds."""
    shared = {
        "course": course,
        "title": _title(course),
        "may_edit": context["may_edit"] if "may_edit" in context else may_edit(request.user, course),
        "may_shelve": is_instructor(request.user),
        **open_counts(course),
        "tab": name,
        "stale": course.is_stale(today_of(course)),
    }
    return render(request, template or f"courses/author/{name}.html", {**shared, **context}, status=status)


def _title(course: Course) -> str:
    titles = {text.language: text.title for text in course.texts.all() if text.language in course.languages}
    return titles.get(get_language() or "") or titles.get(course.first_language) or course.slug


@require_GET
@login_required
@course_door
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """The course folder as .zip: the draft, or with ``edition=current`` what learners read, or the edition of a number."""
    course = draft_for(request.user, slug)
    number = request.GET.get("edition", "")
    if number.isascii() and number.isdecimal():
        return _numbered(request, course, int(number[:9]))
    draft = request.GET.get("edition") != "current" or course.current_edition is None
    return _packed_up(request, course, f"{course.slug}.zip", draft=draft)


def _numbered(request: HttpRequest, course: Course, number: int) -> HttpResponse:
    """The folder of one edition. Raises ``Http404``."""
    edition = course.editions.published().select_related("course").filter(number=number).first()
    if edition is None:
        raise Http404
    return _packed_up(request, course, f"{course.slug}-edition-{number}.zip", edition=edition)


def _packed_up(request: HttpRequest, course: Course, filename: str, **which: Any) -> HttpResponse:
    """The archive, or the course's page with the reason why there is none: the media store may have lost a file."""
    try:
        archive = export_archive(course=course, **which)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect("courses:author_course", course.slug)
    return FileResponse(archive, as_attachment=True, filename=filename, content_type="application/zip")


def course_from_upload(request: HttpRequest) -> HttpResponse:
    """A new course (or the next draft of one's own) from an uploaded course folder; the caller has asked for the right."""
    return _upload(request, None)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def replace(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft as an uploaded course folder says."""
    return _upload(request, draft_for(request.user, slug, edit=True))


def _upload(request: HttpRequest, course: Course | None) -> HttpResponse:
    chosen = request.FILES.getlist("file")
    form = UploadForm() if chosen else UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if chosen or form.is_valid():
            try:
                result = _chosen(request, chosen, course) if chosen else _packed(request, form, course)
            except FolderFaults as problem:
                context["faults"] = problem.faults
            except DomainError as problem:
                if chosen:
                    context["faults"] = [Fault(".", 0, str(problem))]
                else:
                    form.add_error("archive", str(problem))
                status = problem.status
            else:
                _say(request, result)
                return redirect("courses:author_course", result.course.slug)
    if course is None:
        inside = organisation_of(request.user) is not None
        return render(
            request, "courses/author/create.html", {**context, "course_form": CourseForm(inside=inside)}, status=status
        )
    return author_page(request, "folder", course, context, status=status)


def _packed(request: HttpRequest, form: UploadForm, course: Course | None) -> ImportResult:
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder) / "course.zip"
        with path.open("wb") as file:
            for chunk in form.cleaned_data["archive"].chunks():
                file.write(chunk)
        return _import(request, path, course)


def _chosen(request: HttpRequest, files: list[UploadedFile], course: Course | None) -> ImportResult:
    """The files of a chosen folder; the field ``path`` says where in it each stood, in the same order."""
    paths = request.POST.getlist("path")
    if len(paths) != len(files):
        raise FolderFaults([Fault(".", 0, _("the places of the files did not arrive; pack the folder as .zip"))])
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        return _import(request, lay_out(list(zip(paths, files, strict=True)), Path(folder)), course)


def _import(request: HttpRequest, path: Path, course: Course | None) -> ImportResult:
    return import_folder(
        path=path,
        actor=request.user,
        organisation=organisation_of(request.user),
        slug=course.slug if course else "",
    )


def _say(request: HttpRequest, result: ImportResult) -> None:
    if result.changed:
        messages.success(request, _("The draft is what the folder says. Look at it, then publish it."))
    else:
        messages.info(request, _("The folder says what the draft says already; nothing has changed."))
    for sentence in result.rested.sentences():
        messages.info(request, sentence)
    for warning in result.warnings[:10]:
        messages.warning(request, str(warning))
