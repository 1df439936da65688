"""The instructor's view of learning: how far people come, without a name; a few statements whatever their number."""

import csv
import datetime as dt
import io
import re
from dataclasses import replace

import pytest

from courses.models import CourseEditor, LessonFeedback
from courses.selectors import outline_of
from progress.models import FilmCurve, LessonState
from progress.selectors.hardest import hard_cases, hard_questions
from progress.selectors.learning import AGAIN, CURRENT, FIRST, Which, enrolments_of, figures_of, totals_of
from progress.services.counting_films import count_film
from quizzes.models import Analysis
from tests.courses.films import film_course
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course
from tests.factories.progress import did, finished, opened_enrolment
from tests.support import count_statements

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 18, 18, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
ADDRESS = "/author/courses/lending/learning/"
LESSONS = [("text", f"lesson-{n}", {"title": f"Lesson {n}"}) for n in (1, 2, 3)]


@pytest.fixture(autouse=True)
def start(time_machine):
    time_machine.move_to(START, tick=False)


@pytest.fixture
def author():
    return UserFactory()


@pytest.fixture
def course(author):
    return publish_course(slug="lending", lessons=LESSONS, owner=author)


def learner(course, *minutes, opened=0):
    """Somebody who was so many minutes over each lesson, and opened ``opened`` more."""
    enrolment = opened_enrolment(course=course)
    at = START
    for number, took in enumerate(minutes, 1):
        did(enrolment, f"lesson-{number}", "opened", at=at)
        did(enrolment, f"lesson-{number}", at=at + took * MINUTE)
    for number in range(len(minutes) + 1, len(minutes) + opened + 1):
        did(enrolment, f"lesson-{number}", "opened", at=at)
    return enrolment


def figures(course, which=None):
    which = which or Which()
    outline = outline_of(course.current_edition, "en", "en")
    totals = totals_of(enrolments_of(course, which))
    return figures_of(course, outline, which, totals=totals)


def test_each_lesson_says_who_opened_and_finished_it_and_who_came_from_the_one_before(course):
    learner(course, 4, 10, 2)
    learner(course, 6, opened=1)
    learner(course, opened=1)
    skipped = opened_enrolment(course=course)
    did(skipped, "lesson-3", "opened", at=START)
    first, second, third = figures(course)
    assert (first.opened, first.finished, first.came, first.before) == (3, 2, 3, 4)
    assert (second.opened, second.finished, second.came, second.before) == (2, 1, 2, 3)
    assert (third.opened, third.finished, third.came, third.before, third.lost) == (2, 1, 1, 2, 1)


def test_the_median_is_the_middle_of_the_times_of_those_who_took_any(course):
    for minutes in (1, 3, 50):
        learner(course, minutes)
    assert figures(course)[0].median_ms == 3 * 60_000
    learner(course, 5)
    assert figures(course)[0].median_ms == 4 * 60_000
    learner(course, 0)
    assert figures(course)[0].median_ms == 4 * 60_000
    assert figures(course)[1].median_ms is None


def test_credited_lessons_took_no_time(course):
    learner(course, 2)
    row = learner(course, 90)
    state = LessonState.objects.get(enrolment=row, uid="lesson-1")
    state.times = {**state.times, "credited": state.done_at.isoformat()}
    state.save()
    assert figures(course)[0].median_ms == 2 * 60_000


def test_of_a_film_the_time_is_how_much_was_watched(course, author):
    learner(course, 9)
    LessonState.objects.filter(uid="lesson-1").update(facts={"watched_ms": 40_000})
    outline = outline_of(course.current_edition, "en", "en")
    film = replace(outline, lessons=(replace(outline.lessons[0], kind="video"), *outline.lessons[1:]))
    rows = figures_of(course, film, Which(), totals=totals_of(enrolments_of(course, Which())))
    assert rows[0].median_ms == 40_000


def test_the_figures_are_about_those_who_were_asked_for(course, time_machine):
    learner(course, 1)
    time_machine.move_to(START + dt.timedelta(days=9), tick=False)
    again = learner(course, 1)
    type(again).objects.filter(pk=again.pk).update(cycle=2)
    counts = {
        name: figures(course, which)[0].opened
        for name, which in {
            "all": Which(),
            "since": Which(since=START.date() + dt.timedelta(days=5)),
            "first": Which(people=FIRST),
            "again": Which(people=AGAIN),
            "current": Which(edition=CURRENT),
        }.items()
    }
    assert counts == {"all": 2, "since": 1, "first": 1, "again": 1, "current": 2}


def say(course, uid, clear, words=""):
    return LessonFeedback.objects.create(
        course=course, edition=course.current_edition, lesson_uid=uid, learner=UserFactory(), clear=clear, words=words
    )


def test_the_page_says_the_finding_the_counts_and_the_words_and_never_a_name(client_of, course, author):
    person = learner(course, 4).learner
    for _n in range(3):
        learner(course, 5)
    learner(course, 4, 4, 4)
    LessonFeedback.objects.create(
        course=course,
        edition=course.current_edition,
        lesson_uid="lesson-1",
        learner=person,
        clear=False,
        words="Which library <lends>?",
    )
    say(course, "lesson-1", clear=True)
    text = client_of(author).get(ADDRESS).content.decode()
    assert "1 of 5 people who opened the course completed it." in text
    assert "Most stop before “Lesson 2”: 4 of 5 never opened it." in text
    assert "Which library &lt;lends&gt;?" in text
    assert "1 of 2" in text
    assert person.name not in text
    assert person.email not in text
    assert 'aria-current="page">Learning<' in text
    assert '<svg class="chart' in text


