"""Author pages: decks of slides, of one course and of all; a new one; a deck as Markdown, out and in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.access import draft_for, may_author
from courses.decks.source import DeckSource, SlideSource, SourceFault, read_source, write_source
from courses.forms_decks import NewDeckForm, SourceForm
from courses.models import Course, LessonText, SlideDeck
from courses.narration.voices import voices
from courses.selectors import authoring
from courses.selectors.decks import decks_for, slides_of, source_of
from courses.services.decks import create_deck, files_of, replace_slides
from courses.views.author import author_page
from courses.views.doors import course_door

PAGE = 20


@require_GET
@login_required
def every_deck(request: HttpRequest) -> HttpResponse:
    """The decks of all my courses."""
    if not may_author(request.user):
        raise PermissionDenied
    page = Paginator(decks_for(request.user), PAGE).get_page(request.GET.get("page"))
    authoring.name_lessons(page)
    return render(request, "courses/author/all_decks.html", {"page": page})


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def decks(request: HttpRequest, slug: str) -> HttpResponse:
    """The decks of one course, and a form for another one."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    form = NewDeckForm(request.POST or None, course=course, initial=_for_lesson(course, request.GET.get("lesson", "")))
    if request.method == "POST" and form.is_valid():
        made = _begun(request, course, form)
        if made is not None:
            return redirect("courses:author_deck", slug, made.pk)
    page = Paginator(decks_for(request.user, course), PAGE).get_page(request.GET.get("page"))
    authoring.name_lessons(page)
    status = 422 if request.method == "POST" else 200
    return author_page(request, "decks", course, {"form": form, "page": page}, status=status)


def _for_lesson(course: Course, uid: str) -> dict[str, str]:
    """Slides that are begun from a lesson are called after it."""
    texts = LessonText.objects.filter(lesson__course=course, lesson__uid=uid, language=course.first_language)
    return {"lesson_uid": uid, "title": texts.values_list("title", flat=True).first() or ""}


def _begun(request: HttpRequest, course: Course, form: NewDeckForm) -> SlideDeck | None:
    given = form.cleaned_data
    try:
        deck = read_source(given["text"]) if given["text"].strip() else DeckSource(title="", slides=(SlideSource(),))
    except SourceFault as problem:
        form.add_error("text", str(problem))
        return None
    voice = next(iter(voices()), "calm")
    deck = DeckSource(
        **{**vars_of(deck), "title": given["title"], "voice": deck.voice if given["text"].strip() else voice}
    )
    for sentence in deck.left:
        messages.warning(request, sentence)
    return create_deck(
        course=course, given=deck, actor=request.user, lesson_uid=given["lesson_uid"], files=files_of(course)
    )


def vars_of(deck: DeckSource) -> dict[str, Any]:
    """The fields of a deck by name."""
    return {name: getattr(deck, name) for name in DeckSource.__dataclass_fields__}


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def source(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The deck as Markdown; posted, the deck becomes what the file says."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    deck = get_object_or_404(SlideDeck.objects.visible_to(request.user), course=course, pk=pk)
    deck.course = course
    if request.method == "GET":
        text = write_source(source_of(deck, slides_of(deck)), cloth=course.cloth, label=course.code)
        response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
        name = deck.lesson_uid or f"slides-{deck.pk}"
        response["Content-Disposition"] = f'attachment; filename="{name}.{deck.language}.md"'
        return response
    form = SourceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            given = read_source(form.cleaned_data["file"])
        except SourceFault as problem:
            form.add_error("file", str(problem))
        else:
            edited = deck.slides.filter(version__gt=1).exists()
            replace_slides(deck=deck, given=given, actor=request.user, source_name=request.FILES["file"].name or "")
            messages.success(request, _("The slides are what the file says."))
            if edited:
                messages.info(
                    request, _("What was written here before is kept under “Slides to video”, as slides of its own.")
                )
            for sentence in given.left:
                messages.warning(request, sentence)
            return redirect("courses:author_deck", slug, pk)
    context = {"deck": deck, "form": form, "crumb": deck.title}
    return author_page(request, "deck_source", course, context, status=422)
