"""Rows of files on their way in and of jobs on them."""

from typing import Any

from courses.models import MediaJob, Upload
from tests.doors.rows import Row, inner, public
from tests.doors.world import World


def upload(world: World) -> dict[str, Any]:
    """The instructor's own; nobody else, not even the site's administrator, goes on with it."""
    person = world.people["instructor"]
    row, _new = Upload.objects.get_or_create(course=world.public, person=person, purpose="file", name="a.txt", size=9)
    return public(world) | {"uid": row.uid}


def job_of(world: World) -> MediaJob:
    row, _new = MediaJob.objects.get_or_create(course=world.inner, kind="transcode", title="The only film")
    return row


def job(world: World) -> dict[str, Any]:
    return {"uid": job_of(world).uid}


def with_job(world: World) -> dict[str, Any]:
    job_of(world)
    return {}


def file(world: World) -> dict[str, Any]:
    return inner(world) | {"name": "film.mp4"}


def film(world: World) -> dict[str, Any]:
    return inner(world) | {"uid": "film"}


def inner_with_job(world: World) -> dict[str, Any]:
    job_of(world)
    return inner(world)


MEDIA_ROWS = [
    Row("courses:upload_begin", "ufffofo", public, method="post"),
    Row("courses:upload_begin", "unffofo", inner, method="post"),
    Row("courses:upload_page", "lfffofo", public),
    Row("courses:upload_page", "lfffofo", public, method="post"),
    Row("courses:upload", "unnnonn", upload),
    Row("courses:upload_piece", "unnnonn", upload, method="put"),
    Row("courses:upload_finish", "unnnonn", upload, method="post"),
    Row("courses:upload_cancel", "unnnonn", upload, method="post"),
    Row("courses:author_file", "lnffofo", file),
    Row("courses:author_file", "lnffofo", file, method="post"),
    Row("courses:author_file_out", "lnffofo", file, method="post"),
    Row("courses:author_file_back", "lnffofo", inner, method="post"),
    Row("courses:author_film", "lnffofo", film),
    Row("courses:author_film", "lnffofo", film, method="post"),
    Row("courses:author_jobs", "loffOfO", with_job, shows="The only film"),
    Row("courses:author_course_jobs", "lnffOfO", inner_with_job, shows="The only film"),
    Row("courses:author_job_cancel", "lnnnono", job),
    Row("courses:author_job_cancel", "lnnnono", job, method="post"),
    Row("courses:author_job_retry", "lnnnono", job, method="post"),
]
