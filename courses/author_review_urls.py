"""A review of the draft, below ``/author/courses/<slug>/review/``; part of the namespace ``courses``."""

from django.urls import path

from courses.views import author_review

urlpatterns = [
    path("courses/<slug:slug>/review/", author_review.review, name="author_review"),
    path("courses/<slug:slug>/review/<int:pk>/", author_review.one, name="author_review_one"),
    path("courses/<slug:slug>/review/<int:pk>/verdict/", author_review.verdict, name="author_review_verdict"),
    path("courses/<slug:slug>/review/<int:pk>/comment/", author_review.comment, name="author_review_comment"),
    path("courses/<slug:slug>/review/<int:pk>/again/", author_review.again, name="author_review_again"),
    path("courses/<slug:slug>/review/<int:pk>/close/", author_review.close, name="author_review_close"),
]
