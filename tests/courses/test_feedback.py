"""'Was this clear?' at the end of a lesson: one answer, which may be changed, without a name for those who read it."""

import pytest

from courses.exports import export_for
from courses.models import LessonFeedback
from courses.services import enrolling
from tests.factories.accounts import UserFactory
from tests.factories.courses import publish_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db
LESSON = "/courses/clear/first-lesson/"
GIVE = f"{LESSON}do/clear/"


@pytest.fixture
def course():
    return publish_course(slug="clear")


@pytest.fixture
def reader(course):
    person = UserFactory()
    enrolling.open_enrolment(learner=person, course=course)
    return person


def test_one_tap_is_an_answer_and_another_replaces_it(client_of, reader):
    client = client_of(reader)
    assert 'aria-pressed="true"' not in client.get(LESSON).content.decode()
    assert client.post(GIVE, {"clear": "no"})["Location"] == f"{LESSON}#clear"
    assert "What was not clear?" in client.get(LESSON).content.decode()
    client.post(GIVE, {"clear": "no", "words": " Which library lends? "})
    row = LessonFeedback.objects.get()
    assert (row.clear, row.words, row.learner, row.edition.number) == (False, "Which library lends?", reader, 1)
    client.post(GIVE, {"clear": "yes", "words": ""})
    row = LessonFeedback.objects.get()
    assert (row.clear, row.words) == (True, "")
    page = client.get(LESSON).content.decode()
    assert "You found it clear." in page
    assert page.count('aria-pressed="true"') == 1


def test_htmx_gets_the_form_alone_and_somewhere_for_the_focus(client_of, reader):
    answer = client_of(reader).post(GIVE, {"clear": "yes"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert 'id="clear"' in text
    assert 'tabindex="-1"' in text


def test_only_people_who_take_the_course_are_heard(client, client_of, course, reader):
    assert "Was this clear?" not in client.get(LESSON).content.decode()
    assert client.post(GIVE, {"clear": "yes"})["Location"] == LESSON
    assert client_of(UserFactory()).post(GIVE, {"clear": "yes"}).status_code == 409
    assert not LessonFeedback.objects.exists()
    assert client_of(reader).post(GIVE, {"clear": "yes"}).status_code == 302
    enrolling.leave(enrolment=reader.enrolments.get())
    assert client_of(reader).post(GIVE, {"clear": "no"}).status_code == 409
    assert LessonFeedback.objects.get().clear


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    ("data", "said"),
    [({"clear": "maybe", "words": "mine"}, "Choose “Yes”"), ({"clear": "no", "words": "x" * 1001}, "Keep it to 1000")],
)
def test_what_makes_no_sense_is_refused_beside_the_words_which_stay(client_of, reader, data, said, headers):
    answer = client_of(reader).post(GIVE, data, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f">{data['words']}</textarea>" in page
    assert not LessonFeedback.objects.exists()


def test_saying_so_costs_a_few_statements_and_comes_with_ones_own_data(client_of, reader):
    client = client_of(reader)
    assert count_statements(lambda: client.post(GIVE, {"clear": "no", "words": "Which?"})) <= 12
    assert export_for(reader)["was_it_clear"][0]["words"] == "Which?"
    assert export_for(UserFactory())["was_it_clear"] == []
