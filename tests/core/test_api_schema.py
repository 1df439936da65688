"""The API's contract is a file under review, not a side effect."""

import re
from pathlib import Path

from django.core.management import call_command

SNAPSHOT = Path(__file__).resolve().parents[2] / "docs" / "api" / "openapi.yaml"


def test_the_committed_schema_is_the_schema(tmp_path):
    """Renew it with ``manage.py spectacular --file docs/api/openapi.yaml --validate --fail-on-warn``."""
    drawn = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(drawn), validate=True, fail_on_warn=True)
    assert drawn.read_text() == SNAPSHOT.read_text()


def test_the_docs_page_loads_nothing_from_outside(client):
    page = client.get("/api/docs/").content.decode()
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    assert all(address.startswith("/static/") for address in addresses)
