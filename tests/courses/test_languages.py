"""A language taken out of a draft: what goes is told, nothing is deleted, editions keep it."""

import dataclasses
import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core.errors import InvalidInput
from courses.access import reading_for
from courses.models import Course, CourseText, Edition, Enrolment, LessonText, MediaFile, ModuleText
from courses.selectors.drafting import draft_outline
from courses.services import drafts
from courses.services.comparing import standing_of
from courses.services.editing import Typed, save_lesson
from courses.services.enrolling import choose_language, open_enrolment
from courses.services.founding import add_language, remove_language
from courses.services.publishing import composition_of, publish
from courses.spec import CourseTextSpec, LessonTextSpec, ModuleSpec
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import EnrolmentFactory, course_spec, lesson_spec

pytestmark = pytest.mark.django_db

HERE = "/author/courses/lending/details/"
OUT = f"{HERE}languages/es/remove/"


def spec_of():
    """Two lessons in English, one of them also in Spanish and French."""
    spec = course_spec(slug="lending", languages=("en", "es", "fr"))
    said = {each: CourseTextSpec(title=f"Course {each}", summary=f"Words {each}.") for each in spec.languages}
    first, second = (lesson_spec("text", uid, {"title": uid.title()}) for uid in ("one", "two"))
    more = {
        each: LessonTextSpec(f"One {each}", 5, {"body": f"Words {each}.\n", "source_format": "md"})
        for each in ("es", "fr")
    }
    return dataclasses.replace(
        spec,
        texts=said,
        modules=(ModuleSpec("part-one", {each: f"Part {each}" for each in spec.languages}),),
        lessons=(dataclasses.replace(first, texts={**first.texts, **more}), second),
    )


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner) -> Course:
    spec = spec_of()
    course = Course.objects.create(slug="lending", topic=spec.topic)
    drafts.save(course=course, spec=spec, media={}, actor=owner)
    course.editors.create(person=owner, role="owner")
    return course


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def test_the_page_asks_first_and_tells_what_goes_and_who_reads_it(client, course):
    publish(course=course, kind="minor", note="", actor=None)
    course.refresh_from_db()
    EnrolmentFactory(course=course, opened=True, language="es")
    page = client.get(OUT).content.decode()
    for said in (
        "Take español out of this course?",
        "What the course says of itself in it",
        "The title of 1 part",
        "The text of 1 lesson",
        '<li lang="es">One es</li>',
        "1 person reads this course in español now.",
        "Nothing is deleted.",
    ):
        assert said in page
    course.refresh_from_db()
    assert course.languages == ["en", "es", "fr"], "asking changes nothing"


def test_it_goes_and_undo_gives_the_very_same_draft(client, course):
    before = composition_of(course).hash
    answer = client.post(OUT)
    assert answer.headers["Location"] == f"{HERE}?removed=es&at=1#languages"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "español is out of the draft." in page
    course.refresh_from_db()
    assert course.languages == ["en", "fr"]
    spec = drafts.load(course)
    assert "es" not in spec.texts
    assert [set(lesson.texts) for lesson in spec.lessons] == [{"en", "fr"}, {"en"}]
    said = client.post(f"{HERE}languages/", {"language": "es", "at": "1"}, follow=True).content.decode()
    assert "The language is back, with everything that was written in it." in said
    course.refresh_from_db()
    assert course.languages == ["en", "es", "fr"]
    assert composition_of(course).hash == before


def test_what_was_taken_out_rests_and_can_be_put_back_any_time(client, course):
    client.post(OUT)
    page = client.get(HERE).content.decode()
    assert "Not in the course now" in page
    assert "is out of the draft" not in page, "that is said once"
    client.post(f"{HERE}languages/", {"language": "es"})
    assert "Not in the course now" not in client.get(HERE).content.decode()
    course.refresh_from_db()
    assert course.languages == ["en", "fr", "es"]
    assert drafts.load(course).lessons[0].texts["es"].title == "One es"


