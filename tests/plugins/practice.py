"""Two small engines for the length of a test."""

from collections.abc import Iterator

import pytest

from quizzes.engines.registry import engines, register_engine
from tests.factories.practice import Errands, Sums


@pytest.fixture
def small_engines() -> Iterator[None]:
    register_engine(Errands())
    register_engine(Sums())
    yield
    del engines["errands"], engines["sums"]
