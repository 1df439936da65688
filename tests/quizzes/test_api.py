"""``/api/v1/attempts/``: a client can take a quiz with it, and sees no more than a learner may."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from courses.models import Course
from quizzes.models import Attempt, Result, Step
from quizzes.registry import types
from quizzes.services.grading import finish
from quizzes.types.base import token
from tests.factories.quizzes import (
    QUIZ,
    RIGHT,
    SECRET,
    WRONG,
    answer_all,
    matching,
    ordering,
    publish_quiz,
    single,
    start_attempt,
)
from tests.support import count_queries

pytestmark = pytest.mark.django_db
LIST = "/api/v1/attempts/"


@pytest.fixture
def course(db) -> Course:
    return publish_quiz()


@pytest.fixture
def rosa(client_of: Callable[[User], Client], trainee: User) -> Client:
    return client_of(trainee)


@pytest.fixture
def attempt(trainee: User, course: Course) -> Attempt:
    return start_attempt(trainee, course)


def post(client: Client, url: str, data: Any = None) -> Any:
    return client.post(url, data, content_type="application/json")


def answer(client: Client, attempt: Attempt, **given: Any) -> Any:
    body = {"position": 1, "answer": "b", "client_id": "laptop", "seq": 1, **given}
    return post(client, f"{LIST}{attempt.pk}/answer/", body)


def test_a_client_takes_a_whole_quiz(rosa: Client, course: Course):
    started = post(rosa, LIST, {"course": course.slug, "lesson": QUIZ})
    assert started.status_code == 200
    one = f"{LIST}{started.json()['id']}/"
    for question in rosa.get(one).json()["questions"]:
        given = {"position": question["position"], "answer": RIGHT[question["type"]], "client_id": "app", "seq": 1}
        assert post(rosa, f"{one}answer/", given).json()["stands"]
    finished = post(rosa, f"{one}finish/").json()

    assert (finished["percent"], finished["passed"]) == (100, True)
    assert post(rosa, f"{one}finish/").json() == finished
    review = rosa.get(f"{one}review/").json()
    assert [question["verdict"] for question in review["questions"]] == ["right"] * 3
    assert {choice["html"] for choice in review["questions"][0]["choices"] if choice["right"]} == {"Option b"}


def test_starting_again_gives_the_open_attempt(rosa: Client, course: Course):
    first, second = (post(rosa, LIST, {"course": course.slug, "lesson": QUIZ}).json() for _time in range(2))

    assert first == second
    assert (first["course"], first["lesson"], first["number"], first["percent"]) == (course.slug, QUIZ, 1, None)


def test_an_open_attempt_never_says_what_is_right(rosa: Client, attempt: Attempt):
    answer_all(attempt)
    for url in (LIST, f"{LIST}{attempt.pk}/"):
        body = rosa.get(url).content.decode()
        assert SECRET not in body
        assert "right" not in body
        assert "reason" not in body
    assert rosa.get(f"{LIST}{attempt.pk}/review/").status_code == 409


def test_a_late_answer_is_told_kindly(rosa: Client, attempt: Attempt):
    finish(attempt=attempt)
    late = answer(rosa, attempt)

    assert late.status_code == 409
    assert late["Content-Type"] == "application/problem+json"
    assert "handed in already" in late.json()["title"]


def test_the_other_device_is_told_which_answer_stands(rosa: Client, attempt: Attempt):
    answer(rosa, attempt, client_id="phone", seq=7, answer="c")
    told = answer(rosa, attempt, client_id="laptop", seq=3, answer="a").json()

    stands = {"answer": token(single(), "c"), "client_id": "phone", "seq": 7, "certainty": None}
    assert told == {**stands, "stands": False, "other_device": True}


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer": -1},
        {"answer": 1e308},
        {"answer": {"b": True}},
        {"answer": ["b"]},
        {"answer": "b" * 5000},
        {"seq": 0},
        {"seq": -5},
        {"seq": 2**60},
        {"seq": "many"},
        {"seq": 1.5},
        {"client_id": "Not Valid"},
        {"client_id": ["x"]},
        {"position": 0},
        {"position": 10**30},
    ],
)
def test_what_makes_no_sense_is_refused_as_a_problem(rosa: Client, attempt: Attempt, wrong: dict[str, Any]):
    refused = answer(rosa, attempt, **wrong)

    assert refused.status_code == 422, refused.content
    assert refused.json()["errors"].keys() == wrong.keys()
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    "body", ["NaN", '{"position": 1, "answer": NaN, "client_id": "x", "seq": 1}', "[]", "{", "null"]
)
def test_what_is_no_json_object_is_refused(rosa: Client, attempt: Attempt, body: str):
    refused = rosa.post(f"{LIST}{attempt.pk}/answer/", body, content_type="application/json")

    assert refused.status_code in (400, 422)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text("ab\0é"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=8,
)


@given(body=st.fixed_dictionaries({}, optional=dict.fromkeys(["position", "answer", "client_id", "seq"], anything)))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_the_server_keeps_its_head(rosa: Client, attempt: Attempt, body: dict[str, Any]):
    assert answer(rosa, attempt, **body).status_code in (200, 400, 404, 422)


def test_an_answer_to_a_question_that_is_not_asked_is_404(rosa: Client, attempt: Attempt):
    assert answer(rosa, attempt, position=4).status_code == 404


def test_others_attempts_are_not_there(
    attempt: Attempt, supervisor: User, site_admin: User, client_of: Callable[[User], Client]
):
    """Not even for a supervisor or an administrator: they see results, never answers."""
    for other in (supervisor, site_admin):
        client = client_of(other)
        assert client.get(LIST).json()["count"] == 0
        assert client.get(f"{LIST}{attempt.pk}/").status_code == 404
        assert client.get(f"{LIST}{attempt.pk}/review/").status_code == 404
        assert post(client, f"{LIST}{attempt.pk}/finish/").status_code == 404
        assert answer(client, attempt).status_code == 404
    attempt.refresh_from_db()
    assert attempt.finished_at is None


def test_a_visitor_is_refused(client: Client, attempt: Attempt):
    for response in (client.get(LIST), client.get(f"{LIST}{attempt.pk}/"), answer(client, attempt)):
        assert response.status_code in (401, 403)


@pytest.mark.parametrize(
    ("course_slug", "lesson", "status"),
    [("nowhere", QUIZ, 404), (None, "nothing", 404), (None, "basics", 404), (None, "Not a uid", 422)],
)
def test_only_a_quiz_that_is_there_can_be_started(
    rosa: Client, course: Course, course_slug: str | None, lesson: str, status: int
):
    assert post(rosa, LIST, {"course": course_slug or course.slug, "lesson": lesson}).status_code == status
    assert not Attempt.objects.exists()


def test_the_list_filters_and_pages(rosa: Client, trainee: User, course: Course):
    first = start_attempt(trainee, course)
    answer_all(first, WRONG)
    finish(attempt=first)
    start_attempt(trainee, course)
    elsewhere = publish_quiz()
    start_attempt(trainee, elsewhere)

    def numbers(query: str) -> list[tuple[str, int]]:
        return [(row["course"], row["number"]) for row in rosa.get(f"{LIST}?{query}").json()["results"]]

    assert numbers("") == [(elsewhere.slug, 1), (course.slug, 2), (course.slug, 1)]
    assert numbers(f"course={course.slug}&open=false") == [(course.slug, 1)]
    assert numbers(f"lesson={QUIZ}&open=true&page_size=1") == [(elsewhere.slug, 1)]
    assert rosa.get(f"{LIST}?course={course.slug}&open=false").json()["results"][0]["percent"] == 0


def test_queries_of_the_list_and_of_an_attempt_do_not_grow(rosa: Client, trainee: User):
    def counts(questions: int, attempts: int) -> tuple[int, int]:
        course = publish_quiz(questions=[single(f"Q-{n}") for n in range(questions)])
        for _attempt in range(attempts):
            last = start_attempt(trainee, course)
            answer_all(last)
            finish(attempt=last)
        return (
            count_queries(lambda: rosa.get(f"{LIST}?page_size=100")),
            count_queries(lambda: rosa.get(f"{LIST}{last.pk}/review/")),
        )

    assert counts(2, 1) == counts(15, 5)


def test_a_client_answers_any_type_as_the_page_does(rosa: Client, trainee: User):
    """The values of a matching question's controls give nothing away; they are what a form sends."""
    attempt = start_attempt(trainee, publish_quiz(questions=[matching()]))
    [question] = rosa.get(f"{LIST}{attempt.pk}/").json()["questions"]
    sides = {each["words"]: each["value"] for each in question["controls"]["choices"]}
    form = {f"answer.{each['id']}": [sides[f"Side of {each['id']}"]] for each in question["controls"]["parts"]}
    body = {"position": 1, "form": form, "client_id": "app", "seq": 1}

    assert set(post(rosa, f"{LIST}{attempt.pk}/answer/", body).json()["answer"].values()) <= set(sides.values())
    assert not set(sides.values()) & {"a", "b", "c"}
    assert post(rosa, f"{LIST}{attempt.pk}/finish/").json()["percent"] == 100


