"""The lesson kind practice: what import refuses and where, what comes back, and when a lesson is done."""

from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from courses.models import Course, Edition
from courses.registry import LessonFacts, kinds
from quizzes.models import PracticeCase
from tests.courses.folders import COURSE, write_sample
from tests.factories.practice import errands

pytestmark = pytest.mark.usefixtures("small_engines")
SCORES = st.lists(st.integers(0, 100), max_size=12)


def lesson(*cases: dict, **more: object) -> str:
    head = {"kind": "practice", "title": "Errands", "minutes": 5, "engine": "errands"}
    return yaml.safe_dump(head | more | {"cases": list(cases)}, sort_keys=False)


def folder(root: Path, text: str) -> Path:
    outline = COURSE.replace("[hello, film]", "[hello, film, errands]")
    return write_sample(root / "course", **{"course.yaml": outline, "lessons/errands.yaml": text})


def refused(root: Path, text: str) -> list[str]:
    with pytest.raises(CommandError) as caught:
        call_command("import_course", str(folder(root, text)))
    assert not Course.objects.exists()
    return str(caught.value).splitlines()[:-1]


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


@pytest.mark.django_db
def test_a_case_whose_key_cannot_be_reached_is_refused_with_its_line(tmp_path: Path):
    text = lesson(errands("sound"), errands("lost", "lend", "fly"))
    [fault] = refused(tmp_path, text)
    assert fault.startswith(f"lessons/errands.yaml:{line_of(text, 'uid: lost')}: The key cannot be reached: ")


@pytest.mark.django_db
def test_a_named_path_that_earns_something_else_is_refused_with_its_line(tmp_path: Path):
    path = {"name": "Half of it", "percent": 40, "moves": [{"verb": "errand", "word": "lend"}, {"verb": "put-off"}]}
    text = lesson(errands("case-1", paths=[path]))
    assert refused(tmp_path, text) == [f"lessons/errands.yaml:{line_of(text, 'percent: 40')}: This path earns 50%."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (lesson(engine="no-such"), "engine"),
        (lesson(), "There is nothing to practise"),
        (lesson(errands(), errands()), "is taken"),
        (lesson(errands("x" * 50)), "uid"),
        (lesson(errands(surprise=1)), "surprise"),
        (lesson(errands(back_to={"errand": "no-such-lesson"})), "no-such-lesson"),
        (lesson(errands(), rule={"in_a_row": 2}), "different worlds in a row"),
        (lesson(errands(), rule={"pass_mark": 0}), "pass_mark"),
        (lesson(errands(), mode="shouting"), "mode"),
        (lesson(errands(), side="lend"), "has no such side"),
        (lesson(errands(back_to={"erand": "hello"})), "No decision of this case is called “erand”"),
        (lesson(errands(keep=["errand.2"])), "“errand.2” makes no card of its own; what does: errand.0, errand.1."),
    ],
    ids=["engine", "empty", "twice", "uid", "unknown", "lesson", "row", "mark", "mode", "side", "part", "keep"],
)
def test_what_does_not_make_sense_is_refused(tmp_path: Path, text: str, said: str):
    assert any(said in fault for fault in refused(tmp_path, text)), refused(tmp_path, text)


@pytest.mark.django_db
def test_a_name_that_leads_nowhere_is_refused_with_its_line(tmp_path: Path):
    text = lesson(errands(back_to={"all": "hello", "erand": "hello"}))
    [fault] = refused(tmp_path, text)
    assert fault.startswith(f"lessons/errands.yaml:{line_of(text, 'erand: hello')}: ")


@pytest.mark.django_db
def test_a_folder_comes_back_the_same(tmp_path: Path):
    cases = [errands("case-1", brief="Two *errands*.", keep=["errand.0"], back_to={"all": "hello"})]
    text = lesson(*cases, generated=True, mode="exam", rule={"in_a_row": 3, "pass_mark": 90}, intro="Begin.")
    call_command("import_course", str(folder(tmp_path, text)), publish=True)
    first = Edition.objects.get()
    call_command("export_course", "sample", str(tmp_path / "out"))
    back = yaml.safe_load((tmp_path / "out" / "lessons" / "errands.yaml").read_text())
    assert back["cases"] == cases
    assert (back["mode"], back["generated"], back["rule"]["in_a_row"]) == ("exam", True, 3)
    outline = (tmp_path / "out" / "course.yaml").read_text()
    (tmp_path / "out" / "course.yaml").write_text(outline.replace("slug: sample", "slug: twin"))
    call_command("import_course", str(tmp_path / "out"), publish=True)
    assert Edition.objects.get(course__slug="twin").hash == first.hash
    assert PracticeCase.objects.count() == 2


def facts(scores: list[int]) -> LessonFacts:
    return LessonFacts(
        scores={f"{number}:1": score for number, score in enumerate(scores, start=1)}, attempts=len(scores)
    )


@given(SCORES, st.integers(1, 100))
def test_a_lesson_is_done_when_one_world_was_passed(scores: list[int], mark: int):
    verdict = kinds["practice"].verdict({"pass_mark": mark}, facts(scores))
    assert verdict.done == any(score >= mark for score in scores)
    assert bool(verdict.unmet) != verdict.done


@given(SCORES, st.integers(2, 4))
def test_or_when_several_in_a_row_were(scores: list[int], row: int):
    passed = "".join("p" if score >= 80 else "-" for score in scores)
    assert kinds["practice"].verdict({"in_a_row": row}, facts(scores)).done == ("p" * row in passed)


@given(SCORES, st.integers(0, 100), st.integers(2, 4))
def test_what_is_done_stays_done_whatever_comes_after(scores: list[int], another: int, row: int):
    for rule in ({}, {"in_a_row": row}):
        before = kinds["practice"].verdict(rule, facts(scores)).done
        assert kinds["practice"].verdict(rule, facts([*scores, another])).done >= before


def test_credit_makes_it_done():
    assert kinds["practice"].verdict({"in_a_row": 3}, LessonFacts(credited=True)).done
