"""What holds for every practice engine and for every case that the project ships, whatever they are about."""

import json
from pathlib import Path

import pytest
import yaml
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from core.errors import Conflict, InvalidInput
from quizzes.engines.base import FormEngine
from quizzes.engines.registry import engines
from quizzes.engines.scoring import key_faults, percent, play

ROOT = Path(__file__).resolve().parents[3]
LEVELS = ("basic", "working", "advanced")
SEEDS = st.integers(min_value=1, max_value=2**32 - 1)
PLAYED = settings(max_examples=25, deadline=None)


def shipped() -> list[tuple[str, dict]]:
    """``(engine, case)`` of every practice lesson in the repository's course folders."""
    found = []
    for path in sorted((ROOT / "media").glob("*/*/lessons/*.yaml")):
        lesson = yaml.safe_load(path.read_text())
        if lesson.get("kind") == "practice":
            found += [(lesson["engine"], case) for case in lesson.get("cases", ())]
    return found


SHIPPED = shipped()
NAMES = sorted(engines)


def faults(name: str, case: dict) -> list[str]:
    engine = engines[name]
    wrong = [f"{each.json_path}: {each.message}" for each in Draft202012Validator(engine.case_schema).iter_errors(case)]
    return wrong or [f"{where}: {text}" for where, text in [*engine.faults(case), *key_faults(engine, case)]]


@pytest.mark.parametrize(("name", "case"), SHIPPED, ids=[case["uid"] for _name, case in SHIPPED])
def test_a_shipped_case_is_sound_and_its_key_and_named_paths_earn_what_they_say(name: str, case: dict):
    assert faults(name, case) == []


@pytest.mark.parametrize("name", NAMES)
def test_an_engine_comes_with_twelve_cases_of_its_own_each_with_a_wrong_path(name: str):
    own = [case for engine, case in SHIPPED if engine == name]
    assert len({case["uid"] for case in own}) >= 12
    assert all(case.get("paths") for case in own)


@pytest.mark.parametrize("name", NAMES)
@given(seed=SEEDS, level=st.sampled_from(LEVELS))
@PLAYED
def test_a_seed_gives_one_sound_world(name: str, seed: int, level: str):
    case = engines[name].generate(seed, level)
    assert json.dumps(case) == json.dumps(engines[name].generate(seed, level))
    assert faults(name, case) == []


@pytest.mark.parametrize(("name", "case"), SHIPPED, ids=[case["uid"] for _name, case in SHIPPED])
def test_who_did_everything_right_has_nothing_to_review(name: str, case: dict):
    engine = engines[name]
    assert engine.misses(case, play(engine, case, engine.expert(case))) == []


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@PLAYED
def test_any_walk_keeps_score_in_bounds_and_state_as_it_was(name: str, data: st.DataObject):
    """Whatever is offered may be done with whatever is offered for it; a move never changes the state it began from."""
    engine = engines[name]
    seed = data.draw(SEEDS)
    case = engine.generate(seed)
    state = play(engine, case, [], seed=seed)
    keys = [part.key for part in engine.grade(case, state)]
    assert len(set(keys)) == len(keys)
    for _step in range(data.draw(st.integers(0, 8))):
        offered = engine.actions(case, state)
        if not offered:
            break
        action = data.draw(st.sampled_from(offered))
        move = {"verb": action.verb}
        for control in action.controls:
            if control.choices:
                values = [value for value, _label in control.choices]
                one = data.draw(st.sampled_from(values))
                move[control.name] = [one] if control.kind == "checks" else one
        before = json.dumps(state)
        try:
            after = engine.act(case, state, move)
        except (Conflict, InvalidInput):  # said, and nothing changes
            after = state
        assert json.dumps(state) == before
        state = json.loads(json.dumps(after))
        parts = engine.grade(case, state)
        assert [part.key for part in parts] == keys
        assert all(0 <= part.fraction <= 1 for part in parts)
        assert 0 <= percent(parts) <= 100


@pytest.mark.parametrize("name", NAMES)
@given(seed=SEEDS)
@PLAYED
def test_who_has_done_nothing_has_decided_nothing_and_gets_no_card(name: str, seed: int):
    engine = engines[name]
    case = engine.generate(seed)
    assert [part.key for part in engine.misses(case, play(engine, case, [])) if part.did and part.asked] == []


FORMS = [name for name in NAMES if isinstance(engines[name], FormEngine)]


@pytest.mark.parametrize("name", FORMS)
@given(seed=SEEDS)
@PLAYED
def test_right_answers_come_back_from_the_form_they_are_written_into(name: str, seed: int):
    engine = engines[name]
    case = engine.generate(seed)
    right = engine.right(case)
    form = QueryDict(mutable=True)
    for field, value in engine.fields(case, right):
        form.appendlist(field, value)
    assert engine.clean(case, engine.read(case, form)) == engine.clean(case, right)
