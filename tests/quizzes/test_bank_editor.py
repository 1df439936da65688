"""The question form: what a type declares is drawn, read back unchanged, and complained of beside its field."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from quizzes.forms.question import read
from quizzes.forms.question_drawing import draw, form_data
from quizzes.forms.question_rows import act, blank, without_blanks
from quizzes.registry import types
from quizzes.soundness import faults_of, shape_faults, warnings_of
from tests.factories.questions import contents

CONTENTS = contents()
FILES = {"spine.png"}


def through_the_form(content: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    kind = types[content["type"]]
    sent = form_data(draw(kind, content))
    return types[kind.name].snapshot({"uid": content["uid"], **read(kind, sent, base)})


def test_there_is_a_sound_content_of_every_type():
    """A type that is registered and not tried here would be a hole in every test below."""
    assert set(CONTENTS) == set(types)
    for name, content in CONTENTS.items():
        assert faults_of(content, FILES) == [], name


@pytest.mark.parametrize("name", sorted(CONTENTS))
def test_a_question_comes_back_from_its_form_unchanged(name):
    canonical = types[name].snapshot(CONTENTS[name])
    assert through_the_form(canonical, canonical) == canonical
    assert through_the_form(canonical, {}) == canonical, "the form cannot make all of it"


@pytest.mark.parametrize("name", sorted(CONTENTS))
def test_what_no_field_shows_is_kept(name):
    canonical = types[name].snapshot({**CONTENTS[name], "format": "html", "facts": ["loan-period"]})
    assert through_the_form(canonical, canonical) == canonical


def test_variables_may_name_their_values():
    content = {**CONTENTS["calc"], "variables": [{"id": "a", "values": ["1", "3"]}, CONTENTS["calc"]["variables"][1]]}
    canonical = types["calc"].snapshot(content)
    assert faults_of(canonical, set()) == []
    assert through_the_form(canonical, canonical) == canonical
    assert through_the_form(canonical, {}) == canonical

    sent = form_data(draw(types["calc"], canonical))
    sent["variables.0.values"] = "2, 4;8 "
    assert read(types["calc"], sent, canonical)["variables"][0]["values"] == ["2", "4", "8"]
    sent["variables.0.values"] = ""
    assert "values" not in read(types["calc"], sent, canonical)["variables"][0]


@pytest.mark.parametrize("name", sorted(CONTENTS))
def test_a_blank_form_says_at_its_fields_what_is_missing(name):
    kind = types[name]
    content = without_blanks(kind, read(kind, form_data(draw(kind, blank(kind))), {}))
    found = shape_faults({"uid": "new", **content})
    page = draw(kind, content, faults=found)
    assert found
    assert not page.others
    assert ("q-stem", "Question", "Fill this in.") in page.summary
    assert page.stem.faults == ["Fill this in."]


@pytest.mark.parametrize("name", sorted(CONTENTS))
def test_every_list_grows_shrinks_and_is_put_in_another_order(name):
    kind = types[name]
    for rows in kind.editor.rows:
        content = read(kind, form_data(draw(kind, CONTENTS[name])), CONTENTS[name])
        before = [each["id"] for each in content.get(rows.name, [])]
        assert act(kind, content, f"add:{rows.name}") == f"{rows.name}.{len(before)}"
        ids = [each["id"] for each in content[rows.name]]
        assert ids[:-1] == before
        assert len(set(ids)) == len(ids)
        if before:
            act(kind, content, f"up:{rows.name}.{len(before)}")
            assert content[rows.name][-1]["id"] == before[-1]
            act(kind, content, f"down:{rows.name}.{len(before) - 1}")
        act(kind, content, f"remove:{rows.name}.{len(before)}")
        assert [each["id"] for each in content[rows.name]] == before
        for inner in [*([rows.inner] if rows.inner else []), *rows.also]:
            assert act(kind, content, f"add:{rows.name}.0.{inner.name}").startswith(f"{rows.name}.0.{inner.name}.")


@pytest.mark.parametrize(
    "wanted",
    ["", "add", "add:", "add:nothing", "up:options.99", "remove:options.-1", "up:options.x", "add:options.0.text",
     "explode:options.0", "add:options.99.levels", "up:hints.0.text.3", "remove:hints.0", "down:options.1" * 200],
)  # fmt: skip
def test_a_button_that_is_none_changes_nothing(wanted):
    kind = types["single"]
    content = {key: value for key, value in contents()["single"].items() if key != "hints"}
    before = repr(content.get("options"))
    assert act(kind, content, wanted) == ""
    assert repr(content["options"]) == before


def test_hints_are_added_moved_and_dropped_when_blank():
    kind = types["single"]
    content = contents()["single"]
    assert act(kind, content, "add:hints") == "hints.1"
    assert draw(kind, content).hints.items[1].place == "hints.1"
    act(kind, content, "up:hints.1")
    assert content["hints"] == ["", "Think of *lending*."]
    assert without_blanks(kind, content)["hints"] == ["Think of *lending*."]


def test_a_row_in_which_nobody_wrote_is_left_out_while_enough_stay():
    kind = types["single"]
    content = contents()["single"]
    act(kind, content, "add:options")
    assert len(read(kind, form_data(draw(kind, content)), content)["options"]) == 5
    assert (
        without_blanks(kind, read(kind, form_data(draw(kind, content)), content))["options"]
        == CONTENTS["single"]["options"]
    )


@pytest.mark.parametrize(
    ("name", "field", "value", "place", "said"),
    [
        ("single", "options.1.text", "", "options.1.text", "Fill this in."),
        ("single", "points", "many", "points", "Write a whole number."),
        ("single", "points", "101", "points", "The most is 100."),
        ("single", "stem", "x" * 4001, "stem", "This is longer than 4000 characters; shorten it."),
        ("single", "options.0.share", "a third", "options.0.share", "Write a percentage such as 50 or 33.33333."),
        ("num", "answers.0.value", "NaN", "answers.0.value", "Write a number such as 12.5 or -3."),
        ("num", "answers.0.value", "1e999", "answers.0.value", "Write a number such as 12.5 or -3."),
        ("cloze", "gaps.0.id", "no good", "gaps.0.id", "Use letters, digits and hyphens."),
        ("calc", "variables.0.max", "", "variables.0.max", "Fill this in."),
        ("group", "items.0.group", "zz", "items.0.group", None),
        ("date", "answers.0.value", "tomorrow", "answers.0.value", None),
        ("essay", "rubric.0.levels.1.points", "lots", "rubric.0.levels.1.points", "Write a whole number."),
        ("hotspot", "areas.0.coords", "left, right", "areas.0.coords", None),
    ],
)
def test_a_fault_stands_at_its_field(name, field, value, place, said):
    kind = types[name]
    data = form_data(draw(kind, CONTENTS[name]))
    data[field] = value
    content = {"uid": "new", **read(kind, data, CONTENTS[name])}
    found = dict(faults_of(content, FILES))
    assert place in found
    assert said in (None, found[place])
    page = draw(kind, content, faults=list(found.items()))
    assert f"q-{place.replace('.', '-')}" in [id_ for id_, _label, _said in page.summary]
    assert not page.others


def test_a_missing_reply_is_a_warning_and_a_missing_file_a_fault():
    bare = {**CONTENTS["single"], "options": [{**each, "feedback": ""} for each in CONTENTS["single"]["options"]]}
    assert faults_of(bare, set()) == []
    assert [path for path, _said in warnings_of(bare)] == [f"options.{number}.feedback" for number in range(4)]
    page = draw(types["single"], bare, warnings=warnings_of(bare))
    assert page.lists[0].items[0].controls[-1].warnings == ["This option has no reply of its own."]
    assert dict(faults_of(CONTENTS["hotspot"], set()))["image"].startswith("The file “spine.png” is not there")
    shown = {**CONTENTS["single"], "stem": "Look: ![a desk](media/desk.png)"}
    assert [path for path, _said in faults_of(shown, set())] == ["stem"]


NAUGHTY = st.text(max_size=40) | st.sampled_from(
    ["<script>alert(1)</script>", "\x00", "\u202eabc", "𝕬" * 5, "${7*7}", "NaN", "-1"]
)


@given(st.sampled_from(sorted(CONTENTS)), st.dictionaries(st.sampled_from(
    ["stem", "points", "hints.0.text", "options.0.id", "options.0.text", "options.7.id", "options.999999.id",
     "gaps.0.options.0.id", "rubric.0.levels.3.id", "variables.0.min", "areas.0.coords", "back_to", "type", "uid"]
), NAUGHTY))  # fmt: skip
def test_nothing_that_is_sent_breaks_the_form(name, sent):
    kind = types[name]
    data = form_data(draw(kind, CONTENTS[name]))
    for key, value in sent.items():
        data[key] = value
    content = {"uid": "new", **without_blanks(kind, read(kind, data, CONTENTS[name]))}
    assert content["type"] == name
    found = faults_of(content, FILES)
    draw(kind, content, faults=found)
    if not found:
        kind.snapshot(content)


def test_an_empty_post_is_an_unsound_question_and_no_error():
    for name, kind in types.items():
        assert shape_faults({"uid": "new", **read(kind, QueryDict(), {})}), name
