"""Uploaded films become what every browser plays; a killed or stopped worker leaves nothing half done."""

from pathlib import Path

import pytest
from django.conf import settings as conf
from django.core.files.storage import default_storage

from core import clock
from courses import jobs_making
from courses.making import films, mp4, tools, transcode
from courses.making.registry import Cancelled
from courses.models import Lesson, MediaJob, Upload
from courses.services import making, uploading
from courses.services.making import begin_job
from tests.courses.films import film_course
from tests.courses.real_films import make, said_of
from tests.factories.accounts import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.bystander]


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner, tmp_path):
    return film_course(tmp_path / "course", owner=owner, slug="films")


def filed(course, owner, path: Path, *, purpose: str = "video", uid: str = "film") -> MediaJob:
    """The job that finishing an upload of ``path`` begins."""
    upload = Upload.objects.create(
        course=course, person=owner, purpose=purpose, lesson_uid=uid, name=path.name, size=path.stat().st_size
    )
    target = uploading.path_of(upload)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(path.read_bytes())
    given = {"purpose": purpose}
    return begin_job(
        course=course, kind="transcode", title=path.name, actor=owner, lesson_uid=uid, upload=upload, given=given
    )


def done(job: MediaJob) -> MediaJob:
    jobs_making.run_media_job(job.pk)
    job.refresh_from_db()
    return job


def stored(course, name: str) -> Path:
    return Path(default_storage.path(course.media.get(name=name).media.path))


def content_of(course, uid: str = "film"):
    return Lesson.objects.get(course=course, uid=uid).texts.get().content


def test_a_film_is_there_in_two_sizes_with_a_poster_and_stands_in_its_lesson(course, owner, tmp_path, monkeypatch):
    monkeypatch.setattr(films, "SEGMENT_SECONDS", 1)
    film = make(tmp_path / "in.mkv", seconds=3, size="1280x720", rate="30000/1001")
    job = done(filed(course, owner, film))
    assert (job.state, job.said) == ("done", "")
    video = content_of(course)["video"]
    assert video["file"] == "media/film.mp4"
    assert (video["small"], video["poster"]) == ("media/film.small.mp4", "media/film.jpg")
    assert video["captions_draft"] is True  # the captions that are there belong to the film before
    big, small = said_of(stored(course, "film.mp4")), said_of(stored(course, "film.small.mp4"))
    for said, size in ((big, "1280x720"), (small, "640x360")):
        assert "Video: h264" in said
        assert "Audio: aac" in said
        assert "48000 Hz" in said
        assert "yuv420p" in said
        assert size in said
        assert "29.97 fps" in said
    row = course.media.get(name="film.mp4").media
    assert row.fault == ""  # its index comes first
    assert abs(row.duration_ms - 3000) < 100
    assert course.media.get(name="film.jpg").media.type == "image/jpeg"
    upload = Upload.objects.get()
    assert not uploading.path_of(upload).exists()
    assert not jobs_making.folder_of(job).exists()


def test_every_picture_is_there_once_although_it_was_made_in_pieces(course, owner, tmp_path, monkeypatch):
    monkeypatch.setattr(films, "SEGMENT_SECONDS", 1)
    job = done(filed(course, owner, make(tmp_path / "in.mp4", seconds=3, rate="24", sound=False)))
    assert job.state == "done"
    film = stored(course, "film.mp4")
    counted = tools.run(["-i", str(film), "-map", "0:v", "-f", "null", "-"], heard=lambda done: None, seconds=60)
    assert "frame=   72" in counted.words


def test_a_tall_film_keeps_its_shape(course, owner, tmp_path):
    job = done(filed(course, owner, make(tmp_path / "in.mp4", seconds=1, size="1440x2560", sound=False)))
    assert job.state == "done"
    assert "1080x1920" in said_of(stored(course, "film.mp4"))
    assert "360x640" in said_of(stored(course, "film.small.mp4"))


def loud(path: Path) -> float:
    out = tools.run(films.measure(["-i", str(path)]), heard=lambda done: None, seconds=60)
    return float(films.loudness(out.words)["input_i"])


def test_a_quiet_film_is_as_loud_as_all_others(course, owner, tmp_path):
    quiet = make(tmp_path / "in.mp4", seconds=5, more=["-af", "volume=-20dB"])
    assert loud(quiet) < -30
    done(filed(course, owner, quiet))
    assert abs(loud(stored(course, "film.mp4")) + 16) < 1.5


@pytest.mark.parametrize("sort", ["avi", "mov", "webm", "mpg"])
def test_what_cameras_and_browsers_make_is_taken(course, owner, tmp_path, sort):
    more = {"webm": ["-c:v", "libvpx", "-c:a", "libopus"], "mpg": ["-c:v", "mpeg1video"]}.get(sort, [])
    job = done(filed(course, owner, make(tmp_path / f"in.{sort}", more=more)))
    assert (job.state, job.said) == ("done", "")


def test_a_recording_becomes_a_levelled_m4a(course, owner, tmp_path):
    job = done(filed(course, owner, make(tmp_path / "in.mp3", size=""), purpose="audio"))
    assert (job.state, job.said) == ("done", "")
    assert content_of(course)["audio"]["file"] == "media/film.m4a"
    row = course.media.get(name="film.m4a").media
    assert row.type == "audio/mp4"
    assert abs(row.duration_ms - 2000) < 100


# What cannot be used says what to do


