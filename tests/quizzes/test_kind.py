"""The lesson kind ``quiz``: what is published, filed, decided and said."""

from typing import Any

import pytest

from courses.registry import LessonFacts, kinds
from courses.shapes import problems
from quizzes.kinds.quiz import QuizKind
from quizzes.models import PartQuestion, Question, QuestionVersion
from tests.factories.courses import publish_course
from tests.factories.quizzes import multi, publish_quiz, single, three_questions, truefalse
from tests.support import count_queries


@pytest.fixture
def kind() -> QuizKind:
    return kinds["quiz"]


def content(**more: Any) -> dict[str, Any]:
    return {"intro": "Some questions.", "questions": three_questions(), **more}


# Verdict


@pytest.mark.parametrize(
    ("rule", "facts", "done"),
    [
        ({}, LessonFacts(), False),
        ({}, LessonFacts(scores={"1:1": 79}, attempts=1), False),
        ({}, LessonFacts(scores={"1:1": 80}, attempts=1), True),
        ({"pass_mark": 60}, LessonFacts(scores={"1:1": 60, "2:1": 10}, attempts=2), True),
        ({"pass_mark": 100}, LessonFacts(scores={"2:1": 99}, attempts=2), False),
        ({}, LessonFacts(credited=True), True),
        ({}, LessonFacts(opened=True, done=True), False),
    ],
)
def test_the_best_score_against_the_pass_mark_decides(kind: QuizKind, rule: dict, facts: LessonFacts, done: bool):
    verdict = kind.verdict(rule, facts)

    assert verdict.done is done
    assert bool(verdict.unmet) is not done


def test_what_is_unmet_says_score_and_mark(kind: QuizKind):
    [sentence] = kind.verdict({"pass_mark": 75}, LessonFacts(scores={"1:1": 40}, attempts=1)).unmet

    assert "75%" in sentence
    assert "40%" in sentence


# Content


def test_the_schema_takes_what_the_course_format_describes(kind: QuizKind):
    full = single(facts=["F-1"], back_to="basics", general_feedback="*So*.", shuffle=False)

    assert problems(kind.content_schema, content(shuffle=False, questions=[full, multi(), truefalse()])) == []
    assert problems(kind.rule_schema, {"pass_mark": 80, "attempts": 3, "opens_after": ["basics"]}) == []


def test_the_lessons_that_wrong_answers_lead_back_to_are_named(kind: QuizKind):
    asked = content(questions=[single(), multi(back_to="basics")])

    assert kind.lessons(asked) == [("questions.1.back_to", "basics")]


@pytest.mark.parametrize("rule", [{"pass_mark": 0}, {"pass_mark": 101}, {"attempts": 0}, {"pass_mark": 79.5}, {"x": 1}])
def test_a_senseless_rule_is_refused(kind: QuizKind, rule: dict[str, Any]):
    assert problems(kind.rule_schema, rule)


@pytest.mark.parametrize("wrong", [{"questions": {}}, {"questions": [{"type": "single"}]}, {"minutes": 1}])
def test_a_senseless_content_is_refused(kind: QuizKind, wrong: dict[str, Any]):
    assert problems(kind.content_schema, content(**wrong))


def test_a_quiz_that_asks_nothing_is_refused(kind: QuizKind):
    assert kind.faults(content(questions=[])) == [("questions", "The quiz asks nothing; give it a question.")]
    assert kind.faults(content(questions=[], picks=[{"bank": "our-bank", "uid": "Q-1"}])) == []


def test_faults_say_where(kind: QuizKind):
    twice = content(questions=[single("Q-1"), multi("Q-1", options=[{"id": "a", "text": "A", "right": False}] * 2)])

    assert {path for path, _sentence in kind.faults(twice)} == {
        "questions.1.uid",
        "questions.1.options",
        "questions.1.options.1.id",
    }
    assert kind.faults(content()) == []


def test_snapshot_is_its_own_content(kind: QuizKind):
    """What an edition exports and imports again is the same edition."""
    source = kind.snapshot(content(), {})

    assert kind.snapshot(source, {}) == source
    assert problems(kind.content_schema, source) == []
    assert kind.faults(source) == []


