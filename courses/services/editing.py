"""Saving one lesson's text in the browser (D14): nobody's words are lost, whoever else writes at the same time.

A draft may be unsound; its faults are shown beside the text and keep it from being published, never from being saved.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Value
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, InvalidInput
from core.naming import is_blank
from courses import bodies, checks, converting, markup, merging
from courses.models import Course, CourseMedia, Lesson, LessonRevision, LessonText
from courses.registry import Content, blocks
from courses.services.outline_places import NotThere

BODY_MAX = 200_000
TRIES = 5  # how often somebody else may save between our reading and our writing before we give up


class SomebodyWasFaster(Conflict):
    """The text was saved by somebody else in between; ``current`` is the row as it stands now."""

    def __init__(self, current: LessonText) -> None:
        super().__init__(_("Somebody else saved this lesson while you were writing. Both texts are below."))
        self.current = current


@dataclass(frozen=True)
class Typed:
    """What an author writes in a lesson: title, minutes shown to learners, body in the text's own source format."""

    title: str
    minutes: int
    body: str

    @classmethod
    def of(cls, text: LessonText | LessonRevision) -> "Typed":
        return cls(text.title, text.minutes, str(text.content.get("body", "")))


@dataclass(frozen=True)
class Weaving:
    """Two changes of one lesson brought together, field by field, the body block by block."""

    title: merging.Merge
    minutes: merging.Merge
    body: merging.Merge

    @property
    def fields(self) -> dict[str, merging.Merge]:
        return {"title": self.title, "minutes": self.minutes, "body": self.body}

    @property
    def clashes(self) -> list[merging.Clash]:
        return [clash for each in self.fields.values() for clash in each.clashes]

    @property
    def taken(self) -> int:
        return sum(each.taken for each in self.fields.values())

    def resolved(self, choices: Mapping[str, merging.Choice]) -> "Weaving":
        """With ``choices`` made; of a title or a number one can only have one, so 'both' leaves those open."""
        one: dict[str, merging.Choice] = {key: choice for key, choice in choices.items() if choice != "both"}
        return Weaving(self.title.resolved(one), self.minutes.resolved(one), self.body.resolved(choices))

    @property
    def typed(self) -> Typed:
        return Typed(self.title.text, int(self.minutes.text), self.body.text)


class BothChanged(SomebodyWasFaster):
    """Both changed the same blocks. ``weaving`` holds what is to be decided, ``typed`` what was to be saved."""

    def __init__(self, current: LessonText, weaving: Weaving, typed: Typed) -> None:
        super().__init__(current)
        self.weaving = weaving
        self.typed = typed


@dataclass(frozen=True)
class Saved:
    """How a save went: ``text`` as it stands now, whether this save wrote it, how many changes of others it took in."""

    text: LessonText
    wrote: bool = False
    taken: int = 0
    by: Sequence[str] = field(default_factory=tuple)


def save_lesson(
    *,
    text: LessonText,
    typed: Typed,
    version: int,
    actor: User,
    base: Typed | None = None,
    choices: Mapping[str, merging.Choice] | None = None,
    form: str = "",
) -> Saved:
    """Save what ``actor`` typed on ``version`` of ``text``; what others saved since is merged in, never written over.

    ``base`` is given when what was typed began from something else than that version (a merge that its author has not
    seen yet). ``choices`` decide clashes by their key. The same values save nothing, so a repeated call is harmless.
    ``form`` is the format in which it was typed (empty: that of the row); when somebody has turned the lesson into the
    other one, what was typed is turned too, then merged as ever.
    No lock is taken: the row is written only while it is what was read. Raises ``InvalidInput`` for what no row can
    hold, ``NotThere`` when the text is in the archive by now, ``BothChanged`` when a person must choose.
    """
    typed = _fit(typed)
    current = text
    for _attempt in range(TRIES):
        to = bodies.format_of(current.content)
        if base is None and version == current.version and form in ("", to):
            wanted, weaving = typed, None
        else:
            mine, old = _turned(typed, form or to, to), _turned(base, form or to, to) if base else None
            weaving = _woven(current, old or _typed_at(current, version), mine).resolved(choices or {})
            if weaving.clashes:
                raise BothChanged(current, weaving, typed)
            wanted = _fit(weaving.typed)
        taken, by = (weaving.taken, _others(current, version, actor)) if weaving else (0, ())
        if wanted == Typed.of(current):
            return Saved(current, taken=taken, by=by)
        try:
            return Saved(_write(current, wanted, actor), wrote=True, taken=taken, by=by)
        except SomebodyWasFaster as problem:
            current = problem.current
    raise SomebodyWasFaster(current)


