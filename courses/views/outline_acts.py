"""What the buttons and forms of an outline do: each calls one service and says in a sentence what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from courses.forms_outline import LessonAddForm, LessonNameForm, PartForm, WaitingForm
from courses.lesson_templates import template_of
from courses.models import Course
from courses.registry import ChoosingKind, Content, StartingKind, kinds
from courses.selectors import drafting
from courses.selectors.drafting import DraftPart
from courses.services import outline_copies, outline_parts, outlining
from courses.services.editing import SomebodyWasFaster
from courses.services.outline_parts import PartChanged, PlacedPart
from courses.services.outline_places import Placed


@dataclass(frozen=True)
class Said:
    """What an act did, for people: a sentence, the id of what gets the focus, and the fields of the form that undoes it."""

    words: str
    focus: str = ""
    undo: Mapping[str, Any] = field(default_factory=dict)


class BadForm(Exception):
    """The form has faults, or somebody was faster (``said``): it is shown again as ``editing`` says, with what was typed."""

    def __init__(self, editing: Mapping[str, Any], *, said: str = "", status: int = 422) -> None:
        super().__init__("the form has faults")
        self.editing = editing
        self.said = said
        self.status = status


def _again(request: HttpRequest, form: type[Any], version: int, said: str, **editing: Any) -> BadForm:
    """The form as it was sent, but knowing the version there is now: sent again, it replaces that knowingly."""
    data = request.POST.copy()
    data["version"] = str(version)
    return BadForm({**editing, "form": form(data)}, said=said, status=409)


SESSION = "courses.outline"


def keep_said(request: HttpRequest, course: Course, said: Said) -> None:
    """For the outline that the answer's redirect leads to."""
    request.session[SESSION] = {"course": course.pk, "words": said.words, "undo": dict(said.undo)}


def taken_said(request: HttpRequest, course: Course) -> Said | None:
    """What was kept for this page, once."""
    if SESSION not in request.session:
        return None
    kept = request.session.pop(SESSION)
    return Said(kept["words"], undo=kept["undo"]) if kept["course"] == course.pk else None


Act = Callable[[HttpRequest, Course, str], Said]


def whole(request: HttpRequest, name: str) -> int:
    """A number that a form sent. Raises ``InvalidInput``."""
    given = request.POST.get(name, "")
    if not given.isdecimal() or len(given) > 9:
        raise InvalidInput(_("The form lacks something; load the page again."))
    return int(given)


