"""Author pages: what a course puts on the organisation's shelf, what it took from it, and newer versions of that."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import is_instructor
from core.errors import DomainError
from courses.access import draft_for
from courses.access_studio import may_change_item, shelves_of
from courses.forms_library import ShelveForm, label_of
from courses.models import Course, CourseMedia, Lesson, LibraryItem, LibraryUse
from courses.selectors import library
from courses.services import borrowing, shelving
from courses.services.outline_places import text_of
from courses.views.author import author_page
from courses.views.doors import course_door

PAGE = 50


def _putting(request: HttpRequest, slug: str) -> Course:
    """The course, for an instructor who may change it and has a shelf to put things on."""
    course = draft_for(request.user, slug, edit=True)
    if not is_instructor(request.user):
        raise PermissionDenied
    return course


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def put_lesson(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """A lesson, as it is now."""
    course = _putting(request, slug)
    lesson = Lesson.objects.filter(course=course, uid=uid).first()
    if lesson is None:
        raise Http404
    text = text_of(lesson, course.first_language)
    items = list(library.items_put_from(course, lesson_uid=uid))
    about = {
        "title": text.title if text else uid,
        "licence": course.licence,
        "topic": course.topic,
        "what": _("the lesson"),
    }

    def put(form: ShelveForm) -> LibraryItem:
        return shelving.put_lesson(
            course=course,
            uid=uid,
            organisation=form.chosen_shelf,
            label=form.label,
            actor=request.user,
            newer_of=form.chosen_item,
        )

    return _shelved(request, course, about, items, put)


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def put_file(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A file, as it is now."""
    course = _putting(request, slug)
    row = get_object_or_404(CourseMedia.objects.select_related("media", "course"), course=course, name=name)
    items = list(library.items_put_from(course, name=name))
    about = {
        "title": name,
        "licence": row.licence or course.licence,
        "source": row.source,
        "topic": course.topic,
        "what": _("the file"),
    }

    def put(form: ShelveForm) -> LibraryItem:
        return shelving.put_file(
            row=row, organisation=form.chosen_shelf, label=form.label, actor=request.user, newer_of=form.chosen_item
        )

    return _shelved(request, course, about, items, put)


def _shelved(
    request: HttpRequest,
    course: Course,
    about: dict[str, Any],
    items: list[LibraryItem],
    put: Callable[[ShelveForm], LibraryItem],
) -> HttpResponse:
    shelves = list(shelves_of(request.user))
    if not shelves:
        raise PermissionDenied
    items = [each for each in items if may_change_item(request.user, each)]
    initial = dict(about, organisation=course.organisation_id)
    if items:
        initial |= label_of(items[0])
    form = ShelveForm(request.POST or None, initial=initial, shelves=shelves, items=items)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                item = put(form)
            except DomainError as problem:
                _refused(form, problem)
                status = problem.status
            else:
                messages.success(request, _("“%(title)s” is on the shelf.") % {"title": item.title})
                return redirect("courses:author_library_item", item.pk)
    context = {
        "form": form,
        "thing": about["title"],
        "what": about["what"],
        "shelf": shelves[0] if len(shelves) == 1 else None,
    }
    return author_page(request, "shelve", course, context, status=status)


def _refused(form: ShelveForm, problem: DomainError) -> None:
    known = {name: said for name, said in problem.fields.items() if name in form.fields}
    for name, said in (known or {None: str(problem)}).items():
        form.add_error(name, said)


@require_GET
@login_required
@course_door
def taken(request: HttpRequest, slug: str) -> HttpResponse:
    """What the course took and still has."""
    course = draft_for(request.user, slug)
    page = Paginator(library.taken_by(course, request.user), PAGE).get_page(request.GET.get("page"))
    return author_page(request, "taken", course, {"page": page, "query": ""})


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def newer(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The shelf's version beside the course's own; posting takes it. Only for whoever sees the shelf by now."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    rows = LibraryUse.objects.select_related("item", "course")
    shown = LibraryItem.objects.visible_to(request.user)
    use = get_object_or_404(rows, course=course, pk=pk, item__in=shown.values("pk"))
    status, problem = 200, ""
    if request.method == "POST":
        given = request.POST.get("version", "")
        version = int(given) if given.isdecimal() and len(given) < 9 else 0
        try:
            borrowing.take_newer(use=use, seen=request.POST.get("seen", ""), version=version, actor=request.user)
        except DomainError as refused:
            status, problem = refused.status, str(refused)
            use.item.refresh_from_db()
        else:
            messages.success(
                request, _("The newer version of “%(title)s” is in the course.") % {"title": use.item.title}
            )
            return _to_it(use)
    try:
        found = borrowing.compare_newer(use)
    except DomainError as gone:
        raise Http404 from gone
    context = {"use": use, "item": use.item, "newer": found, "problem": problem}
    return author_page(request, "newer", course, context, status=status)


def _to_it(use: LibraryUse) -> HttpResponse:
    if use.lesson_uid:
        return redirect("courses:author_lesson", use.course.slug, use.lesson_uid)
    return redirect("courses:author_file", use.course.slug, use.name)
