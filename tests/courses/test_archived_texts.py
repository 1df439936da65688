"""What a folder or an older edition leaves out of a draft goes into the archive whole: words, history, titles, files."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from courses.models import LessonRevision, LessonText, ModuleText
from courses.selectors import all_media
from courses.services import drafts, outline_parts, outlining, restoring, tidying
from courses.services.editing import Typed, restore_revision, save_lesson
from courses.services.importing import import_folder
from courses.spec import ModuleSpec
from tests.courses.folders import COURSE, HELLO, write_sample
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course, publish_course

pytestmark = pytest.mark.django_db
WITH_LINK = " and [the film](lesson:film)"
FILM_FILES = ("lessons/film.md", "media/film.mp4", "media/film.en.vtt")


@pytest.fixture
def actor():
    return UserFactory()


def text_of(course, uid: str) -> LessonText:
    return LessonText.objects.select_related("lesson").get(lesson__course=course, lesson__uid=uid)


def write(course, uid: str, body: str, actor) -> None:
    text = text_of(course, uid)
    save_lesson(text=text, typed=Typed(text.title, text.minutes, body), version=text.version, actor=actor)


def test_a_lesson_that_the_folder_leaves_out_comes_back_with_its_words_and_its_history(actor):
    lessons = [("text", "one", {}), ("text", "two", {"title": "Two"})]
    course = draft_course(slug="left", owner=actor, lessons=lessons)
    write(course, "two", "An evening of work.\n", actor)
    draft_course(slug="left", owner=actor, lessons=lessons[:1])
    draft_course(slug="left", owner=actor, lessons=[("text", "one", {"body": "Another.\n"})])
    assert [lesson.uid for lesson in course.lessons.all()] == ["one"]
    assert outlining.restore_lesson(course=course, uid="two").title == "Two"
    text = text_of(course, "two")
    assert text.content["body"] == "An evening of work.\n"
    assert text.revisions.count() == 2


def test_a_part_that_the_folder_leaves_out_comes_back_with_its_title_and_its_lessons(actor):
    parts = tuple(ModuleSpec(uid=uid, titles={"en": uid.title()}) for uid in ("part-one", "extra"))
    course = draft_course(slug="parts", owner=actor, lessons=[("text", "one", {})], modules=parts)
    outlining.add_lesson(
        course=course, part="extra", kind="text", title="More", content={"body": "Words.\n"}, actor=actor
    )
    draft_course(slug="parts", owner=actor, lessons=[("text", "one", {})], modules=parts[:1])
    assert outline_parts.restore_part(course=course, uid="extra").title == "Extra"
    assert text_of(course, "more").content["body"] == "Words.\n"
    assert ModuleText.objects.filter(module__course=course).count() == 2


def test_a_draft_set_back_to_an_edition_loses_no_lesson_even_when_it_was_unsound(actor):
    course = publish_course(slug="back", owner=actor, lessons=[("text", "one", {})])
    outlining.add_lesson(
        course=course, part="part-one", kind="text", title="New", content={"body": "<b>raw</b>\n"}, actor=actor
    )
    write(course, "one", "Half a sent\n", actor)
    course.refresh_from_db()
    edition = course.editions.get(number=1)
    edition.course = course
    seen = restoring.mark_of(course)
    restoring.restore_draft(course=course, edition=edition, actor=actor, seen=seen, drop=True)
    outlining.restore_lesson(course=course, uid="new")
    assert text_of(course, "new").content["body"] == "<b>raw</b>\n"
    assert "Half a sent\n" in text_of(course, "one").revisions.values_list("content__body", flat=True)


def test_what_a_folder_replaced_is_a_version_that_can_be_brought_back(actor):
    course = draft_course(slug="twice", owner=actor, lessons=[("text", "one", {"body": "First.\n"})])
    draft_course(slug="twice", owner=actor, lessons=[("text", "one", {"body": "Second.\n"})])
    kept = LessonRevision.objects.filter(text__lesson__course=course).values_list("version", "content__body")
    assert list(kept) == [(2, "Second.\n"), (1, "First.\n")]
    text = text_of(course, "one")
    restore_revision(text=text, revision=text.revisions.get(version=1), version=2, actor=actor)
    assert text_of(course, "one").content["body"] == "First.\n"


def test_a_folder_that_changes_nothing_in_a_text_keeps_no_version_of_it(actor):
    for title in ("One", "Other"):
        draft_course(slug="same", owner=actor, title=title, lessons=[("text", "one", {})])
    assert not LessonRevision.objects.exists()


def test_nobody_tidies_away_what_an_archived_lesson_needs(tmp_path, actor):
    """Else the lesson would come back without its film."""
    course = import_folder(path=write_sample(tmp_path / "course"), actor=actor).course
    outlining.archive_lesson(course=course, uid="film", actor=actor)
    film = course.media.get(name="film.mp4")
    assert "film.mp4" not in {file.row.name for file in all_media.my_files(actor, show="unused")}
    assert tidying.take_out_unused(files={film.pk}, actor=actor).count == 0
    outlining.restore_lesson(course=course, uid="film")
    assert not drafts.complete(course).faults


def test_a_film_lesson_that_the_folder_leaves_out_comes_back_with_its_film(tmp_path, actor):
    course = import_folder(path=write_sample(tmp_path / "course"), actor=actor).course
    short = {
        "course.yaml": COURSE.replace("[hello, film]", "[hello]"),
        "lessons/hello.md": HELLO.replace(WITH_LINK, ""),
    }
    without = write_sample(tmp_path / "short", **short, **dict.fromkeys(FILM_FILES))
    assert import_folder(path=without, actor=actor).changed
    assert not import_folder(path=without, actor=actor).changed
    outlining.restore_lesson(course=course, uid="film")
    assert not drafts.complete(course).faults
    assert import_folder(path=without, actor=actor).changed


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_saves_while_a_folder_comes_in_is_merged_and_never_written_over(monkeypatch):
    """The save waits for the folder's rows and finds another version, so neither side loses a word."""
    course = draft_course(slug="race", lessons=[("text", "one", {"body": "One.\n\nTwo.\n"})])
    text, reached = text_of(course, "one"), threading.Event()
    written = drafts._write

    def slowly(model, rows, fields):
        if model is LessonText:
            reached.set()
            time.sleep(0.3)
        written(model, rows, fields)

    def save(body: str) -> None:
        reached.wait(timeout=10)
        try:
            save_lesson(text=text, typed=Typed(text.title, text.minutes, body), version=1, actor=UserFactory())
        finally:
            connection.close()

    monkeypatch.setattr(drafts, "_write", slowly)
    with ThreadPoolExecutor(1) as pool:
        saving = pool.submit(save, "One.\n\nSecond.\n")
        draft_course(slug="race", lessons=[("text", "one", {"body": "First.\n\nTwo.\n"})])
        saving.result(timeout=20)
    now = text_of(course, "one")
    assert (now.content["body"], now.version) == ("First.\n\nSecond.\n", 3)


def test_a_folder_takes_back_no_word_that_a_lesson_is_not_ready_and_an_edition_does(actor):
    """A folder cannot say it, so a change elsewhere in it must not let a half-written lesson go out."""
    course = publish_course(slug="half", owner=actor, lessons=[("text", "one", {}), ("text", "two", {})])
    outlining.mark_lesson(course=course, uid="two", ready=False)
    draft_course(slug="half", owner=actor, lessons=[("text", "one", {"body": "Other.\n"}), ("text", "two", {})])
    assert list(course.lessons.filter(ready=False).values_list("uid", flat=True)) == ["two"]
    course.refresh_from_db()
    restoring.restore_draft(
        course=course, edition=course.editions.get(), actor=actor, seen=restoring.mark_of(course), drop=True
    )
    assert not course.lessons.filter(ready=False).exists()
