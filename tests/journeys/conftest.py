"""What holds for every journey."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser


@pytest.fixture(autouse=True)
def everybody_goes_home(browser: Browser) -> Iterator[None]:
    """After a journey, also one that failed, no browser window stays open."""
    yield
    for context in list(browser.contexts):
        context.close()
