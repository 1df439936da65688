"""The checklist before publishing, on the outline, on the publish page and beside a lesson."""

import pytest
from django.test import Client

from courses.advice import reading
from courses.models import LessonText, LinkCheck
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db

HERE = "/author/courses/lending/"
HTMX = {"HX-Request": "true"}
LINKED = {"body": "Read [this](https://example.org/gone) first.\n", "minutes": 3}


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def course_of(owner, *lessons, **more):
    return draft_course(slug="lending", owner=owner, lessons=lessons, **more)


def entries(found) -> dict[str, list[str]]:
    return {entry.title: list(entry.sentences) for entry in found}


def test_a_video_lesson_without_a_video_says_so_on_its_page(client, owner):
    course_of(owner, ("video", "film", {"body": "", "video": {}}))
    page = client.get(f"{HERE}lessons/film/")
    assert page.context["faults"] == ["There is no video in this lesson yet; upload one, or make one from slides."]
    assert "upload one, or make one from slides.</span>" in page.content.decode()


def test_what_forbids_publishing_stands_apart_from_what_may_be_left(client, owner):
    course = course_of(owner, ("text", "one", LINKED), ("text", "two", {"body": ""}), ("text", "three", {}))
    course.lessons.filter(uid="three").update(ready=False)
    answer = client.get(f"{HERE}?check=1")
    told = answer.context["checklist"]
    assert not told.is_clear
    assert set(entries(told.blocking)) == {"Lesson two", "Lesson three"}
    assert entries(told.advice) == {"Lesson one": ["A link reads “this”; let its words say where it goes."]}
    page = answer.content.decode()
    assert "1 hint that you may leave" in page
    assert f'href="{HERE}lessons/two/"' in page
    assert "Nothing forbids publishing" not in page


def test_what_a_course_does_not_say_of_itself_leads_to_where_it_is_said(client, owner):
    course = course_of(owner, ("text", "one", {}))
    course.texts.update(summary="")
    for page in (f"{HERE}?check=1", f"{HERE}publish/"):
        told = client.get(page).context["checklist"].blocking
        assert [(entry.title, entry.url) for entry in told] == [("The course itself", f"{HERE}details/")]


def test_hints_forbid_nothing_and_stand_on_the_publish_page_too(client, owner):
    course_of(owner, ("text", "one", LINKED))
    for address in (f"{HERE}?check=1", f"{HERE}publish/"):
        answer = client.get(address)
        assert answer.context["checklist"].is_clear, address
        assert "Nothing forbids publishing" in answer.content.decode()
        assert "A link reads “this”" in answer.content.decode()
    assert client.post(f"{HERE}publish/", {"kind": "minor", "note": "First", "when": "now"}).status_code == 302


def test_a_link_that_was_found_dead_is_told_beside_its_lesson(client, owner):
    course_of(owner, ("text", "one", {**LINKED, "body": "Read [the code](https://example.org/gone) first.\n"}))
    row = LinkCheck.objects.create(url="https://example.org/gone")
    assert entries(client.get(f"{HERE}?check=1").context["checklist"].advice) == {}
    LinkCheck.objects.filter(pk=row.pk).update(ok=False, said="status-404")
    (said,) = entries(client.get(f"{HERE}?check=1").context["checklist"].advice)["Lesson one"]
    assert "https://example.org/gone" in said
    assert said in [each.sentence for each in client.get(f"{HERE}lessons/one/").context["advice"].of_rest]


def test_a_language_that_a_lesson_lacks_is_told(client, owner):
    course_of(owner, ("text", "one", {}), languages=("en", "es"))
    assert any(
        "español" in each for each in entries(client.get(f"{HERE}?check=1").context["checklist"].advice)["Lesson one"]
    )


def test_the_page_of_a_lesson_guesses_its_minutes_and_so_does_each_save(client, owner):
    course_of(owner, ("text", "one", {"body": "Word. " * 800 + "\n", "minutes": 1}))
    page = client.get(f"{HERE}lessons/one/")
    assert page.context["advice"].minutes == 4
    assert "About 4 min to read and play." in page.content.decode()
    text = LessonText.objects.get()
    data = {"title": "One", "minutes": 1, "body": "See [here](https://example.org/).\n", "version": text.version}
    told = client.post(f"{HERE}lessons/one/save/", data).json()
    assert told["estimate"] == 1
    assert [each["sentence"] for each in told["advice"]] == ["A link reads “here”; let its words say where it goes."]


def test_the_check_of_a_long_course_takes_as_many_statements_and_reads_no_text_twice(client, owner, monkeypatch):
    for count, slug in ((5, "short"), (200, "lending")):
        lessons = [("text", f"l-{n}", {"body": f"[Here](https://example.org/{n}) number {n}.\n"}) for n in range(count)]
        draft_course(slug=slug, owner=owner, lessons=lessons)
    parsed = []
    view = reading.view_of
    monkeypatch.setattr(reading, "view_of", lambda *given, **more: parsed.append(given) or view(*given, **more))
    client.get(f"{HERE}outline/check/", headers=HTMX)
    assert len(parsed) == 200
    long = count_statements(lambda: client.get(f"{HERE}outline/check/", headers=HTMX))
    assert len(parsed) == 200, "the second time nothing is parsed"
    client.get("/author/courses/short/outline/check/", headers=HTMX)
    short = count_statements(lambda: client.get("/author/courses/short/outline/check/", headers=HTMX))
    assert long == short <= 18


def test_a_quiz_without_a_pass_mark_of_its_own_and_with_one_question_is_advised_on(client, owner):
    course = course_of(
        owner, ("quiz", "test", {"questions": [{"uid": "a", "type": "truefalse", "prompt": "Is it so?"}]})
    )
    course.lessons.update(rule={})
    said = " ".join(entries(client.get(f"{HERE}?check=1").context["checklist"].advice)["Lesson test"])
    assert "names no pass mark: 80 percent" in said
    assert "asks 1 question;" in said
    course.lessons.update(rule={"pass_mark": 60})
    assert "pass mark" not in " ".join(
        entries(client.get(f"{HERE}?check=1").context["checklist"].advice)["Lesson test"]
    )