@pytest.mark.parametrize(
    ("question", "guess"),
    [
        (matching(), {"a": "a", "b": "b", "c": "c"}),
        (matching(), {"a": ["a"]}),
        (ordering(), ["a", "b", "c", "d"]),
        (ordering(), [["a"], "b", None, None]),
    ],
)
def test_ids_that_say_what_is_right_are_no_answer(
    rosa: Client, trainee: User, question: dict[str, Any], guess: dict[str, Any] | list[Any]
):
    """A client sees the ids of left sides, and those of right sides are the same."""
    attempt = start_attempt(trainee, publish_quiz(questions=[question]))
    form = {f"answer.{part}": [side] for part, side in guess.items()} if isinstance(guess, dict) else {}

    assert answer(rosa, attempt, answer=guess).status_code == 422
    body = {"position": 1, "form": {name: sent for name, sent in form.items() if isinstance(sent[0], str)}}
    assert post(rosa, f"{LIST}{attempt.pk}/answer/", {**body, "client_id": "app", "seq": 2}).json()["answer"] is None
    assert post(rosa, f"{LIST}{attempt.pk}/finish/").json()["percent"] == 0


@pytest.mark.parametrize(
    "body", [{}, {"answer": "b", "form": {"answer": ["b"]}}, {"form": {"answer": "b"}}, {"form": 5}]
)
def test_an_answer_is_given_in_one_way(rosa: Client, attempt: Attempt, body: dict[str, Any]):
    given = {"position": 1, "client_id": "app", "seq": 1, **body}

    assert post(rosa, f"{LIST}{attempt.pk}/answer/", given).status_code == 422


