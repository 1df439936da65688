"""What courses keep about a person, for their own download."""

from typing import Any

from accounts.models import User
from courses.models import (
    CourseEditor,
    CourseLook,
    Enrolment,
    HintLeft,
    LessonFeedback,
    LessonReport,
    MediaJob,
    PublishPlan,
    Remark,
    Review,
    ReviewVerdict,
    Upload,
)


def export_for(person: User) -> dict[str, list[dict[str, Any]]]:
    """What ``person`` learned, said of lessons and did as an author: twelve queries."""
    enrolments = Enrolment.objects.filter(learner=person).select_related("course", "edition").order_by("pk")
    reports = LessonReport.objects.filter(reporter=person).select_related("course").order_by("pk")
    remarks = Remark.objects.filter(author=person).select_related("course").order_by("pk")
    feedback = LessonFeedback.objects.filter(learner=person).select_related("course").order_by("pk")
    return {
        "enrolments": [
            {
                "course": row.course.slug,
                "code": row.course.code,
                "cycle": row.cycle,
                "language": row.language,
                "edition": row.edition.number if row.edition else None,
                "enrolled_at": row.created_at.isoformat(),
                "opened_at": row.opened_at.isoformat() if row.opened_at else None,
                "closed_at": row.closed_at.isoformat() if row.closed_at else None,
                "close_reason": row.close_reason,
            }
            for row in enrolments
        ],
        "lesson_reports": [
            {
                "course": row.course.slug,
                "lesson": row.lesson_uid,
                "text": row.text,
                "sent_at": row.created_at.isoformat(),
            }
            for row in reports
        ],
        "notes_to_authors": [
            {
                "course": row.course.slug,
                "lesson": row.lesson_uid,
                "quote": row.quote,
                "text": row.body,
                "sent_at": row.created_at.isoformat(),
            }
            for row in remarks
        ],
        "was_it_clear": [
            {
                "course": row.course.slug,
                "lesson": row.lesson_uid,
                "clear": row.clear,
                "words": row.words,
                "given_at": row.given_at.isoformat(),
            }
            for row in feedback
        ],
        **_as_author(person),
    }


def _as_author(person: User) -> dict[str, list[dict[str, Any]]]:
    """Their part in courses, what they asked of colleagues and said to them, what they planned and uploaded."""
    roles = CourseEditor.objects.filter(person=person)
    verdicts = ReviewVerdict.objects.filter(person=person).order_by("pk")
    return {
        "parts_in_courses": [
            {"course": slug, "part": role} for slug, role in roles.values_list("course__slug", "role")
        ],
        "reviews_asked_for": [
            {"course": row.course.slug, "note": row.note, "asked_at": row.asked_at.isoformat()}
            for row in Review.objects.filter(asked_by=person).select_related("course").order_by("pk")
        ],
        "verdicts_on_drafts": [
            {
                "course": row.review.course.slug,
                "verdict": row.verdict,
                "words": row.words,
                "given_at": row.given_at.isoformat() if row.given_at else None,
            }
            for row in verdicts.select_related("review__course")
        ],
        "looks_at_courses": [
            {"course": row.course.slug, "note": row.note, "looked_at": row.looked_at.isoformat()}
            for row in CourseLook.objects.filter(looked_by=person).select_related("course").order_by("pk")
        ],
        "hints_left": [
            {"course": row.course.slug, "lesson": row.lesson_uid, "left_at": row.left_at.isoformat()}
            for row in HintLeft.objects.filter(left_by=person).select_related("course").order_by("pk")
        ],
        "editions_planned": [
            {"course": row.course.slug, "note": row.note, "due_at": row.due_at.isoformat(), "state": row.state}
            for row in PublishPlan.objects.filter(planned_by=person).select_related("course").order_by("pk")
        ],
        "uploads": [
            {"course": row.course.slug, "name": row.name, "size": row.size, "begun_at": row.created_at.isoformat()}
            for row in Upload.objects.filter(person=person).select_related("course").order_by("pk")
        ],
        "media_jobs": [
            {"course": row.course.slug, "title": row.title, "state": row.state, "begun_at": row.created_at.isoformat()}
            for row in MediaJob.objects.filter(created_by=person).select_related("course").order_by("pk")
        ],
    }
