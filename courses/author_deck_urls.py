"""Below ``/author/``: slides to video. Part of the namespace ``courses``."""

from django.urls import path

from courses import author_import_urls
from courses.views import author_deck, author_deck_acts, author_decks

DECK = "courses/<slug:slug>/decks/<int:pk>/"
SLIDE = f"{DECK}slides/<int:slide>/"

urlpatterns = [
    *author_import_urls.urlpatterns,
    path("media/decks/", author_decks.every_deck, name="author_all_decks"),
    path("courses/<slug:slug>/decks/", author_decks.decks, name="author_decks"),
    path(DECK, author_deck.deck, name="author_deck"),
    path(f"{DECK}deck.md", author_decks.source, name="author_deck_source"),
    path(f"{DECK}progress/", author_deck_acts.progress, name="author_deck_progress"),
    path(f"{DECK}made/<slug:key>/", author_deck_acts.made, name="author_deck_made"),
    path(f"{DECK}do/<slug:verb>/", author_deck_acts.do, name="author_deck_do"),
    path(SLIDE, author_deck.slide, name="author_slide"),
    path(f"{SLIDE}page.png", author_deck_acts.page, name="author_slide_page"),
    path(f"{SLIDE}sound.wav", author_deck_acts.sound, name="author_slide_sound"),
    path(f"{SLIDE}do/<slug:verb>/", author_deck.slide_do, name="author_slide_do"),
]
