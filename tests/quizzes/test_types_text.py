"""Short answer: what people type is folded, patterns are matched in a line, replies go with the answer."""

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import User
from core.errors import InvalidInput
from courses.shapes import problems
from quizzes.kinds.schema import question_schema
from quizzes.registry import types
from quizzes.types.folding import fits, folded
from tests.factories.quizzes import SECRET, shorttext
from tests.quizzes.typed import NAUGHTY, faults_of, is_bounded, is_kept, is_sound, json_values, walk

KIND = "text"


def earned(answer: Any, **more: Any) -> Decimal:
    return types[KIND].grade(shorttext(**more), answer).fraction


def only(text: str, **more: Any) -> dict[str, Any]:
    return shorttext(answers=[{"id": "a", "text": text, **more}])


@pytest.mark.parametrize(
    ("answer", "fraction"),
    [
        ("Union catalogue", "1"),
        ("  union\u00a0 CATALOGUE ", "1"),
        ("unión cätalogue", "1"),
        ("\uff35\uff4e\uff49\uff4f\uff4e catalogue", "1"),
        ("uni\u00adon cata\u200blogue", "1"),
        ("a catalogue of unions", "0.5"),
        ("index", "0"),
        ("nothing like it", "0"),
    ],
)
def test_the_first_answer_that_fits_counts(answer: str, fraction: str):
    assert earned(answer) == Decimal(fraction)


def test_each_answer_has_its_reply_and_all_others_have_one():
    grade = types[KIND].grade
    replies = {answer: grade(shorttext(), answer).reasons for answer in ("union catalogue", "index", "no idea")}

    assert replies["union catalogue"] == {"a": f"{SECRET} a."}
    assert replies["index"] == {"c": f"{SECRET} c."}
    assert replies["no idea"] == {"": f"{SECRET} other."}


@pytest.mark.parametrize(
    ("written", "typed", "flags", "same"),
    [
        ("OCLC", "oclc", {}, True),
        ("OCLC", "oclc", {"case": True}, False),
        ("prêt", "pret", {}, True),
        ("prêt", "pret", {"accents": True}, False),
        ("prêt", "PRÊT", {"accents": True}, True),
        ("prêt", "Prêt", {"case": True, "accents": True}, False),
        ("Straße", "STRASSE", {}, True),
        ("patron’s", "patron's", {"case": True, "accents": True}, True),
        ("pay–per–view", "pay-per-view", {}, True),
        ("ﬁle", "file", {"case": True, "accents": True}, True),
        ("İstanbul", "istanbul", {}, True),
        ("e\u0301", "\u00e9", {"case": True, "accents": True}, True),
    ],
)
def test_capitals_and_accents_count_only_when_asked(written: str, typed: str, flags: dict[str, bool], same: bool):
    assert (types[KIND].grade({**only(written), **flags}, typed).fraction == 1) is same


@pytest.mark.parametrize(
    ("pattern", "typed", "fit"),
    [
        ("*", "anything", True),
        ("colo*r", "colour", True),
        ("colo*r", "color", True),
        ("colo*r", "colo", False),
        ("inter*library*loan", "Inter-library and other loan", True),
        ("inter*library*loan", "loan library inter", False),
        ("a*a", "a", False),
        ("a*b*a", "aba", True),
        ("two * words", "twowords", False),
        (r"5 \* 3", "5 * 3", True),
        (r"5 \* 3", "5 x 3", False),
        (r"\**", "* star", True),
        ("[a-z]+.*", "abc.", False),
        ("(a+)+$", "aaaa", False),
    ],
)
def test_a_star_is_anything_and_nothing_else_is_special(pattern: str, typed: str, fit: bool):
    assert fits(pattern, typed) is fit
    assert (types[KIND].grade(only(pattern, match="wildcard"), typed).fraction == 1) is fit


def test_without_a_pattern_a_star_is_a_star():
    assert types[KIND].grade(only("a*"), "abc").fraction == 0
    assert types[KIND].grade(only("a*"), "A*").fraction == 1


def test_many_stars_and_a_long_answer_take_no_time():
    started = time.perf_counter()
    assert not fits("a*" * 400 + "b", "a" * 4000)
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("written", "typed", "same"),
    [
        ("Ängström", "angstrom", True),
        ("ёлка", "елка", True),
        ("שָׁלוֹם", "שלום", True),
        ("مُحَمَّد", "محمد", True),
        ("กิน", "กน", False),  # to eat, and no word
        ("がき", "かき", False),  # a child, and an oyster
        ("गुरु", "गर", False),
    ],
)
def test_only_signs_that_people_leave_out_are_accents(written: str, typed: str, same: bool):
    assert (folded(written) == folded(typed)) is same