def test_editions_keep_it_and_the_next_one_is_without(client, course):
    edition = publish(course=course, kind="minor", note="", actor=None)
    client.post(OUT)
    assert set(edition.texts.values_list("language", flat=True)) == {"en", "es", "fr"}
    course.refresh_from_db()
    assert standing_of(course).changes
    second = publish(course=course, kind="minor", note="", actor=None)
    assert set(second.texts.values_list("language", flat=True)) == {"en", "fr"}


def test_readers_of_an_edition_notice_nothing_before_the_next_one(client, course):
    """Neither visitors who speak it, nor who chose it, nor who begins now."""
    publish(course=course, kind="minor", note="", actor=None)
    Course.objects.filter(pk=course.pk).update(audience="public")
    client.post(OUT)
    course.refresh_from_db()
    with translation.override("es"):
        read = reading_for(AnonymousUser(), "lending")
    assert (read.outline.by_uid["one"].title, read.wanted_language) == ("One es", "es")
    beginner = UserFactory(language="es")
    enrolment = open_enrolment(learner=beginner, course=course)
    assert enrolment.language == "es"
    assert choose_language(enrolment=enrolment, language="fr").language == "fr"
    assert choose_language(enrolment=enrolment, language="es").language == "es"
    with pytest.raises(InvalidInput):
        choose_language(enrolment=enrolment, language="de")
    reader = Client()
    reader.force_login(beginner)
    offered = reader.get("/courses/lending/").context["languages"]
    assert [code for code, _name in offered] == ["en", "es", "fr"]
    second = publish(course=course, kind="minor", note="", actor=None)
    Enrolment.objects.filter(pk=enrolment.pk).update(edition=second)
    shown = reader.get("/courses/lending/one/").context["player"]
    assert (shown.title, shown.language_missing) == ("One", True), "and is told so"
    with translation.override("es"):
        read = reading_for(AnonymousUser(), "lending")
    assert (read.outline.language, read.wanted_language) == ("en", "en"), "who has chosen nothing misses nothing"


def test_a_lesson_in_the_language_that_its_reader_chose_says_so(client, course):
    """The page around it is in another one: who listens to it would hear Spanish read as English."""
    publish(course=course, kind="minor", note="", actor=None)
    Course.objects.filter(pk=course.pk).update(audience="public")
    course.refresh_from_db()
    learner, reader = UserFactory(), Client()
    reader.force_login(learner)
    enrolment = open_enrolment(learner=learner, course=course)
    assert 'lang="es"' not in reader.get("/courses/lending/one/").content.decode().partition("<main")[2]
    choose_language(enrolment=enrolment, language="es")
    page = reader.get("/courses/lending/one/").content.decode()
    assert ('<h1 class="title" lang="es">' in page, '<div class="prose" lang="es">' in page) == (True, True)
    assert '<span lang="es">One es</span>' in reader.get("/courses/lending/").content.decode()
    editor = client.get("/author/courses/lending/lessons/one/?language=es").content.decode()
    assert editor.count('lang="es"') >= 2, "title and text, for whoever spells them"


def test_lists_and_the_api_tell_the_languages_of_the_edition_and_not_of_the_draft(client, course):
    publish(course=course, kind="minor", note="", actor=None)
    Course.objects.filter(pk=course.pk).update(audience="public")
    client.post(OUT)
    client.post(f"{HERE}languages/", {"language": "de"})
    course.refresh_from_db()
    assert course.languages == ["en", "fr", "de"]

    reader = Client()
    reader.force_login(UserFactory())
    [facet] = [each for each in reader.get("/courses/").context["facets"] if each["name"] == "language"]
    assert {each["value"]: each["count"] for each in facet["values"]} == {"en": 1, "es": 1, "fr": 1}
    assert reader.get("/courses/?language=es").context["found"].total == 1
    assert reader.get("/courses/?language=de").context["found"].total == 0
    [listed] = reader.get("/api/v1/courses/").json()["results"]
    assert listed["languages"] == ["en", "es", "fr"], "the first language first"
    assert reader.get("/api/v1/courses/lending/").json()["languages"] == ["en", "es", "fr"]
    sent = {"content_type": "application/json"}
    assert reader.post("/api/v1/enrolments/", {"course": "lending", "language": "de"}, **sent).status_code == 422
    assert reader.post("/api/v1/enrolments/", {"course": "lending", "language": "es"}, **sent).status_code == 201


