"""What holds for every journey."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

LAST_WORDS = 0.3


@pytest.fixture(autouse=True)
def everybody_goes_home(request: pytest.FixtureRequest, browser: Browser) -> Iterator[None]:
    """After a journey, also one that failed, no browser window stays open.

    What a closing page still sends is answered before a test's own database is emptied.
    """
    served_here = "live_server" in request.fixturenames
    if served_here:
        request.getfixturevalue("live_server")
    yield
    for context in list(browser.contexts):
        context.close()
    if served_here:
        time.sleep(LAST_WORDS)
