"""folder -> edition -> folder -> edition gives the identical hash."""

import io
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from courses.folder.reading import read
from courses.folder.tree import scan
from courses.folder.writing import files_of, write
from courses.models import Course, CourseMedia, LessonText
from courses.services.editing import Typed, save_lesson
from courses.services.exporting import export_archive, export_folder
from courses.services.importing import import_folder
from courses.services.publishing import composition_of, publish
from courses.spec import CourseSpec, CourseTextSpec, LessonSpec, LessonTextSpec, ModuleSpec
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course, publish_course

STARTER = Path(__file__).parents[2] / "media" / "courses" / "ill-borrowing-101"


def forget(course: Course) -> None:
    """Another machine: same storage, but it has never seen the course."""
    Course.objects.filter(pk=course.pk).update(slug="other-place", current_edition=None)


@pytest.mark.bystander  # the site of the journeys imports it on PostgreSQL
@pytest.mark.django_db
def test_the_starter_course_comes_back_with_the_same_hash(tmp_path):
    course = import_folder(path=STARTER, actor=None).course
    first = publish(course=course, kind="minor", note="", actor=None)
    course.refresh_from_db()
    export_folder(course=course, into=tmp_path / "out")
    assert not import_folder(path=tmp_path / "out", actor=None).changed
    forget(course)
    again = import_folder(path=tmp_path / "out", actor=None)
    second = publish(course=again.course, kind="minor", note="", actor=None)
    assert again.changed
    assert again.course.pk != course.pk
    assert second.hash == first.hash


@pytest.mark.django_db
def test_an_archive_holds_the_folder_and_packs_to_the_same_bytes():
    course = publish_course(slug="packed")
    with export_archive(course=course) as first, export_archive(course=course) as second:
        data = first.read()
        assert data == second.read()
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert names == ["packed/course.yaml", "packed/lessons/first-lesson.md"]


@pytest.mark.django_db
def test_export_names_what_is_wrong(tmp_path):
    course = publish_course(slug="whole")
    call_command("export_course", "whole", str(tmp_path / "out"))
    assert (tmp_path / "out" / "course.yaml").exists()
    with pytest.raises(CommandError, match="there already"):
        call_command("export_course", "whole", str(tmp_path / "out"))
    with pytest.raises(CommandError, match="no course"):
        call_command("export_course", "nothing", str(tmp_path / "other"))
    Course.objects.filter(pk=course.pk).update(current_edition=None)
    with pytest.raises(CommandError, match="no edition yet"):
        call_command("export_course", "whole", str(tmp_path / "other"))
    call_command("export_course", "whole", str(tmp_path / "other"), "--draft")


@pytest.mark.django_db
def test_files_that_no_lesson_uses_stay_in_the_draft_only(tmp_path):
    write(read_spec("spare"), tmp_path)
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "spare.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    result = import_folder(path=tmp_path, actor=None)
    assert [str(each) for each in result.warnings] == ["media/spare.png: no lesson uses this file"]
    edition = publish(course=result.course, kind="minor", note="", actor=None)
    assert CourseMedia.objects.filter(course=result.course).count() == 1
    assert edition.media.count() == 0


def read_spec(slug: str) -> CourseSpec:
    lesson = LessonSpec(
        "one", "part", "text", {}, (), {"en": LessonTextSpec("One", 5, {"body": "Hi\n", "source_format": "md"})}
    )
    return CourseSpec(
        slug=slug,
        code="X 1",
        languages=("en",),
        audience="public",
        topic="borrowing",
        level="basic",
        licence="CC0",
        texts={"en": CourseTextSpec("T", "S")},
        modules=(ModuleSpec("part", {"en": "Part"}),),
        lessons=(lesson,),
    )


