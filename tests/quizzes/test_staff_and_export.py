"""Staff read the evidence; a person gets their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core import personal_data
from courses.jobs import collect_media
from courses.models import MediaFile
from quizzes import models
from quizzes.services import reviewing
from quizzes.services.answering import save_answer
from quizzes.services.grading import finish
from quizzes.services.granting import give_extra_time
from quizzes.services.marking import mark
from tests.factories.practice import LESSON, begin, errands, play_all, publish_practice
from tests.factories.quizzes import (
    answer_all,
    essay,
    picture_of,
    publish_quiz,
    single,
    slots_of,
    start_attempt,
)
from tests.factories.review import card_of
from tests.support import count_queries

pytestmark = pytest.mark.django_db
LOOKED_AFTER = {models.Bank, models.QuestionComment}
MODELS = list(apps.get_app_config("quizzes").get_models())


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:quizzes_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def evidence(trainee: User, instructor: User, tmp_path: Path, small_engines: None) -> None:
    """A row of everything that quizzes keep."""
    course = publish_quiz(questions=[single(), essay()])
    attempt = start_attempt(trainee, course)
    first, text = slots_of(attempt)
    for slot, answer in ((first, "b"), (text, "My text.")):
        save_answer(slot=slot, answer=answer, client_id="laptop", seq=1)
    models.Try.objects.create(slot=first, number=1, answer="b", fraction=1)
    finish(attempt=attempt)
    mark(slot=text, levels={"facts": "l2", "tone": "l3"}, comment="Well said.", marker=instructor)
    give_extra_time(course=course, learner=trainee, percent=50, by=instructor)
    one, other = models.Question.objects.order_by("pk")
    models.QuestionTag.objects.create(question=one, name="loans")
    models.QuestionComment.objects.create(question=one, author=instructor, text="Clear.")
    models.KnownToDiffer.objects.create(first=one, second=other, by=instructor)
    [file] = picture_of(tmp_path).values()
    models.QuestionFile.objects.create(version=one.ready, media=file, name="shelf.png")
    regrade = models.Regrade.objects.create(course=course, question=one, version=one.ready, by=instructor)
    change = {"before": 0, "after": 100, "passed_before": False, "passed_after": True}
    models.RegradeChange.objects.create(regrade=regrade, attempt=attempt, **change)
    models.ExtraAttempt.objects.create(
        enrolment=attempt.enrolment, lesson_uid=attempt.lesson_uid, number=1, reason="A power cut.", given_by=instructor
    )
    models.Analysis.objects.create(key="key", course=course, lesson_uid=attempt.lesson_uid)
    source = models.QuestionImport.objects.create(bank=one.bank, format="gift", filename="loans.txt", by=instructor)
    models.ImportItem.objects.create(source=source, number=1)
    practice = publish_practice(slug="practice")
    play_all(begin(trainee, practice), "lend")
    shared = {"uid": "c-1", "case_uid": "case-1", "engine": "errands", "title": "Errands", "content": errands()}
    models.SharedCase.objects.create(course=practice, lesson_uid=LESSON, language="en", shared_by=instructor, **shared)
    models.ReviewPlan.objects.create(learner=trainee)
    card = card_of(trainee)
    reviewing.begin(learner=trainee)
    reviewing.rate(card=card, rating=3, step=0)


@pytest.mark.usefixtures("evidence")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_evidence_is_read_and_not_changed(model: Any, site_admin: User, client_of: Callable[[User], Client]):
    """What authors and learners did is read; what staff look after themselves, they may change."""
    staff = client_of(site_admin)
    row = model.objects.first()

    assert staff.get(address(model, "changelist")).status_code == 200
    assert admin.site.get_model_admin(model).search_fields, "nobody finds a row of many"
    assert staff.get(address(model, "changelist"), {"q": "rosa"}).status_code == 200
    assert staff.get(address(model, "change", row.pk)).status_code == 200
    if model in LOOKED_AFTER:
        assert staff.get(address(model, "add")).status_code == 200
        return
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


@pytest.mark.usefixtures("evidence")
def test_a_picture_that_only_a_bank_holds_is_in_use():
    """Else it is tried in vain each night, and a thousand of them keep everything else from being deleted."""
    collect_media()
    assert MediaFile.objects.get().unused_since is None