def test_a_course_without_an_edition_or_without_learners_says_so(client_of, course, author):
    text = client_of(author).get(ADDRESS).content.decode()
    assert "Nobody of these people has opened the course yet." in text
    assert '<svg class="chart' not in text


def test_a_day_that_is_none_is_refused_beside_its_field(client_of, course, author):
    answer = client_of(author).get(ADDRESS, {"since": "yesterday"})
    assert answer.status_code == 422
    assert "Write a day as year-month-day" in answer.content.decode()
    assert 'id="id_since_error"' in answer.content.decode()


@pytest.mark.parametrize(("zone", "day"), [("Asia/Tokyo", "0001-01-01"), ("America/Denver", "9999-12-31")])
def test_a_day_at_the_end_of_the_calendar_is_refused_too(client_of, course, author, zone, day):
    author.time_zone = zone
    author.save()
    assert client_of(author).get(ADDRESS, {"since": day}).status_code == 422
    assert client_of(author).get(f"{ADDRESS}lessons.csv", {"since": day}).status_code == 200


def test_reviewers_of_the_course_may_look_and_others_may_not(client_of, course):
    reviewer = UserFactory()
    assert client_of(reviewer).get(ADDRESS).status_code == 403
    CourseEditor.objects.create(course=course, person=reviewer, role="reviewer")
    assert client_of(reviewer).get(ADDRESS).status_code == 200


def test_the_statements_do_not_grow_with_learners_or_lessons(client_of, author):
    def cost(slug, lessons, people):
        of = [("text", f"lesson-{n}", {}) for n in range(1, lessons + 1)]
        made = publish_course(slug=slug, owner=author, lessons=of)
        for _n in range(people):
            learner(made, 1, 2)
            say(made, "lesson-1", clear=True, words="So it is.")
        client = client_of(author)
        client.get(f"/author/courses/{slug}/learning/")
        return count_statements(lambda: client.get(f"/author/courses/{slug}/learning/"))

    few = cost("few", 3, 2)
    assert cost("many", 30, 12) == few
    assert few <= 15


def lines(response):
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_everything_can_be_taken_away_and_no_cell_is_a_formula(client_of, course, author):
    learner(course, 4, 10)
    say(course, "lesson-1", clear=False, words="=HYPERLINK(1)")
    client = client_of(author)
    rows = lines(client.get(f"{ADDRESS}lessons.csv"))
    assert rows[1] == ["1", "lesson-1", "Lesson 1", "text", "1", "1", "1", "1", "240.0", "0", "1"]
    assert len(rows) == 4
    words = lines(client.get(f"{ADDRESS}words.csv"))
    assert words[1] == ["lesson-1", "Lesson 1", "1", "2026-11-18", "no", "'=HYPERLINK(1)"]
    for table in ("films", "questions", "cases"):
        assert len(lines(client.get(f"{ADDRESS}{table}.csv"))) == 1
    assert client.get(f"{ADDRESS}people.csv").status_code == 404


def test_the_hardest_questions_come_first_and_those_that_few_answered_not_at_all():
    course = publish_course(slug="hard", lessons=LESSONS)
    outline = outline_of(course.current_edition, "en", "en")
    quiz = replace(outline, lessons=(replace(outline.lessons[0], kind="quiz"), *outline.lessons[1:]))
    assert hard_questions(course, outline) == []
    questions = [
        {"number": n, "name": f"Question {n}", "facility": facility, "n": answers}
        for n, facility, answers in ((1, 0.9, 40), (2, 0.25, 40), (3, 0.1, 9), (4, None, 40))
    ]
    Analysis.objects.create(
        key=f"{course.pk}:lesson-1:first::", course=course, lesson_uid="lesson-1", figures={"questions": questions}
    )
    found = hard_questions(course, quiz)
    assert [(each.number, each.facility, each.title) for each in found] == [(2, 0.25, "Lesson 1"), (1, 0.9, "Lesson 1")]
    assert hard_cases(course, outline) == []


# --- films


def test_a_film_is_counted_by_a_task_and_shown_as_a_curve_with_its_table(client_of, author, tmp_path):
    course = film_course(tmp_path / "film", slug="lending", owner=author)
    uid = course.current_edition.lessons.get(kind="video").uid
    page = f"{ADDRESS}{uid}/"
    client = client_of(author)
    assert "It is being counted." in client.get(page).content.decode()
    row = FilmCurve.objects.get()
    assert count_film(row.pk)
    assert "Nobody has watched this yet" in client.get(page).content.decode()
    length = FilmCurve.objects.get().figures["length_ms"]
    figures_ = {"people": 12, "length_ms": length, "seen": [12] * 30 + [5] * 20, "again": [2] * 50}
    FilmCurve.objects.update(figures=figures_)
    text = client.get(page).content.decode()
    assert "Most leave at about" in text
    assert len(re.findall(r'scope="row"', text)) == 50
    assert "42%" in text
    assert f'href="{page}"' in client.get(ADDRESS).content.decode()
    assert client.post(f"{page}again/")["Location"] == page
    assert FilmCurve.objects.get().wanted_at is not None
    assert len(lines(client.get(f"{ADDRESS}films.csv"))) == 51


def test_only_a_film_of_the_current_edition_has_a_curve(client_of, course, author):
    assert client_of(author).get(f"{ADDRESS}lesson-1/").status_code == 404
    assert client_of(author).get(f"{ADDRESS}nowhere/").status_code == 404
    assert not FilmCurve.objects.exists()


def test_whoever_finished_counts_as_completed(course):
    finished(course=course)
    learner(course, 1)
    totals = totals_of(enrolments_of(course, Which()))
    assert (totals.enrolled, totals.opened, totals.completed) == (2, 2, 1)
