"""'Was this clear?' is answered in place by the keyboard; its author reads it without a name, beside a film's curve."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from accounts.models import User
from progress.models import VideoSession
from progress.services.counting_films import count_film, curve_for
from tests.courses.films import film_course
from tests.factories.progress import did, opened_enrolment
from tests.journeys.keys import tab_to
from tests.journeys.looking import WIDTHS, is_open

TALL = {"width": WIDTHS["390"]["width"], "height": 2600}  # so that the bar at the foot of a phone covers nothing


def test_what_a_learner_says_of_a_lesson_reaches_its_author_without_a_name(
    transactional_db: None, window_of: Callable[..., Page], instructor: User, trainee: User, tmp_path: Path
):
    course = film_course(tmp_path, slug="lending", owner=instructor, title="Lending by post")
    enrolment = opened_enrolment(learner=trainee, course=course)
    did(enrolment, "film", "opened")
    VideoSession.objects.create(
        enrolment=enrolment, lesson_uid="film", session="tab-one", spans=[[0, 6000]], duration_ms=10_000
    )
    assert count_film(curve_for(course_id=course.pk, lesson_uid="film").pk)

    learner = window_of(trainee, viewport=WIDTHS["390"])
    learner.goto("/courses/lending/after/")
    learner.get_by_role("button", name="Not quite").press("Enter")
    expect(learner.get_by_text("You found it not quite clear.")).to_be_focused()
    tab_to(learner, "^words$")
    learner.keyboard.type("Who pays for the parcel?")
    tab_to(learner, "^Send these words$")
    learner.keyboard.press("Enter")
    expect(learner.get_by_text("You found it not quite clear.")).to_be_focused()

    author = window_of(instructor, viewport=TALL)
    author.goto("/author/courses/lending/learning/")
    main = author.get_by_role("main")
    expect(main).to_contain_text("Who pays for the parcel?")
    expect(main).not_to_contain_text(trainee.name)
    is_open(author)
    main.get_by_role("link", name="The film").press("Enter")
    expect(author.get_by_role("img", name="People who watched each part of the film")).to_be_visible()
    author.get_by_text("Show these numbers as a table").click()
    is_open(author)
