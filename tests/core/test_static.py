"""Static files by name: hashed storage answers 500 for a name that does not exist, and only in production."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from core.storage import ReleasedStorage

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")
LINKED = re.compile(r"""url\(\s*["']?(?!data:|#|https?:)([^"')]+)["']?\s*\)""")
IMPORTED = re.compile(r"""^\s*(?:import|export)\b[^;]*?["'](\.[^"']+)["']""", re.M)


def named_in_templates() -> list[tuple[str, str]]:
    return [
        (str(template.relative_to(ROOT)), name)
        for template in sorted((ROOT / "templates").rglob("*.html"))
        for name in NAMED.findall(template.read_text(encoding="utf-8"))
    ]


def linked_in(pattern: str, rule: re.Pattern[str]) -> list[tuple[Path, Path]]:
    return [
        (path, (path.parent / name.partition("?")[0].partition("#")[0]).resolve())
        for path in sorted((ROOT / "static").rglob(pattern))
        for name in rule.findall(path.read_text(encoding="utf-8"))
    ]


def test_templates_name_files_that_exist():
    named = named_in_templates()
    assert named
    assert [(template, name) for template, name in named if not finders.find(name)] == []


@pytest.mark.parametrize(("pattern", "rule"), [("*.css", LINKED), ("*.js", IMPORTED)], ids=["css", "js"])
def test_styles_and_modules_link_files_that_exist(pattern, rule):
    assert [(path, target) for path, target in linked_in(pattern, rule) if not served(target)] == []


def served(target: Path) -> bool:
    """Is it one of ours, or of a package whose files are served beside ours?"""
    return target.is_file() or bool(finders.find(str(target.relative_to(ROOT / "static"))))


def test_the_address_of_a_file_is_made_once(settings, monkeypatch):
    settings.DEBUG = False
    storage = ReleasedStorage()
    storage.hashed_files = {"logo.svg": "logo.0123456789ab.svg"}
    assert storage.url("logo.svg") == "/static/logo.0123456789ab.svg"
    storage.hashed_files.clear()
    assert storage.url("logo.svg") == "/static/logo.0123456789ab.svg"
    with pytest.raises(ValueError, match="nowhere"):
        storage.url("nowhere.svg")
