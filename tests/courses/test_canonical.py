"""Canonical JSON."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.canonical import canonical, digest

TEXT = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_the_form_is_one_and_loses_nothing(value):
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


def test_the_order_of_keys_does_not_matter():
    assert canonical({"b": 1, "a": [1, 2]}) == canonical({"a": [1, 2], "b": 1}) == '{"a":[1,2],"b":1}'


def test_text_stays_as_it_is():
    assert canonical("é e\u0301 “x”") == '"é e\u0301 “x”"'


@pytest.mark.parametrize("value", [1.5, {"a": [0.1]}, float("nan"), Decimal("1"), {1: "a"}, b"x", {"a": {1, 2}}])
def test_what_has_no_canonical_form_is_refused_with_its_place(value):
    with pytest.raises(TypeError):
        canonical(value)


def test_the_place_is_named():
    with pytest.raises(TypeError, match=r"\.a\[1\]\.b: float"):
        canonical({"a": [1, {"b": 1.5}]})


def test_the_digest_is_sha256_of_utf8():
    assert digest("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
