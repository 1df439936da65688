"""The door to the files of a course: what an edition or the draft of a course that one may see holds."""

from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import User
from core.compiled import Compiled
from courses.access import course_for, preview_at
from courses.models import MediaFile


def _file_query(*, course: int, sha: str) -> QuerySet[MediaFile]:
    held = Q(edition_uses__edition__course=course) | Q(course_uses__course=course)
    return MediaFile.objects.filter(held, sha256=sha).order_by()[:1]


FILES = Compiled(_file_query, "course", texts=("sha",))  # asked for each piece of a film


def media_for(user: User, slug: str, sha: str, *, token: str = "") -> MediaFile:
    """A file that an edition or the draft of the course holds. Raises ``Http404``. Two queries; old slugs one more."""
    course = preview_at(slug, token)[0] if token else course_for(user, slug)
    file: MediaFile | None = FILES.first(course=course.pk, sha=sha)
    if file is None:
        raise Http404
    return file
