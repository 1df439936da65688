"""Decks of slides for tests."""

import factory
from factory.django import DjangoModelFactory

from courses.models import Slide, SlideDeck
from tests.factories.courses import CourseFactory


class SlideDeckFactory(DjangoModelFactory):
    """A deck in English without slides."""

    class Meta:
        model = SlideDeck

    course = factory.SubFactory(CourseFactory)
    title = factory.Sequence(lambda number: f"Deck {number}")


class SlideFactory(DjangoModelFactory):
    """A slide that says one sentence."""

    class Meta:
        model = Slide

    deck = factory.SubFactory(SlideDeckFactory)
    position = factory.Sequence(lambda number: number + 1)
    heading = factory.Sequence(lambda number: f"Slide {number}")
    items = "- A point"
    words = factory.LazyAttribute(lambda slide: f"What is said about {slide.heading}.")


def deck_of(*words: str, **kw) -> SlideDeck:
    """A deck with a slide for each of ``words``, called A, B, C …"""
    deck = SlideDeckFactory(**kw)
    for place, said in enumerate(words, 1):
        SlideFactory(deck=deck, position=place, heading=chr(64 + place), words=said)
    return deck
