"""The media job ``captions``: a machine listens to a lesson's video or sound and drafts its captions."""

import json
import shutil
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, InvalidInput
from courses import webvtt
from courses.making.listening import Word, cues_of
from courses.making.registry import JobFailed, Work
from courses.making.speech import why_not
from courses.models import Course, CourseMedia, LessonText, MediaJob
from courses.services.captioning import CaptionsChanged, save_track, track_of, video_of
from courses.services.making import begin_job

KIND = "captions"
SOURCE = "Drafted by speech recognition"


@transaction.atomic
def begin_draft(*, text: LessonText, actor: User | None) -> MediaJob:
    """File the job for a lesson's text; the one that waits or runs already is given again.

    Takes the lock of the course row, so that a button pressed twice begins one. Raises ``InvalidInput`` where no captions
    can be drafted, ``Conflict`` where a person has made some.
    """
    if said := why_not(text.language):
        raise InvalidInput(said)
    if not video_of(text).get("file"):
        raise InvalidInput(_("There is no video in this lesson yet; upload one first."))
    Course.objects.select_for_update().get(pk=text.lesson.course_id)
    track = track_of(text, text.language)
    if track.sha and not track.draft:
        raise Conflict(_("This lesson has captions already; they stay as they are."))
    place = {"course": text.lesson.course, "lesson_uid": text.lesson.uid}
    under_way = MediaJob.objects.waiting().filter(kind=KIND, language__in=["", text.language], **place).first()
    title = _("Captions for “%(title)s”") % {"title": text.title}
    return under_way or begin_job(kind=KIND, title=title[:200], actor=actor, language=text.language, **place)


def draft_captions(work: Work) -> Mapping[str, Any]:
    """Listen to the job's lesson and put a draft in place of nothing, or of an earlier draft; a person's words stay."""
    job = work.job
    text = _text(job)
    before = _base(work, text)
    if said := why_not(text.language):
        raise JobFailed(said)
    words = _words(work, text)
    if not words:
        raise JobFailed(_("Nothing was understood in this video. Type its captions, also for music or silence."))
    document = webvtt.Document(tuple(cues_of(words)))
    try:
        save_track(
            text=text,
            language=text.language,
            base=before,
            document=document,
            actor=job.created_by,
            draft=True,
            source=SOURCE,
        )
    except CaptionsChanged as problem:
        raise JobFailed(_("Somebody wrote captions meanwhile; theirs stay, and the draft was dropped.")) from problem
    return {"cues": len(document.cues), "words": len(words)}


def _words(work: Work, text: LessonText) -> list[Word]:
    ears = import_module("courses.making.ears")  # only where the media packages are
    sound = work.folder / "sound.wav"
    if not sound.exists():
        work.report(1, _("taking the sound out of the video"))
        try:
            ears.extract(_source(work, text), sound, lambda percent: work.report(1))
        except ears.NoSound as problem:
            raise JobFailed(_("There is no sound in this video that could be read. Type its captions.")) from problem
    said = _("listening")
    heard: list[Word] = ears.listen(
        sound, work.folder / "words.json", lambda percent: work.report(3 + percent * 96 // 100, said)
    )
    return heard


def _text(job: Any) -> LessonText:
    """The text as it stands: the job's lesson may have changed or gone since it was filed."""
    rows = LessonText.objects.select_related("lesson__course")
    language = job.language or job.course.first_language
    text = rows.filter(lesson__course=job.course, lesson__uid=job.lesson_uid, language=language).first()
    if text is None or not video_of(text).get("file"):
        raise JobFailed(_("The lesson has no video any more."))
    return text


def _base(work: Work, text: LessonText) -> str:
    """The sha of the draft that may be replaced, noted when the job first looked. Raises for a person's captions."""
    noted = work.folder / "base.json"
    track = track_of(text, text.language)
    if not noted.exists():
        if track.sha and not track.draft:
            raise JobFailed(_("This lesson has captions already; they stay as they are."))
        noted.write_text(json.dumps(track.sha), "utf-8")
    return str(json.loads(noted.read_text("utf-8")))


def _source(work: Work, text: LessonText) -> Path:
    """The video as a file on this machine."""
    name = video_of(text)["file"].removeprefix("media/")
    held = CourseMedia.objects.filter(course=text.lesson.course_id, name=name).select_related("media").first()
    if held is None:
        raise JobFailed(_("The video is not among the course’s media any more. Upload it again."))
    try:
        return Path(default_storage.path(held.media.path))
    except NotImplementedError:  # the store is on another machine
        target = work.folder / "video"
        with default_storage.open(held.media.path) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file)
        return target
