"""An author writes the cases of a practice lesson: by form, as text, with a look at them and a run through them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from courses.models import Course, CourseEditor, LessonText
from quizzes.engines.registry import engines
from quizzes.forms.case import CaseShape, draw_case, kept_case, read_case, without_ids
from quizzes.models import PracticeRun
from quizzes.services.case_drafting import shape_faults
from quizzes.types.base import tidied
from tests.factories.practice import LESSON, errands, publish_practice
from tests.quizzes.engines.test_contract import SHIPPED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_engines")]
FOLDER = Path(__file__).resolve().parents[3] / "media/courses/practice-desk/lessons"
TALKS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "have-the-conversation.yaml").read_text())["cases"]
HERE = f"/author/courses/desk-course/practice/{LESSON}/"


@pytest.fixture
def course(instructor: User) -> Course:
    return publish_practice(slug="desk-course", owner=instructor, engine="conversation", cases=TALKS[:3])


@pytest.fixture
def hana(instructor: User, course: Course, client_of: Callable[[User], Client]) -> Client:
    return client_of(instructor)


def text_of(course: Course) -> LessonText:
    return LessonText.objects.select_related("lesson").get(lesson__course=course, lesson__uid=LESSON)


def cases_of(course: Course) -> list[dict[str, Any]]:
    return text_of(course).content["cases"]


def uids(course: Course) -> list[str]:
    return [case["uid"] for case in cases_of(course)]


def sent(page: Any, **more: Any) -> dict[str, Any]:
    """What a browser would send of a case's form."""
    data = case_data(page.context["page"])
    return {**data, "seen": page.context["desk"].seen, **more}


def case_data(page: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"rest": page.rest}

    def add(controls: Any) -> None:
        # Of two options alike the browser takes the last, and takes that for a choice that somebody made.
        assert all(len(dict(each.choices)) == len(each.choices) for each in controls)
        data.update({each.name: each.value for each in controls if each.field.kind != "flag"})
        data.update({each.name: "on" for each in controls if each.field.kind == "flag" and each.value})

    def add_list(listed: Any) -> None:
        for row in listed.items:
            data[f"{row.place}.id"] = data[f"{row.place}.was"] = row.id
            add([*row.controls, *([row.flag] if row.flag else [])])
            for each in row.lists:
                add_list(each)

    add([*page.fields, *page.flags])
    for each in page.lists:
        add_list(each)
    return data


def act(course: Course, what: str, **more: Any) -> dict[str, Any]:
    return {"act": what, "version": text_of(course).version, "language": "en", **more}


# --- the form


