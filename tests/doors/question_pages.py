"""The author's pages of questions and quizzes: who may open which, in the letters of ``matrix``."""

from typing import Any

from courses.models import MediaFile
from courses.services.enrolling import open_enrolment
from quizzes.models import (
    Analysis,
    Bank,
    ExtraAttempt,
    ExtraTime,
    Marking,
    Question,
    QuestionComment,
    QuestionFile,
    QuestionImport,
    Regrade,
    Slot,
)
from quizzes.services.grading import finish
from tests.doors.rows import Arguments, Row, inner, only, public, quiz
from tests.doors.world import QUIZ, World
from tests.factories.questions import library_bank, question_in
from tests.factories.quizzes import answer_all, essay, publish_quiz, single, slots_of, start_attempt


def question_of(world: World) -> Question:
    """A question in the bank of the instructor's public course: hidden from everybody else."""
    return Question.objects.get(bank__course=world.public, uid="Q-1")


def asked(**more: Any) -> Arguments:
    return lambda world: {"pk": question_of(world).pk} | more


def shared_question(world: World) -> Question:
    """A question that all instructors may read, and those of the library write."""
    bank = Bank.objects.filter(audience="public").first() or library_bank(world.team.organisation, audience="public")
    return bank.questions.first() or question_in(bank, single("shared"))


def question_comment(world: World) -> dict[str, Any]:
    question = question_of(world)
    comment, _new = QuestionComment.objects.get_or_create(question=question, text="Is it so?")
    return {"pk": question.pk, "comment": comment.pk, "verb": "settle"}


def question_media(world: World) -> dict[str, Any]:
    film = MediaFile.objects.get(course_uses__course=world.inner, course_uses__name="film.mp4")
    question = question_of(world)
    QuestionFile.objects.get_or_create(version=question.ready, name="film.mp4", media=film)
    return {"pk": question.pk, "sha": film.sha256, "name": "film.mp4"}


def question_file(world: World) -> dict[str, Any]:
    """A file of questions that was read for the bank of the instructor's course."""
    bank = question_of(world).bank
    source, _new = QuestionImport.objects.get_or_create(
        bank=bank, format="gift", filename="week.gift", defaults={"state": QuestionImport.State.READ, "read": 1}
    )
    film = MediaFile.objects.get(course_uses__course=world.inner, course_uses__name="film.mp4")
    source.items.get_or_create(number=1, defaults={"content": single("Q-F"), "files": {"film.mp4": film.sha256}})
    return {"pk": source.pk}


def question_file_media(world: World) -> dict[str, Any]:
    found = question_file(world)
    film = MediaFile.objects.get(course_uses__course=world.inner, course_uses__name="film.mp4")
    return found | {"sha": film.sha256, "name": "film.mp4"}


def analysis_pk(world: World) -> int:
    key, rest = f"{world.public.pk}:{QUIZ}:first::", {"course": world.public, "lesson_uid": QUIZ}
    params = {"attempts": "first", "edition": None}
    return Analysis.objects.get_or_create(key=key, defaults={**rest, "params": params})[0].pk


def regrade_pk(world: World) -> int:
    question = question_of(world)
    row, _new = Regrade.objects.get_or_create(
        course=world.public, question=question, version=question.ready, defaults={"state": Regrade.State.TRIED}
    )
    return row.pk


def extra_time(world: World) -> dict[str, Any]:
    extra, _new = ExtraTime.objects.get_or_create(course=world.public, learner=world.trainee, defaults={"percent": 25})
    return public(world) | {"pk": extra.pk}


def extra_attempt(world: World) -> dict[str, Any]:
    enrolment = open_enrolment(learner=world.trainee, course=world.public)
    extra, _new = ExtraAttempt.objects.get_or_create(enrolment=enrolment, lesson_uid=QUIZ, number=1)
    return public(world) | {"pk": extra.pk}


def written_answer(world: World) -> dict[str, Any]:
    """A free text of the trainee that waits to be marked, in a course of the instructor."""
    found = Slot.objects.filter(attempt__learner=world.trainee, version__type="essay").first()
    if found is None:
        course = publish_quiz(slug="written-course", owner=world.people["instructor"], questions=[essay()])
        attempt = start_attempt(world.trainee, course)
        answer_all(attempt)
        finish(attempt=attempt)
        [found] = slots_of(attempt)
    return {"pk": found.pk}


def with_a_written_answer(world: World) -> dict[str, Any]:
    written_answer(world)
    return {}


def marked_answer(world: World) -> dict[str, Any]:
    """The marking to reopen."""
    standing, _new = Marking.objects.get_or_create(
        slot_id=written_answer(world)["pk"], number=1, defaults={"levels": {}, "fraction": 0}
    )
    return {"marking": standing.pk, "reason": "A page was missing."}


def with_a_regrade(world: World) -> dict[str, Any]:
    regrade_pk(world)
    return {}


def in_regrade(**more: Any) -> Arguments:
    return lambda world: {"pk": regrade_pk(world)} | more


REGRADED = {"policy": "up", "reason": "The key was wrong."}

