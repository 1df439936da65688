"""What make check greps for is found when it is there."""

import copy
import importlib.util
import sys
from pathlib import Path

import pytest
import yaml

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))

    def load(name: str):
        spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.mark.parametrize(
    "markup",
    [
        '<p style="color: red">',
        "<p\n  style='color: red'>",
        "<style>p {}</style>",
        "<script>go()</script>",
        '<script nonce="x">go()</script>',
        '<button onclick="go()">',
        '<a href="javascript:go()">',
    ],
)
def test_a_template_that_breaks_the_content_policy_is_found(script, markup):
    assert script("check_templates").faults(f"<main>\n{markup}\n</main>")


@pytest.mark.parametrize(
    "markup",
    [
        '<script src="/static/js/app.js" defer></script>',
        '<script type="application/json">{}</script>',
        "{# <p style='x'> #}",
        '<p class="style" data-on="x">on="x"</p>',
    ],
)
def test_a_template_that_keeps_it_is_not(script, markup):
    assert script("check_templates").faults(markup) == []


@pytest.fixture
def compose():
    return yaml.safe_load((SCRIPTS.parent / "docker-compose.yml").read_text(encoding="utf-8"))


def test_the_compose_file_is_sound(script, compose):
    assert script("check_compose").faults(compose) == []


def test_a_broken_compose_file_is_named(script, compose):
    faults = script("check_compose").faults
    secret = copy.deepcopy(compose)
    secret["services"]["web"]["environment"]["SECRET_KEY"] = "hunter2"
    assert "SECRET_KEY: a secret must come from outside" in faults(secret)[0]
    waits = copy.deepcopy(compose)
    waits["services"]["web"]["depends_on"] = {"scheduler": {"condition": "service_healthy"}}
    assert "scheduler has no health check" in faults(waits)[0]
    unknown = copy.deepcopy(compose)
    unknown["services"]["web"]["privledged"] = True
    assert "privledged" in faults(unknown)[0]
    missing = copy.deepcopy(compose)
    del missing["services"]["scheduler"]
    assert "scheduler is missing" in " ".join(faults(missing))
