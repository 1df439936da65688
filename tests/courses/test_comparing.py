"""Two versions of a course read side by side: by lesson, by word, by question, by file."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from courses.diffing import Piece, word_diff
from courses.models import MediaFile
from courses.services.comparing import side_of_draft, side_of_edition, standing_of
from courses.services.differing import Comparison, compare, shortened
from courses.spec import CourseTextSpec, ModuleSpec
from tests.factories.courses import draft_course, publish_course
from tests.factories.quizzes import single
from tests.support import count_statements

pytestmark = pytest.mark.django_db


def between(before, after, **more) -> Comparison:
    """What a course of the lessons ``after`` says other than its edition of ``before``."""
    course = publish_course(slug="compared", lessons=before)
    draft_course(slug="compared", lessons=after, **more)
    course.refresh_from_db()
    return compare(side_of_edition(course.current_edition), side_of_draft(course))


def told(comparison):
    return {lesson.uid: (lesson.state, lesson.said) for lesson in comparison.lessons}


def test_new_gone_moved_and_renamed_lessons_are_told_apart():
    before = [("text", uid, {"title": uid.title()}) for uid in ("one", "two", "three", "four")]
    after = [
        ("text", "four", {"title": "Four"}),
        ("text", "one", {"title": "First", "minutes": 7}),
        ("text", "three", {"title": "Three"}),
        ("text", "five", {"title": "Five"}),
    ]
    comparison = between(before, after)
    assert told(comparison) == {
        "four": ("changed", ["Moved from place 4 to 1"]),
        "one": ("changed", ["Was called “One”", "7 minutes, were 5"]),
        "five": ("new", []),
        "two": ("gone", []),
    }
    assert comparison.summary == ["1 lesson is new", "1 lesson is taken out", "2 lessons have changed"]


def test_words_are_shown_as_taken_out_and_put_in():
    comparison = between(
        [("text", "one", {"body": "Ask the lender first.\n"})], [("text", "one", {"body": "Ask the borrower first.\n"})]
    )
    [lesson] = comparison.lessons
    [thing] = lesson.things
    [change] = thing.changes
    assert change.place == "Text"
    assert [piece for piece in change.pieces if piece.kind != "same"] == [
        Piece("removed", " lender"),
        Piece("added", " borrower"),
    ]
    assert lesson.summary == "1 words in, 1 out"


def test_what_opens_a_lesson_and_passes_a_quiz_is_said_in_words():
    before = [("text", "one", {"title": "One"}), ("quiz", "test", {"questions": [single()], "rule": {"pass_mark": 60}})]
    rule = {"pass_mark": 80, "attempts": 3, "opens_after": ["one"]}
    comparison = between(before, [before[0], ("quiz", "test", {"questions": [single()], "rule": rule})])
    assert told(comparison)["test"][1] == [
        "Rule now: Passed with 80% or more.",
        "Rule now: 3 attempts.",
        "Rule now: Opens after “One”.",
        "Rule before: Passed with 60% or more.",
    ]


def test_questions_are_added_changed_and_taken_out_with_their_wording():
    before = [("quiz", "test", {"questions": [single("Q-1", stem="Who lends?"), single("Q-2", stem="Who pays?")]})]
    after = [("quiz", "test", {"questions": [single("Q-1", stem="Who borrows?"), single("Q-3", stem="Who asks?")]})]
    [lesson] = between(before, after).lessons
    assert [(thing.label, thing.state) for thing in lesson.things] == [
        ("Question “Who borrows?”", "changed"),
        ("Question “Who asks?”", "new"),
        ("Question “Who pays?”", "gone"),
    ]
    changed, new, gone = lesson.things
    assert [change.place for change in changed.changes] == ["Question"]
    assert Piece("added", "Who asks?") in [piece for change in new.changes for piece in change.pieces]
    assert Piece("removed", "Who pays?") in [piece for change in gone.changes for piece in change.pieces]
    assert lesson.summary == "1 new in it; 1 taken out of it; 1 changed in it; " + lesson.summary.rsplit("; ", 1)[1]


def test_a_check_question_is_a_thing_of_its_own():
    def body(stem):
        return f"Words.\n\n```check\n{yaml.safe_dump(single('C-1', stem=stem))}```\n"

    before = [("text", "one", {"body": body("Is it so?")})]
    [lesson] = between(before, [("text", "one", {"body": body("Was it so?")})]).lessons
    assert [(thing.label, thing.state) for thing in lesson.things] == [("Check question “Was it so?”", "changed")]


def test_files_say_size_and_length():
    old = MediaFile.objects.create(sha256="a" * 64, size=12_300_000, type="video/mp4", duration_ms=250_000)
    new = MediaFile.objects.create(sha256="b" * 64, size=900, type="image/png")
    other = MediaFile.objects.create(sha256="c" * 64, size=11_000_000, type="video/mp4", duration_ms=242_000)
    body = "[Film](media/film.mp4)\n"
    course = publish_course(slug="filed", lessons=[("text", "one", {"body": body})], media={"film.mp4": old})
    more = body + "\n![A dot](media/dot.png)\n"
    draft_course(slug="filed", lessons=[("text", "one", {"body": more})], media={"film.mp4": other, "dot.png": new})
    files = compare(side_of_edition(course.current_edition), side_of_draft(course)).files
    assert [(file.name, file.state, file.before, file.after) for file in files] == [
        ("dot.png", "new", "", "1 kB"),
        ("film.mp4", "changed", "12.3 MB, 4:10 long", "11.0 MB, 4:02 long"),
    ]


def test_parts_and_what_the_course_says_about_itself():
    modules = (ModuleSpec(uid="part-one", titles={"en": "First part"}), ModuleSpec(uid="two", titles={"en": "Two"}))
    texts = {"en": CourseTextSpec(title="Course compared", summary="What it is all about.")}
    comparison = between([("text", "one", {})], [("text", "one", {})], modules=modules, texts=texts, level="advanced")
    assert comparison.parts == ["The part “Part one” is called “First part”", "New part: “Two”"]
    assert [change.place for change in comparison.about] == ["Level", "Summary"]


def test_an_unsound_lesson_is_named_and_the_rest_compared():
    before = [("text", "one", {}), ("text", "two", {"title": "Two"})]
    after = [("text", "one", {"body": "New.\n"}), ("text", "two", {"title": "Two", "body": "<b>raw</b>"})]
    comparison = between(before, after)
    assert list(told(comparison)) == ["one"]
    assert comparison.left_out == ["Two"]


def test_equal_versions_say_so():
    course = publish_course(slug="equal")
    assert compare(side_of_edition(course.current_edition), side_of_draft(course)).empty
    assert standing_of(course).changes == []


def test_statements_do_not_depend_on_the_number_of_lessons():
    def statements(number: int) -> int:
        made = [("text", f"l-{each}", {}) for each in range(number)]
        course = publish_course(slug=f"compared-{number}", lessons=made)
        draft_course(slug=f"compared-{number}", lessons=[(kind, uid, {"body": "New.\n"}) for kind, uid, _ in made])
        return count_statements(lambda: compare(side_of_edition(course.current_edition), side_of_draft(course)))

    few, many = statements(2), statements(30)
    assert many == few
    assert many <= 16


@pytest.mark.parametrize("query", ["", "?from=1&to=draft", "?from=1&to=2", "?from=draft&to=1", "?from=2&to=2"])
def test_the_page_compares_any_two(instructor, client_of, query):
    publish_course(slug="paged", owner=instructor, lessons=[("text", "one", {"body": "Old words.\n"})])
    publish_course(slug="paged", owner=instructor, lessons=[("text", "one", {"body": "New words.\n"})])
    answer = client_of(instructor).get(f"/author/courses/paged/editions/compare/{query}")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert ("<ins>" in page and "<del>" in page) == (query in ("?from=1&to=draft", "?from=1&to=2", "?from=draft&to=1"))
    assert "They say the same." in page or "<ins>" in page


@pytest.mark.parametrize("query", ["?from=7", "?to=p1", "?to=px"])
def test_a_version_that_is_not_there_is_not_found(instructor, client_of, query):
    publish_course(slug="paged", owner=instructor)
    assert client_of(instructor).get(f"/author/courses/paged/editions/compare/{query}").status_code == 404


@pytest.mark.pure
@given(st.text(alphabet="ab \n", max_size=600), st.text(alphabet="ab \n", max_size=600))
def test_shortening_keeps_every_change(before, after):
    pieces = word_diff(before, after)
    short = shortened(pieces)
    assert [piece for piece in short if piece.kind != "same"] == [piece for piece in pieces if piece.kind != "same"]
    assert len(short) == len(pieces)
