"""A course folder read into plain values; every fault in it is found before any is told (D25)."""

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from courses import captions, checks, markup, media_probe, shapes
from courses.folder.faults import Fault, FolderFaults
from courses.folder.tree import Tree
from courses.folder.variants import over
from courses.registry import kinds
from courses.spec import Content, CourseSpec, CourseTextSpec, Credited, LessonSpec, LessonTextSpec, ModuleSpec
from courses.yaml_lines import Document, load_yaml

COURSE = "course.yaml"
LESSON = re.compile(r"lessons/([a-z0-9]+(?:-[a-z0-9]+)*)(?:\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?))?(\.md|\.yaml)\Z")
HEAD = ("kind", "title", "minutes", "rule", "facts")
RESERVED = frozenset({"do", "media"})
MAX_UID = 60


@dataclass(frozen=True)
class ReadCourse:
    """A sound course folder. ``warnings`` are things worth saying that forbid nothing.

    ``credited`` is what it says of its files; ``None`` when it says nothing about any, as folders from elsewhere do.
    """

    spec: CourseSpec
    media: dict[str, media_probe.Incoming]
    warnings: tuple[Fault, ...]
    credited: Credited | None = None


@dataclass
class _Lesson:
    """One lesson file: its head and content, and where its body starts."""

    file: str
    uid: str
    language: str
    document: Document
    body_line: int = 0
    head: dict[str, Any] = field(default_factory=dict)
    content: Content = field(default_factory=dict)
    sound: bool = True

    def line_of(self, path: str) -> int:
        name, _colon, line = path.partition(":")
        if name == "body" and self.body_line:
            return self.body_line + int(line or 1) - 1
        return self.document.line_of(path)