def cut(path: Path, share: float) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (lambda folder: cut(make(folder / "in.mp4", seconds=2), 0.5), "ends early"),
        (lambda folder: cut(make(folder / "in.mkv", seconds=9, size="640x360"), 0.3), "ends early"),
        (lambda folder: make(folder / "in.mp4", size=""), "no picture"),
    ],
)
def test_a_film_that_cannot_be_used_says_what_to_do(course, owner, tmp_path, shape, said):
    job = done(filed(course, owner, shape(tmp_path)))
    assert job.state == "failed"
    assert said in job.said
    assert content_of(course)["video"]["file"] == "media/film.mp4"
    assert "small" not in content_of(course)["video"]
    assert uploading.path_of(Upload.objects.get()).exists()  # to try again


def test_noise_in_the_shape_of_a_film_is_refused(course, owner, tmp_path):
    path = tmp_path / "in.avi"
    path.write_bytes(b"RIFF\xff\xff\x00\x00AVI " + bytes(range(256)) * 40)
    job = done(filed(course, owner, path))
    assert job.state == "failed"
    assert "export it as MP4" in job.said or "Export it again" in job.said


def test_a_lesson_that_went_meanwhile_is_named(course, owner, tmp_path):
    job = filed(course, owner, make(tmp_path / "in.mp4", seconds=1, sound=False))
    Lesson.objects.filter(uid="film").update(archived_at=clock.now())
    assert "lesson is not there" in done(job).said


# Without ffmpeg


def test_without_ffmpeg_a_film_that_plays_is_taken_as_it_is(course, owner, tmp_path, monkeypatch):
    monkeypatch.setattr(tools, "ffmpeg", lambda: "")
    good = make_beforehand(tmp_path / "good.mp4", ["-c:v", "libx264", "-movflags", "+faststart"])
    slow = make_beforehand(tmp_path / "slow.mp4", ["-c:v", "libx264"])
    other = make_beforehand(tmp_path / "other.mp4", ["-c:v", "mpeg4", "-movflags", "+faststart"])
    assert [mp4.plays_as_it_is(each) for each in (good, slow, other)] == [True, False, False]
    job = done(filed(course, owner, good))
    assert (job.state, job.said) == ("done", "")
    assert content_of(course)["video"]["file"] == "media/film.mp4"
    refused = done(filed(course, owner, other))
    assert "H.264" in refused.said


def make_beforehand(path: Path, more) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tools, "ffmpeg", _found)
        return make(path, more=more)


_found = tools.ffmpeg


# Stopped and killed


def test_a_stopped_job_kills_ffmpeg_and_leaves_nothing(course, owner, tmp_path, monkeypatch):
    job = filed(course, owner, make(tmp_path / "in.mp4", seconds=4, size="640x360"))
    started = []
    real = tools.subprocess.Popen

    def watched(*args, **options):
        started.append(real(*args, **options))
        if len(started) == 3:  # looking and measuring are over
            making.cancel(job=job)
        return started[-1]

    monkeypatch.setattr(tools.subprocess, "Popen", watched)
    assert done(job).state == "cancelled"
    assert all(process.poll() is not None for process in started)
    assert not jobs_making.folder_of(job).exists()
    assert "small" not in content_of(course)["video"]
    monkeypatch.undo()
    making.retry(job=job)
    assert done(job).state == "done"


def test_pieces_that_are_there_are_not_made_again(course, owner, tmp_path, monkeypatch):
    monkeypatch.setattr(films, "SEGMENT_SECONDS", 1)
    job = filed(course, owner, make(tmp_path / "in.mp4", seconds=3, sound=False))
    real, made = films.segment, []

    def dies_in_the_third(*args, **options):
        made.append(args[2])
        if len(made) == 3:
            raise KeyboardInterrupt
        return real(*args, **options)

    monkeypatch.setattr(films, "segment", dies_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        jobs_making.run_media_job(job.pk)
    MediaJob.objects.update(claimed_at=job.created_at.replace(year=2020))
    assert done(job).state == "done"
    assert job.attempts == 2
    names = [Path(each).name for each in made]
    assert names == [f"part-piece-000{number}.mp4" for number in (0, 1, 2, 2)]


def test_a_worker_that_lost_its_job_keeps_nothing(course, owner, tmp_path):
    job = filed(course, owner, make(tmp_path / "in.mp4", seconds=1, sound=False))
    taken = making.claim(job.pk)
    MediaJob.objects.update(attempts=9)  # somebody else has it now

    def report(percent: int, step: str = "") -> None:
        if not making.report_on(taken, percent=percent, step=step):
            raise Cancelled

    folder = Path(conf.WORK_DIR) / "x"
    folder.mkdir(parents=True)
    with pytest.raises(Cancelled):
        transcode.transcode(transcode.Work(job=taken, folder=folder, report=report))
    assert "small" not in content_of(course)["video"]


def test_another_picture_of_the_film(course, owner, tmp_path):
    done(filed(course, owner, make(tmp_path / "in.mp4", seconds=2)))
    before = course.media.get(name="film.jpg").media_id
    again = begin_job(course=course, kind="poster", title="x", actor=owner, lesson_uid="film", given={"at_ms": 1500})
    assert done(again).state == "done"
    assert course.media.get(name="film.jpg").media_id != before
    late = begin_job(course=course, kind="poster", title="x", actor=owner, lesson_uid="film", given={"at_ms": 90_000})
    assert "shorter" in done(late).said
