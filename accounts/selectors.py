"""Reads over people, teams and notices."""

from accounts.access import roles_of
from accounts.models import LocalWord, Notice, Organisation, User


def local_words_of(organisation: Organisation | int | None) -> dict[str, str]:
    """What ``organisation`` has filled in, by key; only the words that differ from the defaults."""
    if organisation is None:
        return {}
    return dict(LocalWord.objects.filter(organisation=organisation).values_list("key", "value"))


def zone_of(person: User) -> str:
    """The zone in which the days of ``person`` end: their own, else their organisation's, else UTC (D17)."""
    return person.time_zone or roles_of(person).zone or "UTC"


def unread_count(person: User) -> int:
    """How many notices ``person`` has not read: one indexed count."""
    return Notice.objects.visible_to(person).unread().count()
