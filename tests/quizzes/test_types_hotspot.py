"""Pointing in a picture: areas from the list or by points, right minus wrong."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.errors import InvalidInput
from courses.media_probe import examine
from courses.services.media import store_all
from courses.shapes import problems
from quizzes import jobs_review
from quizzes.kinds.schema import question_schema
from quizzes.models import Question, ReviewCard
from quizzes.registry import types
from quizzes.rendering import question_html, used_media
from quizzes.selectors.review_showing import face_of
from quizzes.services import exporting
from quizzes.services.grading import finish
from quizzes.types.base import token
from quizzes.types.shapes import in_circle, in_polygon, in_rect
from tests.factories.quizzes import (
    QUIZ,
    RIGHT,
    SECRET,
    WRONG,
    hotspot,
    picture_of,
    png,
    publish_quiz,
    start_attempt,
)
from tests.quizzes.typed import faults_of, form_of, is_bounded, is_kept, is_sound

KIND = types["hotspot"]
IN_A, IN_B, IN_C, NOWHERE = [20, 20], [105, 55], [150, 50], [80, 5]
numbers = st.integers(-5, 210) | st.floats() | st.booleans() | st.integers()
points = st.lists(numbers, max_size=3)
json_values = st.recursive(
    st.none() | numbers | st.sampled_from("abcz"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries(
            {}, optional={"areas": st.lists(inner, max_size=4), "points": st.lists(points, max_size=4), "x": inner}
        )
        | st.fixed_dictionaries({}, optional={"areas": inner, "points": inner})
    ),
    max_leaves=8,
)
places = st.tuples(st.integers(0, 200), st.integers(0, 100)).map(list)
answers = st.fixed_dictionaries(
    {
        "areas": st.lists(st.sampled_from("abc"), unique=True).map(sorted),
        "points": st.lists(places, max_size=6, unique_by=tuple),
    }
)


def earned(*areas: str, at: Any = (), several: bool = False) -> Decimal:
    return KIND.grade(hotspot(several=several), {"areas": list(areas), "points": list(at)}).fraction


@given(answer=json_values, several=st.booleans())
def test_any_answer_is_bounded_and_kept_or_refused(answer: Any, several: bool):
    is_bounded(hotspot(several=several), answer)
    is_kept(hotspot(several=several), answer)


@given(answer=answers, more=st.sampled_from(["a", "b", IN_A, IN_B, "c", IN_C, NOWHERE]))
def test_one_more_right_choice_never_costs_and_one_more_wrong_choice_never_pays(answer: dict[str, Any], more: Any):
    question = hotspot(several=True)
    key = "areas" if isinstance(more, str) else "points"
    after = KIND.grade(question, {**answer, key: [*answer[key], more]}).fraction
    before = KIND.grade(question, answer).fraction

    assert after >= before if more in ("a", "b", IN_A, IN_B) else after <= before


@given(answer=answers, several=st.booleans(), data=st.data())
def test_neither_order_nor_repetition_matters(answer: dict[str, Any], several: bool, data: st.DataObject):
    again = {key: data.draw(st.permutations(value + value)) for key, value in answer.items()}
    question = hotspot(several=several)
    turned = {**question, "areas": question["areas"][::-1]}

    assert KIND.grade(question, again) == KIND.grade(question, answer)
    assert KIND.grade(turned, again).fraction == KIND.grade(question, answer).fraction


@given(answer=answers.filter(lambda each: each["areas"] or each["points"]))
def test_a_form_gives_the_answer_back(answer: dict[str, Any]):
    assert form_of(hotspot(), answer) == answer


@pytest.mark.parametrize(
    ("areas", "at", "one", "all_of_two"),
    [
        ("a", [], 1, Decimal("0.5")),
        ("", [IN_A], 1, Decimal("0.5")),
        ("a", [IN_A], 1, Decimal("0.5")),  # twice the same
        ("", [IN_A, [30, 30]], 1, Decimal("0.5")),
        ("ab", [], 0, 1),
        ("a", [IN_B], 0, 1),
        ("abc", [], 0, Decimal("0.5")),
        ("", [IN_A, NOWHERE], 0, 0),
        ("", [IN_A, IN_B, NOWHERE], 0, Decimal("0.5")),
        ("c", [], 0, 0),
        ("", [NOWHERE], 0, 0),
    ],
)
def test_by_example(areas: str, at: list[Any], one: Decimal, all_of_two: Decimal):
    assert earned(*areas, at=at) == one
    assert earned(*areas, at=at, several=True) == all_of_two


def test_parts_and_replies_are_of_what_was_chosen_or_missed():
    mark = KIND.grade(hotspot(several=True), {"areas": [], "points": [IN_A, IN_C]})

    assert mark.parts == {"a": 1, "b": 0, "c": 0}
    assert mark.reasons == {each: f"{SECRET} {each}." for each in "abc"}
    assert set(KIND.grade(hotspot(), WRONG["hotspot"]).reasons) == {"a", "c"}
    assert KIND.grade(hotspot(), None).message
    assert not KIND.grade(hotspot(), {"points": [NOWHERE]}).message


@given(point=st.tuples(st.integers(-3, 15), st.integers(-3, 15)))
def test_a_rectangle_as_a_polygon_holds_the_same_points(point: tuple[int, int]):
    square = [0, 0, 12, 0, 12, 9, 0, 9]

    assert in_polygon(square, point) == in_polygon(square[4:] + square[:4], point) == in_rect([0, 0, 12, 9], point)


def test_shapes_at_their_edges():
    assert in_circle([10, 10, 5], (13, 14))
    assert not in_circle([10, 10, 5], (14, 14))
    arrow = [0, 0, 10, 5, 0, 10, 4, 5]  # hollow at the left
    assert in_polygon(arrow, (8, 5))
    assert not in_polygon(arrow, (2, 5))
    assert in_polygon(arrow, (4, 5))
    assert not in_polygon(arrow, (20, 5))


@pytest.mark.parametrize(
    "answer",
    [
        "a",
        ["a"],
        {"areas": "a"},
        {"areas": ["z"]},
        {"areas": [1]},
        {"points": [[1]]},
        {"points": [[1, 2, 3]]},
        {"points": [[1.5, 2]]},
        {"points": [[True, 2]]},
        {"points": [[201, 5]]},
        {"points": [[-1, 5]]},
        {"points": [[n, 1] for n in range(21)]},
        {"areas": ["a"], "more": 1},
    ],
)
def test_what_is_no_pointing_is_refused(answer: Any):
    with pytest.raises(InvalidInput):
        KIND.clean(hotspot(), answer)


@pytest.mark.parametrize("empty", [None, {}, {"areas": []}, {"areas": [], "points": []}])
def test_nothing_chosen_is_no_answer(empty: Any):
    assert KIND.clean(hotspot(), empty) is None


def test_what_is_unknown_in_a_form_is_dropped():
    data = QueryDict("answer=z&answer=a&answer.points=1,2+999,1+x,y+1,2")

    assert KIND.parse(hotspot(), data, "answer") == {"areas": ["a"], "points": [[1, 2]]}
    assert KIND.parse(hotspot(), QueryDict("answer.points=" + "9" * 5000), "answer") is None


def test_before_grading_nothing_says_where_areas_are_or_which_is_right():
    question = hotspot()
    shown = KIND.show(question, question_html(question, {}), 3, {"areas": ["a"], "points": [IN_B]})

    assert [each.html for each in shown["areas"] if each.chosen] == ["Area a"]  # a point does not tick its area
    assert not any(each.right or each.reason or each.shape or each.coords for each in shown["areas"])
    assert shown["outside"] == 0


def test_the_picture_is_found_and_shown_as_any_other():
    tricky = hotspot(alt="Shelf [3] *north*_side_ <b> & more\n`x`")

    assert used_media(tricky) == ["shelf.png"]
    token = f"media:{'0' * 64}/shelf.png"
    html = question_html(tricky, {"shelf.png": "0" * 64})["image"]
    assert f'src="{token}"' in html
    assert 'alt="Shelf [3] *north*_side_ &lt;b&gt; &amp; more `x`"' in html
    as_html = hotspot(format="html", alt='A "b" <i> & c')
    assert used_media(as_html) == ["shelf.png"]
    assert f'src="{token}"' in question_html(as_html, {"shelf.png": "0" * 64})["image"]


@pytest.mark.parametrize("several", [False, True])
def test_a_sound_question_has_one_form(several: bool):
    is_sound(hotspot(several=several))
    typed = hotspot(several=several)
    typed["areas"][0]["coords"] = "[10, 10,60 , 90]"
    assert faults_of(typed) == []
    assert KIND.snapshot(typed) == KIND.snapshot(hotspot(several=several))
    assert KIND.grade(typed, RIGHT["hotspot"]) == KIND.grade(hotspot(several=several), RIGHT["hotspot"])


@pytest.mark.parametrize(
    ("shape", "coords"),
    [
        ("rect", [1, 2, 3]),
        ("rect", [10, 10, 10, 20]),
        ("rect", [0, 0, 201, 20]),
        ("circle", [10, 10]),
        ("circle", [10, 10, 0]),
        ("circle", [10, 101, 5]),
        ("poly", [0, 0, 5, 5]),
        ("poly", [0, 0, 5, 5, 9]),
        ("poly", [0, 0, 5, 5, 300, 9]),
        ("rect", "1, 2"),
    ],
)
def test_numbers_that_draw_no_area_are_a_fault(shape: str, coords: Any):
    question = hotspot()
    question["areas"][1] |= {"shape": shape, "coords": coords}

    assert faults_of(question) == ["areas.1.coords"]


def test_no_right_area_is_a_fault_and_only_right_ones_a_warning():
    question = hotspot()
    question["areas"][0]["right"] = False
    assert faults_of(question) == ["areas"]
    only = hotspot(areas=hotspot()["areas"][:1])
    assert faults_of(only) == []
    assert [path for path, _sentence in KIND.warnings(only)] == ["areas"]
    assert KIND.warnings(hotspot()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"image": "shelf.png"},
        {"image": "media/../x.png"},
        {"alt": ""},
        {"width": 0},
        {"height": "100"},
        {"areas": []},
        {"areas": [{**hotspot()["areas"][0], "coords": [1.5, 2, 3, 4]}]},
        {"areas": [{**hotspot()["areas"][0], "coords": "left"}]},
        {"areas": [{**hotspot()["areas"][0], "shape": "star"}]},
    ],
)
def test_the_schema_refuses(change: dict[str, Any]):
    assert problems(question_schema(), hotspot(**change))


def test_answers_in_words():
    assert KIND.right(hotspot(several=True)) == ["Area a", "Area b"]
    assert KIND.said(hotspot(), {"areas": [], "points": [IN_C, NOWHERE]}) == ["Area c", "A point outside of every area"]
    assert KIND.responses(hotspot(), {"areas": ["a"]}) == [("a", "Area a")]
    assert KIND.chosen(hotspot(), {"points": [IN_B]}) == ["b"]


@pytest.mark.django_db
def test_the_pages_of_a_picture(trainee: User, client_of: Callable[[User], Client], tmp_path: Path):
    picture = tmp_path / "shelf.png"
    picture.write_bytes(png())
    media = store_all({"shelf.png": examine(picture)}, owner=None)
    course = publish_quiz(questions=[hotspot()], media=media)
    here = f"/courses/{course.slug}/{QUIZ}"
    rosa = client_of(trainee)
    rosa.post(f"{here}/do/start/")
    asked = rosa.get(f"{here}/quiz/1/").content.decode()
    rosa.post(f"{here}/quiz/1/", {"answer": "c", "answer.points": "80,5", "shown": "null"})
    answered = rosa.get(f"{here}/quiz/1/").content.decode()
    rosa.post(f"{here}/quiz/review/")
    result = rosa.get(f"{here}/quiz/result/1/").content.decode()

    assert f'/courses/{course.slug}/media/{media["shelf.png"].sha256}/shelf.png" alt="A shelf in three parts"' in asked
    assert asked.count('type="radio" name="answer"') == 3
    assert f'value="{token(hotspot(), "c")}" checked' in answered
    assert 'value="80,5"' in answered
    for page in (asked, answered):
        assert SECRET not in page
        assert not any(each in page for each in ("spot__area", "Your answer: "))
    assert result.count("Your answer: not this one") == 1
    assert "1 of your points is in none of the areas." in result
    assert '<rect x="10" y="10" width="50" height="80"/>' in result
    assert '<polygon points="140,10 190,50 140,90"/>' in result
    assert f"{SECRET} a." in result
    assert f"{SECRET} c." in result


def test_its_picture_goes_with_it_to_review_and_to_other_programs(trainee: User, tmp_path: Path):
    """Published from a folder, the course holds the file; the version has to hold it as well."""
    attempt = start_attempt(trainee, publish_quiz(questions=[hotspot()], media=picture_of(tmp_path)))
    finish(attempt=attempt)
    jobs_review.remember(attempt.pk)

    face = face_of(ReviewCard.objects.select_related("item__course", "item__version").get(), trainee)
    [exported] = exporting.exported(Question.objects.all())

    assert face.question is not None
    assert "shelf.png" in face.question.fields["image"]
    assert exported.files == {"shelf.png": png()}
