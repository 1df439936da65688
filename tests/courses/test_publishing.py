"""Publishing: numbers, hashes, previews, statements."""

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from core.errors import InvalidInput
from courses import markup
from courses.models import Course, Edition, EditionKind, EditionMedia, EditionPart
from courses.services import drafts
from courses.services.importing import import_folder
from courses.services.publishing import preview_of_the_sound, publish, publish_preview
from courses.spec import ModuleSpec
from quizzes.models import Question
from tests.courses.folders import write_sample
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import course_spec, draft_course, publish_course
from tests.factories.questions import library_bank, question_in
from tests.factories.quizzes import multi, single
from tests.support import count_queries

pytestmark = pytest.mark.django_db


def test_a_published_course_has_an_edition_with_rendered_parts():
    course = publish_course(lessons=[("text", "one", {"body": "Hello *there*.\n"}), ("text", "two", {"minutes": 7})])
    edition = course.current_edition
    assert edition.number == 1
    assert [lesson.uid for lesson in edition.lessons.all()] == ["one", "two"]
    part = edition.lessons.get(uid="one").texts.get().part
    assert part.rendered["segments"] == [{"html": "<p>Hello <em>there</em>.</p>\n"}]
    text = edition.texts.get()
    assert text.part.rendered["summaries"] == {"one": "Text", "two": "Text"}
    assert (text.minutes, text.lesson_count) == (12, 2)


def test_the_hash_is_over_content_and_nothing_else():
    first = publish_course(slug="one", title="Same").current_edition
    second = publish_course(slug="two", title="Same", code="ONE", audience="organisation", note="Other").current_edition
    assert first.hash == second.hash
    assert EditionPart.objects.count() == 2
    for changed in ({"title": "Other"}, {"licence": "CC0"}, {"level": "advanced"}, {"checked_on": "2026-01-01"}):
        given = {"title": "Same", "code": "ONE", **changed}
        assert publish_course(slug=f"changed-{next(iter(changed))}", **given).current_edition.hash != first.hash


def test_sources_hold_no_floats_ids_dates_or_numbers_of_editions():
    edition = publish_course().current_edition
    for part in EditionPart.objects.all():
        text = json.dumps(json.loads(part.source))
        assert str(edition.published_at.year) not in text
        assert '"number"' not in text
        assert '"rev"' not in text


def test_parts_that_stay_are_shared_between_editions():
    lessons = [("text", f"lesson-{number}", {}) for number in range(4)]
    publish_course(slug="shared", lessons=lessons)
    before = set(EditionPart.objects.values_list("hash", flat=True))
    publish_course(slug="shared", lessons=[*lessons[:3], ("text", "lesson-3", {"body": "New.\n"})])
    assert len(set(EditionPart.objects.values_list("hash", flat=True)) - before) == 2  # the lesson and the outline


