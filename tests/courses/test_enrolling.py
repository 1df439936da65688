"""Enrolling, opening, leaving, coming back, keeping and moving."""

import pytest

from core.errors import Conflict, InvalidInput
from courses.models import Enrolment
from courses.services import enrolling
from courses.spec import CourseTextSpec, ModuleSpec
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import CourseFactory, publish_course

pytestmark = pytest.mark.django_db
MODULES = (ModuleSpec(uid="part-one", titles={"en": "Part one", "de": "Teil eins"}),)


def test_enrolling_twice_gives_one_unopened_row():
    course, learner = publish_course(), UserFactory()
    first = enrolling.enrol(learner=learner, course=course)
    assert enrolling.enrol(learner=learner, course=course) == first
    assert (first.opened_at, first.edition, first.cycle, first.language) == (None, None, 1, "en")


def test_opening_pins_the_edition_once():
    course, learner = publish_course(slug="pins"), UserFactory()
    row = enrolling.open_enrolment(learner=learner, course=course)
    opened, edition = row.opened_at, row.edition
    assert edition == course.current_edition
    newer = publish_course(slug="pins", kind="redo", lessons=[("text", "other", {})])
    again = enrolling.open_enrolment(learner=learner, course=newer)
    assert (again.pk, again.opened_at, again.edition) == (row.pk, opened, edition)


def test_a_course_without_an_edition_cannot_be_opened():
    with pytest.raises(Conflict):
        enrolling.open_enrolment(learner=UserFactory(), course=CourseFactory())


def test_leaving_closes_and_coming_back_reopens_the_same_row():
    course, learner = publish_course(), UserFactory()
    row = enrolling.open_enrolment(learner=learner, course=course)
    enrolling.leave(enrolment=row)
    closed_at = row.closed_at
    assert (row.close_reason, closed_at is None) == ("left", False)
    assert enrolling.leave(enrolment=row).closed_at == closed_at
    back = enrolling.enrol(learner=learner, course=course)
    assert (back.pk, back.closed_at, back.close_reason) == (row.pk, None, "")
    assert back.opened_at is not None


def test_the_next_cycle_closes_the_one_before():
    course, learner = publish_course(), UserFactory()
    first = enrolling.open_enrolment(learner=learner, course=course)
    second = enrolling.start_cycle(enrolment=first)
    first.refresh_from_db()
    assert (first.close_reason, second.cycle, second.opened_at is not None) == ("next_cycle", 2, True)
    with pytest.raises(Conflict):
        enrolling.start_cycle(enrolment=first)
    assert Enrolment.objects.live().get(learner=learner) == second


def test_a_learner_reads_in_their_own_language_if_the_course_has_it():
    texts = {code: CourseTextSpec(title=code, summary=code) for code in ("en", "de")}
    course = publish_course(languages=("en", "de"), texts=texts, modules=MODULES)
    row = enrolling.enrol(learner=UserFactory(language="de"), course=course)
    assert row.language == "de"
    assert enrolling.choose_language(enrolment=row, language="en").language == "en"
    with pytest.raises(InvalidInput):
        enrolling.choose_language(enrolment=row, language="fr")


def test_start_opens_and_goes_to_the_first_lesson(client_of):
    publish_course(slug="go")
    learner = UserFactory()
    answer = client_of(learner).post("/courses/go/do/open/")
    assert answer["Location"] == "/courses/go/first-lesson/"
    assert learner.enrolments.get().opened_at is not None


def test_keeping_for_later_does_not_begin(client_of):
    publish_course(slug="go")
    learner = UserFactory()
    client_of(learner).post("/courses/go/do/enrol/")
    assert learner.enrolments.get().opened_at is None


@pytest.mark.parametrize("verb", ["open", "enrol", "leave", "move", "keep", "language"])
def test_acting_needs_an_account_a_post_and_a_visible_course(client, client_of, verb):
    publish_course(slug="open-to-all")
    publish_course(slug="closed", audience="organisation", organisation=OrganisationFactory())
    signed_in = client_of(UserFactory())
    assert client.post(f"/courses/open-to-all/do/{verb}/")["Location"].startswith("/accounts/login/")
    assert signed_in.get(f"/courses/open-to-all/do/{verb}/").status_code == 405
    assert signed_in.post(f"/courses/closed/do/{verb}/").status_code == 404
    assert not Enrolment.objects.exists()


def test_leaving_by_the_page_asks_first_and_keeps_what_was_done(client_of):
    publish_course(slug="go")
    client = client_of(UserFactory())
    client.post("/courses/go/do/open/")
    assert "Yes, leave" in client.get("/courses/go/").content.decode()
    client.post("/courses/go/do/leave/")
    page = client.get("/courses/go/").content.decode()
    assert "You left this course" in page
    assert "Come back" in page


def redo(client_of):
    learner = UserFactory()
    client = client_of(learner)
    publish_course(slug="renewed", lessons=[("text", "one", {"body": "Old.\n"})])
    client.post("/courses/renewed/do/open/")
    publish_course(slug="renewed", kind="redo", note="All is new.", lessons=[("text", "one", {"body": "New.\n"})])
    return learner, client


def test_a_redo_edition_asks_and_keeping_stops_the_question(client_of):
    learner, client = redo(client_of)
    page = client.get("/courses/renewed/").content.decode()
    assert "There is an edition 2" in page
    assert "All is new." in page
    client.post("/courses/renewed/do/keep/")
    page = client.get("/courses/renewed/").content.decode()
    assert "There is an edition 2" not in page
    assert "Move to edition 2" in page
    assert learner.enrolments.get().edition.number == 1


def test_moving_takes_the_learner_to_the_new_edition(client_of):
    learner, client = redo(client_of)
    client.post("/courses/renewed/do/move/")
    assert learner.enrolments.get().edition.number == 2
    assert "You are on edition 2 now" in client.get("/courses/renewed/").content.decode()
    assert "do/move/" not in client.get("/courses/renewed/").content.decode()
