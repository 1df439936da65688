"""An author puts a quiz together: settings, its own questions, picks and draws from banks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, CourseEditor, EditionKind, LessonText
from courses.services.publishing import publish
from quizzes.models import Attempt, Bank, PartQuestion, Question, QuestionTag, QuestionVersion
from quizzes.registry import types
from quizzes.services import arranging
from quizzes.services.filing import describe, question_hash
from quizzes.services.resolving import resolve
from tests.factories.quizzes import QUIZ, publish_quiz, single, start_attempt, truefalse
from tests.quizzes.bank.browsing import sent

pytestmark = pytest.mark.django_db
HERE = "/author/courses/{slug}/quizzes/the-quiz/"


@pytest.fixture
def course(instructor: User) -> Course:
    found = publish_quiz()
    CourseEditor.objects.get_or_create(course=found, person=instructor)
    return found


@pytest.fixture
def hana(instructor: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(instructor)


def library(*questions: dict[str, Any], **meta: Any) -> Bank:
    bank, _made = Bank.objects.get_or_create(
        slug="library", defaults={"title": "The library", "audience": Bank.Audience.PUBLIC}
    )
    for written in questions:
        content = types[written["type"]].snapshot(written)
        row = Question.objects.create(bank=bank, uid=content["uid"], type=content["type"], **meta)
        version = QuestionVersion.objects.create(
            question=row, number=1, hash=question_hash(content, {}), type=row.type, content=content
        )
        describe([version])
    return bank


def text_of(course: Course) -> LessonText:
    return LessonText.objects.select_related("lesson").get(lesson__course=course, lesson__uid=QUIZ)


def settings(course: Course, **more: Any) -> dict[str, Any]:
    said = {"behaviour": "deferred", "pass_mark": 80, "counts": "best", "shuffle": "on", "intro": "Some questions."}
    return {**said, "version": text_of(course).lesson.version, **more}


def act(course: Course, what: str, **more: Any) -> dict[str, Any]:
    return {"act": what, "version": text_of(course).version, "language": "en", **more}


def test_settings_are_saved_in_rule_and_content_and_the_defaults_say_nothing(hana: Client, course: Course):
    here = HERE.format(slug=course.slug)
    assert "How it asks" in hana.get(here).content.decode()
    given = settings(
        course, behaviour="certainty", time_limit=20, attempts=3, cool_down=24, counts="last", review_right="never"
    )
    assert hana.post(here, given).status_code == 302
    text = text_of(course)
    assert text.lesson.rule == {"pass_mark": 80, "attempts": 3, "cool_down": 24, "counts": "last"}
    said = {key: text.content[key] for key in ("behaviour", "time_limit", "review")}
    assert said == {"behaviour": "certainty", "time_limit": 20, "review": {"right": "never"}}
    assert len(text.content["questions"]) == 3
    hana.post(here, settings(course))
    assert {"time_limit", "review", "behaviour", "grace", "tries"}.isdisjoint(text_of(course).content)


def test_a_behaviour_that_does_not_fit_a_question_is_refused_beside_it_with_the_reason(hana: Client, course: Course):
    answer = hana.post(HERE.format(slug=course.slug), settings(course, behaviour="tries"))
    assert answer.status_code == 422
    assert "Question 3: With two options to choose from, a second try gives the answer away." in answer.content.decode()
    assert "behaviour" not in text_of(course).content


def test_an_exam_that_never_closes_is_refused(hana: Client, course: Course):
    here = HERE.format(slug=course.slug)
    assert hana.post(here, settings(course, behaviour="exam")).status_code == 422
    assert hana.post(here, settings(course, behaviour="exam", attempts=1)).status_code == 302


def test_two_authors_do_not_overwrite_each_other(hana: Client, course: Course):
    here = HERE.format(slug=course.slug)
    first, second = settings(course, pass_mark=60), settings(course, pass_mark=70)
    assert hana.post(here, first).status_code == 302
    assert hana.post(here, second).status_code == 409
    assert text_of(course).lesson.rule["pass_mark"] == 60
    stale = act(course, "remove:questions:0") | {"version": 0}
    hana.post(f"{here}change/", stale)
    assert len(text_of(course).content["questions"]) == 3


def test_questions_move_are_taken_out_and_put_back(hana: Client, course: Course):
    here = HERE.format(slug=course.slug)
    hana.post(f"{here}change/", act(course, "down:questions:0"))
    assert [each["uid"] for each in text_of(course).content["questions"]] == ["Q-2", "Q-1", "Q-3"]
    page = hana.post(f"{here}change/", act(course, "remove:questions:1"))
    assert [each["uid"] for each in text_of(course).content["questions"]] == ["Q-2", "Q-3"]
    hana.post(f"{here}change/", act(course, "restore", undo=page.context["undo"]))
    assert [each["uid"] for each in text_of(course).content["questions"]] == ["Q-2", "Q-1", "Q-3"]
    forged = hana.post(f"{here}change/", act(course, "restore", undo="forged"))
    assert forged.status_code == 302
    assert len(text_of(course).content["questions"]) == 3


def test_picked_questions_are_published_as_they_stand_in_the_bank(hana: Client, course: Course, instructor: User):
    bank = library(single("B-1"), single("B-2"))
    here = HERE.format(slug=course.slug)
    assert "What about B-1?" in hana.get(f"{here}?q=about").content.decode()
    chosen = Question.objects.get(bank=bank, uid="B-1")
    hana.post(f"{here}change/", act(course, "pick", question=[chosen.pk]))
    assert text_of(course).content["picks"] == [{"bank": "library", "uid": "B-1"}]
    edition = publish(course=course, kind=EditionKind.MINOR, note="One more.", actor=instructor)
    newest = edition.lessons.get(uid=QUIZ).texts.get().part
    asked = PartQuestion.objects.filter(part=newest, course=course).order_by("position")
    assert [each.version.question.uid for each in asked.select_related("version__question")] == [
        "Q-1",
        "Q-2",
        "Q-3",
        "B-1",
    ]
    assert asked.last().version == chosen.ready


def test_a_picked_question_is_asked_from_the_bank_to_which_it_was_moved(hana: Client, course: Course):
    bank = library(single("x-1"), single("x-2"))
    elsewhere = Bank.objects.create(slug="elsewhere", title="Elsewhere", audience=Bank.Audience.PUBLIC)
    questions = list(Question.objects.filter(bank=bank).order_by("uid"))
    hana.post(HERE.format(slug=course.slug) + "change/", act(course, "pick", question=[each.pk for each in questions]))
    seen = text_of(course).version
    arranging.move(questions[:1], elsewhere)
    text = text_of(course)

    assert [(each["bank"], each["uid"]) for each in text.content["picks"]] == [("elsewhere", "x-1"), ("library", "x-2")]
    assert text.version == seen + 1
    assert resolve(text.content, course=course, language="en").faults == []


def test_draws_become_pools_and_an_attempt_asks_as_many_as_are_drawn(
    hana: Client, course: Course, instructor: User, trainee: User
):
    library(single("B-1"), truefalse("B-2"), single("B-3"), topic="Loans")
    library(single("B-4"), topic="Else")
    here = HERE.format(slug=course.slug)
    for index in (2, 1, 0):
        hana.post(f"{here}change/", act(course, f"remove:questions:{index}"))
    too_many = act(course, "draw", bank="library", draw=9, topic="Loans")
    hana.post(f"{here}change/", too_many)
    assert "3 fit now" in hana.get(here).content.decode()
    outline = hana.get(f"/author/courses/{course.slug}/?check=1").content.decode()
    assert "3 questions of “The library” fit; 9 are to be drawn." in outline
    hana.post(f"{here}change/", act(course, "remove:draws:0"))
    hana.post(f"{here}change/", act(course, "draw", bank="library", draw=2, topic="Loans"))
    publish(course=course, kind=EditionKind.MINOR, note="Drawn.", actor=instructor)
    uids = set(start_attempt(trainee, course).slots.values_list("version__question__uid", flat=True))
    assert len(uids) == 2
    assert uids < {"B-1", "B-2", "B-3"}
    assert Attempt.objects.get().slots.count() == 2


def test_draws_from_a_bank_larger_than_a_quiz_share_its_room(hana: Client, course: Course):
    library(*[single(f"{letter}-{n:03}") for letter in "ab" for n in range(120)])
    here = HERE.format(slug=course.slug)
    for tag in ("", "never"):
        hana.post(f"{here}change/", act(course, "draw", bank="library", draw=5, tags=tag))
    QuestionTag.objects.bulk_create(
        QuestionTag(question=each, name="never") for each in Question.objects.filter(uid__startswith="b-")
    )
    assert "240 fit now. A quiz holds 200 questions in all" in hana.get(here).content.decode()

    whole = resolve(text_of(course).content, course=course, language="en")
    [large, small] = [pool["of"] for pool in whole.content["pools"]]
    assert whole.faults == []
    assert len(whole.content["questions"]) <= 200
    assert len(large) == (200 - 3) // 2
    assert {each[0] for each in large} == {"a", "b"}  # not those that are called first
    assert len(small) >= 5
    publish(course=course, kind=EditionKind.MINOR, note="Drawn", actor=None)
    assert resolve(text_of(course).content, course=course, language="en").content == whole.content


def test_a_bank_out_of_reach_is_a_fault_and_not_a_leak(hana: Client, course: Course, instructor: User):
    bank = library(single("B-1"))
    Bank.objects.filter(pk=bank.pk).update(audience=Bank.Audience.EDITORS)
    text = text_of(course)
    text.content = {**text.content, "picks": [{"bank": "library", "uid": "B-1"}]}
    text.save()
    outline = hana.get(f"/author/courses/{course.slug}/?check=1").content.decode()
    assert "There is no bank “library” that this course may use." in outline
    assert "What about B-1" not in hana.get(HERE.format(slug=course.slug)).content.decode()
    chosen = Question.objects.get(uid="B-1")
    hana.post(f"{HERE.format(slug=course.slug)}change/", act(course, "pick", question=[chosen.pk]))
    assert len(text_of(course).content["picks"]) == 1


def test_the_page_takes_no_more_queries_for_more_questions(
    hana: Client, course: Course, django_assert_max_num_queries: Any
):
    text = text_of(course)
    text.content = {**text.content, "questions": [single(f"N-{number}") for number in range(60)]}
    text.save()
    with django_assert_max_num_queries(20):
        hana.get(f"{HERE.format(slug=course.slug)}?q=")


def test_a_question_is_written_for_a_quiz_and_asked_by_it_once_it_is_ready(
    hana: Client, course: Course, outsider_course: Course
):
    quiz = f"{course.slug}/{QUIZ}"
    assert f"?quiz={quiz}" in hana.get(HERE.format(slug=course.slug)).content.decode()
    kinds = hana.get(f"/author/questions/new/?quiz={quiz}")
    assert "For the quiz" in kinds.content.decode()
    bank = Bank.objects.get(course=course)
    here = f"/author/questions/new/{truefalse('X-1')['type']}/?{kinds.context['query']}"
    written = {key: value for key, value in truefalse("X-1").items() if key != "uid"}
    draft = hana.post(here, sent(written, bank=bank.pk))
    assert text_of(course).content.get("picks", []) == []
    again = sent(written, seen=hana.get(draft.url).context["sheet"].seen, act="ready")
    asked = hana.post(draft.url, again)
    assert asked.url == HERE.format(slug=course.slug) + "#questions"
    (pick,) = text_of(course).content["picks"]
    assert Question.objects.get(bank=bank, uid=pick["uid"]).ready_id

    assert hana.get(f"/author/questions/new/?quiz={outsider_course.slug}/{QUIZ}").status_code == 403
    assert hana.get(f"/author/questions/new/?quiz={course.slug}/nothing").status_code == 404


@pytest.fixture
def outsider_course() -> Course:
    return publish_quiz(slug="of-others")
