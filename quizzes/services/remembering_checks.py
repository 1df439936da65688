"""A check question that a course marks as worth keeping becomes a card of whoever answers it in the course."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from accounts.models import User
from core import clock
from courses import markup
from courses.registry import PlayerLesson
from quizzes.models import ReviewCard, ReviewItem
from quizzes.registry import types
from quizzes.rendering import rendered
from quizzes.services.remembering import Miss, remember

Source = ReviewCard.Source
ANEW = dt.timedelta(days=1)  # whoever tries again until it is right has missed it once


def remember_check(*, player: PlayerLesson, learner: User, source: Mapping[str, Any], answer: Any) -> bool:
    """Give ``learner`` a card of the check question ``source`` of the lesson in ``player``; whether there is one now.

    Only of what is marked so, and only of those who take the course: the answer itself is kept nowhere, and a visitor's
    or a preview's leaves nothing. A wrong answer is a miss, at most once a day.
    """
    enrolment = None if player.preview else player.enrolment
    if not source.get("keep") or enrolment is None or enrolment.closed_at is not None:
        return False
    right = types[source["type"]].grade(source, answer).fraction == 1
    found, now = _miss(player, source, Source.KEPT if right else Source.WRONG), clock.now()
    known = ReviewCard.objects.filter(learner=learner, item__key=found.key, missed_at__gt=now - ANEW)
    if right or not known.exists():
        remember(learner=learner, misses=[found], at=now)
    return True


def _miss(player: PlayerLesson, source: Mapping[str, Any], why: str) -> Miss:
    """The question itself stands in the card: no bank has it. A newer edition's wording takes the place of an older."""
    return Miss(
        key=f"check:{player.course.pk}:{player.language}:{source['uid']}"[:200],
        kind=ReviewItem.Kind.QUESTION,
        source=why,
        topic=player.course.topic,
        course_id=player.course.pk,
        lesson_uid=player.lesson.uid,
        asked=source,
        edition=player.edition.number,
        language=player.language,
        words=markup.plain(rendered(source, source["stem"], {})),
    )