@given(text=st.text(max_size=60), case=st.booleans(), accents=st.booleans())
@example(text="ǰ̣", case=False, accents=True)
@example(text="ͅΑ", case=False, accents=True)
def test_folding_twice_changes_nothing(text: str, case: bool, accents: bool):
    once = folded(text, case=case, accents=accents)

    assert folded(once, case=case, accents=accents) == once


@given(text=st.text(min_size=1, max_size=60).filter(lambda text: folded(text) != ""), case=st.booleans())
def test_whoever_types_what_is_written_is_right(text: str, case: bool):
    assert types[KIND].grade({**only(text), "case": case}, text).fraction == 1


@given(text=st.text(max_size=40), before=st.text(max_size=10), after=st.text(max_size=10))
def test_stars_around_a_text_find_it_anywhere(text: str, before: str, after: str):
    plain = text.replace("*", "").replace("\\", "").replace("\ue000", "")

    assert fits("*" + folded(plain) + "*", f"{folded(before)} {folded(plain)} {folded(after)}")


@given(answer=json_values)
def test_any_answer_earns_between_nothing_and_everything(answer: Any):
    is_bounded(shorttext(), answer)
    is_kept(shorttext(), answer)


def test_naughty_strings_do_no_harm():
    for answer in NAUGHTY:
        is_bounded(shorttext(), answer)
        is_kept(shorttext(), answer)


def test_what_no_database_holds_is_left_out():
    assert types[KIND].clean(shorttext(), "un\0ion \ud800catalogue") == "union catalogue"


@pytest.mark.parametrize("answer", ["", "   ", None])
def test_a_blank_is_no_answer(answer: str | None):
    assert types[KIND].clean(shorttext(), answer) is None
    assert types[KIND].grade(shorttext(), answer).message == "You did not answer this question."


@pytest.mark.parametrize("answer", ["x" * 1001, 5, True, ["a"], {"a": "b"}])
def test_what_is_no_text_or_too_long_is_refused(answer: Any):
    with pytest.raises(InvalidInput):
        types[KIND].clean(shorttext(), answer)


@pytest.mark.parametrize("flags", [{}, {"case": True}, {"accents": True}])
def test_a_sound_question_has_one_form(flags: dict[str, bool]):
    is_sound(shorttext(**flags))


def test_what_is_as_usual_is_left_out_of_the_canonical_question():
    spelled = shorttext(case=False, accents=False)
    spelled["answers"][0] |= {"share": "100", "match": "exact"}

    assert types[KIND].snapshot(spelled) == types[KIND].snapshot(shorttext())


@pytest.mark.parametrize(
    ("answers", "path"),
    [
        ([{"id": "a", "text": "x"}, {"id": "a", "text": "y"}], "answers.1.id"),
        ([{"id": "a", "text": "x", "share": "50"}], "answers"),
        ([{"id": "a", "text": "x"}, {"id": "b", "text": " \u200b "}], "answers.1.text"),
    ],
)
def test_what_nobody_could_get_right_is_a_fault(answers: list[dict[str, Any]], path: str):
    assert path in faults_of(shorttext(answers=answers))


@pytest.mark.parametrize("answer", [{"id": "a"}, {"id": "a", "text": ""}, {"id": "a", "text": "x", "match": "regex"}])
def test_the_schema_refuses(answer: dict[str, Any]):
    assert problems(question_schema(), shorttext(answers=[answer]))


def test_what_is_right_and_said_in_words():
    kind = types[KIND]
    question = shorttext(answers=[{"id": "a", "text": "colo*r \\*", "match": "wildcard"}, {"id": "b", "text": "hue"}])

    assert kind.right(question) == ["colo…r * / hue"]
    assert kind.said(question, "Red") == ["Red"]
    assert kind.responses(question, " RED  hat") == [("red hat", "red hat")]
    assert kind.responses(question, None) == []


@pytest.mark.django_db
def test_the_pages_of_a_short_answer(trainee: User, client_of: Callable[[User], Client]):
    asked, answered, result = walk(client_of(trainee), shorttext(), {"answer": "<b>no idea</b>"})

    assert "Union catalogue" not in asked + answered
    assert 'value="&lt;b&gt;no idea&lt;/b&gt;"' in answered
    assert "Your answer: not right" in result
    assert f"{SECRET} other." in result
    assert "Right would be: Union catalogue" in result
    assert "readonly" in result
