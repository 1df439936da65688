"""Decks of slides: begun, written slide by slide, put in another order, split, taken away and brought back.

A slide is guarded by its version as a lesson's text is. Whatever writes on slides or their order holds the row of the
deck: who saves a slide while another one splits or moves it waits, and neither finds the other's row half written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from core import clock
from core.errors import Conflict, InvalidInput
from courses.decks import source
from courses.models import Course, MediaFile, Slide, SlideDeck

SALT = "courses.decks.slide"
UNDO_SECONDS = 60 * 60 * 24
TITLE_MAX = 200
PLAIN = ("heading", "items", "described", "opens_chapter", "sound", "words", "seconds")


class SlideChanged(Conflict):
    """The slide was saved by somebody else in between; ``current`` is the row as it stands now."""

    def __init__(self, current: Slide) -> None:
        super().__init__(_("Somebody else saved this slide while you were writing. Both are below."))
        self.current = current


class DeckChanged(Conflict):
    """The same for what belongs to the whole deck."""

    def __init__(self, current: SlideDeck) -> None:
        super().__init__(_("Somebody else changed the voice or the title in the meantime. Theirs stands here now."))
        self.current = current


@dataclass(frozen=True)
class SlideValues:
    """What an author writes on one slide; ``picture`` and ``recording`` are files, None for none."""

    heading: str = ""
    items: str = ""
    described: str = ""
    opens_chapter: bool = True
    sound: str = Slide.Sound.WORDS
    words: str = ""
    seconds: int = 5
    picture: MediaFile | None = None
    recording: MediaFile | None = None


@dataclass(frozen=True)
class DeckValues:
    """What holds for the whole deck."""

    title: str
    lesson_uid: str
    language: str
    voice: str
    words_a_minute: int
    pause_ms: int
    says_voice: bool


@transaction.atomic
def create_deck(
    *,
    course: Course,
    given: source.DeckSource,
    actor: User | None,
    lesson_uid: str = "",
    source_name: str = "",
    files: Mapping[str, MediaFile] | None = None,
) -> SlideDeck:
    """A new deck as ``given``; ``files`` are pictures and recordings by SHA-256, others are left out."""
    deck = SlideDeck.objects.create(
        course=course,
        lesson_uid=lesson_uid,
        language=given.language if given.language in course.languages else course.first_language,
        title=given.title,
        voice=given.voice,
        words_a_minute=given.words_a_minute,
        pause_ms=given.pause_ms,
        says_voice=given.says_voice,
        source_name=source_name[:150],
        changed_by=actor,
    )
    _fill(deck, given.slides, files or {})
    return deck


@transaction.atomic
def replace_slides(*, deck: SlideDeck, given: source.DeckSource, actor: User, source_name: str) -> SlideDeck:
    """Make the deck what an uploaded source says; pictures and recordings that the deck has are found again.

    Slides that somebody wrote on in the browser go into a deck of their own, so that no words are lost to an older file.
    """
    held = SlideDeck.objects.select_for_update().get(pk=deck.pk)
    files = files_of(held.course)
    if held.slides.filter(version__gt=1).exists():
        _put_by(held)
    else:
        held.slides.all().delete()
    held.title, held.voice, held.words_a_minute = given.title, given.voice, given.words_a_minute
    held.pause_ms, held.says_voice, held.source_name = given.pause_ms, given.says_voice, source_name[:150]
    held.version += 1
    held.changed_at, held.changed_by = clock.now(), actor
    held.save()
    _fill(held, given.slides, files)
    return held


def _put_by(deck: SlideDeck) -> None:
    """The slides of ``deck`` as a deck of their own, for no lesson."""
    kept = SlideDeck.objects.get(pk=deck.pk)
    kept.pk, kept.lesson_uid = None, ""
    kept.title = (_("%(title)s (before a file took its place)") % {"title": deck.title})[:TITLE_MAX]
    kept.save(force_insert=True)
    deck.slides.update(deck=kept)


def files_of(course: Course) -> dict[str, MediaFile]:
    """Pictures and recordings of the course's decks by SHA-256: a source names only what the course has already."""
    rows = Slide.objects.filter(deck__course=course).select_related("picture", "recording")
    return {file.sha256: file for row in rows for file in (row.picture, row.recording) if file}


