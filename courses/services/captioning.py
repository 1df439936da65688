"""Captions, subtitles and chapters of a video lesson: files of the draft that its content names."""

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, InvalidInput
from courses import captions, webvtt
from courses.checks import texts_in
from courses.media_probe import examine
from courses.models import Course, CourseMedia, LessonText, MediaFile
from courses.services.editing import patch_content
from courses.services.media import store_all
from courses.spec import Content

CHAPTERS = "chapters"
Video = dict[str, Any]


@dataclass(frozen=True)
class Track:
    """One WebVTT file of a lesson: in ``language``, or its chapters. ``name`` and ``sha`` are empty while there is none.

    ``sha`` is what an editor's page holds against a change by somebody else. ``draft``: a machine wrote it and nobody
    has corrected it.
    """

    language: str
    name: str = ""
    sha: str = ""
    draft: bool = False
    text: str = ""

    @property
    def document(self) -> webvtt.Document:
        return webvtt.parse(self.text)


class CaptionsChanged(Conflict):
    """Somebody (or a machine) saved this file in between; ``current`` is what it is now."""

    def __init__(self, current: Track) -> None:
        super().__init__(_("Somebody else saved these captions while you were writing. Both are below."))
        self.current = current


def key_of(text: LessonText) -> str:
    """The part of the content that names the files: a recording's is called ``audio``."""
    return "audio" if text.lesson.kind == "audio" else "video"


def video_of(text: LessonText) -> Video:
    """The files of the lesson's video or recording by what they are to it."""
    return dict(text.content.get(key_of(text)) or {})


def languages_of(text: LessonText) -> list[str]:
    """Languages that have a file, the lesson's own first."""
    video = video_of(text)
    return [*([text.language] if video.get("captions") else []), *sorted(video.get("subtitles") or {})]


def track_of(text: LessonText, language: str) -> Track:
    """The file in ``language`` (or ``CHAPTERS``) of the draft, with its words. Two queries."""
    video = video_of(text)
    if language == CHAPTERS:
        name = video.get("chapters", "")
    elif language == text.language:
        name = video.get("captions", "")
    else:
        name = (video.get("subtitles") or {}).get(language, "")
    draft = bool(video.get("captions_draft")) and language == text.language
    if not name:
        return Track(language=language)
    held = CourseMedia.objects.filter(course=text.lesson.course_id, name=_bare(name)).select_related("media").first()
    if held is None:
        return Track(language=language, name=name, draft=draft)
    return Track(language=language, name=name, sha=held.media.sha256, draft=draft, text=_read(held.media))


def _read(media: MediaFile) -> str:
    try:
        with default_storage.open(media.path) as file:
            return str(file.read().decode("utf-8-sig", "replace"))
    except FileNotFoundError:
        return ""


def _bare(name: str) -> str:
    return name.removeprefix("media/")


def duration_of(text: LessonText) -> int:
    """The length of the lesson's video in milliseconds, 0 when it is not known."""
    name = _bare(video_of(text).get("file", ""))
    held = CourseMedia.objects.filter(course=text.lesson.course_id, name=name).values_list("media__duration_ms")
    return next((length for (length,) in held if length), 0)


