"""One more attempt: given with a reason, told to the learner, counted by the limit, taken back while it is not used."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Notice, User
from core.errors import Conflict, InvalidInput
from courses.models import Course, Enrolment
from courses.services.enrolling import open_enrolment
from progress.services.resetting import reset
from quizzes.models import Attempt, ExtraAttempt
from quizzes.selectors import card_of, visible_of
from quizzes.services.attempting import NoAttemptsLeft
from quizzes.services.grading import finish
from quizzes.services.granting_attempts import give_attempt, take_attempt_back
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import QUIZ, player_of, publish_quiz, start_attempt
from tests.support import count_statements

pytestmark = pytest.mark.django_db
WHY = "The power was cut in the middle of it."


@pytest.fixture
def course(instructor: User) -> Course:
    return publish_quiz(owner=instructor, rule={"attempts": 1})


@pytest.fixture
def used(trainee: User, course: Course) -> Enrolment:
    """Rosa, with her only attempt handed in."""
    return use_up(trainee, course)


def use_up(learner: User, course: Course) -> Enrolment:
    attempt = start_attempt(learner, course)
    finish(attempt=attempt)
    assert attempt.enrolment
    return attempt.enrolment


@pytest.fixture
def hana(client_of: Callable[[User], Client], instructor: User) -> Client:
    return client_of(instructor)


@pytest.fixture
def page(course: Course) -> str:
    return f"/author/courses/{course.slug}/extra-attempts/"


def text_of(response: Any) -> str:
    return response.content.decode()


def test_who_has_used_all_attempts_takes_the_one_that_was_given_and_no_other(
    trainee: User, instructor: User, course: Course, used: Enrolment
):
    with pytest.raises(NoAttemptsLeft):
        start_attempt(trainee, course)
    give_attempt(enrolment=used, lesson_uid=QUIZ, reason=WHY, by=instructor)

    assert card_of(player_of(trainee, course), trainee).left == 1
    second = start_attempt(trainee, course)
    assert second.number == 2
    finish(attempt=second)
    assert card_of(player_of(trainee, course), trainee).left == 0
    with pytest.raises(NoAttemptsLeft):
        start_attempt(trainee, course)


def test_nobody_else_gets_it(trainee: User, instructor: User, course: Course, used: Enrolment):
    other = UserFactory()
    use_up(other, course)
    give_attempt(enrolment=used, lesson_uid=QUIZ, reason=WHY, by=instructor)

    with pytest.raises(NoAttemptsLeft):
        start_attempt(other, course)


def test_the_learner_is_told_by_whom_and_why(
    trainee: User, instructor: User, used: Enrolment, client_of: Callable[[User], Client]
):
    give_attempt(enrolment=used, lesson_uid=QUIZ, reason=f"  {WHY} ", by=instructor)

    notice = Notice.objects.get(person=trainee, kind="quiz_attempt_given")
    assert notice.title == "You have one more attempt: What you know now"
    assert notice.body == f"Hana Whitcomb gave it to you and says: “{WHY}”"
    assert "Try the quiz again" in text_of(client_of(trainee).get(notice.url))


def test_two_clicks_give_one_attempt_and_the_next_waits_until_it_is_used(
    trainee: User, instructor: User, course: Course, used: Enrolment
):
    first = give_attempt(enrolment=used, lesson_uid=QUIZ, reason=WHY, by=instructor)
    assert give_attempt(enrolment=used, lesson_uid=QUIZ, reason=WHY, by=instructor) == first
    assert Notice.objects.filter(kind="quiz_attempt_given").count() == 1

    use_up(trainee, course)
    assert give_attempt(enrolment=used, lesson_uid=QUIZ, reason=WHY, by=instructor).number == 2
    assert start_attempt(trainee, course).number == 3


def test_what_is_not_used_is_taken_back_and_the_learner_told(
    trainee: User, instructor: User, course: Course, used: Enrolment
):
    extra = give_attempt(enrolment=used, lesson_uid=QUIZ, reason=WHY, by=instructor)
    for _time in range(2):
        assert take_attempt_back(extra=extra, by=instructor).taken_back_by == instructor

    with pytest.raises(NoAttemptsLeft):
        start_attempt(trainee, course)
    assert [each.title for each in Notice.objects.order_by("pk")] == [
        "You have one more attempt: What you know now",
        "An attempt was taken back: What you know now",
    ]
    give_attempt(enrolment=used, lesson_uid=QUIZ, reason=WHY, by=instructor)
    assert start_attempt(trainee, course).number == 2


def test_an_attempt_that_was_begun_is_not_taken_away(trainee: User, instructor: User, course: Course, used: Enrolment):
    extra = give_attempt(enrolment=used, lesson_uid=QUIZ, reason=WHY, by=instructor)
    start_attempt(trainee, course)

    with pytest.raises(Conflict, match="used already"):
        take_attempt_back(extra=extra, by=instructor)
    assert ExtraAttempt.objects.get().taken_back_at is None


def test_a_broken_attempt_that_still_runs_is_made_up_for(trainee: User, instructor: User, course: Course):
    running = start_attempt(trainee, course)
    give_attempt(enrolment=running.enrolment, lesson_uid=QUIZ, reason=WHY, by=instructor)

    assert start_attempt(trainee, course) == running
    finish(attempt=running)
    assert start_attempt(trainee, course).number == 2


def test_what_was_given_before_a_new_beginning_counts_no_more(
    trainee: User, instructor: User, course: Course, used: Enrolment
):
    give_attempt(enrolment=used, lesson_uid=QUIZ, reason=WHY, by=instructor)
    reset(enrolment=used, reason="Once more.", actor=instructor)

    assert card_of(player_of(trainee, course), trainee).left == 1


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_without_a_reason_nothing_is_given(instructor: User, used: Enrolment, reason: str):
    with pytest.raises(InvalidInput) as refused:
        give_attempt(enrolment=used, lesson_uid=QUIZ, reason=reason, by=instructor)

    assert refused.value.fields.keys() == {"reason"}
    assert not ExtraAttempt.objects.exists()


@pytest.mark.parametrize("uid", ["basics", "nothing"])
def test_only_a_quiz_with_a_limit_takes_one_more(instructor: User, used: Enrolment, uid: str):
    with pytest.raises(InvalidInput) as refused:
        give_attempt(enrolment=used, lesson_uid=uid, reason=WHY, by=instructor)

    assert refused.value.fields.keys() == {"quiz"}


def test_while_an_attempt_is_left_the_quiz_is_not_closed_for_its_learner(trainee: User, instructor: User):
    """What is right would be seen before the attempt that was given."""
    course = publish_quiz(rule={"attempts": 1}, asking={"review": {"right": "closed"}})
    enrolment = use_up(trainee, course)
    attempt = Attempt.objects.get()
    assert visible_of(attempt).right

    extra = give_attempt(enrolment=enrolment, lesson_uid=QUIZ, reason=WHY, by=instructor)
    assert not visible_of(attempt).right
    take_attempt_back(extra=extra, by=instructor)
    assert visible_of(attempt).right


def test_an_author_finds_a_learner_gives_and_takes_back(hana: Client, course: Course, page: str, used: Enrolment):
    assert "Nobody was given an attempt yet" in text_of(hana.get(page))
    found = text_of(hana.get(page, {"person": "delg"}))
    assert "Rosa Delgado" in found
    assert "1 of 1 attempts begun" in found
    assert used.learner.email not in found

    chosen = {"quiz": f"{used.pk}:{QUIZ}", "reason": WHY}
    given = text_of(hana.post(f"{page}?person=delg", chosen, follow=True))
    assert "Rosa Delgado has one more attempt at “What you know now” and has been told." in given
    assert WHY in given
    assert "Not used yet" in given
    again = text_of(hana.post(f"{page}?person=delg", chosen, follow=True))
    assert "Rosa Delgado has one more attempt at “What you know now” already, and has not used it." in again
    remove = f"{page}{ExtraAttempt.objects.get().pk}/remove/"
    assert f'href="{remove}"' in given
    assert "Take back the attempt given to Rosa Delgado?" in text_of(hana.get(remove))
    assert ExtraAttempt.objects.get().taken_back_at is None
    assert "is taken back" in text_of(hana.post(remove, follow=True))
    assert "Nobody was given an attempt yet" in text_of(hana.get(page))
    assert hana.get(remove).status_code == 404


def test_what_is_used_says_so_and_cannot_be_taken_back(
    hana: Client, trainee: User, instructor: User, course: Course, page: str, used: Enrolment
):
    extra = give_attempt(enrolment=used, lesson_uid=QUIZ, reason=WHY, by=instructor)
    start_attempt(trainee, course)

    assert "/remove/" not in text_of(hana.get(page))
    assert "used already" in text_of(hana.post(f"{page}{extra.pk}/remove/", follow=True))


def test_what_makes_no_sense_is_refused_beside_its_field(hana: Client, page: str, trainee: User, used: Enrolment):
    elsewhere = use_up(trainee, publish_quiz(slug="another", rule={"attempts": 1}))
    for given, field in (
        ({"quiz": f"{used.pk}:{QUIZ}", "reason": " "}, "id_reason_error"),
        ({"quiz": f"{used.pk}:{QUIZ}", "reason": "x" * 201}, "id_reason_error"),
        ({"quiz": f"{elsewhere.pk}:{QUIZ}", "reason": WHY}, "id_quiz_error"),
        ({"quiz": "nonsense", "reason": WHY}, "id_quiz_error"),
        ({"reason": WHY}, "id_quiz_error"),
    ):
        refused = hana.post(f"{page}?person=delg", given)
        assert refused.status_code == 422
        assert f'id="{field}"' in text_of(refused)
    assert not ExtraAttempt.objects.exists()


def test_whoever_takes_no_limited_quiz_is_not_offered(hana: Client, trainee: User, instructor: User):
    course = publish_quiz(slug="free", owner=instructor)
    open_enrolment(learner=trainee, course=course)

    told = text_of(hana.get(f"/author/courses/{course.slug}/extra-attempts/", {"person": "rosa"}))
    assert "Nobody who fits “rosa” takes a quiz here whose attempts are limited." in told


def test_what_belongs_to_another_course_is_not_there(hana: Client, page: str, trainee: User, instructor: User):
    elsewhere = use_up(trainee, publish_quiz(slug="another", rule={"attempts": 1}))
    extra = give_attempt(enrolment=elsewhere, lesson_uid=QUIZ, reason=WHY, by=instructor)

    assert hana.post(f"{page}{extra.pk}/remove/").status_code == 404


def test_a_long_list_takes_the_same_statements(hana: Client, course: Course, page: str, instructor: User):
    def fill(count: int) -> None:
        for number in range(count):
            enrolment = use_up(UserFactory(name=f"Learner {number:02d}"), course)
            give_attempt(enrolment=enrolment, lesson_uid=QUIZ, reason=WHY, by=instructor)

    fill(2)
    few = count_statements(lambda: hana.get(page, {"person": "learner"}))
    fill(8)
    assert count_statements(lambda: hana.get(page, {"person": "learner"})) == few
