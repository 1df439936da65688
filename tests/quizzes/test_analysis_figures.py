"""The figures, against a computation from raw lists that shares nothing with them, and against examples by hand."""

import math
import statistics
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses.models import Course
from quizzes.analysis.scope import Which
from quizzes.models import Result, SlotMark
from quizzes.services.analysing import compute
from tests.factories.quiz_evidence import Cell, grade_rows, right, wrong
from tests.factories.quizzes import QUIZ, essay, ordering, publish_quiz, shorttext, single
from tests.support import count_queries

pytestmark = pytest.mark.django_db
POINTS = (1, 2, 1, 3)


@pytest.fixture
def course() -> Course:
    return publish_quiz(questions=[single(f"Q-{n}", points=each) for n, each in enumerate(POINTS, start=1)])


def figures(course: Course, **which: Any) -> dict[str, Any]:
    return compute(course=course, lesson_uid=QUIZ, which=Which(**which))


# --- the reference: every attempt is a list of (points, fraction, answer), None where a question was not asked


ROUNDING = 1e-9  # three questions of a third each are 0.99999 of one: that much apart is not apart


def correlation(xs: list[float], ys: list[float]) -> float | None:
    if len(xs) < 2 or statistics.variance(xs) < ROUNDING or statistics.variance(ys) < ROUNDING:
        return None
    return statistics.correlation(xs, ys)


def discrimination(rows: list[list[float | None]], column: int) -> float | None:
    xs, rests = [], []
    for row in rows:
        if row[column] is None:
            continue
        others = [(POINTS[n], x) for n, x in enumerate(row) if n != column and x is not None]
        most = sum(points for points, _x in others)
        xs.append(row[column])
        rests.append(sum(points * x for points, x in others) / most if most else 0.0)
    return correlation(xs, rests)


def alpha_and_sem(rows: list[list[float]]) -> tuple[float | None, float | None]:
    totals = [sum(points * x for points, x in zip(POINTS, row, strict=True)) for row in rows]
    if len(rows) < 2 or statistics.variance(totals) < ROUNDING * sum(POINTS) ** 2:
        return None, None
    columns = [
        statistics.variance([points * x for x in column])
        for points, column in zip(POINTS, zip(*rows, strict=True), strict=True)
    ]
    k = len(POINTS)
    alpha = k / (k - 1) * (1 - sum(columns) / statistics.variance(totals))
    return alpha, statistics.stdev(totals) * math.sqrt(max(0, 1 - alpha))


def thirds(rows: list[list[float | None]]) -> list[int]:
    """The third of each attempt, best first, as equal as can be: the first ones are one longer."""
    shares = []
    for row in rows:
        asked = [(POINTS[n], x) for n, x in enumerate(row) if x is not None]
        shares.append(round(sum(points * x for points, x in asked) / sum(points for points, _x in asked), 9))
    order = sorted(range(len(rows)), key=lambda n: (-shares[n], n))
    each, more = divmod(len(rows), 3)
    sizes = [each + (n < more) for n in range(3)]
    found = [0] * len(rows)
    for place, row in enumerate(order):
        found[row] = 0 if place < sizes[0] else 1 if place < sizes[0] + sizes[1] else 2
    return found


cells = st.sampled_from(["0", "0.33333", "0.5", "1"])
answers = st.sampled_from(["a", "b", "c", None])
full_row = st.lists(st.tuples(cells, answers), min_size=len(POINTS), max_size=len(POINTS))
drawn_row = st.lists(st.none() | st.tuples(cells, answers), min_size=len(POINTS), max_size=len(POINTS)).filter(any)


@pytest.fixture
def undone() -> Any:
    """A block whose rows go again: examples must not see each other's."""

    class Undo(Exception):
        pass

    def run(act: Any) -> None:
        try:
            with transaction.atomic():
                act()
                raise Undo
        except Undo:
            pass

    return run


example = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@example
@given(st.lists(full_row, min_size=2, max_size=14))
def test_attempts_at_the_same_questions(course: Course, undone: Any, rows: list[Any]):
    def check() -> None:
        grade_rows(course, [[Cell(*each) for each in row] for row in rows])
        found = figures(course)
        numbers = [[float(fraction) for fraction, _answer in row] for row in rows]
        alpha, sem = alpha_and_sem(numbers)
        assert found["attempts"] == len(rows)
        assert found["same_questions"] is True
        assert found["alpha"] == (pytest.approx(alpha, abs=1e-5) if alpha is not None else None)
        assert found["sem"] == (pytest.approx(sem, abs=1e-5) if sem is not None else None)
        totals = [sum(points * x for points, x in zip(POINTS, row, strict=True)) for row in numbers]
        assert found["mean"] == pytest.approx(statistics.mean(totals), abs=1e-5)
        _check_questions(found, rows, numbers)

    undone(check)