def test_editions_from_before_learn_their_languages_from_their_texts(course):
    edition = publish(course=course, kind="minor", note="", actor=None)
    Edition.objects.update(languages=[])
    importlib.import_module("courses.migrations.0006_edition_languages").read_from_texts(apps, None)
    edition.refresh_from_db()
    assert edition.languages == ["en", "es", "fr"]


def test_the_first_language_stays(client, course):
    here = OUT.replace("/es/", "/en/")
    assert "It cannot be taken out." in client.get(here).content.decode()
    answer = client.post(here)
    assert answer.status_code == 422
    with pytest.raises(InvalidInput):
        remove_language(course=course, language="en")
    assert f'href="{here}"' not in client.get(HERE).content.decode()


def test_a_language_that_is_not_there_is_not_found_and_twice_is_once(client, course):
    assert client.get(OUT.replace("/es/", "/de/")).status_code == 404
    assert remove_language(course=course, language="es") == 1
    assert remove_language(course=course, language="es") == 2
    assert client.get(OUT).status_code == 404
    assert add_language(course=course, language="es", at=99).languages == ["en", "fr", "es"]
    remove_language(course=course, language="es")
    assert add_language(course=course, language="es", at=0).languages == ["en", "es", "fr"], "never the first"


def test_the_text_of_a_language_that_rests_is_not_written_on(client, course):
    page = reverse("courses:author_lesson", args=["lending", "one"])
    assert client.get(f"{page}?language=es").status_code == 200
    client.post(OUT)
    assert client.get(f"{page}?language=es").status_code == 404
    shown = client.get(page)
    assert [code for code, _name in shown.context["languages"]] == ["en", "fr"]


def test_replacing_the_draft_deletes_nothing_that_rests(course, owner):
    """A folder without a language, or without a lesson, leaves what was written in them."""
    spec = spec_of()
    without = dataclasses.replace(
        spec,
        languages=("en",),
        texts={"en": spec.texts["en"]},
        modules=(ModuleSpec("part-one", {"en": "Part en"}),),
        lessons=(dataclasses.replace(spec.lessons[1]),),
    )
    drafts.save(course=course, spec=without, media={}, actor=owner)
    assert LessonText.objects.filter(lesson__uid="one").count() == 3, "the archived lesson has its texts"
    assert set(CourseText.objects.filter(course=course).values_list("language", flat=True)) == {"en", "es", "fr"}
    assert ModuleText.objects.filter(module__course=course).count() == 3
    assert drafts.load(course).texts.keys() == {"en"}
    drafts.save(course=course, spec=spec, media={}, actor=owner)
    assert drafts.load(course) == spec


def test_a_translation_that_the_folder_no_longer_has_rests_with_its_history(client, course, owner):
    spec = spec_of()
    first = spec.lessons[0]
    spanish = LessonText.objects.select_related("lesson").get(lesson__uid="one", language="es")
    save_lesson(text=spanish, typed=Typed("Uno", 5, "Una tarde de trabajo.\n"), version=spanish.version, actor=owner)
    fewer = dataclasses.replace(first, texts={key: text for key, text in first.texts.items() if key != "es"})
    drafts.save(course=course, spec=dataclasses.replace(spec, lessons=(fewer, spec.lessons[1])), media={}, actor=owner)
    assert set(LessonText.objects.filter(lesson__uid="one").values_list("language", flat=True)) == {"en", "fr"}
    assert drafts.load(course).lessons[0].texts.keys() == {"en", "fr"}
    shown = {each.uid: each.languages for part in draft_outline(course) for each in part.lessons}
    assert shown == {"one": ("en", "fr"), "two": ("en",)}

    page = "/author/courses/lending/lessons/one/"
    assert client.get(f"{page}?language=es").status_code == 404
    assert "Put español back" in client.get(page).content.decode()
    said = client.post(f"{page}language/", {"language": "es"}, follow=True).content.decode()
    assert "What was written here is back, with its history." in said
    assert "Una tarde de trabajo." in said
    assert spanish.revisions.count() == 2
    assert "Put español back" not in client.get(page).content.decode()


