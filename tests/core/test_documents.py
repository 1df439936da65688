"""The documents point at what is there."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PAGES = sorted(path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def without_examples(page: Path) -> str:
    """Fenced and indented blocks show what others write."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    return re.sub(r"`[^`\n]*`|^ {4}.*$", "", text, flags=re.M)


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    links = LINK.findall(without_examples(document))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_commands_of_the_architecture_page_exist():
    section = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").partition("Of `manage.py`:")[2]
    named = {
        word for row in re.findall(r"^\| (`.*?) \|(?! does)", section, re.M) for word in re.findall(r"`([a-z_]+)", row)
    }
    assert named
    assert named - set(get_commands()) == set()


def test_make_help_lists_what_the_contributors_page_names():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"(?:`|^ {4})make ([a-z-]+)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M))
    assert named
    assert named <= targets
