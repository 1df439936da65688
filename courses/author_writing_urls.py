"""Below ``/author/``, in the namespace ``courses``: one lesson's text, what it was before, and the authors' notes."""

from django.urls import path

from courses.views import author_history, author_lesson, author_remarks, author_saving, author_writing

urlpatterns = [
    path("courses/<slug:slug>/lessons/<slug:uid>/", author_lesson.lesson, name="author_lesson"),
    path("courses/<slug:slug>/lessons/<slug:uid>/look/", author_lesson.look, name="author_look"),
    path("courses/<slug:slug>/lessons/<slug:uid>/save/", author_saving.save, name="author_save"),
    path("courses/<slug:slug>/lessons/<slug:uid>/present/", author_saving.present, name="author_present"),
    path("courses/<slug:slug>/lessons/<slug:uid>/difference/", author_lesson.difference, name="author_difference"),
    path("courses/<slug:slug>/lessons/<slug:uid>/language/", author_lesson.add_language, name="author_language"),
    path("courses/<slug:slug>/lessons/<slug:uid>/ready/", author_lesson.ready, name="author_ready"),
    path("courses/<slug:slug>/lessons/<slug:uid>/paste/", author_writing.paste, name="author_paste"),
    path("courses/<slug:slug>/lessons/<slug:uid>/picture/", author_writing.picture, name="author_picture"),
    path("courses/<slug:slug>/lessons/<slug:uid>/convert/", author_writing.convert, name="author_convert"),
    path("courses/<slug:slug>/lessons/<slug:uid>/history/", author_history.history, name="author_lesson_history"),
    path(
        "courses/<slug:slug>/lessons/<slug:uid>/history/compare/", author_history.compare, name="author_lesson_compare"
    ),
    path(
        "courses/<slug:slug>/lessons/<slug:uid>/history/<int:version>/restore/",
        author_history.restore,
        name="author_lesson_restore",
    ),
    path("courses/<slug:slug>/remarks/", author_remarks.remarks, name="author_remarks"),
    path("courses/<slug:slug>/remarks/<int:pk>/answer/", author_remarks.answer, name="author_remark_answer"),
    path("courses/<slug:slug>/remarks/<int:pk>/settle/", author_remarks.settle, name="author_remark_settle"),
]
