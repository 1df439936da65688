"""The fold: lesson state, percentage and what is missing are one pure function of events and rules (D7).

Facts only join and grow (unions, maxima, earliest times), so events may come in any order and any number of times.
Recording a single event joins its facts to those already folded; rebuilding joins all of them. Both end here.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from courses.registry import LessonFacts, Verdict, kinds
from progress import intervals
from progress.models import Event, EventKind, VideoSession
from progress.selectors.rules import LessonRule, Rules

Times = Mapping[str, dt.datetime]

NEW, STARTED, DONE = "new", "started", "done"
SCORE = "score:"  # before the key of a score: since when it holds
STEPS = 10  # watching is shown in tenths of the film, so that not every beat has to write what is shown


@dataclass(frozen=True)
class Tally:
    """What is known of one lesson: facts, and since when each of them holds."""

    facts: LessonFacts = field(default_factory=LessonFacts)
    times: Times = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return self == Tally()


@dataclass(frozen=True)
class LessonProjection:
    """How a lesson is shown: ``state`` is ``new``, ``started`` or ``done``; ``unmet`` says what is missing."""

    rule: LessonRule
    tally: Tally
    state: str
    unmet: tuple[str, ...]
    done_at: dt.datetime | None

    def missing(self) -> dict[str, Any]:
        """Its entry in the list of what is missing."""
        rule = self.rule
        return {
            "uid": rule.uid,
            "number": rule.number,
            "kind": rule.kind,
            "title": rule.title,
            "state": self.state,
            "after": list(rule.rule.get("opens_after") or ()),
            "why": list(self.unmet),
        }


@dataclass(frozen=True)
class CourseProjection:
    """How a course is shown. ``unmet`` has an entry for each lesson that is not done, in outline order."""

    percent: int
    done_count: int
    lesson_count: int
    minutes_left: int
    unmet: tuple[dict[str, Any], ...]
    generation: int = 0
    last_uid: str = ""
    last_at: dt.datetime | None = None
    lessons: Mapping[str, LessonProjection] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return self.lesson_count > 0 and not self.unmet


def fold(rules: Rules, events: Iterable[Event], sessions: Iterable[VideoSession]) -> CourseProjection:
    """Everything that is shown of an enrolment, from all its events and play sessions and its edition's rules.

    Pure and order-free; repeats change nothing. ``lessons`` holds the lessons that were touched.
    """
    events, sessions = list(events), list(sessions)
    generation = generation_of(events)
    lessons: dict[str, LessonProjection] = {}
    for rule in rules.lessons:
        counted = [event for event in events if counts(event, rule, generation)]
        watched = [session for session in sessions if counts(session, rule, generation)]
        tally = watching(watched)
        for event in counted:
            tally = join(tally, tally_of(event))
        if not tally.empty:
            lessons[rule.uid] = project(rule, tally)
    steps = [(event.occurred_at, event.lesson_uid) for event in events if event.lesson_uid]
    last_at, last_uid = max(steps, default=(None, ""))
    unmet = {uid: lesson.missing() for uid, lesson in lessons.items() if lesson.state != DONE}
    untouched = {rule.uid: project(rule, Tally()).missing() for rule in rules.lessons if rule.uid not in lessons}
    return replace(
        course(rules, unmet | untouched), generation=generation, last_uid=last_uid, last_at=last_at, lessons=lessons
    )


def course(rules: Rules, unmet: Mapping[str, dict[str, Any]]) -> CourseProjection:
    """The totals of a course of which the lessons in ``unmet`` (by uid) are not done.

    ``percent`` weighs each lesson by its minutes and is rounded down, so 100 means that nothing is missing.
    """
    weight = {rule.uid: max(rule.minutes, 1) for rule in rules.lessons}
    total = sum(weight.values())
    left = sum(weight[rule.uid] for rule in rules.lessons if rule.uid in unmet)
    missing = tuple(unmet[rule.uid] for rule in rules.lessons if rule.uid in unmet)
    return CourseProjection(
        percent=100 * (total - left) // total if total else 0,
        done_count=len(weight) - len(missing),
        lesson_count=len(weight),
        minutes_left=sum(rule.minutes for rule in rules.lessons if rule.uid in unmet),
        unmet=missing,
    )


def project(rule: LessonRule, tally: Tally) -> LessonProjection:
    """Judge one lesson. Credit counts before any verdict; the verdict sees every watched second, the reader tenths."""
    facts = tally.facts
    done = verdict(rule, facts).done
    shown = replace(tally, facts=replace(facts, watched_ms=in_steps(facts)))
    if done:
        return LessonProjection(rule, shown, DONE, (), done_since(rule, tally))
    state = NEW if tally.empty else STARTED
    return LessonProjection(rule, shown, state, verdict(rule, shown.facts).unmet, None)


def verdict(rule: LessonRule, facts: LessonFacts) -> Verdict:
    """The kind's own verdict; a lesson whose kind is no longer installed cannot be done, and says so."""
    if facts.credited:
        return Verdict(done=True)
    kind = kinds.get(rule.kind)
    if kind is None:
        return Verdict(done=False, unmet=(_("This kind of lesson is not installed here. Tell your supervisor."),))
    found = kind.verdict(rule.rule, facts)
    return replace(found, unmet=tuple(str(sentence) for sentence in found.unmet))


