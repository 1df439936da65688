"""The pages of item analysis: the finding first, honest with few attempts, nothing computed in a request."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from accounts.models import User
from core import clock
from courses.models import Course
from quizzes import jobs_evidence
from quizzes.analysis import advice
from quizzes.models import Analysis
from quizzes.services import analysing
from tests.factories.quiz_evidence import Cell, Row, grade_rows, right, wrong
from tests.factories.quizzes import QUIZ, publish_quiz, single
from tests.support import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(instructor: User) -> Course:
    questions = [single(f"Q-{n}") for n in (1, 2, 3)]
    return publish_quiz(questions=questions, owner=instructor, slug="analysed")


@pytest.fixture
def author(client_of: Callable[[User], Client], instructor: User) -> Client:
    return client_of(instructor)


ADDRESS = f"/author/analysis/analysed/{QUIZ}/"


def misleading(n: int) -> list[Row]:
    """The last question works against the others: who knows the subject says ``c``, its key says ``b``."""
    good, bad = [right(30_000), right(), wrong("c")], [wrong(), wrong("d"), right()]
    middle = [right(), wrong("d"), wrong()]
    return [(good, middle, bad)[row % 3] for row in range(n)]


def computed(course: Course, **which: Any) -> Analysis:
    row = analysing.analysis_for(course_id=course.pk, lesson_uid=QUIZ, which=analysing.Which(**which))
    analysing.want(row)
    assert analysing.analyse(row.pk) is True
    row.refresh_from_db()
    return row


def text_of(client: Client, address: str = ADDRESS) -> str:
    return client.get(address).content.decode()


# --- computed by a task


def test_opening_the_page_asks_for_figures_and_computes_nothing(author: Client, course: Course):
    grade_rows(course, misleading(30))
    said = text_of(author)
    row = Analysis.objects.get()
    assert (row.figures, row.wanted_at is not None) == (None, True)
    assert "being computed for the first time" in said
    assert "Look again" in said
    assert jobs_evidence.sweep_evidence()["analysed"] == 1
    assert "Question 3 works against the others" in text_of(author)


def test_figures_older_than_a_day_are_wanted_again(author: Client, course: Course):
    row = computed(course)
    text_of(author)
    row.refresh_from_db()
    assert row.wanted_at is None
    Analysis.objects.update(computed_at=clock.now() - dt.timedelta(hours=25))
    assert "until they are there you see the old ones" in text_of(author)
    row.refresh_from_db()
    assert row.wanted_at is not None


def test_compute_again(author: Client, course: Course):
    row = computed(course, attempts="all")
    answer = author.post(f"/author/analysis/do/again/{row.pk}/")
    row.refresh_from_db()
    assert answer.url == f"{ADDRESS}?attempts=all"
    assert row.wanted_at is not None


def test_a_worker_that_holds_it_is_left_alone_until_its_lease_has_passed(course: Course):
    row = computed(course)
    Analysis.objects.update(wanted_at=clock.now(), lease_until=clock.now() + dt.timedelta(minutes=1))
    assert analysing.analyse(row.pk) is False
    Analysis.objects.update(lease_until=clock.now() - dt.timedelta(minutes=1))
    assert jobs_evidence.sweep_evidence()["analysed"] == 1


def test_a_computation_that_fails_gives_its_row_back(course: Course, monkeypatch: pytest.MonkeyPatch):
    row = computed(course)
    analysing.want(row)

    def fail(**kwargs: Any) -> Any:
        raise ValueError

    monkeypatch.setattr(analysing, "compute", fail)
    with pytest.raises(ValueError):
        analysing.analyse(row.pk)
    row.refresh_from_db()
    assert (row.lease_until, row.wanted_at is not None) == (None, True)


def test_every_night_quizzes_with_news_are_analysed_anew(course: Course):
    grade_rows(course, misleading(2))
    assert jobs_evidence.refresh_analyses() == {"wanted": 1, "forgotten": 0}
    assert jobs_evidence.sweep_evidence()["analysed"] == 1
    assert jobs_evidence.refresh_analyses()["wanted"] == 0
    computed(course, attempts="all")
    Analysis.objects.filter(key__contains=":all:").update(computed_at=clock.now() - dt.timedelta(days=15))
    assert jobs_evidence.refresh_analyses() == {"wanted": 0, "forgotten": 1}


# --- what the page says


def test_the_finding_the_chart_its_table_and_the_thirds(author: Client, course: Course):
    grade_rows(course, misleading(30))
    computed(course)
    said = text_of(author)
    assert "Question 3 works against the others: people with a good total get it wrong more often." in said
    assert "They mostly say “Option c”. Its key looks wrong." in said
    assert "Works against the rest" in said
    assert '<svg class="chart chart--wide"' in said
    assert "Show these numbers as a table" in said
    assert "“Option c” is chosen by strong learners: is it also right?" in said
    assert "Nobody chooses “Option d”" in said
    assert "Question 3: who picked what" in said
    assert "Mend question 3" in said
    assert "style=" not in said


def test_one_question_is_shown_in_thirds(author: Client, course: Course):
    grade_rows(course, misleading(30))
    row = computed(course)
    first = row.figures["questions"][0]
    said = text_of(author, f"{ADDRESS}?question={first['version']}")
    assert "Question 1: who picked what" in said
    assert "30 s" in said
    assert "Question 3: who picked what" in text_of(author, f"{ADDRESS}?question=nonsense")


def test_under_30_attempts_nothing_is_judged_and_that_is_said(author: Client, course: Course):
    grade_rows(course, misleading(12))
    computed(course)
    said = text_of(author)
    assert "12 attempts so far. Whether a question tells people apart" in said
    assert '<svg class="chart' not in said
    assert "Too few attempts to judge" in said
    assert "Reliability needs 30 attempts." in said
    assert "Works against" not in said
    assert "67%" in said


def test_under_10_attempts_people_are_counted(author: Client, course: Course):
    grade_rows(course, misleading(6), percents={0: 90})
    computed(course)
    said = text_of(author)
    assert "6 attempts so far. That is too few for percentages" in said
    assert "4 of 6" in said
    assert "67%" not in said


def test_nobody_yet(author: Client, course: Course):
    computed(course)
    assert "No attempt to look at" in text_of(author)


def test_different_questions_have_no_reliability_and_the_page_says_why(author: Client, course: Course):
    grade_rows(course, [[right(), wrong(), None], [right(), None, wrong()]] * 20)
    computed(course)
    said = text_of(author)
    assert "the attempts were not all asked the same questions" in said
    assert "asked in 20 attempts" in said


def test_a_wrong_day_is_said_at_the_field(author: Client, course: Course):
    answer = author.get(f"{ADDRESS}?since=yesterday")
    assert answer.status_code == 422
    assert "Write a day as year-month-day" in answer.content.decode()


@pytest.mark.parametrize("query", ["?edition=99", "?attempts=second", "?edition=x", "?since=0001-01-01"])
def test_nonsense_in_the_address_is_no_error_page(author: Client, course: Course, query: str):
    assert author.get(ADDRESS + query).status_code in (200, 422)


def test_what_is_no_quiz_is_not_there(author: Client, course: Course):
    assert author.get("/author/analysis/analysed/basics/").status_code == 404
    assert author.get("/author/analysis/nowhere/the-quiz/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_questions(author: Client, course: Course, instructor: User):
    grade_rows(course, misleading(30))
    computed(course)
    few = count_queries(lambda: text_of(author))
    other = publish_quiz(questions=[single(f"R-{n}") for n in range(12)], owner=instructor, slug="longer")
    grade_rows(other, [[right()] * 12] * 3)
    computed(other)
    assert count_queries(lambda: text_of(author, f"/author/analysis/longer/{QUIZ}/")) <= few


# --- the list


def test_the_list_puts_what_wants_a_look_first(author: Client, course: Course, instructor: User):
    fine = publish_quiz(questions=[single("Q-1")], owner=instructor, slug="a-fine-one", code="AAA 1")
    publish_quiz(questions=[single("Q-1")], slug="not-mine", code="ZZZ 9")
    grade_rows(course, misleading(30))
    grade_rows(fine, [[right()]])
    for each in (course, fine):
        computed(each)
    said = text_of(author, "/author/analysis/")
    assert said.index("/author/analysis/analysed/") < said.index("/author/analysis/a-fine-one/")
    assert "Question 3 works against the others" in said
    assert "not-mine" not in said
    assert "a-fine-one" not in text_of(author, "/author/analysis/?q=ANALYSED")
    assert "Nothing for “nowhere”" in text_of(author, "/author/analysis/?q=nowhere")
    for sort in ("attempts", "title", "course", "nonsense"):
        assert author.get(f"/author/analysis/?sort={sort}").status_code == 200


def test_the_list_costs_the_same_for_more_quizzes(author: Client, course: Course, instructor: User):
    few = count_queries(lambda: text_of(author, "/author/analysis/"))
    for number in range(5):
        computed(publish_quiz(questions=[single("Q-1")], owner=instructor, slug=f"more-{number}"))
    assert count_queries(lambda: text_of(author, "/author/analysis/")) == few


def test_an_author_without_quizzes_reads_what_to_do(author: Client):
    assert "No quiz of yours is published yet" in text_of(author, "/author/analysis/")


# --- tables to take along


def test_csv_of_questions_and_of_answers(author: Client, course: Course):
    grade_rows(course, misleading(30))
    computed(course)
    questions = list(csv.DictReader(io.StringIO(author.get(f"{ADDRESS}figures.csv").getvalue().decode())))
    answers = list(csv.reader(io.StringIO(author.get(f"{ADDRESS}figures.csv?table=answers").getvalue().decode())))
    assert [each["Average, 0 to 1"] for each in questions] == ["0.666667", "0.333333", "0.333333"]
    assert questions[2]["Reading"] == "Works against the rest"
    assert answers[-2] == ["3", "Q-3", "1", "Option c", "no", "10", "0", "0", "10"]


def test_a_formula_in_a_question_stays_text(author: Client, instructor: User):
    course = publish_quiz(questions=[single("Q-1", stem="=HYPERLINK(1)")], owner=instructor, slug="analysed")
    grade_rows(course, [[right()]])
    computed(course)
    [row] = csv.DictReader(io.StringIO(author.get(f"{ADDRESS}figures.csv").getvalue().decode()))
    assert row["Text"] == "'=HYPERLINK(1)"
    book = openpyxl.load_workbook(io.BytesIO(author.get(f"{ADDRESS}figures.xlsx").getvalue()))
    cell = book["Questions"]["E2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_the_workbook_has_three_sheets(author: Client, course: Course):
    grade_rows(course, misleading(30))
    computed(course)
    answer = author.get(f"{ADDRESS}figures.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    assert book.sheetnames == ["Quiz", "Questions", "Answers"]
    assert book["Quiz"]["B2"].value == 30
    assert book["Questions"].max_row == 4
    assert 'filename="analysed-the-quiz.xlsx"' in answer["Content-Disposition"]


def test_before_it_is_computed_there_is_nothing_to_take_along(author: Client, course: Course):
    assert author.get(f"{ADDRESS}figures.xlsx").url.startswith(ADDRESS)


# --- advice


def question(**more: Any) -> dict[str, Any]:
    base = {"n": 60, "full": 40, "facility": 0.66, "discrimination": 0.3, "omitted": 0, "thirds": [20, 20, 20]}
    return {**base, "number": 1, "type": "single", "responses": [], "other": [0, 0, 0], "ms": None, **more}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({}, "works"),
        ({"discrimination": 0.4}, "well"),
        ({"discrimination": 0.09}, "apart"),
        ({"discrimination": 0.09, "facility": 0.97}, "easy"),
        ({"discrimination": 0.3, "facility": 0.97}, "works"),
        ({"discrimination": None, "facility": 1.0}, "easy"),
        ({"discrimination": None, "facility": 0.0}, "hard"),
        ({"discrimination": 0.5, "facility": 0.2}, "hard"),
        ({"discrimination": -0.06, "facility": 0.2}, "against"),
        ({"discrimination": -0.9, "n": 29}, "few"),
    ],
)
def test_readings(more: dict[str, Any], code: str):
    assert advice.reading_of(question(**more)).code == code


def test_many_leave_it_out():
    assert "Many leave it out (10%)" in " ".join(advice.notes_on(question(omitted=6)))
    assert advice.notes_on(question(omitted=5)) == []
    assert advice.notes_on(question(omitted=6, n=20)) == []


def test_a_typed_answer_is_named_and_an_option_is_numbered():
    rows = [{"label": "index", "right": False, "thirds": [1, 2, 3]}]
    assert advice.wrong_in_words(question(responses=rows)) == "Answer 1, 10%"
    assert advice.wrong_in_words(question(responses=rows, type="text")) == "index, 10%"
    assert advice.wrong_in_words(question(responses=rows, n=6)) == "Answer 1, 6 of 6"


def test_part_credit_counts_as_it_is(course: Course):
    grade_rows(course, [[Cell("0.5", "a"), right(), right()]] * 10)
    assert advice.facility(computed(course).figures["questions"][0]) == "50%"
