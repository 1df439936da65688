"""Each practice engine played through by keyboard alone on a phone: once perfectly, once badly; the debrief looked at."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from courses.models import Course
from quizzes.engines.base import FormEngine
from quizzes.engines.registry import Engine, Move, engines
from quizzes.engines.scoring import percent, play
from quizzes.models import PracticeRun
from tests.factories.practice import LESSON, publish_practice
from tests.journeys import steps
from tests.journeys.answering import choose, pick, press, set_box, tab_to, write
from tests.journeys.keys import SETTLED
from tests.journeys.looking import ALL, WIDTHS, is_open
from tests.quizzes.engines.test_contract import SHIPPED

pytestmark = pytest.mark.django_db(transaction=True)
# The next step is a form of its own, with its own turn; the last one leads to the debrief.
STEPPED = f"""before => document.querySelector("#desk [name=turn]")?.value !== before && ({SETTLED})()"""
NAMES = sorted({name for name, _case in SHIPPED})
# CI plays one of each kind, filled in, talked through and stepped through; make journeys plays all of them, also badly.
IN_CI, BADLY_IN_CI = {"citation", "conversation", "workflow"}, {"workflow"}


def in_ci(chosen: Collection[str], *names: str) -> list[Any]:
    return [name if name in chosen else pytest.param(name, marks=pytest.mark.thorough) for name in names]


def first_case(name: str) -> dict[str, Any]:
    """The easiest of the cases that an engine comes with."""
    own = [case for engine, case in SHIPPED if engine == name]
    return min(own, key=lambda case: case.get("level", "working") != "basic")


def fill(page: Page, form: Locator, name: str, value: str) -> None:
    """Fill in the control called ``name``, by keyboard alone, whatever it is."""
    control = form.locator(f"[name='{name}']")
    kind = control.first.evaluate("node => node.type")
    if kind == "radio":
        pick(page, form.locator(f"[name='{name}'][value='{value}']"))
    elif kind == "checkbox":
        set_box(page, form.locator(f"[name='{name}'][value='{value}']"), True)
    elif kind.startswith("select"):
        choose(page, control, control.locator(f"option[value='{value}']").inner_text().strip())
    elif kind == "date":
        type_date(page, control, value)
    else:
        write(page, control, value)


def type_date(page: Page, control: Locator, value: str) -> None:
    """Month, day and year in turn, as the browser of these tests asks for them."""
    year, month, day = value.split("-")
    tab_to(page, control)
    page.keyboard.type(f"{month}{day}{year}")


def step(page: Page, move: Move) -> None:
    """Make ``move`` as the page offers it: open what is folded, fill in, press."""
    button = page.locator(f"#do-{move['verb']}")
    folded = page.locator("details:not([open])", has=button)
    if folded.count():
        press(page, folded.locator("summary").first)
    form = page.locator("form", has=button)
    for name, value in move.items():
        if name != "verb":
            for each in value if isinstance(value, list) else [value]:
                fill(page, form, name, str(each))
    press(page, button)


def submit(page: Page, engine: FormEngine, case: Mapping[str, Any], move: Move) -> None:
    """A move of work that is filled in: its answers, and what else it says (the words of a search), then its button."""
    form = page.locator("form[data-practice-form]")
    others = [(name, str(value)) for name, value in move.items() if name not in ("verb", "answers")]
    for name, value in [*engine.fields(case, move.get("answers", {})), *others]:
        fill(page, form, name, value)
    press(page, form.locator(f"button[value={move['verb']}]"))


def walk(page: Page, engine: Engine, case: Mapping[str, Any], moves: list[Move]) -> None:
    for move in moves:
        before = page.locator("#desk [name=turn]").first.input_value()
        with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
            if isinstance(engine, FormEngine):
                submit(page, engine, case, move)
            else:
                step(page, move)
        page.wait_for_function(STEPPED, arg=before)


def begin(page: Page, course: Course) -> None:
    page.goto(f"/courses/{course.slug}/{LESSON}/")
    press(page, page.get_by_role("button", name="Start", exact=True))
    page.wait_for_url("**/practice/runs/*/")


def debriefed(page: Page) -> PracticeRun:
    page.wait_for_url("**/debrief/")
    run = PracticeRun.objects.get()
    expect(page.locator(".figures dd").first).to_have_text(f"{run.percent}%")
    is_open(page)
    return run


def test_nothing_that_was_filled_in_is_lost_by_a_late_script_a_dead_network_or_leaving(
    trainee: User, device: Callable[..., Page]
):
    page = device()
    begin(page, publish_practice(engine="copyright", cases=[first_case("copyright")]))
    address, note, state = page.url, page.locator("#note"), page.locator("[data-practice-state]")
    late: list[Route] = []
    page.route("**/js/practice*.js", lambda route: late.append(route), times=1)
    page.goto(address, wait_until="commit")
    note.fill("Typed early")
    steps.until(lambda: bool(page.title() and late))
    late[0].continue_()
    expect(state).to_have_text("Saved")

    page.context.set_offline(True)
    note.fill("Typed without a network")
    expect(state).to_contain_text("Not saved yet")
    page.context.set_offline(False)
    expect(state).to_have_text("Saved")

    for leave in (
        lambda: page.goto("/practice/"),
        lambda: press(page, page.get_by_role("button", name="Save and leave")),
    ):
        said = note.input_value() + ", and last"
        note.fill(said)
        leave()
        page.wait_for_url(lambda url: "/runs/" not in url)
        # What a page sends with its last breath may arrive after what the next one asks for.
        steps.until(lambda said=said: said in str(PracticeRun.objects.get().state))
        page.goto(address)
    expect(note).to_have_value("Typed without a network, and last, and last")


@pytest.mark.parametrize("size", WIDTHS if ALL else ["390"])
@pytest.mark.parametrize("name", in_ci(IN_CI, *NAMES, "workflow/lend"))
def test_an_engine_is_played_perfectly(name: str, size: str, trainee: User, device: Callable[..., Page]):
    """The mirror of a desk is played in a world made from a seed."""
    name, _slash, side = name.partition("/")
    engine = engines[name]
    case = engine.world(7, "advanced", side) if side else first_case(name)
    page = device(viewport=WIDTHS[size])
    begin(page, publish_practice(engine=name, cases=[case]))
    is_open(page, dark=True)
    walk(page, engine, case, engine.expert(case))

    assert debriefed(page).percent == 100
    expect(page.get_by_role("heading", level=1)).to_contain_text("All of it holds")
    press(page, page.get_by_role("link", name="Replay your run step by step"))
    page.wait_for_url("**/replay/")
    is_open(page)


@pytest.mark.parametrize("size", WIDTHS if ALL else ["390"])
@pytest.mark.parametrize("name", in_ci(BADLY_IN_CI, *NAMES))
def test_an_engine_is_played_badly(name: str, size: str, trainee: User, device: Callable[..., Page]):
    engine, case = engines[name], first_case(name)
    looked = [move for move in engine.expert(case) if isinstance(engine, FormEngine) and move["verb"] != "finish"]
    moves = [*looked, *engine.walk(case, case["paths"][0])]  # what was not looked up cannot be chosen on the page
    over = engine.over(case, play(engine, case, moves))
    page = device(viewport=WIDTHS[size])
    begin(page, publish_practice(engine=name, cases=[case]))
    press(page, page.get_by_role("button", name="Show me a hint"))
    expect(page.get_by_text("Your hint", exact=True)).to_be_visible()
    page.wait_for_function(SETTLED)
    walk(page, engine, case, moves)
    if not over:
        press(page, page.get_by_text("End it here", exact=True))
        press(page, page.get_by_role("button", name="End it and show me the debrief"))

    run = debriefed(page)
    assert run.percent == percent(engine.grade(case, run.state), run.hinted) < 100
    expect(page.get_by_role("heading", name="Worth another look", exact=True)).to_be_visible()
