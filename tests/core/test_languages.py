"""Words in another language than the page say so, and which way they run."""

import pytest
from django.utils import translation

from core.languages import language_attributes, said_in


@pytest.mark.parametrize(
    ("code", "attributes"),
    [
        ("de", ' lang="de"'),
        ("ar", ' lang="ar" dir="rtl"'),
        ("he", ' lang="he" dir="rtl"'),
        ("tlh", ' lang="tlh"'),
        ("en", ""),
        ("", ""),
    ],
)
def test_a_tag_says_what_is_other_than_on_the_page(code, attributes):
    assert said_in(code) == attributes


def test_on_a_page_that_runs_leftwards_the_others_turn_round():
    with translation.override("ar"):
        assert language_attributes("en") == {"lang": "en", "dir": "ltr"}
        assert language_attributes("fa") == {"lang": "fa"}
