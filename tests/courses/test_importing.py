"""Importing course folders."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.errors import InvalidInput
from courses.models import Course, CourseEditor, CourseSlug, Edition, LessonText
from courses.services.editing import Typed, save_lesson
from courses.services.importing import NotYours, import_folder
from courses.services.publishing import NothingChanged, publish
from tests.courses.folders import COURSE, FILM, HELLO, write_sample
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

STARTER = Path(__file__).parents[2] / "media" / "courses" / "ill-borrowing-101"


def test_the_starter_course_is_imported_and_published(capsys):
    call_command("import_course", str(STARTER), "--publish", "--kind", "minor", "--note", "First edition")
    course = Course.objects.get(slug="ill-borrowing-101")
    assert course.current_edition.number == 1
    assert course.current_edition.lessons.count() == course.lessons.count() > 5
    assert "published edition 1" in capsys.readouterr().out


def test_a_second_import_changes_nothing(capsys):
    first = import_folder(path=STARTER, actor=None)
    versions = list(first.course.lessons.values_list("uid", "version"))
    second = import_folder(path=STARTER, actor=None)
    assert (first.changed, second.changed) == (True, False)
    assert list(second.course.lessons.values_list("uid", "version")) == versions
    publish(course=first.course, kind="minor", note="", actor=None)
    call_command("import_course", str(STARTER), "--publish")
    assert Edition.objects.count() == 1
    assert "not published: Nothing has changed since edition 1." in capsys.readouterr().out


def test_a_faulty_folder_ends_the_command_with_every_fault(tmp_path):
    root = write_sample(tmp_path / "course", **{"lessons/hello.md": "no head", "media/film.mp4": b""})
    with pytest.raises(CommandError) as caught:
        call_command("import_course", str(root))
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("lessons/hello.md:1: ")
    assert lines[1].startswith("media/film.mp4: ")
    assert lines[-1].endswith("fault(s); nothing was imported.")
    assert not Course.objects.exists()


def test_a_missing_folder_is_said(tmp_path):
    with pytest.raises(CommandError, match="no such folder"):
        call_command("import_course", str(tmp_path / "nowhere"))


def test_a_draft_row_changes_only_where_the_folder_did(tmp_path):
    course = import_folder(path=write_sample(tmp_path / "course"), actor=None).course
    write_sample(tmp_path / "course", **{"lessons/film.md": FILM.replace("Key points.", "Other points.")})
    assert import_folder(path=tmp_path / "course", actor=None).changed
    versions = {text.lesson.uid: text.version for text in LessonText.objects.filter(lesson__course=course)}
    assert versions == {"hello": 1, "film": 2}


def test_what_a_folder_no_longer_has_is_said_with_where_it_is_found_again(tmp_path, capsys):
    spanish, french = "---\ntitle: Hola\nminutes: 5\n---\n\nHola.\n", "---\ntitle: Salut\nminutes: 5\n---\n\nSalut.\n"
    titles = "".join(f"  {each}:\n    title: Sample\n    summary: A course.\n" for each in ("es", "fr"))
    three = COURSE.replace("[en]", "[en, es, fr]").replace("modules:", f"{titles}modules:")
    three = three.replace("{en: Part one}", "{en: Part one, es: Parte uno, fr: Partie un}")
    lessons = {"lessons/hello.es.md": spanish, "lessons/hello.fr.md": french}
    root = write_sample(tmp_path / "course", **{"course.yaml": three, **lessons})
    import_folder(path=root, actor=None)
    fewer = COURSE.replace("[en]", "[en, es]").replace("[hello, film]", "[hello]")
    fewer = fewer.replace("modules:", "  es:\n    title: Sample\n    summary: A course.\nmodules:")
    fewer = fewer.replace("{en: Part one}", "{en: Part one, es: Parte uno}")
    changed = {"course.yaml": fewer, "lessons/hello.md": HELLO.split("![A dot]")[0] + "Hi.\n", "lessons/film.md": None}
    root = write_sample(tmp_path / "later", **changed)
    call_command("import_course", str(root))
    said = capsys.readouterr().out
    assert "1 lesson that the folder no longer has is in the archive now." in said
    assert "puts it back: Hola (español)." in said
    assert "The course no longer speaks français." in said
    call_command("import_course", str(root))
    assert "no longer" not in capsys.readouterr().out


def test_a_new_audience_is_a_change_of_the_draft_but_of_no_edition(tmp_path):
    course = import_folder(path=write_sample(tmp_path / "course"), actor=None).course
    first = publish(course=course, kind="minor", note="", actor=None)
    write_sample(tmp_path / "course", **{"course.yaml": COURSE.replace("audience: public", "audience: unlisted")})
    assert import_folder(path=tmp_path / "course", actor=None).changed
    course.refresh_from_db()
    assert course.audience == "unlisted"
    with pytest.raises(NothingChanged):
        publish(course=course, kind="minor", note="", actor=None)
    assert course.current_edition == first


def test_who_may_not_edit_a_course_does_not_import_over_it(tmp_path):
    root = write_sample(tmp_path / "course")
    owner, stranger = UserFactory(), UserFactory()
    course = import_folder(path=root, actor=owner).course
    assert course.editors.get().person == owner
    with pytest.raises(NotYours):
        import_folder(path=root, actor=stranger)
    CourseEditor.objects.create(course=course, person=stranger, role=CourseEditor.Role.REVIEWER)
    with pytest.raises(NotYours):
        import_folder(path=root, actor=stranger)


def test_a_folder_does_not_take_the_address_that_another_course_had(tmp_path):
    """Its old address redirects for ever; a folder downloaded before the move would take it over."""
    owner = UserFactory()
    root = write_sample(tmp_path / "course")
    course = import_folder(path=root, actor=owner).course
    CourseSlug.objects.create(course=course, slug="sample")
    Course.objects.filter(pk=course.pk).update(slug="moved")
    with pytest.raises(InvalidInput, match="had the address “sample” before"):
        import_folder(path=root, actor=owner)
    assert Course.objects.count() == 1


def test_who_puts_a_folder_over_what_somebody_else_wrote_is_told_where(tmp_path):
    """The folder was downloaded before: nobody would look into the history of a lesson that they did not write in."""
    owner, colleague = UserFactory(), UserFactory()
    root = write_sample(tmp_path / "course")
    course = import_folder(path=root, actor=owner).course
    texts = {
        text.lesson.uid: text for text in LessonText.objects.filter(lesson__course=course).select_related("lesson")
    }
    for uid, person in (("hello", colleague), ("film", owner)):
        typed = Typed(texts[uid].title, texts[uid].minutes, f"An hour of work on {uid}.\n")
        save_lesson(text=texts[uid], typed=typed, version=1, actor=person)
    rested = import_folder(path=root, actor=owner).rested
    assert rested.replaced == [texts["hello"].title]
    assert rested.sentences() == [
        "The folder took the place of what somebody else wrote in 1 lesson; its history has that: "
        f"“{texts['hello'].title}”."
    ]
    assert texts["hello"].revisions.filter(content__body__startswith="An hour of work").exists()
    assert import_folder(path=root, actor=owner).rested.sentences() == []
