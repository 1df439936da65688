"""What the page needs that writes a lesson's text: lessons and files to choose from, words, kinds of call-outs."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses import bodies
from courses.local_words import LOCAL_WORDS
from courses.models import Course, CourseMedia, LessonText
from courses.services.pictures import PICTURES

register = template.Library()

CALLOUTS: tuple[tuple[str, str | Promise], ...] = (
    ("note", _("Note: good to know")),
    ("warn", _("Warning: what goes wrong")),
    ("try", _("Try: something to do")),
    ("details", _("Go deeper: folded away")),
)


@dataclass(frozen=True)
class File:
    """A file of the draft: ``url`` shows it, ``is_picture`` if a text can."""

    name: str
    url: str
    is_picture: bool


@dataclass(frozen=True)
class Tools:
    """``lessons`` are ``(uid, title, kind)``."""

    rich: bool
    lessons: list[tuple[str, str, str]]
    files: list[File]
    callouts: Any = CALLOUTS
    words: Any = LOCAL_WORDS

    @property
    def pictures(self) -> list[File]:
        return [file for file in self.files if file.is_picture]

    @property
    def practices(self) -> list[tuple[str, str, str]]:
        return [each for each in self.lessons if each[2] == "practice"]


@register.simple_tag
def writing_tools(course: Course, text: LessonText) -> Tools:
    """What an author of ``text`` may put into it. Two statements."""
    lessons = LessonText.objects.filter(lesson__in=course.lessons.all(), language=text.language)
    files = CourseMedia.objects.filter(course=course).select_related("media").order_by("name")
    return Tools(
        rich=bodies.format_of(text.content) == bodies.HTML,
        lessons=list(
            lessons.order_by("lesson__module__position", "lesson__position").values_list(
                "lesson__uid", "title", "lesson__kind"
            )
        ),
        files=[_file(course, each) for each in files],
    )


def _file(course: Course, each: CourseMedia) -> File:
    url = reverse("courses:media", args=[course.slug, each.media.sha256, each.name])
    return File(each.name, url, each.media.type in PICTURES)
