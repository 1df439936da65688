"""Days and moments: a due day ends at 23:59:59 where the person is (D17)."""

import datetime as dt
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


def end_of_day(day: dt.date, zone_name: str) -> dt.datetime:
    """The UTC moment at which ``day`` ends (23:59:59) in the zone called ``zone_name``."""
    return dt.datetime.combine(day, END_OF_DAY, tzinfo=zone(zone_name)).astimezone(dt.UTC)


def today(zone_name: str, *, at: dt.datetime | None = None) -> dt.date:
    """The calendar day in the zone called ``zone_name``, now or at the moment ``at``."""
    return (at or now()).astimezone(zone(zone_name)).date()


def validate_zone(name: str) -> None:
    """Raise ``ValidationError`` unless ``name`` is a known time zone."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a known time zone."), params={"name": name})
