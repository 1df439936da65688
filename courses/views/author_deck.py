"""Author pages: one deck, slide by slide, until its video stands in the lesson."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError
from courses.access import draft_for, may_edit
from courses.forms_decks import DeckForm, SlideForm
from courses.making.decks import kept_clips
from courses.models import Course, MediaJob, Slide, SlideDeck
from courses.narration.voices import voices
from courses.selectors import authoring
from courses.selectors import decks as shown
from courses.selectors.languages import language_name
from courses.services import deck_videos, decks, slide_files
from courses.views.doors import course_door

State = MediaJob.State
GOING = (State.WAITING, State.RUNNING)


@dataclass
class Desk:
    """A deck as one request finds it."""

    request: HttpRequest
    course: Course
    deck: SlideDeck

    @cached_property
    def slides(self) -> list[Slide]:
        return shown.slides_of(self.deck)

    def slide(self, pk: int) -> Slide:
        """One of its slides. Raises ``Http404``."""
        found = next((each for each in self.slides if each.pk == pk), None)
        if found is None:
            raise Http404
        return found

    def with_deck(self, deck: SlideDeck) -> "Desk":
        """The same with the deck as it was just read."""
        deck.course = self.course
        return Desk(self.request, self.course, deck)

    def at(self, slide: Slide | None) -> str:
        """The address of the deck's page at ``slide``."""
        here = reverse("courses:author_deck", args=[self.course.slug, self.deck.pk])
        return f"{here}?slide={slide.pk}" if slide else here


def desk_for(request: HttpRequest, slug: str, pk: int, *, edit: bool = False) -> Desk:
    """The deck for its authors; reviewers look, owners and editors change. Raises ``Http404``, ``PermissionDenied``."""
    course = draft_for(request.user, slug, edit=edit)
    rows = SlideDeck.objects.visible_to(request.user).select_related("changed_by")
    deck = get_object_or_404(rows, course=course, pk=pk)
    deck.course = course
    return Desk(request, course, deck)


