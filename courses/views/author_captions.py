"""Author pages: captions of a video beside it, in each language; their file in and out."""

import re
from dataclasses import replace
from typing import Any

from django.conf.locale import LANG_INFO
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError, InvalidInput
from courses import caption_rows, captions, webvtt
from courses.access import draft_for
from courses.caption_rows import Rows
from courses.making import hearing
from courses.making.hearing import begin_draft
from courses.making.speech import why_not
from courses.models import Course, CourseMedia, LessonText, MediaJob
from courses.registry import kinds
from courses.selectors.languages import language_name
from courses.services.captioning import (
    CaptionsChanged,
    Track,
    duration_of,
    languages_of,
    remove_track,
    save_track,
    track_of,
    video_of,
)
from courses.views.author import author_page
from courses.views.doors import course_door

SHIFT = re.compile(r"([+-]?)(\d{1,5}(?:[.,]\d{1,3})?)\Z")


def video_text(course: Course, uid: str, language: str) -> LessonText:
    """The text of a video lesson in ``language`` (empty: the course's first). Raises ``Http404`` for other lessons."""
    rows = LessonText.objects.select_related("lesson", "changed_by")
    text = get_object_or_404(rows, lesson__course=course, lesson__uid=uid, language=language or course.first_language)
    kind = kinds.get(text.lesson.kind)
    if kind is None or not {"video", "audio"} & set(kind.content_schema["properties"]) or text.lesson.archived_at:
        raise Http404
    text.lesson.course = course
    return text


def player_of(course: Course, text: LessonText) -> dict[str, Any]:
    """The draft's video as the page plays it; empty without one."""
    video = video_of(text)
    wanted = {key: video[key].removeprefix("media/") for key in ("file", "poster", "small") if video.get(key)}
    held = CourseMedia.objects.filter(course=course, name__in=wanted.values()).select_related("media")
    found = {each.name: each.media for each in held}
    if wanted.get("file") not in found:
        return {}
    shown = {
        key: reverse("courses:media", args=[course.slug, found[name].sha256, name])
        for key, name in wanted.items()
        if name in found
    }
    main = found[wanted["file"]]
    return {**shown, "type": main.type, "sound": main.type.startswith("audio/"), "duration_ms": main.duration_ms or 0}


def asked_of(request: HttpRequest, text: LessonText) -> str:
    """The text's language, to be carried on in addresses."""
    return f"?language={text.language}" if request.GET.get("language") else ""


