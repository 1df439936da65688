"""What a video lesson may lack while it is a draft, and what nobody may publish."""

import pytest

from core.errors import InvalidInput
from courses.folder.reading import read
from courses.folder.tree import scan
from courses.kinds.video import VideoKind
from courses.services.exporting import export_folder
from courses.services.importing import import_folder
from courses.services.publishing import publish
from tests.courses.folders import CAPTIONS, FILM, write_sample

LACKING = [
    ("{}", "There is no video in this lesson yet"),
    ("{file: media/film.mp4}", "This video has no captions yet"),
    ("{file: media/film.mp4, captions: media/film.en.vtt, captions_draft: true}", "The captions are a machine’s draft"),
]
OLD = "{file: media/film.mp4, captions: media/film.en.vtt}"
RICH = "{file: media/film.mp4, captions: media/film.en.vtt, small: media/small.mp4, subtitles: {es: media/film.es.vtt}}"


def sample(tmp_path, video=OLD, **more):
    return write_sample(tmp_path, **{"lessons/film.md": FILM.replace(OLD, video), **more})


@pytest.mark.parametrize(("video", "said"), LACKING)
@pytest.mark.django_db
def test_a_draft_may_lack_it_and_an_edition_may_not(tmp_path, video, said):
    found = import_folder(path=sample(tmp_path, video), actor=None)
    assert [each for each in found.warnings if said in str(each)], found.warnings
    with pytest.raises(InvalidInput, match=said):
        publish(course=found.course, kind="minor", note="", actor=None)


@pytest.mark.django_db
def test_taking_the_mark_of_a_draft_away_in_the_folder_is_a_change(tmp_path):
    course = import_folder(path=sample(tmp_path / "a", LACKING[2][0]), actor=None).course
    assert import_folder(path=sample(tmp_path / "b", OLD), actor=None).changed
    assert publish(course=course, kind="minor", note="", actor=None).number == 1


@pytest.mark.django_db
def test_further_languages_and_the_small_variant_belong_to_the_edition(tmp_path):
    film = (sample(tmp_path / "plain") / "media" / "film.mp4").read_bytes()
    files = {"media/small.mp4": film + b"\x00\x00\x00\x08free", "media/film.es.vtt": CAPTIONS.replace("Hello", "Hola")}
    course = import_folder(path=sample(tmp_path / "rich", RICH, **files), actor=None).course
    edition = publish(course=course, kind="minor", note="", actor=None)
    video = edition.lessons.get(uid="film").texts.get().part.rendered["video"]
    assert video["small"].endswith("/small.mp4")
    assert [(each["language"], each["cues"][0]["text"]) for each in video["subtitles"]] == [("es", "Hola.")]
    assert {"small.mp4", "film.es.vtt"} <= set(edition.media.values_list("name", flat=True))
    course.refresh_from_db()
    export_folder(course=course, into=tmp_path / "out")
    assert not import_folder(path=tmp_path / "out", actor=None).changed


def test_an_older_course_folder_keeps_its_source(tmp_path):
    film = read(scan(sample(tmp_path))).spec.lessons[1].texts["en"]
    source = VideoKind().snapshot(film.content, {"film.mp4": "a", "film.en.vtt": "b"})
    assert source["video"] == {"file": "media/film.mp4", "captions": "media/film.en.vtt"}
