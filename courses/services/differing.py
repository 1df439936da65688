"""Two versions of a course side by side: what is new, gone, moved and called otherwise, and every word that changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.diffing import SAME, Piece, word_diff, words_changed
from courses.models import MediaFile
from courses.registry import TellingKind, Told, kinds
from courses.services.comparing import Side, parts_of, title_of
from courses.spec import CourseSpec, LessonSpec

NEW, GONE, CHANGED = "new", "gone", "changed"
CONTEXT = 120  # characters shown of what stays, on either side of what changed
SHOWN_MOST = 150  # lessons that are shown word by word
Place = tuple[int, str]  # number within the course, and title of the part


@dataclass(frozen=True)
class Change:
    """What one place says in both versions."""

    place: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Thing:
    """A question, a case, or (without a ``label``) what is simply the lesson's own: ``state`` new, gone or changed."""

    label: str
    state: str
    changes: list[Change]


@dataclass(frozen=True)
class LessonChange:
    """How one lesson differs. ``said``: its facts and rules, in sentences. ``things``: its content.

    ``shown``: False when the list is too long to show every lesson word by word.
    """

    uid: str
    number: int
    title: str
    kind: str
    state: str
    said: list[str] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    shown: bool = True

    @property
    def words(self) -> tuple[int, int]:
        """How many words came in and how many went out."""
        counted = [words_changed(change.pieces) for thing in self.things for change in thing.changes]
        return sum(each[0] for each in counted), sum(each[1] for each in counted)

    @property
    def summary(self) -> str:
        """A few words on what changed."""
        labelled = [thing.state for thing in self.things if thing.label]
        counts = [
            (labelled.count(NEW), _("%(n)d new in it")),
            (labelled.count(GONE), _("%(n)d taken out of it")),
            (labelled.count(CHANGED), _("%(n)d changed in it")),
        ]
        found = [sentence % {"n": count} for count, sentence in counts if count]
        added, removed = self.words
        if added or removed:
            found.append(_("%(added)d words in, %(removed)d out") % {"added": added, "removed": removed})
        return "; ".join([*self.said, *found]) if self.state == CHANGED else ""


@dataclass(frozen=True)
class FileChange:
    """A file that is new, gone or another one; ``before`` and ``after`` say size and length."""

    name: str
    state: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Comparison:
    """Everything that two versions say differently."""

    lessons: list[LessonChange]
    parts: list[str]
    about: list[Change]
    files: list[FileChange]
    left_out: list[str]

    @property
    def empty(self) -> bool:
        return not (self.lessons or self.parts or self.about or self.files)

    @property
    def summary(self) -> list[str]:
        """The whole in a few sentences."""
        states = [lesson.state for lesson in self.lessons]
        counts = [
            (states.count(NEW), ngettext("%(n)d lesson is new", "%(n)d lessons are new", states.count(NEW))),
            (
                states.count(GONE),
                ngettext("%(n)d lesson is taken out", "%(n)d lessons are taken out", states.count(GONE)),
            ),
            (
                states.count(CHANGED),
                ngettext("%(n)d lesson has changed", "%(n)d lessons have changed", states.count(CHANGED)),
            ),
            (len(self.files), ngettext("%(n)d file is another", "%(n)d files are others", len(self.files))),
            (
                len(self.about),
                ngettext(
                    "%(n)d thing that the course says about itself",
                    "%(n)d things that the course says about itself",
                    len(self.about),
                ),
            ),
        ]
        return [sentence % {"n": count} for count, sentence in counts if count] + self.parts


def compare(before: Side, after: Side) -> Comparison:
    """What ``after`` says other than ``before``. Three queries at most beside what the sides have read."""
    old = {lesson.uid: lesson for lesson in before.spec.lessons if lesson.uid not in after.left_out}
    new = {lesson.uid: lesson for lesson in after.spec.lessons if lesson.uid not in before.left_out}
    changed = [uid for uid in new if uid in old and parts_of(before, uid) != parts_of(after, uid)]
    shown = set(changed[:SHOWN_MOST])
    sources = (
        before.read({key for uid in shown for key in parts_of(before, uid).values()}),
        after.read({key for uid in shown for key in parts_of(after, uid).values()}),
    )
    titles = {uid: title_of(lesson, after.spec.languages[0]) for uid, lesson in (old | new).items()}
    where = _places(before.spec), _places(after.spec)
    moved = _moved([uid for uid in old if uid in new], [uid for uid in new if uid in old])
    lessons = []
    for uid, lesson in new.items():
        number, _part = where[1][uid]
        if uid not in old:
            lessons.append(_lesson(lesson, number, titles[uid], NEW))
            continue
        said = [
            *_renamed(old[uid], lesson, many=len(after.spec.languages) > 1),
            *_placed(where[0][uid], where[1][uid], uid in moved),
            *_ruled(old[uid], lesson, titles),
        ]
        things = _things(before, after, uid, sources) if uid in shown else []
        if said or things or uid in changed:
            row = _lesson(lesson, number, titles[uid], CHANGED)
            lessons.append(replace(row, said=said, things=things, shown=uid in shown or uid not in changed))
    for uid, lesson in old.items():
        if uid not in new:
            lessons.append(_lesson(lesson, where[0][uid][0], titles[uid], GONE))
    return Comparison(
        lessons=lessons,
        parts=list(_parts(before.spec, after.spec)),
        about=list(_about(before.spec, after.spec)),
        files=_files(before.media, after.media),
        left_out=list({**before.left_out, **after.left_out}.values()),
    )


