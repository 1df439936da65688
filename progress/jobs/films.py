"""Films are counted every night where somebody watched, and whenever an author asks. Each job may run twice."""

from django.db.models import Exists, OuterRef

from progress.models import FilmCurve, VideoSession
from progress.services.counting_films import count_film, curve_for, waiting, want

BATCH = 100


def sweep_films() -> int:
    """Finish what a lost task or a killed worker left."""
    return sum(count_film(pk) for pk in waiting().values_list("pk", flat=True)[:BATCH])


def refresh_films() -> int:
    """Every night: films that somebody watched since they were counted, or that were never counted."""
    fresh = FilmCurve.objects.filter(
        course=OuterRef("enrolment__course"),
        lesson_uid=OuterRef("lesson_uid"),
        computed_at__gte=OuterRef("updated_at"),
    )
    news = VideoSession.objects.filter(~Exists(fresh)).order_by().values_list("enrolment__course", "lesson_uid")
    found = list(news.distinct())
    for course_id, lesson_uid in found:
        want(curve_for(course_id=course_id, lesson_uid=lesson_uid))
    return len(found)
