"""Who has a lesson's text open: one row a browser tab, refreshed while it is open."""

from accounts.models import User
from core import clock
from courses.models import LessonText, Presence

CLIENT_MAX = 40


def attend(*, text: LessonText, person: User, client: str) -> None:
    """``person`` has the text open in the tab ``client``. One statement; a tab that says so again is one tab."""
    row = Presence(text=text, person=person, client=client[:CLIENT_MAX], seen_at=clock.now())
    Presence.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["text", "person", "client"], update_fields=["seen_at"]
    )


def leave(*, text: LessonText, person: User, client: str) -> None:
    """The tab was closed; a tab that nobody knew is none."""
    Presence.objects.filter(text=text, person=person, client=client[:CLIENT_MAX]).delete()