def _checked(form: Any, **editing: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise BadForm({**editing, "form": form})
    cleaned: dict[str, Any] = form.cleaned_data
    return cleaned


# Lessons


def moved_said(placed: Placed, focus: str = "") -> Said:
    """Where a lesson stands after it was moved, and what puts it back."""
    words = {
        "title": placed.title,
        "position": placed.position,
        "total": placed.total,
        "part": placed.part_number,
    }
    said = _("“%(title)s” moved to position %(position)d of %(total)d in Part %(part)d.") % words
    undo = {"act": f"lesson-place:{placed.lesson.uid}", "part": placed.was_part, "index": placed.was_index}
    return Said(said, focus or f"lesson-{placed.lesson.uid}", undo if placed.moved else {})


def made_said(placed: Placed) -> Said:
    """A copy was made; undone it is archived."""
    words = _("“%(title)s” made. It is a draft.") % {"title": placed.title}
    return Said(words, f"lesson-{placed.lesson.uid}", {"act": f"lesson-archive:{placed.lesson.uid}"})


def lesson_add(request: HttpRequest, course: Course, uid: str) -> Said:
    form = LessonAddForm(request.POST)
    given = _checked(form, what="add", uid=uid)
    placed = outlining.add_lesson(
        course=course,
        part=uid,
        kind=given["kind"],
        title=given["title"],
        content=begun(given["kind"], given["start"], given["template"], course.first_language),
        actor=request.user,
    )
    words = _("“%(title)s” added to Part %(part)d.") % {"title": placed.title, "part": placed.part_number}
    return Said(words, f"lesson-{placed.lesson.uid}", {"act": f"lesson-archive:{placed.lesson.uid}"})


def begun(kind: str, start: str, template: str, language: str) -> Content:
    """What a new lesson says before anybody wrote it."""
    starting = kinds[kind]
    if start and isinstance(starting, ChoosingKind):
        return starting.blank_of(start, language)
    content = starting.blank(language) if isinstance(starting, StartingKind) else {}
    shape = template_of(template) if "body" in content else None
    if shape is None:
        return content
    with translation.override(language):
        return {**content, "body": shape.body(content.get("source_format", "md"))}


def lesson_rename(request: HttpRequest, course: Course, uid: str) -> Said:
    given = _checked(LessonNameForm(request.POST), what="lesson", uid=uid)
    try:
        was = outlining.rename_lesson(course=course, uid=uid, actor=request.user, **given)
    except SomebodyWasFaster as faster:
        words = {"title": faster.current.title, "minutes": faster.current.minutes}
        said = _("Somebody else changed this lesson. It is called “%(title)s” and takes %(minutes)d min now.") % words
        raise _again(request, LessonNameForm, faster.current.version, said, what="lesson", uid=uid) from faster
    words = {"title": was.text.title, "minutes": was.text.minutes}
    if (was.was_title, was.was_minutes) == (was.text.title, was.text.minutes):
        return Said(_("“%(title)s” stays as it is.") % words, f"lesson-{uid}")
    undo = {"title": was.was_title, "minutes": was.was_minutes, "version": was.text.version}
    said = _("The lesson is called “%(title)s” and takes %(minutes)d min.") % words
    return Said(said, f"lesson-{uid}", {"act": f"lesson-rename:{uid}", **undo})


def _lesson_step(by: int) -> Act:
    def act(request: HttpRequest, course: Course, uid: str) -> Said:
        placed = outlining.step_lesson(course=course, uid=uid, by=by)
        focus = f"lesson-{uid}-{'up' if by < 0 else 'down'}"
        if not placed.moved:
            words = {"title": placed.title, "part": placed.part_number}
            first, last = (
                _("“%(title)s” is the first in Part %(part)d."),
                _("“%(title)s” is the last in Part %(part)d."),
            )
            return Said((first if by < 0 else last) % words, focus)
        return moved_said(placed, focus)

    return act


def lesson_place(request: HttpRequest, course: Course, uid: str) -> Said:
    part = request.POST.get("part", "")
    return moved_said(outlining.place_lesson(course=course, uid=uid, part=part, index=whole(request, "index")))


def lesson_duplicate(request: HttpRequest, course: Course, uid: str) -> Said:
    return made_said(outline_copies.duplicate_lesson(course=course, uid=uid, actor=request.user))


def lesson_archive(request: HttpRequest, course: Course, uid: str) -> Said:
    archived = outlining.archive_lesson(course=course, uid=uid, actor=request.user)
    words = _("“%(title)s” archived.") % {"title": archived.title}
    return Said(words, "undo", {"act": f"lesson-restore:{uid}"})


def lesson_restore(request: HttpRequest, course: Course, uid: str) -> Said:
    placed = outlining.restore_lesson(course=course, uid=uid)
    words = _("“%(title)s” is back in Part %(part)d.") % {"title": placed.title, "part": placed.part_number}
    return Said(words, f"lesson-{uid}", {"act": f"lesson-archive:{uid}"})


def _lesson_mark(*, ready: bool) -> Act:
    def act(request: HttpRequest, course: Course, uid: str) -> Said:
        placed = outlining.mark_lesson(course=course, uid=uid, ready=ready)
        said = _("“%(title)s” is marked as ready.") if ready else _("“%(title)s” is a draft again.")
        undo = {"act": f"lesson-{'draft' if ready else 'ready'}:{uid}"}
        return Said(said % {"title": placed.title}, f"lesson-{uid}-more", undo)

    return act


def lesson_open(request: HttpRequest, course: Course, uid: str) -> Said:
    placed, was = outlining.change_waiting(course=course, uid=uid, after=())
    words = _("“%(title)s” opens at once.") % {"title": placed.title}
    undo = {"act": f"lesson-after:{uid}", "after": " ".join(was)} if was else {}
    return Said(words, f"lesson-{uid}-more", undo)


def lesson_wait(request: HttpRequest, course: Course, uid: str) -> Said:
    """What the form of ``?after=`` chose; ``lesson-after`` and ``lesson-open`` undo it."""
    form = WaitingForm(request.POST, others=others_of(drafting.draft_outline(course), uid))
    after = _checked(form, what="after", uid=uid)["after"]
    try:
        placed, was = outlining.change_waiting(course=course, uid=uid, after=after)
    except InvalidInput as problem:
        if "after" not in problem.fields:
            raise
        form.add_error("after", problem.fields["after"])
        raise BadForm({"what": "after", "uid": uid, "form": form}) from problem
    words = {"title": placed.title, "titles": ", ".join(form.titles())}
    said = _("“%(title)s” opens after: %(titles)s") if after else _("“%(title)s” opens at once.")
    undo = {"act": f"lesson-after:{uid}", "after": " ".join(was)} if was else {"act": f"lesson-open:{uid}"}
    return Said(said % words, f"lesson-{uid}-more", {} if was == tuple(after) else undo)


def others_of(parts: list[DraftPart], uid: str) -> list[tuple[str, str]]:
    """The lessons of a draft that the lesson ``uid`` may wait for: uid and title each, in order."""
    return [(each.uid, each.title) for part in parts for each in part.lessons if each.uid != uid]


def lesson_after(request: HttpRequest, course: Course, uid: str) -> Said:
    after = request.POST.get("after", "").split()
    placed, was = outlining.change_waiting(course=course, uid=uid, after=after)
    words = _("“%(title)s” opens after other lessons again.") % {"title": placed.title}
    return Said(words, f"lesson-{uid}-more", {} if was == tuple(after) else {"act": f"lesson-open:{uid}"})


# Parts


def _part_where(placed: PlacedPart) -> str:
    words = {"title": placed.title, "number": placed.number, "total": placed.total}
    return _("“%(title)s” is Part %(number)d of %(total)d now.") % words


def part_add(request: HttpRequest, course: Course, uid: str) -> Said:
    placed = outline_parts.add_part(course=course, title=_checked(PartForm(request.POST), what="add-part")["title"])
    words = _("Part %(number)d, “%(title)s”, added.") % {"number": placed.number, "title": placed.title}
    return Said(words, f"part-{placed.part.uid}-add", {"act": f"part-archive:{placed.part.uid}"})


def part_rename(request: HttpRequest, course: Course, uid: str) -> Said:
    given = _checked(PartForm(request.POST), what="part", uid=uid)
    version = given["version"] or 0
    try:
        placed = outline_parts.rename_part(course=course, uid=uid, title=given["title"], version=version)
    except PartChanged as faster:
        raise _again(request, PartForm, faster.version, str(faster), what="part", uid=uid) from faster
    words = _("Part %(number)d is called “%(title)s”.") % {"number": placed.number, "title": placed.title}
    undo = {"act": f"part-rename:{uid}", "title": placed.was_title, "version": placed.part.version}
    return Said(words, f"part-{uid}-rename", undo if placed.was_title != placed.title else {})


def _part_step(by: int) -> Act:
    def act(request: HttpRequest, course: Course, uid: str) -> Said:
        placed = outline_parts.step_part(course=course, uid=uid, by=by)
        undo = {"act": f"part-place:{uid}", "index": placed.was_index} if placed.moved else {}
        return Said(_part_where(placed), f"part-{uid}-{'up' if by < 0 else 'down'}", undo)

    return act


def part_place(request: HttpRequest, course: Course, uid: str) -> Said:
    placed = outline_parts.place_part(course=course, uid=uid, index=whole(request, "index"))
    undo = {"act": f"part-place:{uid}", "index": placed.was_index} if placed.moved else {}
    return Said(_part_where(placed), f"part-{uid}-more", undo)


def part_duplicate(request: HttpRequest, course: Course, uid: str) -> Said:
    placed = outline_copies.duplicate_part(course=course, uid=uid, actor=request.user)
    words = _("“%(title)s” made, with copies of its lessons. They are drafts.") % {"title": placed.title}
    return Said(words, f"part-{placed.part.uid}-more", {"act": f"part-archive:{placed.part.uid}"})


def part_archive(request: HttpRequest, course: Course, uid: str) -> Said:
    placed = outline_parts.archive_part(course=course, uid=uid, actor=request.user)
    words = _("The part “%(title)s” is archived with its lessons.") % {"title": placed.title}
    return Said(words, "undo", {"act": f"part-restore:{uid}"})


def part_restore(request: HttpRequest, course: Course, uid: str) -> Said:
    placed = outline_parts.restore_part(course=course, uid=uid)
    words = {"title": placed.title, "number": placed.number}
    return Said(
        _("“%(title)s” is back as Part %(number)d.") % words, f"part-{uid}-more", {"act": f"part-archive:{uid}"}
    )


ACTS: Mapping[str, Act] = {
    "lesson-add": lesson_add,
    "lesson-rename": lesson_rename,
    "lesson-up": _lesson_step(-1),
    "lesson-down": _lesson_step(1),
    "lesson-place": lesson_place,
    "lesson-duplicate": lesson_duplicate,
    "lesson-archive": lesson_archive,
    "lesson-restore": lesson_restore,
    "lesson-ready": _lesson_mark(ready=True),
    "lesson-draft": _lesson_mark(ready=False),
    "lesson-open": lesson_open,
    "lesson-after": lesson_after,
    "lesson-wait": lesson_wait,
    "part-add": part_add,
    "part-rename": part_rename,
    "part-up": _part_step(-1),
    "part-down": _part_step(1),
    "part-place": part_place,
    "part-duplicate": part_duplicate,
    "part-archive": part_archive,
    "part-restore": part_restore,
}
