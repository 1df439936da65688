"""The draft becomes what an edition said; what it was before stays to be looked at."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import InvalidInput
from courses.composing import compose
from courses.models import Course, CourseMedia, Edition, LessonText, MediaFile
from courses.services import drafts, editions
from courses.services.publishing import keep_preview

KEPT_FOR = dt.timedelta(days=30)


def mark_of(course: Course) -> str:
    """Another one whenever somebody has written in the draft: its details, its lessons, or which there are. One query."""
    texts = LessonText.objects.filter(lesson__course=course, lesson__archived_at=None)
    count, versions = texts.aggregate(count=Count("pk"), versions=Sum("version")).values()
    return f"{course.version}.{count}.{versions or 0}"


@transaction.atomic
def restore_draft(*, course: Course, edition: Edition, actor: User, seen: str, drop: bool = False) -> Edition | None:
    """Make the draft of ``course`` what ``edition`` said; gives the preview that keeps the draft as it was for 30 days.

    Lessons that the edition has not are archived; files of the draft stay. ``seen`` is the mark of the draft that was
    shown when asking. A draft with faults cannot be kept as a preview: with ``drop`` it is given up, else
    ``InvalidInput`` says so.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    if edition.course_id != course.pk or edition.number is None:
        raise InvalidInput(_("This edition does not belong to the course."))
    if mark_of(course) != seen:
        raise InvalidInput(_("The draft was changed in the meantime. Look at it again."))
    whole = drafts.complete(course)
    kept = None
    if not whole.faults:
        note = _("The draft before it became what edition %(n)d said") % {"n": edition.number}
        composition = compose(whole.spec, media=whole.media)
        kept = keep_preview(course, composition, actor, expires_at=clock.now() + KEPT_FOR, note=note)
    elif not drop:
        raise InvalidInput(
            _("The draft has faults, so it cannot be kept as a preview. Mend them, or say that it may be given up.")
        )
    spec = editions.load(edition)
    drafts.save(course=course, spec=spec, media=_media(course, edition), actor=actor, published=True)
    if spec.credited:  # else it says nothing of any, as those of before credits were in editions
        drafts.save_credits(course, drafts.credited_of(course) | spec.credited)
    return kept


def _media(course: Course, edition: Edition) -> dict[str, MediaFile]:
    """The files of the draft, and over them those of the edition."""
    held = {row.name: row.media for row in CourseMedia.objects.filter(course=course).select_related("media")}
    return held | {row.name: row.media for row in edition.media.select_related("media")}