# ---- the page


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def deck(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The deck at one of its slides; posted, what holds for the whole deck is saved."""
    desk = desk_for(request, slug, pk, edit=request.method == "POST")
    if request.method == "GET":
        return _page(desk, chosen(desk))
    form = _deck_form(desk, request.POST)
    if not form.is_valid():
        return _page(desk, chosen(desk), deck_form=form, status=422)
    given = dict(form.cleaned_data)
    version = given.pop("version")
    try:
        desk.deck = decks.save_deck(
            deck=desk.deck, version=version, values=decks.DeckValues(**given), actor=request.user
        )
    except decks.DeckChanged as problem:
        return _page(desk.with_deck(problem.current), chosen(desk), problem=problem, status=problem.status)
    messages.success(request, _("Saved."))
    return redirect(desk.at(chosen(desk)))


def chosen(desk: Desk) -> Slide | None:
    wanted = desk.request.GET.get("slide", "")
    found = next((each for each in desk.slides if str(each.pk) == wanted), None)
    return found or (desk.slides[0] if desk.slides else None)


def _deck_form(desk: Desk, data: Any = None) -> DeckForm:
    names = ("title", "lesson_uid", "language", "voice", "words_a_minute", "pause_ms", "says_voice", "version")
    initial = {name: getattr(desk.deck, name) for name in names}
    languages = [(code, language_name(code)) for code in desk.course.languages]
    return DeckForm(data, deck=desk.deck, languages=languages, initial=initial, prefix="deck")


def _slide_form(slide: Slide | None) -> SlideForm:
    names = (*decks.PLAIN, "version")
    return SlideForm(initial={name: getattr(slide, name) for name in names} if slide else {})


def _page(
    desk: Desk,
    slide: Slide | None,
    *,
    form: SlideForm | None = None,
    deck_form: DeckForm | None = None,
    problem: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    authoring.name_lessons([desk.deck])
    context = context_of(desk, slide) | {
        "form": form or _slide_form(slide),
        "deck_form": deck_form or _deck_form(desk),
        "problem": problem,
        "theirs": getattr(problem, "current", None) if isinstance(problem, decks.SlideChanged) else None,
        "undo": desk.request.session.pop(f"deck-undo-{desk.deck.pk}", None),
        "voices": voices(),
    }
    return render(desk.request, "courses/author/deck.html", context, status=status)


def context_of(desk: Desk, slide: Slide | None) -> dict[str, Any]:
    states = shown.states(desk.deck, desk.slides)
    place = next((number for number, each in enumerate(states) if slide and each.slide.pk == slide.pk), None)
    return {
        "course": desk.course,
        "deck": desk.deck,
        "may_edit": may_edit(desk.request.user, desk.course),
        "states": states,
        "current": states[place] if place is not None else None,
        "before": states[place - 1].slide if place else None,
        "after": states[place + 1].slide if place is not None and place + 1 < len(states) else None,
        "total": shown.length(sum(state.seconds for state in states)),
        "points": shown.points(desk.deck, states),
        **video_of(desk),
        **listening(desk, slide),
    }


def video_of(desk: Desk) -> dict[str, Any]:
    """The job under way or the last one, and the last video that was made."""
    found = shown.last_jobs(desk.deck)
    job, done = found["job"], found["done"]
    return {"job": job, "done": done, "going": bool(job and job.state in GOING)}


def listening(desk: Desk, slide: Slide | None) -> dict[str, Any]:
    """The sound of the slide as it stands, or the job that makes it."""
    if slide is None:
        return {"heard": None, "hearing": None}
    wanted = {"slide": slide.pk, "version": slide.version}
    rows = [row for row in desk.deck.jobs.filter(kind="listen").order_by("-pk")[:30] if row.given == wanted]
    job = rows[0] if rows else None
    stands = job and job.state == State.DONE and kept_clips().get(job.made["key"])
    return {"heard": job if stands else None, "hearing": job if job and job.state != State.DONE else None}


# ---- one slide


@require_POST
@login_required
@course_door
def slide(request: HttpRequest, slug: str, pk: int, slide: int) -> HttpResponse:
    """Save one slide; the page's script asks for JSON, a form gets the page."""
    desk = desk_for(request, slug, pk, edit=True)
    row = desk.slide(slide)
    return _saving(desk, row, lambda saved: redirect(desk.at(saved)))


def _saving(desk: Desk, row: Slide, then: Callable[[Slide], HttpResponse]) -> HttpResponse:
    """Save what was posted, then go on; whatever is wrong is shown beside what was typed."""
    quiet = desk.request.headers.get("Accept") == "application/json"
    form = SlideForm(desk.request.POST, desk.request.FILES)
    if form.is_valid():
        try:
            saved = decks.save_slide(
                slide=row,
                version=form.cleaned_data["version"],
                values=_values(desk, row, form),
                actor=desk.request.user,
            )
        except decks.SlideChanged as problem:
            if quiet:
                return JsonResponse({"words": str(problem)}, status=problem.status)
            return _page(desk, problem.current, form=_again(desk, problem), problem=problem, status=problem.status)
        except DomainError as problem:
            for name, sentence in (problem.fields or {"items": str(problem)}).items():
                form.add_error(name, sentence)
        else:
            return _saved(desk.with_deck(saved.deck), saved) if quiet else then(saved)
    if quiet:
        return JsonResponse({"errors": {name: " ".join(said) for name, said in form.errors.items()}}, status=422)
    return _page(desk, row, form=form, status=422)


def _values(desk: Desk, row: Slide, form: SlideForm) -> decks.SlideValues:
    given = form.cleaned_data
    picture, recording = row.picture, row.recording
    if given["picture"]:
        picture = slide_files.take_picture(given["picture"], course=desk.course)
    elif given["drop_picture"]:
        picture = None
    if given["recording"]:
        recording = slide_files.take_recording(given["recording"], course=desk.course)
    plain = {name: given[name] for name in decks.PLAIN}
    return decks.SlideValues(**plain, picture=picture, recording=recording)


def _again(desk: Desk, problem: decks.SlideChanged) -> SlideForm:
    """What was typed, to be saved over theirs, knowingly."""
    data = desk.request.POST.copy()
    data["version"] = str(problem.current.version)
    return SlideForm(data)


def _saved(desk: Desk, slide: Slide) -> HttpResponse:
    """What the page's script puts in its places."""
    context = context_of(desk, slide)
    here = "courses/author/deck.html"
    pieces = {name: render_to_string(f"{here}#{name}", context, request=desk.request) for name in ("film", "points")}
    current = context["current"]
    return JsonResponse(
        {
            "version": slide.version,
            "words": current.words,
            "about": render_to_string(f"{here}#about", context, request=desk.request),
            "saved": render_to_string(f"{here}#saved", context, request=desk.request),
            "page": _page_url(desk, slide),
            "pieces": pieces,
        }
    )


def _page_url(desk: Desk, slide: Slide) -> str:
    url = reverse("courses:author_slide_page", args=[desk.course.slug, desk.deck.pk, slide.pk])
    return f"{url}?{urlencode({'v': slide.version})}"


@require_POST
@login_required
@course_door
def slide_do(request: HttpRequest, slug: str, pk: int, slide: int, verb: str) -> HttpResponse:
    """Act on a slide. What was typed comes along and is saved first, so that no act loses it."""
    desk = desk_for(request, slug, pk, edit=True)
    row = desk.slide(slide)
    act = ACTS.get(verb)
    if act is None:
        raise Http404
    if "version" in request.POST and verb != "delete":
        return _saving(desk, row, lambda saved: _acted(desk, saved, act))
    return _acted(desk, row, act)


def _acted(desk: Desk, row: Slide, act: Callable[[Desk, Slide], Slide | None]) -> HttpResponse:
    try:
        return redirect(desk.at(act(desk, row)))
    except DomainError as problem:
        messages.error(desk.request, str(problem))
        return redirect(desk.at(row))


def _up(desk: Desk, row: Slide) -> Slide:
    return decks.move_slide(slide=row, by=-1, actor=desk.request.user)


def _down(desk: Desk, row: Slide) -> Slide:
    return decks.move_slide(slide=row, by=1, actor=desk.request.user)


def _add(desk: Desk, row: Slide) -> Slide:
    return decks.add_slide(deck=desk.deck, after=row, actor=desk.request.user)


def _split(desk: Desk, row: Slide) -> Slide:
    at = desk.request.POST.get("at", "")
    return decks.split_slide(slide=row, at=int(at) if at.isdecimal() and len(at) < 6 else None, actor=desk.request.user)


def _listen(desk: Desk, row: Slide) -> Slide:
    deck_videos.begin_listening(slide=row, actor=desk.request.user)
    return row


def _delete(desk: Desk, row: Slide) -> Slide | None:
    place = desk.slides.index(row)
    desk.request.session[f"deck-undo-{desk.deck.pk}"] = decks.delete_slide(slide=row, actor=desk.request.user)
    rest = [each for each in desk.slides if each is not row]
    return rest[min(place, len(rest) - 1)] if rest else None


ACTS: dict[str, Callable[[Desk, Slide], Slide | None]] = {
    "up": _up,
    "down": _down,
    "add": _add,
    "split": _split,
    "listen": _listen,
    "delete": _delete,
}
