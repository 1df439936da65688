"""How far the films of a course are watched, computed by a task and kept."""

from django.db import models


class FilmCurve(models.Model):
    """How many learners watched each fiftieth of a lesson's film, over everybody; nobody is named.

    ``figures`` is ``{"people", "length_ms", "seen": [50 counts], "again": [50 counts]}``; None before the first time.
    ``wanted_at`` asks for it to be computed (the row is the outbox), ``lease_until`` is the claim of who does.
    """

    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="film_curves")
    lesson_uid = models.CharField(max_length=60)
    figures = models.JSONField(null=True)
    wanted_at = models.DateTimeField(null=True, blank=True)
    computed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "lesson_uid"], name="progress_curve_once")]
        indexes = [models.Index(fields=["wanted_at"], name="progress_curve_wanted")]

    def __str__(self) -> str:
        return f"{self.course_id}: {self.lesson_uid}"
