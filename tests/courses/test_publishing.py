"""Publishing: numbers, hashes, revs, previews."""

import pytest

from tests.factories.courses import publish_course

pytestmark = pytest.mark.django_db


def test_a_published_course_has_an_edition_with_rendered_parts():
    course = publish_course(lessons=[("text", "one", {"body": "Hello *there*.\n"}), ("text", "two", {})])
    edition = course.current_edition
    assert edition.number == 1
    assert [lesson.uid for lesson in edition.lessons.all()] == ["one", "two"]
    part = edition.lessons.get(uid="one").texts.get().part
    assert part.rendered["segments"] == [{"html": "<p>Hello <em>there</em>.</p>\n"}]
    assert edition.texts.get().part.rendered["summaries"] == {"one": "Text", "two": "Text"}