AUTHOR_ROWS = [
    Row("quizzes_author:questions", "loffofo"),
    Row("quizzes_author:questions", "loffOfO", shows="What about Q-1?"),
    Row("quizzes_author:questions_do", "loffofo", method="post"),
    Row("quizzes_author:questions_undo", "loffofo", method="post"),
    Row("quizzes_author:duplicates", "loffofo"),
    Row("quizzes_author:duplicates_settle", "lnffnfn", method="post"),
    Row("quizzes_author:question_choose", "loffofo"),
    Row("quizzes_author:question_new", "loffofo", only(kind=lambda world: "single")),
    Row("quizzes_author:question_new", "loffofo", only(kind=lambda world: "single"), method="post"),
    Row("quizzes_author:question", "lnffofo", asked()),
    Row("quizzes_author:question", "lnffofo", asked(), method="post"),
    Row("quizzes_author:question", "loffofo", only(pk=lambda world: shared_question(world).pk)),
    Row("quizzes_author:question", "lfffofo", only(pk=lambda world: shared_question(world).pk), method="post"),
    Row("quizzes_author:question_preview", "lnffofo", asked()),
    Row("quizzes_author:question_preview", "lnffofo", asked(), method="post"),
    Row("quizzes_author:question_history", "lnffofo", asked()),
    Row("quizzes_author:question_restore", "lnffofo", asked(number=1), method="post"),
    Row("quizzes_author:question_comments", "lnffofo", asked()),
    Row("quizzes_author:question_comments", "lnffofo", asked(), method="post"),
    Row("quizzes_author:question_settle", "lnffofo", question_comment, method="post"),
    Row("quizzes_author:question_do", "lnffofo", asked(verb="retire"), method="post"),
    Row("quizzes_author:question_media", "lnffofo", question_media),
    Row("quizzes_author:banks", "loffofo"),
    Row("quizzes_author:bank_new", "loffofo"),
    Row("quizzes_author:bank_new", "loffofo", method="post"),
    Row("quizzes_author:bank", "lnffofo", only(slug=lambda world: question_of(world).bank.slug)),
    Row("quizzes_author:bank", "lnffofo", only(slug=lambda world: question_of(world).bank.slug), method="post"),
    Row("quizzes_author:bank", "lfffofo", only(slug=lambda world: shared_question(world).bank.slug), method="post"),
    Row("quizzes_author:import_begin", "loffofo"),
    Row("quizzes_author:import_begin", "loffofo", method="post"),
    Row("quizzes_author:import", "lnffofo", question_file),
    Row("quizzes_author:import_take", "lnffofo", question_file, method="post"),
    Row("quizzes_author:import_undo", "lnffofo", question_file, method="post"),
    Row("quizzes_author:import_throw_away", "lnffofo", question_file, method="post"),
    Row("quizzes_author:import_report", "lnffofo", question_file),
    Row("quizzes_author:import_media", "lnffofo", question_file_media),
    Row("quizzes_author:export", "loffofo"),
    Row("quizzes_author:export", "loffofo", method="post"),
    Row("quizzes_author:quiz", "lfffofo", quiz),
    Row("quizzes_author:quiz", "lfffofo", quiz, method="post"),
    Row("quizzes_author:quiz_change", "lfffofo", quiz, method="post"),
    Row("quizzes_author:marking", "loffOfO", with_a_written_answer, shows="Tell a patron about Q-E."),
    Row("quizzes_author:mark", "lnnnono", written_answer),
    Row("quizzes_author:mark", "lnnnono", written_answer, method="post"),
    Row("quizzes_author:mark_reopen", "lnnnono", written_answer, method="post", data=marked_answer),
    Row("quizzes_author:extra_time", "lfffofo", public),
    Row("quizzes_author:extra_time", "lnffofo", inner),
    Row("quizzes_author:extra_time_remove", "lfffofo", extra_time),
    Row("quizzes_author:extra_time_remove", "lfffofo", extra_time, method="post"),
    Row("quizzes_author:extra_attempts", "lfffofo", public),
    Row("quizzes_author:extra_attempts", "lnffofo", inner),
    Row("quizzes_author:extra_attempt_remove", "lfffofo", extra_attempt),
    Row("quizzes_author:extra_attempt_remove", "lfffofo", extra_attempt, method="post"),
    Row("quizzes_author:analyses", "loffOfO", shows="What you know now"),
    Row("quizzes_author:analysis", "lfffofo", quiz),
    Row("quizzes_author:analysis_csv", "lfffofo", quiz),
    Row("quizzes_author:analysis_xlsx", "lfffofo", quiz),
    Row("quizzes_author:analysis_again", "lnffofo", only(pk=analysis_pk), method="post"),
    Row("quizzes_author:regrades", "loffOfO", with_a_regrade, shows="What about Q-1?"),
    Row("quizzes_author:regrade_new", "lnffnfn"),
    Row("quizzes_author:regrade_new", "lnffnfn", method="post"),
    Row("quizzes_author:regrade", "lnffofo", only(pk=regrade_pk)),
    Row("quizzes_author:regrade_apply", "lnffofo", only(pk=regrade_pk), method="post", data=REGRADED),
    Row("quizzes_author:regrade_do", "lnffofo", in_regrade(verb="drop"), method="post"),
]
