"""An edition read back into the plain shape it was made from."""

from courses.composing import decode
from courses.crediting import credited_in
from courses.models import Edition, EditionLessonText, EditionMedia, EditionPart
from courses.spec import CourseSpec, CourseTextSpec, LessonSpec, LessonTextSpec, ModuleSpec

ADDED = ("kind", "language", "media")  # what publishing puts into a lesson's source beside its content


def media_of(edition: Edition) -> dict[str, str]:
    """sha256 of each file of the edition by name."""
    return dict(EditionMedia.objects.filter(edition=edition).values_list("name", "media__sha256"))


def part_hashes(edition_id: int) -> dict[tuple[str, str], str]:
    """The part of each lesson in each language."""
    rows = EditionLessonText.objects.filter(edition_lesson__edition=edition_id)
    return {
        (uid, language): part for uid, language, part in rows.values_list("edition_lesson__uid", "language", "part")
    }


def load(edition: Edition) -> CourseSpec:
    """The course as ``edition`` holds it. Slug and audience are the course's own and taken from it."""
    course = edition.course
    texts = {text.language: decode(text.part.source) for text in edition.texts.select_related("part")}
    hashes = {entry["part"] for outline in texts.values() for entry in outline["lessons"] if "part" in entry}
    parts = {key: decode(part.source) for key, part in EditionPart.objects.in_bulk(hashes).items()}
    languages = next(iter(texts.values()))["languages"]
    first = texts[languages[0]]
    return CourseSpec(
        slug=course.slug,
        code=first["code"],
        languages=tuple(languages),
        audience=course.audience,
        topic=first["topic"],
        level=first["level"],
        licence=first["licence"],
        competencies=tuple(first["competencies"]),
        credits=tuple(first["credits"]),
        legal=first["legal"],
        checked_on=first["checked_on"],
        certificate_valid_days=first["certificate_valid_days"],
        texts={
            language: CourseTextSpec(
                title=outline["title"],
                summary=outline["summary"],
                for_whom=outline["for_whom"],
                objectives=tuple(outline["objectives"]),
            )
            for language, outline in texts.items()
        },
        modules=tuple(
            ModuleSpec(
                uid=module["uid"],
                titles={
                    language: outline["modules"][index]["title"]
                    for language, outline in texts.items()
                    if outline["modules"][index]["title"]
                },
            )
            for index, module in enumerate(first["modules"])
        ),
        lessons=tuple(
            LessonSpec(
                uid=entry["uid"],
                module=entry["module"],
                kind=entry["kind"],
                rule=entry["rule"],
                facts=tuple(entry["facts"]),
                texts={
                    language: LessonTextSpec(
                        title=each["title"], minutes=each["minutes"], content=_content(parts[each["part"]])
                    )
                    for language, outline in texts.items()
                    for each in [outline["lessons"][index]]
                    if "part" in each
                },
            )
            for index, entry in enumerate(first["lessons"])
        ),
        credited=credited_in(list(texts.values())),
    )


def _content(source: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in source.items() if key not in ADDED}
