"""What follows a lesson: its slides into every copy, its history and the notes on it into another course."""

import pytest

from courses.models import (
    Course,
    HintLeft,
    Lesson,
    LessonRevision,
    LessonText,
    MediaFile,
    Remark,
    Review,
    Slide,
    SlideDeck,
)
from courses.services import editing, outline_copies, outlining
from courses.services.carrying import carry_lesson
from courses.services.editing import Typed
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course, publish_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return UserFactory(name="Marcus Bell")


@pytest.fixture
def course(actor) -> Course:
    """A lesson that was saved twice, with a link to itself, notes, a hint that was left, and slides."""
    body = "See [above](lesson:one).\n"
    course = draft_course(slug="here", lessons=[("text", "one", {"title": "One", "body": body}), ("text", "two", {})])
    text = LessonText.objects.select_related("lesson").get(lesson__uid="one")
    for words in ("First.\n", "See [above](lesson:one) again.\n"):
        typed = Typed(title="One", minutes=5, body=words)
        text = editing.save_lesson(text=text, typed=typed, version=text.version, actor=actor).text
    asked = Remark.objects.create(course=course, lesson_uid="one", language="en", body="Why?", author=actor)
    Remark.objects.create(course=course, lesson_uid="one", language="en", body="So.", author=actor, answers=asked)
    Remark.objects.create(course=course, lesson_uid="two", body="Elsewhere", author=actor)
    HintLeft.objects.create(course=course, lesson_uid="one", mark="a" * 64, left_by=actor)
    picture = MediaFile.objects.create(sha256="b" * 64, size=3, type="image/png")
    deck = SlideDeck.objects.create(course=course, lesson_uid="one", title="Slides", voice="clear", version=4)
    Slide.objects.create(deck=deck, position=1, heading="Hello", words="Good morning.", picture=picture, version=3)
    Slide.objects.create(deck=deck, position=2, heading="Goodbye", sound="silent", seconds=7)
    return course


@pytest.fixture
def there() -> Course:
    return draft_course(slug="there", lessons=[("text", "one", {})])


def slides(deck: SlideDeck) -> list[tuple]:
    names = ("position", "heading", "words", "picture", "sound", "seconds", "opens_chapter")
    return list(deck.slides.values_list(*names))


def moved(course, there, actor, *, copy: bool = False) -> Lesson:
    return carry_lesson(course=course, uid="one", target=there, part="part-one", copy=copy, actor=actor).placed.lesson


def test_a_lesson_that_moves_takes_its_slides_along(course, there, actor):
    lesson = moved(course, there, actor)
    assert lesson.uid == "one-2"
    here, deck = SlideDeck.objects.get(course=course), SlideDeck.objects.get(course=there)
    assert (deck.lesson_uid, deck.title, deck.voice, deck.version) == ("one-2", "Slides", "clear", 1)
    assert slides(deck) == slides(here) != []
    assert not set(deck.slides.values_list("pk", flat=True)) & set(here.slides.values_list("pk", flat=True))


def test_its_history_goes_along_and_says_the_names_that_hold_there(course, there, actor):
    lesson = moved(course, there, actor)
    text = LessonText.objects.get(lesson=lesson)
    assert text.version == 3
    assert text.changed_by == actor
    history = list(LessonRevision.objects.filter(text=text).order_by("version"))
    assert [each.version for each in history] == [1, 2, 3]
    assert [each.content["body"] for each in history] == [
        "See [above](lesson:one-2).\n",
        "First.\n",
        "See [above](lesson:one-2) again.\n",
    ]
    assert history[1].saved_by == actor
    first = LessonRevision.objects.get(text=text, version=1)
    saved = editing.restore_revision(text=text, revision=first, version=text.version, actor=actor)
    assert saved.text.version == 4
    assert saved.text.content["body"] == "See [above](lesson:one-2).\n"


def test_notes_go_along_with_their_answers_and_comments_of_a_review_stay(course, there, actor):
    published = publish_course(slug="here", lessons=[("text", "one", {}), ("text", "two", {})])
    review = Review.objects.create(course=course, edition=published.current_edition, asked_by=actor)
    Remark.objects.create(course=course, lesson_uid="one", body="In the review", review=review, author=actor)
    lesson = moved(course, there, actor)
    assert set(Remark.objects.filter(course=there).values_list("lesson_uid", "body")) == {
        (lesson.uid, "Why?"),
        (lesson.uid, "So."),
    }
    assert Remark.objects.get(body="So.").answers == Remark.objects.get(body="Why?")
    assert set(Remark.objects.filter(course=course).values_list("body", flat=True)) == {"Elsewhere", "In the review"}


def test_hints_that_were_left_stay_left(course, there, actor):
    lesson = moved(course, there, actor)
    assert HintLeft.objects.get(course=there).lesson_uid == lesson.uid


def test_the_original_can_be_restored_with_its_history_and_slides(course, there, actor):
    moved(course, there, actor)
    outlining.restore_lesson(course=course, uid="one")
    text = LessonText.objects.get(lesson__course=course, lesson__uid="one")
    assert text.revisions.count() == 3
    assert SlideDeck.objects.get(course=course).slides.count() == 2


def test_a_copy_has_the_slides_and_begins_its_own_history(course, there, actor):
    lesson = moved(course, there, actor, copy=True)
    assert SlideDeck.objects.get(course=there, lesson_uid=lesson.uid).slides.count() == 2
    assert not LessonRevision.objects.filter(text__lesson=lesson).exists()
    assert not Remark.objects.filter(course=there).exists()
    assert Remark.objects.filter(course=course, lesson_uid="one").count() == 2


def test_a_duplicate_in_the_same_course_has_the_slides_too(course, actor):
    placed = outline_copies.duplicate_lesson(course=course, uid="one", actor=actor)
    deck = SlideDeck.objects.get(course=course, lesson_uid=placed.lesson.uid)
    assert slides(deck) == slides(SlideDeck.objects.get(course=course, lesson_uid="one"))
    outline_copies.duplicate_part(course=course, uid="part-one", actor=actor)
    assert SlideDeck.objects.filter(course=course).count() == 4