def _tongue(language: str) -> str:
    if not re.fullmatch(captions.LANGUAGE, language):
        raise Http404
    return language


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def editor(request: HttpRequest, slug: str, uid: str, language: str) -> HttpResponse:
    """The captions in one language; ``act`` says what a button does: a row's act, ``shift``, ``save`` or ``confirm``."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    text = video_text(course, uid, request.GET.get("language", ""))
    track = track_of(text, _tongue(language))
    if request.method == "GET":
        return _page(request, text, track, caption_rows.of_document(track.document, beside=_beside(text, track)))
    verb = request.POST.get("act", "save")
    if verb in ("source", "upload"):
        return _take_text(request, text, track, verb)
    rows = caption_rows.read(request.POST, others=track.document.others)
    if verb == "shift":
        return _shift(request, text, track, rows)
    if verb not in ("save", "confirm"):
        at = request.POST.get("at", "")
        acted = caption_rows.act(rows, verb, at=int(at) if at.isdecimal() and len(at) < 9 else None)
        return _page(request, text, track, acted or rows, changed=True)
    return _save(request, text, track, rows, confirm=verb == "confirm")


def _beside(text: LessonText, track: Track) -> webvtt.Document | None:
    return track_of(text, text.language).document if track.language != text.language else None


def _save(request: HttpRequest, text: LessonText, track: Track, rows: Rows, *, confirm: bool) -> HttpResponse:
    rows = caption_rows.told(rows, duration_ms=duration_of(text))
    if not rows.is_sound:
        return _page(request, text, track, rows, changed=True, status=422)
    given = {"text": text, "language": track.language, "base": request.POST.get("base", ""), "actor": request.user}
    try:
        save_track(**given, document=rows.document(), draft=False if confirm else None)
    except CaptionsChanged as problem:
        return _page(request, text, problem.current, rows, changed=True, problem=problem, status=problem.status)
    except InvalidInput as problem:
        return _page(request, text, track, rows, changed=True, problem=problem, status=problem.status)
    said = _("Saved. Nobody needs to read them again before you publish.") if confirm else _("Captions saved.")
    messages.success(request, said)
    return redirect(request.get_full_path())


def _shift(request: HttpRequest, text: LessonText, track: Track, rows: Rows) -> HttpResponse:
    found = SHIFT.match(request.POST.get("by", "").strip().replace("−", "-"))
    if not found:
        wrong = _("Write seconds, as 0.5 for later or -0.5 for earlier.")
        return _page(request, text, track, rows, changed=True, shift_wrong=wrong, status=422)
    by_ms = captions.typed_time(found[2]) or 0
    rows = caption_rows.shift(rows, -by_ms if found[1] == "-" else by_ms)
    return _page(request, text, track, rows, changed=True)


def _take_text(request: HttpRequest, text: LessonText, track: Track, verb: str) -> HttpResponse:
    """The whole file, typed or uploaded (SubRip too). What is wrong in it is told with its lines, and nothing is lost."""
    typed = request.POST.get("source", "")
    wrong = ""
    if verb == "upload":
        typed, wrong = _uploaded(request)
    typed = captions.from_srt(typed)
    document = webvtt.parse(typed)
    given = {"text": text, "language": track.language, "base": request.POST.get("base", ""), "actor": request.user}
    try:
        if wrong:
            raise InvalidInput(wrong, fields={"file": wrong})
        save_track(**given, document=document, draft=False if verb == "upload" else None)
    except DomainError as problem:
        current = problem.current if isinstance(problem, CaptionsChanged) else track
        rows = caption_rows.of_document(current.document, beside=_beside(text, current))
        more = {"problem": problem, "typed": typed, "file_wrong": wrong}
        return _page(request, text, current, rows, status=problem.status, **more)
    messages.success(request, _("Captions saved."))
    return redirect(request.get_full_path())


def _uploaded(request: HttpRequest) -> tuple[str, str]:
    """The text of the file that came, or what is wrong with it."""
    file = request.FILES.get("file")
    if file is None:
        return "", _("Choose a .vtt or .srt file.")
    if (file.size or 0) > captions.FILE_MAX:
        return "", _("The file is larger than 1 MB; captions are not. Choose a .vtt or .srt file.")
    try:
        return captions.decoded(file.read()), ""
    except captions.BadCaptions:
        return "", _("The file is not UTF-8 text. Save it as UTF-8, or as WebVTT (.vtt).")


def _page(
    request: HttpRequest,
    text: LessonText,
    track: Track,
    rows: Rows,
    *,
    changed: bool = False,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    course = text.lesson.course
    duration = duration_of(text)
    rows = caption_rows.told(rows, duration_ms=duration)
    if (beside := _beside(text, track)) is not None:
        rows = caption_rows.with_beside(rows, beside)
    source = more.pop("typed", None)
    document = track.document if source is None else webvtt.parse(source)
    found = captions.findings(document, duration_ms=duration) if track.sha or source is not None else []
    context = {
        "text": text,
        "track": track,
        "tongue": language_name(track.language),
        "own": track.language == text.language,
        "rows": rows,
        "faulty": [number for number, row in enumerate(rows.rows, start=1) if row.bad],
        "changed": changed,
        "source": track.text if source is None else source,
        "source_open": source is not None,
        "findings": found,
        "player": player_of(course, text),
        "languages": [(code, language_name(code)) for code in languages_of(text)],
        "asked": asked_of(request, text),
        **_drafting(text, track),
        "shift_by": request.POST.get("by", ""),
        **more,
    }
    return author_page(request, "lesson", course, context, status=status, template="courses/author/captions.html")


def _drafting(text: LessonText, track: Track) -> dict[str, Any]:
    """Can a machine draft them, is it at it, or why did it fail?"""
    if track.language != text.language or not video_of(text).get("file"):
        return {"hearing": {"said": _("Upload the video first.")}}
    jobs = MediaJob.objects.filter(course=text.lesson.course, kind=hearing.KIND)
    languages = [text.language, *([""] if text.language == text.lesson.course.first_language else [])]
    job = jobs.filter(lesson_uid=text.lesson.uid, language__in=languages).first()
    at_work = job is not None and job.state in (MediaJob.State.WAITING, MediaJob.State.RUNNING)
    failed = job if job is not None and job.state == MediaJob.State.FAILED and not track.sha else None
    return {"hearing": {"said": why_not(text.language)}, "job": job if at_work else None, "failed": failed}


@require_POST
@login_required
@course_door
def draft(request: HttpRequest, slug: str, uid: str, language: str) -> HttpResponse:
    """Let a machine draft the captions; it takes its time, and the page says how far it is."""
    course = draft_for(request.user, slug, edit=True)
    text = video_text(course, uid, request.GET.get("language", ""))
    if _tongue(language) != text.language:
        raise Http404
    try:
        begin_draft(text=text, actor=request.user)
        messages.success(request, _("The machine is listening. You can leave this page and come back."))
    except DomainError as problem:
        messages.error(request, problem.message)
    url = reverse("courses:author_captions", args=[slug, uid, language])
    return redirect(f"{url}{asked_of(request, text)}#draft")


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def languages(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Which languages there are, and one more: its page opens with the times of the first and nothing said yet."""
    course = draft_for(request.user, slug, edit=request.method == "POST")
    text = video_text(course, uid, request.GET.get("language", ""))
    wrong = ""
    if request.method == "POST":
        code = request.POST.get("code", "")
        if re.fullmatch(captions.LANGUAGE, code):
            url = reverse("courses:author_captions", args=[slug, uid, code])
            return redirect(f"{url}{asked_of(request, text)}")
        wrong = _("Choose a language.")
    there = [text.language, *(code for code in languages_of(text) if code != text.language)]
    choices = sorted(
        ((code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info and code not in there),
        key=lambda each: each[1].lower(),
    )
    context = {
        "text": text,
        "tracks": [(language_name(code), track_of(text, code)) for code in there],
        "choices": choices,
        "wrong": wrong,
        "asked": asked_of(request, text),
    }
    return author_page(
        request,
        "lesson",
        course,
        context,
        status=422 if wrong else 200,
        template="courses/author/captions_languages.html",
    )


@require_GET
@login_required
@course_door
def download(request: HttpRequest, slug: str, uid: str, language: str, ending: str) -> HttpResponse:
    """The captions as a file: ``vtt`` with times, ``txt`` the words alone."""
    course = draft_for(request.user, slug)
    track = track_of(video_text(course, uid, request.GET.get("language", "")), _tongue(language))
    if not track.sha or ending not in ("vtt", "txt"):
        raise Http404
    written = track.text if ending == "vtt" else captions.transcript(track.document.cues)
    kind = {"vtt": "text/vtt", "txt": "text/plain"}[ending]
    response = HttpResponse(written, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{uid}.{language}.{ending}"'
    return response


@require_http_methods(["GET", "POST"])
@login_required
@course_door
def remove(request: HttpRequest, slug: str, uid: str, language: str) -> HttpResponse:
    """Take a language away; the page asks first."""
    course = draft_for(request.user, slug, edit=True)
    text = video_text(course, uid, request.GET.get("language", ""))
    track = track_of(text, _tongue(language))
    if not track.name:
        raise Http404
    context = {"text": text, "track": track, "tongue": language_name(language), "asked": asked_of(request, text)}
    if request.method == "GET":
        return author_page(request, "lesson", course, context, template="courses/author/captions_remove.html")
    try:
        remove_track(text=text, language=language, base=request.POST.get("base", ""), actor=request.user)
    except CaptionsChanged as problem:
        context |= {"track": replace(problem.current), "problem": problem}
        return author_page(
            request, "lesson", course, context, status=problem.status, template="courses/author/captions_remove.html"
        )
    messages.success(request, _("The captions are out of the lesson. Their file is still among the course’s media."))
    url = reverse("courses:author_captions_languages", args=[slug, uid])
    return redirect(f"{url}{asked_of(request, text)}")
