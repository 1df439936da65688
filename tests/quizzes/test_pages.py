"""The pages of a quiz, without JavaScript: start, answer, look back, hand in, read the result."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from courses.models import Course, CourseSlug
from courses.services.publishing import publish_preview
from quizzes.models import Attempt, Result, Step
from quizzes.services.grading import finish
from quizzes.signals import attempt_graded
from quizzes.types.base import token
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import (
    QUIZ,
    RIGHT,
    SECRET,
    WRONG,
    answer_all,
    publish_quiz,
    single,
    slots_of,
    start_attempt,
    three_questions,
)
from tests.support import count_queries, count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db) -> Course:
    return publish_quiz(questions=[single(back_to="basics"), *three_questions()[1:]])


@pytest.fixture
def rosa(client_of: Callable[[User], Client], trainee: User) -> Client:
    return client_of(trainee)


def at(course: Course, page: str = "") -> str:
    return f"/courses/{course.slug}/{QUIZ}/{page}"


def text_of(response: Any) -> str:
    return response.content.decode()


def begun(rosa: Client, course: Course) -> Attempt:
    assert rosa.post(at(course, "do/start/")).status_code == 302
    return Attempt.objects.get(finished_at=None)


def test_the_card_says_what_the_quiz_is_and_a_visitor_is_asked_to_sign_in(client: Client, course: Course):
    page = text_of(client.get(at(course)))

    assert "3 questions" in page
    assert "80%" in page
    assert "/accounts/login/?next=" in page
    assert "do/start/" not in page
    assert client.post(at(course, "do/start/")).url.startswith("/accounts/login/")
    assert not Attempt.objects.exists()


def test_starting_leads_to_the_first_question_and_again_to_the_same_attempt(rosa: Client, course: Course):
    for _time in range(2):
        assert rosa.post(at(course, "do/start/")).url == at(course, "quiz/1/")

    assert Attempt.objects.count() == 1
    assert "Go on where you stopped" in text_of(rosa.get(at(course)))


def test_no_page_of_an_open_attempt_says_what_is_right(rosa: Client, course: Course):
    answer_all(begun(rosa, course))
    paths = ["", "quiz/1/", "quiz/2/", "quiz/3/", "quiz/review/"]

    for path in paths:
        page = text_of(rosa.get(at(course, path)))
        assert SECRET not in page, path
        assert 'data-tone="ok">' not in page or path == "quiz/review/", path
        assert "basics" not in page or not path, path


def test_the_form_saves_and_goes_on(rosa: Client, course: Course):
    attempt = begun(rosa, course)
    assert rosa.post(at(course, "quiz/1/"), {"answer": "b", "shown": "null"}).url == at(course, "quiz/2/")
    saved = rosa.post(at(course, "quiz/2/"), {"answer": ["d", "a"], "shown": "null", "go": "previous"})

    assert saved.url == at(course, "quiz/1/")
    assert [step.answer for step in Step.objects.filter(slot__attempt=attempt).order_by("slot__position")] == [
        "b",
        ["a", "d"],
    ]
    assert f'value="{token(single(), "b")}" checked' in text_of(rosa.get(at(course, "quiz/1/")))


@pytest.mark.parametrize(
    ("go", "page"),
    [
        ("next", "quiz/3/"),
        ("previous", "quiz/1/"),
        ("3", "quiz/3/"),
        ("99", "quiz/3/"),
        ("review", "quiz/review/"),
        ("nonsense", "quiz/3/"),
    ],
)
def test_every_button_of_a_question_leads_somewhere(rosa: Client, course: Course, go: str, page: str):
    begun(rosa, course)

    assert rosa.post(at(course, "quiz/2/"), {"go": go}).url == at(course, page)


def test_leaving_leads_to_the_course(rosa: Client, course: Course):
    begun(rosa, course)

    assert rosa.post(at(course, "quiz/2/"), {"go": "leave"}).url == f"/courses/{course.slug}/"


def test_the_last_question_leads_to_the_look_back(rosa: Client, course: Course):
    begun(rosa, course)

    assert rosa.post(at(course, "quiz/3/"), {"answer": "true", "shown": "null"}).url == at(course, "quiz/review/")
    assert rosa.get(at(course, "quiz/4/")).url == at(course, "quiz/1/")


def test_a_form_in_which_nobody_chose_anything_saves_nothing(rosa: Client, course: Course):
    """A page that stood open on one device while the other answered does not take the answer back."""
    attempt = begun(rosa, course)
    rosa.post(at(course, "quiz/1/"), {"shown": "null"})
    assert not Step.objects.exists()
    answer_all(attempt, RIGHT, client_id="phone")
    rosa.post(at(course, "quiz/2/"), {"shown": "null"})

    assert Step.objects.count() == 3


def test_what_the_form_shows_can_be_taken_back(rosa: Client, course: Course):
    answer_all(begun(rosa, course))
    rosa.post(at(course, "quiz/2/"), {"shown": "answer=a&answer=b&answer=d"})

    assert Step.objects.get(slot__position=2, seq=2).answer is None


@pytest.mark.parametrize(
    "data",
    [
        {"answer": "nonsense"},
        {"answer": "b" * 10_000},
        {"answer": "b", "client_id": "NO", "seq": "1"},
        {"answer": "b", "client_id": "x", "seq": "-1"},
        {"answer": "b", "client_id": "x", "seq": "9" * 400},
        {"answer": "b", "client_id": "x", "seq": "9" * 16},
        {"answer": "b", "client_id": "x", "seq": "NaN"},
        {"answer": "b", "shown": "{broken"},
        {"go": "9" * 4000},
    ],
)
def test_nonsense_in_a_form_is_never_an_error_page(rosa: Client, course: Course, data: dict[str, str]):
    begun(rosa, course)

    assert rosa.post(at(course, "quiz/1/"), data).status_code in (302, 422)


def test_the_look_back_says_what_is_missing(rosa: Client, course: Course):
    begun(rosa, course)
    rosa.post(at(course, "quiz/1/"), {"answer": "b", "shown": "null"})
    page = text_of(rosa.get(at(course, "quiz/review/")))

    assert "2 questions have no answer yet" in page
    assert page.count("No answer yet") == 2
    assert "Hand in as it is" in page


def test_handing_in_leads_to_the_result_once(rosa: Client, course: Course):
    answer_all(begun(rosa, course))
    for _time in range(2):
        assert rosa.post(at(course, "quiz/review/")).url == at(course, "quiz/result/")

    assert Result.objects.count() == 1
    for path in ("quiz/1/", "quiz/review/"):
        assert rosa.get(at(course, path)).url == at(course, "quiz/result/")


def test_a_passed_result_names_the_score_and_the_next_lesson(rosa: Client, course: Course):
    finish_with(rosa, course, RIGHT)
    page = text_of(rosa.get(at(course, "quiz/result/")))

    assert "Three of three. You passed, Rosa." in page
    assert "100%" in page
    assert "Next lesson: Lesson last-words" in page


def finish_with(rosa: Client, course: Course, answers: dict[str, Any]) -> Attempt:
    attempt = begun(rosa, course)
    answer_all(attempt, answers)
    finish(attempt=attempt)
    return attempt


def test_a_result_below_the_mark_gives_each_wrong_answer_its_reason_and_a_way_back(rosa: Client, course: Course):
    finish_with(rosa, course, WRONG)
    page = text_of(rosa.get(at(course, "quiz/result/")))

    assert "Not yet. Three ideas to revisit" in page
    assert "Review these three" in page
    for chosen in ("a", "c", "false"):
        assert f"{SECRET} {chosen}." in page
    assert f'href="/courses/{course.slug}/basics/"' in page
    assert "Read “The basics” again (5 min)" in page
    assert "do/start/" in page


def test_each_question_has_a_page_with_its_replies_and_the_next_to_look_at(rosa: Client, course: Course):
    finish_with(rosa, course, {**WRONG, "multi": RIGHT["multi"]})
    first, second = (text_of(rosa.get(at(course, f"quiz/result/{n}/"))) for n in (1, 2))

    assert "Your answer: not this one" in first
    assert f"{SECRET} a." in first
    assert f"{SECRET} b." in first
    assert f"{SECRET} c." not in first
    assert at(course, "quiz/result/3/") in first
    assert "That is right" in second
    assert rosa.get(at(course, "quiz/result/4/")).status_code == 404


def test_the_best_attempt_counts_and_earlier_results_stay(rosa: Client, course: Course):
    finish_with(rosa, course, RIGHT)
    finish_with(rosa, course, WRONG)
    latest, first = (text_of(rosa.get(at(course, f"quiz/result/{query}"))) for query in ("", "?attempt=1"))

    assert "Your best before" in latest
    assert "Attempt 2" in latest
    assert "You passed, Rosa." in first
    assert rosa.get(at(course, "quiz/result/?attempt=7")).status_code == 404
    card = text_of(rosa.get(at(course)))
    assert "Passed" in card
    assert "100%, passed" in card


def test_special_characters_are_shown_as_they_were_written(rosa: Client):
    course = publish_quiz(questions=[single(stem="Is *Smith & Sons* < 5?")])
    begun(rosa, course)
    look_back = text_of(rosa.get(at(course, "quiz/review/")))
    rosa.post(at(course, "quiz/review/"))

    for page in (look_back, text_of(rosa.get(at(course, "quiz/result/")))):
        assert "1. Is Smith &amp; Sons &lt; 5?" in page


def test_without_an_attempt_the_pages_lead_to_the_lesson(rosa: Client, course: Course):
    for path in ("quiz/1/", "quiz/review/", "quiz/result/", "quiz/result/1/"):
        assert rosa.get(at(course, path)).url == at(course), path


def test_another_persons_attempt_is_not_there(
    rosa: Client, course: Course, supervisor: User, client_of: Callable[[User], Client]
):
    finish_with(rosa, course, WRONG)
    marcus = client_of(supervisor)

    for path in ("quiz/1/", "quiz/review/", "quiz/result/", "quiz/result/1/"):
        assert marcus.get(at(course, path)).url == at(course), path
    assert "Attempt 1" not in text_of(marcus.get(at(course)))


def test_a_visitor_is_sent_to_sign_in(client: Client, course: Course):
    for path in ("quiz/1/", "quiz/review/", "quiz/result/", "quiz/result/1/"):
        assert client.get(at(course, path)).url.startswith("/accounts/login/"), path


def test_a_hidden_course_is_not_there(rosa: Client):
    hidden = publish_quiz(audience="organisation")

    for path in ("", "quiz/1/", "quiz/review/", "quiz/result/", "quiz/result/1/"):
        assert rosa.get(at(hidden, path)).status_code == 404, path
    assert rosa.post(at(hidden, "do/start/")).status_code == 404


def test_an_old_address_of_the_course_leads_to_the_new_one(rosa: Client, course: Course):
    CourseSlug.objects.create(course=course, slug="old-name")

    assert rosa.get(f"/courses/old-name/{QUIZ}/quiz/result/").url == at(course, "quiz/result/")
    assert rosa.get(f"/courses/old-name/{QUIZ}/quiz/1/").url == at(course, "quiz/1/")


def test_when_all_attempts_are_used_the_card_and_the_start_say_so(rosa: Client):
    course = publish_quiz(rule={"attempts": 1})
    finish_with(rosa, course, WRONG)
    refused = rosa.post(at(course, "do/start/"))

    assert refused.status_code == 409
    assert "You have used all your attempts" in text_of(refused)
    assert "do/start/" not in text_of(rosa.get(at(course)))
    assert "do/start/" not in text_of(rosa.get(at(course, "quiz/result/")))


def test_a_locked_quiz_does_not_start(rosa: Client):
    course = publish_quiz(rule={"opens_after": ["basics"]})

    assert rosa.post(at(course, "do/start/")).status_code == 403
    assert not Attempt.objects.exists()


def test_reading_writes_nothing(rosa: Client, course: Course):
    finish_with(rosa, course, WRONG)
    begun(rosa, course)
    with CaptureQueriesContext(connection) as captured:
        for path in ("", "quiz/1/", "quiz/review/", "quiz/result/", "quiz/result/1/"):
            rosa.get(at(course, path))

    wrote = [query["sql"] for query in captured if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
    assert wrote == []


def test_an_author_takes_the_preview_and_nothing_counts(instructor: User, client_of: Callable[[User], Client]):
    course = publish_quiz(owner=instructor)
    token = publish_preview(course=course, actor=instructor).token
    hana = client_of(instructor)
    started = hana.post(f"{at(course, 'do/start/')}?preview={token}")
    assert started.url == f"{at(course, 'quiz/1/')}?preview={token}"
    for number in (1, 2, 3):
        assert hana.get(f"{at(course, f'quiz/{number}/')}?preview={token}").status_code == 200
    handed_in = hana.post(f"{at(course, 'quiz/review/')}?preview={token}")
    assert handed_in.url == f"{at(course, 'quiz/result/')}?preview={token}"
    assert "Not yet. Three ideas to revisit" in text_of(hana.get(handed_in.url))

    attempt = Attempt.objects.get()
    assert (attempt.purpose, attempt.enrolment) == ("preview", None)
    assert hana.get(at(course, "quiz/result/")).url == at(course)
    assert hana.get(f"{at(course, 'quiz/1/')}?preview=wrong").status_code == 404


PATHS = {"card": "", "question": "quiz/1/", "look back": "quiz/review/"}
CEILINGS = {"card": 13, "question": 8, "look back": 8, "result": 14, "answer": 14}


def test_queries_do_not_grow_with_questions_or_attempts(trainee: User, client_of: Callable[[User], Client]):
    def counts(questions: int, attempts: int) -> dict[str, int]:
        course = publish_quiz(questions=[single(f"Q-{n}") for n in range(questions)])
        rosa = client_of(trainee)
        for _attempt in range(attempts):
            finish_with(rosa, course, WRONG)
        found = {
            "result": count_queries(lambda: rosa.get(at(course, "quiz/result/"))),
            "answer": count_queries(lambda: rosa.get(at(course, "quiz/result/1/"))),
            "start": count_queries(lambda: rosa.post(at(course, "do/start/"))),
        }
        found |= {name: count_queries(lambda path=path: rosa.get(at(course, path))) for name, path in PATHS.items()}
        slot = slots_of(Attempt.objects.get(finished_at=None, enrolment__course=course))[0]
        save = {"position": 1, "answer": "b", "client_id": "laptop", "seq": 1}
        url = f"/api/v1/attempts/{slot.attempt_id}/answer/"
        found["save"] = count_queries(lambda: rosa.post(url, save, content_type="application/json"))
        return found | {"finish": count_queries(lambda: rosa.post(at(course, "quiz/review/")))}

    few, many = counts(2, 2), counts(20, 5)

    assert few == many
    assert few["save"] <= 5
    assert few["start"] <= 12
    for name, ceiling in CEILINGS.items():
        assert few[name] <= ceiling, name


def test_grading_itself_stays_within_its_statements(
    trainee: User, rosa: Client, course: Course, monkeypatch: pytest.MonkeyPatch
):
    """What receivers of ``attempt_graded`` add is theirs to bound."""
    monkeypatch.setattr(attempt_graded, "receivers", [])
    start_attempt(trainee, course)

    assert count_queries(lambda: rosa.post(at(course, "quiz/review/"))) <= 10


def test_a_whole_quiz_stays_within_its_statements_with_all_who_listen(
    trainee: User, client_of: Callable[[User], Client]
):
    """Counted as the benchmarks do: outlines and rules are in the process, as for all but the first reader."""
    course = publish_quiz(questions=[single(f"Q-{n}") for n in range(10)])
    warm = client_of(UserFactory())
    finish_with(warm, course, WRONG)
    rosa = client_of(trainee)

    assert count_statements(lambda: rosa.post(at(course, "do/start/"))) <= 12
    assert count_statements(lambda: rosa.post(at(course, "quiz/review/"))) <= 13  # the first step writes a row more
    assert count_statements(lambda: rosa.post(at(course, "do/start/"))) <= 12
    assert count_statements(lambda: rosa.post(at(course, "quiz/review/"))) <= 12
