"""The fold: order does not matter, repeats do not matter, and a wiped projection comes back the same."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from progress.models import Event, VideoSession
from progress.selectors.rules import LessonRule, Rules
from progress.services import folding

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
RULES = Rules(
    (
        LessonRule("reading", 1, "text", {}, 1, "Reading", 4),
        LessonRule("film", 2, "video", {}, 2, "Film", 6),
        LessonRule("quiz", 3, "quiz", {"pass_mark": 80}, 1, "Quiz", 10),
    )
)
uids = st.sampled_from(["reading", "film", "quiz", "no-longer-there"])
moments = st.integers(min_value=0, max_value=10_000).map(lambda minutes: START + dt.timedelta(minutes=minutes))
revs = st.integers(min_value=1, max_value=3)


@st.composite
def events(draw, reset_share=6):
    kind = draw(st.sampled_from(["opened", "done", "transcript", "watched", "graded", "credit", "reset"]))
    payload = {}
    if kind == "graded":
        percent = draw(st.integers(min_value=0, max_value=100))
        payload = {"percent": percent, "passed": percent >= 80, "attempt": draw(st.integers(1, 5))}
    generation = draw(st.integers(0, 1))
    return Event(
        lesson_uid="" if kind == "reset" else draw(uids),
        lesson_rev=draw(revs),
        generation=0 if kind == "reset" else generation,
        kind=kind,
        payload=payload,
        occurred_at=draw(moments),
        key="reset:1" if kind == "reset" else draw(st.uuids()).hex,
    )


@st.composite
def sessions(draw):
    points = st.integers(min_value=0, max_value=100_000)
    return VideoSession(
        lesson_uid="film",
        lesson_rev=draw(revs),
        generation=draw(st.integers(0, 1)),
        session=draw(st.uuids()).hex,
        spans=[sorted(pair) for pair in draw(st.lists(st.tuples(points, points), max_size=4))],
        duration_ms=100_000,
    )


def event(kind, uid="reading", *, minute=0, rev=1, generation=0, key="", **payload):
    return Event(
        lesson_uid=uid,
        lesson_rev=rev,
        generation=generation,
        kind=kind,
        payload=payload,
        occurred_at=START + dt.timedelta(minutes=minute),
        key=key or f"{kind}:{uid}:{minute}:{rev}:{generation}",
    )


@given(st.lists(events(), max_size=12), st.lists(sessions(), max_size=3), st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(given_events, given_sessions, random):
    once = folding.fold(RULES, given_events, given_sessions)
    shuffled = [*given_events, *given_events[: len(given_events) // 2]]
    random.shuffle(shuffled)
    films = [*given_sessions]
    random.shuffle(films)
    assert folding.fold(RULES, shuffled, films) == once


@given(st.lists(events().filter(lambda each: each.kind != "reset"), max_size=10), events())
def test_more_events_never_take_anything_away(given_events, one_more):
    if one_more.kind == "reset":
        one_more.kind, one_more.lesson_uid = "opened", "reading"
    before = folding.fold(RULES, given_events, [])
    after = folding.fold(RULES, [*given_events, one_more], [])
    assert after.percent >= before.percent


@given(st.lists(events(), max_size=12))
def test_one_by_one_gives_what_all_at_once_gives(given_events):
    generation = folding.generation_of(given_events)
    whole = folding.fold(RULES, given_events, [])
    for rule in RULES.lessons:
        known = folding.Tally()
        for each in given_events:
            if folding.counts(each, rule, generation):
                kept = folding.from_json(*folding.to_json(folding.project(rule, known).tally))
                known = folding.join(kept, folding.tally_of(each))
        expected = whole.lessons.get(rule.uid)
        assert (folding.project(rule, known) if not known.empty else None) == expected


def test_percent_weighs_lessons_by_their_minutes_and_lists_the_rest_in_order():
    shown = folding.fold(RULES, [event("done")], [])
    assert (shown.percent, shown.done_count, shown.lesson_count, shown.minutes_left) == (20, 1, 3, 16)
    assert [entry["uid"] for entry in shown.unmet] == ["film", "quiz"]
    assert not shown.complete


def test_a_hundred_percent_means_that_nothing_is_missing():
    lessons = tuple(LessonRule(f"l{n}", n, "text", {}, 1, "", 1) for n in range(1, 400))
    all_but_one = [event("done", rule.uid) for rule in lessons[1:]]
    assert folding.fold(Rules(lessons), all_but_one, []).percent == 99
    assert folding.fold(Rules(lessons), [*all_but_one, event("done", "l1")], []).complete


def test_a_course_without_lessons_is_not_complete():
    assert not folding.fold(Rules(()), [], []).complete


def test_credit_counts_before_any_verdict():
    shown = folding.fold(RULES, [event("credit", "quiz", minute=3)], [])
    assert shown.lessons["quiz"].state == "done"
    assert shown.lessons["quiz"].done_at == START + dt.timedelta(minutes=3)


def test_what_was_done_in_an_older_revision_is_asked_again():
    assert folding.fold(RULES, [event("transcript", "film", rev=1)], []).lessons == {}
    assert folding.fold(RULES, [event("transcript", "film", rev=2)], []).lessons["film"].state == "done"


def test_what_came_before_a_reset_no_longer_counts():
    before, after = event("done", "reading"), event("done", "quiz", generation=1)
    reset = event("reset", "", key="reset:1")
    shown = folding.fold(RULES, [before, reset, after, event("credit", "quiz", generation=1)], [])
    assert (shown.generation, set(shown.lessons)) == (1, {"quiz"})


def test_the_moment_of_the_pass_stays_when_a_better_result_follows():
    first = event("graded", "quiz", minute=1, percent=50, passed=False, attempt=1)
    second = event("graded", "quiz", minute=2, percent=85, passed=True, attempt=2)
    third = event("graded", "quiz", minute=3, percent=95, passed=True, attempt=3)
    lesson = folding.fold(RULES, [third, first, second], []).lessons["quiz"]
    assert lesson.done_at == START + dt.timedelta(minutes=2)
    assert (lesson.tally.facts.best_percent, lesson.tally.facts.attempts) == (95, 3)


gradings = st.lists(
    st.builds(
        lambda attempt, grading, percent, minute: event(
            "graded",
            "quiz",
            minute=minute,
            key=f"graded:{attempt}:{grading}",
            percent=percent,
            passed=percent >= 80,
            attempt=attempt,
            grading=grading,
        ),
        st.integers(1, 4),
        st.integers(1, 3),
        st.integers(0, 100),
        st.integers(0, 500),
    ),
    max_size=10,
    unique_by=lambda each: each.key,
)
COUNTS = ("best", "last", "average", "first")


def quiz_rules(**rule):
    return Rules((LessonRule("quiz", 1, "quiz", rule, 1, "Quiz", 10),))


@given(gradings, st.sampled_from(COUNTS), st.randoms(use_true_random=False))
def test_which_attempt_counts_does_not_depend_on_the_order_of_events(given_events, counts, random):
    rules = quiz_rules(counts=counts)
    once = folding.fold(rules, given_events, [])
    shuffled = [*given_events, *given_events]
    random.shuffle(shuffled)

    assert folding.fold(rules, shuffled, []) == once


@given(gradings, st.sampled_from(COUNTS))
def test_what_counts_is_what_the_newest_gradings_say(given_events, counts):
    newest = {}
    for each in sorted(given_events, key=lambda each: each.payload["grading"]):
        newest[each.payload["attempt"]] = each.payload["percent"]
    scores = [newest[number] for number in sorted(newest)]
    lesson = folding.fold(quiz_rules(counts=counts), given_events, []).lessons.get("quiz")
    score = lesson.tally.facts.score(counts) if lesson else None

    if not scores:
        assert score is None
        return
    whole = {"best": max(scores), "last": scores[-1], "first": scores[0]}
    expected = whole.get(counts, int(sum(scores) / len(scores) + 0.5))
    assert score == expected
    assert (lesson.state == "done") is (expected >= 80)


def test_a_regrading_takes_the_place_of_the_score_of_its_attempt():
    first = event("graded", "quiz", minute=1, percent=90, passed=True, attempt=1)
    other = event("graded", "quiz", minute=2, percent=40, passed=False, attempt=2)
    again = event("graded", "quiz", minute=9, percent=60, passed=False, attempt=1, grading=2, key="graded:1:2")
    before = folding.fold(RULES, [first, other], []).lessons["quiz"]
    after = folding.fold(RULES, [again, other, first], []).lessons["quiz"]

    assert (before.state, before.tally.facts.best_percent) == ("done", 90)
    assert (after.state, after.tally.facts.best_percent, after.done_at) == ("started", 60, None)


def test_a_better_regrading_says_since_when_the_lesson_is_done():
    first = event("graded", "quiz", minute=1, percent=70, passed=False, attempt=1)
    again = event("graded", "quiz", minute=9, percent=85, passed=True, attempt=1, grading=2, key="graded:1:2")

    assert folding.fold(RULES, [again, first], []).lessons["quiz"].done_at == START + dt.timedelta(minutes=9)


def test_facts_that_were_kept_before_attempts_had_scores_keep_their_best_one():
    facts = folding.from_json({"best_percent": 85, "passed": True, "attempts": 3, "opened": True}, {}).facts

    assert (facts.best_percent, facts.attempts) == (85, 3)


def test_a_kind_that_is_not_installed_says_so():
    shown = folding.fold(Rules((LessonRule("x", 1, "hologram", {}, 1, "X", 1),)), [event("done", "x")], [])
    assert shown.lessons["x"].state == "started"
    assert "not installed" in shown.unmet[0]["why"][0]
