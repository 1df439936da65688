"""Jobs on documents: Word and Markdown become lessons to look at, a PDF or Markdown becomes a deck.

What strangers' programs wrote is parsed in the limited process only; what comes out of it is plain text and pictures.
"""

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts.models import User
from core.naming import is_blank
from courses import bodies, converting, media_probe
from courses.decks.source import SLIDES_MAX, DeckSource, SlideSource, SourceFault, read_source
from courses.making.markdown import Read, read_markdown
from courses.making.purposes import Arrival, Purpose
from courses.making.registry import JobFailed, Work
from courses.models import Course, MediaJob, Upload
from courses.narration.voices import voices
from courses.sandbox.running import Limits, Refused, run_limited
from courses.services import uploading
from courses.services.arriving import safe_name
from courses.services.decks import create_deck, files_of
from courses.services.making import begin_job
from courses.services.media import store_all
from courses.services.slide_files import keep_picture

DOCUMENT_MAX = 50 * 1024 * 1024
LESSONS_MAX = 60
READING_SPEED = 180  # words a minute
LIMITS = Limits(seconds=120, cpu_seconds=90, memory_mb=1024, file_mb=64)
LEFT = {
    "headers": ngettext_lazy("%(n)d header or footer", "%(n)d headers or footers", "n"),
    "comments": gettext_lazy("the comments"),
    "macros": gettext_lazy("the macros"),
    "objects": ngettext_lazy("%(n)d embedded object", "%(n)d embedded objects", "n"),
    "charts": ngettext_lazy("%(n)d chart or diagram", "%(n)d charts or diagrams", "n"),
    "pictures": ngettext_lazy("%(n)d picture of a kind that browsers do not show", "%(n)d pictures of such kinds", "n"),
    "style": ngettext_lazy("%(n)d style that has no counterpart", "%(n)d styles that have no counterpart", "n"),
    "other": ngettext_lazy("%(n)d thing that could not be read", "%(n)d things that could not be read", "n"),
}


# ---- what may be uploaded


def _limit() -> int:
    return DOCUMENT_MAX


def _document_doubt(name: str, head: bytes) -> str:
    if name.lower().endswith((".docx", ".zip")):
        return (
            "" if head.startswith(b"PK\x03\x04") else _("This is no Word document and no .zip, whatever its name says.")
        )
    return _text_doubt(head)


def _slides_doubt(name: str, head: bytes) -> str:
    if name.lower().endswith(".pdf"):
        return "" if b"%PDF-" in head[:1024] else _("This is no PDF, whatever its name says. Export it again as PDF.")
    return _text_doubt(head)


def _text_doubt(head: bytes) -> str:
    return _("This is no text, whatever its name says.") if b"\x00" in head else ""


def _job(upload: Upload, kind: str, actor: User) -> MediaJob:
    with transaction.atomic():
        Course.objects.select_for_update().get(pk=upload.course_id)
        return upload.jobs.first() or begin_job(
            course=upload.course, kind=kind, title=upload.name, actor=actor, lesson_uid=upload.lesson_uid, upload=upload
        )


def begin_document(upload: Upload, path: Path, actor: User) -> Arrival:
    """Have it read; nothing is in the course before the author has looked at it."""
    job = _job(upload, "document", actor)
    url = reverse("courses:author_import_report", args=[upload.course.slug, job.uid])
    return Arrival(_("“%(name)s” is here and is being read.") % {"name": upload.name}, url, job)


def begin_slides(upload: Upload, path: Path, actor: User) -> Arrival:
    """Have a deck made of it."""
    job = _job(upload, "slides", actor)
    url = reverse("courses:author_deck_arrival", args=[upload.course.slug, job.uid])
    return Arrival(_("“%(name)s” is here and is being read.") % {"name": upload.name}, url, job)


DOCUMENT = Purpose("document", (".docx", ".md", ".markdown", ".zip"), _limit, _document_doubt, begin_document)
SLIDES = Purpose("slides", (".pdf", ".md", ".markdown"), _limit, _slides_doubt, begin_slides)