def test_snapshot_names_the_files_that_questions_show(kind: QuizKind):
    shown = content(questions=[single(stem="What is ![a slip](media/slip.png)?")])
    source = kind.snapshot(shown, {"slip.png": "ab" * 32, "other.png": "cd" * 32})

    assert source["media"] == {"slip.png": "ab" * 32}
    assert f"media:{'ab' * 32}/slip.png" in kind.render(source)["items"]["Q-1"]["stem"]


def test_everything_shown_is_sanitised(kind: QuizKind):
    evil = "<script>alert(1)</script> [x](javascript:alert(1)) **bold**"
    question = single(stem=evil, general_feedback=evil)
    for each in question["options"]:
        each.update(text=evil, feedback=evil)
    rendered = kind.render(kind.snapshot(content(intro=evil, questions=[question]), {}))

    for html in (rendered["intro"], *rendered["items"]["Q-1"].values()):
        assert "<script" not in html
        assert 'href="javascript' not in html
        assert "<strong>bold</strong>" in html or not html


def test_outline_and_search_say_what_is_asked_and_give_nothing_away(kind: QuizKind):
    source = kind.snapshot(content(), {})

    assert kind.summary(source) == "Quiz, 3 questions"
    assert kind.summary(kind.snapshot(content(questions=[single()]), {})) == "Quiz, 1 question"
    assert kind.search_text(source) == "Some questions. What about Q-1? Which of Q-2? Is Q-3 so?"


# Publishing


@pytest.mark.django_db
def test_publishing_files_every_question_in_order():
    course = publish_quiz()

    filed = PartQuestion.objects.filter(course=course).values_list(
        "position", "version__question__uid", "version__number"
    )
    assert list(filed) == [(1, "Q-1", 1), (2, "Q-2", 1), (3, "Q-3", 1)]


@pytest.mark.django_db
def test_a_changed_question_gets_a_version_and_the_others_keep_theirs():
    course = publish_quiz()
    publish_quiz(slug=course.slug, questions=[single(stem="Now worded better?"), *three_questions()[1:]])

    versions = QuestionVersion.objects.filter(question__bank__course=course).order_by("question__uid", "number")
    assert [(each.question.uid, each.number) for each in versions.select_related("question")] == [
        ("Q-1", 1),
        ("Q-1", 2),
        ("Q-2", 1),
        ("Q-3", 1),
    ]


@pytest.mark.django_db
def test_going_back_to_an_old_wording_goes_back_to_its_version():
    course = publish_quiz()
    publish_quiz(slug=course.slug, questions=[single(stem="Worse?"), *three_questions()[1:]])
    publish_quiz(slug=course.slug, title="Another title")

    assert QuestionVersion.objects.filter(question__bank__course=course).count() == 4
    assert PartQuestion.objects.filter(course=course).count() == 6


@pytest.mark.django_db
def test_the_same_wording_in_another_course_has_the_same_identity():
    one, other = publish_quiz(), publish_quiz()

    def hashes(course: Any) -> list[tuple[str, str]]:
        rows = QuestionVersion.objects.filter(question__bank__course=course).order_by("question__uid")
        return list(rows.values_list("question__uid", "hash"))

    assert hashes(one) == hashes(other)
    assert Question.objects.count() == 6


@pytest.mark.django_db
def test_two_quizzes_of_a_course_each_ask_their_own():
    quiz = {"title": "Quiz", "questions": [single("A-1")]}
    course = publish_course(lessons=[("quiz", "one", quiz), ("quiz", "two", {**quiz, "questions": [single("B-1")]})])

    assert set(PartQuestion.objects.filter(course=course).values_list("version__question__uid", flat=True)) == {
        "A-1",
        "B-1",
    }


@pytest.mark.django_db
def test_filing_takes_no_more_statements_for_more_questions():
    def publish(count: int) -> int:
        return count_queries(lambda: publish_quiz(questions=[single(f"Q-{n}") for n in range(count)]))

    assert publish(2) == publish(40)


# How it asks


