"""The outline as HTML."""

import re
from collections.abc import Iterable

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.languages import said_in
from courses.selectors import OutlineGroup, OutlineLesson
from courses.selectors.catalogue import Card
from courses.selectors.languages import language_name

register = template.Library()
register.filter(language_name)

# Written here because a course can have hundreds of lessons, and a catalogue shows hundreds of courses: each row of a
# template loop costs ten times as much.
ROW = (
    '<li><a class="outline__link" href="{url}"{current} data-tone="{tone}">'
    '<svg class="icon" aria-hidden="true"><use href="#i-{icon}"/></svg>'
    '<span><span class="visually-hidden">{word} </span>{title}<span class="outline__sub">{sub}</span></span>'
    '<span class="outline__len">{length}</span></a></li>'
)
# An address as people write one in a sentence: what ends the sentence is no part of it.
ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]]")
FACE = (
    '<div class="cover cloth" data-cloth="{cloth}"><span class="cover__label">{code}</span>'
    '<svg class="cover__art" aria-hidden="true" viewBox="0 0 120 80"><use href="#a-{cloth}"/></svg></div>'
    '<div class="course__body"><h3><a href="{url}"{lang}>{title}</a></h3><p{lang}>{summary}</p>'
    '<p class="meta"><span>{lessons}</span><span>{length}</span><span>{level}</span></p>'
)
GROUP = '<h3 class="outline__group">{title}</h3><ul class="plainlist" data-gap="0">{rows}</ul>'


@register.filter
def linked(text: str) -> SafeString:
    """``text`` with its web addresses as links; only whole ones, since words with a point in them may be anything."""
    pieces, at = [], 0
    for found in ADDRESS.finditer(text):
        pieces.append(conditional_escape(text[at : found.start()]))
        pieces.append(format_html('<a href="{0}" rel="noopener nofollow">{0}</a>', found[0]))
        at = found.end()
    return mark_safe("".join([*pieces, conditional_escape(text[at:])]))


@register.simple_tag
def lessons(groups: Iterable[OutlineGroup], base: str, query: str = "") -> SafeString:
    """The parts of a course with their lessons; ``base`` is the course's address, ``query`` keeps a preview's token."""
    heading, length = _("Part %(number)d. %(title)s"), _("%(minutes)d min")
    before, after = conditional_escape(base), conditional_escape(query)
    shown = []
    for group in groups:
        rows = "".join(
            ROW.format(
                url=f"{before}{row.lesson.uid}/{after}",
                current=' aria-current="step"' if row.current else "",
                tone=row.tone,
                icon=row.icon,
                word=conditional_escape(row.word),
                title=_in_its_language(row.lesson),
                sub=conditional_escape(row.sub),
                length=conditional_escape(length % {"minutes": row.lesson.minutes}),
            )
            for row in group.rows
        )
        title = conditional_escape(heading % {"number": group.number, "title": group.title})
        shown.append(GROUP.format(title=title, rows=rows))
    return mark_safe("".join(shown))


def _in_its_language(lesson: OutlineLesson) -> SafeString:
    title, spoken = conditional_escape(lesson.title), said_in(lesson.language)
    return format_html("<span{}>{}</span>", spoken, title) if spoken else title


@register.simple_tag
def face(card: Card) -> SafeString:
    """What everybody sees on the card of a course; where the reader stands in it comes below."""
    return format_html(
        FACE,
        cloth=card.cloth,
        code=card.code,
        url=card.url,
        lang=said_in(card.foreign) if card.foreign else "",
        title=card.title,
        summary=card.summary,
        lessons=card.lessons,
        length=card.length,
        level=card.level,
    )
