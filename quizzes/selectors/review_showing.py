"""A review card as its page shows it: what is asked, the answer, why it is there, and what each rating would do."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from courses import markup
from courses.models import Course
from courses.selectors import words_for
from quizzes import scheduling
from quizzes.models import ReviewCard, ReviewItem, ReviewLog
from quizzes.registry import types
from quizzes.rendering import question_html
from quizzes.selectors.showing import Shown, show_question

# Whether the stem asks something by itself (what is typed), needs its options at hand, or makes no sense without them.
ALONE = frozenset({"text", "num", "date", "calc"})
FOLDED = frozenset({"single", "multi"})
MOST_SEEDS = 2**31 - 1


@dataclass(frozen=True)
class Face:
    """Both sides of a card as HTML. ``question`` is the question as it was asked, where the stem is not all of it, and
    ``folded`` whether it can wait. ``lines`` are the right answer in plain words; ``answer``, ``why`` and ``replies``
    HTML."""

    stem: str
    stem_more: str = ""
    question: Shown | None = None
    folded: bool = False
    lines: tuple[str, ...] = ()
    answer: str = ""
    why: str = ""
    replies: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    legal: bool = False
    language: str = ""
    lesson_url: str = field(default="")


def face_of(card: ReviewCard, user: User) -> Face:
    """Both sides of ``card``, which comes with its item, course and version.

    Options stand in another order, and values are others, each time. At most four queries: files and local words of a
    question, whether the course may be seen.
    """
    item = card.item
    slug = item.course.slug if item.course else ""
    seen = bool(slug) and Course.objects.visible_to(user).filter(pk=item.course_id or 0).exists()
    more: dict[str, Any] = {
        "legal": bool(item.course and item.course.legal),
        "language": item.version.language if item.version else item.content.get("language", ""),
        "lesson_url": f"/courses/{slug}/{item.lesson_uid}/" if seen and item.lesson_uid else "",
    }
    if item.version is not None:
        files = {each.name: each.media.sha256 for each in item.version.files.select_related("media")}
        return Face(**_asked(item.version.content, files, seed_of(card), slug, user), **more)
    if "asked" in item.content:
        return Face(**_asked(item.content["asked"], {}, seed_of(card), slug, user), **more)
    return Face(**_written(item, slug, user), **more)


def seed_of(card: ReviewCard) -> int:
    """Never 0, and another one after each turn; the same while the card waits for its rating."""
    return 1 + (card.pk * 7919 + card.steps) % (MOST_SEEDS - 1)


def _written(item: ReviewItem, slug: str, user: User) -> dict[str, Any]:
    html = {name: markup.render(item.content.get(name, "")) for name in ("front", "back", "why")}
    html = _resolved(html, slug, user)
    stem, stem_more = _split(html["front"])
    return {
        "stem": stem,
        "stem_more": stem_more,
        "answer": html["back"],
        "why": html["why"],
        "facts": tuple(item.content.get("facts", ())),
    }


def _split(html: str) -> tuple[str, str]:
    """The first paragraph without its frame, as a heading takes it, and the rest."""
    head, end, rest = html.strip().partition("</p>")
    if end and head.startswith("<p>"):
        return head.removeprefix("<p>"), rest.strip()
    return markup.plain(html), ""


def _asked(content: Mapping[str, Any], files: Mapping[str, str], seed: int, slug: str, user: User) -> dict[str, Any]:
    kind = types[content["type"]]
    html = _resolved(question_html(content, files), slug, user)
    front = show_question(content, html, None, seed=seed)
    heading = front.fields.get("heading", "")
    alone = kind.name in ALONE
    full = kind.fill(content, html, seed)
    return {
        "stem": heading or front.html["stem"],
        "stem_more": "" if heading else front.html.get("stem_more", ""),
        "question": None if alone else front,
        "folded": kind.name in FOLDED,
        "lines": tuple(kind.right(content, seed)),
        "why": full.get("general", ""),
        "replies": tuple(_replies(content, full, seed)),
        "facts": tuple(content.get("facts", ())),
    }


def _replies(content: Mapping[str, Any], html: Mapping[str, str], seed: int) -> list[str]:
    """What the author says to the right answer, each once."""
    reasons = types[content["type"]].grade(content, None, seed).reasons
    found = [html.get(f"feedback:{key}", "") for key in reasons if key]
    return list(dict.fromkeys(text for text in found if text))


def _resolved(html: Mapping[str, str], slug: str, user: User) -> dict[str, str]:
    words = words_for(user) if any("{{local." in text for text in html.values()) else {}
    return {key: markup.resolve(text, course_slug=slug, words=words) for key, text in html.items()}


@dataclass(frozen=True)
class Choice:
    """One of the four ratings and what it does."""

    value: int
    label: str
    then: str
    primary: bool


def choices_for(card: ReviewCard, *, at: dt.datetime, zone: str) -> list[Choice]:
    """What each rating would do to ``card`` now; the buttons say it before they do it."""
    return [
        Choice(
            value=rating.value,
            label=str(rating.label),
            then=_then(scheduling.rate(card.state, rating.value, at=at, zone=zone).due_at, at),
            primary=rating == ReviewLog.Rating.KNEW,
        )
        for rating in ReviewLog.Rating
    ]


def _then(due: dt.datetime, at: dt.datetime) -> str:
    minutes = round((due - at).total_seconds() / 60)
    if minutes < 60:
        return ngettext("back in %(n)d min", "back in %(n)d min", minutes) % {"n": minutes}
    day, today = timezone.localtime(due).date(), timezone.localtime(at).date()
    days = (day - today).days
    if days < 7:
        return ngettext("back in %(n)d day", "back in %(n)d days", days) % {"n": days}
    return _("renewed to %(day)s") % {"day": date_format(day, "j M" if day.year == today.year else "j M Y")}


REASONS: Mapping[str, Any] = {
    ReviewCard.Source.CONFIDENT: lambda: _("You were very sure of your answer, and it was not right."),
    ReviewCard.Source.WRONG: lambda: _("You got this wrong."),
    ReviewCard.Source.HINTED: lambda: _("You got this right after a hint."),
    ReviewCard.Source.KEPT: lambda: _("The course marks this as worth keeping."),
}


def why_of(card: ReviewCard, *, at: dt.datetime, zone: str) -> list[str]:
    """Why its owner sees ``card``, in sentences: where it comes from, the last time, who set the date."""
    said = [REASONS[card.source]()]
    if card.missed_at:
        when = _day(card.missed_at)
        said.append(_("That was on %(day)s.") % {"day": when})
    if card.misses > 1:
        said.append(
            ngettext("It was missed %(n)d time.", "It was missed %(n)d times.", card.misses) % {"n": card.misses}
        )
    if card.last_at is None:
        return [*said, _("You have not turned it over yet.")]
    expected = recall_now(card, at=at, zone=zone)
    said.append(_("You turned it over last on %(day)s.") % {"day": _day(card.last_at)})
    said.append(_("By now about %(percent)d in 100 such cards would be remembered.") % {"percent": expected})
    return [*said, _why_then(card, card.last_at)]


def _why_then(card: ReviewCard, last_at: dt.datetime) -> str:
    """What set the date of ``card``, which was turned over last at ``last_at``."""
    if card.missed_at and card.missed_at > last_at and card.due_at <= card.missed_at:
        return _("It is due because you have missed it since.")
    if card.set_by_hand_at:
        return _("You chose its date yourself on %(day)s.") % {"day": _day(card.set_by_hand_at)}
    if card.due_at - last_at < scheduling.DAY and card.state.get("step") is not None:
        return _("It is still fresh, so it comes back once more after some minutes.")
    return _("It comes back when that falls to about 90.")


def recall_now(card: ReviewCard, *, at: dt.datetime, zone: str) -> int | None:
    """Percent that the scheduler expects now; None for a card that was never turned over."""
    if card.last_at is None or not card.stability:
        return None
    return round(100 * scheduling.recall_after(card.stability, scheduling.days_between(card.last_at, at, zone)))


def _day(moment: dt.datetime) -> str:
    day = timezone.localtime(moment).date()
    return date_format(day, "j F" if day.year == timezone.localdate().year else "j F Y")
