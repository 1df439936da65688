"""A supervisor: assigns a course to a team, watches the numbers, reminds, changes the date, takes it back."""

import datetime as dt
import time
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import steps
from tests.plugins.site import Site

LONGEST = dt.timedelta(minutes=3)


def now() -> dt.datetime:
    return dt.datetime.now(ZoneInfo(steps.ZONE))


def day_in(days: int) -> dt.date:
    return now().date() + dt.timedelta(days=days)


@pytest.fixture(autouse=True)
def one_day() -> None:
    """Due days are counted from today, so no journey here begins before midnight and ends after it."""
    if (later := now() + LONGEST).date() != day_in(0):
        midnight = later.replace(hour=0, minute=0, second=0, microsecond=0)
        time.sleep((midnight - now()).total_seconds() + 1)


def spoken(day: dt.date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def figure(page: Page, name: str) -> Locator:
    return page.locator(".figures > div", has=page.get_by_text(name, exact=True)).locator("dd")


def assign(page: Page, team: str, *, due_on: dt.date, note: str = "") -> None:
    page.get_by_role("link", name="Assign a course", exact=True).click()
    form = page.locator("form#assign")
    form.get_by_label("Course").select_option(label=f"{steps.TITLE} (BOR 101)")
    form.get_by_label(f"Everyone in {team}").check()
    form.get_by_label("Due date").fill(due_on.isoformat())
    if note:
        form.get_by_label("A line from you").fill(note)


@pytest.fixture
def team() -> str:
    return f"Night desk {time.time_ns() % 10**6}"


@pytest.fixture
def join_code(browser: Browser, site: Site, team: str) -> str:
    manager = steps.visit_as(browser, site, steps.PRIYA)
    return steps.open_team(manager, team, steps.MARCUS, steps.OWEN)


def test_assigning_to_a_team_reminding_changing_and_taking_back(
    browser: Browser, site: Site, team: str, join_code: str
):
    anna, ben = steps.newcomer("Anna Okafor"), steps.newcomer("Ben Castillo")
    annas, bens = steps.visit(browser, site), steps.visit(browser, site)
    steps.sign_up(annas, anna, join_code=join_code)
    steps.sign_up(bens, ben, join_code=join_code)

    page = steps.visit_as(browser, site, steps.MARCUS)
    page.goto("/team/")
    page.get_by_role("combobox", name="Team").select_option(label=f"{team} (2)")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(team)
    expect(figure(page, "Due in the next 7 days")).to_have_text("0")
    overview = page.url

    assign(page, team, due_on=day_in(1), note="The night desk opens on Monday.")
    page.get_by_role("button", name="Assign to 2 people").click()
    expect(page.get_by_text("Assigned to 2 people")).to_be_visible()
    page.goto(overview)
    expect(figure(page, "Due in the next 7 days")).to_have_text("2")

    annas.goto("/home/")
    todo = annas.get_by_role("region", name="Assigned to you")
    expect(todo).to_contain_text(steps.TITLE)
    expect(todo).to_contain_text("The night desk opens on Monday.")
    expect(todo).to_contain_text(f"due {spoken(day_in(1))}, tomorrow")

    site.manage("run_reminders")  # or the scheduler was faster, as it is every quarter of an hour
    for person in (anna, ben):
        assert len(steps.until(lambda who=person: steps.mails_to(site, who, f"Due tomorrow: {steps.TITLE}"))) == 1
    again = site.counts("run_reminders")
    assert (again["due_soon"], again["overdue"]) == (0, 0)
    assert len(steps.mails_to(site, anna, "Due tomorrow")) == 1

    change_date(page, team, day_in(12))
    annas.reload()
    expect(todo).to_contain_text(f"due {spoken(day_in(12))}")

    assignment = page.locator("li.row", has_text=team)
    assignment.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("is taken back. Nobody owes it any more.")).to_be_visible()
    annas.reload()
    expect(todo).to_contain_text("Nothing is assigned to you")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The assignment is back, with its dates.")).to_be_visible()
    annas.reload()
    expect(todo).to_contain_text(f"due {spoken(day_in(12))}")


def change_date(page: Page, team: str, day: dt.date) -> None:
    page.goto("/team/assignments/")
    page.locator("li.row", has_text=team).get_by_role("link", name="Change date").click()
    page.get_by_label("New date").fill(day.isoformat())
    page.get_by_role("button", name="Change the date").click()
    expect(page.locator("li.row", has_text=team)).to_contain_text(f"Due {spoken(day)}")


def test_two_supervisors_see_the_same_reasons(browser: Browser, site: Site, team: str, join_code: str):
    chidi = steps.newcomer("Chidi Eze")
    chidis = steps.visit(browser, site)
    steps.sign_up(chidis, chidi, join_code=join_code)
    marcus = steps.visit_as(browser, site, steps.MARCUS)
    marcus.goto("/team/assignments/")
    assign(marcus, team, due_on=day_in(30))
    marcus.get_by_role("button", name="Assign to 1 person").click()
    expect(marcus.get_by_text("Assigned to 1 person")).to_be_visible()

    first = steps.lessons()[0]
    chidis.goto(f"/courses/{steps.COURSE}/")
    expect(chidis.get_by_role("main")).to_contain_text("Assigned by Marcus Oyelaran")
    chidis.get_by_role("button", name="Start").click()
    steps.do_lesson(chidis, first)

    marcus.goto("/team/")
    marcus.get_by_label("Find a person").fill("Chidi")
    expect(marcus.get_by_role("row")).to_have_count(2)
    marcus.get_by_role("link", name="Chidi Eze", exact=True).click()
    why = marcus.get_by_role("region", name="Why is it not complete?")
    total = len(steps.lessons())
    expect(why).to_contain_text(f"{total - 1} things are missing")
    expect(why).to_contain_text(f"1 of {total} lessons")
    expect(why.get_by_role("link", name=steps.lessons()[1].title)).to_be_visible()

    owen = steps.visit_as(browser, site, steps.OWEN)
    owen.goto(marcus.url)
    his = owen.get_by_role("region", name="Why is it not complete?").inner_text()
    assert his.replace("by Marcus Oyelaran", "by you") == why.inner_text()

    chidis.goto("/me/")
    expect(chidis.get_by_role("region", name="Why is it not complete?")).to_contain_text(steps.lessons()[1].title)


def test_assigning_needs_no_script(browser: Browser, site: Site, team: str, join_code: str):
    dora = steps.newcomer("Dora Lindqvist")
    doras = steps.visit(browser, site, java_script_enabled=False)
    steps.sign_up(doras, dora, join_code=join_code)
    page = steps.visit_as(browser, site, steps.MARCUS, java_script_enabled=False)
    page.goto("/team/")
    assign(page, team, due_on=day_in(-1))
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label("Due date").fill(day_in(3).isoformat())
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("Assigned to 1 person")).to_be_visible()
    doras.goto("/home/")
    expect(doras.get_by_role("region", name="Assigned to you")).to_contain_text(steps.TITLE)
