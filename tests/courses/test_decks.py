"""Decks: written by one, guarded against two, put in order, split, taken away and brought back."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, InvalidInput
from courses.decks.source import paragraphs, read_source, write_source
from courses.models import MediaFile, Slide, SlideDeck
from courses.narration.voices import Voice
from courses.selectors import decks as shown
from courses.services import decks
from tests.factories.accounts import UserFactory
from tests.factories.decks import SlideFactory, deck_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return UserFactory()


def order(deck: SlideDeck) -> str:
    rows = list(deck.slides.order_by("position"))
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    return "".join(row.heading for row in rows)


def slide(deck: SlideDeck, heading: str) -> Slide:
    return deck.slides.get(heading=heading)


def test_a_slide_is_saved_once_and_the_second_author_sees_both(actor):
    row = SlideFactory(items="- A")
    values = decks.SlideValues(heading=" New  heading ", items="One\nTwo", words="Said.\nAgain.\n\n\nMore.")
    saved = decks.save_slide(slide=row, version=1, values=values, actor=actor)
    assert (saved.heading, saved.items, saved.words) == ("New heading", "- One\n- Two", "Said. Again.\n\nMore.")
    assert (saved.version, saved.deck.changed_by) == (2, actor)
    assert decks.save_slide(slide=row, version=1, values=values, actor=actor).version == 2
    with pytest.raises(decks.SlideChanged) as caught:
        decks.save_slide(slide=row, version=1, values=decks.SlideValues(heading="Other"), actor=actor)
    assert caught.value.current.heading == "New heading"


def test_what_cannot_stand_on_a_slide_is_said_beside_its_field(actor):
    row = SlideFactory()
    with pytest.raises(InvalidInput) as caught:
        decks.save_slide(slide=row, version=1, values=decks.SlideValues(items="> quoted"), actor=actor)
    assert set(caught.value.fields) == {"items"}
    row.refresh_from_db()
    assert row.version == 1


def test_slides_are_moved_and_stay_at_the_ends(actor):
    deck = deck_of("a", "b", "c")
    for heading, by, after in (("A", 1, "BAC"), ("C", -1, "BCA"), ("B", -1, "BCA"), ("B", 9, "CAB")):
        decks.move_slide(slide=slide(deck, heading), by=by, actor=actor)
        assert order(deck) == after


def test_a_slide_is_added_behind_another_or_at_the_end(actor):
    deck = deck_of("a", "b")
    decks.add_slide(deck=deck, after=slide(deck, "A"), actor=actor)
    assert [row.heading for row in deck.slides.order_by("position")] == ["A", "", "B"]
    assert decks.add_slide(deck=deck, after=None, actor=actor).position == 4


def test_a_deleted_slide_comes_back_to_its_place_as_it_was(actor):
    deck = deck_of("a", "b", "c")
    before = write_source(shown.source_of(deck, shown.slides_of(deck)))
    kept = decks.delete_slide(slide=slide(deck, "B"), actor=actor)
    assert order(deck) == "AC"
    with pytest.raises(Conflict):
        decks.restore_slide(deck=deck_of("x"), kept=kept, actor=actor)
    with pytest.raises(Conflict):
        decks.restore_slide(deck=deck, kept=f"{kept}x", actor=actor)
    decks.restore_slide(deck=deck, kept=kept, actor=actor)
    assert order(deck) == "ABC"
    assert write_source(shown.source_of(deck, shown.slides_of(deck))) == before


def test_a_slide_is_split_between_sentences_or_where_the_author_says(actor):
    deck = deck_of("One is a short sentence. Two is here. Three ends.", "Only one.")
    fresh = decks.split_slide(slide=slide(deck, "A"), at=None, actor=actor)
    assert [row.words for row in deck.slides.order_by("position")] == [
        "One is a short sentence.",
        "Two is here. Three ends.",
        "Only one.",
    ]
    assert (fresh.items, fresh.opens_chapter, fresh.position) == ("- A point", False, 2)
    with pytest.raises(InvalidInput):
        decks.split_slide(slide=slide(deck, "B"), at=None, actor=actor)
    decks.split_slide(slide=slide(deck, "B"), at=5, actor=actor)
    assert deck.slides.order_by("-position").first().words == "one."


@given(st.text(max_size=80), st.none() | st.integers(0, 80))
def test_no_word_is_lost_when_a_slide_is_split(words, at):
    first, second = decks.halves(words, at)
    kept = [*paragraphs(first), *paragraphs(second)]
    assert "".join("".join(kept).split()) == "".join(words.split())


def test_a_deck_that_is_downloaded_and_uploaded_is_the_same(actor):
    file = MediaFile.objects.create(sha256="a" * 64, size=1, type="image/png")
    deck = deck_of("One.\n\n- two", "b", says_voice=False, pause_ms=1000)
    SlideFactory(deck=deck, position=3, picture=file, described="A shelf", sound="silent", seconds=9, words="")
    before = shown.source_of(deck, shown.slides_of(deck))
    text = write_source(before, cloth="lend", label="BOR 101")
    decks.replace_slides(deck=deck, given=read_source(text), actor=actor, source_name="x.md")
    deck.refresh_from_db()
    assert shown.source_of(deck, shown.slides_of(deck)) == before


def test_what_was_written_in_the_browser_outlives_a_file_that_takes_its_place(actor):
    deck = deck_of("a", "b")
    mine = decks.SlideValues(heading="A", words="An evening of work.")
    decks.save_slide(slide=slide(deck, "A"), version=1, values=mine, actor=actor)
    given = read_source("## New\n\nWords.\n")
    decks.replace_slides(deck=deck, given=given, actor=actor, source_name="x.md")
    kept = SlideDeck.objects.exclude(pk=deck.pk).get()
    assert (order(deck), order(kept)) == ("New", "AB")
    assert kept.slides.get(heading="A").words == "An evening of work."
    assert (kept.course, kept.lesson_uid) == (deck.course, "")
    decks.replace_slides(deck=deck, given=given, actor=actor, source_name="x.md")
    assert SlideDeck.objects.count() == 2  # what a file said that file still has


def test_a_slide_that_went_in_between_is_a_conflict(actor):
    row = slide(deck_of("a", "b"), "A")
    decks.delete_slide(slide=row, actor=actor)
    acts = (
        lambda: decks.move_slide(slide=row, by=1, actor=actor),
        lambda: decks.split_slide(slide=row, at=None, actor=actor),
        lambda: decks.delete_slide(slide=row, actor=actor),
        lambda: decks.save_slide(slide=row, version=1, values=decks.SlideValues(words="Said."), actor=actor),
    )
    for act in acts:
        with pytest.raises(Conflict, match="took this slide out"):
            act()
    decks.delete_deck(deck=row.deck)
    for act in acts:
        with pytest.raises(Conflict, match="deleted these slides"):
            act()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_saves_a_slide_while_another_splits_it_is_told_and_no_word_is_written_over(monkeypatch):
    row, person, reached = slide(deck_of("One. Two."), "A"), UserFactory(), threading.Event()
    halves = decks.halves

    def slowly(words: str, at: int | None) -> tuple[str, str]:
        reached.set()
        time.sleep(0.3)
        return halves(words, at)

    def save() -> None:
        reached.wait(timeout=10)
        try:
            decks.save_slide(slide=row, version=1, values=decks.SlideValues(words="Three."), actor=person)
        finally:
            connection.close()

    monkeypatch.setattr(decks, "halves", slowly)
    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(save)
        decks.split_slide(slide=row, at=None, actor=person)
        with pytest.raises(decks.SlideChanged):
            saving.result(timeout=20)
    assert list(row.deck.slides.order_by("position").values_list("words", flat=True)) == ["One.", "Two."]


def test_a_source_names_no_file_of_another_course(actor):
    file = MediaFile.objects.create(sha256="a" * 64, size=1, type="image/png")
    SlideFactory(picture=file)
    deck = deck_of("a")
    text = f"## A\n\n```slide\npicture: {'a' * 64}\n```\n\nWords.\n"
    decks.replace_slides(deck=deck, given=read_source(text), actor=actor, source_name="x.md")
    assert deck.slides.get().picture is None


@pytest.fixture
def voice(monkeypatch):
    found = {"calm": Voice("calm", "Calm", "en", 24_000, lambda pace: None)}
    monkeypatch.setattr(shown, "voices", lambda: found)
    return found


def points(deck) -> list[tuple[str, str]]:
    return [(point.tone, point.sentence) for point in shown.points(deck, shown.states(deck, shown.slides_of(deck)))]


def test_what_stands_in_the_way_is_said_slide_by_slide(voice):
    file = MediaFile.objects.create(sha256="a" * 64, size=1, type="image/png")
    deck = deck_of("Said.", "", "word " * 300, "Said.", "")
    deck.slides.filter(heading="D").update(picture=file, sound="recording", items="- " + "many " * 30)
    deck.slides.filter(heading="E").update(sound="silent", seconds=120)
    labels = [state.label for state in shown.states(deck, shown.slides_of(deck))]
    assert labels == ["Ready", "No narration", "Long", "No recording", "Long"]
    found = points(deck)
    assert [sentence for tone, sentence in found if tone == "bad"] == [
        "Slide 2 has no narration.",
        "Slide 4 has no recording.",
        "The picture of slide 4 is not described.",
    ]
    assert [sentence for tone, sentence in found if tone == "warn"] == [
        "Slide 3 runs over 90 seconds.",
        "Slide 4 shows more than 25 words, so they get small.",
        "Slide 5 runs over 90 seconds.",
    ]
    deck.slides.exclude(heading="A").delete()
    assert [tone for tone, _sentence in points(deck)] == ["ok", "ok"]


def test_a_voice_that_is_missing_or_speaks_another_language_stands_in_the_way(voice):
    deck = deck_of("Dicho.", language="es")
    assert ("bad", "The voice speaks another language than the deck.") in points(deck)
    deck.voice = "gone"
    assert ("bad", "The voice of this deck is not installed here.") in points(deck)
    deck.slides.update(sound="silent")
    assert all(tone != "bad" for tone, _sentence in points(deck))
