"""A time of day is written one way on every page: by the language, never by the page."""

import datetime as dt
import re
from pathlib import Path

from django.template import Context, Template
from django.utils import timezone

from core.clock import LaterZone

ROOT = Path(__file__).resolve().parents[2]
OWN_PATTERN = re.compile(r'\|time:|\|date:"[^"]*(?:[GgHhaAfP]\s*:?\s*i|P|TIME_FORMAT)[^"]*"')
EVENING = dt.datetime(2026, 11, 30, 18, 5, tzinfo=dt.UTC)


def test_no_template_has_a_pattern_of_its_own_for_times():
    own = [
        (path.name, found)
        for path in (ROOT / "templates").rglob("*.*")
        for found in OWN_PATTERN.findall(path.read_text())
    ]
    assert own == []


def test_a_time_has_twenty_four_hours_in_the_readers_zone():
    with timezone.override("America/Chicago"):
        assert Template("{{ at|time }}").render(Context({"at": EVENING})) == "12:05"
    assert Template("{{ at|time }}, {{ at }}").render(Context({"at": EVENING})) == "18:05, 30 November 2026, 18:05"


def test_scripts_get_the_name_of_the_readers_zone():
    """``static/js/clock.js`` asks the browser for it."""
    with timezone.override(LaterZone(lambda: "America/Chicago")):
        assert (
            Template("{% load tz %}{% get_current_timezone as zone %}{{ zone }}").render(Context()) == "America/Chicago"
        )