def test_totals_that_differ_by_rounding_alone_tell_nothing(course: Course):
    """One point for the first, and a third of the first and of the second, which counts twice: 1 and 0.99999."""
    a_third = Cell("0.33333", "a")
    grade_rows(course, [[right(), wrong(), wrong(), wrong()], [a_third, a_third, wrong(), wrong()]])
    found = figures(course)
    assert (found["alpha"], found["sem"], found["mean"]) == (None, None, pytest.approx(1, abs=1e-5))


@example
@given(st.lists(drawn_row, min_size=2, max_size=12))
def test_attempts_that_drew_their_questions(course: Course, undone: Any, rows: list[Any]):
    def check() -> None:
        grade_rows(course, [[each and Cell(*each) for each in row] for row in rows])
        found = figures(course)
        numbers = [[None if each is None else float(each[0]) for each in row] for row in rows]
        asked = {n for row in rows for n, each in enumerate(row) if each}
        everywhere = all(row[n] for row in rows for n in asked)
        assert found["same_questions"] is everywhere
        assert ("alpha" in found) is everywhere
        _check_questions(found, rows, numbers)

    undone(check)


def _check_questions(found: dict[str, Any], rows: list[Any], numbers: list[list[float | None]]) -> None:
    third = thirds(numbers)
    for question in found["questions"]:
        n = question["number"] - 1
        given = [(third[place], row[n]) for place, row in enumerate(rows) if row[n]]
        values = [float(fraction) for _third, (fraction, _answer) in given]
        assert question["n"] == len(given)
        assert question["facility"] == pytest.approx(statistics.mean(values), abs=1e-5)
        assert question["full"] == sum(value == 1 for value in values)
        assert question["omitted"] == sum(answer is None for _third, (_fraction, answer) in given)
        expected = discrimination(numbers, n)
        assert question["discrimination"] == (None if expected is None else pytest.approx(expected, abs=1e-5))
        counted = {each["key"]: each["thirds"] for each in question["responses"]}
        for name in "abcd":
            wanted = [sum(t == each and answer == name for t, (_fraction, answer) in given) for each in range(3)]
            assert counted[name] == wanted


# --- examples by hand


def test_kuder_richardson_by_hand():
    """Four people, three questions: p = .75, .5, .25, Σpq = .625; totals 3, 2, 1, 0 have the variance 1.25 (by n):
    3/2 × (1 − .625/1.25) = 0.75. The first question against the other two: r(1110; 2, 1, 0, 0) = .522233."""
    course = publish_quiz(questions=[single("Q-1"), single("Q-2"), single("Q-3")])
    rows = [[right(), right(), right()], [right(), right(), wrong()], [right(), wrong(), wrong()], [wrong()] * 3]
    grade_rows(course, rows, percents={0: 100, 1: 67, 2: 33, 3: 0})
    found = figures(course)

    assert found["alpha"] == pytest.approx(0.75)
    assert found["kr20"] is True
    assert found["sem"] == pytest.approx(math.sqrt(5 / 3 * 0.25), abs=1e-6)
    assert (found["mean"], found["most"], found["percent"], found["passed"]) == (1.5, 3, 50.0, 1)
    assert [each["facility"] for each in found["questions"]] == [0.75, 0.5, 0.25]
    assert found["questions"][0]["discrimination"] == pytest.approx(0.522233, abs=1e-5)


def test_part_credit_is_alpha_and_not_kr20(course: Course):
    grade_rows(course, [[Cell("0.5", "a"), right(), right(), wrong()], [right(), wrong(), right(), right()]])
    assert figures(course)["kr20"] is False


def test_one_question_has_no_rest():
    course = publish_quiz(questions=[single()])
    grade_rows(course, [[right()], [wrong()]])
    found = figures(course)
    assert (found["alpha"], found["questions"][0]["discrimination"]) == (None, None)