def done_since(rule: LessonRule, tally: Tally) -> dt.datetime | None:
    """The earliest moment at which the facts known by then would have been enough."""
    for moment in sorted(set(tally.times.values())):
        known = {name for name, since in tally.times.items() if since <= moment}
        if verdict(rule, _known(tally.facts, known)).done:
            return moment
    return max(tally.times.values(), default=None)


def _known(facts: LessonFacts, names: set[str]) -> LessonFacts:
    return replace(
        facts,
        done=facts.done and "done" in names,
        transcript_read=facts.transcript_read and "transcript_read" in names,
        watched_ms=facts.watched_ms if "watched" in names else 0,
        scores={key: percent for key, percent in facts.scores.items() if SCORE + key in names},
        credited=facts.credited and "credited" in names,
    )


def in_steps(facts: LessonFacts) -> int:
    """``watched_ms`` rounded down to a tenth of the film."""
    if not facts.duration_ms:
        return 0
    return facts.watched_ms * STEPS // facts.duration_ms * facts.duration_ms // STEPS


def generation_of(events: Iterable[Event]) -> int:
    """How many resets there were."""
    return len({event.key for event in events if event.kind == EventKind.RESET})


def counts(row: Event | VideoSession, rule: LessonRule, generation: int) -> bool:
    """Is ``row`` about this lesson, since the last reset, and of a revision that the edition still accepts?"""
    return row.lesson_uid == rule.uid and row.generation >= generation and row.lesson_rev >= rule.rev


def tally_of(event: Event) -> Tally:
    """What a single event says."""
    at, facts = event.occurred_at, LessonFacts(opened=True)
    times = {"opened": at}
    match event.kind:
        case EventKind.DONE:
            return Tally(replace(facts, done=True), times | {"done": at})
        case EventKind.TRANSCRIPT:
            return Tally(replace(facts, transcript_read=True), times | {"transcript_read": at})
        case EventKind.WATCHED:
            return Tally(facts, times | {"watched": at})
        case EventKind.CREDIT:
            return Tally(replace(facts, credited=True), times | {"credited": at})
        case EventKind.GRADED:
            attempt, percent = event.payload["attempt"], event.payload["percent"]
            key = f"{attempt}:{event.payload.get('grading', 1)}"
            silent = bool(event.payload.get("silent"))
            graded = replace(facts, scores={key: percent}, attempts=attempt, silent=silent)
            return Tally(graded, times | {SCORE + key: at})
        case EventKind.OPENED:
            return Tally(facts, times)
    return Tally()


def watching(sessions: Iterable[VideoSession]) -> Tally:
    """What the play sessions of one lesson say together."""
    sessions = list(sessions)
    if not sessions:
        return Tally()
    duration = max(session.duration_ms for session in sessions)
    spans = intervals.clamp((span for session in sessions for span in session.spans), duration)
    return Tally(LessonFacts(opened=True, watched_ms=intervals.length(spans), duration_ms=duration))


def join(one: Tally, other: Tally) -> Tally:
    """Both together: the greater of each fact, the earlier of each time. Watched film is joined by ``watching``."""
    a, b = one.facts, other.facts
    both = LessonFacts(
        opened=a.opened or b.opened,
        done=a.done or b.done,
        transcript_read=a.transcript_read or b.transcript_read,
        watched_ms=max(a.watched_ms, b.watched_ms),
        duration_ms=max(a.duration_ms, b.duration_ms),
        scores={key: max(each.get(key, 0) for each in (a.scores, b.scores)) for key in {*a.scores, *b.scores}},
        attempts=max(a.attempts, b.attempts),
        credited=a.credited or b.credited,
        silent=a.silent or b.silent,
    )
    times = {
        name: min(since for since in (one.times.get(name), other.times.get(name)) if since is not None)
        for name in {*one.times, *other.times}
    }
    return Tally(both, times)


def to_json(tally: Tally) -> tuple[dict[str, Any], dict[str, str]]:
    """``(facts, times)`` as a ``LessonState`` keeps them."""
    return asdict(tally.facts), {name: since.isoformat() for name, since in tally.times.items()}


def from_json(facts: Mapping[str, Any], times: Mapping[str, str]) -> Tally:
    """The inverse of ``to_json``; facts that this version does not know are left out."""
    known = {name: dt.datetime.fromisoformat(since) for name, since in times.items()}
    return Tally(LessonFacts.read(facts), known)
