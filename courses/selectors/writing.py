"""What the authors of a lesson see of each other: who is there, what was saved before, what they said."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

import nh3
from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from core import clock
from courses import diffing, markup
from courses.html_tree import DROPPED
from courses.models import Course, LessonRevision, LessonText, Presence, Remark
from courses.selectors.authoring import lesson_says

GONE_AFTER = dt.timedelta(seconds=75)  # a tab says every 30 seconds that it is open
_BLOCK_END = re.compile(r"(?i)</(?:p|h[1-6]|li|tr|div|table|ul|ol|blockquote|pre|figcaption)>|<br\s*/?>|<hr\s*/?>")


def text_to_write(user: User, slug: str, uid: str, language: str) -> LessonText | None:
    """The lesson's text in ``language`` (empty: the first) if ``user`` may change it, with its lesson and course.

    One statement, for what is asked every few seconds; None says nothing about why.
    """
    rows = LessonText.objects.select_related("lesson__course", "changed_by").filter(
        lesson__course__in=Course.objects.editable_by(user).filter(slug=slug).values("pk"),
        lesson__uid=uid,
        lesson__archived_at=None,
    )
    if language:
        return rows.filter(language=language).first()
    return next((row for row in rows if row.language == row.lesson.course.first_language), None)


def others_at(text: LessonText, person: User) -> list[str]:
    """Names of the others who have the text open now."""
    rows = Presence.objects.filter(text=text, seen_at__gte=clock.now() - GONE_AFTER).exclude(person=person)
    return list(dict.fromkeys(str(row.person) for row in rows.select_related("person").order_by("pk")))


def readable(text: LessonText | LessonRevision) -> str:
    """A text as a person reads it in a comparison: Markdown as it stands, HTML as its words, line by line."""
    body = str(text.content.get("body", ""))
    if text.content.get("source_format") != "html":
        return body
    words = nh3.clean(_BLOCK_END.sub("\n", body), tags=set(), clean_content_tags=DROPPED)
    lines = unescape(words).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines if line.strip()) + "\n"


def difference(text: LessonText, body: str) -> list[diffing.Piece]:
    """From what is saved to ``body``, in words."""
    typed = LessonText(content={**text.content, "body": markup.normalise(body)})
    return diffing.word_diff(readable(text), readable(typed))


@dataclass(frozen=True)
class HistoryRow:
    """One kept save and what it changed against the one kept before it, in words."""

    revision: LessonRevision
    added: int
    removed: int
    first: bool


def history_of(text: LessonText) -> QuerySet[LessonRevision]:
    """The kept saves, newest first."""
    return text.revisions.select_related("saved_by").order_by("-version")


def history_rows(text: LessonText, page: Sequence[LessonRevision]) -> list[HistoryRow]:
    """``page`` of the history with what each save changed. One statement more, for the save before the page's last."""
    kept = list(page)
    if not kept:
        return []
    before = text.revisions.filter(version__lt=kept[-1].version).order_by("-version").first()
    olders = [*kept[1:], before]
    rows = []
    for revision, older in zip(kept, olders, strict=True):
        pieces = diffing.word_diff(readable(older) if older else "", readable(revision))
        added, removed = diffing.words_changed(pieces)
        rows.append(HistoryRow(revision, added, removed, first=older is None))
    return rows


def remarks_of(
    course: Course, user: User, *, lesson_uid: str = "", settled: bool | None = False, words: str = ""
) -> QuerySet[Remark]:
    """Threads about the course (or one lesson) with their answers, newest first; ``settled`` None means either."""
    rows = Remark.objects.visible_to(user).filter(course=course, answers=None)
    if lesson_uid:
        rows = rows.filter(lesson_uid=lesson_uid)
    if settled is not None:
        rows = rows.filter(settled_at__isnull=not settled)
    if words:
        said = Q(body__icontains=words) | Q(quote__icontains=words) | Q(replies__body__icontains=words)
        rows = rows.filter(said | Q(lesson_uid__icontains=words) | Q(lesson_says(words))).distinct()
    replies = Remark.objects.select_related("author").order_by("created_at", "pk")
    return (
        rows.select_related("author", "settled_by")
        .prefetch_related(Prefetch("replies", queryset=replies))
        .order_by("-created_at", "-pk")
    )
