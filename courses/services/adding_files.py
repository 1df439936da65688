"""Several files into a draft at once, under names that nothing else has."""

from collections.abc import Mapping

from courses.models import Course, CourseMedia, MediaFile


def add_files(*, course: Course, files: Mapping[str, MediaFile]) -> dict[str, str]:
    """Add ``files`` by the name that each would like; gives the name that each got.

    A file that the draft holds under that name already keeps it; another file there makes it get a number. Two
    statements, however many. The caller holds the lock of the course row.
    """
    held = dict(CourseMedia.objects.filter(course=course).values_list("name", "media"))
    names: dict[str, str] = {}
    fresh = []
    for wanted, media in files.items():
        name = _free(wanted, media, held)
        if name not in held:
            fresh.append(CourseMedia(course=course, media=media, name=name))
            held[name] = media.pk
        names[wanted] = name
    CourseMedia.objects.bulk_create(fresh)
    return names


def _free(wanted: str, media: MediaFile, held: Mapping[str, int]) -> str:
    stem, dot, ending = wanted.partition(".")
    name, number = wanted, 1
    while held.get(name, media.pk) != media.pk:
        number += 1
        name = f"{stem}-{number}{dot}{ending}"
    return name
