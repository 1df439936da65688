"""A process keeps what never changes of editions; each test makes editions of its own."""

import pytest

from courses.access import forget_kept


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    forget_kept()
