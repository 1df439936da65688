"""The verbs of a draft's outline: whatever is moved, added or archived, positions stay dense and nothing is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInput
from courses.models import Course, CourseMedia, Lesson, LessonText
from courses.services import drafts, outline_copies, outline_parts, outlining
from courses.services.carrying import carry_lesson, pointing_at, rewritten
from courses.services.editing import SomebodyWasFaster, Typed, save_lesson
from courses.services.outline_parts import PartChanged
from courses.services.outline_places import NotThere, free_uid
from tests.courses.films import film_course
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return UserFactory()


@pytest.fixture
def course(actor) -> Course:
    """Two parts: a, b, c in the first, d and e in the second."""
    course = draft_course(slug="outlined", lessons=[("text", uid, {"title": uid.upper()}) for uid in "abc"])
    outline_parts.add_part(course=course, title="Part two")
    for uid in "de":
        add(course, uid.upper(), actor)
    return course


def add(course, title, actor, part="part-two"):
    return outlining.add_lesson(
        course=course, part=part, kind="text", title=title, content={"body": "Words.\n"}, actor=actor
    )


def order(course) -> list[tuple[str, list[str]]]:
    return [
        (part.uid, list(part.lessons.filter(archived_at=None).order_by("position").values_list("uid", flat=True)))
        for part in course.modules.all()
    ]


def dense(course) -> bool:
    parts = list(course.modules.values_list("position", flat=True))
    lessons = list(course.lessons.order_by("module__position", "position").values_list("position", flat=True))
    return parts == list(range(1, len(parts) + 1)) and lessons == list(range(1, len(lessons) + 1))


def test_a_lesson_goes_up_and_down_within_its_part_and_stops_at_its_ends(course):
    placed = outlining.step_lesson(course=course, uid="b", by=-1)
    assert (placed.position, placed.total, placed.part_number, placed.title) == (1, 3, 1, "B")
    assert order(course)[0] == ("part-one", ["b", "a", "c"])
    assert not outlining.step_lesson(course=course, uid="b", by=-1).moved
    assert not outlining.step_lesson(course=course, uid="e", by=1).moved
    assert order(course) == [("part-one", ["b", "a", "c"]), ("part-two", ["d", "e"])]


def test_a_lesson_moves_to_another_part_and_says_what_puts_it_back(course):
    placed = outlining.place_lesson(course=course, uid="a", part="part-two", index=1)
    assert order(course) == [("part-one", ["b", "c"]), ("part-two", ["d", "a", "e"])]
    assert (placed.position, placed.total, placed.part_number) == (2, 3, 2)
    outlining.place_lesson(course=course, uid="a", part=placed.was_part, index=placed.was_index)
    assert order(course) == [("part-one", ["a", "b", "c"]), ("part-two", ["d", "e"])]
    with pytest.raises(NotThere):
        outlining.place_lesson(course=course, uid="a", part="part-three", index=0)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["step", "place", "part", "archive", "restore", "duplicate", "gone"]),
        st.sampled_from("abcde"),
        st.integers(-1, 6),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(moves=MOVES)
def test_any_sequence_of_moves_keeps_every_lesson_once_at_a_dense_place(moves):
    actor = UserFactory()
    course = draft_course(lessons=[("text", uid, {}) for uid in "abc"])
    outline_parts.add_part(course=course, title="Part two")
    for uid in "de":
        add(course, uid, actor)
    for verb, uid, number in moves:
        try:
            _do(verb, course, uid, number, actor)
        except NotThere:
            assert not course.lessons.filter(uid=uid).exists() or not course.modules.filter(uid="part-two").exists()
        assert dense(course)
    everything = Lesson.everything.filter(course=course)
    assert everything.filter(uid__in="abcde").count() == 5
    assert everything.filter(archived_at=None).count() == sum(len(lessons) for _part, lessons in order(course))


def _do(verb, course, uid, number, actor):
    part = "part-two" if number % 2 else "part-one"
    if verb == "step":
        outlining.step_lesson(course=course, uid=uid, by=number)
    elif verb == "place":
        outlining.place_lesson(course=course, uid=uid, part=part, index=number)
    elif verb == "part":
        outline_parts.place_part(course=course, uid=part, index=number)
    elif verb == "archive":
        outlining.archive_lesson(course=course, uid=uid, actor=actor)
    elif verb == "restore":
        outlining.restore_lesson(course=course, uid=uid)
    elif verb == "duplicate":
        outline_copies.duplicate_lesson(course=course, uid=uid, actor=actor)
    elif number % 2:
        outline_parts.archive_part(course=course, uid="part-two", actor=actor)
    else:
        outline_parts.restore_part(course=course, uid="part-two")


def test_an_archived_lesson_keeps_its_uid_and_comes_back_to_its_place(course, actor):
    outlining.archive_lesson(course=course, uid="b", actor=actor)
    gone = Lesson.everything.get(uid="b")
    assert order(course)[0] == ("part-one", ["a", "c"])
    assert gone.archived_by == actor
    assert add(course, "B", actor).lesson.uid == "b-2"
    outlining.restore_lesson(course=course, uid="b")
    assert order(course)[0] == ("part-one", ["a", "b", "c"])
    assert outlining.restore_lesson(course=course, uid="b").position == 2, "a second call changes nothing"


def test_a_part_is_archived_with_its_lessons_and_comes_back_with_just_these(course, actor):
    outlining.archive_lesson(course=course, uid="d", actor=actor)
    outline_parts.archive_part(course=course, uid="part-two", actor=actor)
    assert order(course) == [("part-one", ["a", "b", "c"])]
    outline_parts.restore_part(course=course, uid="part-two")
    assert order(course) == [("part-one", ["a", "b", "c"]), ("part-two", ["e"])]


def test_a_lesson_of_an_archived_part_brings_the_part_back(course, actor):
    outline_parts.archive_part(course=course, uid="part-one", actor=actor)
    outlining.restore_lesson(course=course, uid="c")
    assert order(course) == [("part-one", ["c"]), ("part-two", ["d", "e"])]


def test_renaming_keeps_the_address_and_minds_who_was_faster(course, actor):
    was = outlining.rename_lesson(course=course, uid="a", title="  First  steps ", minutes=7, version=1, actor=actor)
    text = LessonText.objects.get(lesson__uid="a")
    assert (text.title, text.minutes, text.version, was.was_title) == ("First steps", 7, 2, "A")
    assert [each.version for each in text.revisions.all()] == [2, 1], "history keeps both"
    with pytest.raises(SomebodyWasFaster):
        outlining.rename_lesson(course=course, uid="a", title="Other", minutes=7, version=1, actor=actor)
    for title, minutes in (("", 7), ("x" * 201, 7), ("Fine", 0), ("Fine", 601)):
        with pytest.raises(InvalidInput):
            outlining.rename_lesson(course=course, uid="a", title=title, minutes=minutes, version=2, actor=actor)


def test_two_who_rename_a_part_do_not_overwrite_each_other(course):
    outline_parts.rename_part(course=course, uid="part-one", title="Theirs", version=1)
    with pytest.raises(PartChanged, match="Theirs"):
        outline_parts.rename_part(course=course, uid="part-one", title="Mine", version=1)


def test_a_duplicate_is_a_draft_with_names_of_its_own(course, actor):
    body = "Ask.\n\n```check\nuid: why\nstem: Why?\noptions:\n- {text: A, right: true}\n- {text: B}\n```\n"
    LessonText.objects.filter(lesson__uid="a").update(content={"body": body, "source_format": "md"})
    placed = outline_copies.duplicate_lesson(course=course, uid="a", actor=actor)
    copy = LessonText.objects.get(lesson=placed.lesson)
    assert order(course)[0] == ("part-one", ["a", "a-2", "b", "c"])
    assert (copy.title, placed.lesson.ready) == ("A (copy)", False)
    assert "uid: why-2\n" in copy.content["body"]


def test_a_duplicate_of_rich_text_names_its_questions_anew(course, actor):
    body = '<p>uid: why</p><pre data-block="check">uid: why\nstem: Why?\n</pre>'
    LessonText.objects.filter(lesson__uid="a").update(content={"body": body, "source_format": "html"})
    placed = outline_copies.duplicate_lesson(course=course, uid="a", actor=actor)
    copy = LessonText.objects.get(lesson=placed.lesson)
    assert copy.content["body"] == '<p>uid: why</p><pre data-block="check">uid: why-2\nstem: Why?\n</pre>'


def test_a_part_is_duplicated_with_its_lessons(course, actor):
    outline_copies.duplicate_part(course=course, uid="part-two", actor=actor)
    assert order(course)[1:] == [("part-two", ["d", "e"]), ("part-two-2", ["d-2", "e-2"])]


@pytest.mark.parametrize(
    ("title", "taken", "uid"),
    [
        ("Five clues", set(), "five-clues"),
        ("Five clues!", {"five-clues", "five-clues-2"}, "five-clues-3"),
        ("Media", set(), "media-2"),
        ("Do", set(), "do-2"),
        ("Über Fernleihe_heute", set(), "uber-fernleihe-heute"),
        ("図書館", set(), "lesson"),
        ("a" * 80, {"a" * 60}, "a" * 58 + "-2"),
    ],
)
def test_a_uid_is_made_of_the_title_and_is_free(title, taken, uid):
    assert free_uid(title, taken, fallback="lesson") == uid


def test_a_lesson_goes_to_another_course_with_its_files(tmp_path, actor):
    here = film_course(tmp_path / "here", slug="here")
    there = draft_course(slug="there", lessons=[("text", "film", {"title": "Another film"})])
    film = here.lessons.get(kind="video")
    files = set(CourseMedia.objects.filter(course=here).values_list("name", flat=True))
    taken = CourseMedia.objects.filter(course=here).exclude(name__endswith=".vtt").first()
    other = CourseMedia.objects.filter(course=here, name__endswith=".vtt").first()
    CourseMedia.objects.create(course=there, media=other.media, name=taken.name)
    carried = carry_lesson(course=here, uid=film.uid, target=there, part="part-one", copy=False, actor=actor)
    moved = LessonText.objects.get(lesson=carried.placed.lesson)
    named = carried.files[taken.name]
    assert named == taken.name.replace(".", "-2.")
    assert f"media/{named}" in str(moved.content)
    assert CourseMedia.objects.get(course=there, name=named).media_id == taken.media_id
    assert set(carried.files) <= files
    assert not here.lessons.filter(uid=film.uid).exists()
    assert Lesson.everything.get(course=here, uid=film.uid).archived_by == actor
    assert dense(there)


CHECK = """```check
uid: ask
type: single
stem: {stem}
options:
  - id: a
    text: The right answer
    right: true
    feedback: Yes.
  - id: b
    text: Another
    right: false
    feedback: No.
```
"""


@pytest.mark.parametrize("copy", [True, False])
def test_a_question_whose_name_is_taken_in_the_other_course_gets_a_free_one(actor, copy):
    """Else that course could not be published before somebody found the line and wrote another name."""
    here = draft_course(slug="here", lessons=[("text", "a", {"body": CHECK.format(stem="Which?")})])
    there = draft_course(slug="there", lessons=[("text", "z", {"body": CHECK.format(stem="Why?")})])
    text = LessonText.objects.select_related("lesson").get(lesson__course=here)
    typed = Typed(text.title, text.minutes, CHECK.format(stem="Which one?"))
    save_lesson(text=text, typed=typed, version=1, actor=actor)
    carried = carry_lesson(course=here, uid="a", target=there, part="part-one", copy=copy, actor=actor)
    moved = LessonText.objects.get(lesson=carried.placed.lesson)
    assert carried.questions == {"ask": "ask-2"}
    assert "uid: ask-2\n" in moved.content["body"]
    assert not drafts.complete(there).faults
    assert {"uid: ask-2\n" in each.content["body"] for each in moved.revisions.all()} <= {True}


def test_who_pointed_at_a_lesson_is_told_when_it_goes(course, actor):
    LessonText.objects.filter(lesson__uid="b").update(
        content={"body": "See [it](lesson:a#x).\n", "source_format": "md"}
    )
    Lesson.objects.filter(uid="d").update(rule={"opens_after": ["a"]})
    there = draft_course(slug="there", lessons=[("text", "a", {})])
    carried = carry_lesson(course=course, uid="a", target=there, part="part-one", copy=False, actor=actor)
    assert carried.pointing == ("B", "D")
    assert carried.placed.lesson.uid == "a-2"
    assert list(pointing_at(course, "e")) == []


def test_a_copy_leaves_the_original_where_it_is(course, actor):
    there = draft_course(slug="there")
    carry_lesson(course=course, uid="a", target=there, part="part-one", copy=True, actor=actor)
    assert order(course)[0] == ("part-one", ["a", "b", "c"])
    assert there.lessons.filter(uid="a", ready=False).exists()
    with pytest.raises(InvalidInput):
        carry_lesson(course=course, uid="a", target=course, part="part-two", copy=True, actor=actor)


def test_a_carried_lesson_waits_for_no_lesson_of_the_course_it_came_from(course, actor):
    """Nothing in the browser could take that out again, so the other course could never be published."""
    rule = {"opens_after": ["a"]}
    Lesson.objects.filter(course=course, uid="b").update(rule=rule)
    there = draft_course(slug="there", lessons=[("text", "z", {})])
    carry_lesson(course=course, uid="b", target=there, part="part-one", copy=True, actor=actor)
    assert Lesson.objects.get(course=there, uid="b").rule == {}
    assert Lesson.objects.get(course=course, uid="b").rule == rule
    assert not drafts.complete(there).faults


def test_names_of_files_and_lessons_are_rewritten_wherever_they_stand_and_nowhere_else():
    content = {"body": "![a](media/a.png) media/a.png.\n[x](lesson:a) my-media/a.png", "video": {"file": "media/a.png"}}
    assert rewritten(content, {"a.png": "a-2.png"}, {"a": "a-2"}) == {
        "body": "![a](media/a-2.png) media/a-2.png.\n[x](lesson:a-2) my-media/a.png",
        "video": {"file": "media/a-2.png"},
    }


def test_moving_in_a_long_course_takes_no_more_statements(actor):
    short = draft_course(slug="short", lessons=[("text", f"l-{n}", {}) for n in range(5)])
    long = draft_course(slug="long", lessons=[("text", f"l-{n}", {}) for n in range(200)])
    few = count_statements(lambda: outlining.place_lesson(course=short, uid="l-4", part="part-one", index=0))
    many = count_statements(lambda: outlining.place_lesson(course=long, uid="l-4", part="part-one", index=0))
    assert many == few <= 6


def test_a_title_of_which_nothing_is_seen_is_none(course, actor):
    """The outline, the course page and the catalogue would have a link without words."""
    with pytest.raises(InvalidInput, match="Give it a title"):
        add(course, "\u200b", actor)
    text = LessonText.objects.select_related("lesson").get(lesson__uid="a")
    with pytest.raises(InvalidInput) as caught:
        save_lesson(text=text, typed=Typed("\u2060 ", 5, "Words.\n"), version=1, actor=actor)
    assert set(caught.value.fields) == {"title"}


def test_nobody_adds_a_kind_that_is_not_there(course, actor):
    with pytest.raises(InvalidInput):
        outlining.add_lesson(course=course, part="part-one", kind="poster", title="X", content={}, actor=actor)
    assert len(order(course)[0][1]) == 3
