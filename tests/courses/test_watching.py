"""A folder is watched: the draft follows the files, and nothing in them ends the watch."""

import os
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from courses.folder import tree
from courses.management.commands import watch_course
from courses.models import Course, Edition, EditionKind, Lesson, LessonText
from courses.services import watching
from courses.services.importing import import_folder
from courses.services.watching import Watch
from tests.courses.folders import FILM, HELLO, PNG, write_sample
from tests.factories.accounts import UserFactory

OTHER = HELLO.replace("title: Hello", "title: Good day")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "course")


@pytest.fixture
def watch(db: None, root: Path, said: list[str]) -> Watch:
    return Watch(path=root, say=said.append, settle=0)


def test_the_draft_follows_the_folder_and_what_changed_is_said(watch: Watch, root: Path, said: list[str], client):
    watch.look()
    course = Course.objects.get(slug="sample")
    assert said[0] == "sample: imported, a new course."
    assert client.get(said[1].split("Preview: ")[1]).status_code == 200
    said.clear()
    watch.look()
    assert said == []
    write_sample(root, **{"lessons/hello.md": OTHER, "media/dot.png": PNG + b"0"})
    watch.look()
    assert said[:3] == [
        "sample: imported.",
        "  Changed title, minutes or sources: Good day",
        "  Files: dot.png",
    ]
    assert client.get(said[3].split("Preview: ")[1]).status_code == 200
    assert LessonText.objects.get(lesson__course=course, lesson__uid="hello").title == "Good day"
    assert not course.editions.exclude(kind=EditionKind.PREVIEW).exists(), "nothing is published"


def test_a_file_that_was_only_touched_changes_nothing(watch: Watch, root: Path, said: list[str]):
    watch.look()
    said.clear()
    os.utime(root / "course.yaml", ns=(1, 1))
    watch.look()
    assert said[0] == "sample: the draft says this already."
    assert Edition.objects.count() == 1


def test_faults_are_said_with_their_lines_and_mended_ones_are_taken(watch: Watch, root: Path, said: list[str]):
    write_sample(root, **{"lessons/hello.md": HELLO.replace("minutes: 5", "minutes: soon")})
    watch.look()
    assert said[0].startswith("lessons/hello.md:4: ")
    assert said[-1] == "1 fault; the draft is as it was."
    assert not Course.objects.exists()
    write_sample(root)
    watch.look()
    assert Course.objects.filter(slug="sample").exists()


def test_a_folder_that_vanishes_and_comes_back_is_taken_again(watch: Watch, root: Path, said: list[str]):
    watch.look()
    shutil.move(root, root.with_name("away"))
    watch.look()
    watch.look()
    assert said[2:] == [f"There is nothing to read in {root}. Waiting for it."]
    shutil.move(root.with_name("away"), root)
    write_sample(root, **{"lessons/hello.md": OTHER})
    watch.look()
    assert Lesson.objects.get(uid="hello").texts.get().title == "Good day"


def test_a_file_that_vanishes_while_it_is_read_does_not_end_the_watch(watch: Watch, root, said, monkeypatch):
    real = tree.scan

    def slow(folder: Path) -> tree.Tree:
        found = real(folder)
        (folder / "lessons" / "film.md").unlink(missing_ok=True)
        return found

    monkeypatch.setattr("courses.services.importing.scan", slow)
    watch.look()
    assert not Course.objects.exists()
    monkeypatch.undo()
    write_sample(root, **{"lessons/film.md": FILM})
    watch.look()
    assert Course.objects.exists()


def test_when_the_database_is_away_the_same_files_are_tried_again(watch: Watch, said, monkeypatch):
    def away(**_given: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(watching, "import_folder", away)
    watch.look()
    assert said == ["Not now: the database is away"]
    monkeypatch.undo()
    watch.look()
    assert Course.objects.exists()


def test_what_nobody_foresaw_does_not_end_the_watch(watch: Watch, root, said, monkeypatch):
    def broken(**_given: object) -> None:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(watching, "import_folder", broken)
    watch.look()
    monkeypatch.undo()
    assert said == ["Something went wrong that should not; the draft is as it was."]
    write_sample(root, **{"lessons/hello.md": OTHER})
    watch.look()
    assert Course.objects.exists()


def test_a_folder_is_read_when_it_has_come_to_rest(watch: Watch, root: Path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(watching.time, "monotonic", lambda: now[0])
    watch.settle = 1
    watch.look()
    now[0] += 0.9
    write_sample(root, **{"lessons/hello.md": OTHER})
    watch.look()
    now[0] += 0.9
    watch.look()
    assert not Course.objects.exists()
    now[0] += 0.1
    watch.look()
    assert Course.objects.exists()


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_a_colleague_wrote_in_the_browser_is_not_overwritten_unasked(watch: Watch, root, said, overwrite):
    watch.overwrite = overwrite
    watch.look()
    LessonText.objects.filter(lesson__uid="film").update(title="The colleague's film")
    write_sample(root, **{"lessons/hello.md": OTHER})
    said.clear()
    watch.look()
    title = LessonText.objects.get(lesson__uid="film").title
    if overwrite:
        assert title == "Film"
        return
    assert title == "The colleague's film"
    assert "changed in the browser" in said[0]
    assert "Changed title, minutes or sources: The colleague's film" in said[0]


def test_somebody_elses_course_is_left_alone(watch: Watch, root: Path, said: list[str]):
    import_folder(path=root, actor=UserFactory())
    watch.actor = UserFactory()
    write_sample(root, **{"lessons/hello.md": OTHER})
    watch.look()
    assert said == ["The address “sample” belongs to a course that you cannot edit."]
    assert not LessonText.objects.filter(title="Good day").exists()


@pytest.mark.django_db
def test_once_imports_for_the_actor_and_fails_for_faults(root: Path, capsys):
    person = UserFactory(email="hana.whitfield@example.org")
    call_command("watch_course", str(root), "--once", "--actor", "Hana.Whitfield@example.org")
    assert Course.objects.get().editors.get().person == person
    assert "Preview: http" in capsys.readouterr().out
    write_sample(root, **{"lessons/hello.md": "no head"})
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("watch_course", str(root), "--once")
    assert "lessons/hello.md:1: " in capsys.readouterr().out
    with pytest.raises(CommandError, match="has the address nobody@example"):
        call_command("watch_course", str(root), "--once", "--actor", "nobody@example.org")
    with pytest.raises(CommandError, match="no such folder"):
        call_command("watch_course", str(root / "none"))


@pytest.mark.django_db
def test_the_command_watches_until_ctrl_c(root: Path, capsys, monkeypatch):
    def edit_then_stop(_seconds: float) -> None:
        if "Good day" in (root / "lessons" / "hello.md").read_text():
            raise KeyboardInterrupt
        write_sample(root, **{"lessons/hello.md": OTHER})

    monkeypatch.setattr(watch_course.time, "sleep", edit_then_stop)
    monkeypatch.setattr(watch_course, "close_old_connections", lambda: None)  # the test's own is to stay
    call_command("watch_course", str(root), "--settle", "0")
    lines = capsys.readouterr().out.splitlines()
    assert "sample: imported, a new course." in lines
    assert lines[-1] == "Ended."
