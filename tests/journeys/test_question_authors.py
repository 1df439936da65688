"""What authors do around questions and quizzes: no page has a barrier, and everything goes by keyboard alone."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files import File
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from courses.models import Course
from quizzes import jobs_evidence, jobs_exchange
from quizzes.models import Bank, Marking, Question, QuestionImport, Regrade
from quizzes.services import analysing, importing, regrading
from quizzes.services.answering import save_answer
from quizzes.services.filing import bank_of
from quizzes.services.grading import finish
from quizzes.services.granting import give_extra_time
from tests.factories.accounts import UserFactory
from tests.factories.questions import contents, question_in
from tests.factories.quizzes import QUIZ, essay, option, publish_quiz, single, slots_of, start_attempt
from tests.journeys import steps
from tests.journeys.answering import listed, pick, press, set_box, tab_to, write
from tests.journeys.looking import ALL, WIDTHS, faults, too_wide, unroll

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "lending"
GIFT = "::Due date:: When is it due? {=Friday#Right. ~Monday#Too soon.}\n\n::Nothing:: No key {~a ~b}\n"
TEXT = "Your loan is due on Thursday, because another library waits for it."


@dataclass(frozen=True)
class World:
    """A course of Hana's whose quiz had a wrong key, is corrected, and was taken; one answer waits to be marked."""

    course: Course
    bank: Bank
    asked: Question
    source: QuestionImport
    regrade: Regrade


def keyed(right: str) -> dict[str, Any]:
    return single("Q-1", options=[option(name, right=name == right) for name in "abcd"])


def published(author: User, right: str) -> Course:
    return publish_quiz(
        slug=SLUG,
        owner=author,
        organisation=author.memberships.get().organisation,
        questions=[keyed(right), single("Q-2"), essay()],
        asking={"time_limit": 20},
    )


def take(learner: User, course: Course, *answers: Any) -> None:
    attempt = start_attempt(learner, course)
    for slot, answer in zip(slots_of(attempt), answers, strict=True):
        if answer is not None:
            save_answer(slot=slot, answer=answer, client_id="laptop", seq=1)
    finish(attempt=attempt)


def read_file(bank: Bank, author: User) -> QuestionImport:
    source = importing.begin(bank=bank, file=File(BytesIO(GIFT.encode())), name="week.gift", by=author)
    assert jobs_exchange.go_on(source.pk)
    return source


def tried(course: Course, author: User) -> Regrade:
    row = regrading.begin(course=course, question=Question.objects.get(uid="Q-1"), actor=author)
    assert jobs_evidence.regrade(row.pk)
    return row


def computed(course: Course) -> None:
    row = analysing.analysis_for(course_id=course.pk, lesson_uid=QUIZ, which=analysing.Which())
    analysing.want(row)
    assert analysing.analyse(row.pk)


@pytest.fixture
def world(transactional_db: None, instructor: User, trainee: User) -> World:
    course = published(instructor, "b")
    for answers in (("b", "b"), ("c", "b"), ("c", "a"), ("a", "b")):
        take(UserFactory(), course, *answers, None)
    take(trainee, course, "c", "b", TEXT)
    give_extra_time(course=course, learner=trainee, percent=25, by=instructor)
    published(instructor, "c")
    bank = bank_of(course)
    question_in(bank, contents()["match"], topic="Loans", tags=("desk",))
    computed(course)
    asked = Question.objects.get(uid="Q-1")
    return World(course, bank, asked, read_file(bank, instructor), tried(course, instructor))


@pytest.fixture
def hana(window_of: Callable[..., Page], instructor: User) -> Page:
    return window_of(instructor, viewport=WIDTHS["1280"])


