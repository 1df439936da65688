"""The starter course as its authors promised it: short texts, a question in each lesson, a quiz that leads back."""

import re
from pathlib import Path

import pytest
import yaml

from courses.local_words import LOCAL_WORDS

COURSE = Path(__file__).parents[2] / "media" / "courses" / "ill-borrowing-101"
LESSONS = sorted((COURSE / "lessons").glob("*.md"))
CHECK = re.compile(r"```check\n(.*?)```", re.DOTALL)
OUTLINE = [
    ["one-request-nine-stops", "five-words"],
    ["seven-checks", "a-messy-form", "practice-numbers", "practice-repair"],
    ["supplier-ladder", "building-a-list-of-five"],
    ["reading-replies", "practice-replies"],
    ["unboxing", "dates-and-duty", "practice-return"],
    ["quiz-b"],
]


def parts_of(path):
    _, head, body = path.read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(head), CHECK.sub("", body), [yaml.safe_load(check) for check in CHECK.findall(body)]


def quiz():
    return yaml.safe_load((COURSE / "lessons" / "quiz-b.yaml").read_text("utf-8"))


def test_the_outline_is_that_of_the_curriculum():
    course = yaml.safe_load((COURSE / "course.yaml").read_text("utf-8"))
    assert [module["lessons"] for module in course["modules"]] == OUTLINE
    files = {path.stem for path in (COURSE / "lessons").iterdir()}
    assert files == {uid for module in OUTLINE for uid in module}


def test_practice_holds_the_cases_that_the_curriculum_names():
    """P-f1 and P-a1 where requests are reviewed, P-c1, P-c2 and P-c4 where suppliers answer, P-c3 where things return."""
    practices = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (COURSE / "lessons").glob("practice-*")}
    cases = {uid: [case["uid"] for case in lesson["cases"]] for uid, lesson in practices.items()}
    assert cases == {
        "practice-numbers": ["P-f1"],
        "practice-repair": ["P-a1"],
        "practice-replies": ["clean-loan", "retry-and-price", "two-conditions"],
        "practice-return": ["renew-recall-lost"],
    }
    assert all(lesson["generated"] and lesson["rule"] == {"pass_mark": 70} for lesson in practices.values())


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_short_names_its_sources_and_asks_something(path):
    head, body, checks = parts_of(path)
    assert head["facts"]
    assert 1 <= len(checks) <= 3
    assert head["minutes"] <= 10
    if head["kind"] == "text":
        assert 300 <= len(re.findall(r"[\w’'-]+", body)) <= 700


def test_the_quiz_is_ten_questions_that_lead_back_into_the_course():
    lessons = {path.stem for path in LESSONS}
    questions = quiz()["questions"]
    assert {question["uid"] for question in questions} == {
        *("K-B-01s", "K-B-02", "K-B-03", "K-B-04", "K-B-05", "K-B-06s", "K-B-07", "K-B-08s", "K-B-09", "K-B-10")
    }
    assert {question["back_to"] for question in questions} <= lessons
    assert quiz()["rule"] == {"pass_mark": 80}


def test_every_question_has_a_right_answer_and_a_reply_to_each_choice():
    asked = [*quiz()["questions"], *(check for path in LESSONS for check in parts_of(path)[2])]
    assert len({question["uid"] for question in asked}) == len(asked)
    for question in asked:
        right = [option for option in question["options"] if option["right"]]
        assert right, question["uid"]
        assert len(right) == 1 or question["type"] == "multi", question["uid"]
        assert all(option["feedback"] for option in question["options"]), question["uid"]


def test_lessons_use_only_local_words_that_a_library_can_fill_in():
    text = "".join(path.read_text("utf-8") for path in LESSONS)
    used = set(re.findall(r"\{\{\s*local\.(\w+)", text))
    known = [word.key for word in LOCAL_WORDS]
    assert len(used) >= 6
    assert used <= set(known)
    assert len(known) == len(set(known)) == 21