def said(value: Any) -> Any:
    """``value`` without what is empty: a form does not tell it from what is not there."""
    if isinstance(value, dict):
        return {key: said(each) for key, each in value.items() if each != ""}
    return [said(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("name", "case"), SHIPPED, ids=[case["uid"] for _name, case in SHIPPED])
def test_every_case_of_every_engine_comes_back_from_its_form_as_it_was_and_still_works(name, case):
    shape = CaseShape.of(engines[name])
    data = QueryDict(mutable=True)
    data.update(case_data(draw_case(shape, kept_case(shape, case))))
    back = read_case(shape, data, case)
    saved = without_ids(shape, back.case)
    assert back.faults == []
    assert said(saved) == said(tidied(case))
    assert shape_faults(engines[name], saved) == []


def test_a_case_is_changed_by_form_and_what_no_field_shows_is_kept(hana, course):
    page = hana.get(f"{HERE}cases/P-e1/")
    assert "The paper is due on Friday" in page.content.decode()
    answer = hana.post(f"{HERE}cases/P-e1/", sent(page, title="Due on Friday", **{"nodes.0.choices.1.mood": "-2"}))
    assert answer.status_code == 302
    saved = cases_of(course)[0]
    assert saved["title"] == "Due on Friday"
    assert saved["nodes"][0]["choices"][1]["mood"] == -2
    assert saved["paths"] == TALKS[0]["paths"]
    assert text_of(course).version == 2


def test_the_same_values_save_nothing(hana, course):
    assert hana.post(f"{HERE}cases/P-e1/", sent(hana.get(f"{HERE}cases/P-e1/"))).status_code == 302
    assert text_of(course).version == 1


def test_a_fault_stands_beside_its_field_and_nothing_is_saved(hana, course):
    page = hana.get(f"{HERE}cases/P-e1/")
    answer = hana.post(f"{HERE}cases/P-e1/", sent(page, **{"nodes.0.choices.1.to": "N9", "title": "Other"}))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'id="q-nodes-0-choices-1-to-error"' in html
    assert "There is no turn or ending “N9”." in html
    assert cases_of(course)[0]["title"] == "The paper is due on Friday"


def test_a_key_that_cannot_be_reached_is_said_so(hana, course):
    """The best way of a talk that no best line leads through earns less than everything."""
    html = hana.post(
        f"{HERE}cases/P-e1/",
        sent(hana.get(f"{HERE}cases/P-e1/"), rest="paths:\n- name: None\n  percent: 12\n  but: {N1: B}\n"),
    ).content.decode()
    assert "Line 3: paths.0.percent: This path earns 66%." in html


def test_yaml_that_cannot_be_read_is_said_with_its_line(hana, course):
    answer = hana.post(f"{HERE}cases/P-e1/", sent(hana.get(f"{HERE}cases/P-e1/"), rest="facts: [F-1]\nkeep: [a\n"))
    assert answer.status_code == 422
    assert "Line 2: this is not YAML" in answer.content.decode()
    twice = hana.post(f"{HERE}cases/P-e1/", sent(hana.get(f"{HERE}cases/P-e1/"), rest="title: Another\n"))
    assert "Line 1: “title” has a field of its own." in twice.content.decode()


def test_lists_grow_and_move_without_anything_being_saved(hana, course):
    page = hana.get(f"{HERE}cases/P-e1/")
    grown = hana.post(f"{HERE}cases/P-e1/", sent(page, act="add:nodes"))
    assert 'name="nodes.3.says"' in grown.content.decode()
    moved = hana.post(f"{HERE}cases/P-e1/", sent(page, act="down:nodes.0.choices.0"))
    assert moved.context["page"].lists[0].items[0].lists[0].items[0].id == "B"
    assert text_of(course).version == 1


def test_a_turn_that_was_added_and_left_blank_is_not_saved(hana, course):
    grown = hana.post(f"{HERE}cases/P-e1/", sent(hana.get(f"{HERE}cases/P-e1/"), act="add:nodes"))
    assert hana.post(f"{HERE}cases/P-e1/", sent(grown)).status_code == 302
    assert len(cases_of(course)[0]["nodes"]) == 3


def test_a_new_case_gets_a_uid_from_its_title_and_stands_last(hana, course):
    blank = hana.get(f"{HERE}new/")
    assert blank.status_code == 200
    empty = hana.post(f"{HERE}new/", sent(blank))
    assert empty.status_code == 422
    assert "Title: Fill this in." in empty.content.decode()
    page = hana.get(f"{HERE}cases/P-e1/")
    data = sent(page) | {"seen": "", "title": "The paper is due on Friday"}
    assert hana.post(f"{HERE}new/", data).status_code == 302
    assert uids(course) == ["P-e1", "P-e2", "P-e3", "the-paper-is-due-on-friday"]


def test_two_authors_of_one_case_see_both_texts_and_those_of_two_cases_do_not_meet(hana, course):
    first, second = hana.get(f"{HERE}cases/P-e1/"), hana.get(f"{HERE}cases/P-e1/")
    other = hana.get(f"{HERE}cases/P-e2/")
    assert hana.post(f"{HERE}cases/P-e1/", sent(first, title="Mine")).status_code == 302
    assert hana.post(f"{HERE}cases/P-e2/", sent(other, title="Another")).status_code == 302
    late = hana.post(f"{HERE}cases/P-e1/", sent(second, title="Yours"))
    assert late.status_code == 409
    assert "Their text" in late.content.decode()
    assert "title: Mine" in late.content.decode()
    assert [case["title"] for case in cases_of(course)][:2] == ["Mine", "Another"]
    assert hana.post(f"{HERE}cases/P-e1/", sent(late)).status_code == 302
    assert cases_of(course)[0]["title"] == "Yours"


def test_a_case_that_somebody_took_out_meanwhile_is_put_in_again_knowingly(hana, course):
    page = hana.get(f"{HERE}cases/P-e3/")
    hana.post(f"{HERE}change/", act(course, "remove:2"))
    late = hana.post(f"{HERE}cases/P-e3/", sent(page, title="Still here"))
    assert late.status_code == 409
    assert hana.post(f"{HERE}cases/P-e3/", sent(late)).status_code == 302
    assert cases_of(course)[-1]["title"] == "Still here"


# --- as text


def test_a_case_is_written_as_text_uid_and_all(hana, course):
    page = hana.get(f"{HERE}cases/P-e1/text/")
    source = page.context["source"].replace("uid: P-e1", "uid: due-friday", 1)
    answer = hana.post(f"{HERE}cases/P-e1/text/", {"source": source, "seen": page.context["desk"].seen})
    assert answer.status_code == 302
    assert uids(course) == ["due-friday", "P-e2", "P-e3"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("mood: 4", "mood: 44", "mood: The most is 10."),
        ("mood: 4", "mood: [", "this is not YAML"),
        ("uid: P-e1", "uid: P-e2", "Another case of this lesson has this uid."),
        ("level: basic", "levle: basic", "levle: This has no place here."),
    ],
)
def test_what_is_wrong_in_a_text_is_said_with_its_line(hana, course, old, new, said):
    page = hana.get(f"{HERE}cases/P-e1/text/")
    source = page.context["source"].replace(old, new, 1)
    answer = hana.post(f"{HERE}cases/P-e1/text/", {"source": source, "seen": page.context["desk"].seen})
    assert answer.status_code == 422
    line = source[: source.index(new)].count("\n") + 1
    html = answer.content.decode()
    assert said in html
    assert f"Line {line}:" in html or new == "mood: ["
    assert text_of(course).version == 1


