"""What a quiz says of itself before it begins, and what may be seen of it afterwards."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accounts.models import User
from core import clock
from courses.models import Course, EditionLesson, EditionLessonText
from courses.registry import LessonFacts, PlayerLesson
from courses.standing import standing
from quizzes.access import attempts_allowed, attempts_of, counts_still, in_force, pass_mark_of
from quizzes.asking import Settings, settings_of
from quizzes.models import Attempt, ExtraAttempt, Result
from quizzes.selectors.answers import marks_of, newest_results, newest_steps
from quizzes.selectors.showing import CLOSED, NOTHING, Shown, Visible, shown, visible


@dataclass(frozen=True)
class Card:
    """What a quiz says of itself before it begins.

    ``score`` is what counts of the attempts so far, as ``counts`` (best, last, average, first) says; ``waiting`` are
    attempts that a person still marks. ``minutes`` is the time that this person has (None: any). ``opens_at`` is when
    the next attempt may begin, if not now; ``closes_at`` the end of the last day; ``over`` says that it has passed.
    ``credits`` are the lessons that passing credits: then this is a pre-test, and ``skipped`` says that it was left out.
    ``may`` is what may be seen of results now; without the score there are none here, and ``taken`` says how many
    attempts were handed in.
    """

    questions: int
    pass_mark: int
    allowed: int | None
    left: int | None
    open: Attempt | None
    results: Sequence[Result]
    best: int | None
    passed: bool
    score: int | None
    counts: str
    waiting: Sequence[Attempt]
    settings: Settings
    minutes: int | None
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    over: bool
    credits: Sequence[str]
    skipped: bool
    may: Visible
    taken: int


def card_of(player: PlayerLesson, user: User) -> Card:
    """The start card for ``user``; three queries at most, one more for a time limit, two for a limit of attempts."""
    asking = Settings.read(player.source)
    attempts = list(attempts_of(player=player, learner=user).order_by("-number"))
    current = in_force(attempts, player)
    results = newest_results([each for each in current if each.finished_at])
    graded = {result.attempt_id for result in results}
    allowed = attempts_allowed(player)
    left = None if allowed is None else max(0, allowed - len(current))
    going = next((each for each in attempts if each.finished_at is None), None)
    now, closing = clock.now(), None if player.preview else asking.closing(player.course)
    rule = player.lesson.rule
    counts = rule.get("counts", "best")
    over = closing is not None and closing < now
    may = visible(asking, closed=is_closed(closing, left, going, now))
    results = results if may.score else []
    score = score_of(results, counts)
    return Card(
        questions=player.rendered["questions"],
        pass_mark=pass_mark_of(player),
        allowed=allowed,
        left=left,
        open=going,
        results=results,
        best=max((result.percent for result in results), default=None),
        passed=score is not None and score >= pass_mark_of(player),
        score=score,
        counts=counts,
        waiting=[each for each in current if each.finished_at and each.pk not in graded],
        settings=asking,
        minutes=_minutes(asking, player, user),
        opens_at=opens_at(current, rule.get("cool_down"), now) if going is None else None,
        closes_at=closing,
        over=over,
        credits=() if player.preview else rule.get("credits", ()),
        skipped=bool(rule.get("credits")) and not player.preview and player.facts.done,
        may=may,
        taken=sum(each.finished_at is not None for each in current),
    )


def _minutes(asking: Settings, player: PlayerLesson, user: User) -> int | None:
    if asking.time_limit is None or not user.is_authenticated or player.preview:
        return asking.time_limit
    percent = player.course.extra_times.filter(learner=user).values_list("percent", flat=True).first() or 0
    return asking.time_limit * (100 + percent) // 100


def score_of(results: Sequence[Result], counts: str) -> int | None:
    """What counts of ``results`` (one for each attempt, ``attempt`` filled in): whole percent, halves up."""
    scores = {f"{each.attempt.number}:{each.number}": each.percent for each in results}
    return LessonFacts(scores=scores).score(counts)


def opens_at(attempts: Sequence[Attempt], hours: int | None, now: dt.datetime) -> dt.datetime | None:
    """When the next attempt may begin after ``hours`` of rest; None = now."""
    ends = [_end(each) for each in attempts if each.finished_at is not None]
    if not hours or not ends:
        return None
    rested = max(ends) + dt.timedelta(hours=hours)
    return rested if rested > now else None


def _end(attempt: Attempt) -> dt.datetime:
    """When it was over: its time may have been up before anybody handed it in."""
    ends = [each for each in (attempt.finished_at, attempt.closes_at) if each is not None]
    return min(ends)


def is_closed(closing: dt.datetime | None, left: int | None, going: Attempt | None, now: dt.datetime) -> bool:
    """Is a quiz over for a learner: its last day has passed or no attempt is left; without either limit, at once."""
    if closing is None and left is None:
        return True
    if closing is not None and closing < now:
        return True
    return left == 0 and going is None


def visible_of(attempt: Attempt) -> Visible:
    """What its learner may see of ``attempt`` now. Five queries where something waits for the quiz to close, else none."""
    return visible_among([attempt])[attempt.pk]


def visible_among(attempts: Sequence[Attempt]) -> dict[int, Visible]:
    """What their learners may see now of each of ``attempts``, by key; five queries at most.

    They come with ``enrolment``, its course and the organisation of that.
    """
    found: dict[int, Visible] = {}
    waiting: list[tuple[Attempt, Settings]] = []
    for attempt in attempts:
        asking = settings_of(attempt)
        at_once, later = visible(asking, closed=False), visible(asking, closed=True)
        if attempt.finished_at is None:
            found[attempt.pk] = NOTHING
        elif at_once == later or attempt.enrolment_id is None:  # an author's preview is over when it is handed in
            found[attempt.pk] = later
        else:
            waiting.append((attempt, asking))
    if waiting:
        over = _over(waiting)
        found |= {each.pk: visible(asking, closed=each.pk in over) for each, asking in waiting}
    return found


def _over(waiting: Sequence[tuple[Attempt, Settings]]) -> set[int]:
    """Those of ``waiting`` whose quiz is closed for their learner. Five queries."""
    uids = {each.lesson_uid for each, _asking in waiting}
    editions = {each.enrolment.edition_id for each, _asking in waiting if each.enrolment}
    enrolments = {each.enrolment_id for each, _asking in waiting}
    lessons = {
        (row.edition_id, row.uid): row for row in EditionLesson.objects.filter(edition__in=editions, uid__in=uids)
    }
    now_asked = _asked_now(waiting)
    begun: dict[tuple[int | None, str, str], list[Attempt]] = {}
    siblings = Attempt.objects.filter(enrolment__in=enrolments, lesson_uid__in=uids)
    anew = standing().begun_anew(each for each in enrolments if each)
    given: dict[tuple[int, str], list[ExtraAttempt]] = {}
    for extra in ExtraAttempt.objects.filter(enrolment__in=enrolments, lesson_uid__in=uids, taken_back_at=None):
        given.setdefault((extra.enrolment_id, extra.lesson_uid), []).append(extra)
    for row in siblings.only("enrolment_id", "lesson_uid", "purpose", "lesson_rev", "started_at", "finished_at"):
        begun.setdefault((row.enrolment_id, row.lesson_uid, row.purpose), []).append(row)
    now, over = clock.now(), set()
    for each, asking in waiting:
        if each.enrolment is None:
            continue
        lesson = lessons.get((each.enrolment.edition_id or 0, each.lesson_uid))
        rev, allowed = (lesson.rev, lesson.rule.get("attempts")) if lesson else (1, None)
        since = anew.get(each.enrolment.pk)
        rows = begun[each.enrolment_id, each.lesson_uid, each.purpose]
        current = [row for row in rows if counts_still(row, rev=rev, since=since)]
        going = next((row for row in current if row.finished_at is None), None)
        besides = sum(
            counts_still(extra, rev=rev, since=since) for extra in given.get((each.enrolment.pk, each.lesson_uid), ())
        )
        left = None if allowed is None else max(0, allowed + besides - len(current))
        closing = last_closing(each.enrolment.course, asking, *now_asked[each.enrolment.course_id, each.lesson_uid])
        if is_closed(closing, left, going, now):
            over.add(each.pk)
    return over


def _asked_now(waiting: Sequence[tuple[Attempt, Settings]]) -> dict[tuple[int, str], list[Settings]]:
    """How the quizzes ask in the newest edition, by course and lesson, for each language. One query."""
    found: dict[tuple[int, str], list[Settings]] = defaultdict(list)
    editions = {each.enrolment.course.current_edition_id for each, _asking in waiting if each.enrolment}
    rows = EditionLessonText.objects.filter(
        edition_lesson__edition__in=editions, edition_lesson__uid__in={each.lesson_uid for each, _asking in waiting}
    )
    names = ("edition_lesson__edition__course", "edition_lesson__uid", "part__rendered__settings")
    for course, uid, settings in rows.values_list(*names):
        found[course, uid].append(Settings.read(settings or {}))
    return found


def last_closing(course: Course, *asked: Settings) -> dt.datetime | None:
    """The last of the ends in ``asked``, None when there is one without: a newer edition may have put the day off, and
    nobody sees what is right while others still take the quiz."""
    ends = [each.closing(course) for each in asked]
    known = [each for each in ends if each is not None]
    return max(known) if len(known) == len(ends) else None


@dataclass(frozen=True)
class Review:
    """A finished attempt as its learner may see it now. Without ``result`` a person still marks something in it."""

    attempt: Attempt
    result: Result | None
    may: Visible
    rows: Sequence[Shown]

    @property
    def waiting(self) -> bool:
        return self.result is None


def review_of(attempt: Attempt, *, slug: str, user: User, may: Visible | None = None) -> Review:
    """What ``user`` may see of their finished ``attempt``: rows only where answers, verdicts or keys may be seen."""
    allowed = visible_of(attempt) if may is None else may
    results = newest_results([attempt])
    result = results[0] if results else None
    if result is None:
        allowed = replace(NOTHING, answers=allowed.answers)
    slots = list(attempt.slots.select_related("version").order_by("position"))
    if allowed == NOTHING:
        return Review(attempt, result, allowed, ())
    if result is None:
        answers = {key: step.answer for key, step in newest_steps(slots).items()}
        asked = shown(attempt=attempt, slots=slots, answers=answers, slug=slug, user=user)
        rows = [replace(row, state=CLOSED) for row in asked]
    else:
        marks = marks_of(result)
        answers = {key: mark.answer for key, mark in marks.items()}
        rows = shown(attempt=attempt, slots=slots, answers=answers, slug=slug, user=user, marks=marks, may=allowed)
    return Review(attempt, result, allowed, rows)
