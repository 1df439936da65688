"""What every view below a course's address shares: old addresses redirect, locked lessons say what opens them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from courses.access import CourseMoved, LessonLocked, PreviewEnded

View = Callable[..., HttpResponse]


class PermanentRedirect(HttpResponseRedirect):
    """308: a form is sent on as a form."""

    status_code = 308


def course_door(view: View) -> View:
    """Wrap a view that takes ``slug``: an old slug redirects, a locked lesson becomes a page (403) that says why,
    a preview's link that opens nothing one (404) that says so."""

    @wraps(view)
    def inner(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, slug, *args, **kwargs)
            return _private(response) if "preview" in request.GET or "preview" in request.POST else response
        except CourseMoved as moved:
            path = request.get_full_path().replace(f"/{slug}/", f"/{moved.slug}/", 1)
            return PermanentRedirect(path)
        except PreviewEnded:
            return _private(render(request, "courses/link_ended.html", status=404))
        except LessonLocked as locked:
            context = {"reading": locked.reading, "lesson": locked.lesson, "after": locked.after}
            return render(request, "courses/locked.html", context, status=403)

    return inner


def _private(response: HttpResponse) -> HttpResponse:
    """A page behind a preview's token: no search engine and no cache keeps it."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response
