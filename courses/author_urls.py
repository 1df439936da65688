"""Below ``/author/``; part of the namespace ``courses``."""

from django.urls import path

from courses import (
    author_caption_urls,
    author_deck_urls,
    author_edition_urls,
    author_library_urls,
    author_media_urls,
    author_outline_urls,
    author_people_urls,
    author_review_urls,
    author_writing_urls,
)
from courses.views import author, author_courses, author_reports

urlpatterns = [
    path("", author_courses.courses, name="author"),
    path("courses/<slug:slug>/folder/", author.replace, name="author_folder"),
    path("courses/<slug:slug>/folder.zip", author.download, name="author_download"),
    path("courses/<slug:slug>/reports/", author_reports.reports, name="author_reports"),
    path("courses/<slug:slug>/reports/<int:pk>/settle/", author_reports.settle, name="author_settle"),
    *author_caption_urls.urlpatterns,
    *author_outline_urls.urlpatterns,
    *author_deck_urls.urlpatterns,
    *author_edition_urls.urlpatterns,
    *author_library_urls.urlpatterns,
    *author_media_urls.urlpatterns,
    *author_people_urls.urlpatterns,
    *author_review_urls.urlpatterns,
    *author_writing_urls.urlpatterns,
]