def places(world: World) -> list[str]:
    asked, source = world.asked.pk, f"/author/questions/import/{world.source.pk}/"
    essay_slot = slots_of(world.course.enrolments.get(learner__name="Rosa Delgado").attempts.get())[2]
    return [
        "/author/questions/",
        "/author/questions/new/",
        *(f"/author/questions/new/{kind}/" for kind in ("single", "cloze", "hotspot")),
        f"/author/questions/{asked}/preview/?behaviour=certainty",
        "/author/questions/import/",
        source,
        f"{source}?show=refused",
        f"/author/questions/export/?bank={world.bank.slug}",
        f"/author/courses/{SLUG}/quizzes/{QUIZ}/?q=about",
        "/author/marking/",
        f"/author/marking/{essay_slot.pk}/",
        f"/author/courses/{SLUG}/extra-time/?person=Rosa",
        f"/author/courses/{SLUG}/extra-time/{world.course.extra_times.get().pk}/remove/",
        "/author/analysis/",
        f"/author/analysis/{SLUG}/{QUIZ}/",
        "/author/regrades/",
        f"/author/regrades/new/?question={asked}&course={SLUG}",
        f"/author/regrades/{world.regrade.pk}/",
    ]


def test_no_page_has_a_barrier(world: World, hana: Page):
    """CI looks at everything when it is wide and light, and at the width on a telephone."""
    wrong = []
    for place in places(world):
        answer = hana.goto(place)
        assert answer is not None
        assert answer.status == 200, place
        for name, size in WIDTHS.items():
            unroll(hana, size)
            found = faults(hana, dark=ALL) if ALL or name == "1280" else too_wide(hana)
            wrong += [f"{place} at {name}: {each}" for each in found]
    assert not wrong, "\n".join(wrong)


def link(page: Page, name: str) -> Locator:
    return page.locator("main").get_by_role("link", name=name).first


def button(page: Page, name: str) -> Locator:
    return page.locator("main").get_by_role("button", name=name).first


def follow(page: Page, target: Locator) -> None:
    """Press it and wait for the page that comes."""
    with page.expect_navigation():
        press(page, target)


def test_a_question_is_written_tried_and_taken_out_by_keyboard_alone(world: World, hana: Page):
    hana.goto("/author/questions/")
    follow(hana, link(hana, "New question"))
    follow(hana, link(hana, "True or false"))
    write(hana, hana.get_by_label("Question", exact=True), "Does a loan end?")
    for at, text in enumerate(("True", "False")):
        write(hana, hana.locator(f"#q-options-{at}-text"), text)
    set_box(hana, hana.locator("#q-options-0-right"), True)
    follow(hana, button(hana, "Save and mark as ready"))
    expect(hana.get_by_text("Ready. Quizzes take these words from now on")).to_be_visible()
    written = Question.objects.latest("pk")
    assert written.ready is not None

    follow(hana, link(hana, "Try it"))
    pick(hana, listed(hana, "True"))
    follow(hana, button(hana, "Hand in"))
    expect(hana.locator("#feedback")).to_contain_text("That is right")

    hana.goto("/author/questions/?q=loan+end")
    set_box(hana, hana.locator("input[name=question]"), True)
    follow(hana, button(hana, "Export"))
    pick(hana, hana.get_by_label("GIFT"))
    with hana.expect_download() as download:
        press(hana, button(hana, "Download"))
    assert "Does a loan end?" in Path(download.value.path()).read_text()


def test_a_question_outlives_a_session_that_ended_and_a_slow_network(world: World, hana: Page):
    hana.goto("/author/questions/new/single/")
    stem, first = hana.get_by_label("Question", exact=True), hana.locator("#q-options-0-text")
    stem.fill("Who pays for the post?")
    held: list[Route] = []
    hana.route("**/new/single/", lambda route: held.append(route), times=1)
    hana.locator("button[value='add:options']").click()
    steps.until(lambda: bool(hana.title() and held))
    hana.keyboard.type("Typed while the list is drawn")
    expect(first).to_have_value("")  # nothing is taken that the new form would not have
    held[0].continue_()
    expect(hana.locator("#question-form")).not_to_have_attribute("inert", "")
    first.fill("The borrower")

    name = settings.SESSION_COOKIE_NAME
    [session] = [each for each in hana.context.cookies() if each["name"] == name]
    hana.context.clear_cookies(name=name)
    button(hana, "Save the draft").click()
    expect(hana.locator("[data-guard-said]")).to_contain_text("Not saved: you are signed out")
    hana.context.add_cookies([session])
    follow(hana, button(hana, "Save the draft"))
    assert (stem.input_value(), first.input_value()) == ("Who pays for the post?", "The borrower")


