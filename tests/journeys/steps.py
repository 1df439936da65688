"""What people do on the site, in their words. A journey calls these and looks at what it sees."""

import html
import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from playwright.sync_api import Browser, Locator, Page, expect

from quizzes.engines.base import FormEngine
from quizzes.engines.registry import engines
from tests.plugins.site import PASSWORD, Site

COURSE = "ill-borrowing-101"
TITLE = "ILL Borrowing 101"
FOLDER = Path(__file__).resolve().parent.parent.parent / "media" / "courses" / COURSE
ZONE = "America/Denver"  # of Alder Valley University, and of everybody here: due days begin and end there
SHORTEST_VIDEO = "building-a-list-of-five"
_numbers = itertools.count(1)
expect.set_options(timeout=15_000)  # a machine that runs everything else beside it may be slow


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    password: str = PASSWORD


MARCUS = Person("Marcus Oyelaran", "marcus.oyelaran@example.org")
PRIYA = Person("Priya Raman", "priya.raman@example.org")
OWEN = Person("Owen Brightwater", "owen.brightwater@example.org")
HANA = Person("Hana Whitcomb", "hana.whitcomb@example.org")


def newcomer(name: str) -> Person:
    """Somebody who has no account yet: ``name``, with an address that no other journey uses."""
    local = re.sub(r"[^a-z]+", ".", name.lower())
    return Person(name, f"{local}.{next(_numbers)}.{time.time_ns() % 10**9}@example.org", "four words that I picture")


# Coming in


def visit(browser: Browser, site: Site, **options: Any) -> Page:
    """A browser of one's own, at nobody's name yet."""
    options.setdefault("viewport", {"width": 1280, "height": 900})
    options.setdefault("timezone_id", ZONE)
    context = browser.new_context(base_url=site.url, **options)
    context.set_default_timeout(20_000)
    return context.new_page()


def sign_up(page: Page, person: Person, *, join_code: str = "") -> None:
    if "/accounts/signup/" not in page.url:
        page.goto("/accounts/signup/")
    page.get_by_label("Your name").fill(person.name)
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(person.password)
    if join_code:
        page.get_by_label("Join code").fill(join_code)
    page.get_by_role("button", name="Make my account").click()
    expect(account_menu(page)).to_be_visible()


def sign_in(page: Page, person: Person, *, shared_computer: bool = False) -> None:
    if "/accounts/login/" not in page.url:
        page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(person.password)
    if shared_computer:
        page.get_by_label("This is a shared computer").check()
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def account_menu(page: Page) -> Locator:
    return page.locator("details.account > summary")


def sign_out(page: Page) -> None:
    account_menu(page).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def visit_as(browser: Browser, site: Site, person: Person, **options: Any) -> Page:
    page = visit(browser, site, **options)
    sign_in(page, person)
    return page


def visit_as_newcomer(browser: Browser, site: Site, name: str, **options: Any) -> tuple[Page, Person]:
    page, person = visit(browser, site, **options), newcomer(name)
    sign_up(page, person)
    return page, person


def second_device(browser: Browser, page: Page, **options: Any) -> Page:
    """The same person on another device: signed in, but nothing of the first device's own memory."""
    base = "/".join(page.url.split("/")[:3])
    context = browser.new_context(base_url=base, viewport={"width": 390, "height": 844}, **options)
    context.set_default_timeout(20_000)
    context.add_cookies(page.context.cookies())
    return context.new_page()


# The course folder, which says what is right


@dataclass(frozen=True)
class Lesson:
    """``questions`` are those of a quiz or check; a practice has its ``engine`` and ``cases``."""

    uid: str
    kind: str
    title: str
    questions: tuple[dict[str, Any], ...] = ()
    engine: str = ""
    cases: tuple[dict[str, Any], ...] = ()


def lessons() -> list[Lesson]:
    """The lessons of the starter course in their order, with their check or quiz questions."""
    course = yaml.safe_load((FOLDER / "course.yaml").read_text())
    return [_lesson(uid) for module in course["modules"] for uid in module["lessons"]]


def _lesson(uid: str) -> Lesson:
    quiz = FOLDER / "lessons" / f"{uid}.yaml"
    if quiz.exists():
        spec = yaml.safe_load(quiz.read_text())
        if spec["kind"] == "practice":
            return Lesson(uid, "practice", spec["title"], engine=spec["engine"], cases=tuple(spec["cases"]))
        return Lesson(uid, "quiz", spec["title"], tuple(spec["questions"]))
    _, head, body = (FOLDER / "lessons" / f"{uid}.md").read_text().split("---\n", 2)
    spec = yaml.safe_load(head)
    checks = re.findall(r"```check\n(.*?)```", body, re.DOTALL)
    return Lesson(uid, spec["kind"], spec["title"], tuple(yaml.safe_load(each) for each in checks))


def letters(text: str) -> str:
    """Words without the marks that typesetting may change."""
    return re.sub(r"[^a-z0-9]+", " ", html.unescape(text).lower()).strip()


def asked(stem: str) -> dict[str, Any]:
    """The question of the quiz that reads ``stem``."""
    quiz = next(lesson for lesson in lessons() if lesson.kind == "quiz")
    return next(question for question in quiz.questions if letters(question["stem"]) == letters(stem))


# Learning


def lesson_url(uid: str) -> str:
    return f"/courses/{COURSE}/{uid}/"


def start_course(page: Page) -> None:
    """From the catalogue into the first lesson."""
    page.goto("/courses/")
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1, name=lessons()[0].title)).to_be_visible()
    page.wait_for_load_state()


