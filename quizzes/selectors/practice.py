"""What pages of practice show: the card of a lesson, the gallery, a run, its debrief."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Max, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from courses.models import Course, EditionLessonText, EditionPart
from courses.registry import PlayerLesson
from courses.standing import standing
from quizzes.access import PASS_MARK, pass_mark_of
from quizzes.engines.registry import Engine, engines
from quizzes.models import PracticeCase, PracticeCaseQuerySet, PracticeRun
from quizzes.models.practice import free_subject
from quizzes.practice_settings import PracticeSettings, longest_row

LESSONS_ASKED = 10  # how many practice lessons are asked which lessons explain what
RECENT = 10  # how many of the last runs the skills so far look at


@dataclass(frozen=True)
class CaseRow:
    """A case of a lesson as its page lists it."""

    uid: str
    title: str
    level: str
    minutes: int
    tries: int
    best: int | None


@dataclass(frozen=True)
class LessonCard:
    """The start page of a practice lesson for one reader."""

    engine: Engine
    settings: PracticeSettings
    pass_mark: int
    in_a_row: int
    row_now: int
    best: int | None
    tries: int
    passed: bool
    open: PracticeRun | None
    cases: Sequence[CaseRow]
    runs: Sequence[PracticeRun]


def lesson_card(player: PlayerLesson, reader: User) -> LessonCard:
    """The card of the lesson in ``player`` for ``reader``; two queries at most."""
    asking = PracticeSettings.read(player.source)
    engine = engines[asking.engine]
    runs = _runs_of(player, reader)
    done = [run for run in runs if run.finished_at]
    since = _begun_anew(player) if done else None
    asked_now = [run for run in done if player.preview or _counts_still(run, player.lesson.rev, since)]
    counted = [run.percent or 0 for run in asked_now if run.counts]
    mark, row = pass_mark_of(player), int(player.lesson.rule.get("in_a_row", 1))
    rows = [_case_row(case, engine, [run for run in done if run.case_uid == case["uid"]]) for case in asking.cases]
    return LessonCard(
        engine=engine,
        settings=asking,
        pass_mark=mark,
        in_a_row=row,
        row_now=min(_row_now(counted, mark), row),
        best=max(counted, default=None),
        tries=len(done),
        passed=bool(getattr(player.facts, "credited", False)) or longest_row(counted, mark) >= row,
        open=next((run for run in runs if run.finished_at is None), None),
        cases=rows,
        runs=done[::-1][:RECENT],
    )


def _begun_anew(player: PlayerLesson) -> dt.datetime | None:
    """When the reader was set back last in this course; what was done before no longer counts."""
    enrolment = None if player.preview else player.enrolment
    return standing().begun_anew([enrolment.pk]).get(enrolment.pk) if enrolment else None


def _counts_still(run: PracticeRun, rev: int, since: dt.datetime | None) -> bool:
    return run.lesson_rev >= rev and (since is None or (run.finished_at or run.started_at) >= since)


def _runs_of(player: PlayerLesson, reader: User) -> list[PracticeRun]:
    if not reader.is_authenticated:
        return []
    if player.preview:
        key = f"edition:{player.edition.pk}:{player.lesson.uid}"
    elif player.enrolment is not None:
        key = f"enrolment:{player.enrolment.pk}:{player.lesson.uid}"
    else:
        return []
    runs = PracticeRun.objects.visible_to(reader).judged().filter(subject_key=key)
    return list(runs.defer("case", "state", "parts").order_by("number"))


def _case_row(case: Mapping[str, Any], engine: Engine, runs: Sequence[PracticeRun]) -> CaseRow:
    return CaseRow(
        uid=case["uid"],
        title=case["title"],
        level=case.get("level", "working"),
        minutes=case.get("minutes", engine.minutes),
        tries=len(runs),
        best=max((run.percent or 0 for run in runs), default=None),
    )


def _row_now(percents: Sequence[int], mark: int) -> int:
    """How many of the last scores in a row reach ``mark``."""
    count = 0
    for percent in reversed(percents):
        if percent < mark:
            break
        count += 1
    return count


# --- gallery


@dataclass
class EngineRow:
    """An engine in the gallery with what one person has done with it; ``best`` None: not tried. ``side`` is the side of the
    desk that was looked for, empty for the usual one."""

    engine: Engine
    cases: int = 0
    tries: int = 0
    best: int | None = None
    open: PracticeRun | None = None
    may_begin: bool = True  # no made-up world of free practice is open, which would be gone on with
    recent: list[int] = field(default_factory=list)  # percents, newest first
    last_at: dt.datetime | None = None
    side: str = ""

    @property
    def topics(self) -> list[str]:
        """The topics under which it is found."""
        return [self.engine.topic, *(each.topic for each in self.engine.sides)]

    def side_for(self, topic: str) -> str:
        """The side of the desk that is about ``topic``; empty where there is none."""
        return next((each.name for each in self.engine.sides if each.topic == topic), "")

    @property
    def good(self) -> int:
        """How many of the recent runs reached the usual pass mark."""
        return sum(percent >= PASS_MARK for percent in self.recent)

    @property
    def row(self) -> int:
        """How many of the newest reached it one after another."""
        return _row_now(self.recent[::-1], PASS_MARK)


def gallery(reader: User) -> list[EngineRow]:
    """Every engine, in the order of registration. Four queries, two for visitors."""
    rows = {name: EngineRow(engine) for name, engine in engines.items()}
    cases = PracticeCase.objects.listed_for(reader).order_by().values_list("engine")
    for name, count in cases.annotate(Count("pk", distinct=True)):
        if name in rows:
            rows[name].cases = count
    if reader.is_authenticated:
        _add_runs(rows, reader)
    return list(rows.values())


def engine_row(reader: User, name: str) -> EngineRow:
    """One engine with what ``reader`` has done with it. Three queries, none for visitors."""
    row = EngineRow(engines[name])
    if reader.is_authenticated:
        _add_runs({name: row}, reader)
    return row


def _add_runs(rows: Mapping[str, EngineRow], reader: User) -> None:
    mine = PracticeRun.objects.visible_to(reader).real().judged()
    done = mine.finished().filter(engine__in=rows)
    for name, tries, best, last in done.values_list("engine").annotate(Count("pk"), Max("percent"), Max("finished_at")):
        rows[name].tries, rows[name].best, rows[name].last_at = tries, best, last
    place = Window(RowNumber(), partition_by=F("engine"), order_by=[F("finished_at").desc(), F("pk").desc()])
    recent = done.annotate(place=place).filter(place__lte=RECENT).order_by("engine", "place")
    for name, percent in recent.values_list("engine", "percent"):
        rows[name].recent.append(percent or 0)
    begun = mine.open().filter(engine__in=rows).defer("state", "parts").order_by("touched_at")
    for run in begun.select_related("course"):
        rows[run.engine].open = run  # the last one touched
        rows[run.engine].may_begin &= run.subject_key != free_subject(run.engine)


def cases_of(reader: User, engine: str) -> PracticeCaseQuerySet:
    """The published cases of ``engine`` that ``reader`` finds, each with its course."""
    return PracticeCase.objects.listed_for(reader).filter(engine=engine).placed().select_related("course")


def bests_of(reader: User, keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Tries and best percent of ``reader`` by subject key. One query."""
    if not reader.is_authenticated or not keys:
        return {}
    runs = PracticeRun.objects.visible_to(reader).finished().judged().filter(subject_key__in=keys)
    return {
        key: (tries, best) for key, tries, best in runs.values_list("subject_key").annotate(Count("pk"), Max("percent"))
    }