def test_numbers_rise_by_one_and_publishing_twice_is_refused():
    course = publish_course(slug="twice")
    with pytest.raises(InvalidInput, match="Nothing has changed since edition 1"):
        publish(course=course, kind="minor", note="", actor=None)
    publish_course(slug="twice", title="Other")
    assert list(course.editions.order_by("number").values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize("kind", ["preview", "", "nonsense"])
def test_an_edition_is_minor_refresh_or_redo(kind):
    with pytest.raises(InvalidInput):
        publish(course=draft_course(), kind=kind, note="", actor=None)


@pytest.mark.parametrize(
    ("lesson", "said"),
    [
        (("text", "one", {"body": "<b>raw</b>"}), "raw HTML"),
        (("dance", "one", {}), "unknown kind “dance”"),
        (("text", "one", {"rule": {"opens_after": ["gone"]}}), "opens_after names “gone”"),
        (("text", "one", {"rule": {"pass_mark": 50}}), "“pass_mark” is not known here"),
        (("text", "one", {"body": "![](media/x.png)"}), "“media/x.png” is not there"),
    ],
)
def test_a_draft_with_faults_is_not_published(lesson, said):
    course = draft_course(lessons=[lesson])
    with pytest.raises(InvalidInput, match=said):
        publish(course=course, kind="minor", note="", actor=None)
    with pytest.raises(InvalidInput, match=said):
        publish_preview(course=course, actor=UserFactory())
    assert not Edition.objects.exists()


def test_a_course_without_lessons_is_not_published():
    with pytest.raises(InvalidInput, match="no lesson"):
        publish(course=draft_course(lessons=[]), kind="minor", note="", actor=None)


def test_an_older_edition_comes_back_with_its_hash_and_a_new_number():
    first = publish_course(slug="back").current_edition
    course = publish_course(slug="back", title="Other")
    draft = drafts.load(course)
    again = publish(course=course, kind="minor", note="Back", actor=None, source_edition=first)
    assert (again.number, again.hash) == (3, first.hash)
    assert drafts.load(course) == draft
    assert again.texts.get().title == first.texts.get().title


def test_a_preview_is_given_again_until_the_draft_changes():
    person = UserFactory()
    course = publish_course(slug="look")
    first = publish_preview(course=course, actor=person)
    assert publish_preview(course=course, actor=person) == first
    assert (first.kind, first.number) == (EditionKind.PREVIEW, None)
    assert len(first.token) >= 32
    draft_course(slug="look", title="Other")
    second = publish_preview(course=course, actor=person)
    assert second.token != first.token
    course.refresh_from_db()
    assert course.current_edition.number == 1
    assert Edition.objects.published().count() == 1


def test_media_of_an_edition_are_held_with_it(tmp_path):
    course = import_folder(path=write_sample(tmp_path), actor=None).course
    edition = publish(course=course, kind="minor", note="", actor=None)
    assert set(EditionMedia.objects.filter(edition=edition).values_list("name", flat=True)) == {
        "dot.png",
        "film.mp4",
        "film.en.vtt",
    }


def test_statements_do_not_depend_on_the_number_of_lessons():
    def statements(slug: str, lessons: int) -> int:
        course = draft_course(slug=slug, lessons=[("text", f"lesson-{number}", {}) for number in range(lessons)])
        return count_queries(lambda: publish(course=course, kind="minor", note="", actor=None))

    few, many = statements("few", 2), statements("many", 50)
    assert many == few
    assert many < 100


def test_a_first_edition_files_the_questions_of_all_its_quizzes_at_once():
    def statements(slug: str, quizzes: int) -> int:
        lessons = [
            ("quiz", f"quiz-{number}", {"questions": [single(f"{slug}-{number}"), multi(f"{slug}-{number}-b")]})
            for number in range(quizzes)
        ]
        course = draft_course(slug=slug, lessons=lessons)
        return count_queries(lambda: publish(course=course, kind="minor", note="", actor=None))

    assert statements("many", 20) == statements("few", 1) < 60


def test_few_changes_of_a_long_course_write_only_what_changed():
    """Two hundred lessons, quizzes among them: the next edition renders and files only what it says anew."""
    quizzes = [("quiz", f"quiz-{number}", {"questions": [single(f"Q-{number}")]}) for number in range(20)]
    texts = [("text", f"lesson-{number}", {}) for number in range(180)]
    course = draft_course(slug="long", lessons=[*texts, *quizzes])
    assert count_queries(lambda: publish(course=course, kind="minor", note="", actor=None)) < 100
    parts = EditionPart.objects.count()
    draft_course(slug="long", lessons=[("text", "lesson-0", {"body": "New.\n"}), *texts[1:], *quizzes])
    taken = count_queries(lambda: publish(course=course, kind="refresh", note="", actor=None))
    assert taken < 60
    assert EditionPart.objects.count() == parts + 2


def test_what_is_not_ready_holds_an_edition_back_and_no_preview():
    course = draft_course(slug="waiting")
    course.lessons.update(ready=False)
    with pytest.raises(InvalidInput, match="Not ready yet, say their authors: “Lesson first-lesson”"):
        publish(course=course, kind="minor", note="", actor=None)
    assert publish_preview(course=course, actor=UserFactory()).lessons.count() == 1


def test_a_preview_shows_what_is_sound_and_names_the_rest():
    lessons = [
        ("text", "good", {"rule": {"opens_after": ["bad"]}}),
        ("text", "bad", {"body": "<b>raw</b>"}),
    ]
    course = draft_course(lessons=lessons)
    edition, left_out = preview_of_the_sound(course=course, actor=UserFactory())
    assert left_out == ["bad"]
    assert [(lesson.uid, lesson.rule) for lesson in edition.lessons.all()] == [("good", {})]


def test_what_only_lacks_something_is_shown_in_a_preview():
    course = draft_course(lessons=[("text", "one", {}), ("video", "film", {"video": {}})])
    with pytest.raises(InvalidInput):
        publish(course=course, kind="minor", note="", actor=None)
    edition, left_out = preview_of_the_sound(course=course, actor=UserFactory())
    assert (left_out, edition.lessons.count()) == ([], 2)


def test_many_quizzes_that_ask_from_a_bank_are_looked_up_together():
    library = OrganisationFactory()
    bank = library_bank(library, audience="public")
    for number in range(6):
        question_in(bank, single(f"B-{number}"), ready=True)
    pick = {"bank": bank.slug, "uid": "B-1"}

    def looked_up(slug: str, number: int) -> int:
        quiz = {"questions": [], "picks": [pick], "draws": [{"bank": bank.slug, "draw": 2}]}
        lessons = [("quiz", f"quiz-{each}", quiz) for each in range(number)]
        course = draft_course(slug=slug, lessons=lessons, organisation=library)
        found = []
        taken = count_queries(lambda: found.append(drafts.complete(course)))
        assert found[0].faults == []
        assert [len(lesson.texts["en"].content["questions"]) for lesson in found[0].spec.lessons] == [6] * number
        return taken

    assert looked_up("few-quizzes", 2) == looked_up("many-quizzes", 12)


def test_a_preview_of_nothing_sound_is_refused():
    course = draft_course(lessons=[("text", "bad", {"body": "<b>raw</b>"})])
    with pytest.raises(InvalidInput, match="raw HTML"):
        preview_of_the_sound(course=course, actor=UserFactory())
    assert not Edition.objects.exists()


def test_saving_a_draft_takes_a_bounded_number_of_statements():
    def statements(lessons: int) -> int:
        spec = course_spec(slug=f"draft-{lessons}", lessons=[("text", f"l-{each}", {}) for each in range(lessons)])
        course = Course.objects.create(slug=spec.slug, topic=spec.topic)
        return count_queries(lambda: drafts.save(course=course, spec=spec, media={}, actor=None))

    assert statements(40) == statements(2)


def test_a_draft_row_that_stays_keeps_its_version():
    lessons = [("text", "one", {"body": "A.\n"}), ("text", "two", {"body": "B.\n"})]
    course = draft_course(slug="versions", lessons=lessons)
    draft_course(slug="versions", lessons=[lessons[0], ("text", "two", {"body": "C.\n"})])
    versions = {text.lesson.uid: text.version for lesson in course.lessons.all() for text in lesson.texts.all()}
    assert versions == {"one": 1, "two": 2}


def test_lessons_and_parts_that_are_gone_leave_the_draft():
    course = draft_course(slug="gone", lessons=[("text", "one", {}), ("text", "two", {})])
    draft_course(slug="gone", lessons=[("text", "two", {}), ("text", "three", {})])
    assert [lesson.uid for lesson in course.lessons.all()] == ["two", "three"]
    assert course.modules.count() == 1


def test_a_lesson_and_its_part_come_back_into_the_draft():
    course = draft_course(slug="back-in", lessons=[("text", "one", {}), ("text", "two", {})])
    whole = drafts.load(course)
    other = {"modules": (ModuleSpec(uid="part-two", titles={"en": "Part two"}),)}
    draft_course(slug="back-in", lessons=[], **other)
    assert not drafts.load(course).lessons
    draft_course(slug="back-in", lessons=[("text", "one", {}), ("text", "two", {})])
    assert drafts.load(course) == whole


def test_rendering_again_changes_html_and_no_hash(monkeypatch, capsys):
    course = publish_course(lessons=[("text", "one", {"body": "Hello.\n"})])
    part = course.current_edition.lessons.get().texts.get().part
    EditionPart.objects.update(rendered={}, render_version=0)
    call_command("rerender_editions")
    assert capsys.readouterr().out == "2 part(s) rendered\n"
    part.refresh_from_db()
    assert part.rendered["segments"] == [{"html": "<p>Hello.</p>\n"}]
    assert part.render_version == markup.RENDER_VERSION
    assert course.current_edition.texts.get().part.rendered["summaries"] == {"one": "Text"}
    call_command("rerender_editions")
    assert capsys.readouterr().out == "0 part(s) rendered\n"
    call_command("rerender_editions", "--all")
    assert capsys.readouterr().out == "2 part(s) rendered\n"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_publishing_by_several_at_once_makes_one_edition():
    course = draft_course(slug="race")

    def attempt(_number: int) -> str:
        try:
            return f"edition {publish(course=course, kind='minor', note='', actor=None).number}"
        except InvalidInput as problem:
            return str(problem)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(attempt, range(4)))
    assert answers == ["Nothing has changed since edition 1."] * 3 + ["edition 1"]
    assert Edition.objects.count() == 1


