"""The questions that come with the site: every type, all sound, and each says why."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from quizzes.exchange.folder import opened
from quizzes.exchange.values import Item
from quizzes.exchange.yaml_bank import read
from quizzes.models import Bank, Question, QuestionFile
from quizzes.registry import types

FOLDER = settings.STARTER_QUESTIONS_DIR / "desk-questions"
REPLIES = ("options", "answers", "areas", "pairs")


@pytest.fixture(scope="module")
def items() -> list[Item]:
    with opened(FOLDER) as (file, name):
        return [each for each in read(file, name=name) if isinstance(each, Item)]


def imported(bank: str, path: Path = FOLDER) -> dict[str, Any]:
    out = StringIO()
    call_command("import_questions", str(path), bank=bank, strict=True, ready=True, stdout=out)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


@pytest.mark.django_db
def test_all_of_it_is_taken_as_ready_with_its_pictures_and_a_second_time_changes_nothing():
    Bank.objects.create(slug="desk", title="Desk questions")
    report = imported("desk")
    assert not report["skipped"]
    assert report["imported"] == report["read"] == Question.objects.exclude(ready=None).count()
    assert set(Question.objects.values_list("type", flat=True)) == set(types)
    assert {name[9:] for name in QuestionFile.objects.values_list("name", flat=True)} == {"strap.svg", "envelope.svg"}
    before = list(Question.objects.order_by("pk").values())
    assert not imported("desk")["skipped"]
    assert list(Question.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_a_folder_without_questions_is_no_question_file(tmp_path: Path):
    Bank.objects.create(slug="desk", title="Desk questions")
    with pytest.raises(CommandError, match=r"questions\.yaml"):
        imported("desk", tmp_path)


def test_nothing_in_it_warns_and_everything_is_said_of_each(items: list[Item]):
    for each in items:
        assert not each.warnings, each.content["uid"]
        assert not types[each.content["type"]].warnings(each.content), each.content["uid"]
        assert all([each.meta.name, each.meta.topic, each.meta.difficulty, each.meta.tags]), each.content["uid"]
        assert (each.meta.language, each.meta.author, each.meta.licence) == ("en", "Lendcraft community", "CC-BY-4.0")
        assert each.content["facts"], each.content["uid"]
    assert sum("hints" in each.content for each in items) >= 10


def replies_missing(content: Any) -> Iterator[str]:
    for name in REPLIES:
        for part in content.get(name, ()):
            if not part.get("feedback"):
                yield f"{name} {part['id']}"
    for gap in content.get("gaps", ()):
        yield from (f"gap {gap['id']} {said}" for said in replies_missing(gap))
    typed = content["type" if "type" in content else "kind"] in ("text", "num", "date", "calc")
    if typed and not content.get("other_feedback", content.get("feedback")):
        yield "any other answer"


def test_every_option_and_every_answer_has_a_reply(items: list[Item]):
    missing = [(each.content["uid"], said) for each in items for said in replies_missing(each.content)]
    assert not missing


@pytest.mark.parametrize("seed", range(1, 6))
def test_what_is_said_to_be_right_is_right(items: list[Item], seed: int):
    """The answer in words, typed in again, earns everything: no key contradicts its question."""
    typed = [each.content for each in items if each.content["type"] in ("text", "num", "calc")]
    for content in typed:
        kind = types[content["type"]]
        for words in kind.right(content, seed)[0].split(" / "):
            assert kind.grade(content, words, seed).fraction == 1, (content["uid"], words)
