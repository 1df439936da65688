"""Tests run without migrations: what a migration makes by hand is made here."""

import pytest
from django.db import connection

from courses import search_index


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """The full-text index, beside the tables that pytest-django made."""
    with django_db_blocker.unblock():
        search_index.create(connection)
