"""What makes a copyright case sound: one answer from what is shown. And the worlds that a seed gives."""

from collections import Counter

import pytest
from jsonschema import Draft202012Validator

from quizzes.engines.copyright import cases, generator
from quizzes.engines.copyright.contu import cutoff, days_of
from quizzes.engines.copyright.engine import CopyrightDesk
from quizzes.forms.case import CaseShape

DESK = CopyrightDesk()
ROW = {"id": "1", "requested": "2026-02-02", "issue": "2025-01", "status": "filled"}
BASE = {
    "uid": "x", "title": "X", "kind": "periodical", "work": "Fenland Notes", "requested": "2026-05-03",
    "issue": "2025-02", "log": [ROW],
}  # fmt: skip


def wrong(**changes) -> list[str]:
    """Where the base case has faults after ``changes``; ``row`` changes its only row."""
    row = changes.pop("row", {})
    return [place for place, _text in cases.faults({**BASE, "log": [ROW | row], **changes})]


def test_a_plain_case_is_sound_with_no_policy_stated():
    assert wrong() == []


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("year_basis", {"row": {"requested": "2025-12-30", "filled_on": "2026-01-04"}}),
        ("count_pending", {"row": {"status": "pending"}}),
        ("partial_date", {"row": {"issue": "2021"}}),
        ("partial_date", {"issue": "2021-05"}),
        ("chapter_code", {"kind": "other"}),
        ("entity_scope", {"branch": "North", "row": {"branch": "South"}}),
        ("require_code", {"issue": "2019-02"}),
    ],
)
def test_a_line_of_policy_that_changes_the_answer_must_be_stated(line, changes):
    usual = {"year_basis": "request", "count_pending": "yes", "partial_date": "conservative", "chapter_code": "CCG",
             "entity_scope": "system", "require_code": "yes"}  # fmt: skip
    assert wrong(**changes) == [line]
    assert wrong(**changes, **{line: usual[line]}) == []


def test_the_code_of_what_is_owned_needs_no_line_for_without_one_both_are_right():
    assert wrong(basis="own_unavailable") == []


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("portion", {"concerted": True, "portion": "whole"}),
        ("basis", {"basis": "royalty_paid", "service": "loan"}),
        ("basis", {"basis": "royalty_paid", "issue": "2019-01", "require_code": "yes"}),
    ],
)
def test_two_grounds_for_two_answers_are_refused(place, changes):
    assert place in wrong(**changes)


def test_a_score_is_stopped_as_music_however_much_of_it_is_asked_for():
    assert wrong(kind="other", chapter_code="CCG", work_type="music", portion="whole") == []


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        ("requested", {"requested": "2026-02-30"}),
        ("log.0.requested", {"row": {"requested": "2026-05-04"}}),
        ("log.0.issue", {"row": {"issue": "2025-02-29"}}),
        ("log.0.filled_on", {"row": {"filled_on": "2026-01-01"}}),
        ("log.0.filled_on", {"row": {"filled_on": "2026-02-04", "status": "unfilled"}}),
        ("log.0.filled_on", {"year_basis": "fill"}),
        ("log.0.title", {"row": {"other_work": True}}),
        ("branch", {"row": {"branch": "South"}, "entity_scope": "system"}),
        ("log.1.id", {"log": [ROW, ROW]}),
        ("log.0.issue", {"log": [{key: value for key, value in ROW.items() if key != "issue"}]}),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(place, changes):
    assert place in wrong(**changes)


def test_a_subscription_once_noted_holds_for_later_requests_of_the_journal():
    own = ROW | {"basis": "own_unavailable"}
    later = ROW | {"id": "2", "requested": "2026-03-03"}
    assert wrong(log=[own, later], basis="own_unavailable") == ["log.1.basis"]
    assert wrong(log=[own]) == ["basis"]
    assert wrong(log=[own, later | {"requested": "2026-01-03"}], basis="own_unavailable") == []


@pytest.mark.parametrize("key", [{"n": 2}, {"counts": []}, {"decision": "OVER"}])
def test_an_author_who_expects_another_answer_is_told(key):
    assert wrong(key=key) == [f"key.{next(iter(key))}"]
    assert wrong(key={"n": 1, "counts": ["1"], "decision": "SEND"}) == []


def test_a_case_is_edited_by_form_whole_but_for_the_authors_own_check():
    assert set(CaseShape.of(DESK).rest) == {"facts", "back_to", "keep", "paths", "key"}


# Worlds by seed


LEVELS = ("basic", "working", "advanced")
SEEDS = range(1, 501)


@pytest.fixture(scope="module")
def worlds() -> list[dict]:
    return [DESK.generate(seed, LEVELS[seed % 3]) for seed in SEEDS]


def test_five_hundred_seeds_give_sound_worlds_of_their_own(worlds):
    validator = Draft202012Validator(DESK.case_schema)
    assert all(validator.is_valid(world) and cases.faults(world) == [] for world in worlds)
    assert len({str(world["log"]) for world in worlds}) == len(worlds)


def test_a_draw_with_two_answers_is_rejected_and_the_next_of_the_same_seed_is_taken():
    rejected = [seed for seed in SEEDS if cases.faults(generator.drawn(DESK.version, seed, "advanced", 0))]
    assert rejected
    for seed in rejected[:20]:
        assert DESK.generate(seed, "advanced") != generator.drawn(DESK.version, seed, "advanced", 0)
        assert DESK.generate(seed, "advanced") == DESK.generate(seed, "advanced")


def test_the_worlds_hold_every_decision_and_every_count(worlds):
    rulings = [cases.key_of(world).ruling for world in worlds]
    decisions = Counter(ruling.decision for ruling in rulings)
    assert {"SEND", "OVER", "SEND_NOCOUNT", "OUTSIDE", "NOT_A_COPY"} <= set(decisions)
    gated = sum(number for decision, number in decisions.items() if decision.startswith("GATE"))
    assert 500 / 16 < gated < 500 / 5  # about one in eight
    assert {ruling.n for ruling in rulings} == set(range(8))


def test_a_journal_has_a_row_within_thirty_days_of_its_edge(worlds):
    for world in worlds:
        if world["kind"] == "periodical":
            rows = zip(world["log"], cases.log_of(world), strict=True)
            gaps = [(days_of(row["issue"])[1] - cutoff(logged.requested)).days for row, logged in rows]
            assert any(-30 <= gap <= 30 for gap in gaps)


def test_about_a_third_have_an_open_request(worlds):
    some = sum(any(row["status"] == "pending" for row in world["log"]) for world in worlds)
    assert 500 / 6 < some < 500 / 2
