"""Days and moments: a due day ends at 23:59:59 where the person is (D17)."""

import datetime as dt
from collections.abc import Callable
from functools import cache, cached_property
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

END_OF_DAY = dt.time(23, 59, 59)


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()


def zone(name: str) -> ZoneInfo:
    """The zone called ``name``; UTC if it is empty."""
    return ZoneInfo(name or "UTC")


def start_of_day(day: dt.date, zone_name: str) -> dt.datetime:
    """The UTC moment at which ``day`` begins in the zone called ``zone_name``."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=zone(zone_name)).astimezone(dt.UTC)


def end_of_day(day: dt.date, zone_name: str) -> dt.datetime:
    """The UTC moment at which ``day`` ends (23:59:59) in the zone called ``zone_name``."""
    return dt.datetime.combine(day, END_OF_DAY, tzinfo=zone(zone_name)).astimezone(dt.UTC)


def today(zone_name: str, *, at: dt.datetime | None = None) -> dt.date:
    """The calendar day in the zone called ``zone_name``, now or at the moment ``at``."""
    return (at or now()).astimezone(zone(zone_name)).date()


@cache
def known_zones() -> frozenset[str]:
    """Every zone this machine knows; reading them from disk takes long enough to do it once."""
    return frozenset(available_timezones())


def validate_zone(name: str) -> None:
    """Raise ``ValidationError`` unless ``name`` is a known time zone."""
    if name not in known_zones():
        raise ValidationError(_("“%(name)s” is not a known time zone."), params={"name": name})


class LaterZone(dt.tzinfo):
    """A zone whose name ``find`` gives once a time is shown in it; many requests show none and need not ask."""

    def __init__(self, find: Callable[[], str]) -> None:
        self._find = find

    @cached_property
    def _zone(self) -> ZoneInfo:
        return zone(self._find())

    def utcoffset(self, when: dt.datetime | None) -> dt.timedelta | None:
        return self._zone.utcoffset(when)

    def dst(self, when: dt.datetime | None) -> dt.timedelta | None:
        return self._zone.dst(when)

    def tzname(self, when: dt.datetime | None) -> str | None:
        return self._zone.tzname(when)

    def fromutc(self, when: dt.datetime) -> dt.datetime:
        return self._zone.fromutc(when.replace(tzinfo=self._zone)).replace(tzinfo=self)

    def __str__(self) -> str:
        return str(self._zone)
