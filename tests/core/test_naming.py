"""Names with nothing to see in them."""

import pytest
from django.core.exceptions import ValidationError

from core.naming import is_blank, not_blank


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\u00a0\u2060", "\ufeff\t", "\u202e\u202c", "\u3164", "\u2800\u2800", "\u00ad"]
)
def test_spaces_of_no_width_marks_and_fillers_are_no_name(text):
    assert is_blank(text)
    with pytest.raises(ValidationError):
        not_blank(text)


@pytest.mark.parametrize("text", ["a", "-", "👩\u200d🏫", "\u200fالإعارة", "می\u200cخواهم", "∑", "\u200b1"])
def test_what_can_be_seen_is_a_name_whatever_stands_beside_it(text):
    assert not is_blank(text)
    not_blank(text)
