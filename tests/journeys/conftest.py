"""What holds for every journey."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, expect

LAST_WORDS = 0.3
LONGEST = 10.0
expect.set_options(timeout=15_000)  # a machine that runs everything else beside it may be slow


class Ear:
    """Hears what the live server is asked: how many requests it is at, and when it last began or ended one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.under_way = 0
        self.last = 0.0

    def began(self, **_signal: object) -> None:
        self.count(1)

    def ended(self, **_signal: object) -> None:
        self.count(-1)

    def count(self, more: int) -> None:
        if threading.current_thread() is threading.main_thread():  # a test's own client
            return
        with self.lock:
            self.under_way += more
            self.last = time.monotonic()

    def until_quiet(self) -> None:
        """Until nothing was asked for a moment: what a page says last may still be on its way.

        A request that broke off may never be told as ended, so this waits no longer than ``LONGEST``.
        """
        begun = self.last = time.monotonic()
        while self.under_way or time.monotonic() - self.last < LAST_WORDS:
            if time.monotonic() - begun > LONGEST:
                return
            time.sleep(0.02)


@contextmanager
def listening() -> Iterator[Ear]:
    ear = Ear()
    request_started.connect(ear.began)
    request_finished.connect(ear.ended)
    yield ear
    request_started.disconnect(ear.began)
    request_finished.disconnect(ear.ended)


@pytest.fixture(autouse=True)
def everybody_goes_home(request: pytest.FixtureRequest, browser: Browser) -> Iterator[None]:
    """After a journey, also one that failed, no browser window stays open.

    What a closing page still sends is answered before a test's own database is emptied.
    """
    served_here = "live_server" in request.fixturenames
    if served_here:
        request.getfixturevalue("live_server")
    with listening() as ear:
        yield
        for context in list(browser.contexts):
            context.close()
        if served_here:
            ear.until_quiet()
