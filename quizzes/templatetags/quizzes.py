"""What templates of quizzes ask for: a check question as it is shown, how a quiz asks, numbers in words."""

import datetime as dt
import zlib
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.shell import short_date
from courses import markup
from courses.models.course import CLOTH, Topic
from courses.registry import PlayerLesson
from courses.selectors import OutlineLesson
from quizzes.asking import Settings
from quizzes.behaviours import Behaviour, behaviours
from quizzes.registry import types
from quizzes.selectors import Card, Shown, show_question

register = template.Library()

COUNTED: Mapping[str, Any] = {
    "best": gettext_lazy("your best attempt counts"),
    "last": gettext_lazy("your last attempt counts"),
    "average": gettext_lazy("the average of your attempts counts"),
    "first": gettext_lazy("your first attempt counts"),
}


@register.simple_tag
def check_question(segment: dict[str, Any]) -> Shown:
    """The question of a ``check`` block: with its reply once ``answered`` holds an answer."""
    content, answer = segment["source"], segment.get("answered", {}).get("answer")
    kind = types[content["type"]]
    mark = None if answer is None else kind.grade(content, answer)
    # Nobody's attempt holds a seed, so the order is one for all and stays; variables keep the values of seed 0.
    seed = 0 if kind.varies else zlib.crc32(content["uid"].encode()) or 1
    return show_question(content, segment["rendered"]["html"], answer, mark, seed=seed)


@register.filter
def in_words(number: int) -> str:
    """``three`` for 3; figures from thirteen on."""
    words = (
        _("none"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"),
        _("seven"), _("eight"), _("nine"), _("ten"), _("eleven"), _("twelve"),
    )  # fmt: skip
    return words[number] if 0 <= number < len(words) else str(number)


@register.filter
def plain(text: str) -> str:
    """The words of rendered HTML, to be escaped again where they are shown."""
    return markup.plain(text)


@register.filter
def counted(counts: str) -> str:
    """Which attempt counts, in words: ``best``, ``last``, ``average`` or ``first``."""
    return str(COUNTED[counts])


@register.filter
def ending(moment: dt.datetime) -> str:
    """``at the end of Thu 31 Dec`` where the reader's day ends then, too; elsewhere ``on Thu 31 Dec at 17:59``."""
    local, day = timezone.localtime(moment), short_date(moment)
    if (local.hour, local.minute) == (23, 59):
        return _("at the end of %(day)s") % {"day": day}
    return _("on %(day)s at %(time)s") % {"day": day, "time": time_format(local.time(), "TIME_FORMAT")}


@register.filter
def behaviour_of(asking: Settings) -> Behaviour:
    """How a quiz with these settings judges answers: its label and its sentence."""
    return behaviours[asking.behaviour]


@register.simple_tag
def credited_lessons(card: Card, player: PlayerLesson) -> list[OutlineLesson]:
    """The lessons of this edition that passing the pre-test credits."""
    by_uid = player.outline.by_uid
    return [by_uid[uid] for uid in card.credits if uid in by_uid]


@register.filter
def cloth(topic: str) -> str:
    """The colour of a topic of courses."""
    return CLOTH[Topic(topic)]
