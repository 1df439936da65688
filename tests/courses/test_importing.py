"""Importing course folders."""

from pathlib import Path

import pytest
from django.core.management import call_command

from courses.models import Course, Edition
from courses.services.importing import import_folder
from courses.services.publishing import publish

pytestmark = pytest.mark.django_db

STARTER = Path(__file__).parents[2] / "media" / "courses" / "ill-borrowing-101"


def test_the_starter_course_is_imported_and_published(capsys):
    call_command("import_course", str(STARTER), "--publish", "--kind", "minor", "--note", "First edition")
    course = Course.objects.get(slug="ill-borrowing-101")
    assert course.current_edition.number == 1
    assert course.current_edition.lessons.count() == course.lessons.count() > 5
    assert "published edition 1" in capsys.readouterr().out


def test_a_second_import_changes_nothing():
    first = import_folder(path=STARTER, actor=None)
    versions = list(first.course.lessons.values_list("uid", "version"))
    second = import_folder(path=STARTER, actor=None)
    assert (first.changed, second.changed) == (True, False)
    assert list(second.course.lessons.values_list("uid", "version")) == versions
    publish(course=first.course, kind="minor", note="", actor=None)
    call_command("import_course", str(STARTER), "--publish")
    assert Edition.objects.count() == 1