def _fit(typed: Typed) -> Typed:
    """As the row keeps it. Raises ``InvalidInput`` by field for what it cannot keep."""
    title, body = typed.title.strip(), markup.normalise(typed.body)
    faults = {}
    if is_blank(title):
        faults["title"] = _("Give the lesson a title.")
    elif len(title) > 200:
        faults["title"] = _("Keep it to %(limit)d characters.") % {"limit": 200}
    if not 1 <= typed.minutes <= 600:
        faults["minutes"] = _("Between 1 and 600.")
    if len(body) > BODY_MAX:
        faults["body"] = _("Keep it to %(limit)d characters.") % {"limit": BODY_MAX}
    if "\0" in title or "\0" in body:
        faults["body"] = _("There is a character in it that no text can hold (NUL).")
    if faults:
        raise InvalidInput(_("The lesson was not saved."), fields=faults)
    return Typed(title, typed.minutes, body)


def _typed_at(text: LessonText, version: int) -> Typed | None:
    """What stood there at ``version``, in the format of now; nothing when nobody knows any more."""
    if version == text.version:
        return Typed.of(text)
    kept = text.revisions.filter(version=version).first()
    to = bodies.format_of(text.content)
    return _turned(Typed.of(kept), bodies.format_of(kept.content), to) if kept else None


def _turned(typed: Typed, form: str, to: str) -> Typed:
    """What was typed in the format ``form``, in the format ``to``: as ``rewriting.convert`` turns a whole lesson."""
    return replace(typed, body=converting.converted(typed.body, form, to, list(blocks)))


def _woven(current: LessonText, base: Typed | None, mine: Typed) -> Weaving:
    theirs = Typed.of(current)
    source_format = current.content.get("source_format", "md")
    old = base.body if base else merging.common(mine.body, theirs.body, source_format=source_format)
    return Weaving(
        merging.merge_whole(base.title if base else None, mine.title, theirs.title),
        merging.merge_whole(str(base.minutes) if base else None, str(mine.minutes), str(theirs.minutes)),
        merging.merge(markup.normalise(old), mine.body, theirs.body, source_format=source_format),
    )


def _others(text: LessonText, version: int, actor: User) -> tuple[str, ...]:
    """Who saved after ``version``, by name, the last first; oneself in another window is nobody."""
    rows = text.revisions.filter(version__gt=version, saved_by__isnull=False).exclude(saved_by=actor)
    return tuple(dict.fromkeys(str(row.saved_by) for row in rows.select_related("saved_by")))


@transaction.atomic
def _write(current: LessonText, typed: Typed, actor: User | None, *, restores: int | None = None) -> LessonText:
    content = {**current.content, "body": typed.body}
    return store(
        current=current, title=typed.title, minutes=typed.minutes, content=content, actor=actor, restores=restores
    )


@transaction.atomic
def patch_content(*, text: LessonText, change: Callable[[Content], Content], actor: User | None) -> LessonText:
    """Apply ``change`` to the content of ``text`` as it stands now, whoever saved it last; equal content saves nothing.

    For what touches a part of the content that nobody types (a video's file, its captions): it holds no old version
    against the row, so it never clashes. Takes the lock of the course row.
    """
    Course.objects.select_for_update().get(pk=text.lesson.course_id)
    for _attempt in range(TRIES):
        current = _as_it_stands(text)
        content = change(dict(current.content))
        if content == current.content:
            return current
        try:
            return store(current=current, title=current.title, minutes=current.minutes, content=content, actor=actor)
        except SomebodyWasFaster:
            continue
    raise SomebodyWasFaster(_as_it_stands(text))


def restore_revision(*, text: LessonText, revision: LessonRevision, version: int, actor: User) -> Saved:
    """Bring back title, minutes and body of ``revision`` as a new save; video and captions stay as they are.

    A revision in the other source format is turned into the one of now. Raises ``SomebodyWasFaster`` when the text is not
    at ``version`` any more.
    """
    current = _as_it_stands(text)
    if current.version != version:
        raise SomebodyWasFaster(current)
    typed = _turned(Typed.of(revision), bodies.format_of(revision.content), bodies.format_of(current.content))
    if typed == Typed.of(current):
        return Saved(current)
    return Saved(_write(current, typed, actor, restores=revision.version), wrote=True)


