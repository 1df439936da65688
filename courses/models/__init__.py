"""Drafts are rows; what learners read is an edition."""

from courses.models.course import (
    Audience,
    Course,
    CourseEditor,
    CourseGrant,
    CourseSlug,
    CourseText,
    Lesson,
    LessonText,
    Level,
    Module,
    ModuleText,
    Topic,
)
from courses.models.edition import (
    Edition,
    EditionKind,
    EditionLesson,
    EditionLessonText,
    EditionMedia,
    EditionPart,
    EditionText,
)
from courses.models.learning import Enrolment, LessonReport
from courses.models.media import CourseMedia, MediaFile
from courses.models.search import SearchDocument

__all__ = [
    "Audience",
    "Course",
    "CourseEditor",
    "CourseGrant",
    "CourseMedia",
    "CourseSlug",
    "CourseText",
    "Edition",
    "EditionKind",
    "EditionLesson",
    "EditionLessonText",
    "EditionMedia",
    "EditionPart",
    "EditionText",
    "Enrolment",
    "Lesson",
    "LessonReport",
    "LessonText",
    "Level",
    "MediaFile",
    "Module",
    "ModuleText",
    "SearchDocument",
    "Topic",
]
