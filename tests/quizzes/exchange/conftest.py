"""What tests of question files share."""

import time
from collections.abc import Iterator

import pytest

MOST_SECONDS = 5  # of the processor: other tests may run meanwhile


@pytest.fixture
def deadline() -> Iterator[None]:
    """Fails a test that took long: bad input must never make a reader slow."""
    start = time.process_time()
    yield
    assert time.process_time() - start < MOST_SECONDS
