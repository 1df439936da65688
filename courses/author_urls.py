"""Below ``/author/``; part of the namespace ``courses``."""

from django.urls import path

from courses.views import author, author_editions, author_lesson, author_reports

urlpatterns = [
    path("", author.courses, name="author"),
    path("do/create/", author.create, name="author_create"),
    path("<slug:slug>/", author.outline, name="author_course"),
    path("<slug:slug>/files/", author.files, name="author_files"),
    path("<slug:slug>/folder/", author.replace, name="author_folder"),
    path("<slug:slug>/folder.zip", author.download, name="author_download"),
    path("<slug:slug>/preview/", author_editions.preview, name="author_preview"),
    path("<slug:slug>/publish/", author_editions.publish, name="author_publish"),
    path("<slug:slug>/editions/", author_editions.editions, name="author_editions"),
    path("<slug:slug>/editions/<int:number>/again/", author_editions.again, name="author_again"),
    path("<slug:slug>/lessons/<slug:uid>/", author_lesson.lesson, name="author_lesson"),
    path("<slug:slug>/lessons/<slug:uid>/look/", author_lesson.look, name="author_look"),
    path("<slug:slug>/reports/", author_reports.reports, name="author_reports"),
    path("<slug:slug>/reports/<int:pk>/settle/", author_reports.settle, name="author_settle"),
]
