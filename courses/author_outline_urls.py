"""A draft's outline and what a course says of itself, below ``/author/``; part of the namespace ``courses``."""

from django.urls import path

from courses.views import author_carry, author_details, author_hints, author_languages, author_outline

urlpatterns = [
    path("do/create/", author_details.create, name="author_create"),
    path("courses/<slug:slug>/", author_outline.outline, name="author_course"),
    path("courses/<slug:slug>/outline/", author_outline.act, name="author_outline"),
    path("courses/<slug:slug>/outline/check/", author_outline.check, name="author_check"),
    path("courses/<slug:slug>/outline/hints/", author_hints.act, name="author_hint"),
    path("courses/<slug:slug>/outline/archived/", author_outline.archived, name="author_archived"),
    path("courses/<slug:slug>/lessons/<slug:uid>/move/", author_carry.carry, name="author_carry"),
    path("courses/<slug:slug>/details/", author_details.details, name="author_details"),
    path("courses/<slug:slug>/details/languages/", author_languages.add, name="author_language"),
    path(
        "courses/<slug:slug>/details/languages/<slug:language>/remove/",
        author_languages.remove,
        name="author_language_remove",
    ),
    path("courses/<slug:slug>/archive/", author_details.archive, name="author_archive"),
]