def _lesson(lesson: LessonSpec, number: int, title: str, state: str) -> LessonChange:
    kind = kinds.get(lesson.kind)
    return LessonChange(lesson.uid, number, title, str(kind.label) if kind else lesson.kind, state)


def _places(spec: CourseSpec) -> dict[str, Place]:
    language = spec.languages[0]
    parts = {module.uid: module.titles.get(language) or module.uid for module in spec.modules}
    return {
        lesson.uid: (number, parts.get(lesson.module, lesson.module))
        for number, lesson in enumerate(spec.lessons, start=1)
    }


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest lessons that must have been taken up and put elsewhere to get from one order to the other."""
    stayed: set[str] = set()
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        stayed.update(before[block.a : block.a + block.size])
    return set(after) - stayed


def _placed(then: Place, now: Place, moved: bool) -> Iterator[str]:
    if then[1] != now[1]:
        yield _("Moved from “%(before)s” to “%(after)s”") % {"before": then[1], "after": now[1]}
    elif moved:
        yield _("Moved from place %(before)d to %(after)d") % {"before": then[0], "after": now[0]}


def _renamed(then: LessonSpec, now: LessonSpec, *, many: bool) -> Iterator[str]:
    for language in sorted({*then.texts, *now.texts}):
        mark = f" ({language})" if many else ""
        if language not in then.texts:
            yield _("Now also in “%(language)s”") % {"language": language}
        elif language not in now.texts:
            yield _("No longer in “%(language)s”") % {"language": language}
        else:
            a, b = then.texts[language], now.texts[language]
            if a.title != b.title:
                yield _("Was called “%(before)s”") % {"before": a.title} + mark
            if a.minutes != b.minutes:
                yield _("%(after)d minutes, were %(before)d") % {"before": a.minutes, "after": b.minutes} + mark
    if then.kind != now.kind:
        labels = {each: str(kinds[each].label) if each in kinds else each for each in (then.kind, now.kind)}
        yield _("Was “%(before)s”, is “%(after)s”") % {"before": labels[then.kind], "after": labels[now.kind]}
    if then.facts != now.facts:
        yield _("Facts checked: %(facts)s") % {"facts": ", ".join(now.facts) or _("none")}


def _ruled(then: LessonSpec, now: LessonSpec, titles: Mapping[str, str]) -> Iterator[str]:
    before, after = _rules(then, titles), _rules(now, titles)
    for sentence in after:
        if sentence not in before:
            yield _("Rule now: %(rule)s") % {"rule": sentence}
    for sentence in before:
        if sentence not in after:
            yield _("Rule before: %(rule)s") % {"rule": sentence}


def _rules(lesson: LessonSpec, titles: Mapping[str, str]) -> list[str]:
    kind = kinds.get(lesson.kind)
    said: list[str] = kind.tell_rule(lesson.rule, titles) if isinstance(kind, TellingKind) else []
    after = [titles.get(uid, uid) for uid in lesson.rule.get("opens_after", ())]
    named = ", ".join(f"“{title}”" for title in after)
    return [*said, _("Opens after %(titles)s.") % {"titles": named}] if after else said


def _things(before: Side, after: Side, uid: str, sources: tuple[Mapping[str, Any], Mapping[str, Any]]) -> list[Thing]:
    """What the lesson says in every language in which it changed."""
    old, new = parts_of(before, uid), parts_of(after, uid)
    found: list[Thing] = []
    for language in new:
        if language not in old or old[language] == new[language]:
            continue
        things = _told_apart(_told(sources[0][old[language]]), _told(sources[1][new[language]]))
        mark = f" ({language})" if len(after.spec.languages) > 1 else ""
        found += [
            replace(thing, changes=[replace(each, place=each.place + mark) for each in thing.changes])
            for thing in things
        ]
    return found


def _told(source: Mapping[str, Any]) -> list[Told]:
    kind = kinds.get(source["kind"])
    return kind.tell(source) if isinstance(kind, TellingKind) else [Told("", "", dict(_texts(source, "")))]


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text in the source of a kind that cannot tell what it says."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(each, f"{place}, {key}" if place else str(key))
    elif isinstance(value, list):
        for number, each in enumerate(value, start=1):
            yield from _texts(each, f"{place} {number}")
    else:
        yield place, str(value)


def _told_apart(before: list[Told], after: list[Told]) -> Iterator[Thing]:
    old, new = {each.key: each for each in before}, {each.key: each for each in after}
    for key, told in new.items():
        was = old.get(key)
        changes = list(_changes(was.places if was else {}, told.places))
        if changes:
            yield Thing(told.label, CHANGED if was else NEW, changes)
    for key, told in old.items():
        if key not in new:
            yield Thing(told.label, GONE, list(_changes(told.places, {})))


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for place in [*after, *(place for place in before if place not in after)]:
        then, now = before.get(place, ""), after.get(place, "")
        if then != now:
            yield Change(place, shortened(word_diff(then, now)))


def shortened(pieces: Sequence[Piece]) -> list[Piece]:
    """``pieces`` with what stays cut down to a little around each change."""
    found = []
    for number, piece in enumerate(pieces):
        text = piece.text
        first, last = number == 0, number == len(pieces) - 1
        if piece.kind == SAME and len(text) > CONTEXT * (1 if first or last else 2) + 20:
            head = "" if first else text[:CONTEXT].rsplit(" ", 1)[0]
            tail = "" if last else text[-CONTEXT:].split(" ", 1)[-1]
            text = f"{head} … {tail}".strip(" ") if head and tail else f"… {tail}" if tail else f"{head} …"
        found.append(replace(piece, text=text))
    return found


def _parts(before: CourseSpec, after: CourseSpec) -> Iterator[str]:
    """Parts of the course that are new, gone, renamed, or stand elsewhere."""
    language = after.languages[0]
    old = {module.uid: module.titles.get(language) or module.uid for module in before.modules}
    new = {module.uid: module.titles.get(language) or module.uid for module in after.modules}
    for uid, title in new.items():
        if uid not in old:
            yield _("New part: “%(title)s”") % {"title": title}
        elif old[uid] != title:
            yield _("The part “%(before)s” is called “%(after)s”") % {"before": old[uid], "after": title}
    for uid, title in old.items():
        if uid not in new:
            yield _("Part taken out: “%(title)s”") % {"title": title}
    if [uid for uid in old if uid in new] != [uid for uid in new if uid in old]:
        yield _("The parts stand in another order")


def _about(before: CourseSpec, after: CourseSpec) -> Iterator[Change]:
    return _changes(_said(before), _said(after))


def _said(spec: CourseSpec) -> dict[str, str]:
    """What the course says about itself, by place in words."""
    said = {
        _("Code"): spec.code,
        _("Languages"): ", ".join(spec.languages),
        _("Topic"): spec.topic,
        _("Level"): spec.level,
        _("Licence"): spec.licence,
        _("Competencies"): ", ".join(spec.competencies),
        _("Made by"): "; ".join(spec.credits),
        _("Credits of files"): "\n".join(
            f"{name}: {', '.join(filter(None, said))}" for name, said in sorted(spec.credited.items())
        ),
        _("Training, not legal advice"): _("yes") if spec.legal else _("no"),
        _("Facts last checked"): spec.checked_on or "",
        _("Certificates last, in days"): str(spec.certificate_valid_days or ""),
    }
    for language, text in spec.texts.items():
        mark = f" ({language})" if len(spec.languages) > 1 else ""
        said |= {
            _("Title") + mark: text.title,
            _("Summary") + mark: text.summary,
            _("For whom") + mark: text.for_whom,
            _("Objectives") + mark: "\n".join(text.objectives),
        }
    return said


def _files(before: Mapping[str, str], after: Mapping[str, str]) -> list[FileChange]:
    names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    wanted = {side[name] for side in (before, after) for name in names if name in side}
    files = MediaFile.objects.in_bulk(wanted, field_name="sha256") if wanted else {}
    found = []
    for name in names:
        state = NEW if name not in before else GONE if name not in after else CHANGED
        found.append(
            FileChange(name, state, _file(files.get(before.get(name, ""))), _file(files.get(after.get(name, ""))))
        )
    return found


def _file(file: MediaFile | None) -> str:
    """Size and length of a file in words."""
    if file is None:
        return ""
    size = f"{file.size / 1_000_000:.1f} MB" if file.size >= 100_000 else f"{max(1, round(file.size / 1000))} kB"
    if not file.duration_ms:
        return size
    minutes, seconds = divmod(round(file.duration_ms / 1000), 60)
    return _("%(size)s, %(minutes)d:%(seconds)s long") % {"size": size, "minutes": minutes, "seconds": f"{seconds:02d}"}
