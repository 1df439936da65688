"""Every address, tried as every role; and the proof that the doors are what keeps people out."""

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse

from core import compiled
from tests.doors.matrix import ROWS, Row
from tests.doors.world import OWN, ROLES, World, outcome, own_routes, world

__all__ = ["world"]


def tried(world: World, row: Row, role: str) -> str:
    """The letter that ``role`` gets; whatever the request changed is taken back."""
    client = world.client(role)
    url = reverse(row.route, kwargs=row.arguments(world))
    data = row.data(world) if callable(row.data) else row.data
    with transaction.atomic():
        options = {"content_type": "application/json"} if row.method == "post" and ":" not in row.route else {}
        response = getattr(client, row.method)(url, data, **options)
        transaction.set_rollback(True)
    if response.streaming:
        list(response.streaming_content)  # read to its end, so that its file is closed
    return outcome(response, shows=row.shows)


def test_every_route_states_who_may_use_it():
    assert sorted({row.route for row in ROWS}) == own_routes()


def deviations(world: World, rows: list[Row], roles: Iterable[str] = ROLES) -> Iterator[str]:
    """Where somebody gets another letter than the table's."""
    for row in rows:
        for role in roles:
            letter, expected = tried(world, row, role), row.expect[ROLES.index(role)]
            if letter != expected:
                yield f"{row.method} {row.route} as {role}: {letter}, not {expected}"


def test_each_role_gets_what_the_table_says(world):
    assert list(deviations(world, ROWS)) == []


DOORS = [
    (model, name)
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label)
    if model._meta.app_label in OWN
    for name in ("visible_to", "listed_for", "editable_by", "managed_by", "manageable_by", "led_by")
    if hasattr(model._default_manager.get_queryset(), name)
]


# Which addresses notice first, where the name of the model does not say it: by model, or by model and rule.
FIRST = {
    "Assignment.manageable_by": ("progress:withdraw", "progress:change_date"),
    "Course.editable_by": ("courses:author_publish", "courses:author_folder"),
    "Course.listed_for": ("api-courses-list",),
    "Course.manageable_by": ("courses:author_review_by", "courses:author_people", "courses:author_archive"),
    "LibraryItem": ("courses:author_library", "courses:library"),
    "MediaJob": ("courses:author_jobs", "courses:author_job_cancel"),
    "PracticeCase": ("quizzes:practice_engine", "quizzes:practice_start_case"),
    "PracticeRun": ("quizzes:practice_run",),
    "Question.editable_by": ("quizzes_author:question",),
    "QuestionImport": ("quizzes_author:import",),
    "Review": ("courses:author_review_one",),
    "ReviewCard": ("review:one",),
    "SharedCase.editable_by": ("quizzes_author:case_withdraw",),
    "SharedCase.visible_to": ("quizzes_author:shared_case", "quizzes_author:cases"),
    "SlideDeck": ("courses:author_all_decks", "courses:author_deck"),
    "User": ("progress:person", "api-people-detail"),
}


@pytest.mark.parametrize(("model", "name"), DOORS, ids=lambda part: getattr(part, "__name__", part))
def test_a_door_taken_off_its_hinges_is_noticed(world, monkeypatch, request, model, name):
    """Each rule of who sees what, removed alone, must make the table fail: else no test would miss it."""
    request.addfinalizer(compiled.forget)  # written without the rule, it would stay so for the tests that follow
    compiled.forget()
    monkeypatch.setattr(type(model._default_manager.get_queryset()), name, lambda self, user: self.all())
    label, called = model._meta.app_label, model._meta.model_name
    first = FIRST.get(f"{model.__name__}.{name}", FIRST.get(model.__name__, ()))
    # Where it will show first: addresses known for it, then those that are called after it, then those of its app.
    touched = sorted(
        ROWS,
        key=lambda row: (
            row.route not in first,
            called not in row.route,
            not row.route.startswith(label),
        ),
    )
    assert next(deviations(world, touched, ("stranger", "trainee", "supervisor")), "") != ""
