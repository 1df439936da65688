"""Author pages: what a lesson's text was before, two versions held side by side, and an old one brought back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import Conflict
from courses import diffing
from courses.access import draft_for
from courses.models import LessonRevision, LessonText
from courses.selectors import writing
from courses.services import editing
from courses.views.author import author_page
from courses.views.author_lesson import text_for
from courses.views.doors import course_door

PAGE = 25


@require_GET
@login_required
@course_door
def history(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Who saved the lesson when, and how many words each save changed."""
    course = draft_for(request.user, slug)
    text = text_for(course, uid, request.GET.get("language", ""))
    page = Paginator(writing.history_of(text), PAGE).get_page(request.GET.get("page"))
    context = {
        "text": text,
        "page": page,
        "rows": writing.history_rows(text, page.object_list),
        "query": f"language={text.language}&",
    }
    return author_page(request, "lesson", course, context, template="courses/author/lesson_history.html")


@require_GET
@login_required
@course_door
def compare(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """What changed from one version to another; without a choice, in the last save."""
    course = draft_for(request.user, slug)
    text = text_for(course, uid, request.GET.get("language", ""))
    new = _revision(text, request.GET.get("to"), at_most=None)
    old = _revision(text, request.GET.get("from"), at_most=new.version - 1)
    if old.version > new.version:
        old, new = new, old
    pieces = diffing.word_diff(writing.readable(old), writing.readable(new))
    added, removed = diffing.words_changed(pieces)
    context = {"text": text, "old": old, "new": new, "pieces": pieces, "added": added, "removed": removed}
    return author_page(request, "lesson", course, context, template="courses/author/lesson_compare.html")


def _revision(text: LessonText, given: str | None, *, at_most: int | None) -> LessonRevision:
    """The version that was asked for, else the newest of version ``at_most`` or before."""
    rows = writing.history_of(text)
    if given:
        return get_object_or_404(rows, version=_number(given))
    found = rows.first() if at_most is None else rows.filter(version__lte=at_most).first()
    if found is None:
        raise Http404
    return found


def _number(given: str) -> int:
    """A version; 0, which none has, for anything else."""
    return int(given) if given.isdecimal() and len(given) < 9 else 0


@require_POST
@login_required
@course_door
def restore(request: HttpRequest, slug: str, uid: str, version: int) -> HttpResponse:
    """Bring an old version back; it becomes the newest, and what stood until now stays in the history."""
    course = draft_for(request.user, slug, edit=True)
    text = text_for(course, uid, request.GET.get("language", ""))
    revision = get_object_or_404(text.revisions, version=version)
    seen = _number(request.POST.get("seen", ""))
    try:
        editing.restore_revision(text=text, revision=revision, version=seen, actor=request.user)
    except Conflict as problem:
        messages.error(request, _restored_in_vain(problem))
        return redirect(f"{reverse('courses:author_lesson_history', args=[slug, uid])}?language={text.language}")
    messages.success(
        request, _("Version %(number)d is back. What stood until now is in the history.") % {"number": version}
    )
    return redirect(f"{reverse('courses:author_lesson', args=[slug, uid])}?language={text.language}")


def _restored_in_vain(problem: Conflict) -> str:
    if isinstance(problem, editing.SomebodyWasFaster):
        return _("Somebody saved this lesson in between, so nothing was brought back. Look at the history again.")
    return problem.message
