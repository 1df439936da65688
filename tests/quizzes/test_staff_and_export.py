"""Staff read the evidence; a person gets their own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import personal_data
from quizzes.services.grading import finish
from tests.factories.quizzes import answer_all, publish_quiz, start_attempt
from tests.support import count_queries

pytestmark = pytest.mark.django_db
MODELS = list(apps.get_app_config("quizzes").get_models())


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:quizzes_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_evidence_is_read_and_not_changed(
    model: Any, site_admin: User, trainee: User, client_of: Callable[[User], Client]
):
    attempt = start_attempt(trainee, publish_quiz())
    answer_all(attempt)
    finish(attempt=attempt)
    staff = client_of(site_admin)
    row = model.objects.first()

    assert model in admin.site._registry
    assert staff.get(address(model, "changelist")).status_code == 200
    assert staff.get(address(model, "change", row.pk)).status_code == 200
    for page, args in (("add", ()), ("delete", (row.pk,))):
        assert staff.post(address(model, page, *args)).status_code == 403
    assert staff.post(address(model, "change", row.pk), {}).status_code == 403


def test_the_export_holds_ones_own_attempts_only(trainee: User, supervisor: User):
    course = publish_quiz()
    for person in (trainee, supervisor):
        attempt = start_attempt(person, course)
        answer_all(attempt)
        finish(attempt=attempt)
    start_attempt(trainee, course)
    first, second = personal_data.export_of(trainee)["quizzes"]

    assert (first["course"], first["percent"], second["percent"]) == (course.slug, 100, None)
    assert first["answers"][0] == {"question": "What about Q-1?", "answer": "b"}
    assert second["answers"][0]["answer"] is None


def test_the_export_takes_no_more_statements_for_more_attempts(trainee: User):
    def count(attempts: int) -> int:
        course = publish_quiz()
        for _attempt in range(attempts):
            finish(attempt=start_attempt(trainee, course))
        part = next(part for part in personal_data.parts() if part.name == "quizzes")
        return count_queries(lambda: part.export(trainee))

    assert count(1) == count(4)