def test_a_text_that_is_no_case_is_refused(hana, course):
    for source in ("", "- a\n- b\n", "just words"):
        answer = hana.post(f"{HERE}cases/P-e1/text/", {"source": source, "seen": "x"})
        assert answer.status_code == 422
        assert "Write a case as names and values" in answer.content.decode()


def test_a_text_that_is_too_long_is_refused_and_never_cut(hana, course):
    page = hana.get(f"{HERE}cases/P-e1/text/")
    seen, long = page.context["desk"].seen, f"# {'x' * 100_000}\n"
    by_text = hana.post(f"{HERE}cases/P-e1/text/", {"source": page.context["source"] + long, "seen": seen})
    by_form = hana.post(f"{HERE}cases/P-e1/", sent(hana.get(f"{HERE}cases/P-e1/"), rest=long))
    for answer in (by_text, by_form):
        assert answer.status_code == 422
        assert "a case has 100000 characters at most" in answer.content.decode().replace(",", "")
    assert text_of(course).version == 1


# --- a look, and a run


def test_how_a_case_looks_is_shown_while_it_is_written(hana, course):
    page = hana.get(f"{HERE}cases/P-e1/")
    html = hana.post(
        f"{HERE}cases/P-e1/look/", sent(page, **{"nodes.0.says": "Where is it?"}), headers={"HX-Request": "true"}
    ).content.decode()
    assert "Where is it?" in html
    assert "Names the deadline" not in html  # a learner does not read it either
    whole = hana.post(f"{HERE}cases/P-e1/look/", sent(page, **{"nodes.0.says": "Where is it?"}))
    assert 'id="case-form"' in whole.content.decode()
    broken = hana.post(f"{HERE}cases/P-e1/look/", sent(page, person=""), headers={"HX-Request": "true"})
    assert "Before it can be shown, 1 thing is missing or wrong." in broken.content.decode()
    assert text_of(course).version == 1


def test_who_was_signed_out_while_writing_a_case_is_not_led_away_from_it(client, course):
    look = client.post(f"{HERE}cases/P-e1/look/", {"title": "Half a"}, headers={"HX-Request": "true"})
    assert (look.status_code, "HX-Redirect" in look) == (401, False)


@pytest.mark.parametrize("name", sorted({name for name, _case in SHIPPED}))
def test_every_engine_shows_how_its_cases_look_and_saves_what_it_showed(client_of, instructor, name):
    case = next(case for engine, case in SHIPPED if engine == name)
    course = publish_practice(slug="any-course", owner=instructor, engine=name, cases=[case])
    here, client = f"/author/courses/any-course/practice/{LESSON}/cases/{case['uid']}/", client_of(instructor)
    page = client.get(here)
    assert "faults" not in page.context["look"]
    assert page.context["look"]["key"] == []
    assert client.post(here, sent(page, title="Another title")).status_code == 302
    assert cases_of(course)[0]["title"] == "Another title"