def test_a_file_is_taken_in_by_keyboard_alone(world: World, hana: Page, tmp_path: Path):
    (tmp_path / "more.gift").write_text(GIFT.replace("Due date", "Another date"))
    # Heard from the first page on: the browser begins to hand choosers over some time after it is asked to.
    hana.on("filechooser", lambda chooser: None)
    hana.goto("/author/questions/")
    follow(hana, link(hana, "Import"))
    tab_to(hana, hana.get_by_label("File of questions"))
    with hana.expect_file_chooser() as chooser:
        hana.keyboard.press("Space")
    chooser.value.set_files(tmp_path / "more.gift")
    follow(hana, button(hana, "Read the file"))
    assert jobs_exchange.go_on(QuestionImport.objects.latest("pk").pk)
    expect(link(hana, "Cannot be taken")).to_be_visible()  # a page that waits for a job loads itself anew
    follow(hana, link(hana, "Cannot be taken"))
    expect(hana.get_by_role("rowheader", name="Nothing")).to_be_visible()
    follow(hana, button(hana, "Take 1 question"))
    assert jobs_exchange.go_on(QuestionImport.objects.latest("pk").pk)
    assert Question.objects.latest("pk").name == "Another date"


@pytest.mark.thorough
def test_settings_marks_and_extra_time_are_given_by_keyboard_alone(world: World, hana: Page):
    hana.goto(f"/author/courses/{SLUG}/quizzes/{QUIZ}/")
    write(hana, hana.get_by_label("Time limit"), "30")
    set_box(hana, hana.get_by_label("Mark without names"), True)
    follow(hana, button(hana, "Save the settings"))
    expect(hana.get_by_label("Time limit")).to_have_value("30")

    follow(hana, link(hana, "Extra time"))
    write(hana, hana.get_by_label("Learner", exact=True), "Rosa")
    follow(hana, button(hana, "Look for them"))
    pick(hana, hana.get_by_label("Rosa Delgado"))
    write(hana, hana.get_by_label("Extra time in percent"), "50")
    follow(hana, button(hana, "Give extra time"))
    expect(hana.get_by_text("Rosa Delgado has 50% more time from now on.")).to_be_visible()

    follow(hana, hana.get_by_role("navigation", name="Author").get_by_role("link", name="Marking"))
    follow(hana, link(hana, "Tell a patron"))
    pick(hana, hana.locator("input[name='level.facts'][value=l2]"))
    pick(hana, hana.locator("input[name='level.tone'][value=l3]"))
    expect(hana.get_by_role("status").filter(has_text="5 of 5 points")).to_be_visible()
    write(hana, hana.get_by_label("Comment for the learner"), "Warm and exact.")
    follow(hana, button(hana, "Save the mark"))
    expect(hana.get_by_text("Marked. Nothing else waits.")).to_be_visible()
    assert Marking.objects.get().fraction == 1


def test_a_quiz_is_looked_into_and_graded_again_by_keyboard_alone(world: World, hana: Page):
    hana.goto("/author/analysis/")
    follow(hana, link(hana, "What you know now"))
    follow(hana, button(hana, "Compute again"))
    follow(hana, link(hana, "Look again"))  # for who has no script; with it the page looks by itself
    assert jobs_evidence.sweep_evidence()["analysed"] == 1
    expect(hana.get_by_text("Computed on")).to_be_visible()

    hana.goto("/author/analysis/")
    follow(hana, link(hana, "Corrections and re-grading"))
    follow(hana, hana.locator("main table").get_by_role("link").first)
    pick(hana, hana.get_by_label("Every result, up or down"))
    write(hana, hana.get_by_label("What was wrong"), "The key was c.")
    follow(hana, button(hana, "Apply the correction"))
    assert jobs_evidence.regrade(world.regrade.pk)
    expect(hana.get_by_text("Applied by Hana Whitcomb")).to_be_visible()
