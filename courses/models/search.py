"""One table of what can be found (D10). The full-text index beside it differs by database and lives in a migration."""

from django.db import models


class SearchDocument(models.Model):
    """``kind`` + ``key`` name the thing (``course`` + slug, ``lesson`` + slug/uid); ``course`` decides who may see it."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=160)
    course = models.ForeignKey(
        "courses.Course", on_delete=models.CASCADE, null=True, blank=True, related_name="search_documents"
    )
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "language"], name="courses_document_once")]
        indexes = [models.Index(fields=["course", "kind"], name="courses_document_course")]

    def __str__(self) -> str:
        return self.title
