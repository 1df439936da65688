"""Jobs on decks: the video, and one slide to listen to. A clip that is there already is never made again."""

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from courses import media_probe
from courses.decks.kept import Kept
from courses.decks.pages import page_of
from courses.decks.source import paragraphs
from courses.making.beating import beating
from courses.making.registry import JobFailed, Work
from courses.models import MediaFile, Slide, SlideDeck
from courses.narration.pronounce import load_pronunciations
from courses.narration.voices import voices
from courses.sandbox.running import Refused
from courses.selectors import decks as shown
from courses.services.deck_videos import use_video
from courses.services.media import store_all

if TYPE_CHECKING:
    from courses.narration.clips import Clip, ClipPlan, Film, Studio

CLIPS_SHARE = 85  # percent of the whole that making clips is
SMALL = ["-vf", "scale=640:360", "-c:v", "libx264", "-preset", "veryfast", "-tune", "stillimage", "-crf", "28"]
Made = TypeVar("Made")


def kept_clips() -> Kept:
    """Where clips are kept, for all decks of the site."""
    return Kept(Path(settings.WORK_DIR) / "clips", limit=settings.CLIPS_MAX_BYTES)


@dataclass(frozen=True)
class _Desk:
    """What the steps of one job share."""

    work: Work
    deck: SlideDeck
    studio: "Studio"

    def beating(self, do: Callable[[], Made], percent: int, step: str) -> Made:
        """``do`` in another thread, while this one says that the job is alive. A stop takes effect when it is done."""
        return beating(self.work.report, do, percent, step)


def make_video(work: Work) -> Mapping[str, Any]:
    """The job ``deck``: clips, one after the other, then the video with captions, chapters, poster and small variant."""
    deck, slides = _loaded(work)
    faults = shown.stands_in_the_way(shown.points(deck, shown.states(deck, slides)))
    if faults:
        raise JobFailed(" ".join(f"{fault.sentence} {fault.more}".strip() for fault in faults[:3]))
    desk = _Desk(work, deck, _studio(deck))
    try:
        plans = _plans(desk, slides)
        clips = _clips(desk, plans, total=len(slides))
        film = _joined(desk, clips, plans)
        files = _stored(desk, film, plans[0])
    except Refused as problem:
        raise JobFailed(str(problem)) from problem
    made = {"files": files, "seconds": round(film.seconds, 1), "slides": len(slides), "look": _look(slides)}
    if work.job.given.get("use") and deck.lesson_uid:
        try:
            use_video(deck=deck, made=made, actor=work.job.created_by)
            made["used"] = True
        except DomainError as problem:
            made["not_used"] = str(problem)
    return made


def listen(work: Work) -> Mapping[str, Any]:
    """The job ``listen``: the clip of one slide, which the video will use too."""
    deck, slides = _loaded(work)
    slide = next((each for each in slides if each.pk == work.job.given.get("slide")), None)
    if slide is None:
        raise JobFailed(_("The slide is not there any more."))
    desk = _Desk(work, deck, _studio(deck))
    try:
        (plan,) = _plans(desk, [slide], first=slides[0])
        clip = desk.beating(lambda: desk.studio.clip(plan), 20, _("Reading the words aloud"))
    except Refused as problem:
        raise JobFailed(str(problem)) from problem
    except RuntimeError as problem:
        raise _refused(1) from problem
    return {"slide": slide.pk, "version": slide.version, "key": clip.folder.name, "seconds": clip.seconds}


def _loaded(work: Work) -> tuple[SlideDeck, list[Slide]]:
    deck = work.job.deck
    if deck is None:
        raise JobFailed(_("The deck is not there any more."))
    if not (find_spec("hibari") and find_spec("imageio_ffmpeg")):
        raise JobFailed(
            _("Videos cannot be made here: the site was installed without its media part. Tell its administrator.")
        )
    deck.course = work.job.course
    slides = shown.slides_of(deck)
    if not slides:
        raise JobFailed(_("There is no slide yet."))
    return deck, slides


def _studio(deck: SlideDeck) -> "Studio":
    from courses.narration.clips import Studio  # noqa: PLC0415  (needs the media extra)

    return Studio(kept_clips(), voices().get(deck.voice), deck.words_a_minute, load_pronunciations())


def _plans(desk: _Desk, slides: list[Slide], *, first: Slide | None = None) -> "list[ClipPlan]":
    """What goes into each clip; the sentence on the voice is a clip of its own at the end of a whole deck."""
    from courses.narration.clips import ClipPlan  # noqa: PLC0415  (needs the media extra)

    plans = []
    for slide in slides:
        desk.work.report(0, _("Drawing the slides"))
        spoken = slide.sound != Slide.Sound.SILENT
        recording = slide.recording if slide.sound == Slide.Sound.RECORDING else None
        plans.append(
            ClipPlan(
                page=drawn(slide, first=slide == (first or slides[0]), folder=desk.work.folder),
                paragraphs=tuple(paragraphs(slide.words)) if spoken else (),
                recording=local(recording, desk.work.folder) if recording else None,
                recording_sha=recording.sha256 if recording else "",
                seconds=slide.seconds,
                pause_ms=desk.deck.pause_ms,
                opens_chapter=slide.opens_chapter,
                heading=slide.heading,
            )
        )
    computer = any(slide.sound == Slide.Sound.WORDS and slide.words.strip() for slide in slides)
    if first is None and desk.deck.says_voice and computer:
        with translation.override(desk.deck.language):
            said = (_("The voice in this video is made by a computer."),)
        plans.append(replace(plans[-1], paragraphs=said, recording=None, recording_sha="", opens_chapter=False))
    return plans


