"""Who may open which address: one row a route, one letter a role (``world.ROLES`` in order).

o open, O open and holding what the row ``shows``, l sign in first, u no credentials (API), f forbidden (seen, not
done), n not there, x wrong method. The stranger holds every role, in another library.
"""

from collections.abc import Callable
from typing import Any

from courses.services.enrolling import open_enrolment
from quizzes.models import ExtraAttempt
from tests.doors.caption_pages import CAPTION_ROWS
from tests.doors.case_pages import CASE_ROWS
from tests.doors.deck_pages import DECK_ROWS
from tests.doors.edition_pages import EDITION_ROWS
from tests.doors.learning_pages import LEARNING_ROWS
from tests.doors.library_pages import LIBRARY_ROWS
from tests.doors.media_pages import MEDIA_ROWS
from tests.doors.outline_pages import OUTLINE_ROWS
from tests.doors.practice_pages import PRACTICE_ROWS
from tests.doors.question_pages import AUTHOR_ROWS, asked, question_of
from tests.doors.review_pages import REVIEW_ROWS
from tests.doors.rows import Arguments, Row, inner, only, public, quiz
from tests.doors.studio_people import PEOPLE_ROWS
from tests.doors.world import World
from tests.doors.writing_pages import WRITING_ROWS


def question(world: World) -> dict[str, Any]:
    return quiz(world) | {"number": 1}


def library(world: World) -> dict[str, Any]:
    return {"slug": world.team.organisation.slug}


def in_library(**more: Callable[[World], Any]) -> Arguments:
    return lambda world: library(world) | {name: pick(world) for name, pick in more.items()}


def team_pk(world: World) -> int:
    return world.team.pk


def place_pk(world: World) -> int:
    return world.team.memberships.get(person=world.trainee).pk


def trainee_uuid(world: World) -> Any:
    return world.trainee.uuid


def invitation_pk(world: World) -> int:
    return world.invitation.pk


def certificate(world: World) -> dict[str, Any]:
    return {"code": world.certificate.code}


def lesson(world: World) -> dict[str, Any]:
    return {"slug": world.public.slug, "uid": "basics"}


def obligation(world: World) -> dict[str, Any]:
    return {"pk": world.obligation.pk}


def extra_attempt(world: World) -> dict[str, Any]:
    """An attempt that the trainee was given in the course that they owe."""
    enrolment = open_enrolment(learner=world.trainee, course=world.obligation.course)
    extra, _new = ExtraAttempt.objects.get_or_create(enrolment=enrolment, lesson_uid="quiz", number=1)
    return obligation(world) | {"extra": extra.pk}


def assignment(world: World) -> dict[str, Any]:
    return {"pk": world.assignment.pk}


def film(world: World) -> dict[str, Any]:
    media = world.inner.media.get(name="film.mp4").media
    return inner(world) | {"sha": media.sha256, "name": "film.mp4"}


def attempt(world: World) -> dict[str, Any]:
    return {"pk": world.attempt.pk}


def wide_assignment(world: World) -> dict[str, Any]:
    """It reaches beyond the supervisor's own team: seen, not changed as a whole."""
    return {"pk": world.wide.pk}


def saved_answer(world: World) -> dict[str, Any]:
    return {"attempt": world.attempt.pk, "answer": "b", "client_id": "laptop", "seq": 9}


ANSWER = {"position": 1, "answer": "b", "client_id": "laptop", "seq": 9}