def test_the_languages_of_a_quiz_are_versions_of_the_same_questions():
    spec = course_spec(slug="both", lessons=[("quiz", "quiz", {"questions": [single("Q-1")]})])
    lesson, english = spec.lessons[0], spec.lessons[0].texts["en"]
    content = {**english.content, "questions": [single("Q-1", stem="¿Qué haces?")]}
    lesson = dataclasses.replace(lesson, texts={"en": english, "es": dataclasses.replace(english, content=content)})
    texts = {"en": spec.texts["en"], "es": spec.texts["en"]}
    modules = tuple(dataclasses.replace(each, titles={**each.titles, "es": "Parte"}) for each in spec.modules)
    spec = dataclasses.replace(spec, languages=("en", "es"), lessons=(lesson,), texts=texts, modules=modules)
    course = Course.objects.create(slug="both", audience="public", topic="borrowing")
    drafts.save(course=course, spec=spec, media={}, actor=None)
    publish(course=course, kind="minor", note="", actor=None)
    question = Question.objects.get(uid="Q-1")
    kept = question.versions.order_by("number").values_list("number", "language", "content__stem")
    assert list(kept) == [(1, "en", single("Q-1")["stem"]), (2, "es", "¿Qué haces?")]
    assert question.ready.number == 1, "the bank says it in the language that it was written in first"
