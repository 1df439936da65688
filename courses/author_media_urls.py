"""Below ``/author/``: files on their way in, jobs on them. Part of the namespace ``courses``."""

from django.urls import path

from courses.views import author_files, film, media_jobs, uploads

UPLOAD = "courses/<slug:slug>/uploads/<uuid:uid>/"

urlpatterns = [
    path("media/jobs/", media_jobs.jobs, name="author_jobs"),
    path("media/jobs/<uuid:uid>/stop/", media_jobs.cancel, name="author_job_cancel"),
    path("media/jobs/<uuid:uid>/again/", media_jobs.retry, name="author_job_retry"),
    path("courses/<slug:slug>/files/", author_files.files, name="author_files"),
    path("courses/<slug:slug>/files/back/", author_files.put_back, name="author_file_back"),
    path("courses/<slug:slug>/files/<str:name>/", author_files.file, name="author_file"),
    path("courses/<slug:slug>/files/<str:name>/out/", author_files.take_out, name="author_file_out"),
    path("courses/<slug:slug>/jobs/", media_jobs.course_jobs, name="author_course_jobs"),
    path("courses/<slug:slug>/lessons/<slug:uid>/film/", film.film, name="author_film"),
    path("courses/<slug:slug>/uploads/", uploads.begin, name="upload_begin"),
    path("courses/<slug:slug>/uploads/new/", uploads.page, name="upload_page"),
    path(UPLOAD, uploads.upload, name="upload"),
    path(f"{UPLOAD}piece/", uploads.piece, name="upload_piece"),
    path(f"{UPLOAD}finish/", uploads.finish, name="upload_finish"),
    path(f"{UPLOAD}cancel/", uploads.cancel, name="upload_cancel"),
]
