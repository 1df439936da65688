"""What journeys need that keep their data in the tests' own database."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User


@pytest.fixture(scope="session", autouse=True)
def database_beside_the_browser() -> Iterator[None]:
    """Playwright's loop runs in the tests' thread; Django would refuse it the database, though nothing here is async."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def window_of(
    browser: Browser, live_server: LiveServer, client_of: Callable[[User], Client]
) -> Iterator[Callable[..., Page]]:
    """Open a window of a user, signed in. Nothing in it moves or fades: whoever looks sees what has settled."""
    opened: list[BrowserContext] = []

    def open_one(user: User, **options: Any) -> Page:
        options = {"locale": "en-US", "reduced_motion": "reduce", **options}
        context = browser.new_context(base_url=live_server.url, **options)
        opened.append(context)
        session = client_of(user).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def device(window_of: Callable[..., Page], trainee: User) -> Callable[..., Page]:
    """Open a window of the trainee, signed in."""

    def open_one(**options: Any) -> Page:
        return window_of(trainee, **options)

    return open_one
