"""Small filters of the design: dates with their distance, durations, initials, spine labels."""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.languages import said_in

register = template.Library()
register.filter(said_in)


def _day(value: dt.date | dt.datetime) -> dt.date:
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


@register.filter
def short_date(value: dt.date | dt.datetime | None) -> str:
    """``Thu 26 Nov``; the year only when it is not this one."""
    if value is None:
        return "–"
    day = _day(value)
    return date_format(day, "D j N" if day.year == timezone.localdate().year else "D j N Y").replace(".", "")


@register.filter
def distance(value: dt.date | dt.datetime) -> str:
    """``today``, ``in 3 days``, ``2 days ago``: the distance that a date carries."""
    days = (_day(value) - timezone.localdate()).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    if days > 0:
        return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}
    return ngettext("%(days)d day ago", "%(days)d days ago", -days) % {"days": -days}


@register.filter
def clock_time(milliseconds: int | None) -> str:
    """``2:14`` for a position in a video given in milliseconds."""
    seconds = (milliseconds or 0) // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


@register.filter
def minutes_long(minutes: int | None) -> str:
    """``6 min``, ``1 h 34``."""
    hours, rest = divmod(minutes or 0, 60)
    return f"{hours} h {rest:02d}" if hours else _("%(minutes)d min") % {"minutes": rest}


@register.filter
def initials(name: str) -> str:
    """``RD`` for Rosa Delgado."""
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@register.filter
def spine_words(code: str) -> list[str]:
    """The lines of a spine label: ``BOR 101`` gives two."""
    return str(code).split()


@register.filter
def greeting(name: str) -> str:
    """``Good morning, Rosa``, by the clock where the reader is."""
    hour = timezone.localtime().hour
    if 5 <= hour < 12:
        return _("Good morning, %(name)s") % {"name": name}
    return (_("Good afternoon, %(name)s") if 12 <= hour < 18 else _("Good evening, %(name)s")) % {"name": name}
