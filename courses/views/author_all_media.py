"""Author pages: the files of all courses one works on, and those that no lesson uses."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.access import may_author
from courses.models import Course
from courses.selectors import all_media
from courses.services import tidying

PAGE = 50
WORDS_MAX = 100
UNDO = "media-taken-out"
CHOICES = [
    ("", gettext_lazy("All")),
    ("used", gettext_lazy("Used in a lesson")),
    ("unused", gettext_lazy("Not used")),
    ("undescribed", gettext_lazy("Without a description or captions")),
    ("unlicensed", gettext_lazy("Without a licence of its own")),
    ("unsourced", gettext_lazy("Without a source")),
]


@require_GET
@login_required
def files(request: HttpRequest) -> HttpResponse:
    """All of them, found, filtered and sorted."""
    if not may_author(request.user):
        raise PermissionDenied
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
    show = show if show in all_media.SHOWN else ""
    sort = sort if sort in all_media.SORTS else "name"
    found = all_media.my_files(request.user, words=words, show=show, sort=sort)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    all_media.with_editions(page.object_list)
    search = request.GET.copy()
    for name in ("page", "sort"):
        search.pop(name, None)
    context = {
        "page": page,
        "size": sum(file.row.media.size for file in found),
        "words": words,
        "show": show,
        "sort": sort,
        "choices": CHOICES,
        "search": f"{search.urlencode()}&" if search else "",
        "query": f"{search.urlencode()}&sort={sort}&" if search else f"sort={sort}&",
        "undo": len(request.session.get(UNDO, [])),
    }
    return render(request, "courses/author/all_media.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def unused(request: HttpRequest) -> HttpResponse:
    """What no lesson uses and one may take out; posting takes out what was left chosen."""
    if not may_author(request.user):
        raise PermissionDenied
    if request.method == "POST":
        chosen = {int(each) for each in request.POST.getlist("file") if each.isdecimal() and len(each) < 19}
        done = tidying.take_out_unused(files=chosen, actor=request.user)
        if done.count:
            request.session[UNDO] = done.rows
        said = ngettext("%(n)d file was taken out: %(size)s.", "%(n)d files were taken out: %(size)s.", done.count)
        messages.success(request, said % {"n": done.count, "size": filesizeformat(done.size)})
        return redirect("courses:author_media")
    mine = set(Course.objects.editable_by(request.user).values_list("pk", flat=True))
    found = all_media.my_files(request.user, show="unused", sort="-size")
    found = [file for file in found if file.row.course_id in mine]
    shown = all_media.with_editions(found[: tidying.MOST])
    context = {"files": shown, "size": sum(file.row.media.size for file in shown), "more": len(found) - len(shown)}
    return render(request, "courses/author/media_unused.html", context)


@require_POST
@login_required
def put_back(request: HttpRequest) -> HttpResponse:
    """Undo the last taking out."""
    if not may_author(request.user):
        raise PermissionDenied
    rows = request.session.pop(UNDO, [])
    count = tidying.put_back_all(rows=rows, actor=request.user)
    if count < len(rows):
        messages.warning(request, _("Some could not be put back: their names are taken by now."))
    messages.success(request, ngettext("%(n)d file is back.", "%(n)d files are back.", count) % {"n": count})
    return redirect("courses:author_media")
