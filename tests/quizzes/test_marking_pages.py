"""Marking: the queue of written answers, one answer with its rubric, conflicts, reopening, names hidden."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice, User
from courses.models import Course, CourseEditor
from quizzes.models import Attempt, Marking, Slot
from quizzes.services.answering import save_answer
from quizzes.services.grading import finish
from quizzes.services.marking import mark
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import QUIZ, SECRET, essay, publish_quiz, single, slots_of, start_attempt
from tests.support import count_statements

pytestmark = pytest.mark.django_db
QUEUE = "/author/marking/"
TEXT = "Dear patron,\n\n<b>your book</b> is on its way."
BEST = {"level.facts": "l2", "level.tone": "l3"}


@pytest.fixture
def course(instructor: User) -> Course:
    return publish_quiz(owner=instructor, questions=[single(), essay()])


@pytest.fixture
def hana(client_of: Callable[[User], Client], instructor: User) -> Client:
    return client_of(instructor)


@pytest.fixture
def rosa(client_of: Callable[[User], Client], trainee: User) -> Client:
    return client_of(trainee)


def text_of(response: Any) -> str:
    return response.content.decode()


def written(learner: User, course: Course, text: str | None = TEXT) -> Slot:
    """A free text handed in; its slot."""
    attempt = start_attempt(learner, course)
    choice, slot = slots_of(attempt)
    save_answer(slot=choice, answer="b", client_id="laptop", seq=1)
    if text is not None:
        save_answer(slot=slot, answer=text, client_id="laptop", seq=1)
    finish(attempt=attempt)
    return slot


def address(slot: Slot, query: str = "") -> str:
    return f"{QUEUE}{slot.pk}/{query}"


def test_an_empty_queue_says_what_will_stand_here(hana: Client, course: Course):
    assert "Nothing waits to be marked" in text_of(hana.get(QUEUE))


def test_who_writes_no_course_does_not_mark(rosa: Client, course: Course, trainee: User):
    slot = written(trainee, course)

    assert rosa.get(QUEUE).status_code == 403
    assert rosa.get(address(slot)).status_code == 404
    assert rosa.post(address(slot), BEST).status_code == 404


def test_a_reviewer_and_another_author_do_not_see_the_answers(
    course: Course, trainee: User, supervisor: User, client_of: Callable[[User], Client]
):
    slot = written(trainee, course)
    CourseEditor.objects.create(course=course, person=supervisor, role=CourseEditor.Role.REVIEWER)
    other = UserFactory()
    publish_quiz(slug="of-another", owner=other)

    for person in (supervisor, other):
        client = client_of(person)
        assert "Nothing waits to be marked" in text_of(client.get(QUEUE))
        assert client.get(address(slot)).status_code == 404


def test_the_oldest_answer_comes_first_and_courses_say_how_many_wait(
    hana: Client, course: Course, instructor: User, trainee: User, supervisor: User
):
    first, second = written(trainee, course), written(supervisor, course)
    other = publish_quiz(slug="another", owner=instructor, questions=[single(), essay()])
    third = written(trainee, other)
    page = text_of(hana.get(QUEUE))

    places = [page.index(f'href="{address(slot)}"') for slot in (first, second, third)]
    assert places == sorted(places)
    assert "3 answers wait." in page
    assert "All courses (3)" in page
    only = text_of(hana.get(QUEUE, {"course": "another"}))
    assert "1 answer waits." in only
    assert address(first) not in only
    assert "Nothing waits in this course" in text_of(hana.get(QUEUE, {"course": "no-such"}))


def test_what_was_left_empty_or_is_not_handed_in_is_no_work(
    hana: Client, course: Course, trainee: User, supervisor: User
):
    written(trainee, course, text=None)
    attempt = start_attempt(supervisor, course)
    save_answer(slot=slots_of(attempt)[1], answer=TEXT, client_id="laptop", seq=1)

    assert "Nothing waits to be marked" in text_of(hana.get(QUEUE))


def test_the_page_shows_the_answer_as_plain_text_with_question_notes_and_rubric(
    hana: Client, course: Course, trainee: User
):
    page = text_of(hana.get(address(written(trainee, course))))

    assert "Tell a patron about Q-E." in page
    assert "&lt;b&gt;your book&lt;/b&gt;" in page
    assert f"{SECRET} notes." in page
    assert "Rosa Delgado" in page
    assert "0 of 5 points" in page
    for name in ("The facts", "The tone", "Worth 2", "Worth 3"):
        assert name in page


def test_marking_goes_on_to_the_next_and_the_learner_reads_it(
    hana: Client, rosa: Client, course: Course, trainee: User, supervisor: User
):
    slot, following = written(trainee, course), written(supervisor, course)
    result = f"/courses/{course.slug}/{QUIZ}/quiz/result/"
    waits = text_of(rosa.get(result))
    assert "A person reads your answers now" in waits
    assert "%" not in waits.split("<h1", 1)[1].split("</h1>")[0]
    assert "Being marked" in text_of(rosa.get(f"/courses/{course.slug}/{QUIZ}/"))

    marked = hana.post(address(slot), {**BEST, "level.facts": "l1", "comment": "Warm and exact."})
    assert marked.url == address(following)
    done = hana.post(address(following), BEST, follow=True)
    assert "Marked. Nothing else waits." in text_of(done)

    assert "90%" in text_of(rosa.get(result))
    answer = text_of(rosa.get(f"{result}2/"))
    assert "Warm and exact." in answer
    assert "Worth 1" in answer
    assert "A person marks this answer" not in answer
    assert SECRET not in answer
    assert Notice.objects.filter(person=trainee, kind="quiz_marked").count() == 1


def test_a_criterion_left_out_is_said_beside_it_and_nothing_is_saved(hana: Client, course: Course, trainee: User):
    slot = written(trainee, course)
    refused = hana.post(address(slot), {"level.facts": "l2", "comment": "Kept in the form."})
    page = text_of(refused)

    assert refused.status_code == 422
    assert 'id="fault-tone"' in page
    assert 'value="l2" data-points="2" checked' in page
    assert "Kept in the form." in page
    assert not Marking.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"level.facts": "nonsense", "level.tone": "l3"},
        {**BEST, "comment": "x" * 5000},
        {"level.facts": "l" * 9000, "level.tone": "l3"},
    ],
)
def test_nonsense_marks_are_refused(hana: Client, course: Course, trainee: User, data: dict[str, str]):
    slot = written(trainee, course)

    assert hana.post(address(slot), data).status_code == 422
    assert not Marking.objects.exists()


def test_who_comes_second_is_told_and_sees_what_stands(hana: Client, course: Course, trainee: User, site_admin: User):
    slot = written(trainee, course)
    mark(slot=slot, levels={"facts": "l0", "tone": "l0"}, comment="First.", marker=site_admin)
    told = hana.post(address(slot), BEST)

    assert told.status_code == 409
    assert "Site Admin marked this at" in text_of(told)
    assert "First." in text_of(told)
    assert Marking.objects.count() == 1


def test_reopening_asks_for_a_reason_and_puts_it_back(hana: Client, rosa: Client, course: Course, trainee: User):
    slot = written(trainee, course)
    hana.post(address(slot), {"level.facts": "l0", "level.tone": "l0"})
    standing = Marking.objects.get()
    reopen = f"{address(slot)}reopen/"
    refused = hana.post(reopen, {"marking": standing.pk, "reason": " "})
    assert refused.status_code == 422
    assert 'id="reason-error"' in text_of(refused)

    back = hana.post(reopen, {"marking": standing.pk, "reason": "The second page was missing."}, follow=True)
    assert "Reopened by Hana Whitcomb" in text_of(back)
    assert address(slot) in text_of(hana.get(QUEUE))
    assert hana.post(reopen, {"marking": standing.pk, "reason": "Again."}).status_code == 409
    hana.post(address(slot), BEST)

    result = text_of(rosa.get(f"/courses/{course.slug}/{QUIZ}/quiz/result/"))
    assert "This result was looked at again" in result
    assert "The second page was missing." in result
    assert "It was 50% before and is 100% now." in result


@pytest.mark.parametrize("marking", ["", "nonsense", "9" * 30, "1e3"])
def test_a_marking_that_is_not_there_is_not_reopened(hana: Client, course: Course, trainee: User, marking: str):
    slot = written(trainee, course)

    assert hana.post(f"{address(slot)}reopen/", {"marking": marking, "reason": "x"}).status_code == 404


def test_a_blind_quiz_hides_the_name_everywhere(hana: Client, instructor: User, trainee: User):
    course = publish_quiz(owner=instructor, questions=[single(), essay()], asking={"blind": True})
    slot = written(trainee, course)

    for path in (QUEUE, address(slot)):
        page = text_of(hana.get(path))
        assert "Rosa" not in page, path
        assert trainee.email not in page, path
    assert "The name is hidden in this quiz." in text_of(hana.get(address(slot)))


def test_a_long_queue_has_pages_and_the_same_statements(hana: Client, course: Course):
    def fill(count: int) -> None:
        for _each in range(count):
            written(UserFactory(), course)

    fill(2)
    few = count_statements(lambda: hana.get(QUEUE)), count_statements(lambda: hana.get(address(_last())))
    fill(25)
    many = count_statements(lambda: hana.get(QUEUE)), count_statements(lambda: hana.get(address(_last())))

    assert few == many
    assert max(few) <= 14
    assert "Page 1 of 2" in text_of(hana.get(QUEUE))


def _last() -> Slot:
    return slots_of(Attempt.objects.latest("pk"))[1]


@pytest.mark.parametrize("hidden", ["score", "feedback"])
def test_what_a_marker_gave_is_shown_as_far_as_the_quiz_shows_it(
    rosa: Client, instructor: User, trainee: User, hidden: str
):
    course = publish_quiz(
        owner=instructor, questions=[single(), essay()], shuffle=False, asking={"review": {hidden: "never"}}
    )
    slot = written(trainee, course)
    here = f"/courses/{course.slug}/{QUIZ}/quiz/result/{slot.position}/"
    assert " readonly>" in text_of(rosa.get(here))  # it is handed in, so it is only read
    mark(slot=slot, levels={"facts": "l2", "tone": "l3"}, comment="Kindly put.", marker=instructor)

    page = text_of(rosa.get(here))

    assert ("Kindly put." in page) is (hidden != "feedback")
    assert ("<dd>Worth 3" in page) is (hidden != "score")
