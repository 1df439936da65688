"""What a draft holds in one of its languages, and in those that were taken out of it."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import get_language_info

from courses.models import Course, CourseText, LessonText, ModuleText, Remark


def language_name(code: str) -> str:
    """A language as its own speakers call it; the code when nobody knows it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


@dataclass(frozen=True)
class Holding:
    """What is written in a language: ``lessons`` are titles, ``parts`` and ``notes`` (open ones) are counted.

    ``learners`` are people under way who read the course in it.
    """

    about: bool
    parts: int
    lessons: list[str]
    notes: int
    learners: int


def held_in(course: Course, language: str) -> Holding:
    """What the draft of ``course`` holds in ``language``. Five queries."""
    lessons = LessonText.objects.filter(lesson__in=course.lessons.all(), language=language)
    return Holding(
        about=CourseText.objects.filter(course=course, language=language).exclude(title="").exists(),
        parts=ModuleText.objects.filter(module__in=course.modules.all(), language=language).count(),
        lessons=list(lessons.order_by("lesson__position", "pk").values_list("title", flat=True)),
        notes=Remark.objects.open().filter(course=course, language=language, answers=None).count(),
        learners=course.enrolments.live().opened().filter(language=language).count(),
    )


def part_titles(course: Course, language: str) -> list[tuple[str, str, str]]:
    """The parts of the draft: uid, title in the first language, and title in ``language``. Two queries."""
    found = []
    for part in course.modules.prefetch_related("texts"):
        titles = {text.language: text.title for text in part.texts.all()}
        found.append((part.uid, titles.get(course.first_language) or part.uid, titles.get(language, "")))
    return found


def resting_languages(course: Course) -> list[tuple[str, int]]:
    """Languages that were taken out of the draft, each with how many lessons are written in it. Two queries."""
    texts = LessonText.objects.filter(lesson__in=course.lessons.all()).exclude(language__in=course.languages)
    found = dict(texts.order_by("language").values_list("language").annotate(Count("pk")))
    words = CourseText.objects.filter(course=course).exclude(Q(title="") | Q(language__in=course.languages))
    for language in words.values_list("language", flat=True):
        found.setdefault(language, 0)
    return sorted(found.items())