def test_settings_that_say_nothing_leave_no_trace(kind: QuizKind):
    plain = kind.snapshot(content(), {})
    said = {
        "behaviour": "deferred",
        "tries": {"most": 3, "penalty": 33},
        "grace": 30,
        "review": {"score": "at_once"},
        "blind": False,
        "shuffle": True,
        "shuffle_questions": False,
        "pools": [],
        "picks": [],
        "draws": [],
    }

    assert kind.snapshot(content(**said), {}) == plain
    assert set(plain) == {"intro", "shuffle", "questions"}


def test_settings_that_say_something_are_kept_and_shown(kind: QuizKind):
    said = {
        "behaviour": "tries",
        "tries": {"most": 4, "penalty": 33},
        "time_limit": 20,
        "grace": 60,
        "closes_on": "2026-12-31",
        "review": {"right": "closed", "score": "at_once"},
        "blind": True,
        "shuffle_questions": True,
    }
    kept = {**said, "tries": {"most": 4}, "review": {"right": "closed"}}
    source = kind.snapshot(content(questions=[single()], **said), {})

    assert {name: source[name] for name in said} == kept
    assert kind.render(source)["settings"] == {**kept, "shuffle": True}
    assert problems(kind.content_schema, source) == []
    assert kind.snapshot(source, {}) == source


def test_what_a_draft_takes_from_banks_is_never_published(kind: QuizKind):
    draft = content(picks=[{"bank": "ours", "uid": "Q-9"}], draws=[{"bank": "ours", "draw": 2, "topic": "loans"}])

    assert problems(kind.content_schema, draft) == []
    assert not {"picks", "draws"} & kind.snapshot(draft, {}).keys()


@pytest.mark.parametrize(
    "wrong",
    [
        {"behaviour": "adaptive"},
        {"tries": {"most": 1}},
        {"tries": {"most": 11}},
        {"tries": {"penalty": 101}},
        {"tries": {"penalty": -1}},
        {"time_limit": 0},
        {"time_limit": 601},
        {"grace": 601},
        {"closes_on": "tomorrow"},
        {"review": {"score": "sometimes"}},
        {"review": {"everything": "never"}},
        {"pools": [{"draw": 0, "of": ["Q-1"]}]},
        {"pools": [{"draw": 1, "of": []}]},
        {"picks": [{"bank": "ours"}]},
        {"draws": [{"bank": "ours", "draw": 1, "difficulty": "odd"}]},
    ],
)
def test_senseless_settings_are_refused(kind: QuizKind, wrong: dict[str, Any]):
    assert problems(kind.content_schema, content(**wrong))


@pytest.mark.parametrize("wrong", [{"counts": "worst"}, {"cool_down": 0}, {"credits": []}, {"credits": ["Not a uid"]}])
def test_senseless_rules_of_attempts_are_refused(kind: QuizKind, wrong: dict[str, Any]):
    assert problems(kind.rule_schema, wrong)


@pytest.mark.parametrize(
    ("rule", "more", "where"),
    [
        ({}, {}, ["behaviour"]),
        ({"attempts": 2}, {}, []),
        ({}, {"closes_on": "2026-12-31"}, []),
        ({"attempts": 1, "credits": ["basics", "nowhere"]}, {}, ["rule.credits.1"]),
    ],
)
def test_an_exam_ends_and_credits_go_to_lessons_that_are_there(
    kind: QuizKind, rule: dict[str, Any], more: dict[str, Any], where: list[str]
):
    found = kind.rule_faults(rule, content(behaviour="exam", **more), {"basics"})

    assert [path for path, _sentence in found] == where


@pytest.mark.parametrize(
    ("counts", "scores", "done", "named"),
    [
        ("best", {"1:1": 90, "2:1": 40}, True, ""),
        ("last", {"1:1": 90, "2:1": 40}, False, "40%"),
        ("first", {"1:1": 40, "2:1": 90}, False, "40%"),
        ("average", {"1:1": 90, "2:1": 71}, True, ""),
        ("average", {"1:1": 90, "2:1": 68}, False, "79%"),
        ("best", {"1:1": 90, "1:2": 60}, False, "60%"),
    ],
)
def test_the_rule_says_which_attempt_counts(
    kind: QuizKind, counts: str, scores: dict[str, int], done: bool, named: str
):
    verdict = kind.verdict({"counts": counts}, LessonFacts(scores=scores, attempts=2))

    assert verdict.done is done
    assert named in "".join(str(each) for each in verdict.unmet)
