"""Whose pictures and films are: from the draft into the edition, before readers, and back into a folder."""

import json

import pytest
from django.urls import reverse

from courses.access import forget_kept
from courses.crediting import licence_name
from courses.models import Course, CourseMedia, EditionLesson, EditionLessonText, EditionText
from courses.services import differing, drafts
from courses.services.comparing import side_of_draft, side_of_edition, standing_of
from courses.services.exporting import export_folder
from courses.services.importing import import_folder
from courses.services.publishing import publish
from courses.services.restoring import mark_of, restore_draft
from courses.templatetags.lessons import linked
from tests.courses.folders import COURSE, FILM, write_sample
from tests.factories.accounts import UserFactory
from tests.support import count_queries

pytestmark = pytest.mark.django_db

ROSA = "Rosa Delgado, https://example.org/dot"
KNOWN = f"""\
media:
  dot.png: {{licence: CC-BY-SA-4.0, source: "{ROSA}"}}
  film.mp4: {{licence: CC0-1.0}}
"""


@pytest.fixture
def course(tmp_path) -> Course:
    open_film = FILM.replace("rule: {opens_after: [hello]}\n", "")
    files = {"course.yaml": COURSE + KNOWN, "lessons/film.md": open_film}
    return import_folder(path=write_sample(tmp_path / "in", **files), actor=None).course


def published(course: Course, kind: str = "minor") -> Course:
    publish(course=course, kind=kind, note="", actor=None)
    course.refresh_from_db()
    return course


def page(client, uid: str) -> str:
    return client.get(reverse("courses:lesson", args=["sample", uid])).content.decode()


def credit(course: Course, name: str, **said: str) -> None:
    CourseMedia.objects.filter(course=course, name=name).update(**said)


def test_readers_see_whose_a_picture_and_a_film_are_where_they_are_used(course, client):
    published(course)
    hello, film = page(client, "hello"), page(client, "film")
    link = '<a href="https://example.org/dot" rel="noopener nofollow">https://example.org/dot</a>'
    assert f"<li>Picture “A dot”: Rosa Delgado, {link}, CC BY-SA 4.0</li>" in hello
    assert "CC0" not in hello
    assert "<li>Video: CC0 1.0</li>" in film
    assert "Rosa Delgado" not in film


def test_files_of_which_the_same_is_said_share_a_line(course, client):
    for name in ("film.mp4", "film.en.vtt"):
        credit(course, name, licence="CC0-1.0", source="Sam Okoro")
    published(course)
    assert "<li>Video, Captions: Sam Okoro, CC0 1.0</li>" in page(client, "film")


def test_a_lesson_whose_files_say_nothing_has_no_credits(course, client):
    CourseMedia.objects.filter(course=course).update(licence="", source="")
    published(course)
    assert 'id="credits"' not in page(client, "hello")


def test_what_is_said_of_a_file_is_shown_as_text(course, client):
    credit(course, "dot.png", source="<b>Rosa</b> (https://example.org/a?b=1&c=2).")
    published(course)
    shown = page(client, "hello")
    assert "&lt;b&gt;Rosa&lt;/b&gt; (<a " in shown
    assert 'href="https://example.org/a?b=1&amp;c=2"' in shown


def test_credits_send_no_statement(course, client):
    def statements() -> int:
        forget_kept()
        return count_queries(lambda: page(client, "hello"))

    published(course)
    page(client, "hello")
    with_credits = statements()
    CourseMedia.objects.filter(course=course).update(licence="", source="")
    published(course)
    assert statements() == with_credits


def test_a_course_whose_files_say_nothing_has_the_outline_it_always_had(course):
    CourseMedia.objects.filter(course=course).update(licence="", source="")
    text = EditionText.objects.get(edition=published(course).current_edition)
    assert all("media" not in entry for entry in json.loads(text.part.source)["lessons"])
    assert "file_credits" not in text.part.rendered


