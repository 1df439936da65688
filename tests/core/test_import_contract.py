"""The import contract refuses an upward import, and it knows every app."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["name"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
PACKAGES = PYPROJECT["tool"]["importlinter"]["root_packages"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """A copy of the code, where an import can be planted."""
    copy = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "migrations"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run([sys.executable, "-c", program], cwd=tree, capture_output=True, text=True, check=False)


def test_the_code_keeps_the_contract(tree):
    result = lint(tree)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("courses/planted.py", "import progress.models", "Apps point downwards"),
        ("core/planted.py", "from accounts import models", "Apps point downwards"),
        ("quizzes/services/planted.py", "import quizzes.views", "Entry points, then rules, then data"),
        ("courses/services/planted.py", "import celery", "Rules know no web or queue framework"),
    ],
)
def test_a_planted_import_is_refused(tree, module, line, contract):
    planted = tree / module
    planted.write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")
    try:
        result = lint(tree)
    finally:
        planted.unlink()
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout


def test_the_layers_are_the_first_party_apps():
    layers = {name for layer in CONTRACTS["Apps point downwards"]["layers"] for name in layer.split(" | ")}
    installed = {app for app in settings.INSTALLED_APPS if (ROOT / app).is_dir()}
    assert layers - {"config"} == installed == set(settings.FIRST_PARTY_APPS)
    assert layers == set(PACKAGES)


def test_every_app_with_rules_has_its_rooms_checked():
    rooms = set(CONTRACTS["Entry points, then rules, then data"]["containers"])
    assert rooms == set(settings.FIRST_PARTY_APPS) - {"core"}