ROWS = [
    Row("core:home", "loooooo"),
    Row("core:menu", "ooooooo"),
    Row("core:about", "ooooooo"),
    Row("core:help", "ooooooo"),
    Row("core:keys", "ooooooo"),
    Row("core:accessibility", "ooooooo"),
    Row("core:privacy", "ooooooo"),
    Row("core:live", "ooooooo"),
    Row("core:ready", "ooooooo"),
    Row("accounts:notices", "loooooo"),
    Row("accounts:read_all_notices", "loooooo", method="post"),
    Row("accounts:read_notice", "lnonnnn", only(pk=lambda world: world.notice.pk), method="post"),
    Row("accounts:notice_preferences", "loooooo"),
    Row("accounts:notice_preferences", "loooooo", method="post"),
    Row("accounts:settings", "loooooo"),
    Row("accounts:new_token", "loooooo", method="post"),
    Row("accounts:revoke_token", "loooooo", method="post"),
    Row("accounts:privacy", "loooooo"),
    Row("accounts:download", "loooooo"),
    Row("accounts:theme", "ooooooo", method="post"),
    Row("accounts:join", "ooooooo"),
    Row("accounts:invitation", "ooooooo", only(token=lambda world: world.token)),
    Row("accounts:setup", "nnnnnnn"),
    Row("accounts:invite_to_team", "lnnonoo", only(pk=team_pk)),
    Row("accounts:organisation", "lofffoo"),
    Row("accounts:send_invitation_again", "lnnonoo", only(pk=invitation_pk), method="post"),
    Row("accounts:withdraw_invitation", "lnnonoo", only(pk=invitation_pk), method="post"),
    Row("accounts:close_code", "lnnnnoo", only(pk=lambda world: world.code.pk), method="post"),
    Row("accounts:organisation_of", "lnfffoo", library),
    Row("accounts:people", "lnfffoo", library),
    Row("accounts:add_people", "lnfffoo", library),
    Row("accounts:teams", "lnfffoo", library),
    Row("accounts:invitations", "lnfffoo", library),
    Row("accounts:codes", "lnfffoo", library),
    Row("accounts:words", "lnfffoo", library),
    Row("accounts:organisation_settings", "lnfffoo", library),
    Row("accounts:member", "lnfffoo", in_library(key=trainee_uuid)),
    Row("accounts:remove_member", "lnfffoo", in_library(key=trainee_uuid), method="post"),
    Row("accounts:team", "lnfffoo", in_library(pk=team_pk)),
    Row("accounts:add_to_team", "lnfffoo", in_library(pk=team_pk), method="post"),
    Row("accounts:remove_from_team", "lnfffoo", in_library(pk=team_pk, place=place_pk), method="post"),
    Row("accounts:delete_team", "lnfffoo", in_library(pk=team_pk), method="post"),
    Row("courses:landing", "ooooooo"),
    Row("courses:search", "ooooooo"),
    Row("courses:catalogue", "ooooooo"),
    Row("courses:course", "ooooooo", public),
    Row("courses:course", "nnooooo", inner),
    Row("courses:enrol", "loooooo", public, method="post"),
    Row("courses:open", "loooooo", public, method="post"),
    Row("courses:leave", "lnonnnn", public, method="post"),
    Row("courses:move", "lnonnnn", public, method="post"),
    Row("courses:keep", "lnonnnn", public, method="post"),
    Row("courses:language", "lnonnnn", public, method="post"),
    Row("courses:enrol", "lnooooo", inner, method="post"),
    Row("courses:media", "nnooooo", film),
    Row("courses:lesson", "ooooooo", lesson),
    Row("courses:lesson", "nnooooo", lambda world: inner(world) | {"uid": "after"}),
    Row("courses:lesson", "ooooooo", quiz),
    Row("courses:transcript", "nnooooo", lambda world: inner(world) | {"uid": "film"}),
    Row("courses:do", "ooooooo", lambda world: lesson(world) | {"verb": "done"}, method="post"),
    Row("courses:do", "nnooooo", lambda world: inner(world) | {"uid": "after", "verb": "done"}, method="post"),
    Row("quizzes:question", "loooooo", question),
    Row("quizzes:question", "loooooo", question, method="post"),
    Row("quizzes:save", "unonnnn", question, method="post", data=saved_answer),
    Row("quizzes:check", "loooooo", question, method="post"),
    Row("quizzes:review", "loooooo", quiz),
    Row("quizzes:result", "loooooo", quiz),
    Row("quizzes:answer", "loooooo", question),
    Row("progress:me", "loooooo"),
    Row("progress:record_csv", "loooooo"),
    Row("progress:record_pdf", "loooooo"),
    Row("progress:certificates", "loooooo"),
    Row("progress:certificate", "lnoonoo", certificate),
    Row("progress:share_certificate", "lnofnff", certificate, method="post"),
    Row("progress:verify_start", "ooooooo"),
    Row("progress:verify", "ooooooo", certificate),
    Row("progress:verify_pdf", "nnoonoo", certificate),
    Row("progress:team", "lofofoo"),
    Row("progress:person", "lnfofoo", only(key=trainee_uuid)),
    Row("progress:nudge", "lnfofoo", only(key=trainee_uuid), method="post"),
    Row("progress:extend", "lnfofoo", obligation, method="post"),
    Row("progress:reset", "lnfofoo", obligation),
    Row("progress:reset", "lnfofoo", obligation, method="post"),
    Row("progress:attempt", "lnfofoo", obligation),
    Row("progress:attempt", "lnfofoo", obligation, method="post"),
    Row("progress:attempt_remove", "lnfofoo", extra_attempt, method="post"),
    Row("progress:excuse", "lnfofoo", obligation, method="post"),
    Row("progress:unexcuse", "lnfofoo", obligation, method="post"),
    Row("progress:assignments", "lofofoo"),
    Row("progress:assign", "lofofoo"),
    Row("progress:assign", "lofofoo", method="post"),
    Row("progress:change_date", "lnfofoo", assignment, method="post"),
    Row("progress:withdraw", "lnfofoo", assignment, method="post"),
    Row("progress:restore", "lnfofoo", assignment, method="post"),
    Row("progress:nudge_all", "lnfofoo", assignment, method="post"),
    Row("progress:report", "lofofoo"),
    Row("progress:report_csv", "lofofoo"),
    Row("courses:author", "loffofo"),
    Row("courses:author_create", "loffofo", method="post"),
    Row("courses:author_course", "lfffofo", public),
    Row("courses:author_files", "lfffofo", public),
    Row("courses:author_download", "lfffofo", public),
    Row("courses:author_editions", "lfffofo", public),
    Row("courses:author_reports", "lfffofo", public),
    Row("courses:author_folder", "lfffofo", public, method="post"),
    Row("courses:author_preview", "lfffofo", public, method="post"),
    Row("courses:author_publish", "lfffofo", public, method="post"),
    Row("courses:author_again", "lfffnfn", lambda world: public(world) | {"number": 1}, method="post"),
    Row("courses:author_lesson", "lfffofo", lesson),
    Row("courses:author_look", "lfffofo", lesson, method="post"),
    Row("courses:author_paste", "lfffofo", lesson, method="post"),
    Row("courses:author_picture", "lfffofo", lesson, method="post"),
    Row("courses:author_convert", "lfffofo", lesson),
    Row("courses:author_convert", "lfffofo", lesson, method="post"),
    Row("quizzes_author:check", "lfffofo", lesson),
    Row("quizzes_author:check", "lfffofo", lesson, method="post"),
    Row("courses:author_settle", "lfffofo", lambda world: public(world) | {"pk": world.report.pk}, method="post"),
    Row("courses:author_course", "lnffofo", inner),
    Row("courses:author_publish", "lnffofo", inner, method="post"),
    Row("courses:author_download", "lnffofo", inner),
    Row("courses:catalogue", "ooOOOOo", shows="Course inner-course"),
    Row("progress:team", "lofOfOO", shows="Rosa Delgado"),
    Row("progress:assignments", "lofOfOO", shows="Course inner-course"),
    Row("courses:author", "loffOfO", shows="Course inner-course"),
    *EDITION_ROWS,
    *PRACTICE_ROWS,
    *REVIEW_ROWS,
    *AUTHOR_ROWS,
    *CASE_ROWS,
    *LEARNING_ROWS,
    *WRITING_ROWS,
    *PEOPLE_ROWS,
    *DECK_ROWS,
    *MEDIA_ROWS,
    *CAPTION_ROWS,
    *LIBRARY_ROWS,
    *OUTLINE_ROWS,
    Row("api-docs", "ooooooo"),
    Row("api-schema", "ooooooo"),
    Row("api-me", "uoooooo"),
    Row("api-people-list", "uoOOoOO", shows="Rosa Delgado"),
    Row("api-people-detail", "unoonoo", only(uuid=trainee_uuid)),
    Row("api-teams-list", "uooOoOO", shows="Borrowing desk"),
    Row("api-teams-detail", "unnonoo", only(pk=team_pk)),
    Row("api-courses-list", "uoOOOOo", shows="inner-course"),
    Row("api-courses-detail", "unooooo", inner),
    Row("api-editions-list", "uoOOOOO", shows="inner-course"),
    Row("api-editions-detail", "unooooo", only(pk=lambda world: world.inner.current_edition_id)),
    Row("api-enrolments-list", "uoOOoOO", shows="public-course"),
    Row("api-enrolments-detail", "unoonoo", only(pk=lambda world: world.enrolment.pk)),
    Row("api-enrolments-leave", "unofnff", only(pk=lambda world: world.enrolment.pk), method="post"),
    Row("api-progress-list", "uoOOoOO", shows="public-course"),
    Row("api-progress-detail", "unoonoo", only(pk=lambda world: world.enrolment.pk)),
    Row("api-certificates-list", "uoOOoOO", shows="Rosa Delgado"),
    Row("api-certificates-detail", "unoonoo", certificate),
    Row("attempt-list", "uoOoooo", shows="the-quiz"),
    Row("attempt-detail", "unonnnn", attempt),
    Row("attempt-answer", "unonnnn", attempt, method="post", data=ANSWER),
    Row("attempt-check", "unonnnn", attempt, method="post", data=ANSWER),
    Row("attempt-finish", "unonnnn", attempt, method="post"),
    Row("attempt-review", "unonnnn", attempt),
    Row("api-banks-list", "uoooOoO", shows="course-public-course"),
    Row("api-banks-detail", "unnnono", only(slug=lambda world: question_of(world).bank.slug)),
    Row("api-questions-list", "uoooOoO", shows="What about Q-1?"),
    Row("api-questions-detail", "unnnono", asked()),
    Row("progress:withdraw", "lnfffoo", wide_assignment, method="post"),
    Row("api-assignments-list", "uoOOoOO", shows="inner-course"),
    Row("api-assignments-detail", "unoonoo", assignment),
    Row("api-assignments-withdraw", "unfonoo", assignment, method="post"),
    Row("api-assignments-restore", "unfonoo", assignment, method="post"),
    Row("api-obligations-list", "uoOOoOO", shows="inner-course"),
    Row("api-obligations-detail", "unoonoo", obligation),
    Row("api-obligations-extend", "unfonoo", obligation, method="post", data={"due_on": "2099-01-31"}),
    Row("api-obligations-excuse", "unfonoo", obligation, method="post"),
]
