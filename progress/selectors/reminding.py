"""What a reminder needs to know, read with the obligations themselves: one statement a batch."""

import datetime as dt

from django.db.models import JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Membership, NoticePreference
from accounts.services.announcing import Preferences, preferences_among
from courses.models import EditionText
from progress.models import CourseState, Obligation


def reminders_due(at: dt.datetime) -> QuerySet[Obligation]:
    """Obligations to remind of, oldest first, each with course title, zone and where the person stands.

    ``select_for_update`` lets two workers on PostgreSQL share the work; on SQLite the transaction itself is the lock,
    and in any case the notice's key decides.
    """
    home = Membership.objects.filter(person=OuterRef("person"), is_primary=True)
    state = CourseState.objects.filter(
        enrolment__learner=OuterRef("person"), enrolment__course=OuterRef("course"), enrolment__closed_at=None
    )
    texts = EditionText.objects.filter(edition=OuterRef("course__current_edition")).order_by("pk")
    spoken = texts.filter(language=OuterRef("person__language"))
    return (
        Obligation.objects.to_remind(at)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("person", "course", "assignment__created_by")
        .annotate(
            home_zone=Subquery(home.values("organisation__time_zone")[:1]),
            course_title=Coalesce(Subquery(spoken.values("title")[:1]), Subquery(texts.values("title")[:1])),
            all_lessons=Coalesce(
                Subquery(state.values("lesson_count")[:1]), Subquery(texts.values("lesson_count")[:1])
            ),
            minutes_left=Coalesce(Subquery(state.values("minutes_left")[:1]), Subquery(texts.values("minutes")[:1])),
            done_lessons=Subquery(state.values("done_count")[:1]),
            unmet=Subquery(state.values("unmet")[:1], output_field=JSONField()),
        )
    )


def preferences_of_reminded(at: dt.datetime, kinds: tuple[str, ...]) -> Preferences:
    """How the people to be reminded want to hear of it; one statement a run, few people ever choose."""
    people = Obligation.objects.to_remind(at).order_by().values("person")
    return preferences_among(NoticePreference.objects.filter(person__in=people), kinds)
