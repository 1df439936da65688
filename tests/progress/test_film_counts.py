"""How many people watched each fiftieth of a film, against a reckoning millisecond by millisecond."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.models import EditionLesson
from progress.curve_chart import curve_of
from progress.film_counts import BUCKETS, Counts, scaled, shared
from progress.jobs import films
from progress.learning_words import film_finding
from progress.models import CourseState, FilmCurve, VideoSession
from progress.services.counting_films import compute, count_film, curve_for, want
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course
from tests.factories.progress import did, opened_enrolment
from tests.support import count_statements


def spans_within(length):
    edge = st.integers(0, length)
    return st.lists(st.tuples(edge, edge).map(lambda pair: list(pair)), max_size=4)


@st.composite
def films_watched(draw):
    length = draw(st.integers(1, 400))
    taking = st.lists(spans_within(length), max_size=3)
    return length, draw(st.lists(st.lists(taking, max_size=2), max_size=3))


def by_the_millisecond(length, people):
    """The same, slowly: each millisecond is fifty grains, each fiftieth of the film as many grains as the film has ms."""
    found = {"people": 0, "length_ms": length, "seen": [0] * BUCKETS, "again": [0] * BUCKETS}
    for takings in people:
        visits = [
            [{ms for start, end in spans for ms in range(start, end)} for spans in sessions] for sessions in takings
        ]
        seen = {ms for taking in visits for visit in taking for ms in visit}
        again = {ms for taking in visits for ms in seen if sum(ms in visit for visit in taking) >= 2}
        found["people"] += bool(seen)
        for name, watched in (("seen", seen), ("again", again)):
            grains = [0] * BUCKETS
            for ms in watched:
                for grain in range(ms * BUCKETS, (ms + 1) * BUCKETS):
                    grains[grain // length] += 1
            for number in range(BUCKETS):
                found[name][number] += 2 * grains[number] >= length
    return found


@settings(max_examples=120, deadline=None)
@given(films_watched())
def test_the_counts_are_those_of_a_reckoning_by_the_millisecond(given_film):
    length, people = given_film
    counts = Counts(length)
    for takings in people:
        counts.add(takings)
    assert counts.figures() == by_the_millisecond(length, people)


def test_what_two_visits_share_is_watched_again_and_what_one_repeats_is_not():
    assert shared([[[0, 50], [30, 80]]]) == []
    assert shared([[[0, 50]], [[30, 80]], [[40, 60]]]) == [[30, 60]]


def test_a_film_of_another_length_is_laid_over_this_one():
    assert scaled([[0, 100], [150, 200]], 200, 100) == [[0, 50], [75, 100]]


def test_the_finding_says_where_most_people_leave_and_counts_where_they_are_few():
    seen = [20] * 25 + [8] * 25
    figures = {"people": 20, "length_ms": 100_000, "seen": seen, "again": [0] * 50}
    assert film_finding(figures) == ("Watched to the end by 40% of 20 people. Most leave at about 0:50: 12 of them.")
    few = {"people": 3, "length_ms": 100_000, "seen": [3] * 50, "again": [0] * 50}
    assert film_finding(few) == "Watched to the end by 3 of 3 people."
    assert film_finding({**few, "people": 0, "seen": [0] * 50}) == "Nobody has watched this yet."


def test_the_axis_starts_at_zero_and_a_chapter_stands_where_it_begins():
    figures = {"people": 4, "length_ms": 100_000, "seen": [4] * 50, "again": [0] * 50}
    curve = curve_of(figures, [0, 50_000])
    assert [tick.label for tick in curve.rows] == ["0", "1", "2", "3", "4"]
    assert [tick.at for tick in curve.chapters] == [56, 366]
    assert curve.columns[0].label == "0:00"


# --- with sessions as they are kept


@pytest.fixture
def course(db):
    return publish_course(slug="films", lessons=[("text", "start", {})])


def watched(course, *spans, learner=None, session="tab-one", duration=100_000, generation=0):
    learner = learner or UserFactory()
    enrolment = learner.enrolments.filter(course=course).first() or opened_enrolment(learner=learner, course=course)
    did(enrolment, "start", "opened")
    VideoSession.objects.create(
        enrolment=enrolment,
        lesson_uid="start",
        session=session,
        generation=generation,
        spans=[list(span) for span in spans],
        duration_ms=duration,
    )
    return learner


def test_people_are_counted_once_and_only_what_still_counts(course):
    one = watched(course, (0, 100_000))
    watched(course, (0, 50_000), learner=one, session="tab-two")
    watched(course, (0, 20_000))
    reset = watched(course, (0, 100_000))
    CourseState.objects.filter(enrolment__learner=reset).update(generation=1)
    figures = compute(course=course, lesson_uid="start")
    assert (figures["people"], figures["length_ms"]) == (2, 100_000)
    assert figures["seen"] == [2] * 10 + [1] * 40
    assert figures["again"] == [1] * 25 + [0] * 25
    EditionLesson.objects.filter(edition=course.current_edition).update(rev=2)
    assert compute(course=course, lesson_uid="start")["people"] == 0


def test_statements_do_not_grow_with_people(course):
    watched(course, (0, 100_000))
    few = count_statements(lambda: compute(course=course, lesson_uid="start"))
    for _n in range(5):
        watched(course, (0, 100_000))
    assert count_statements(lambda: compute(course=course, lesson_uid="start")) == few


def test_a_curve_is_counted_once_when_wanted_and_again_when_somebody_watched(course):
    watched(course, (0, 100_000))
    assert films.refresh_films() == 1
    row = FilmCurve.objects.get()
    assert films.sweep_films() == 1
    assert films.sweep_films() == 0
    assert films.refresh_films() == 0
    row.refresh_from_db()
    assert (row.figures["people"], row.wanted_at, row.lease_until) == (1, None, None)
    watched(course, (0, 100_000))
    assert films.refresh_films() == 1
    assert count_film(row.pk)
    row.refresh_from_db()
    assert row.figures["people"] == 2


def test_what_failed_is_counted_by_the_next_who_tries(course, monkeypatch):
    row = curve_for(course_id=course.pk, lesson_uid="start")
    with monkeypatch.context() as patched:
        patched.setattr("progress.services.counting_films.compute", lambda **given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            count_film(row.pk)
    assert count_film(row.pk)
    assert not count_film(row.pk)
    want(row)
    FilmCurve.objects.update(lease_until=row.wanted_at.replace(year=2999))
    assert not count_film(row.pk)
