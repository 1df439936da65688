"""The caption editor without scripts: rows, acts, files, conflicts, languages, the mark of a draft."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import CourseMedia, LessonRevision, LessonText
from courses.services.captioning import CHAPTERS, save_track, track_of
from courses.services.publishing import publish
from tests.courses.films import CAPTIONS, film_course
from tests.courses.test_webvtt import NAUGHTY
from tests.factories.accounts import UserFactory
from tests.support import count_statements

pytestmark = pytest.mark.django_db
PAGE = "/author/courses/cinema/lessons/film/captions/en/"
SPANISH = PAGE.replace("/en/", "/es/")
CHAPTER_PAGE = "/author/courses/cinema/lessons/film/chapters/"


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def cinema(tmp_path, owner):
    return film_course(tmp_path / "in", slug="cinema", owner=owner)


@pytest.fixture
def author(client_of, owner, cinema):
    return client_of(owner)


def film():
    return LessonText.objects.select_related("lesson__course").get(lesson__uid="film", language="en")


def base():
    return track_of(film(), "en").sha


def rows(*given, act="save", **more):
    starts, ends, words = zip(*given, strict=True) if given else ((), (), ())
    return {"start": starts, "end": ends, "words": words, "act": act, "base": base(), **more}


TWO = (("0:00.000", "0:02.000", "First the click."), ("0:02.000", "0:10.000", "Then the parcel."))


def values(answer, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', answer.content.decode())


def words(answer):
    return re.findall(r"data-words>([^<]*)</textarea>", answer.content.decode())


def test_the_page_shows_each_caption_with_its_times_and_what_is_said_of_it(author):
    answer = author.get(PAGE)
    assert values(answer, "start") == ["0:00.000", "0:02.000"]
    assert words(answer) == ["First the click.", "Then the parcel."]
    assert "It stands for 8 seconds" in answer.content.decode()


def test_what_is_saved_is_a_new_file_and_a_revision(author, owner):
    answer = author.post(PAGE, rows(TWO[0], ("2", "5,5", "Then <i>the</i> parcel\r\n& a bill <3")))
    assert answer.status_code == 302
    track = track_of(film(), "en")
    assert [cue.text for cue in track.document.cues] == [
        "First the click.",
        "Then <i>the</i> parcel\n&amp; a bill &lt;3",
    ]
    assert track.document.cues[1].end_ms == 5500
    assert track.name == "media/film.vtt"


def test_a_save_that_changes_nothing_says_so_nowhere_else(author):
    before = film().version
    author.post(PAGE, rows(*TWO))
    assert film().version == before


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("x", "2", "Words"), "“x” is no time"),
        (("0:02", "0:01", "Words"), "ends before it starts"),
        (("0:11", "0:12", "Words"), "when the video is over"),
    ],
)
def test_a_row_that_cannot_be_is_told_beside_it_and_nothing_is_saved(author, row, said):
    before = base()
    answer = author.post(PAGE, rows(TWO[0], row))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'href="#words-2"' in page
    assert words(answer)[1] == "Words"
    assert base() == before


@pytest.mark.parametrize(
    ("act", "starts", "said"),
    [
        ("add:0", ["0:00.000", "0:02.000", "0:02.000"], ["First the click.", "", "Then the parcel."]),
        ("add:-1", ["0:00.000", "0:00.000", "0:02.000"], ["", "First the click.", "Then the parcel."]),
        ("remove:0", ["0:02.000"], ["Then the parcel."]),
        ("split:1", ["0:00.000", "0:02.000", "0:06.000"], ["First the click.", "Then the", "parcel."]),
        ("merge:0", ["0:00.000"], ["First the click.\nThen the parcel."]),
        ("merge:1", ["0:00.000", "0:02.000"], ["First the click.", "Then the parcel."]),
        ("split:9", ["0:00.000", "0:02.000"], ["First the click.", "Then the parcel."]),
        ("nonsense", ["0:00.000", "0:02.000"], ["First the click.", "Then the parcel."]),
    ],
)
def test_the_buttons_of_a_row_change_the_page_and_nothing_else(author, act, starts, said):
    before = base()
    answer = author.post(PAGE, rows(*TWO, act=act))
    assert answer.status_code == 200
    assert values(answer, "start") == starts
    assert words(answer) == said
    assert base() == before


def test_rows_that_a_browser_kept_are_drawn_as_they_were_and_not_saved(author):
    before = base()
    assert words(author.post(PAGE, rows(("0:00", "0:02", "Kept"), act=":"))) == ["Kept"]
    assert base() == before


def test_a_row_is_parted_where_the_cursor_stands(author):
    assert words(author.post(PAGE, rows(*TWO, act="split:0", at="6")))[:2] == ["First", "the click."]


def test_all_move_together_and_none_before_the_video(author):
    assert values(author.post(PAGE, rows(*TWO, act="shift", by="1,5")), "start") == ["0:01.500", "0:03.500"]
    assert values(author.post(PAGE, rows(*TWO, act="shift", by="-1")), "start") == ["0:00.000", "0:02.000"]
    wrong = author.post(PAGE, rows(*TWO, act="shift", by="soon"))
    assert wrong.status_code == 422
    assert "Write seconds" in wrong.content.decode()


def test_somebody_else_was_faster_and_both_are_shown(author):
    old = base()
    author.post(PAGE, rows(("0:00", "0:02", "Theirs")))
    answer = author.post(PAGE, rows(("0:00", "0:02", "Mine")) | {"base": old})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Mine" in words(answer)
    assert "Theirs" in page
    assert author.post(PAGE, rows(("0:00", "0:02", "Mine")) | {"base": values(answer, "base")[0]}).status_code == 302


@pytest.mark.parametrize("ending", ["vtt", "srt"])
def test_a_file_takes_the_place_of_what_was_there(author, ending):
    text = {"vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nIn\n", "srt": "1\n00:00:01,000 --> 00:00:02,000\nIn\n"}[ending]
    file = SimpleUploadedFile(f"x.{ending}", text.encode())
    assert author.post(PAGE, {"act": "upload", "base": base(), "file": file}).status_code == 302
    assert [cue.text for cue in track_of(film(), "en").document.cues] == ["In"]


def test_a_file_that_browsers_would_not_show_comes_back_with_its_faults(author):
    before = base()
    file = SimpleUploadedFile("x.vtt", b"WEBVTT\n\n00:01 --> 00:02.000\nIn\n")
    answer = author.post(PAGE, {"act": "upload", "base": before, "file": file})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Line 3:" in page
    assert "00:01 --&gt; 00:02.000" in page
    assert base() == before


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"WEBVTT \xe9", "not UTF-8"), (b" " * (1024 * 1024 + 1), "larger than 1 MB"), (None, "Choose a")],
)
def test_other_files_are_refused_with_a_reason(author, data, said):
    files = {} if data is None else {"file": SimpleUploadedFile("x.vtt", data)}
    answer = author.post(PAGE, {"act": "upload", "base": base(), **files})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_whole_file_can_be_typed_with_its_notes(author):
    text = "WEBVTT\r\n\r\nNOTE mine\r\n\r\none\r\n00:01.000 --> 00:02.000 align:start\r\n<v Rosa>In\r\n"
    author.post(PAGE, {"act": "source", "base": base(), "source": text})
    assert track_of(film(), "en").text == (
        "WEBVTT\n\nNOTE mine\n\none\n00:00:01.000 --> 00:00:02.000 align:start\n<v Rosa>In\n"
    )
    page = author.get(PAGE)
    assert author.post(PAGE, rows(("1", "2", "<v Rosa>In"), more=values(page, "more"))).status_code == 302
    assert "one\n00:00:01.000 --> 00:00:02.000 align:start" in track_of(film(), "en").text


@pytest.mark.parametrize("text", NAUGHTY[::25])
def test_naughty_words_are_kept_as_they_are(author, text):
    answer = author.post(PAGE, rows(("0:00", "0:02", f"a {text}")))
    assert answer.status_code == 302
    kept = " ".join(track_of(film(), "en").document.cues[0].plain.split())
    if "<" not in text:
        assert kept == " ".join(f"a {text}".split())
    assert author.get(PAGE).status_code == 200


def drafted():
    document = track_of(film(), "en").document
    return save_track(text=film(), language="en", base=base(), document=document, actor=None, draft=True)


def test_a_machines_draft_is_published_only_after_somebody_read_it(author, owner, cinema):
    drafted()
    author.post(PAGE, rows(("0:00", "0:02", "Better")))
    assert film().content["video"]["captions_draft"] is True
    assert "I have read and corrected them" in author.get(PAGE).content.decode()
    author.post(PAGE, rows(("0:00", "0:02", "Best"), act="confirm"))
    assert "captions_draft" not in film().content["video"]
    assert LessonRevision.objects.filter(text=film()).order_by("-version").first().saved_by == owner
    assert publish(course=cinema, kind="minor", note="", actor=owner).number == 2


def test_another_language_begins_with_the_times_of_the_first_and_its_words_beside(author, cinema, owner, client):
    assert author.post("/author/courses/cinema/lessons/film/captions/", {"code": "es"})["Location"] == SPANISH
    answer = author.get(SPANISH)
    assert values(answer, "start") == ["0:00.000", "0:02.000"]
    assert words(answer) == ["", ""]
    assert ">First the click.</p>" in answer.content.decode()
    given = rows(("0:00.000", "0:02.000", "Primero el clic."), ("0:02.000", "0:10.000", "")) | {"base": ""}
    assert author.post(SPANISH, given).status_code == 302
    assert film().content["video"]["subtitles"] == {"es": "media/film.es.vtt"}
    assert words(author.get(SPANISH)) == ["Primero el clic.", ""]
    publish(course=cinema, kind="minor", note="", actor=owner)
    page = client.get("/courses/cinema/film/?transcript=es").content.decode()
    assert 'srclang="es" label="español"' in page
    assert "<span>Primero el clic.</span>" in page
    text = client.get("/courses/cinema/film/transcript.txt?language=es")
    assert text.content.decode() == "The film\n\nPrimero el clic.\n"
    assert "cinema-film.es.txt" in text["Content-Disposition"]


def test_a_language_that_is_none_is_refused(author):
    assert author.post("/author/courses/cinema/lessons/film/captions/", {"code": "<x>"}).status_code == 422
    assert author.get(PAGE.replace("/en/", "/Klingon/")).status_code == 404
    assert author.get("/author/courses/cinema/lessons/after/captions/en/").status_code == 404


def test_taking_a_language_out_asks_first_and_keeps_the_file(author):
    page = author.get(f"{PAGE}remove/")
    assert "They are 2 captions" in page.content.decode()
    assert author.post(f"{PAGE}remove/", {"base": "another"}).status_code == 409
    author.post(f"{PAGE}remove/", {"base": base()})
    assert "captions" not in film().content["video"]
    assert CourseMedia.objects.filter(name="film.vtt").exists()


def test_captions_can_be_taken_along(author):
    assert author.get(f"{PAGE}file.vtt").content.decode() == CAPTIONS
    assert author.get(f"{PAGE}file.txt").content.decode() == "First the click.\nThen the parcel.\n"
    assert author.get(f"{PAGE}file.exe").status_code == 404
    assert author.get(f"{SPANISH}file.vtt").status_code == 404


def test_two_lessons_never_share_a_file_that_one_of_them_changes(author, cinema):
    other = LessonText.objects.get(lesson__uid="after")
    LessonText.objects.filter(pk=other.pk).update(content={**other.content, "video": {"captions": "media/film.vtt"}})
    author.post(PAGE, rows(("0:00", "0:02", "Mine alone")))
    assert film().content["video"]["captions"] == "media/film-2.en.vtt"
    assert CourseMedia.objects.get(name="film.vtt").media.sha256 != base()


def test_many_captions_cost_no_more_statements_than_few(author):
    few = rows(*TWO)
    many = rows(*((f"0:0{at // 100}.{at % 100:02}", "0:10", "Words") for at in range(600)))
    assert author.post(PAGE, many).status_code == 302
    assert len(track_of(film(), "en").document.cues) == 600
    few["base"] = base()
    assert count_statements(lambda: author.post(PAGE, few)) <= 26
    assert count_statements(lambda: author.get(PAGE)) <= 18


# Chapters


def chapters(*given, act="save"):
    starts, titles = zip(*given, strict=True) if given else ((), ())
    return {"start": starts, "title": titles, "act": act, "base": track_of(film(), CHAPTERS).sha}


def test_chapters_are_titles_with_times(author):
    assert values(author.get(CHAPTER_PAGE), "title") == ["Start", "Parcel"]
    assert author.post(CHAPTER_PAGE, chapters(("0", "One & all"), ("0:04", "Two"))).status_code == 302
    found = track_of(film(), CHAPTERS).document.cues
    assert [(cue.start_ms, cue.end_ms, cue.plain) for cue in found] == [(0, 4000, "One & all"), (4000, 10_000, "Two")]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([("0:01", "One")], "The first chapter begins at 0:00."),
        ([("0", "One"), ("0", "Two")], "does not begin later"),
        ([("0", "One"), ("soon", "Two")], "“soon” is no time"),
        ([("0", "One"), ("0:10", "Two")], "The video is over then"),
        ([("0", "")], "This chapter has no title"),
    ],
)
def test_chapters_that_cannot_be_are_told(author, given, said):
    answer = author.post(CHAPTER_PAGE, chapters(*given))
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_chapters_are_added_and_taken_out(author):
    assert values(author.post(CHAPTER_PAGE, chapters(("0", "One"), act="add")), "title") == ["One", ""]
    assert values(author.post(CHAPTER_PAGE, chapters(("0", "One"), ("1", "Two"), act="remove:0")), "title") == ["Two"]
    assert values(author.post(CHAPTER_PAGE, chapters(("0", "One"), act=":")), "title") == [
        "One"
    ]  # kept text is drawn so
    author.post(CHAPTER_PAGE, chapters())
    assert "chapters" not in film().content["video"]


def test_somebody_elses_chapters_are_not_overwritten(author):
    data = chapters(("0", "Mine"))
    author.post(CHAPTER_PAGE, chapters(("0", "Theirs")))
    answer = author.post(CHAPTER_PAGE, data)
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()


@pytest.mark.parametrize("act", ["split:" + "9" * 5000, "remove:²", "add:-" + "9" * 5000])
def test_a_row_that_no_caption_has_changes_nothing(author, act):
    answer = author.post(PAGE, rows(*TWO, act=act, at="9" * 5000))
    assert answer.status_code == 200
    assert words(answer) == ["First the click.", "Then the parcel."]
