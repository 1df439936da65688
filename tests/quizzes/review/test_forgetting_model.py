"""The simulated learner of docs/retention.md: the same seed gives the same person, and spacing shows."""

import pytest

from bench import forgetting


def test_the_same_seed_gives_the_same_figures():
    assert forgetting.compare(2, 5) == forgetting.compare(2, 5)


def test_what_is_met_while_fresh_decays_faster():
    massed, spaced = forgetting.Item(0.0), forgetting.Item(0.0)
    for number in range(3):
        massed.meet(number * 10)
        spaced.meet(number * 5000)

    assert massed.met[-1][1] > spaced.met[-1][1]
    assert spaced.recall(10_000 + 50_000) > massed.recall(20 + 50_000)


def test_recall_falls_with_time_and_is_a_probability():
    item = forgetting.Item(0.0)
    item.meet(0)
    recalls = [item.recall(10**power) for power in range(7)]

    assert recalls == sorted(recalls, reverse=True)
    assert all(0 <= each <= 1 for each in recalls)


@pytest.mark.parametrize("name", ["massed", "fixed, filled up"])
def test_the_minutes_are_those_of_the_other_schedule(name: str):
    found = forgetting.compare(3, 12)

    for mine, theirs in zip(found[name].seconds, found["FSRS"].seconds, strict=True):
        assert theirs <= mine <= theirs + forgetting.WRONG