# ---- lessons out of a document


def read_document(work: Work) -> Mapping[str, Any]:
    """The job ``document``: lessons with their faults, files by name, and what was changed or left, as sentences."""
    path, name = _file(work)
    out = work.folder / "out"
    out.mkdir(exist_ok=True)
    try:
        read = _read(path, name, out)
    except Refused as problem:
        raise JobFailed(str(problem)) from problem
    work.report(70, _("Looking at the pictures"))
    files, dropped = _keep(read, out, work.job.course)
    left = [
        *read.left,
        *(_("The picture “%(name)s” is none that a browser shows.") % {"name": each} for each in dropped),
        *_too_many(read),
    ]
    return {
        "lessons": [_examined(lesson, set(files)) for lesson in read.lessons[:LESSONS_MAX]],
        "files": files,
        "changed": read.changed,
        "left": left,
    }


def _too_many(read: Read) -> list[str]:
    """A sentence on the lessons that are more than one document may become."""
    over = [lesson["title"] for lesson in read.lessons[LESSONS_MAX:]]
    if not over:
        return []
    sentence = ngettext(
        "At most %(most)d lessons are taken from one document. %(n)d is left out, from “%(title)s” on: split the document.",
        "At most %(most)d lessons are taken from one document. %(n)d are left out, from “%(title)s” on: split the document.",
        len(over),
    )
    return [sentence % {"most": LESSONS_MAX, "n": len(over), "title": over[0]}]


def _file(work: Work) -> tuple[Path, str]:
    upload = work.job.upload
    if upload is None or not uploading.path_of(upload).is_file():
        raise JobFailed(_("The file is not there any more. Upload it again."))
    work.report(10, _("Reading the file"))
    return uploading.path_of(upload), upload.name


def _read(path: Path, name: str, out: Path) -> Read:
    if name.lower().endswith(".docx"):
        return _word(run_limited("word", path, out, options={"split": True}, limits=LIMITS), name)
    if name.lower().endswith(".zip"):
        found = run_limited("markdown_zip", path, out, options={"texts_max": LESSONS_MAX}, limits=LIMITS)
        read = Read()
        for each in found["texts"]:
            read_markdown(read, each["text"], name=each["path"], files=found["files"])
        read.left += [_("“%(name)s” is no Markdown and no picture.") % {"name": each} for each in found["left"][:20]]
        return read
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Refused("unreadable") from problem
    read = Read()
    read_markdown(read, text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""), name=name, files={})
    return read


def _word(found: Mapping[str, Any], name: str) -> Read:
    """What the limited process made of a Word document, with pictures under names of their own."""
    read = Read()
    stem = safe_name(name).rpartition(".")[0][:60] or "word"
    for place, picture in enumerate(found["pictures"], 1):
        suffix = PurePosixPath(picture["name"]).suffix
        read.files[f"{stem}-{place}{suffix}"] = picture["name"]
    renamed = {f"media/{kept}": f"media/{new}" for new, kept in read.files.items()}
    for lesson in found["lessons"]:
        html = re.sub(r'(?<=src=")media/[^"]+', lambda match: renamed.get(match[0], match[0]), lesson["html"])
        title = "" if is_blank(lesson["title"]) else lesson["title"]
        title = title or PurePosixPath(name).stem.replace("-", " ").replace("_", " ")
        read.lessons.append({"title": title[:200], "body": converting.laid_out(html), "form": bodies.HTML})
    without = sum(1 for picture in found["pictures"] if not picture["alt"])
    if without:
        sentence = ngettext(
            "%(n)d picture has no alternative text in Word; write it here.",
            "%(n)d pictures have no alternative text in Word; write it here.",
            without,
        )
        read.changed.append(sentence % {"n": without})
    for key, count in found["left"].items():
        what = LEFT.get(key, LEFT["other"]) % {"n": count}
        read.left.append(_("Left out: %(what)s.") % {"what": what})
    return read