def test_an_author_plays_a_case_as_a_trainee_and_it_is_never_counted(hana, course, instructor):
    answer = hana.post(f"{HERE}cases/P-e1/play/")
    run = PracticeRun.objects.get(learner=instructor)
    assert answer["Location"] == f"/practice/runs/{run.pk}/"
    assert run.purpose == PracticeRun.Purpose.PREVIEW
    assert f'href="{HERE}cases/P-e1/?language=en"' in hana.get(answer["Location"]).content.decode()
    saved = hana.post(f"{HERE}cases/P-e1/", sent(hana.get(f"{HERE}cases/P-e1/"), title="Played", act="play"))
    assert saved["Location"].startswith("/practice/runs/")
    assert PracticeRun.objects.latest("pk").case["title"] == "Played"


# --- the list


def test_cases_move_are_copied_taken_out_and_put_back(hana, course):
    hana.post(f"{HERE}change/", act(course, "down:0"))
    assert uids(course) == ["P-e2", "P-e1", "P-e3"]
    hana.post(f"{HERE}change/", act(course, "duplicate:0"))
    assert uids(course) == ["P-e2", "forty-dollars-for-a-returned-book-co", "P-e1", "P-e3"]
    page = hana.post(f"{HERE}change/", act(course, "remove:2"))
    assert "P-e1" not in uids(course)
    assert "The paper is due on Friday" in page.content.decode()
    hana.post(f"{HERE}change/", act(course, "restore", undo=page.context["undo"]))
    assert uids(course) == ["P-e2", "forty-dollars-for-a-returned-book-co", "P-e1", "P-e3"]


@pytest.mark.parametrize("what", ["up:0", "remove:9", "remove:x", "restore", "burn:1", ""])
def test_a_change_that_makes_no_sense_changes_nothing(hana, course, what):
    assert hana.post(f"{HERE}change/", act(course, what, undo="forged")).status_code == 302
    assert uids(course) == ["P-e1", "P-e2", "P-e3"]


def test_a_change_of_a_list_that_has_changed_is_refused(hana, course):
    stale = act(course, "remove:0") | {"version": 0}
    assert "Somebody else" in hana.post(f"{HERE}change/", stale, follow=True).content.decode()
    assert len(uids(course)) == 3


def test_cases_are_searched_and_sorted(hana, course):
    def titles(query: str) -> list[str]:
        return [row["title"] for row in hana.get(f"{HERE}?{query}").context["rows"]]

    assert titles("q=lender+friday") == []
    assert titles("q=FORTY") == ["Forty dollars for a returned book"]
    assert titles("sort=title")[0] == "Forty dollars for a returned book"
    assert titles("sort=level")[0] == "The paper is due on Friday"
    assert "No case has “lender friday”" in hana.get(f"{HERE}?q=lender+friday").content.decode()


def test_the_list_costs_the_same_for_three_cases_and_for_thirty(hana, course, django_assert_max_num_queries):
    text = text_of(course)
    text.content["cases"] = [{**TALKS[0], "uid": f"case-{number}"} for number in range(30)]
    text.save()
    with django_assert_max_num_queries(14):
        assert hana.get(HERE).content.decode().count("row__title") == 30
    with django_assert_max_num_queries(12):
        hana.get(f"{HERE}cases/case-7/")


# --- who


def test_a_reviewer_reads_and_plays_but_changes_nothing(course, client_of, stranger):
    CourseEditor.objects.create(course=course, person=stranger, role=CourseEditor.Role.REVIEWER)
    client = client_of(stranger)
    assert client.get(HERE).status_code == 200
    page = client.get(f"{HERE}cases/P-e1/")
    assert "Save and play" not in page.content.decode()
    assert client.post(f"{HERE}cases/P-e1/", sent(page, title="No")).status_code == 403
    assert client.post(f"{HERE}change/", act(course, "remove:0")).status_code == 403
    assert client.get(f"{HERE}new/").status_code == 403
    assert client.post(f"{HERE}cases/P-e1/play/").status_code == 302


def test_an_engine_as_small_as_can_be_has_its_form_too(client_of, instructor):
    publish_practice(slug="small-course", owner=instructor, cases=[errands()])
    here = f"/author/courses/small-course/practice/{LESSON}/"
    client = client_of(instructor)
    page = client.get(f"{here}cases/case-1/")
    assert page.context["page"].rest.startswith("errands:")
    assert client.post(f"{here}cases/case-1/", sent(page, rest="errands: [renew, lend]")).status_code == 302
    assert text_of(Course.objects.get(slug="small-course")).content["cases"][0]["errands"] == ["renew", "lend"]
