"""Tests run without migrations: what a migration makes by hand is made here."""

import importlib

import pytest
from django.db import connection

index = importlib.import_module("courses.migrations.0002_search_index")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """The full-text index, beside the tables that pytest-django made."""
    with django_db_blocker.unblock():
        index.create(connection)