def _keep(read: Read, out: Path, course: Course) -> tuple[dict[str, str], list[str]]:
    """SHA-256 of each picture by its name, kept among the media; and the names of those that are none."""
    incoming, dropped = {}, []
    for name, kept in read.files.items():
        found = media_probe.examine(out / kept, name=name)
        if found.probe.type.startswith("image/"):
            incoming[name] = found
        else:
            dropped.append(name)
    rows = store_all(incoming, owner=course.organisation, licence=course.licence) if incoming else {}
    return {name: row.sha256 for name, row in rows.items()}, dropped


def _examined(lesson: Mapping[str, Any], files: set[str]) -> dict[str, Any]:
    body, form = lesson["body"], lesson["form"]
    faults = [sentence for _line, sentence in bodies.faults(body, form)]
    for kind, target, _line in bodies.references(body, form):
        if kind == "media" and target not in files:
            faults.append(_("the picture “%(name)s” did not come along") % {"name": target})
    words = len(re.sub(r"<[^>]*>", " ", body).split())
    return {**lesson, "minutes": max(1, round(words / READING_SPEED)), "words": words, "faults": faults[:20]}


# ---- a deck out of slides


def read_slides(work: Work) -> Mapping[str, Any]:
    """The job ``slides``: a deck, and what was taken, changed and left, as sentences. A second run finds the deck."""
    job = work.job
    if job.deck_id:
        return {"deck": job.deck_id, "changed": [], "left": []}
    path, name = _file(work)
    try:
        if name.lower().endswith(".pdf"):
            given, files, changed, left = _pdf(work, path, name)
        else:
            given = read_source(path.read_bytes().decode("utf-8-sig"))
            files, changed, left = files_of(job.course), [], list(given.left)
    except (Refused, SourceFault) as problem:
        raise JobFailed(str(problem)) from problem
    except UnicodeDecodeError as problem:
        raise JobFailed(_("The file is not UTF-8 text; save it as UTF-8.")) from problem
    with transaction.atomic():
        deck = create_deck(
            course=job.course,
            given=given,
            actor=job.created_by,
            lesson_uid=job.lesson_uid,
            source_name=name,
            files=files,
        )
        MediaJob.objects.filter(pk=job.pk).update(deck=deck)
    return {"deck": deck.pk, "slides": len(given.slides), "changed": changed, "left": left}


def _pdf(work: Work, path: Path, name: str) -> tuple[DeckSource, dict[str, Any], list[str], list[str]]:
    out = work.folder / "out"
    out.mkdir(exist_ok=True)
    pages = run_limited("pdf", path, out, options={"pages_max": SLIDES_MAX}, limits=LIMITS)["pages"]
    files: dict[str, Any] = {}
    slides = []
    for number, page in enumerate(pages, 1):
        work.report(40 + 50 * number // len(pages), _("Keeping the pages"))
        row = keep_picture(out / page["picture"], course=work.job.course)
        files[row.sha256] = row
        words = " ".join(page["words"].split())
        slides.append(SlideSource(heading=_guess(page["words"]), picture=row.sha256, described=words[:1000]))
    title = PurePosixPath(name).stem.replace("-", " ").replace("_", " ")[:200]
    voice = next(iter(voices()), "calm")
    changed = [_("Each page is a picture now. Its first line is the heading, its words describe it: correct both.")]
    left = [_("The narration is yours to write: a PDF holds none.")]
    if tall := sum(1 for page in pages if not page["wide"]):
        sentence = ngettext("%(n)d page is taller than wide.", "%(n)d pages are taller than wide.", tall)
        changed.append(sentence % {"n": tall})
    if noted := sum(page["annotations"] for page in pages):
        sentence = ngettext("%(n)d link or comment is left out.", "%(n)d links or comments are left out.", noted)
        left.append(sentence % {"n": noted})
    return DeckSource(title=title, slides=tuple(slides), voice=voice), files, changed, left


def _guess(words: str) -> str:
    first = next((" ".join(line.split()) for line in words.splitlines() if line.strip()), "")
    return first[:120]