def test_times_are_means_and_a_page_left_open_counts_ten_minutes(course: Course):
    rest = [right(), right(), right()]
    grade_rows(course, [[right(ms), *rest] for ms in (10_000, 20_000, None, 9_000_000)])
    first, second, *_rest = figures(course)["questions"]
    assert first["ms"] == (10_000 + 20_000 + 600_000) / 3
    assert second["ms"] is None


# --- which attempts


def test_first_attempts_only_unless_all_are_asked_for(course: Course, trainee: User):
    grade_rows(course, [[wrong()] * 4, [right()] * 4], learner=trainee)
    grade_rows(course, [[right()] * 4])
    assert figures(course)["attempts"] == 2
    assert figures(course)["questions"][0]["facility"] == 0.5
    assert figures(course, attempts="all")["attempts"] == 3


def test_the_grading_that_stands_is_counted(course: Course):
    [attempt] = grade_rows(course, [[wrong()] * 4])
    newer = Result.objects.create(attempt=attempt, number=2, percent=100, passed=True)
    for mark in SlotMark.objects.filter(result__number=1):
        SlotMark.objects.create(result=newer, slot=mark.slot, fraction=1, earned=1, answer="b")
    found = figures(course)
    assert (found["attempts"], found["percent"], found["questions"][0]["full"]) == (1, 100.0, 1)


def test_other_courses_open_attempts_and_previews_are_not_counted(course: Course):
    other = publish_quiz(questions=[single(f"Q-{n}", points=each) for n, each in enumerate(POINTS, start=1)])
    grade_rows(other, [[right()] * 4])
    [open_one] = grade_rows(course, [[right()] * 4])
    type(open_one).objects.filter(pk=open_one.pk).update(finished_at=None)
    assert figures(course)["attempts"] == 0
    assert figures(course)["questions"] == []


def test_editions_with_another_wording_are_told_apart():
    course = publish_quiz(questions=[single("Q-1"), single("Q-2")], slug="told-apart")
    grade_rows(course, [[right(), wrong()]] * 3)
    course = publish_quiz(questions=[single("Q-1"), single("Q-2", stem="Put better.")], slug="told-apart")
    grade_rows(course, [[right(), right()]] * 2)
    found = figures(course)

    assert found["attempts"] == 5
    assert found["same_questions"] is False
    assert [(each["number"], each["of"], each["n"]) for each in found["questions"]] == [(1, 1, 5), (2, 2, 2), (2, 1, 3)]
    assert [figures(course, edition=number)["attempts"] for number in (1, 2)] == [3, 2]
    assert figures(course, edition=2)["same_questions"] is True


# --- answers


def test_typed_answers_are_the_ten_most_frequent():
    course = publish_quiz(questions=[shorttext()])
    rows = [[Cell("0", f"word {n}")] for n in range(12) for _again in range(n + 1)]
    grade_rows(
        course, [*rows, *[[Cell("1", spelt)] for spelt in ("Union catalogue", "UNION CATALOGUE") for _n in range(8)]]
    )
    [question] = figures(course)["questions"]

    assert len(question["responses"]) == 10
    assert question["responses"][0]["label"] == "union catalogue"
    assert (question["responses"][0]["right"], sum(question["responses"][0]["thirds"])) == (True, 16)
    assert sum(question["other"]) == 1 + 2 + 3


def test_the_first_of_an_order_is_right_where_it_belongs_though_only_neighbours_earn():
    course = publish_quiz(questions=[ordering()])
    grade_rows(course, [[Cell("1", ["a", "b", "c", "d"])], [Cell("0.33", ["b", "a", "c", "d"])]])
    [question] = figures(course)["questions"]
    assert {each["label"]: each["right"] for each in question["responses"] if "Step a" in each["label"]} == {
        "1. Step a": True,
        "2. Step a": False,
    }


def test_written_texts_are_not_read():
    course = publish_quiz(questions=[essay(), single()])
    grade_rows(course, [[Cell("0.5", "Dear patron"), right()], [Cell("0", None), right()]])
    first, _second = figures(course)["questions"]
    assert (first["omitted"], first["responses"], first["facility"]) == (1, [], 0.25)


def test_the_number_of_statements_does_not_grow(course: Course):
    grade_rows(course, [[right()] * 4] * 2)
    few = count_queries(lambda: figures(course))
    grade_rows(course, [[right(), wrong(), wrong("c"), right()]] * 12)
    assert count_queries(lambda: figures(course)) == few <= 6
