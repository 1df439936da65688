"""Author pages: private notes between the authors of a course."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import InvalidInput
from courses.access import draft_for, may_edit
from courses.forms import RemarkForm
from courses.models import Course, Remark
from courses.selectors import authoring, writing
from courses.services import remarking
from courses.views.author import author_page
from courses.views.doors import course_door

PAGE = 25
WORDS_MAX = 100


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def remarks(request: HttpRequest, slug: str) -> HttpResponse:
    """Every thread of the course, open or settled, with search; a new one by POST."""
    course = draft_for(request.user, slug)
    if request.method == "GET":
        return _page(request, course, RemarkForm())
    uid, language = request.POST.get("lesson", ""), request.POST.get("language", "")
    if uid and not course.lessons.filter(uid=uid).exists():
        uid = language = ""
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _page(request, course, form, lesson=uid, language=language, status=422)
    remarking.remark(
        course=course,
        author=request.user,
        lesson_uid=uid,
        language=language if language in course.languages else "",
        **form.cleaned_data,
    )
    messages.success(request, _("Your note stands here for the other authors. Learners never see it."))
    return redirect(_back(request, slug))


def _back(request: HttpRequest, slug: str) -> str:
    """To the page that the form stood on, if it says so and is one of ours."""
    wanted = request.POST.get("next", "")
    known = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/author/")
    return wanted if known else reverse("courses:author_remarks", args=[slug])


@dataclass(frozen=True)
class Refused:
    """An answer that was not taken: to which thread, what was typed, and why not."""

    thread: int
    typed: str
    why: str


def _page(
    request: HttpRequest,
    course: Course,
    form: RemarkForm,
    *,
    lesson: str = "",
    language: str = "",
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:WORDS_MAX]
    settled = request.GET.get("settled") == "1"
    thread = str(refused.thread) if refused else request.GET.get("thread", "")
    rows = writing.remarks_of(course, request.user, settled=settled, words=words)
    if thread.isdecimal():  # a notice leads to one thread, settled or not
        rows = writing.remarks_of(course, request.user, settled=None).filter(pk=int(thread[:15]))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    authoring.name_lessons(page)
    here = request.get_full_path()
    context = {
        "page": page,
        "settled": settled,
        "words": words,
        "thread": thread,
        "form": form,
        "lesson_uid": lesson,
        "language": language,
        "refused": refused,
        "next": f"{reverse('courses:author_remarks', args=[course.slug])}?thread={thread}" if refused else here,
        "query": f"{urlencode({'settled': int(settled), 'q': words})}&",
    }
    return author_page(request, "remarks", course, context, status=status)


def _thread(request: HttpRequest, slug: str, pk: int) -> Remark:
    """The note that began a thread of the course at ``slug``, for whoever may see the course's draft."""
    rows = Remark.objects.visible_to(request.user).filter(course__slug=slug, answers=None)
    return get_object_or_404(rows.select_related("course", "review"), pk=pk)


@require_POST
@login_required
def answer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say something to a note; one that is refused stands in its form, its thread alone on the page."""
    thread = _thread(request, slug, pk)
    body = request.POST.get("body", "")
    try:
        remarking.remark(course=thread.course, author=request.user, body=body, answers=thread)
    except InvalidInput as problem:
        refused = Refused(thread.pk, body, problem.message)
        return _page(request, thread.course, RemarkForm(), refused=refused, status=422)
    messages.success(request, _("Your answer stands below the note."))
    return redirect(_back(request, slug))


@require_POST
@login_required
def settle(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Nothing is left to do about a note (or, with ``open``, something is). For editors and whoever wrote it."""
    thread = _thread(request, slug, pk)
    if thread.author_id != request.user.pk and not may_edit(request.user, thread.course):
        raise PermissionDenied
    if request.POST.get("open"):
        remarking.reopen(remark=thread)
        messages.success(request, _("Open again."))
    else:
        remarking.settle(remark=thread, actor=request.user)
        messages.success(request, _("Settled."))
    return redirect(_back(request, slug))
