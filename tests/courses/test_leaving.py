"""Hints that an author leaves: out of sight, shown again, and back by themselves when what they are about changes."""

import pytest
from django.test import Client

from courses.models import CourseEditor, HintLeft, LessonText
from courses.services.outline_check import check_draft
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import draft_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db

HERE = "/author/courses/lending/"
HINTS = f"{HERE}outline/hints/"
HTMX = {"HX-Request": "true"}
BODY = "Read [this](https://example.org/a) first, and fill in the red ones.\n"
LINK = "A link reads “this”; let its words say where it goes."


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def course(owner):
    return draft_course(slug="lending", owner=owner, lessons=[("text", "one", {"title": "One", "body": BODY})])


def sentences(course, uid: str = "one") -> list[str]:
    return [each.sentence for each in check_draft(course).advice.findings.get(uid, ())]


def word(course, sentence: str, uid: str = "one") -> str:
    advice = check_draft(course).advice
    found = [*advice.findings.get(uid, ()), *advice.left.get(uid, ())]
    return f"{uid}:{next(each.mark for each in found if each.sentence == sentence)}"


def write(body: str) -> None:
    LessonText.objects.update(content={"body": body, "source_format": "md"})


def test_a_hint_that_is_left_is_out_of_sight_everywhere_and_the_others_stay(client, course, owner):
    here = word(course, LINK)
    answer = client.post(HINTS, {"leave": here}, follow=True)
    assert answer.redirect_chain == [(f"{HERE}?check=1&left={here}#before", 302)]
    assert answer.context["checklist"].hints == 1
    page = answer.content.decode()
    assert "1 hint left" in page
    assert f"Left: {LINK}" in page
    lesson = client.get(f"{HERE}lessons/one/")
    assert LINK not in [each.sentence for each in lesson.context["advice"].of_words]
    assert "1 hint left" in lesson.content.decode()
    assert LINK not in client.get(f"{HERE}publish/").content.decode()
    assert HintLeft.objects.get().left_by == owner


def test_undo_and_show_again_bring_it_back(client, course):
    here = word(course, LINK)
    client.post(HINTS, {"leave": here})
    assert LINK not in sentences(course)
    page = client.post(HINTS, {"show": here}, follow=True).content.decode()
    assert "The hint is shown again." in page
    assert LINK in sentences(course)
    assert client.post(HINTS, {"show": here}).status_code == 302


def test_leaving_twice_is_leaving_once(client, course):
    here = word(course, LINK)
    for _time in range(2):
        assert client.post(HINTS, {"leave": here}).status_code == 302
    assert HintLeft.objects.count() == 1


def test_it_comes_back_when_what_it_is_about_changes_and_not_before(client, course):
    client.post(HINTS, {"leave": word(course, LINK)})
    write(BODY.replace("fill in the red ones", "fill in the red ones today"))
    assert LINK not in sentences(course)
    write(BODY.replace("/a)", "/b)"))
    assert LINK in sentences(course)
    write(BODY)
    assert LINK not in sentences(course), "it was left as it stands again"


def test_another_hint_of_the_same_rule_is_another_hint(client, course):
    write(f"{BODY}\nSee [here](https://example.org/b).\n")
    client.post(HINTS, {"leave": word(course, LINK)})
    assert "A link reads “here”; let its words say where it goes." in sentences(course)


def test_what_is_about_words_that_are_gone_is_forgotten_at_the_next_leaving(client, course):
    client.post(HINTS, {"leave": word(course, LINK)})
    write("Fill in the red ones.\n")
    (colour,) = sentences(course)
    client.post(HINTS, {"leave": word(course, colour)})
    assert HintLeft.objects.count() == 1


def test_a_hint_that_is_not_there_any_more_is_not_left(client, course):
    gone = word(course, LINK)
    write("Nothing to say.\n")
    answer = client.post(HINTS, {"leave": gone}, follow=True)
    assert "This hint is not there any more" in answer.content.decode()
    assert "This hint is not there any more" in client.post(HINTS, {"leave": gone}, headers=HTMX).content.decode()
    for junk in ("", "one:", "one:x", "nothing:x", ":"):
        assert client.post(HINTS, {"leave": junk}).status_code == 302
    assert not HintLeft.objects.exists()


def test_what_keeps_it_from_being_published_cannot_be_left(client, course):
    write("")
    checked = client.get(f"{HERE}?check=1").context["checklist"]
    assert [entry.words for entry in checked.blocking] == [()]
    assert not checked.is_clear


def test_a_hint_on_the_course_itself_can_be_left(client, course):
    type(course).objects.filter(pk=course.pk).update(checked_on="2020-01-01")
    course.refresh_from_db()
    (said,) = sentences(course, "")
    client.post(HINTS, {"leave": word(course, said, "")})
    assert sentences(course, "") == []
    type(course).objects.filter(pk=course.pk).update(checked_on="2020-01-02")
    course.refresh_from_db()
    assert sentences(course, "") == [said]


def test_the_outline_gets_its_pieces_and_the_lesson_gets_its_list(client, course):
    here = word(course, LINK)
    piece = client.post(HINTS, {"leave": here}, headers=HTMX).content.decode()
    assert 'id="check" hx-swap-oob' in piece
    assert f'name="show" value="{here}" autofocus' in piece
    given = {"show": here, "lesson": "one", "language": "en"}
    back = client.post(HINTS, given, headers=HTMX).content.decode()
    assert 'id="hint-lists"' in back
    assert f'name="leave" value="{here}"' in back
    answer = client.post(HINTS, {**given, "leave": here})
    assert answer.headers["Location"] == f"{HERE}lessons/one/?language=en&left={here}#hints"


def test_a_save_names_each_hint_so_that_the_page_knows_those_that_were_left(client, course):
    here = word(course, LINK)
    client.post(HINTS, {"leave": here})
    text = LessonText.objects.get()
    data = {"title": "One", "minutes": 5, "body": f"{BODY}\nMore.\n", "version": text.version}
    told = client.post(f"{HERE}lessons/one/save/", data).json()["advice"]
    assert here.partition(":")[2] in [each["mark"] for each in told]
    assert f'data-hints-left="{here.partition(":")[2]} "' in client.get(f"{HERE}lessons/one/").content.decode()


def test_reviewers_see_hints_without_leaving_them(course):
    person = UserFactory()
    CourseEditor.objects.create(course=course, person=person, role=CourseEditor.Role.REVIEWER)
    client = Client()
    client.force_login(person)
    assert client.post(HINTS, {"leave": word(course, LINK)}).status_code == 403
    for address in (f"{HERE}?check=1", f"{HERE}lessons/one/"):
        page = client.get(address).content.decode()
        assert LINK in page
        assert 'name="leave"' not in page


def test_hints_that_were_left_send_no_statement_more(client, course):
    check = f"{HERE}outline/check/"
    client.get(check, headers=HTMX)
    none = count_statements(lambda: client.get(check, headers=HTMX))
    for sentence in sentences(course):
        client.post(HINTS, {"leave": word(course, sentence)})
    client.get(check, headers=HTMX)
    assert count_statements(lambda: client.get(check, headers=HTMX)) == none