@transaction.atomic
def save_track(
    *,
    text: LessonText,
    language: str,
    base: str,
    document: webvtt.Document,
    actor: User | None,
    draft: bool | None = None,
    source: str = "",
) -> Track:
    """Put ``document`` in place of the file in ``language`` (or of the chapters) if that still is ``base`` (its sha).

    Written in the standard's form and in order of time, so that every browser reads it alike. ``draft`` says whether a
    machine wrote the captions and nobody has corrected them; None leaves the mark, and the revision says who took it
    away. Takes the lock of the course row.
    Raises ``InvalidInput`` with what no browser would show, ``CaptionsChanged`` when somebody was faster.
    """
    if language != CHAPTERS and not re.fullmatch(captions.LANGUAGE, language):
        raise InvalidInput(_("“%(language)s” is no code of a language.") % {"language": language})
    grave = [each for each in captions.findings(document, duration_ms=duration_of(text)) if each.grave]
    if grave:
        lines = "\n".join(_("Line %(line)d: %(said)s") % {"line": each.line, "said": each.sentence} for each in grave)
        raise InvalidInput(_("This was not saved."), fields={"source": lines})
    current = _locked(text, language, base)
    written = webvtt.write(captions.ordered(document.cues), others=document.others)
    name = _store(text, language, current, written, source)

    def change(video: Video) -> Video:
        video = _named(video, text.language, language, f"media/{name}")
        if draft is not None and language == text.language:
            video.pop("captions_draft", None)
            return video | ({"captions_draft": True} if draft else {})
        return video

    _patch(text, change, actor)
    return track_of(LessonText.objects.select_related("lesson").get(pk=text.pk), language)


@transaction.atomic
def remove_track(*, text: LessonText, language: str, base: str, actor: User) -> None:
    """Take the file in ``language`` (or the chapters) out of the lesson; it stays in the course's media."""
    _locked(text, language, base)

    def change(video: Video) -> Video:
        if language == CHAPTERS:
            video.pop("chapters", None)
        elif language == text.language:
            video.pop("captions", None)
            video.pop("captions_draft", None)
        else:
            rest = {key: name for key, name in (video.pop("subtitles", None) or {}).items() if key != language}
            video |= {"subtitles": rest} if rest else {}
        return video

    _patch(text, change, actor)


def _locked(text: LessonText, language: str, base: str) -> Track:
    Course.objects.select_for_update().get(pk=text.lesson.course_id)
    current = track_of(LessonText.objects.select_related("lesson").get(pk=text.pk), language)
    if current.sha != base:
        raise CaptionsChanged(current)
    return current


def _patch(text: LessonText, change: Callable[[Video], Video], actor: User | None) -> None:
    key = key_of(text)

    def whole(content: Content) -> Content:
        return {**content, key: change(dict(content.get(key) or {}))}

    patch_content(text=text, change=whole, actor=actor)


def _named(video: Video, own: str, language: str, name: str) -> Video:
    if language == CHAPTERS:
        return {**video, "chapters": name}
    if language == own:
        return {**video, "captions": name}
    return {**video, "subtitles": {**(video.get("subtitles") or {}), language: name}}


def _store(text: LessonText, language: str, current: Track, written: str, source: str) -> str:
    """Keep the file and give the name under which the course holds it: its old one where no other lesson has it."""
    course = text.lesson.course
    taken = _names_elsewhere(text, language)
    wanted = _bare(current.name) if current.name else f"{text.lesson.uid}.{language}.vtt"
    stem, number = wanted.removesuffix(".vtt"), 1
    while wanted in taken:
        number += 1
        wanted = f"{stem.removesuffix(f'.{language}')}-{number}.{language}.vtt"
    with tempfile.TemporaryDirectory(prefix="captions-") as folder:
        path = Path(folder) / "captions.vtt"
        path.write_text(written, encoding="utf-8")
        media = store_all({wanted: examine(path)}, owner=course.organisation, licence=course.licence)[wanted]
    values: Mapping[str, Any] = {"media": media} | ({"source": source} if source else {})
    CourseMedia.objects.update_or_create(course=course, name=wanted, defaults=values)
    return wanted


def _names_elsewhere(text: LessonText, language: str) -> set[str]:
    """Names of files that other lessons, other languages of this lesson, or its other tracks use."""
    rows = LessonText.objects.filter(lesson__course=text.lesson.course_id)
    others = [content for pk, content in rows.values_list("pk", "content") if pk != text.pk]
    rest = _named(video_of(text), text.language, language, "")
    found = {words for content in [*others, {"video": rest}] for _path, words in texts_in(content)}
    return {_bare(words) for words in found if words.startswith("media/") and words.endswith(".vtt")}
