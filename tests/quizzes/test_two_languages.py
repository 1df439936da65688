"""A question that a course asks in two languages: the bank holds both wordings, and each goes back to its own."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.models import User
from courses.models import Course, CourseEditor, LessonText
from courses.services import drafts
from courses.services.publishing import publish
from courses.spec import CourseTextSpec, LessonTextSpec, ModuleSpec
from quizzes.models import Attempt, Question, SlotMark
from quizzes.services import banking
from quizzes.services.banking import Details, standing_of
from quizzes.views.question_for_quiz import quiz_asked
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import course_spec
from tests.factories.questions import library_bank
from tests.factories.quizzes import QUIZ, option, single
from tests.quizzes.corrected import applied, percent, sat, tried

pytestmark = pytest.mark.django_db
SLUG = "two-languages"


def worded(language: str, right: str = "b") -> dict[str, Any]:
    options = [{**option(name, right=name == right), "text": f"{language} {name}"} for name in "abcd"]
    return single("Q-1", stem=f"What in {language}?", options=options)


def published(**wordings: dict[str, Any]) -> Course:
    """The quiz with a wording for each language."""
    spec = course_spec(slug=SLUG, lessons=[("quiz", QUIZ, {"questions": []})])
    texts = {
        language: LessonTextSpec(title=f"Quiz {language}", minutes=5, content={"intro": "", "questions": [content]})
        for language, content in wordings.items()
    }
    lesson = dataclasses.replace(spec.lessons[0], texts=texts)
    both = {language: CourseTextSpec(title=f"Course {language}", summary="Why.") for language in wordings}
    titles = dict.fromkeys(wordings, "Part")
    spec = dataclasses.replace(
        spec,
        languages=tuple(wordings),
        texts=both,
        lessons=(lesson,),
        modules=(ModuleSpec(uid="part-one", titles=titles),),
    )
    course, _new = Course.objects.get_or_create(slug=SLUG, defaults={"audience": "public", "topic": spec.topic})
    drafts.save(course=course, spec=spec, media={}, actor=None)
    publish(course=course, kind="minor", note="x", actor=None)
    course.refresh_from_db()
    return course


def asked() -> Question:
    return Question.objects.select_related("ready", "bank").get(uid="Q-1")


def corrected(actor: User, **more: Any) -> Question:
    """The bank's question, saved as ready with other words."""
    row = asked()
    assert row.ready is not None
    content = {key: value for key, value in row.ready.content.items() if key != "uid"} | more
    return banking.save_ready(
        question=row, seen=standing_of(row), content=content, details=Details.of(row), files={}, note="", actor=actor
    )


def in_draft(language: str) -> str:
    text = LessonText.objects.get(lesson__course__slug=SLUG, lesson__uid=QUIZ, language=language)
    return str(text.content["questions"][0]["stem"])


def sat_in(language: str, course: Course, answer: str) -> Attempt:
    with translation.override(language):
        return sat(course, answer, learner=UserFactory(language=language))


def test_the_bank_shows_a_question_in_its_own_language():
    published(en=worded("en"), nb=worded("nb"))
    row = asked()

    assert row.ready is not None
    assert (row.language, row.ready.language, row.words) == ("en", "en", "What in en?")
    published(en=worded("en"), nb=worded("nb", "c"))
    assert asked().ready == row.ready
    assert list(row.versions.order_by("number").values_list("language", flat=True)) == ["en", "nb", "nb"]


def test_a_correction_in_the_bank_never_overwrites_the_other_language(instructor: User):
    published(en=worded("en"), nb=worded("nb"))
    corrected(instructor, stem="What, really?")

    assert (in_draft("en"), in_draft("nb")) == ("What, really?", "What in nb?")


def test_a_course_that_gave_a_language_up_has_its_questions_in_the_one_it_kept():
    published(en=worded("en"), nb=worded("nb"))
    published(nb=worded("nb", "c"))
    row = asked()

    assert row.ready is not None
    assert (row.language, row.ready.language) == ("nb", "nb")