def read_transcript(page: Page) -> None:
    page.get_by_role("button", name="I have read the transcript").click()
    expect(page.locator("#lesson-meta")).to_contain_text("Done")


def do_lesson(page: Page, lesson: Lesson) -> None:
    """Do the lesson that is open the quick way, and go on to the next."""
    expect(page.get_by_role("heading", level=1)).to_have_text(lesson.title)
    where = page.url
    if lesson.kind == "video":
        read_transcript(page)
        page.get_by_role("link", name="Next lesson").click()
    elif lesson.kind == "practice":
        practise(page, lesson)
        page.get_by_role("link", name="Next lesson").click()
    elif lesson.kind == "text":
        page.get_by_role("button", name="Done, next lesson").click()
    page.wait_for_url(lambda url: url != where)


def practise(page: Page, lesson: Lesson) -> None:
    """The first case, as an expert goes through it, without looking at the pages in between (test_practice does)."""
    page.get_by_role("button", name="Start", exact=True).first.click()
    page.wait_for_url("**/practice/runs/*/")
    desk, engine = page.url, engines[lesson.engine]
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    for turn, move in enumerate(engine.expert(lesson.cases[0])):
        fields = {"verb": str(move["verb"]), "turn": str(turn), "csrfmiddlewaretoken": token}
        if isinstance(engine, FormEngine):
            form = [*engine.fields(lesson.cases[0], move.get("answers", {})), *fields.items()]
            form += [(name, str(value)) for name, value in move.items() if name not in ("verb", "answers")]
        else:
            form = [
                *fields.items(),
                *((name, each) for name, value in move.items() if name != "verb" for each in listed(value)),
            ]
        answer = page.request.post(
            f"{desk}do/",
            data=urlencode(form),
            headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": desk},
        )
        assert answer.ok, answer.text()[:500]
    page.goto(desk)
    page.wait_for_url("**/debrief/")
    page.get_by_role("link", name="Back to the lesson").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(lesson.title)


def listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def do_everything_but_the_quiz(page: Page) -> None:
    page.goto(lesson_url(lessons()[0].uid))
    for lesson in lessons():
        if lesson.kind != "quiz":
            do_lesson(page, lesson)
    expect(page.get_by_role("heading", level=1, name=lessons()[-1].title)).to_be_visible()


def options_of(page: Page, question: dict[str, Any], *, right: bool) -> list[Locator]:
    """The inputs of the options to choose: all right ones, or the first wrong one."""
    chosen = [letters(each["text"]) for each in question["options"] if each["right"] == right]
    wanted = chosen if right else chosen[:1]
    labels = page.locator("label.choice")
    return [
        labels.nth(at).locator("input") for at, text in enumerate(labels.all_inner_texts()) if letters(text) in wanted
    ]


def answer_question(page: Page, *, right: bool = True) -> None:
    """Answer the question of the quiz that is shown."""
    question = asked(page.locator("#stem").inner_text())
    for option in options_of(page, question, right=right):
        option.check()


def take_quiz(page: Page, *, right: bool = True) -> None:
    """From the quiz's first page to its result."""
    page.get_by_role("button", name=re.compile("Start the quiz|Try the quiz again|Go on")).click()
    page.wait_for_url(re.compile(r"/quiz/\d+/$"))
    for _ in range(len(lessons()[-1].questions)):
        where = page.url
        answer_question(page, right=right)
        page.get_by_role("button", name=re.compile("Next question|Look back and hand in")).last.click()
        page.wait_for_url(lambda url, where=where: url != where)
    expect(page.get_by_role("heading", name="Every question has an answer")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    page.wait_for_url("**/quiz/result/")


def finish_course(page: Page) -> None:
    """Everything, the quick way, to the result of the quiz."""
    do_everything_but_the_quiz(page)
    take_quiz(page)


# Waiting for what the worker does


def until(look: Callable[[], Any], *, seconds: float = 120, pause: float = 0.5) -> Any:
    """What ``look`` returns as soon as it is something; fails when it stays nothing."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, f"Nothing came in {seconds} seconds."
        time.sleep(pause)
    return seen


def mails_to(site: Site, person: Person, words: str = "") -> list[EmailMessage]:
    """The mails to ``person`` whose subject has ``words``."""
    return [
        mail
        for mail in site.mails()
        if person.email in str(mail["To"]) and words.lower() in str(mail["Subject"]).lower()
    ]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None, "Every mail has a plain part."
    return str(body.get_content())


def links_in(mail: EmailMessage) -> list[str]:
    return re.findall(r"https?://[^\s<>)]+", text_of(mail))


# Leading people


def open_team(manager: Page, name: str, *supervisors: Person) -> str:
    """A new team of the manager's library; the code with which trainees join it."""
    manager.goto("/organisation/alder-valley/teams/")
    manager.get_by_label("Name of the team").fill(name)
    manager.get_by_role("button", name="Open the team").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text(name)
    for person in supervisors:
        manager.get_by_label("Person").fill(person.email)
        manager.locator("#found li", has_text=person.email).get_by_role("button", name="Add as supervisor").click()
        expect(manager.get_by_role("link", name=person.name)).to_be_visible()
    manager.goto("/organisation/alder-valley/codes/")
    manager.get_by_label(re.compile("^Team")).select_option(label=name)
    manager.get_by_role("button", name="Make the code").click()
    return manager.locator("li.row", has_text=name).locator("p.title").inner_text()