def test_a_translation_that_rests_comes_back_with_the_folder_that_has_it_again(course, owner):
    spec = spec_of()
    first = spec.lessons[0]
    before = LessonText.objects.get(lesson__uid="one", language="es")
    fewer = dataclasses.replace(first, texts={key: text for key, text in first.texts.items() if key != "es"})
    for _again in range(2):
        drafts.save(
            course=course, spec=dataclasses.replace(spec, lessons=(fewer, spec.lessons[1])), media={}, actor=owner
        )
    assert not LessonText.objects.filter(pk=before.pk).exists()
    drafts.save(course=course, spec=spec, media={}, actor=owner)
    assert LessonText.objects.get(lesson__uid="one", language="es").pk == before.pk
    assert drafts.load(course) == spec


def test_what_rests_keeps_the_files_that_it_shows(course, owner):
    spec = spec_of()
    first = spec.lessons[0]
    shows = dataclasses.replace(first.texts["es"], content={"body": "![Uno](media/uno.png)\n", "source_format": "md"})
    spec = dataclasses.replace(
        spec, lessons=(dataclasses.replace(first, texts={**first.texts, "es": shows}), spec.lessons[1])
    )
    media = {"uno.png": MediaFile.objects.create(sha256="a" * 64, size=1, type="image/png")}
    drafts.save(course=course, spec=spec, media=media, actor=owner)
    english = dataclasses.replace(first, texts={"en": first.texts["en"]})
    drafts.save(
        course=course, spec=dataclasses.replace(spec, lessons=(english, spec.lessons[1])), media={}, actor=owner
    )
    assert drafts.media_of(course).keys() == {"uno.png"}, "a text that rests"
    drafts.save(course=course, spec=spec, media=media, actor=owner)
    remove_language(course=course, language="es")
    course.refresh_from_db()
    drafts.save(course=course, spec=drafts.load(course), media={}, actor=owner)
    assert drafts.media_of(course).keys() == {"uno.png"}, "a language that rests"


def test_a_language_that_was_added_asks_for_the_titles_of_the_parts_and_then_it_can_be_published(client, course):
    client.post(f"{HERE}languages/", {"language": "de"})
    page = client.get(f"{HERE}?language=de")
    assert [(field.name, field.label) for field in page.context["parts"]] == [("part-part-one", "Part en")]
    assert client.get(HERE).context["parts"] == [], "in the first language they are renamed in the outline"
    course.refresh_from_db()
    assert "has no title in “de”" in str([fault.sentence for fault in drafts.complete(course).faults])
    values = {field.name: field.value() for field in page.context["form"]}
    values |= {"title": "Leihen", "summary": "Ein Kurs.", "part-part-one": "  Teil eins ", "part-gone": "x"}
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    assert client.post(f"{HERE}?language=de", sent).status_code == 302
    course.refresh_from_db()
    assert drafts.load(course).modules[0].titles["de"] == "Teil eins"
    assert drafts.complete(course).faults == []
    assert client.post(f"{HERE}?language=de", sent).status_code == 409, "somebody who knew it as it was before"
    sent |= {"version": course.version, "part-part-one": ""}
    client.post(f"{HERE}?language=de", sent)
    course.refresh_from_db()
    assert "de" not in drafts.load(course).modules[0].titles