class _Reader:
    """Reads one tree; collects faults as it goes."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []
        self.course = Document()
        self.lessons: dict[tuple[str, str], _Lesson] = {}
        self.media: dict[str, media_probe.Incoming] = {}

    def fault(self, file: str, line: int, sentence: str) -> None:
        self.faults.append(Fault(file, line, sentence))

    def read(self) -> ReadCourse:
        self._read_course()
        self._read_lessons()
        self._read_media()
        self._check_credits()
        spec = self._spec()
        self._cross_check(spec)
        if self.faults:
            raise FolderFaults(self.faults)
        for found in (*checks.warnings(spec), *checks.unready(spec)):
            lesson = self.lessons[found.place.uid, found.place.language]
            self.warnings.append(Fault(lesson.file, lesson.line_of(found.place.path), found.sentence))
        return ReadCourse(spec, self.media, tuple(sorted(self.warnings)), self._credited())

    def _text(self, file: str) -> str:
        try:
            text = self.tree.files[file].read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            line = self.tree.files[file].read_bytes()[: problem.start].count(b"\n") + 1
            self.fault(file, line, _("the file is not UTF-8 text; save it as UTF-8"))
            return ""
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        for number, line in enumerate(text.split("\n"), start=1):
            if any((character < " " and character != "\t") or character == "\x7f" for character in line):
                self.fault(file, number, _("there is a control character in this line; take it out"))
        return text

    # course.yaml

    def _read_course(self) -> None:
        if COURSE not in self.tree.files:
            self.fault(COURSE, 0, _("the file is missing; every course folder has one"))
            return
        self.course = load_yaml(self._text(COURSE))
        for line, sentence in self.course.faults:
            self.fault(COURSE, line, sentence)
        if self.course.faults and self.course.value is None:
            return
        for steps, sentence in shapes.problems(shapes.schema("course"), self.course.value):
            self.fault(COURSE, self.course.line_of(steps), sentence)
        self._check_course()

    def _check_course(self) -> None:
        day = self._get("checked_on", str)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", day) and not _is_day(day):
            self.fault(
                COURSE, self.course.line_of("checked_on"), _("“%(day)s” is no day of the calendar") % {"day": day}
            )
        for language in self._languages() if self._get("languages", list) else []:
            if language not in self._get("texts", dict):
                sentence = _("the course has no texts in “%(language)s”; add them or take the language out")
                self.fault(COURSE, self.course.line_of("texts"), sentence % {"language": language})
        for language in self._get("texts", dict):
            if language not in self._languages():
                sentence = _("“%(language)s” is not among the course’s languages; add it there")
                self.fault(COURSE, self.course.line_of(("texts", language)), sentence % {"language": language})
        self._check_modules()

    def _check_modules(self) -> None:
        modules: set[str] = set()
        named: set[str] = set()
        for index, module in enumerate(self._modules()):
            uid = module.get("uid")
            if uid in modules:
                line = self.course.line_of(("modules", index, "uid"))
                self.fault(COURSE, line, _("the part “%(uid)s” stands here twice") % {"uid": uid})
            modules.add(str(uid))
            for place, lesson in enumerate(_list(module.get("lessons"))):
                line = self.course.line_of(("modules", index, "lessons", place))
                if lesson in named:
                    self.fault(COURSE, line, _("the lesson “%(uid)s” stands here twice; keep one") % {"uid": lesson})
                named.add(str(lesson))
        files = {uid for uid, language in self._lesson_files() if language == self._first}
        for index, module in enumerate(self._modules()):
            for place, lesson in enumerate(_list(module.get("lessons"))):
                if isinstance(lesson, str) and lesson not in files:
                    sentence = _("there is no file lessons/%(uid)s.md or .yaml; add it or take the uid out")
                    line = self.course.line_of(("modules", index, "lessons", place))
                    self.fault(COURSE, line, sentence % {"uid": lesson})
        for (uid, _language), file in self._lesson_files().items():
            if uid not in named:
                self.fault(file, 0, _("no part of course.yaml names this lesson; add its uid there or delete the file"))

    def _get(self, name: str, kind: type) -> Any:
        value = self.course.value.get(name) if isinstance(self.course.value, dict) else None
        return value if isinstance(value, kind) else kind()

    def _languages(self) -> list[str]:
        return [each for each in self._get("languages", list) if isinstance(each, str)] or ["en"]

    @property
    def _first(self) -> str:
        return self._languages()[0]

    def _modules(self) -> list[dict[str, Any]]:
        return [each for each in self._get("modules", list) if isinstance(each, dict)]

    # lessons/

    def _lesson_files(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for file in sorted(self.tree.files):
            if match := LESSON.match(file):
                found.setdefault((match[1], match[2] or self._first), file)
        return found

    def _read_lessons(self) -> None:
        files = self._lesson_files()
        for file in sorted(self.tree.files):
            if file.startswith("lessons/") and file not in files.values():
                if LESSON.match(file):
                    self.fault(file, 0, _("another file holds the same lesson in the same language; keep one"))
                else:
                    self.fault(file, 0, _("lessons are called lessons/<uid>.md or lessons/<uid>.yaml"))
        for (uid, language), file in files.items():
            self.lessons[uid, language] = self._read_lesson(file, uid, language)
        for (uid, _language), lesson in self.lessons.items():
            self._check_lesson(lesson, self.lessons.get((uid, self._first)))

    def _read_lesson(self, file: str, uid: str, language: str) -> _Lesson:
        text = self._text(file)
        if file.endswith(".yaml"):
            lesson = _Lesson(file=file, uid=uid, language=language, document=load_yaml(text))
        else:
            lesson = self._read_markdown(file, uid, language, text)
        for line, sentence in lesson.document.faults:
            self.fault(file, line, sentence)
            lesson.sound = False
        value = lesson.document.value
        if not isinstance(value, dict):
            if lesson.sound:
                self.fault(
                    file, 1, _("the head of the lesson is missing: kind, title and minutes between lines of ---")
                )
            lesson.sound = False
            return lesson
        lesson.head = {key: each for key, each in value.items() if key in HEAD}
        lesson.content.update({key: each for key, each in value.items() if key not in HEAD})
        return lesson

    def _read_markdown(self, file: str, uid: str, language: str, text: str) -> _Lesson:
        lines = text.split("\n")
        end = next((number for number, line in enumerate(lines) if number and line.rstrip() == "---"), 0)
        if lines[0].rstrip() != "---" or not end:
            return _Lesson(file=file, uid=uid, language=language, document=Document())
        start = end + 1
        while start < len(lines) and not lines[start].strip():
            start += 1
        lesson = _Lesson(
            file=file,
            uid=uid,
            language=language,
            document=load_yaml("\n".join(lines[1:end]), first_line=2),
            body_line=start + 1,
        )
        lesson.content = {"body": markup.normalise("\n".join(lines[start:])), "source_format": "md"}
        return lesson

    def _check_lesson(self, lesson: _Lesson, first: _Lesson | None) -> None:
        if not lesson.sound:
            return
        translated = lesson.language != self._first
        rules = shapes.schema("lesson-translation" if translated else "lesson")
        for steps, sentence in shapes.problems(rules, lesson.head):
            self.fault(lesson.file, lesson.document.line_of(steps), sentence)
            lesson.sound = False
        if lesson.uid in RESERVED or len(lesson.uid) > MAX_UID:
            sentence = _("“%(uid)s” cannot be a lesson’s uid: it is reserved or longer than 60 characters")
            self.fault(lesson.file, 0, sentence % {"uid": lesson.uid})
        if lesson.language not in self._languages():
            sentence = _("“%(language)s” is not among the languages of course.yaml; add it there")
            self.fault(lesson.file, 0, sentence % {"language": lesson.language})
            lesson.sound = False
        if translated:
            self._check_translation(lesson, first)
        kind = kinds.get(str((first or lesson).head.get("kind")))
        if kind and not lesson.file.endswith(kind.file_suffix):
            words = {"kind": kind.name, "suffix": kind.file_suffix}
            self.fault(lesson.file, 0, _("a lesson of kind “%(kind)s” is kept in a %(suffix)s file") % words)
            lesson.sound = False

    def _check_translation(self, lesson: _Lesson, first: _Lesson | None) -> None:
        """A language variant says only what differs: the rest of its content is the first language's."""
        if first is None:
            lesson.sound = False
            self.fault(lesson.file, 0, _("the lesson is missing in the course’s first language"))
        elif first.sound:
            lesson.content = over(first.content, lesson.content)
        else:
            lesson.sound = False

    # media/

    def _read_media(self) -> None:
        for file, path in sorted(self.tree.files.items()):
            if not file.startswith("media/"):
                continue
            name = file.removeprefix("media/")
            if "/" in name:
                self.fault(file, 0, _("media/ holds files only, no folders"))
                continue
            incoming = media_probe.examine(path)
            self.media[name] = incoming
            probe = incoming.probe
            if not probe.type:
                sentence = _(
                    "the content is none that a course may hold, or not what the name says; known are %(known)s"
                )
                known = " ".join(sorted(ending for endings in media_probe.ENDINGS.values() for ending in endings))
                self.fault(file, 0, sentence % {"known": known})
            elif probe.fault == "bad-captions":
                sentence = _("these are no captions that a browser can read: %(problem)s")
                self.fault(file, 0, sentence % {"problem": captions.trouble(path.read_bytes())})
            elif probe.fault in media_probe.PLAYABLE - {""}:
                self.warnings.append(Fault(file, 0, str(media_probe.FAULTS[probe.fault])))
            elif probe.fault:
                self.fault(file, 0, str(media_probe.FAULTS[probe.fault]))

    def _check_credits(self) -> None:
        for name in self._get("media", dict):
            if name not in self.media:
                sentence = _("there is no file media/%(name)s; add it or take this out")
                self.fault(COURSE, self.course.line_of(("media", name)), sentence % {"name": name})

    def _credited(self) -> Credited | None:
        given = self._get("media", dict)
        rows = {str(name): (each.get("licence", ""), each.get("source", "")) for name, each in given.items()}
        return {name: row for name, row in rows.items() if any(row)} if "media" in self.course.value else None

    # the whole

    def _spec(self) -> CourseSpec:
        """What was read, with harmless values where something is wrong: it is only used when nothing is."""
        texts = {
            language: CourseTextSpec(
                title=str(text.get("title", "")),
                summary=str(text.get("summary", "")),
                for_whom=str(text.get("for_whom", "")),
                objectives=tuple(_list(text.get("objectives"))),
            )
            for language, text in self._get("texts", dict).items()
            if isinstance(text, dict)
        }
        return CourseSpec(
            slug=self._get("slug", str),
            code=self._get("code", str),
            languages=tuple(self._languages()),
            audience=self._get("audience", str),
            topic=self._get("topic", str),
            level=self._get("level", str),
            licence=self._get("licence", str),
            competencies=tuple(self._get("competencies", list)),
            credits=tuple(self._get("credits", list)),
            legal=self._get("legal", bool),
            checked_on=self._get("checked_on", str) or None,
            certificate_valid_days=self._get("certificate_valid_days", int) or None,
            texts=texts,
            modules=tuple(
                ModuleSpec(uid=str(module.get("uid", "")), titles=_dict(module.get("title")))
                for module in self._modules()
            ),
            lessons=tuple(
                lesson
                for module in self._modules()
                for uid in _list(module.get("lessons"))
                if (lesson := self._lesson_spec(str(uid), str(module.get("uid", ""))))
            ),
        )

    def _lesson_spec(self, uid: str, module: str) -> LessonSpec | None:
        first = self.lessons.get((uid, self._first))
        if first is None or not first.sound:
            return None
        return LessonSpec(
            uid=uid,
            module=module,
            kind=first.head["kind"],
            rule=first.head.get("rule") or {},
            facts=tuple(first.head.get("facts") or ()),
            texts={
                each.language: LessonTextSpec(each.head["title"], each.head["minutes"], each.content)
                for (other, _language), each in self.lessons.items()
                if other == uid and each.sound
            },
        )

    def _cross_check(self, spec: CourseSpec) -> None:
        readable = {lesson.uid for lesson in spec.lessons}
        broken = {uid for uid, _language in self.lessons if uid not in readable}
        for found in checks.faults(spec, set(self.media), also=broken):
            lesson = self.lessons.get((found.place.uid, found.place.language))
            if lesson:
                self.fault(lesson.file, lesson.line_of(found.place.path), found.sentence)
            elif not found.place.uid and self.course.value is not None:
                self.fault(COURSE, self.course.line_of(found.place.path), found.sentence)
        for name in sorted(set(self.media) - checks.used_media(spec)):
            self.warnings.append(Fault(f"media/{name}", 0, _("no lesson uses this file")))


def read(tree: Tree) -> ReadCourse:
    """The course in ``tree``. Raises ``FolderFaults`` with everything that is wrong."""
    return _Reader(tree).read()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True
