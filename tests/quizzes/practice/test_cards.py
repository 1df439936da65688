"""What a run leaves for review says what happened in it, in its own course, language and edition, and nobody else's."""

import json
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, EditionLessonText, EditionPart
from courses.services.publishing import publish_preview
from quizzes import jobs_practice
from quizzes.models import PracticeCase, PracticeRun, ReviewCard
from quizzes.services.practising import begin_case, end, hint
from tests.factories.practice import LESSON, begin, errands, play_all, publish_practice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_engines")]


def missed(run: PracticeRun, *words: str) -> ReviewCard:
    """The card of the one errand that ``run``, done as ``words`` say, leaves."""
    play_all(run, *words)
    jobs_practice.remember_run(run.pk)
    return ReviewCard.objects.select_related("item").get(learner=run.learner)


def translated(course: Course, *words: str) -> EditionPart:
    """The lesson of ``course`` in German, whose case of the same uid asks for other ``words``."""
    lesson = course.current_edition.lessons.get(uid=LESSON)
    source = json.loads(lesson.texts.get().part.source) | {"cases": [errands("case-1", *words)]}
    part = EditionPart.objects.create(hash="german", source=json.dumps(source))
    EditionLessonText.objects.create(edition_lesson=lesson, language="de", title="Am Tisch", minutes=3, part=part)
    return part


def test_cases_of_two_courses_that_share_a_uid_are_two_things_to_remember(trainee: User, supervisor: User):
    mine = publish_practice(slug="mine", cases=[errands("case-1", "lend", "renew")])
    other = publish_practice(slug="other", cases=[errands("case-1", "lend", "borrow")])
    card = missed(begin(trainee, mine), "lend", "lend")
    theirs = missed(begin(supervisor, other), "lend", "lend")

    card.item.refresh_from_db()
    assert (card.item.course, card.item.content["back"]) == (mine, "renew")
    assert (theirs.item.course, theirs.item.content["back"]) == (other, "borrow")


def test_a_case_in_two_languages_is_asked_in_the_one_in_which_it_was_missed(trainee: User, supervisor: User):
    course = publish_practice(cases=[errands("case-1", "lend", "renew")])
    german = translated(course, "lend", "borrow")
    card = missed(begin(trainee, course), "lend", "lend")
    run = begin(supervisor, course)
    run.part, run.case = german, json.loads(german.source)["cases"][0]
    run.save()

    assert missed(run, "lend", "lend").item.content["back"] == "borrow"
    card.item.refresh_from_db()
    assert card.item.content["back"] == "renew"


def test_pages_of_a_run_and_of_its_card_say_in_which_language_they_are(trainee: User, client_of: Callable[..., Client]):
    course, rosa = publish_practice(cases=[errands("case-1", "lend", "renew")]), client_of(trainee)
    german = translated(course, "lend", "borrow")
    run = begin(trainee, course)
    run.part, run.case = german, json.loads(german.source)["cases"][0]
    run.save()

    desk = rosa.get(f"/practice/runs/{run.pk}/").content.decode()
    card = missed(run, "lend", "lend")
    pages = [rosa.get(f"/practice/runs/{run.pk}/{name}/").content.decode() for name in ("debrief", "replay")]
    rosa.post("/review/begin/")
    pages += [rosa.get(address).content.decode() for address in ("/review/card/", f"/review/cards/{card.pk}/")]
    assert all(' lang="de"' in page for page in [desk, *pages])


def test_who_is_still_in_an_older_edition_does_not_bring_its_words_back(trainee: User, supervisor: User):
    course = publish_practice(cases=[errands("case-1", "lend", "renew")])
    old = begin(trainee, course)
    course = publish_practice(slug=course.slug, note="Mended", cases=[errands("case-1", "lend", "borrow")])
    card = missed(begin(supervisor, course), "lend", "lend")
    missed(old, "lend", "lend")

    card.item.refresh_from_db()
    assert card.item.content["back"] == "borrow"
    assert ReviewCard.objects.filter(item=card.item).count() == 2


def test_a_preview_of_the_same_words_is_no_older_edition(trainee: User, instructor: User):
    course = publish_practice(owner=instructor, cases=[errands("case-1", "lend", "renew")])
    publish_preview(course=course, actor=instructor)

    assert missed(begin(trainee, course), "lend", "lend").item.content["edition"] == 1


def test_a_case_played_outside_of_its_course_leads_to_its_lesson_and_is_the_same_card(trainee: User):
    course = publish_practice(cases=[errands("case-1", "lend", "renew")])
    case, content = PracticeCase.objects.placed().get(), errands("case-1", "lend", "renew")
    card = missed(begin_case(learner=trainee, case=case, content=content), "lend", "lend")

    assert (card.item.course, card.item.lesson_uid) == (course, LESSON)
    assert missed(begin(trainee, course), "lend", "lend") == card


def test_what_was_left_undecided_is_no_card_though_a_hint_was_taken(trainee: User):
    run = begin(trainee, publish_practice())
    hint(run=run, turn=0)
    end(run=run, turn=1)
    jobs_practice.remember_run(run.pk)

    assert not ReviewCard.objects.exists()
