"""Outside links of drafts are asked for, never while anybody waits. Safe to run twice and beside itself."""

import datetime as dt

from django.conf import settings

from core import clock
from courses import link_asking
from courses.services import linking

AT_ONCE = 30
LOOK_BACK = dt.timedelta(hours=1)


def check_links(*, limit: int = AT_ONCE) -> int:
    """Ask for at most ``limit`` addresses that are due; gives how many were asked. Nothing with ``CHECK_LINKS`` off."""
    if not settings.CHECK_LINKS:
        return 0
    linking.note_links(since=clock.now() - LOOK_BACK)
    asked = 0
    for link in linking.due_links(limit=limit):
        if linking.claim_link(link=link):
            linking.keep_answer(link=link, answer=link_asking.ask(link.url))
            asked += 1
    return asked


def gather_links() -> None:
    """Once a day: every address of every draft, and those forgotten that nobody links to."""
    if settings.CHECK_LINKS:
        linking.note_links()