def _as_it_stands(text: LessonText) -> LessonText:
    """Raises ``NotThere`` when somebody put it into the archive: a folder that lacks it, a language taken out."""
    found = LessonText.objects.select_related("lesson", "changed_by").filter(pk=text.pk).first()
    if found is None:
        raise NotThere(_("This lesson is not in the outline any more."))
    return found


@transaction.atomic
def store(
    *,
    current: LessonText,
    title: str,
    minutes: int,
    content: Content,
    actor: User | None,
    restores: int | None = None,
) -> LessonText:
    """Write the next version of ``current`` and keep it as a revision, with the one before if nothing has kept that.

    Two statements. Raises ``SomebodyWasFaster`` when the row is not what ``current`` says any more.
    """
    before = revision_of(current)
    now = clock.now()
    changed = LessonText.objects.filter(pk=current.pk, version=current.version).update(
        title=title,
        minutes=minutes,
        content=content,
        version=current.version + 1,
        changed_at=now,
        changed_by=actor,
    )
    if not changed:
        raise SomebodyWasFaster(_as_it_stands(current))
    current.title, current.minutes, current.content = title, minutes, dict(content)
    current.version += 1
    current.changed_at, current.changed_by = now, actor
    after = revision_of(current)
    after.restores = restores
    LessonRevision.objects.bulk_create([before, after], ignore_conflicts=True)
    return current


def revision_of(text: LessonText) -> LessonRevision:
    """The row as it stands, as a revision that is not kept yet."""
    return LessonRevision(
        text=text,
        version=text.version,
        title=text.title,
        minutes=text.minutes,
        content=dict(text.content),
        saved_at=text.changed_at,
        saved_by_id=text.changed_by_id,
    )


@transaction.atomic
def add_language(*, lesson: Lesson, language: str, actor: User) -> LessonText:
    """Begin the lesson's text in ``language`` as a copy of the first language's; a text that is there stays, and one that
    rests is there again with its history.

    Takes the lock of the course row. Raises ``InvalidInput`` when the course does not speak it.
    """
    course = Course.objects.select_for_update().get(pk=lesson.course_id)
    if language not in course.languages:
        raise InvalidInput(_("The course is not there in this language. Add it to the course first."))
    known = {text.language: text for text in LessonText.everything.filter(lesson=lesson).order_by("pk")}
    if language in known:
        LessonText.everything.filter(pk=known[language].pk).update(archived_at=None)
        return known[language]
    known = {spoken: text for spoken, text in known.items() if text.archived_at is None}
    first = known.get(course.first_language) or next(iter(known.values()))
    return LessonText.objects.create(
        lesson=lesson,
        language=language,
        title=first.title,
        minutes=first.minutes,
        content=dict(first.content),
        changed_by=actor,
    )


def say_ready(*, lesson: Lesson, ready: bool) -> None:
    """Its author's word that the lesson may be published, or that it may not yet. Twice is harmless."""
    Lesson.objects.filter(pk=lesson.pk).update(ready=ready)
    lesson.ready = ready


def faults_of(text: LessonText, *, body: str | None = None) -> list[str]:
    """What keeps the text of this lesson (or ``body`` in its place) from being published, each with its line: what is
    wrong in it, and what it lacks. One statement."""
    content = dict(text.content) if body is None else {**text.content, "body": markup.normalise(body)}
    course = text.lesson.course_id
    lessons = Lesson.objects.filter(course=course).order_by().annotate(sort=Value("uid")).values_list("sort", "uid")
    files = CourseMedia.objects.filter(course=course).order_by().annotate(sort=Value("file"))
    names: dict[str, set[str]] = {"uid": set(), "file": set()}
    for sort, name in lessons.union(files.values_list("sort", "name"), all=True):
        names[sort].add(name)
    found = checks.text_faults(text.lesson.kind, content, uids=names["uid"], media=names["file"])
    lacking = [sentence for _path, sentence in checks.lacking(text.lesson.kind, content)]
    return [_with_line(path, sentence) for path, sentence in found] + lacking


def _with_line(path: str, sentence: str) -> str:
    name, _colon, line = path.partition(":")
    if name == "body" and line:
        return _("Line %(line)s: %(fault)s") % {"line": line, "fault": sentence}
    return sentence if name == "body" else f"{path}: {sentence}"
