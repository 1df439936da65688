"""Certificates: rendered once, told once, whatever dies in between."""

import io

import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from accounts.models import Notice
from core import clock
from progress.jobs import certificates as jobs
from progress.models import Certificate
from tests.factories.progress import certificate_of, finished

pytestmark = pytest.mark.django_db


def test_the_pdf_is_written_and_the_holder_told_once():
    row = certificate_of(finished())
    assert jobs.render(row.pk)
    assert not jobs.render(row.pk)
    row.refresh_from_db()
    assert (row.render_state, default_storage.exists(row.path)) == ("ready", True)
    assert Notice.objects.filter(key=f"certificate:{row.code}").count() == 1
