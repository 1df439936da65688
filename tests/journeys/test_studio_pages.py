"""Every page of the studio that the table of doors knows: open to everybody, in both themes, wide, on a phone and narrow."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponseBase
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from courses.models import CourseText, LessonText, ModuleText
from tests.doors.matrix import ROWS
from tests.doors.world import ROLES, World, world
from tests.journeys.looking import WIDTHS, Watch, all_round

__all__ = ["world"]
INSTRUCTOR = ROLES.index("instructor")
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def studio(world: World) -> Iterator[str]:
    """Addresses of the pages that the instructor may open; a file to download is no page, nor is a piece of one."""
    for row in ROWS:
        if "author" in row.route and row.method == "get" and row.expect[INSTRUCTOR] in "oO":
            address = reverse(row.route, kwargs=row.arguments(world))
            if b"</html>" in whole(world.client("instructor").get(address)):
                yield address


def name_all_of_it_by_one_long_word() -> None:
    """Whatever its authors call a thing, no row or column pushes the page wider than the window."""
    for texts in (CourseText, ModuleText, LessonText):
        texts.objects.update(title=LONG)


def whole(answer: HttpResponseBase) -> bytes:
    """What it says, read to its end, so that a file is closed."""
    return b"".join(answer)


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_every_page_of_the_studio_is_open_to_everybody(
    live_server: LiveServer, window_of: Callable[..., Page], world: World
):
    name_all_of_it_by_one_long_word()
    page = window_of(world.people["instructor"], viewport=WIDTHS["1280"])
    watch, wrong = Watch(page, urlsplit(live_server.url).netloc), []
    for address in dict.fromkeys(studio(world)):
        wrong += [f"{address} {fault}" for fault in all_round(page, address, watch)]
    assert not wrong, "\n".join(wrong)
