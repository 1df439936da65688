"""Panels of ``/home/``: the strap with the one next thing, what is due, own courses, dates and certificates."""

from typing import Any

from django.http import HttpRequest

from core.panels import Panel
from progress.selectors.home import Home, home_of, next_lesson, recent_certificates, starter_for

SHOWN = 5


def _home(request: HttpRequest) -> Home:
    """Read once a request, however many panels ask."""
    if not hasattr(request, "progress_home"):
        request.progress_home = home_of(request.user)
    return request.progress_home


def lede(request: HttpRequest) -> dict[str, Any] | None:
    """What is due, in a sentence under the greeting."""
    home = _home(request)
    row = home.next_row
    return {"home": home, "minutes": row.state.minutes_left if row and row.state else (row.minutes if row else 0)}


def strap(request: HttpRequest) -> dict[str, Any] | None:
    """One next lesson; for a new person the starter course; when all is done, a word and a way on."""
    home = _home(request)
    if home.next_row is not None:
        lesson = next_lesson(home.next_row)
        return {"row": home.next_row, "next": lesson}
    if home.finished:
        return {"all_done": True, "home": home}
    starter = starter_for(request.user)
    return {"starter": starter} if starter else None


def assigned(request: HttpRequest) -> dict[str, Any] | None:
    """What others chose, overdue first; all of it at ``?assignments=all``."""
    home = _home(request)
    everything = request.GET.get("assignments") == "all"
    rows = home.assigned if everything else home.assigned[:SHOWN]
    return {"rows": rows, "total": len(home.assigned), "more": len(home.assigned) > len(rows)}


def own(request: HttpRequest) -> dict[str, Any] | None:
    """What the person chose; not there while there is nothing."""
    home = _home(request)
    return {"rows": home.own[:SHOWN], "more": len(home.own) > SHOWN} if home.own else None


def dates(request: HttpRequest) -> dict[str, Any] | None:
    """The date slip: what is due when."""
    home = _home(request)
    return {"rows": home.dated[:SHOWN]} if home.dated else None


def certificates(request: HttpRequest) -> dict[str, Any] | None:
    """The newest certificates; not there while there are none."""
    if not _home(request).finished:
        return None
    rows = recent_certificates(request.user)
    return {"rows": rows} if rows else None


PANELS = (
    Panel("lede", 10, "progress/home/lede.html", lede),
    Panel("strap", 10, "progress/home/strap.html", strap),
    Panel("main", 10, "progress/home/assigned.html", assigned),
    Panel("main", 20, "progress/home/own.html", own),
    Panel("aside", 10, "progress/home/dates.html", dates),
    Panel("aside", 20, "progress/home/certificates.html", certificates),
)
