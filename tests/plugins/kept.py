"""A process keeps what never changes of editions; each test makes editions of its own."""

import pytest

from core.queue import ask_again
from courses.access import forget_kept
from progress.selectors.rules import forget_rules


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    ask_again()
    forget_kept()
    forget_rules()
