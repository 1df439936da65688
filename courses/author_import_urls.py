"""Below ``/author/``: documents that become lessons. Part of the namespace ``courses``."""

from django.urls import path

from courses.views import author_import

REPORT = "courses/<slug:slug>/import/<uuid:uid>/"

urlpatterns = [
    path("courses/<slug:slug>/import/", author_import.begin, name="author_import"),
    path(REPORT, author_import.report, name="author_import_report"),
    path(f"{REPORT}take/", author_import.take, name="author_import_take"),
    path(f"{REPORT}undo/", author_import.undo, name="author_import_undo"),
    path(f"{REPORT}media/<slug:sha>/<str:name>", author_import.media, name="author_import_media"),
    path("courses/<slug:slug>/decks/from/<uuid:uid>/", author_import.arrival, name="author_deck_arrival"),
]
