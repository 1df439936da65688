"""Links to previews for people without an account: as many as an author likes, each for somebody and for a time."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import InvalidInput
from courses.composing import compose
from courses.models import Course, Edition, EditionKind
from courses.services import checking, drafts
from courses.services.publishing import keep_preview

DAYS = (1, 7, 30)


@transaction.atomic
def share(*, course: Course, note: str, days: int, actor: User) -> tuple[Edition, list[str]]:
    """A preview of the draft as it stands, under a token of its own; with the uids of the lessons left out for their faults.

    ``note`` says for whom it is, ``days`` (1, 7 or 30) how long it lasts. Raises ``InvalidInput`` for other numbers,
    without a note, and when nothing sound is there to show.
    """
    note = note.strip()
    if not note:
        raise InvalidInput(_("Say for whom it is."), fields={"note": _("Say for whom it is.")})
    if days not in DAYS:
        raise InvalidInput(_("Choose how long it lasts."), fields={"days": _("Choose how long it lasts.")})
    course = Course.objects.select_for_update().get(pk=course.pk)
    draft, left_out = drafts.sound_part(drafts.complete(course))
    checking.refuse(draft.faults)
    composition = compose(draft.spec, media=draft.media)
    until = clock.now() + dt.timedelta(days=days)
    return keep_preview(course, composition, actor, expires_at=until, note=note), left_out


def revoke(*, link: Edition) -> bool:
    """Let ``link`` open nothing any more, at once; False when it had ended already."""
    now = clock.now()
    return bool(Edition.objects.filter(pk=link.pk, number=None, expires_at__gt=now).update(expires_at=now))


def links_of(course: Course) -> QuerySet[Edition]:
    """The links of ``course`` that are remembered, newest first; those that have ended go with the next night."""
    rows = course.editions.filter(kind=EditionKind.PREVIEW).exclude(note="").select_related("published_by")
    return rows.order_by("-published_at", "-pk")
