"""Author pages of the ledger: how people learn in a course. Below ``/author/``."""

from django.urls import URLPattern, path

from progress.views import learning

app_name = "progress_author"
urlpatterns: list[URLPattern] = [
    path("courses/<slug:slug>/learning/", learning.learning, name="learning"),
    path("courses/<slug:slug>/learning/<slug:table>.csv", learning.learning_csv, name="learning_csv"),
    path("courses/<slug:slug>/learning/<slug:uid>/", learning.film, name="film"),
    path("courses/<slug:slug>/learning/<slug:uid>/again/", learning.film_again, name="film_again"),
]
