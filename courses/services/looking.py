"""A lesson of the draft as its learners would see it, sound or not; nothing is kept."""

from typing import Any

from courses import bodies, checks, converting, crediting, markup, markup_html
from courses.models import Edition, EditionLesson, LessonText
from courses.registry import Content, PlayerLesson, blocks, kinds
from courses.selectors import Outline, OutlineLesson, resolved
from courses.services import drafts
from courses.standing import CourseStanding

PLAIN = "text"  # the kind that shows a body and nothing else


def look_at(*, text: LessonText, user: Any, body: str | None = None) -> PlayerLesson:
    """``text`` (with ``body`` in place of its own) for the learner's template. Three statements.

    Blocks that are not sound are named in their place; a video that cannot be shown leaves its text.
    """
    course = text.lesson.course
    content = dict(text.content) if body is None else {**text.content, "body": markup.normalise(body)}
    media, credited = drafts.files_of(course)
    kind, source = _source(text.lesson.kind, content, text.language, media)
    outline = _outline(text, crediting.rows_of(crediting.said_of(source.get("media", {}), credited), source))
    return PlayerLesson(
        course=course,
        edition=Edition(course=course),
        lesson=EditionLesson(uid=text.lesson.uid, kind=kind, rule={}, position=outline.by_uid[text.lesson.uid].number),
        title=text.title,
        minutes=text.minutes,
        language=text.language,
        part=None,
        source=source,
        rendered=resolved(kinds[kind].render(source), user=user, slug=course.slug),
        preview=True,
        outline=outline,
        standing=CourseStanding(course_id=course.pk),
    )


def _source(kind: str, content: Content, language: str, media: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """The part's source, by the lesson's own kind if it can, else by the plain one."""
    body: Content = {key: value for key, value in content.items() if key in ("body", "source_format")}
    found = checks.content_faults(PLAIN, {"body": "", **body})
    body["body"] = _without_faulty_blocks(body, found)
    for name, given in ((kind, {**content, **body}), (PLAIN, body)):
        if not any(not path.startswith("body") for path, _sentence in checks.content_faults(name, given)):
            return name, {**kinds[name].snapshot(given, media), "language": language}
    return PLAIN, {**kinds[PLAIN].snapshot({"body": ""}, media), "language": language}


def _without_faulty_blocks(content: Content, faults: list[tuple[str, str]]) -> str:
    """The body with a call-out in the place of each block that has faults, so that the rest can be shown."""
    body, form = str(content.get("body", "")), bodies.format_of(content)
    said: dict[int, str] = {}
    for path, sentence in faults:
        line = path.partition(":")[2]
        if line.isdecimal():
            said.setdefault(int(line) - 1, " ".join(sentence.split()))
    found = bodies.fences(body, form, list(blocks))
    wrong = {}
    for number, fence in enumerate(found):
        end = fence.line + fence.text.count("\n") + 2
        if faulty := next((said[line] for line in range(fence.line, end) if line in said), ""):
            wrong[number] = faulty
    if form == bodies.HTML:
        return _marked(body, wrong)
    lines = body.split("\n")
    for number, sentence in sorted(wrong.items(), reverse=True):
        start, end = found[number].line, found[number].line + found[number].text.count("\n") + 2
        lines[start:end] = ["", f"::: warn {sentence}", ":::", ""]
    return "\n".join(lines)


def _marked(body: str, wrong: dict[int, str]) -> str:
    """Rich text in which a call-out stands for each block that has faults, by its number."""
    root = markup_html.read(body)
    places = [each for each in root.walk() if each.tag == "pre" and each.get("data-block") in blocks]
    for number, sentence in wrong.items():
        box = places[number]
        box.tag, box.children = "aside", []
        box.attributes = {"class": "callout warn", "data-title": sentence}
    return "".join(map(converting.write, root.children))


def _outline(text: LessonText, credited: list[dict[str, str]]) -> Outline:
    """The draft's lessons by name, as far as the page shows them; ``credited`` are the files of this one."""
    course = text.lesson.course
    rows = course.lessons.filter(texts__language=course.first_language, texts__archived_at=None).values_list(
        "pk", "uid", "module__uid", "kind", "texts__title", "texts__minutes"
    )
    lessons = [
        OutlineLesson(pk, uid, module, number, kind, {}, 1, course.first_language, title, minutes, "")
        for number, (pk, uid, module, kind, title, minutes) in enumerate(rows, start=1)
    ]
    if text.lesson.uid not in {each.uid for each in lessons}:
        pk, uid, kind = text.lesson.pk, text.lesson.uid, text.lesson.kind
        number = len(lessons) + 1
        lessons.append(OutlineLesson(pk, uid, "", number, kind, {}, 1, text.language, text.title, text.minutes, ""))
    spoken = course.texts.filter(language=course.first_language).values_list("title", flat=True).first()
    about = {
        "legal": course.legal,
        "checked_on": str(course.checked_on or ""),
        "file_credits": {text.lesson.uid: credited},
    }
    return Outline(0, text.language, spoken or course.slug, "", 0, about, tuple(lessons))