def test_an_answer_is_checked_where_the_quiz_does_that(rosa: Client, trainee: User):
    course = publish_quiz(questions=[single(hints=["Think."])], asking={"behaviour": "tries"})
    attempt = start_attempt(trainee, course)

    def check(answer: str, seq: int) -> Any:
        body = {"position": 1, "answer": answer, "client_id": "app", "seq": seq}
        return post(rosa, f"{LIST}{attempt.pk}/check/", body)

    first = check("a", 1)
    assert first.status_code == 200
    assert {key: first.json()[key] for key in ("state", "verdicts", "tries_left", "hint")} == {
        "state": "checked",
        "verdicts": ["wrong"],
        "tries_left": 2,
        "hint": "Think.",
    }
    assert SECRET not in first.content.decode()
    second = check("b", 2).json()
    assert (second["state"], second["verdicts"], second["tries_left"]) == ("closed", ["wrong", "right"], 1)
    assert {each["html"] for each in second["choices"] if each["right"]} == {"Option b"}
    refused = check("c", 3)
    assert (refused.status_code, "checked already" in refused.json()["title"]) == (409, True)


def test_checking_is_refused_where_answers_are_judged_at_the_end(rosa: Client, attempt: Attempt):
    body = {"position": 1, "answer": "b", "client_id": "app", "seq": 1}

    assert post(rosa, f"{LIST}{attempt.pk}/check/", body).status_code == 409


def test_others_answers_are_not_checked(attempt: Attempt, supervisor: User, client_of: Callable[[User], Client]):
    body = {"position": 1, "answer": "b", "client_id": "app", "seq": 1}

    assert post(client_of(supervisor), f"{LIST}{attempt.pk}/check/", body).status_code == 404


def test_an_answer_comes_back_in_names_that_do_not_say_what_is_right(
    trainee: User, client_of: Callable[[User], Client]
):
    course = publish_quiz(questions=[matching("Q-M"), ordering("Q-O")])
    rosa = client_of(trainee)
    attempt = rosa.post(
        "/api/v1/attempts/", {"course": course.slug, "lesson": QUIZ}, content_type="application/json"
    ).json()["id"]
    here = f"/api/v1/attempts/{attempt}/"
    for position, content in enumerate((matching("Q-M"), ordering("Q-O")), start=1):
        right = RIGHT[content["type"]]
        sent = types[content["type"]].named(content, right)
        given = {"position": position, "answer": sent, "client_id": "app", "seq": 1}
        saved = rosa.post(f"{here}answer/", given, content_type="application/json").json()["answer"]
        asked = rosa.get(here).json()["questions"][position - 1]["answer"]
        assert saved == asked != right
        again = {**given, "answer": saved, "seq": 2}
        assert rosa.post(f"{here}answer/", again, content_type="application/json").json()["answer"] == saved
    rosa.post(f"{here}finish/")
    assert Result.objects.get().percent == 100
