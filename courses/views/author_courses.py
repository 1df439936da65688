"""Author pages: the list of the courses one works on."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.access import is_instructor
from accounts.selectors import zone_of
from core import clock
from courses.access import may_author
from courses.selectors import authoring
from courses.selectors.reviewing import waiting_for

PAGE = 25
WORDS_MAX = 100
WAITING_MOST = 10
SHOWN = [
    ("", _("All but the archived")),
    ("owner", _("Those I own")),
    ("editor", _("Those I edit")),
    ("reviewer", _("Those I review")),
    ("stale", _("Stale ones")),
    ("changed", _("Texts or lessons not published yet")),
    ("archived", _("Archived ones")),
]


@require_GET
@login_required
def courses(request: HttpRequest) -> HttpResponse:
    """The courses this person works on, and the reviews that wait for them."""
    if not may_author(request.user):
        raise PermissionDenied
    words = " ".join(request.GET.get("q", "").split())[:WORDS_MAX]
    sort, show = request.GET.get("sort", ""), request.GET.get("show", "")
    sort = sort if sort in authoring.SORTS else "code"
    show = show if show in authoring.SHOWN else ""
    today = clock.today(zone_of(request.user))
    rows = authoring.my_courses(
        request.user, words=words, sort=sort, language=get_language() or "en", show=show, today=today
    )
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "sort": sort,
        "show": show,
        "shown": SHOWN,
        "query": _query(request.GET, "page"),
        "search": _query(request.GET, "page", "sort"),
        "may_create": is_instructor(request.user),
        "reviews": waiting_for(request.user)[:WAITING_MOST],
    }
    return render(request, "courses/author/courses.html", context)


def _query(data: QueryDict, *without: str) -> str:
    rest = data.copy()
    for name in without:
        rest.pop(name, None)
    return f"{rest.urlencode()}&" if rest else ""