def _fill(deck: SlideDeck, slides: Sequence[source.SlideSource], files: Mapping[str, MediaFile]) -> None:
    rows = [
        Slide(
            deck=deck,
            position=place,
            picture=files.get(slide.picture),
            recording=files.get(slide.recording),
            **{name: getattr(slide, name) for name in PLAIN},
        )
        for place, slide in enumerate(slides, 1)
    ]
    Slide.objects.bulk_create(rows)


def tidy(values: SlideValues) -> SlideValues:
    """The values as they are kept. Raises ``InvalidInput`` with the field that holds what cannot stand on a slide."""
    given = {each.name: getattr(values, each.name) for each in fields(values)}
    try:
        given["items"] = source.tidy_items(values.items)
    except source.SourceFault as problem:
        raise InvalidInput(str(problem), fields={"items": str(problem)}) from problem
    given["words"] = source.tidy_words(values.words)
    given["heading"] = " ".join(values.heading.split())
    given["described"] = " ".join(values.described.split())
    return SlideValues(**given)


@transaction.atomic
def save_slide(*, slide: Slide, version: int, values: SlideValues, actor: User) -> Slide:
    """Save the slide if its version is still ``version``; the same values save nothing.

    Raises ``InvalidInput`` for what cannot stand on a slide, ``SlideChanged`` when another save came first, ``Conflict``
    when it is gone.
    """
    values = tidy(values)
    changes = {each.name: getattr(values, each.name) for each in fields(values)}
    _hold(slide.deck_id)
    rows = Slide.objects.select_related("deck__course", "picture", "recording")
    current = rows.filter(pk=slide.pk).first()
    if current is None:
        raise _gone()
    if all(getattr(current, name) == value for name, value in changes.items()):
        return current
    if not Slide.objects.filter(pk=slide.pk, version=version).update(version=version + 1, **changes):
        raise SlideChanged(current)
    _touch(current.deck_id, actor)
    return rows.get(pk=slide.pk)


@transaction.atomic
def save_deck(*, deck: SlideDeck, version: int, values: DeckValues, actor: User) -> SlideDeck:
    """Save voice, look and title; raises ``DeckChanged`` when another save came first."""
    changes = asdict(values)
    current = SlideDeck.objects.select_related("course").get(pk=deck.pk)
    if all(getattr(current, name) == value for name, value in changes.items()):
        return current
    now = {"changed_at": clock.now(), "changed_by": actor}
    if not SlideDeck.objects.filter(pk=deck.pk, version=version).update(version=version + 1, **changes, **now):
        raise DeckChanged(current)
    return SlideDeck.objects.select_related("course").get(pk=deck.pk)


def _touch(pk: int, actor: User) -> None:
    SlideDeck.objects.filter(pk=pk).update(changed_at=clock.now(), changed_by=actor)


def _hold(deck_pk: int) -> None:
    """Wait until nobody else writes on the deck. Raises ``Conflict`` when somebody deleted it."""
    if SlideDeck.objects.select_for_update().filter(pk=deck_pk).first() is None:
        raise Conflict(_("Somebody deleted these slides in between."))


def _held(deck_pk: int) -> list[Slide]:
    """The slides in order, while the deck's row is held."""
    _hold(deck_pk)
    return list(Slide.objects.filter(deck=deck_pk).order_by("position", "pk"))


def _found(rows: Sequence[Slide], slide: Slide) -> Slide:
    """``slide`` among ``rows``. Raises ``Conflict`` when somebody took it out in between."""
    row = next((each for each in rows if each.pk == slide.pk), None)
    if row is None:
        raise _gone()
    return row


def _gone() -> Conflict:
    return Conflict(_("Somebody took this slide out in between."))


def _number(rows: Sequence[Slide]) -> None:
    moved = []
    for place, row in enumerate(rows, 1):
        if row.position != place:
            row.position = place
            moved.append(row)
    Slide.objects.bulk_update(moved, ["position"])


@transaction.atomic
def add_slide(*, deck: SlideDeck, after: Slide | None, actor: User) -> Slide:
    """An empty slide behind ``after``, or at the end. Raises ``InvalidInput`` when the deck is full."""
    rows = _held(deck.pk)
    if len(rows) >= source.SLIDES_MAX:
        raise InvalidInput(_("A deck has at most %(n)d slides. Make a second video.") % {"n": source.SLIDES_MAX})
    place = next((row.position for row in rows if after and row.pk == after.pk), len(rows))
    fresh = Slide.objects.create(deck=deck, position=len(rows) + 1)
    rows.insert(place, fresh)
    _number(rows)
    _touch(deck.pk, actor)
    return fresh