# Any text that a person can type: no control characters, no lone surrogates.
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn"))
LINE = st.text(CHARACTERS, min_size=1, max_size=40).filter(lambda text: text.strip())
WORDS = st.lists(
    st.sampled_from(["Ask", "first,", "*then*", "lend:", "## 5", "- no", "'quoted'", "éß", "yes", "1.5"]), min_size=1
)
BODY = st.lists(WORDS.map(" ".join), min_size=1, max_size=5).map(lambda lines: "Start\n\n" + "\n".join(lines) + "\n")
UIDS = st.lists(st.from_regex(r"[a-z]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True), min_size=1, max_size=5, unique=True)


@st.composite
def courses(draw: st.DrawFn) -> CourseSpec:
    languages = tuple(draw(st.sampled_from([("en",), ("en", "es"), ("fr", "en", "pt-BR")])))
    uids = [uid for uid in draw(UIDS) if uid not in ("do", "media")] or ["one"]
    lessons = []
    for number, uid in enumerate(uids):
        spoken = [languages[0], *(each for each in languages[1:] if draw(st.booleans()))]
        texts = {
            language: LessonTextSpec(draw(LINE), draw(st.integers(1, 600)), {"body": draw(BODY), "source_format": "md"})
            for language in spoken
        }
        rule = {"opens_after": [uids[number - 1]]} if number and draw(st.booleans()) else {}
        facts = tuple(draw(st.lists(st.sampled_from(["F-01", "null", "3"]), max_size=2)))
        lessons.append(LessonSpec(uid, "part-b" if number > 2 else "part-a", "text", rule, facts, texts))
    return CourseSpec(
        slug="random",
        code=draw(st.sampled_from(["BOR 101", "1e3", "~", "0x1F"])),
        languages=languages,
        audience="public",
        topic="borrowing",
        level="working",
        licence="CC-BY-4.0",
        competencies=tuple(draw(st.lists(st.sampled_from(["REQ", "no", "12"]), unique=True))),
        credits=tuple(draw(st.lists(LINE, max_size=2))),
        legal=draw(st.booleans()),
        checked_on=draw(st.none() | st.dates().map(lambda day: day.isoformat())),
        certificate_valid_days=draw(st.none() | st.integers(1, 36500)),
        texts={language: CourseTextSpec(draw(LINE), draw(LINE), "", (draw(LINE),)) for language in languages},
        modules=tuple(
            ModuleSpec(uid, {language: draw(LINE) for language in languages}) for uid in ("part-a", "part-b")
        ),
        lessons=tuple(lessons),
    )


class AnyCourse(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(spec=courses())
    def test_comes_back_from_its_folder_as_it_was(self, spec: CourseSpec):
        with tempfile.TemporaryDirectory() as folder:
            write(spec, Path(folder) / "a")
            assert read(scan(Path(folder) / "a")).spec == spec, json.dumps(files_of(spec), ensure_ascii=False)
            course = import_folder(path=Path(folder) / "a", actor=None).course
            edition = publish(course=course, kind="minor", note="", actor=None)
            course.refresh_from_db()
            export_folder(course=course, into=Path(folder) / "b")
            forget(course)
            again = import_folder(path=Path(folder) / "b", actor=None).course
            assert publish(course=again, kind="minor", note="", actor=None).hash == edition.hash


@pytest.mark.django_db
def test_a_text_pasted_from_slides_comes_back_from_a_folder(tmp_path):
    """Line ends within a paragraph are control characters there; the folder that we wrote with one was faulty."""
    course = draft_course(slug="pasted", lessons=[("text", "one", {}), ("text", "two", {"body": "Old\x0blines.\n"})])
    text = LessonText.objects.select_related("lesson").get(lesson__uid="one")
    typed = Typed(text.title, text.minutes, "Ask\x0bfirst.\x07\x1b\n\nThen\twait.\x7f\n")
    save_lesson(text=text, typed=typed, version=1, actor=UserFactory())
    text.refresh_from_db()
    assert text.content["body"] == "Ask\nfirst.\n\nThen\twait.\n"
    before = composition_of(course).hash
    export_folder(course=course, into=tmp_path / "folder", draft=True)
    course = import_folder(path=tmp_path / "folder", actor=None).course
    assert composition_of(course).hash == before