def drawn(slide: Slide, *, first: bool, folder: Path) -> Path:
    """The page of a slide as PNG; ``folder`` is for a copy of its picture. Raises ``Refused``."""
    course = slide.deck.course
    picture = local(slide.picture, folder) if slide.picture else None
    return page_of(
        shown.as_source(slide),
        first=first,
        title=slide.deck.title,
        cloth=course.cloth,
        label=course.code,
        picture=picture,
    )


def local(file: MediaFile, folder: Path) -> Path:
    """A copy of a stored file on this machine's disk, wherever the storage is."""
    path = folder / f"{file.sha256}.{file.type.rpartition('/')[2].partition('+')[0]}"
    if not path.exists():
        with default_storage.open(file.path) as stored, path.with_suffix(".part").open("wb") as out:
            shutil.copyfileobj(stored, out, 1 << 20)
        path.with_suffix(".part").rename(path)
    return path


def _clips(desk: _Desk, plans: "list[ClipPlan]", *, total: int) -> "list[Clip]":
    """Each clip in turn, with how far it is and about how long it takes yet."""
    missing = [not desk.studio.has(plan) for plan in plans]
    weights = [
        (len(" ".join(plan.paragraphs)) + 40) if wanted else 0 for plan, wanted in zip(plans, missing, strict=True)
    ]
    clips: list[Clip] = []
    spent, done = 0.0, 0
    for number, plan in enumerate(plans):
        percent = CLIPS_SHARE * number // len(plans)
        began = time.monotonic()
        try:
            step = _step(min(number, total), total, spent, done, sum(weights[number:]))
            clips.append(desk.beating(lambda plan=plan: desk.studio.clip(plan), percent, step))
        except RuntimeError as problem:
            raise _refused(number + 1) from problem
        if weights[number]:
            spent, done = spent + time.monotonic() - began, done + weights[number]
    return clips


def _refused(number: int) -> JobFailed:
    sentence = _("Slide %(n)d could not be made. If it has a recording, export that as WAV or MP3 and upload it again.")
    return JobFailed(sentence % {"n": number})


def _step(number: int, total: int, spent: float, done: int, ahead: int) -> str:
    so_far = ngettext("%(done)d of %(n)d slide", "%(done)d of %(n)d slides", total) % {"done": number, "n": total}
    if not done or not ahead:
        return so_far
    left = max(5, 5 * round(spent / done * ahead / 5))
    return _("%(so_far)s, about %(left)d seconds left") % {"so_far": so_far, "left": left}


def _joined(desk: _Desk, clips: "list[Clip]", plans: "list[ClipPlan]") -> "Film":
    from courses.narration.clips import join  # noqa: PLC0415  (needs the media extra)

    do = lambda: join(clips, plans, desk.work.folder, beat=lambda: None)  # noqa: E731
    return desk.beating(do, CLIPS_SHARE, _("Putting the slides together"))


def _stored(desk: _Desk, film: "Film", first: "ClipPlan") -> dict[str, list[str]]:
    """Keep the files; gives ``[name, sha]`` by what they are to a video lesson."""
    from courses.narration.film import EXACT, ffmpeg, make_poster  # noqa: PLC0415  (needs the media extra)

    folder, deck = desk.work.folder, desk.deck
    stem = deck.lesson_uid or f"slides-{deck.pk}"
    if deck.language != deck.course.first_language:
        stem = f"{stem}.{deck.language}"
    small = folder / "small.mp4"
    fast = ["-c:a", "copy", *EXACT, "-movflags", "+faststart"]
    desk.beating(lambda: ffmpeg(["-i", str(film.path), *SMALL, *fast, str(small)]), 92, _("Making the small variant"))
    parts: dict[str, tuple[str, Path]] = {"file": (f"{stem}.mp4", film.path), "small": (f"{stem}.small.mp4", small)}
    texts = {"poster": (f"{stem}.jpg", make_poster(first.page.read_bytes()))}
    if "-->" in film.captions:
        texts["captions"] = (f"{stem}.{deck.language}.vtt", film.captions.encode())
    texts["chapters"] = (f"{stem}.chapters.vtt", film.chapters.encode())
    for key, (name, content) in texts.items():
        (folder / name).write_bytes(content)
        parts[key] = (name, folder / name)
    desk.work.report(97, _("Keeping the video"))
    incoming = {key: media_probe.examine(path, name=name) for key, (name, path) in parts.items()}
    rows = store_all(incoming, owner=deck.course.organisation, licence=deck.course.licence)
    return {key: [parts[key][0], row.sha256] for key, row in rows.items()}


def _look(slides: list[Slide]) -> list[list[str]]:
    """What the slides show, for those who do not see them: heading and description of each that has one."""
    return [[slide.heading, slide.described] for slide in slides if slide.described]