def test_a_correction_reaches_each_attempt_in_the_language_that_it_was_asked_in(instructor: User):
    course = published(en=worded("en"), nb=worded("nb"))
    english, norwegian = sat_in("en", course, "c"), sat_in("nb", course, "c")
    published(en=worded("en", "c"), nb=worded("nb", "c"))
    applied(tried(course, instructor), instructor)

    assert [percent(each) for each in (english, norwegian)] == [[0, 100], [0, 100]]
    [mark] = SlotMark.objects.filter(result__attempt=norwegian, result__number=2).select_related("version")
    assert mark.version is not None
    assert mark.version.language == "nb"


def test_a_wording_that_was_not_corrected_is_left_alone_and_said(instructor: User):
    course = published(en=worded("en"), nb=worded("nb"))
    sat_in("en", course, "c")
    norwegian = sat_in("nb", course, "c")
    published(en=worded("en", "c"), nb=worded("nb"))
    row = applied(tried(course, instructor), instructor)

    assert row.left_alone == {"language": 1}
    assert percent(norwegian) == [0]


def test_a_draft_takes_the_language_that_is_chosen_for_it(instructor: User):
    bank = library_bank(OrganisationFactory())
    row = banking.create_question(bank=bank, content=worded("en"), details=Details(), files={}, actor=instructor)
    draft = row.draft
    assert draft is not None
    saved = banking.save_ready(
        question=row,
        seen=standing_of(row),
        content=draft.content,
        details=Details(language="nb"),
        files={},
        note="",
        actor=instructor,
    )

    assert saved.ready is not None
    assert saved.ready.language == "nb"


def test_an_introduction_is_saved_in_its_own_language(instructor: User, client_of: Callable[[User], Client]):
    course = published(en=worded("en"), nb=worded("nb"))
    CourseEditor.objects.create(course=course, person=instructor)
    LessonText.objects.filter(language="nb").update(content={"intro": "Først.", "questions": [worded("nb")]})
    given = {"behaviour": "exam", "attempts": 1, "pass_mark": 80, "counts": "best", "intro": "First.", "version": 1}
    given["version"] = LessonText.objects.select_related("lesson").get(language="en").lesson.version
    here = f"/author/courses/{SLUG}/quizzes/{QUIZ}/"
    assert client_of(instructor).post(f"{here}?language=en", given).status_code == 302

    said = {text.language: text.content for text in LessonText.objects.all()}
    assert {language: each["intro"] for language, each in said.items()} == {"en": "First.", "nb": "Først."}
    assert {each["behaviour"] for each in said.values()} == {"exam"}


def test_a_quiz_page_leads_to_the_bank_in_its_own_language_only(instructor: User, client_of: Callable[[User], Client]):
    course = published(en=worded("en"), nb=worded("nb"))
    CourseEditor.objects.create(course=course, person=instructor)
    hana, here = client_of(instructor), f"/author/courses/{SLUG}/quizzes/{QUIZ}/"
    link = f'href="/author/questions/{asked().pk}/"'

    assert link in hana.get(f"{here}?language=en").content.decode()
    page = hana.get(f"{here}?language=nb").content.decode()
    assert link not in page
    assert f"?quiz={SLUG}/{QUIZ}/nb" in page


def test_a_question_that_is_written_for_a_quiz_in_another_language_goes_there(
    instructor: User, client_of: Callable[[User], Client]
):
    course = published(en=worded("en"), nb=worded("nb"))
    CourseEditor.objects.create(course=course, person=instructor)
    hana, query = client_of(instructor), f"?quiz={SLUG}/{QUIZ}/nb"
    form = hana.get(f"/author/questions/new/tf/{query}")
    assert form.context["form"].initial["language"] == "nb"
    request = RequestFactory().get(f"/{query}")
    request.user = instructor
    quiz = quiz_asked(request)
    assert quiz is not None
    assert quiz.language == "nb"
