"""An author with a course that asks questions, and the bank behind it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from courses.models import Course, MediaFile
from quizzes.models import Bank
from quizzes.services.filing import bank_of
from tests.factories.quizzes import publish_quiz


@pytest.fixture
def course(instructor: User) -> Course:
    return publish_quiz(slug="lending", owner=instructor, organisation=instructor.memberships.get().organisation)


@pytest.fixture
def bank(course: Course) -> Bank:
    return bank_of(course)


@pytest.fixture
def hana(instructor: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(instructor)


@pytest.fixture
def make_media() -> Callable[[str], Any]:
    return lambda name: MediaFile.objects.create(sha256="a" * 64, size=1, type="image/png")
