"""Advice on a draft: the rules of ``courses.advice`` with what the database knows of its files and links.

Three statements for a whole course and for one lesson, none while somebody types.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from core import clock
from courses import checks
from courses.advice import course as whole
from courses.advice import reading, time
from courses.advice.registry import Around, FileFacts, Finding, LinkFacts, TextRead
from courses.models import Course, CourseMedia, HintLeft, LessonText, LinkCheck
from courses.registry import Content
from courses.selectors.languages import language_name
from courses.spec import CourseSpec, LessonSpec

URL_MAX = 800
ASKED_AT_ONCE = 500
Read = Callable[[str, str, Content], TextRead]


@dataclass(frozen=True)
class Advice:
    """Findings by lesson uid; those under the empty uid are the course's own. ``left`` are those that somebody left."""

    findings: Mapping[str, list[Finding]] = field(default_factory=dict)
    left: Mapping[str, list[Finding]] = field(default_factory=dict)

    @property
    def of_course(self) -> list[Finding]:
        return self.findings.get("", [])


def advise(course: Course, spec: CourseSpec, *, read: Read = reading.read_text) -> Advice:
    """All advice on the draft ``spec`` of ``course``. ``read`` may know texts from before. Three statements."""
    files = files_of(course)
    reads = {
        (lesson.uid, language): read(lesson.kind, language, text.content)
        for lesson in spec.lessons
        for language, text in lesson.texts.items()
    }
    links = links_of({address for each in reads.values() for address in each.links})
    found = {"": [*_of_course(course, spec, files)]}
    found |= {lesson.uid: [*_of_lesson(lesson, spec, reads, files, links)] for lesson in spec.lessons}
    marks = marks_left(course)
    split = {uid: parted(findings, marks.get(uid, ())) for uid, findings in found.items()}
    return Advice(
        {uid: shown for uid, (shown, _left) in split.items() if shown},
        {uid: left for uid, (_shown, left) in split.items() if left},
    )


def marks_left(course: Course, **only: str) -> dict[str, set[str]]:
    """The marks of hints that somebody left, by lesson uid. One statement."""
    found: dict[str, set[str]] = {}
    rows = HintLeft.objects.filter(course=course, **only).order_by()
    for uid, mark in rows.values_list("lesson_uid", "mark"):
        found.setdefault(uid, set()).add(mark)
    return found


def parted(findings: Iterable[Finding], marks: Collection[str]) -> tuple[list[Finding], list[Finding]]:
    """Those to show, each sentence once, and all that somebody left."""
    shown = {each.sentence: each for each in findings if each.mark not in marks}
    return list(shown.values()), [each for each in findings if each.mark in marks]


def _of_course(course: Course, spec: CourseSpec, files: Mapping[str, FileFacts]) -> Iterable[Finding]:
    found = [
        *whole.facts_checked(course.checked_on, clock.now().date()),
        *whole.unsourced(files, checks.used_media(spec) if files else ()),
    ]
    return reading.marked(found, {})


def _of_lesson(
    lesson: LessonSpec,
    spec: CourseSpec,
    reads: Mapping[tuple[str, str], TextRead],
    files: Mapping[str, FileFacts],
    links: Mapping[str, LinkFacts],
) -> Iterable[Finding]:
    for language in spec.languages:
        if language not in lesson.texts:
            sentence = _("There is no text in %(language)s yet; until then its readers get that of the first language.")
            missing = Finding("language", sentence % {"language": language_name(language)}, about=language)
            yield from reading.marked([missing], {})
            continue
        text = lesson.texts[language]
        read = reads[lesson.uid, language]
        yield from reading.findings_of(
            Around(lesson.kind, language, text.minutes, text.content, read, lesson.rule, files, links)
        )


def files_of(course: Course) -> dict[str, FileFacts]:
    """What is known of each file of the draft by name. One statement."""
    rows = CourseMedia.objects.filter(course=course).values_list("name", "licence", "source", "media__duration_ms")
    return {name: FileFacts(licence, source, duration) for name, licence, source, duration in rows}


def links_of(addresses: Iterable[str]) -> dict[str, LinkFacts]:
    """What became of asking for ``addresses``; those that nobody asked for are left out. One statement, or none."""
    wanted = sorted(each for each in addresses if len(each) <= URL_MAX)[:ASKED_AT_ONCE]
    if not wanted:
        return {}
    rows = LinkCheck.objects.filter(url__in=wanted, ok__isnull=False).values_list("url", "ok", "said")
    return {url: LinkFacts(ok, said) for url, ok, said in rows}


@dataclass(frozen=True)
class LessonAdvice:
    """Advice on one text: what its words say by themselves, what needs its files and links, and what somebody left.

    ``minutes`` is a guess, or None.
    """

    of_words: list[Finding]
    of_rest: list[Finding]
    minutes: int | None
    left: list[Finding] = field(default_factory=list)


def advise_on(text: LessonText, *, body: str | None = None, typing: bool = False) -> LessonAdvice:
    """Advice on ``text`` (with ``body`` in place of its own). Three statements at most.

    None while it is being typed: then hints that somebody left are among the others, and the page knows which those are.
    """
    content = dict(text.content) if body is None else {**text.content, "body": body}
    read = reading.read_text(text.lesson.kind, text.language, content)
    around = Around(text.lesson.kind, text.language, text.minutes, content, read, text.lesson.rule)
    by_words = reading.findings_of(around)
    if typing:
        return LessonAdvice(by_words, [], time.estimate_of(around))
    files, links = files_of(text.lesson.course), links_of(read.links)
    known = replace(around, files=files, links=links)
    said = {finding.sentence for finding in by_words}
    rest = [finding for finding in reading.findings_of(known) if finding.sentence not in said]
    course, uid = text.lesson.course, text.lesson.uid
    marks = marks_left(course, lesson_uid=uid).get(uid, set())
    (words, left), (others, also) = parted(by_words, marks), parted(rest, marks)
    return LessonAdvice(words, others, time.estimate_of(known), [*left, *also])
