"""Check questions inside lessons: answered by anybody, kept by nobody."""

import re
from typing import Any

import pytest
import yaml
from django.test import Client

from courses.models import Course
from courses.registry import kinds
from quizzes.models import Step
from tests.factories.courses import publish_course
from tests.factories.quizzes import SECRET, multi, option, single, truefalse


def lesson_with(*questions: dict[str, Any]) -> Course:
    fences = [f"```check\n{yaml.safe_dump(question, sort_keys=False)}```" for question in questions]
    return publish_course(lessons=[("text", "five-words", {"body": "\n\n".join(["Words.", *fences]) + "\n"})])


def at(course: Course, page: str = "") -> str:
    return f"/courses/{course.slug}/five-words/{page}"


def check(client: Client, course: Course, block: str = "check-1", **data: Any) -> Any:
    headers = {"HX-Request": "true"} if data.pop("htmx", False) else {}
    return client.post(at(course, "do/check/"), {"block": block, **data}, headers=headers)


@pytest.mark.django_db
def test_before_answering_nothing_is_given_away(client: Client):
    page = client.get(at(lesson_with(single(), multi()))).content.decode()

    assert page.count("What about Q-1?") == 1
    assert "Check yourself" in page
    assert SECRET not in page


def order_in(page: str) -> str:
    """The letters of the options as the page has them."""
    return "".join(re.findall(r"<span>Option ([a-e])</span>", page))


@pytest.mark.django_db
def test_choices_are_shuffled_for_good_unless_the_author_says_otherwise(client: Client):
    """Many authors write the right one first; the order stays when the question is answered."""
    written = []
    for uid in ("Q-1", "Q-2", "Q-3", "Q-4"):
        course = lesson_with(single(uid))
        asked = order_in(client.get(at(course)).content.decode())
        assert sorted(asked) == list("abcd")
        assert order_in(check(client, course, answer="a").content.decode()) == asked
        written.append(asked)
    assert set(written) != {"abcd"}
    assert len(set(written)) > 1

    course = lesson_with(single("Q-2", shuffle=False))
    assert order_in(client.get(at(course)).content.decode()) == "abcd"


@pytest.mark.django_db
@pytest.mark.parametrize("htmx", [False, True])
def test_a_visitor_gets_an_answer_and_nothing_is_kept(client: Client, htmx: bool):
    answered = check(client, lesson_with(single()), answer="a", htmx=htmx)
    page = answered.content.decode()

    assert answered.status_code == 200
    assert ("<html" in page) is not htmx
    assert "Your answer: not this one" in page
    assert f"{SECRET} a." in page
    assert f"{SECRET} b." in page
    assert f"{SECRET} c." not in page
    assert not Step.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        (single(), "b", "That is right"),
        (single(), "c", "Not this time"),
        (multi(), ["a", "b", "d"], "That is right"),
        (multi(), ["a"], "Close: part of it is right"),
        (truefalse(), "false", "Not this time"),
    ],
)
def test_the_reply_says_how_good_the_answer_was(client: Client, question: dict[str, Any], answer: Any, said: str):
    assert said in check(client, lesson_with(question), answer=answer).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("data", [{}, {"answer": "unknown"}, {"answer": ""}])
def test_nothing_chosen_is_said_beside_the_question(client: Client, data: dict[str, str]):
    page = check(client, lesson_with(single()), **data).content.decode()

    assert "Choose an answer first." in page
    assert SECRET not in page


@pytest.mark.django_db
def test_only_the_answered_question_shows_its_reply(client: Client):
    page = check(client, lesson_with(single(), truefalse()), block="check-2", answer="true").content.decode()

    assert f"{SECRET} true." in page
    assert f"{SECRET} b." not in page


@pytest.mark.django_db
@pytest.mark.parametrize("block", ["", "check-9", "other"])
def test_an_unknown_block_is_404(client: Client, block: str):
    assert check(client, lesson_with(single()), block=block, answer="b").status_code == 404


def body_of(content: Any) -> dict[str, Any]:
    return {"body": f"```check\n{yaml.safe_dump(content, sort_keys=False)}```\n", "source_format": "md"}


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "text",
        {},
        {"type": "single"},
        {"type": ["single"]},
        single(type="essay"),
        single(options=[option("a"), option("b")]),
        single(stem="![slip](media/slip.png)"),
    ],
)
def test_whatever_stands_in_the_fence_is_told_as_a_fault(content: Any):
    assert kinds["text"].faults(body_of(content))


def test_a_sound_question_has_no_fault():
    assert kinds["text"].faults(body_of(single())) == []