def test_a_credit_alone_is_a_new_edition_and_asks_nothing_of_learners_again(course):
    first = published(course).current_edition
    credit(course, "dot.png", source="Tomás Vidal")
    assert standing_of(course).changes == ["The credits of files have changed."]
    compared = differing.compare(side_of_edition(first), side_of_draft(course))
    assert [change.place for change in compared.about] == ["Credits of files"]
    second = published(course, "refresh").current_edition
    assert second.hash != first.hash
    parts = [
        list(EditionLessonText.objects.filter(edition_lesson__edition=each).values_list("part", flat=True))
        for each in (first, second)
    ]
    assert parts[0] == parts[1]
    assert set(EditionLesson.objects.filter(edition=second).values_list("rev", flat=True)) == {1}


def test_what_is_said_of_a_file_that_no_lesson_uses_changes_no_edition(course):
    first = published(course).current_edition
    file = CourseMedia.objects.get(course=course, name="dot.png").media
    CourseMedia.objects.create(course=course, media=file, name="spare.png", source="Rosa Delgado")
    assert standing_of(course).changes == []
    assert first == course.current_edition


def test_an_edition_gives_its_own_credits_into_its_folder_and_back(course, tmp_path):
    first = published(course).current_edition
    credit(course, "dot.png", source="Somebody else")
    export_folder(course=course, into=tmp_path / "out", edition=first)
    assert f"source: {ROSA}" in (tmp_path / "out" / "course.yaml").read_text()
    Course.objects.filter(pk=course.pk).update(slug="elsewhere")
    again = import_folder(path=tmp_path / "out", actor=None).course
    assert published(again).current_edition.hash == first.hash


def test_a_draft_that_becomes_an_edition_again_has_its_credits(course):
    first = published(course).current_edition
    credit(course, "dot.png", licence="", source="Somebody else")
    credit(course, "film.en.vtt", source="Ines Duarte")
    restore_draft(course=course, edition=first, actor=UserFactory(), seen=mark_of(course))
    said = drafts.credited_of(course)
    assert said["dot.png"] == ("CC-BY-SA-4.0", ROSA)
    assert said["film.en.vtt"] == ("", "Ines Duarte"), "of which the edition says nothing"


def test_readers_of_another_language_see_the_credits_of_what_they_get(tmp_path, client):
    spoken = COURSE.replace("[en]", "[en, es]").replace(
        "modules:", "  es:\n    title: Muestra\n    summary: Un curso.\nmodules:"
    )
    spoken = spoken.replace("{en: Part one}", "{en: Part one, es: Parte uno}")
    spanish = "---\ntitle: Hola\nminutes: 5\n---\n\n![Un punto](media/dot.png)\n"
    files = {"course.yaml": spoken + KNOWN, "lessons/hello.es.md": spanish}
    course = published(import_folder(path=write_sample(tmp_path / "in", **files), actor=None).course)
    (outline,) = EditionText.objects.filter(edition=course.current_edition, language="es")
    credits_said = outline.part.rendered["file_credits"]
    assert [row["words"] for row in credits_said["hello"]] == ["Un punto"]
    assert [row["licence"] for row in credits_said["film"]] == ["CC0-1.0"]


def test_an_author_sees_the_credits_beside_the_draft(course, client):
    owner = UserFactory(is_superuser=True)
    client.force_login(owner)
    looking = client.get(reverse("courses:author_look", args=["sample", "hello"]))
    assert "Rosa Delgado" in looking.content.decode()


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("CC-BY-4.0", "CC BY 4.0"),
        ("CC-BY-NC-SA-3.0", "CC BY-NC-SA 3.0"),
        ("CC0-1.0", "CC0 1.0"),
        ("CC0", "CC0"),
        ("MIT", "MIT"),
        ("", ""),
    ],
)
def test_licences_are_named_as_people_write_them(kept, said):
    assert licence_name(kept) == said


def test_only_whole_addresses_become_links():
    assert linked("See example.org, or javascript:alert(1)") == "See example.org, or javascript:alert(1)"
    assert linked("https://example.org/x.").endswith("</a>.")
