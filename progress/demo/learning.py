"""What the people of the demo have learned, by the same doors that a browser uses."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest

from accounts.models import Notice, Team, User
from core import clock
from courses.access import player_for
from courses.models import Course, CourseEditor
from courses.services.recording import record
from progress import due
from progress.demo.cast import person_called
from progress.models import Assignment, Obligation
from progress.selectors.assigning import places_of
from progress.services.assigning import assign
from quizzes.engines.registry import engines
from quizzes.services.answering import save_form
from quizzes.services.attempting import start
from quizzes.services.grading import finish
from quizzes.services.practising import act, begin_in_lesson

COURSE = "ill-borrowing-101"
LENDING, DESK, LATE = "demo-lending", "demo-desk", "demo-late"
DAY = dt.timedelta(days=1)
# The last step of each person lies so many days back; the steps before it come evenly before.
PACE = dt.timedelta(days=4)


@transaction.atomic
def begin() -> bool:
    """Assignments with dates around today, and progress; False when it was done before or there is no course yet."""
    course = Course.objects.published().filter(slug=COURSE).first()
    marcus, gwen = person_called("Marcus Oyelaran"), person_called("Gwen Adeyemi")
    if course is None or Assignment.objects.filter(created_by=marcus, request_key=LENDING).exists():
        return False
    CourseEditor.objects.get_or_create(
        course=course, person=person_called("Hana Whitcomb"), defaults={"role": CourseEditor.Role.OWNER}
    )
    today = clock.today("America/Denver")
    lending = Team.objects.get(organisation__slug="alder-valley", name="Lending")
    desk = Team.objects.get(organisation__slug="prairie-health", name="ILL desk")
    in_time = today + 20 * DAY
    bettina = person_called("Bettina Krause")
    assign(
        course=course,
        actor=marcus,
        people=[bettina],
        due_on=in_time,
        note="Before the new request form goes live, please.",
        request_key=LATE,
    )
    overdue_since(Obligation.objects.get(person=bettina), today - 3 * DAY)
    others = [
        each for each in lending.memberships.filter(role="trainee").select_related("person") if each.person != bettina
    ]
    assign(
        course=course,
        actor=marcus,
        people=[each.person for each in others],
        due_on=in_time,
        note="December is our busiest month. I would love us to share the same words.",
        request_key=LENDING,
    )
    assign(course=course, actor=gwen, teams=[desk], due_on=today + 14 * DAY, request_key=DESK)
    learn(bettina, course, lessons=2, last=8 * DAY)
    learn(person_called("Ingrid Solheim"), course, lessons=4, last=DAY)
    learn(person_called("Tomasz Lind"), course, lessons=1, last=2 * DAY)
    learn(person_called("Lucía Ferreira"), course, lessons=None, last=DAY)
    return True


def overdue_since(obligation: Obligation, day: dt.date) -> None:
    """Let the demo have something late. No service gives a date that has passed, and none should."""
    zone = places_of([obligation.person_id])[obligation.person_id].zone
    told = clock.now() - 21 * DAY
    ends = due.due_at(day, zone)
    Assignment.objects.filter(pk=obligation.assignment_id).update(due_on=day, created_at=told)
    Obligation.objects.filter(pk=obligation.pk).update(due_on=day, due_at=ends, due_set_at=told, remind_at=None)
    # What was said then names a date of today's assigning; nobody is mailed what is not so.
    Notice.objects.filter(person=obligation.person_id, key=f"assigned:{obligation.assignment_id}").delete()


def learn(person: User, course: Course, *, lessons: int | None, last: dt.timedelta) -> None:
    """``person`` does the first ``lessons`` of ``course`` (None: all of it), the last of them ``last`` ago."""
    request = HttpRequest()
    request.user = person
    uids = list(course.current_edition.lessons.order_by("position").values_list("uid", "kind"))
    chosen: Sequence[tuple[str, str]] = uids if lessons is None else uids[:lessons]
    for number, (uid, kind) in enumerate(chosen):
        player = player_for(request, course.slug, uid)
        if kind == "quiz":
            _answer(player, person)
        elif kind == "practice":
            _practise(player, person)
        else:
            record(
                player=player,
                learner=person,
                kind="transcript" if kind in ("video", "audio") else "done",
                key=f"demo:{uid}",
                occurred_at=clock.now() - last - PACE * (len(chosen) - 1 - number),
            )


def _answer(player: Any, person: User) -> None:
    """Everything right but the first question: nobody is perfect."""
    attempt = start(player=player, learner=person)
    for number, slot in enumerate(attempt.slots.select_related("version")):
        right = [option["id"] for option in slot.version.content["options"] if option["right"]]
        wrong = [option["id"] for option in slot.version.content["options"] if not option["right"]]
        chosen = wrong[:1] if number == 0 else right
        save_form(slot=slot, answer=chosen if slot.version.type == "multi" else chosen[0])
    finish(attempt=attempt)


def _practise(player: Any, person: User) -> None:
    """The first case of the lesson, as an expert goes through it."""
    run = begin_in_lesson(player=player, learner=person)
    for move in engines[run.engine].expert(run.case):
        act(run=run, turn=run.turn, move=move)
