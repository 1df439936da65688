"""Decks as they are shown: how long each slide takes, what is missing, what is worth a thought."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from courses.decks import source
from courses.models import Course, MediaJob, Slide, SlideDeck
from courses.narration.voices import voices

LONG_SECONDS = 90
WORDS_SHOWN_MAX = 25
AROUND_SECONDS = 1.0  # silence before the first word and after the last one
BETWEEN_SECONDS = 0.25  # at each new paragraph, beyond the pace


@dataclass(frozen=True)
class SlideState:
    """One slide with what a list of slides says about it. ``missing`` and ``tone`` are for its status."""

    slide: Slide
    number: int
    words: int
    seconds: int
    tone: str
    label: str

    @property
    def minutes(self) -> str:
        return length(self.seconds)


@dataclass(frozen=True)
class Point:
    """A line of 'before you make it': ``bad`` keeps from making, ``warn`` is advice, ``ok`` is good."""

    tone: str
    sentence: str
    more: str = ""
    slide: Slide | None = None
    icon: str = ""


def decks_for(user: User, course: Course | None = None) -> QuerySet[SlideDeck]:
    """The decks that ``user`` may see, newest first, with ``count`` of slides."""
    rows = SlideDeck.objects.visible_to(user).select_related("course", "changed_by").annotate(count=Count("slides"))
    rows = rows.order_by("-changed_at", "-pk")
    return rows.filter(course=course) if course else rows


def slides_of(deck: SlideDeck) -> list[Slide]:
    """Its slides in order, with their files. One query."""
    rows = list(deck.slides.select_related("picture", "recording").order_by("position", "pk"))
    for row in rows:
        row.deck = deck
    return rows


def as_source(slide: Slide) -> source.SlideSource:
    """The slide as plain values; its files must be loaded."""
    return source.SlideSource(
        heading=slide.heading,
        items=slide.items,
        words=slide.words,
        opens_chapter=slide.opens_chapter,
        sound=slide.sound,
        seconds=slide.seconds,
        picture=slide.picture.sha256 if slide.picture else "",
        recording=slide.recording.sha256 if slide.recording else "",
        described=slide.described,
    )


def source_of(deck: SlideDeck, slides: Iterable[Slide]) -> source.DeckSource:
    """The whole deck as plain values."""
    return source.DeckSource(
        title=deck.title,
        slides=tuple(as_source(slide) for slide in slides),
        voice=deck.voice,
        words_a_minute=deck.words_a_minute,
        pause_ms=deck.pause_ms,
        says_voice=deck.says_voice,
        language=deck.language,
    )


def count_words(text: str) -> int:
    return len(text.split())


def seconds_of(slide: Slide, deck: SlideDeck) -> float:
    """About how long the slide stands, with the pause behind it."""
    after = deck.pause_ms / 1000
    if slide.sound == Slide.Sound.SILENT:
        return slide.seconds + after
    if slide.sound == Slide.Sound.RECORDING and slide.recording and slide.recording.duration_ms:
        return slide.recording.duration_ms / 1000 + after
    words = count_words(slide.words)
    paragraphs = len(source.paragraphs(slide.words))
    spoken = words * 60 / max(deck.words_a_minute, 60) + AROUND_SECONDS + BETWEEN_SECONDS * max(paragraphs - 1, 0)
    return (spoken if words else 0) + after


def length(seconds: int) -> str:
    """A length in words: '40 seconds', '8 min 12'."""
    if seconds < 90:
        return _("%(n)d seconds") % {"n": seconds}
    return _("%(m)d min %(s)02d") % {"m": seconds // 60, "s": seconds % 60}


def states(deck: SlideDeck, slides: Iterable[Slide]) -> list[SlideState]:
    """Each slide with its state."""
    found = []
    for number, slide in enumerate(slides, 1):
        seconds = round(seconds_of(slide, deck))
        tone, label = _state(slide, seconds)
        found.append(SlideState(slide, number, count_words(slide.words), seconds, tone, label))
    return found


def _state(slide: Slide, seconds: int) -> tuple[str, str]:
    if slide.sound == Slide.Sound.RECORDING and not slide.recording:
        return "bad", _("No recording")
    if slide.sound != Slide.Sound.SILENT and not slide.words.strip():
        return "bad", _("No narration")
    if slide.picture and not slide.described.strip():
        return "bad", _("Not described")
    if seconds > LONG_SECONDS:
        return "warn", _("Long")
    return "ok", _("Ready")


def points(deck: SlideDeck, shown: list[SlideState]) -> list[Point]:
    """What stands in the way of the video, what is advice, what is well."""
    found = [*_of_deck(deck, shown)]
    for state in shown:
        found += _of_slide(state)
    advice = [*_advice(shown)]
    pictured = [state for state in shown if state.slide.picture]
    if pictured and all(state.slide.described.strip() for state in pictured):
        advice.append(Point("ok", _("Every picture is described")))
    if not any(point.more == _SMALL for point in advice):
        advice.append(Point("ok", _("Text on slides is large enough")))
    advice.append(Point("ok", _("Captions and transcript come from the words"), icon="captions"))
    return [*found, *sorted(advice, key=lambda point: point.tone == "ok")]


_SMALL = "small"


def _of_deck(deck: SlideDeck, shown: list[SlideState]) -> Iterable[Point]:
    if not shown:
        yield Point("bad", _("There is no slide yet."))
    spoken = [state for state in shown if state.slide.sound == Slide.Sound.WORDS and state.words]
    if not spoken:
        return
    voice = voices().get(deck.voice)
    if voice is None:
        yield Point(
            "bad", _("The voice of this deck is not installed here."), _("Choose another, or record the words.")
        )
    elif voice.language != deck.language.partition("-")[0]:
        yield Point(
            "bad", _("The voice speaks another language than the deck."), _("Choose another, or record the words.")
        )


def _of_slide(state: SlideState) -> Iterable[Point]:
    slide, number = state.slide, {"n": state.number}
    if slide.sound == Slide.Sound.RECORDING and not slide.recording:
        yield Point("bad", _("Slide %(n)d has no recording.") % number, _("Upload it, or let the words be read"), slide)
    elif slide.sound == Slide.Sound.RECORDING and not state.words:
        sentence = _("Slide %(n)d has a recording without words.") % number
        yield Point("bad", sentence, _("Write what is said; it becomes the captions"), slide)
    elif slide.sound == Slide.Sound.WORDS and not state.words:
        yield Point("bad", _("Slide %(n)d has no narration.") % number, _("Write it, or show it silently"), slide)
    if slide.picture and not slide.described.strip():
        sentence = _("The picture of slide %(n)d is not described.") % number
        yield Point("bad", sentence, _("Say what it says, for people who do not see it"), slide)


def _advice(shown: list[SlideState]) -> Iterable[Point]:
    for state in shown:
        number = {"n": state.number}
        if state.seconds > LONG_SECONDS:
            yield Point(
                "warn", _("Slide %(n)d runs over 90 seconds.") % number, _("Allowed; shorter is kinder."), state.slide
            )
        if count_words(_seen(state.slide.items)) > WORDS_SHOWN_MAX:
            sentence = _("Slide %(n)d shows more than 25 words, so they get small.") % number
            yield Point("warn", sentence, _SMALL, state.slide)


def _seen(items: str) -> str:
    return re.sub(r"^\s*(?:[-*+]|\d+[.)])\s", "", re.sub(r"```.*?```", "", items, flags=re.DOTALL), flags=re.MULTILINE)


def stands_in_the_way(found: Iterable[Point]) -> list[Point]:
    """The points that keep the video from being made."""
    return [point for point in found if point.tone == "bad"]


def last_jobs(deck: SlideDeck) -> dict[str, Any]:
    """The newest job that makes the video, and the newest that was done."""
    rows = list(deck.jobs.filter(kind="deck").order_by("-pk")[:20])
    done = next((row for row in rows if row.state == MediaJob.State.DONE), None)
    return {"job": rows[0] if rows else None, "done": done}
