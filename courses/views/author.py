"""Author pages: my courses, one course's outline, its files, its folder in and out."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import is_instructor, organisation_of
from core.errors import DomainError
from courses.access import draft_for, may_author, may_edit
from courses.folder.faults import FolderFaults
from courses.forms import UploadForm
from courses.media_probe import FAULTS
from courses.models import Course
from courses.registry import kinds
from courses.selectors import authoring
from courses.services.comparing import Standing, standing_of
from courses.services.exporting import export_archive
from courses.services.importing import ImportResult, import_folder
from courses.spec import LessonSpec
from courses.views.doors import course_door

PAGE = 25
WORDS_MAX = 100


@require_GET
@login_required
def courses(request: HttpRequest) -> HttpResponse:
    """The courses this person works on."""
    if not may_author(request.user):
        raise PermissionDenied
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    sort = request.GET.get("sort", "")
    sort = sort if sort in authoring.SORTS else "code"
    rows = authoring.my_courses(request.user, words=words, sort=sort, language=get_language() or "en")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "sort": sort,
        "query": _query(request.GET, "page"),
        "search": _query(request.GET, "page", "sort"),
        "may_create": is_instructor(request.user),
    }
    return render(request, "courses/author/courses.html", context)


def _query(data: QueryDict, *without: str) -> str:
    rest = data.copy()
    for name in without:
        rest.pop(name, None)
    return f"{rest.urlencode()}&" if rest else ""


def author_page(
    request: HttpRequest, name: str, course: Course, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of one course's draft with its tabs."""
    shared = {
        "course": course,
        "title": _title(course),
        "may_edit": may_edit(request.user, course),
        "open_reports": course.reports.filter(settled_at=None).count(),
        "tab": name,
    }
    return render(request, f"courses/author/{name}.html", {**shared, **context}, status=status)


def _title(course: Course) -> str:
    titles = {text.language: text.title for text in course.texts.all()}
    return titles.get(get_language() or "") or titles.get(course.first_language) or course.slug


@require_GET
@login_required
@course_door
def outline(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft's outline, what is not sound in it, and what it would change."""
    course = draft_for(request.user, slug)
    standing = standing_of(course)
    learners = course.enrolments.live().opened().count()
    context = {
        "standing": standing,
        "parts": _parts(standing),
        "course_faults": standing.faults.get("", []),
        "learners": learners,
    }
    return author_page(request, "outline", course, context)


def _parts(standing: Standing) -> list[dict[str, Any]]:
    """Parts with their lessons, each with a few words on it and its first fault."""
    spec = standing.spec
    sources = {}
    if standing.composition:
        sources = {each.spec.uid: each.parts[spec.languages[0]].source for each in standing.composition.lessons}
    rows = [_row(standing, lesson, sources.get(lesson.uid)) for lesson in spec.lessons]
    return [
        {
            "uid": module.uid,
            "title": module.titles.get(spec.languages[0]) or module.uid,
            "lessons": [row for row in rows if row["module"] == module.uid],
        }
        for module in spec.modules
    ]


def _row(standing: Standing, lesson: LessonSpec, source: dict[str, Any] | None) -> dict[str, Any]:
    kind = kinds.get(lesson.kind)
    first = lesson.texts.get(standing.spec.languages[0])
    label = kind.label if kind else lesson.kind
    return {
        "uid": lesson.uid,
        "module": lesson.module,
        "title": first.title if first else lesson.uid,
        "minutes": first.minutes if first else 0,
        "icon": kind.icon if kind else "warn",
        "summary": kind.summary(source) if kind and source else label,
        "languages": [each for each in standing.spec.languages if each in lesson.texts],
        "faults": standing.faults.get(lesson.uid, []),
        "writable": bool(kind and first and "body" in kind.content_schema["properties"]),
    }


@require_GET
@login_required
@course_door
def files(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft's media files, and what is wrong with any."""
    course = draft_for(request.user, slug)
    rows = list(authoring.files_of(course))
    for row in rows:
        row.said = FAULTS.get(row.media.fault, "")
    return author_page(request, "files", course, {"rows": rows, "faulty": sum(1 for row in rows if row.said)})


@require_GET
@login_required
@course_door
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """The course folder as .zip: the draft, or with ``edition=current`` what learners read."""
    course = draft_for(request.user, slug)
    draft = request.GET.get("edition") != "current" or course.current_edition is None
    archive = export_archive(course=course, draft=draft)
    return FileResponse(archive, as_attachment=True, filename=f"{course.slug}.zip", content_type="application/zip")


@require_http_methods(["GET", "POST"])
@login_required
def create(request: HttpRequest) -> HttpResponse:
    """A new course (or the next draft of one's own) from an uploaded course folder."""
    if not is_instructor(request.user):
        raise PermissionDenied
    return _upload(request, None)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def replace(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft as an uploaded course folder says."""
    return _upload(request, draft_for(request.user, slug, edit=True))


def _upload(request: HttpRequest, course: Course | None) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                result = _import(request, form.cleaned_data["archive"], course)
            except FolderFaults as problem:
                context["faults"] = problem.faults
            except DomainError as problem:
                form.add_error("archive", str(problem))
                status = problem.status
            else:
                _say(request, result)
                return redirect("courses:author_course", result.course.slug)
    if course is None:
        return render(request, "courses/author/create.html", context, status=status)
    return author_page(request, "folder", course, context, status=status)


def _import(request: HttpRequest, archive: UploadedFile, course: Course | None) -> ImportResult:
    with tempfile.TemporaryDirectory(prefix="upload-") as folder:
        path = Path(folder) / "course.zip"
        with path.open("wb") as file:
            for chunk in archive.chunks():
                file.write(chunk)
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
    for warning in result.warnings[:10]:
        messages.warning(request, str(warning))
