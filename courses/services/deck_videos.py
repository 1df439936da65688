"""The video that was made of a deck: begun, and put into its lesson when the author says so."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, InvalidInput
from courses.models import Course, LessonText, MediaFile, MediaJob, Slide, SlideDeck
from courses.services.adding_files import add_files
from courses.services.editing import patch_content
from courses.services.making import begin_job
from courses.spec import Content

GOING = (MediaJob.State.WAITING, MediaJob.State.RUNNING)


@transaction.atomic
def begin_video(*, deck: SlideDeck, use: bool, actor: User) -> MediaJob:
    """Ask for the video. One at a time: while one is being made, that one is given.

    ``use``: put it into the lesson as soon as it is done. Raises ``InvalidInput`` when it should go into no lesson.
    """
    if use and not deck.lesson_uid:
        raise InvalidInput(_("Choose the lesson first that the video is for."))
    held = SlideDeck.objects.select_for_update().select_related("course").get(pk=deck.pk)
    going = held.jobs.filter(kind="deck", state__in=GOING, cancel_asked_at=None).first()
    return going or begin_job(
        course=held.course,
        kind="deck",
        title=held.title,
        actor=actor,
        lesson_uid=held.lesson_uid,
        language=held.language,
        deck=held,
        given={"use": use},
    )


@transaction.atomic
def begin_listening(*, slide: Slide, actor: User) -> MediaJob:
    """Ask for the sound of one slide as it stands; what is made or being made of this version already is given."""
    deck = SlideDeck.objects.select_for_update().select_related("course").get(pk=slide.deck_id)
    for job in deck.jobs.filter(kind="listen", state__in=GOING)[:20]:
        if job.given == {"slide": slide.pk, "version": slide.version}:
            return job
    return begin_job(
        course=deck.course,
        kind="listen",
        title=_("Listening to “%(slide)s”") % {"slide": slide.heading or slide.position},
        actor=actor,
        deck=deck,
        given={"slide": slide.pk, "version": slide.version},
    )


@transaction.atomic
def use_video(*, deck: SlideDeck, made: Mapping[str, Any], actor: User | None) -> LessonText:
    """Put the files that a job made into the deck's lesson; the lesson's next version names them.

    Files get names of their own, so an older version of the lesson still finds the video it had. Raises ``InvalidInput``
    when there is no such video lesson, ``Conflict`` when a file is gone.
    """
    course = Course.objects.select_for_update().get(pk=deck.course_id)
    rows = LessonText.objects.select_related("lesson")
    text = rows.filter(
        lesson__course=course, lesson__uid=deck.lesson_uid, lesson__archived_at=None, language=deck.language
    ).first()
    if text is None or text.lesson.kind != "video":
        raise InvalidInput(_("Choose a video lesson of this course, in the language of the deck."))
    names = _named(course, made["files"])
    described = _described(made.get("look", []))

    def change(content: Content) -> Content:
        video = {key: value for key, value in content.get("video", {}).items() if key == "subtitles"}
        changed = {**content, "video": {**video, **names}}
        if described and not str(content.get("body", "")).strip() and content.get("source_format", "md") == "md":
            changed |= {"body": described, "source_format": "md"}
        return changed

    return patch_content(text=text, change=change, actor=actor)


def _named(course: Course, files: Mapping[str, list[str]]) -> dict[str, str]:
    """The files under names of the draft, as a lesson's content names them."""
    rows = MediaFile.objects.in_bulk([sha for _name, sha in files.values()], field_name="sha256")
    if any(sha not in rows for _name, sha in files.values()):
        raise Conflict(_("This video is too old; its files are gone. Make it again, that is quick."))
    names = add_files(course=course, files={name: rows[sha] for name, sha in files.values()})
    return {key: f"media/{names[name]}" for key, (name, _sha) in files.items()}


def _described(look: list[list[str]]) -> str:
    """What the slides show, as the text under a video that has none yet."""
    lines = [f"- {'**' + _plain(heading) + '.** ' if heading else ''}{_plain(said)}" for heading, said in look]
    title = _("What the slides show")
    return f"::: details {title}\n{chr(10).join(lines)}\n:::\n" if lines else ""


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>{}#|])", r"\\\1", text)
