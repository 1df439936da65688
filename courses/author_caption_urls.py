"""Captions and chapters of a video lesson; part of the namespace ``courses``."""

from django.urls import path

from courses.views import author_captions, author_chapters

LESSON = "courses/<slug:slug>/lessons/<slug:uid>/"

urlpatterns = [
    path(f"{LESSON}captions/", author_captions.languages, name="author_captions_languages"),
    path(f"{LESSON}captions/<str:language>/", author_captions.editor, name="author_captions"),
    path(f"{LESSON}captions/<str:language>/draft/", author_captions.draft, name="author_captions_draft"),
    path(f"{LESSON}captions/<str:language>/remove/", author_captions.remove, name="author_captions_remove"),
    path(f"{LESSON}captions/<str:language>/file.<str:ending>", author_captions.download, name="author_captions_file"),
    path(f"{LESSON}chapters/", author_chapters.chapters, name="author_chapters"),
]
