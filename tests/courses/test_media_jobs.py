"""Jobs on media, whatever they make: killed between two steps, overtaken by another worker, begun too often; and the
names under which a film comes into a draft."""

import time

import pytest
from django.core.files.storage import default_storage

from accounts.models import Notice
from courses import jobs_making
from courses.making import beating, documents, registry, transcode
from courses.making.registry import JobFailed
from courses.models import LessonText, MediaJob, Upload
from courses.services import filming, making, outline_copies, uploading
from courses.services.making import begin_job
from tests.courses.films import film_course, mp4
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner, tmp_path):
    return film_course(tmp_path / "course", owner=owner, slug="films")


def uploaded(course, owner, content: bytes = b"# One\n\nWords.\n", name: str = "notes.md") -> MediaJob:
    """The job that finishing such an upload begins."""
    upload = Upload.objects.create(
        course=course, person=owner, purpose="document", name=name, size=len(content), state=Upload.State.TAKEN
    )
    path = uploading.path_of(upload)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return begin_job(course=course, kind="document", title=name, actor=owner, upload=upload)


def after_the_lease(job: MediaJob) -> MediaJob:
    """Somebody takes up what a killed worker left."""
    MediaJob.objects.update(claimed_at=job.created_at.replace(year=2020))
    jobs_making.run_media_job(job.pk)
    job.refresh_from_db()
    return job


# Killed, overtaken, begun too often


def test_a_worker_killed_after_its_last_step_costs_nothing(course, owner, monkeypatch):
    job = uploaded(course, owner)

    def killed(*_args, **_values):
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "finish", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs_making.run_media_job(job.pk)
    monkeypatch.undo()
    assert after_the_lease(job).state == "done"
    assert [lesson["title"] for lesson in job.made["lessons"]] == ["One"]
    assert not uploading.path_of(job.upload).exists()


def test_a_worker_that_was_overtaken_leaves_folder_and_author_alone(course, owner, monkeypatch):
    job = begin_job(course=course, kind="slow", title="A film", actor=owner)

    def overtaken(work):
        MediaJob.objects.filter(pk=job.pk).update(attempts=work.job.attempts + 1)  # somebody else has it now
        (work.folder / "half.mp4").write_bytes(b"theirs")
        raise JobFailed("The file is broken.")

    monkeypatch.setitem(registry.kinds, "slow", overtaken)
    jobs_making.run_media_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.said) == ("running", "")
    assert (jobs_making.folder_of(job) / "half.mp4").read_bytes() == b"theirs"
    assert not Notice.objects.exists()


def test_whoever_began_a_job_that_never_ends_is_told(course, owner, monkeypatch):
    job = begin_job(course=course, kind="slow", title="A film", actor=owner)
    MediaJob.objects.update(attempts=making.ATTEMPTS_MAX)
    monkeypatch.setitem(registry.kinds, "slow", lambda work: pytest.fail("begun once more"))
    jobs_making.run_media_job(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert Notice.objects.get(person=owner).title == "“A film” did not work"


def test_a_job_whose_course_part_was_deleted_meanwhile_ends_quietly(course, owner, monkeypatch):
    job = begin_job(course=course, kind="slow", title="A film", actor=owner)

    def deleted(work):
        MediaJob.objects.filter(pk=job.pk).delete()
        raise JobFailed("It is gone.")

    monkeypatch.setitem(registry.kinds, "slow", deleted)
    assert jobs_making.run_media_job(job.pk)
    assert not Notice.objects.exists()


def test_a_document_of_too_many_lessons_says_what_was_left_out(owner, monkeypatch):
    monkeypatch.setattr(documents, "LESSONS_MAX", 2)
    course = draft_course(slug="lending", owner=owner)
    job = uploaded(course, owner, b"".join(b"# Lesson %d\n\nWords.\n\n" % number for number in range(1, 5)))
    jobs_making.run_media_job(job.pk)
    job.refresh_from_db()
    assert [lesson["title"] for lesson in job.made["lessons"]] == ["Lesson 1", "Lesson 2"]
    assert job.made["left"] == [
        "At most 2 lessons are taken from one document. 2 are left out, from “Lesson 3” on: split the document."
    ]


# What a film is called


def kept(course, owner, folder, *, seconds: int, uid: str = "film") -> dict[str, str]:
    """A film of so many seconds was made for the lesson."""
    path = folder / f"{uid}-{seconds}.mp4"
    path.write_bytes(mp4(seconds))
    job = begin_job(course=course, kind="transcode", title="in.mov", actor=owner, lesson_uid=uid)
    incoming = filming.read({"file": path, "small": path}, "video")
    return filming.keep(job=job, incoming=incoming, key="video")["names"]


def seconds_of(course, uid: str) -> float:
    """The length of the film that the lesson shows."""
    name = LessonText.objects.get(lesson__course=course, lesson__uid=uid).content["video"]["file"]
    media = course.media.get(name=name.removeprefix("media/")).media
    assert default_storage.exists(media.path)
    return media.duration_ms / 1000


def test_a_film_for_one_lesson_does_not_change_what_a_copy_of_it_shows(course, owner, tmp_path):
    copy = outline_copies.duplicate_lesson(course=course, uid="film", actor=owner).lesson
    assert kept(course, owner, tmp_path, seconds=33) == {"file": "film-2.mp4", "small": "film-2.small.mp4"}
    assert seconds_of(course, "film") == 33
    assert seconds_of(course, copy.uid) == 10
    assert kept(course, owner, tmp_path, seconds=44)["file"] == "film-2.mp4"
    assert (seconds_of(course, "film"), seconds_of(course, copy.uid)) == (44, 10)


def test_a_lessons_own_film_keeps_its_name_and_a_second_run_changes_nothing(course, owner, tmp_path):
    for _run in range(2):
        assert kept(course, owner, tmp_path, seconds=33)["file"] == "film.mp4"
    assert seconds_of(course, "film") == 33


def test_a_file_that_somebody_put_there_under_that_name_stays(course, owner, tmp_path):
    film = course.media.get(name="film.mp4")
    film.pk, film.name = None, "after.mp4"
    film.save()
    LessonText.objects.filter(lesson__uid="after").update(content={"body": "Words.\n", "source_format": "md"})
    assert kept(course, owner, tmp_path, seconds=33, uid="after")["file"] == "after-2.mp4"
    assert course.media.get(name="after.mp4").media.duration_ms == 10_000


def test_a_store_that_takes_its_time_does_not_cost_the_job_its_lease(course, owner, tmp_path, monkeypatch):
    """Else the sweep gives the film to a second worker, and to a third, and then it failed."""
    monkeypatch.setattr(beating, "BEAT_SECONDS", 0.01)
    film = tmp_path / "film.mp4"
    film.write_bytes(mp4(33))
    job = making.claim(begin_job(course=course, kind="transcode", title="x", actor=owner, lesson_uid="film").pk)
    told, real = [], filming.put_bytes

    def slow(incoming):
        real(incoming)
        until = time.monotonic() + 10
        while len(told) < 5 and time.monotonic() < until:
            time.sleep(0.01)

    monkeypatch.setattr(filming, "put_bytes", slow)
    work = registry.Work(job=job, folder=tmp_path, report=lambda percent, step="": told.append(step))
    transcode._kept(work, {"file": film}, key="video")
    assert told[:5] == ["Putting it into the lesson"] * 5
    assert seconds_of(course, "film") == 33
