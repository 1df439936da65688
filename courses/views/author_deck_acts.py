"""Author pages: what is done with a whole deck, and the files of it: pages, sound, the video that was made."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from core.errors import DomainError
from courses.making.decks import drawn, kept_clips
from courses.models import MediaFile
from courses.sandbox.running import Refused
from courses.selectors import decks as shown
from courses.services import deck_videos, decks, making
from courses.views.author_deck import Desk, chosen, context_of, desk_for, listening, video_of
from courses.views.doors import course_door
from courses.views.media import served

WAV_RATE = 48_000
CHUNK = 1 << 16


@require_POST
@login_required
@course_door
def do(request: HttpRequest, slug: str, pk: int, verb: str) -> HttpResponse:
    """Act on the deck: make its video, stop that, use it, add a slide, undo, delete."""
    desk = desk_for(request, slug, pk, edit=True)
    act = DECK_ACTS.get(verb)
    if act is None:
        raise Http404
    try:
        return act(desk)
    except DomainError as problem:
        messages.error(request, str(problem))
        return redirect(desk.at(chosen(desk)))


def _make(desk: Desk) -> HttpResponse:
    points = shown.points(desk.deck, shown.states(desk.deck, desk.slides))
    if faults := shown.stands_in_the_way(points):
        messages.error(
            desk.request, " ".join([_("The video cannot be made yet."), *(each.sentence for each in faults)])
        )
        return redirect(desk.at(next((each.slide for each in faults if each.slide), None)))
    deck_videos.begin_video(deck=desk.deck, use=bool(desk.request.POST.get("use")), actor=desk.request.user)
    return redirect(f"{desk.at(chosen(desk))}#making")


def _stop(desk: Desk) -> HttpResponse:
    job = video_of(desk)["job"]
    if job:
        making.cancel(job=job)
        messages.success(desk.request, _("It is being stopped. What is made already is kept."))
    return redirect(desk.at(chosen(desk)))


def _use(desk: Desk) -> HttpResponse:
    done = video_of(desk)["done"]
    if done is None:
        raise Http404
    deck_videos.use_video(deck=desk.deck, made=done.made, actor=desk.request.user)
    messages.success(
        desk.request, _("The video stands in the lesson. Learners see it when the next edition is published.")
    )
    return redirect(desk.at(chosen(desk)))


def _append(desk: Desk) -> HttpResponse:
    return redirect(desk.at(decks.add_slide(deck=desk.deck, after=None, actor=desk.request.user)))


def _undo(desk: Desk) -> HttpResponse:
    kept = desk.request.POST.get("kept", "")
    return redirect(desk.at(decks.restore_slide(deck=desk.deck, kept=kept, actor=desk.request.user)))


def _remove(desk: Desk) -> HttpResponse:
    if not desk.request.POST.get("sure"):
        context = {"course": desk.course, "deck": desk.deck}
        return render(desk.request, "courses/author/deck_delete.html", context)
    decks.delete_deck(deck=desk.deck)
    messages.success(desk.request, _("The slides are deleted. A video that stands in a lesson stays there."))
    return redirect("courses:author_decks", desk.course.slug)


DECK_ACTS: dict[str, Callable[[Desk], HttpResponse]] = {
    "make": _make,
    "stop": _stop,
    "use": _use,
    "add": _append,
    "undo": _undo,
    "delete": _remove,
}


@never_cache
@require_GET
@login_required
@course_door
def progress(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The panel of the job alone, for the page to put in its place."""
    desk = desk_for(request, slug, pk)
    slide = chosen(desk)
    name = "listening" if request.GET.get("of") == "sound" else "making"
    context = context_of(desk, slide) | {"announce": True}
    return render(request, f"courses/author/deck.html#{name}", context)


@require_GET
@login_required
@course_door
def made(request: HttpRequest, slug: str, pk: int, key: str) -> HttpResponse:
    """A file of the last video, before or after it stands in a lesson."""
    desk = desk_for(request, slug, pk)
    done = video_of(desk)["done"]
    files = done.made["files"] if done else {}
    if key not in files:
        raise Http404
    name, sha = files[key]
    return served(request, get_object_or_404(MediaFile, sha256=sha), name)


@require_GET
@login_required
@course_door
def page(request: HttpRequest, slug: str, pk: int, slide: int) -> HttpResponse:
    """What the slide looks like. The address holds its version, so it may be kept."""
    desk = desk_for(request, slug, pk)
    row = desk.slide(slide)
    try:
        with TemporaryDirectory() as place:
            path = drawn(row, first=row == desk.slides[0], folder=Path(place))
        response = HttpResponse(path.read_bytes(), content_type="image/png")
    except (Refused, OSError) as problem:
        return HttpResponse(str(problem), status=422, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "private, max-age=60"
    return response


@require_GET
@login_required
@course_door
def sound(request: HttpRequest, slug: str, pk: int, slide: int) -> HttpResponse:
    """The sound of the slide as it stands, once it was made."""
    desk = desk_for(request, slug, pk)
    heard = listening(desk, desk.slide(slide))["heard"]
    folder = kept_clips().get(heard.made["key"]) if heard else None
    if folder is None:
        raise Http404
    path = folder / "sound.pcm"
    size = path.stat().st_size
    response = StreamingHttpResponse(_wave(path, size), content_type="audio/wav")
    response["Content-Length"] = str(size + 44)
    response["Cache-Control"] = "private, no-store"
    return response


def _wave(path: Path, size: int) -> Iterator[bytes]:
    head = struct.pack(
        "<4sI8sIHHIIHH4sI", b"RIFF", size + 36, b"WAVEfmt ", 16, 1, 1, WAV_RATE, WAV_RATE * 2, 2, 16, b"data", size
    )
    yield head
    with path.open("rb") as file:
        while part := file.read(CHUNK):
            yield part
