"""A question is tried by its author, under every behaviour; nothing of it is kept."""

from typing import Any

import pytest
from django.test import Client

from quizzes.behaviours import behaviours
from quizzes.models import Attempt, Question
from quizzes.registry import types
from tests.factories.questions import contents, question_in
from tests.factories.quizzes import single
from tests.quizzes.bank.browsing import words

pytestmark = pytest.mark.django_db
CONTENTS = contents()


def try_it(client: Client, question: Question, behaviour: str, data: dict[str, Any]) -> str:
    return words(client.post(f"/author/questions/{question.pk}/preview/?behaviour={behaviour}&seed=3", data))


def test_every_kind_is_tried_under_every_behaviour_or_the_reason_is_said(hana, bank, make_media):
    media = make_media("spine.png")
    for name, content in CONTENTS.items():
        question = question_in(bank, content, files={"spine.png": media.pk})
        for behaviour in behaviours.values():
            page = words(hana.get(f"/author/questions/{question.pk}/preview/?behaviour={behaviour.name}"))
            why = behaviour.refuses(types[name])
            if why:
                assert "Not this way" in page, (name, behaviour.name)
                continue
            assert "Nothing that you answer here is kept." in page
            answered = try_it(hana, question, behaviour.name, {"answer": "x"})
            assert answered.count("<h1") == 1, (name, behaviour.name)


def test_a_right_and_a_wrong_answer_say_so_and_nothing_is_kept(hana, bank):
    question = question_in(bank, single("P-1", points=4))
    right = try_it(hana, question, "deferred", {"answer": "b"})
    assert "That is right" in right
    assert "It counts 4 of 4." in right
    assert "It counts 0 of 4." in try_it(hana, question, "immediate", {"answer": "a"})
    assert "Answer first." in try_it(hana, question, "immediate", {})
    assert not Attempt.objects.exists()


def test_several_tries_give_hints_and_count_less(hana, bank):
    question = question_in(bank, single("P-2", hints=["Think of **b**."]))
    first = try_it(hana, question, "tries", {"answer": "a"})
    assert "2 tries are left" in first
    assert "Think of <strong>b</strong>." in first
    assert "Because of the reply b" not in first
    second = try_it(hana, question, "tries", {"answer": "b", "was": "0"})
    assert "That is right" in second
    assert "It counts 0.67 of 1." in second
    last = try_it(hana, question, "tries", {"answer": "a", "was": ["0", "NaN"]})
    assert "It counts 0 of 1." in last


def test_certainty_shows_its_marks_before_and_an_exam_nothing_after(hana, bank):
    question = question_in(bank, single("P-3", points=3))
    asked = words(hana.get(f"/author/questions/{question.pk}/preview/?behaviour=certainty"))
    assert "−6" in asked
    assert "It counts -6 of 3." in try_it(hana, question, "certainty", {"answer": "a", "certainty": "3"})
    handed_in = try_it(hana, question, "exam", {"answer": "b"})
    assert "a learner sees nothing more" in handed_in
    assert "That is right" not in handed_in
    assert "Because of the reply" not in handed_in
    assert "That is right" in try_it(hana, question, "exam", {"answer": "b", "closed": "1"})


def test_a_draft_with_faults_says_why_it_cannot_be_tried(hana, bank):
    options = [{**each, "right": False} for each in single()["options"]]
    question = question_in(bank, single("P-4", options=options))
    page = words(hana.get(f"/author/questions/{question.pk}/preview/"))
    assert "It cannot be tried yet" in page
    assert "0 options are right" in page