@transaction.atomic
def move_slide(*, slide: Slide, by: int, actor: User) -> Slide:
    """Put the slide ``by`` places further down (up when negative); beyond an end it stays at that end."""
    rows = _held(slide.deck_id)
    place = rows.index(_found(rows, slide))
    row = rows.pop(place)
    rows.insert(max(0, min(place + by, len(rows))), row)
    _number(rows)
    _touch(slide.deck_id, actor)
    return row


@transaction.atomic
def split_slide(*, slide: Slide, at: int | None, actor: User) -> Slide:
    """A second slide behind this one that shows the same; the words are shared out, at the character ``at`` or in the
    middle. Gives the second. Raises ``InvalidInput`` when there is nothing to share out."""
    rows = _held(slide.deck_id)
    row = _found(rows, slide)
    first, second = halves(row.words, at)
    if not second:
        raise InvalidInput(_("There is only one sentence; write another one first."))
    if len(rows) >= source.SLIDES_MAX:
        raise InvalidInput(_("A deck has at most %(n)d slides. Make a second video.") % {"n": source.SLIDES_MAX})
    Slide.objects.filter(pk=row.pk).update(words=first, version=F("version") + 1)
    same = {name: getattr(row, name) for name in (*PLAIN, "picture_id")}
    same |= {"words": second, "opens_chapter": False, "sound": Slide.Sound.WORDS}
    fresh = Slide.objects.create(deck_id=row.deck_id, position=len(rows) + 1, **same)
    rows.insert(rows.index(row) + 1, fresh)
    _number(rows)
    _touch(slide.deck_id, actor)
    return fresh


def halves(words: str, at: int | None) -> tuple[str, str]:
    """Two parts of ``words``: at the character ``at``, else at the end of the sentence nearest to the middle."""
    if at is not None and words[:at].strip() and words[at:].strip():
        return source.tidy_words(words[:at]), source.tidy_words(words[at:])
    ends = [place + 1 for place, each in enumerate(words[:-1]) if each in ".?!…\n" and words[place + 1].isspace()]
    ends = [end for end in ends if words[:end].strip() and words[end:].strip()]
    if not ends:
        return words, ""
    middle = min(ends, key=lambda end: abs(end - len(words) / 2))
    return source.tidy_words(words[:middle]), source.tidy_words(words[middle:])


@transaction.atomic
def delete_slide(*, slide: Slide, actor: User) -> str:
    """Take the slide out; gives what ``restore_slide`` brings it back from, signed, good for a day."""
    rows = _held(slide.deck_id)
    row = _found(rows, slide)
    kept = {name: getattr(row, name) for name in (*PLAIN, "position", "picture_id", "recording_id", "deck_id")}
    row.delete()
    _number([each for each in rows if each is not row])
    _touch(slide.deck_id, actor)
    return signing.dumps(kept, salt=SALT, compress=True)


@transaction.atomic
def restore_slide(*, deck: SlideDeck, kept: str, actor: User) -> Slide:
    """Bring a slide back to its place. Raises ``Conflict`` when that is not possible any more."""
    try:
        values: dict[str, Any] = signing.loads(kept, salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature as problem:
        raise Conflict(_("This can no longer be undone.")) from problem
    if values.pop("deck_id") != deck.pk:
        raise Conflict(_("This can no longer be undone."))
    rows = _held(deck.pk)
    position = values.pop("position")
    files = {values["picture_id"], values["recording_id"]} - {None}
    if MediaFile.objects.filter(pk__in=files).count() != len(files) or len(rows) >= source.SLIDES_MAX:
        raise Conflict(_("This can no longer be undone."))
    row = Slide.objects.create(deck=deck, position=len(rows) + 1, **values)
    rows.insert(position - 1, row)
    _number(rows)
    _touch(deck.pk, actor)
    return row


def delete_deck(*, deck: SlideDeck) -> None:
    """Take the deck away. Videos that were made of it and stand in lessons stay there."""
    deck.delete()
