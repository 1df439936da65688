"""Citation repair: what a search finds, when values agree, what is worth what, and when there is nothing to find."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import isbn, issn

from quizzes.engines.citation import Citation
from quizzes.engines.citation.cases import contents_of, evidence_of, given_of, listed
from quizzes.engines.citation.matching import accents_differ, one_edit_apart, pages, same
from quizzes.engines.citation.records import catalogue, search
from quizzes.engines.registry import NotAllowed
from quizzes.engines.scoring import key_faults, percent, play

ENGINE = Citation()
LESSON = Path(__file__).resolve().parents[3] / "media/courses/practice-desk/lessons/repair-a-citation.yaml"
CASES = {case["uid"]: case for case in yaml.safe_load(LESSON.read_text())["cases"]}
A1, A2, A3 = CASES["P-a1"], CASES["P-a2"], CASES["P-a3"]
SEEDS = st.integers(min_value=1, max_value=2**32 - 1)
LEVELS = st.sampled_from(["basic", "working", "advanced"])


def found(query: str, name: str = "m1") -> list[str]:
    return [each["id"] for each in search(catalogue(name), query)]


def fractions(case: dict[str, Any], **but: Any) -> dict[str, float]:
    """What the right answers earn when those in ``but`` differ, part by part."""
    answers = ENGINE.clean(case, {**ENGINE.right(case), **but})
    return {part.key: float(part.fraction) for part in ENGINE.parts(case, answers, {})}


def worth(case: dict[str, Any], **but: Any) -> int:
    return percent(ENGINE.parts(case, ENGINE.clean(case, {**ENGINE.right(case), **but}), {}))


def changed(case: dict[str, Any], **but: Any) -> dict[str, Any]:
    return {**copy.deepcopy(case), **but}


def without(case: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in copy.deepcopy(case).items() if name not in names}


# --- the catalogue


def test_all_words_of_a_search_have_to_be_in_a_record():
    assert found("tidal marsh") == ["R1", "R2"]
    assert found("tidal marsh lindqvist") == ["R2"]
    assert found("tidal swamp") == []
    assert found("") == []


def test_a_search_finds_abbreviations_earlier_titles_and_numbers_however_they_are_written():
    assert found("Coast. Restor. Lett.") == ["R3"]
    assert found("estuary notes") == ["R3"]
    assert found("9990-0017") == found("99900017") == ["R3"]
    assert found("978-0-99999-014-8") == found("9780999990148") == ["R7"]


def test_container_and_volume_give_the_contents_list():
    assert found("coastal restoration letters vol. 14") == ["R1", "R4", "R5"]
    assert [each["id"] for each in contents_of(A1)] == ["R1", "R4", "R5"]


def test_the_catalogue_of_the_generator_has_25_records_whose_numbers_are_valid():
    assert len(catalogue("m2")) == 25
    assert len({each["id"] for each in catalogue("m2")}) == 25
    for record in [*catalogue("m1"), *catalogue("m2")]:
        assert all(isbn.is_valid(each) for each in listed(record.get("isbn", "")))
        assert issn.is_valid(record.get("issn", "9990-0017"))


# --- agreeing


@pytest.mark.parametrize(
    ("field", "given", "right"),
    [
        ("pages", "pp. 211-29", "211–229"),
        ("pages", "211 — 229", "211–229"),
        ("authors", "P. Okonjo", "Okonjo, P."),
        ("authors", "Corvin M & Arden S", "Corvin, M.; Arden, S."),
        ("year", "September 2021", "2021"),
        ("volume", "Vol. 14", "14"),
        ("issn", "ISSN 99900017", "9990-0017"),
        ("isbn", "9780999990131", "0-99999-013-6; 978-0-99999-013-1"),
        ("isbn", "0 99999 013 6", "978-0-99999-013-1"),
        ("container", "coastal restoration  letters.", "Coastal Restoration Letters"),
        ("title", "The surveyor's borrowed chain", "The surveyor’s borrowed chain"),
    ],
)
def test_what_is_written_in_another_way_says_the_same(field, given, right):
    assert same(field, given, right)


@pytest.mark.parametrize(
    ("field", "given", "right"),
    [
        ("pages", "211", "211–229"),
        ("pages", "221-29", "211–229"),
        ("authors", "Arden, S.; Corvin, M.", "Corvin, M.; Arden, S."),
        ("container", "Coast. Restor. Lett.", "Coastal Restoration Letters"),
        ("isbn", "none", "978-0-99999-013-1"),
        ("year", "", ""),
    ],
)
def test_what_says_something_else_is_not_the_same(field, given, right):
    assert not same(field, given, right)


@given(st.integers(1, 9999), st.integers(0, 98))
def test_a_shortened_last_page_is_the_whole_one(first: int, more: int):
    last = str(first + more)
    for cut in range(len(last)):
        if last[:cut] == str(first)[:cut] and len(last) == len(str(first)):
            assert pages(f"{first}-{last[cut:]}") == f"{first}-{last}"


@given(st.text(alphabet="abc", min_size=1, max_size=6), st.integers(0, 5))
def test_a_letter_left_out_is_one_edit(word: str, at: int):
    shorter = word[:at] + word[at + 1 :]
    assert one_edit_apart(word, shorter) is (word != shorter)
    assert not one_edit_apart(word, word)
    assert not one_edit_apart(word, word + "xy")


def test_accents_do_not_count_and_are_worth_a_word():
    assert same("title", "Sundby pa ny", "Sundby på ny")
    assert accents_differ("Sundby pa ny", "Sundby på ny")


# --- worth: verdict 25, record 20, kind 10, fields 35, note 10


def test_the_weights_add_up_to_a_hundred():
    assert worth(A1) == 100
    assert worth(A1, verdict="verified") == 75
    assert worth(A1, record="R4") == 80
    assert worth(A1, genre="book") == 90
    assert worth(A1, note="") == 90
    assert worth(A1, **dict.fromkeys(("container", "year", "volume", "issue", "pages", "issn"), "")) == 65


def test_a_near_record_is_worth_its_share():
    assert fractions(A1, record="R2")["record"] == 0.25
    assert fractions(A1, record="none")["record"] == 0


def test_close_values_are_worth_half():
    assert fractions(A1, year="2022")["field.year"] == 0.5
    assert fractions(A1, year="2012")["field.year"] == 0
    assert fractions(A1, pages="211")["field.pages"] == 0.5
    swapped = fractions(A1, volume="3", issue="14")
    assert (swapped["field.volume"], swapped["field.issue"]) == (0.5, 0.5)
    assert fractions(A1, volume="3")["field.volume"] == 0
    assert fractions(A2, editor="Hadad, N.")["field.editor"] == 0.5


def test_claiming_what_does_not_exist_caps_the_whole_at_one_half():
    assert worth(A3) == 100
    assert worth(A3, verdict="verified_with_changes") == 50
    assert worth(A3, verdict="verified") == 50
    assert worth(A3, verdict="") == 75


def test_of_what_cannot_be_verified_linking_nothing_and_two_pieces_of_evidence_count():
    assert worth(A3, record="R5") == 80
    assert fractions(A3, evidence=["straddle"])["evidence"] == 0.5
    assert fractions(A3, evidence=["straddle", "blend", "no_title"])["evidence"] == 1
    assert fractions(A3, evidence=["straddle", "blend", "sounds_odd"])["evidence"] == 0.5
    assert fractions(A3, evidence=["sounds_odd"])["evidence"] == 0


def test_the_note_is_looked_through_for_what_it_has_to_say():
    assert worth(A1, note="Is the YEAR right?") == 95
    assert worth(A1, note="Hello") == 90


def test_nobody_earns_anything_for_an_empty_form_not_even_where_no_record_is_right():
    for case in (A1, A3):
        assert percent(ENGINE.parts(case, {}, {})) == 0


@given(SEEDS, LEVELS, st.data())
@settings(max_examples=30, deadline=None)
def test_putting_one_answer_right_never_costs_anything(seed, level, data):
    case = ENGINE.generate(seed, level)
    right = ENGINE.right(case)
    junk = {name: ["sounds_odd"] if isinstance(value, list) else "verified" for name, value in right.items()}
    mixed = {name: data.draw(st.sampled_from([right[name], junk[name]])) for name in right}
    before = percent(ENGINE.parts(case, ENGINE.clean(case, mixed), {}))
    name = data.draw(st.sampled_from(sorted(right)))
    assert percent(ENGINE.parts(case, ENGINE.clean(case, {**mixed, name: right[name]}), {})) >= before


def test_exchanged_numbers_put_right_one_after_the_other_never_cost_anything():
    assert worth(A1, volume="3", issue="14") <= worth(A1, issue="14") <= worth(A1)


# --- evidence


def test_the_catalogue_shows_the_signs_of_an_invented_citation():
    assert evidence_of(A3) == ["no_title", "straddle", "no_joint_work", "blend"]
    ferries = CASES["ferries-and-ropewalks"]
    assert evidence_of(ferries) == ["no_title", "straddle", "never_there", "blend", "volume_year", "generated"]
    assert evidence_of(CASES["a-number-of-something-else"]) == ["no_title", "blend", "elsewhere"]


def test_pages_of_one_real_article_straddle_nothing():
    fields = [{**row, "given": "239–251"} if row["id"] == "pages" else row for row in A3["fields"]]
    assert "straddle" not in evidence_of(changed(A3, fields=fields))


# --- soundness


def places(case: dict[str, Any]) -> list[str]:
    return [where for where, _text in ENGINE.faults(case)]


def test_a_citation_that_another_record_fits_as_well_is_refused():
    twin = {"id": "X1", "genre": "article", "authors": "Okonjo, P.", "title": "Tidal marsh recovery after dike removal"}
    place = {
        "container": "Coastal Restoration Letters",
        "year": "2021",
        "volume": "14",
        "issue": "3",
        "pages": "211–229",
    }
    assert places(changed(A1, records=[{**twin, **place}])) == ["target"]
    assert places(changed(A1, records=[twin])) == []


def test_what_was_right_cannot_be_graded_as_mended():
    fields = [{**row, "given": "2021"} if row["id"] == "year" else row for row in A1["fields"]]
    assert places(changed(A1, fields=fields)) == ["fields.3.given"]


def test_what_stands_as_it_is_agrees_with_its_record():
    case = CASES["nothing-to-mend"]
    fields = [{**row, "given": "Sediment budgets"} if row["id"] == "title" else row for row in case["fields"]]
    assert places(changed(case, fields=fields)) == ["fields.1.given"]


def test_what_cannot_be_verified_names_its_kind_no_record_and_shows_two_signs():
    assert places(changed(A3, target="R1")) == ["target"]
    assert places(without(A3, "genre")) == ["genre"]
    real = [{"id": "title", "given": "Reed beds and grief"}]
    assert places(changed(A3, fields=real)) == ["fields", "fields"]


def test_a_case_names_its_record_once_and_known_ones_only():
    assert places(without(A1, "target")) == ["target"]
    assert places(changed(A1, near=[{"id": "R99"}])) == ["near.0.id"]
    assert places(changed(A1, records=[{"id": "R1", "genre": "book", "title": "A"}])) == ["records"]


def test_five_hundred_seeds_are_sound_and_each_repeats_itself():
    verdicts = set()
    for seed in range(500):
        case = ENGINE.generate(seed, ("basic", "working", "advanced")[seed % 3])
        assert ENGINE.faults(case) == []
        verdicts.add(case["verdict"])
        if seed % 25 == 0:
            assert key_faults(ENGINE, case) == []
            assert json.dumps(case) == json.dumps(ENGINE.generate(seed, ("basic", "working", "advanced")[seed % 3]))
    assert verdicts == {"verified", "verified_with_changes", "not_verifiable"}


# --- the desk


def at_the_desk(case: dict[str, Any], *moves: dict[str, Any], mode: str = "coach") -> dict[str, Any]:
    return play(ENGINE, case, moves, mode=mode)


def test_the_form_first_holds_what_the_citation_says_and_later_what_was_left_in_it():
    fresh = ENGINE.show(A1, at_the_desk(A1))
    values = {row.name: row.value for row in [*fresh["wide"], *fresh["short"]]}
    assert {name: value for name, value in values.items() if value} == given_of(A1)
    emptied = ENGINE.show(A1, at_the_desk(A1, {"verb": "keep", "answers": {}}))
    assert not any(row.value for row in [*emptied["wide"], *emptied["short"]])


def test_looking_around_keeps_what_was_filled_in():
    state = at_the_desk(
        A1,
        {"verb": "search", "q": " tidal marsh ", "answers": {"year": "2021"}},
        {"verb": "lay", "desk": ["R1", "R2", "R9"]},
        {"verb": "search", "q": ""},
    )
    assert state["answers"] == {"year": "2021"}
    assert state["desk"] == ["R1", "R2"]
    assert state["log"] == ["tidal marsh"]


def test_at_most_ten_records_are_listed_and_the_linked_one_stays_in_sight():
    many = [{"id": f"X{at}", "genre": "book", "title": f"Marsh {at}"} for at in range(12)]
    case = changed(A1, records=many)
    scene = ENGINE.show(case, at_the_desk(case, {"verb": "search", "q": "marsh", "answers": {"record": "R9"}}))
    assert [each["id"] for each in scene["hits"]] == ["R1", "R2", *(f"X{at}" for at in range(8)), "R9"]
    assert (scene["total"], scene["more"]) == (14, True)


def test_two_records_stand_beside_the_citation_field_by_field():
    state = at_the_desk(A1, {"verb": "search", "q": "tidal marsh"}, {"verb": "lay", "desk": ["R1", "R2"]})
    table = ENGINE.show(A1, state)["beside"]
    years = next(row for row in table["rows"] if row["label"] == "Year")
    assert [cell["value"] for cell in years["cells"]] == ["2012", "2021", "2022"]


def test_the_coach_speaks_of_needless_changes_and_of_contents_never_searched():
    answers = {**ENGINE.right(A1), "title": "Tidal marsh recovery", "year": "2012"}
    reply = ENGINE.reply(A1, at_the_desk(A1, {"verb": "check", "answers": answers}))
    assert [line.split(";")[0] for line in reply.details] == [
        "You changed “Title”",
        "You never searched the contents of the volume.",
    ]
    looked = at_the_desk(A1, {"verb": "search", "q": "restoration letters 14"}, {"verb": "check", "answers": answers})
    assert len(ENGINE.reply(A1, looked).details) == 1
    assert ENGINE.reply(A1, at_the_desk(A1, {"verb": "search", "q": "marsh"})) is None


def test_searches_stand_in_the_told_path():
    state = at_the_desk(A1, *ENGINE.expert(A1))
    words = [line.words for line in ENGINE.told(A1, state, ENGINE.expert(A1))]
    assert words[:2] == [
        "Searched for “Tidal marsh recovery after dike removal”",
        "Searched for “Coastal Restoration Letters 14”",
    ]


def test_nothing_shown_before_a_check_says_what_is_right():
    fresh = str(ENGINE.show(A1, at_the_desk(A1))) + str(ENGINE.actions(A1, at_the_desk(A1)))
    assert "2021" not in fresh
    assert "229" not in fresh
    checked = ENGINE.show(A1, at_the_desk(A1, {"verb": "check", "answers": {"year": "2012", "volume": "14"}}))
    tones = {row.name: row.mark.tone for row in [*checked["wide"], *checked["short"]] if row.mark}
    assert (tones["year"], tones["volume"]) == ("bad", "ok")
    assert "2021" not in str(checked)


def test_a_check_does_not_say_for_nothing_what_a_hint_has_its_price_for():
    state = at_the_desk(A1, {"verb": "check", "answers": {"year": "2012", "genre": "book", "verdict": "verified"}})
    scene = str(ENGINE.show(A1, state))
    assert not any(text in scene for text in ENGINE.hints(A1, state).values())


def test_hints_say_nothing_of_what_kind_of_case_it_is_before_the_coach_was_asked():
    assert list(ENGINE.hints(A1, at_the_desk(A1))) == list(ENGINE.hints(A3, at_the_desk(A3)))
    asked = {"verb": "check", "answers": {"genre": "article"}}
    assert "field.year" in ENGINE.hints(A1, at_the_desk(A1, asked))
    assert "evidence" in ENGINE.hints(A3, at_the_desk(A3, asked))


NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(NONSENSE)
@settings(max_examples=60, deadline=None)
def test_nonsense_is_read_as_not_answered(nonsense):
    answers = dict.fromkeys(("verdict", "record", "genre", "evidence"), nonsense)
    for moves in (
        [{"verb": "finish", "answers": nonsense}],
        [{"verb": "search", "q": nonsense, "answers": nonsense}, {"verb": "finish", "answers": answers}],
    ):
        state = at_the_desk(A3, *moves)
        assert percent(ENGINE.grade(A3, state)) == 0


def test_laying_nonsense_side_by_side_lays_nothing():
    for nonsense in (None, 7, "R1", {"R1": 1}, [["R1"], None]):
        assert at_the_desk(A1, {"verb": "search", "q": "marsh"}, {"verb": "lay", "desk": nonsense})["desk"] == []


def test_a_form_is_read_by_the_names_of_its_fields():
    data = QueryDict("q=+marsh&year=2021&record=R1&evidence=blend&evidence=x&verdict=maybe&desk=R1")
    move = ENGINE.parse(A1, at_the_desk(A1), "search", data)
    assert move == {"verb": "search", "answers": {"year": "2021", "record": "R1", "evidence": ["blend"]}, "q": "marsh"}
    assert ENGINE.parse(A1, at_the_desk(A1), "lay", data)["desk"] == ["R1"]
    over = at_the_desk(A1, {"verb": "finish", "answers": {}})
    with pytest.raises(NotAllowed):
        ENGINE.act(A1, over, move)
