"""The findings about learning in words: a sentence before every chart, counts where people are few."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.shell import clock_time
from progress.film_counts import BUCKETS
from progress.selectors.learning import LessonFigures, Totals

SMALL = 10  # of fewer people counts are said, no percentages
DASH = "–"
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000


def share(part: int, whole: int) -> str:
    """``4 of 6``, ``67%``, or a dash for none yet."""
    if not whole:
        return DASH
    if whole < SMALL:
        return _("%(part)d of %(whole)d") % {"part": part, "whole": whole}
    return f"{round(100 * part / whole)}%"


def time_taken(ms: int | None) -> str:
    """``40 s``, ``12 min``, ``3 h``, ``2 days``, or a dash."""
    if ms is None:
        return DASH
    if ms < 90 * SECOND:
        return _("%(n)d s") % {"n": round(ms / SECOND)}
    if ms < 90 * MINUTE:
        return _("%(n)d min") % {"n": round(ms / MINUTE)}
    if ms < 36 * HOUR:
        return _("%(n)d h") % {"n": round(ms / HOUR)}
    days = round(ms / DAY)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def finding(rows: Sequence[LessonFigures], totals: Totals) -> str:
    """What the funnel says first: where most people stop, or that nobody has begun."""
    if not totals.opened:
        return _("Nobody of these people has opened the course yet.")
    said = ngettext(
        "%(completed)s of %(n)d person who opened the course completed it.",
        "%(completed)s of %(n)d people who opened the course completed it.",
        totals.opened,
    )
    completed = f"{totals.completed}"
    said %= {"completed": completed, "n": totals.opened}
    worst = max(rows, key=lambda row: row.lost, default=None)
    if worst is None or worst.lost < max(2, totals.opened // 20):
        return said
    more = _("Most stop before “%(lesson)s”: %(lost)d of %(before)d never opened it.")
    return f"{said} {more % {'lesson': worst.lesson.title, 'lost': worst.lost, 'before': worst.before}}"


def film_finding(figures: Mapping[str, Any]) -> str:
    """How many watched to the end, and where most of them leave."""
    people, seen = figures["people"], figures["seen"]
    if not people:
        return _("Nobody has watched this yet.")
    end = _("Watched to the end by %(share)s of %(people)s.")
    counted = ngettext("%(n)d person", "%(n)d people", people) % {"n": people}
    said = end % {"share": seen[-1] if people < SMALL else share(seen[-1], people), "people": counted}
    falls = [(before - after, number) for number, (before, after) in enumerate(pairwise(seen), 1)]
    lost, number = max(falls, key=lambda each: (each[0], -each[1]))
    if lost < max(2, people // 10):
        return said
    at = clock_time(number * figures["length_ms"] // BUCKETS)
    return f"{said} {_('Most leave at about %(time)s: %(lost)d of them.') % {'time': at, 'lost': lost}}"
