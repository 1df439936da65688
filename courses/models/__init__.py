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
from courses.models.learning import Enrolment, LessonFeedback, LessonReport
from courses.models.library import LibraryFile, LibraryItem, LibraryUse
from courses.models.making import MediaJob, Slide, SlideDeck, Upload
from courses.models.media import CourseMedia, MediaFile
from courses.models.reviewing import CourseLook, PublishPlan, Review, ReviewPolicy, ReviewVerdict
from courses.models.search import SearchDocument
from courses.models.writing import HintLeft, LessonRevision, LinkCheck, Presence, Remark

__all__ = [
    "Audience",
    "Course",
    "CourseEditor",
    "CourseGrant",
    "CourseLook",
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
    "HintLeft",
    "Lesson",
    "LessonFeedback",
    "LessonReport",
    "LessonRevision",
    "LessonText",
    "Level",
    "LibraryFile",
    "LibraryItem",
    "LibraryUse",
    "LinkCheck",
    "MediaFile",
    "MediaJob",
    "Module",
    "ModuleText",
    "Presence",
    "PublishPlan",
    "Remark",
    "Review",
    "ReviewPolicy",
    "ReviewVerdict",
    "SearchDocument",
    "Slide",
    "SlideDeck",
    "Topic",
    "Upload",
]
