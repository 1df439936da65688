"""What readers ask all day is written out once: a query that Django makes anew costs more than its answer."""

import json

import pytest
from django.db.models.sql.compiler import SQLCompiler

from courses.models import EditionMedia
from tests.courses.films import film_course
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(client_of, tmp_path, settings):
    """The addresses of a course that somebody has begun, each asked for once, with what it takes to ask again."""
    settings.MEDIA_ACCEL_PREFIX = "/_media/"
    film_course(tmp_path / "in", slug="cinema")
    learner = UserFactory()
    client = client_of(learner)
    client.post("/courses/cinema/film/do/opened/")
    film = f"/courses/cinema/media/{EditionMedia.objects.get(name='film.mp4').media.sha256}/film.mp4"
    given = {"session": "session-0001", "seq": 1, "spans": [[0, 2000]], "position_ms": 2000}

    def ask(what):
        if what == "beat":
            address = "/courses/cinema/film/do/beat/"
            return client.post(address, json.dumps(given), content_type="application/json")
        return client.get(
            {"catalogue": "/courses/", "lesson": "/courses/cinema/film/", "piece of the film": film}[what]
        )

    return ask


@pytest.mark.parametrize("what", ["catalogue", "lesson", "piece of the film", "beat"])
def test_what_is_asked_again_makes_no_query(asked, monkeypatch, what):
    assert asked(what).status_code in (200, 204)
    made = []
    write = SQLCompiler.as_sql

    def noted(self, *args, **kwargs):
        made.append(self.query.model.__name__)
        return write(self, *args, **kwargs)

    monkeypatch.setattr(SQLCompiler, "as_sql", noted)
    asked(what)

    assert [name for name in made if name != "Session"] == []  # without Redis the session is a row