# --- lessons to go back to


@dataclass(frozen=True)
class LessonLink:
    title: str
    url_args: tuple[str, str]
    minutes: int


def free_back_to(reader: User, engine: str) -> dict[str, str]:
    """Which lesson explains what in made-up worlds of ``engine``: the word of the first listed practice lesson that has
    one, each as ``course/uid``. Two queries."""
    listed = PracticeCase.objects.listed_for(reader).filter(engine=engine).order_by("part", "course__slug")
    places = dict(listed.values_list("part", "course__slug").distinct()[:LESSONS_ASKED])
    parts = EditionPart.objects.in_bulk(list(places))
    for pk, slug in places.items():
        said = PracticeSettings.read(json.loads(parts[pk].source)).back_to
        if said:
            return {key: ref if "/" in ref else f"{slug}/{ref}" for key, ref in said.items()}
    return {}


def lesson_links(reader: User, refs: Sequence[str], *, course_slug: str = "") -> dict[str, LessonLink]:
    """The lessons named by ``refs`` (``uid`` of the course at ``course_slug``, or ``course/uid``) that ``reader`` finds in
    current editions, by ref. One query, none without refs."""
    wanted = {ref: tuple(ref.split("/", 1)) if "/" in ref else (course_slug, ref) for ref in refs if ref}
    if not wanted:
        return {}
    texts = (
        EditionLessonText.objects.filter(
            edition_lesson__uid__in={uid for _slug, uid in wanted.values()},
            edition_lesson__edition__course__slug__in={slug for slug, _uid in wanted.values()},
            edition_lesson__edition=F("edition_lesson__edition__course__current_edition"),
            edition_lesson__edition__course__in=Course.objects.visible_to(reader).values("pk"),
        )
        .order_by("pk")
        .values_list("edition_lesson__edition__course__slug", "edition_lesson__uid", "title", "minutes")
    )
    found = {(slug, uid): LessonLink(title, (slug, uid), minutes) for slug, uid, title, minutes in texts}
    return {ref: found[place] for ref, place in wanted.items() if place in found}
