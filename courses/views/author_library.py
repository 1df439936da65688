"""Author pages: the organisation's shelf, an item on it, and taking it into a course."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import is_instructor
from accounts.models import User
from core.errors import DomainError
from courses.access import may_author
from courses.access_studio import item_for, may_change_item
from courses.forms_library import LabelForm, TakeForm, label_of
from courses.models import Course, LibraryItem, Topic
from courses.registry import kinds
from courses.selectors import drafting, library, resolved
from courses.services import borrowing, shelving
from courses.showing import pieces_of

PAGE = 25
WORDS_MAX = 100


@require_GET
@login_required
def shelf(request: HttpRequest) -> HttpResponse:
    """Everything on the shelves of one's organisations."""
    if not may_author(request.user):
        raise PermissionDenied
    chosen = {
        "words": " ".join(request.GET.get("q", "").split())[:WORDS_MAX],
        "kind": _one_of(request.GET.get("kind"), LibraryItem.Kind.values),
        "topic": _one_of(request.GET.get("topic"), Topic.values),
        "licence": request.GET.get("licence", "")[:40],
        "sort": _one_of(request.GET.get("sort"), library.SORTS) or "title",
        "withdrawn": request.GET.get("show") == "withdrawn",
    }
    page = Paginator(library.shelf(request.user, **chosen), PAGE).get_page(request.GET.get("page"))
    mine = Course.objects.editable_by(request.user).filter(archived_at=None)
    context = {
        **chosen,
        "page": page,
        "filtered": any(chosen[name] for name in ("words", "kind", "topic", "licence")),
        "licences": library.licences_on(request.user),
        "topics": Topic.choices,
        "kinds": LibraryItem.Kind.choices,
        "query": _query(request.GET, "page"),
        "search": _query(request.GET, "page", "sort"),
        "newer": library.courses_with_newer(mine, request.user),
        "may_put": is_instructor(request.user),
    }
    return render(request, "courses/author/library.html", context)


def _one_of(given: str | None, known: Any) -> str:
    return given if given and given in known else ""


def _query(data: QueryDict, *without: str) -> str:
    rest = data.copy()
    for name in without:
        rest.pop(name, None)
    return f"{rest.urlencode()}&" if rest else ""


@require_http_methods(["GET", "POST"])
@login_required
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: what it holds, where it is used; posting takes it into a course."""
    row = item_for(request.user, pk)
    whole = row.kind == LibraryItem.Kind.MEDIA
    places = drafting.places_for(request.user, language=get_language() or "en")
    form = TakeForm(request.POST or None, places=places, whole=whole)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _taken(request, row, form)
            except DomainError as problem:
                form.add_error("to", str(problem))
                status = problem.status
    return render(request, "courses/author/library_item.html", _shown(request, row, form, places), status=status)


def _shown(request: HttpRequest, row: LibraryItem, form: TakeForm, places: list[Any]) -> dict[str, Any]:
    kind = kinds.get(row.lesson.get("kind", ""))
    texts = row.lesson.get("texts", {})
    files = list(row.files.select_related("media").order_by("name"))
    first = row.lesson.get("first")
    spoken = first if first in texts else next(iter(texts), "")
    text = texts.get(spoken)
    return {
        "item": row,
        "kind_label": kind.label if kind else row.get_kind_display(),
        "topic": dict(Topic.choices).get(row.topic, ""),
        "languages": list(texts),
        "text": text,
        "pieces": _says(text["content"], request.user) if text else (),
        "spoken": spoken,
        "files": files,
        "used": library.where_used(row, request.user),
        "form": form,
        "places": places,
        "may_change": may_change_item(request.user, row),
    }


def _says(content: Mapping[str, Any], user: User) -> list[dict[str, Any]]:
    """The text as ``user`` reads it, with the local words of their library."""
    pieces = pieces_of(content)
    texts = iter(resolved([each["html"] for each in pieces if "html" in each], user=user, slug=""))
    return [{"html": next(texts)} if "html" in each else each for each in pieces]


def _taken(request: HttpRequest, row: LibraryItem, form: TakeForm) -> HttpResponse:
    course, part = form.place()
    if row.kind == LibraryItem.Kind.MEDIA:
        file = borrowing.take_file(item=row, course=course, actor=request.user)
        messages.success(request, _("“%(name)s” is in the course now.") % {"name": file.name})
        return redirect("courses:author_file", course.slug, file.name)
    taken = borrowing.take_lesson(item=row, course=course, part=part, actor=request.user)
    words = {"title": taken.placed.title, "part": taken.placed.part_number}
    messages.success(request, _("“%(title)s” is in Part %(part)d of this course now, as a draft.") % words)
    _tell(request, taken)
    return redirect("courses:author_course", course.slug)


def _tell(request: HttpRequest, taken: borrowing.Taken) -> None:
    """What became otherwise on the way."""
    if taken.files:
        said = ngettext(
            "This file got another name: %(files)s", "These files got other names: %(files)s", len(taken.files)
        )
        messages.info(request, said % {"files": ", ".join(taken.files.values())})
    if taken.questions:
        names = ", ".join(taken.questions.values())
        said = ngettext(
            "The name of a question was taken, so it is called %(names)s here.",
            "The names of questions were taken, so they are called %(names)s here.",
            len(taken.questions),
        )
        messages.info(request, said % {"names": names})
    if taken.left_out:
        said = _("It is there in %(languages)s too, which this course does not speak.")
        messages.info(request, said % {"languages": ", ".join(taken.left_out)})
    if taken.credit:
        messages.info(request, _("Added to the credits of the course: %(line)s") % {"line": taken.credit})


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say otherwise what stands on it."""
    row = item_for(request.user, pk, change=True)
    form = LabelForm(request.POST or None, initial=label_of(row))
    context: dict[str, Any] = {"item": row, "form": form}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            seen = form.cleaned_data["seen"] or row.changed_at
            try:
                shelving.relabel(item=row, label=form.label, seen=seen)
            except shelving.LabelChanged as problem:
                context |= {"item": problem.item, "problem": str(problem), "theirs": label_of(problem.item)}
                form.data = form.data.copy()
                form.data["seen"] = problem.item.changed_at.isoformat()
                status = problem.status
            else:
                messages.success(request, _("Saved."))
                return redirect("courses:author_library_item", pk)
    return render(request, "courses/author/library_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take it off the shelf; courses keep what they took."""
    row = item_for(request.user, pk, change=True)
    if request.method == "GET":
        context = {"item": row, "used": library.where_used(row, request.user)}
        return render(request, "courses/author/library_withdraw.html", context)
    shelving.withdraw(item=row)
    messages.success(request, _("“%(title)s” is withdrawn. You can bring it back here.") % {"title": row.title})
    return redirect("courses:author_library_item", pk)


@require_POST
@login_required
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer it again."""
    row = item_for(request.user, pk, change=True)
    shelving.bring_back(item=row)
    messages.success(request, _("“%(title)s” is on the shelf again.") % {"title": row.title})
    return redirect("courses:author_library_item", pk)
