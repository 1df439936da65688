"""The lesson's page: saving without a script and with it, looking, languages, readiness."""

import re

import pytest
from django.test import Client

from core import clock
from courses.models import CourseEditor, Lesson, LessonRevision, LessonText, Presence
from courses.services.rewriting import convert
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import publish_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db

PAGE = "/author/courses/lending/lessons/one/"
BODY = "Ask first.\n\nThen wait.\n"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner):
    return publish_course(
        slug="lending",
        owner=owner,
        lessons=[("text", "one", {"title": "One", "body": BODY}), ("text", "two", {"title": "Two"})],
    )


@pytest.fixture
def marcus(course):
    person = UserFactory(name="Marcus Bell")
    CourseEditor.objects.create(course=course, person=person, role=CourseEditor.Role.EDITOR)
    return person


@pytest.fixture
def reviewer(course):
    person = UserFactory()
    CourseEditor.objects.create(course=course, person=person, role=CourseEditor.Role.REVIEWER)
    return person


def text_of(uid: str = "one", language: str = "en") -> LessonText:
    return LessonText.objects.get(lesson__uid=uid, language=language)


def typed(**changed) -> dict:
    text = text_of()
    return {
        "title": text.title,
        "minutes": text.minutes,
        "body": text.content["body"],
        "version": text.version,
        "client": "tab",
        "seq": 1,
    } | changed


def test_an_autosave_sends_six_statements_at_most(course, owner):
    client = client_of(owner)
    data = typed(body="Ask. [there](lesson:nowhere)\n")
    answers = []
    assert count_statements(lambda: answers.append(client.post(f"{PAGE}save/", data))) <= 6
    told = answers[0].json()
    assert (answers[0].status_code, told["version"], told["body"]) == (200, 2, "Ask. [there](lesson:nowhere)\n")
    assert any("nowhere" in fault for fault in told["faults"])
    assert (text_of().content["body"], text_of().changed_by) == ("Ask. [there](lesson:nowhere)\n", owner)


def test_an_autosave_that_comes_twice_is_one_save(course, owner):
    client, data = client_of(owner), typed(body="Ask.")
    assert [client.post(f"{PAGE}save/", data).json()["version"] for _ in range(2)] == [2, 2]
    assert LessonRevision.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"body": "Fine.\n\n<b>raw</b>"}, "Line 3: raw HTML"),
        ({"body": "![](media/none.png)"}, "Line 1: “media/none.png” is not there"),
        ({"body": "{{local.nonsense}}"}, "unknown local word “nonsense”"),
        ({"body": ""}, "the lesson has no text"),
        ({"body": "```check\nuid: [\n```\n"}, "Line"),
    ],
)
def test_an_unsound_text_is_saved_and_its_faults_stand_beside_it(course, owner, changed, said):
    client = client_of(owner)
    assert client.post(PAGE, typed(**changed)).status_code == 302
    assert text_of().version == 2
    assert said in client.get(PAGE).content.decode()
    assert client.get(f"{PAGE}look/").status_code == 200


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "soon"}, "minutes"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"body": "x" * 200_001}, "body"),
        ({"version": ""}, "version"),
    ],
)
def test_what_no_row_can_hold_is_refused_with_the_text_kept(course, owner, changed, field):
    client = client_of(owner)
    page = client.post(PAGE, typed(**changed))
    script = client.post(f"{PAGE}save/", typed(**changed))
    assert (page.status_code, script.status_code) == (422, 422)
    assert field in script.json()["fields"]
    assert field in page.context["form"].errors
    assert text_of().version == 1


def test_changes_of_different_blocks_come_together_and_are_told(course, owner, marcus):
    client_of(marcus).post(f"{PAGE}save/", typed(body=BODY.replace("Ask first.", "Ask."), minutes=9))
    answer = client_of(owner).post(
        f"{PAGE}save/", typed(body=BODY.replace("Then wait.", "Wait."), version=1, minutes=5)
    )
    told = answer.json()
    assert (told["version"], told["body"], told["minutes"]) == (3, "Ask.\n\nWait.\n", 9)
    assert told["taken"] == "2 changes by Marcus Bell were taken in."


def test_the_same_block_is_a_choice_on_a_page_of_its_own(course, owner, marcus):
    client_of(marcus).post(PAGE, typed(body=BODY.replace("Ask first.", "Ask the lender."), title="Lending"))
    client = client_of(owner)
    mine = typed(body=BODY.replace("Ask first.", "Ask the borrower."), version=1, title="One")
    answer = client.post(PAGE, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Ask the lender.", "Ask the borrower.", "Marcus Bell"):
        assert words in page
    assert text_of().content["body"] == BODY.replace("Ask first.", "Ask the lender.")
    (row,) = answer.context["clash"]["rows"]
    key = f"keep-{row['clash'].key}"
    assert client.post(PAGE, mine | {"keep-other": "mine"}).status_code == 409
    assert client.post(PAGE, mine | {key: "both"}).status_code == 302
    text = text_of()
    assert text.content["body"] == "Ask the borrower.\n\nAsk the lender.\n\nThen wait.\n"
    assert text.title == "Lending"


def test_a_choice_that_somebody_overtook_is_asked_again(course, owner, marcus):
    other = client_of(marcus)
    other.post(PAGE, typed(body="Ask the lender.\n"))
    client = client_of(owner)
    mine = typed(body="Ask the borrower.\n", version=1)
    (row,) = client.post(PAGE, mine).context["clash"]["rows"]
    other.post(PAGE, typed(body="Ask nobody.\n"))
    again = client.post(PAGE, mine | {f"keep-{row['clash'].key}": "mine"})
    assert again.status_code == 409
    assert "Ask nobody." in again.content.decode()
    assert text_of().content["body"] == "Ask nobody.\n"


def test_two_titles_are_a_choice_too(course, owner, marcus):
    client_of(marcus).post(PAGE, typed(title="Theirs"))
    client = client_of(owner)
    mine = typed(title="Mine", version=1)
    answer = client.post(f"{PAGE}save/", mine)
    assert answer.status_code == 409
    assert "Keep both" not in answer.json()["panel"]
    (row,) = client.post(PAGE, mine).context["clash"]["rows"]
    assert client.post(PAGE, mine | {f"keep-{row['clash'].key}": "both"}).status_code == 409
    client.post(PAGE, mine | {f"keep-{row['clash'].key}": "mine"})
    assert text_of().title == "Mine"


def test_whoever_typed_on_during_a_merge_says_from_what(course, owner, marcus):
    """The answer with Marcus's change came while the next words were typed: those began without it."""
    client_of(marcus).post(f"{PAGE}save/", typed(body=BODY.replace("Then wait.", "Wait.")))
    client = client_of(owner)
    sent = BODY.replace("Ask first.", "Ask now.")
    told = client.post(f"{PAGE}save/", typed(body=sent, version=1)).json()
    onwards = sent.replace("Ask now.", "Ask now, please.")
    data = typed(body=onwards, version=told["version"], base_title="One", base_minutes=5, base_body=sent)
    assert client.post(f"{PAGE}save/", data).json()["body"] == "Ask now, please.\n\nWait.\n"


def test_a_base_that_nobody_kept_loses_nothing(course, owner, marcus):
    LessonText.objects.filter(lesson__uid="one").update(version=7, content={"body": "Ask first.\n\nNew.\n"})
    client = client_of(owner)
    mine = typed(body="Ask first.\n\nMine.\n", version=3)
    answer = client.post(PAGE, mine)
    assert answer.status_code == 409
    (row,) = answer.context["clash"]["rows"]
    assert (row["clash"].mine, row["clash"].theirs) == ("Mine.\n\n", "New.\n\n")


def test_a_script_of_somebody_signed_out_is_told_so(course, client):
    answer = client.post(f"{PAGE}save/", typed())
    assert (answer.status_code, "signed out" in answer.json()["words"]) == (401, True)
    assert client.post(f"{PAGE}present/", {"client": "a"}).status_code == 401


def test_who_is_there_is_told_to_the_others(course, owner, marcus):
    mine, his = client_of(owner), client_of(marcus)
    assert mine.post(f"{PAGE}present/", {"client": "a"}).json()["others"] == []
    mine.post(f"{PAGE}present/", {"client": "a"})
    told = his.post(f"{PAGE}present/", {"client": "b"}).json()
    assert told["words"] == f"{owner} is writing here"
    assert told["version"] == 1
    assert "Marcus Bell" in mine.get(PAGE).content.decode()
    assert his.post(f"{PAGE}present/", {"client": "b", "gone": "1"}).status_code == 204
    assert Presence.objects.get().person == owner


def test_presence_is_one_small_statement(course, owner):
    client = client_of(owner)
    client.post(f"{PAGE}present/", {"client": "a"})
    assert count_statements(lambda: client.post(f"{PAGE}present/", {"client": "a"})) <= 5


def test_the_look_is_the_learners_page_in_a_frame_of_ours(course, owner):
    answer = client_of(owner).get(f"{PAGE}look/")
    assert answer.templates[0].name == "courses/kinds/text.html"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "Ask first." in answer.content.decode()
    page = client_of(owner).get(PAGE)
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_the_look_shows_what_is_typed_and_keeps_nothing(course, owner):
    body = "**bold** {{local.max_cost}} <script>x()</script>"
    html = client_of(owner).post(f"{PAGE}look/", typed(body=body)).content.decode()
    assert "<strong>bold</strong>" in html
    assert "<script>x" not in html
    assert "local.max_cost" not in html
    assert text_of().version == 1


CHECK = """Before.

```check
uid: q-1
type: single
stem: Which?
options:
  - {id: a, text: This, right: true, feedback: Yes.}
  - {id: b, text: That, right: false, feedback: No.}
```

After.
"""


@pytest.mark.parametrize("script", [{}, {"HX-Request": "true"}])
def test_a_check_question_of_the_draft_is_answered_where_the_draft_is_looked_at(course, owner, script):
    """Learners do not have this question yet: their lesson could not answer it."""
    LessonText.objects.filter(lesson__uid="one").update(content={"body": CHECK, "source_format": "md"})
    client = client_of(owner)
    look = f"{PAGE}look/"
    html = client.get(look).content.decode()
    assert f'action="{look}#' in html
    assert "do/check/" not in html
    block = re.search(r'name="block" value="([^"]+)"', html)[1]
    answer = client.post(look, {"block": block, "answer": "a"}, headers=script)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Right" in html or "is right" in html
    assert f'href="{look}#' in html
    assert client.post(look, {"block": "none"}).status_code == 404


def test_a_video_lesson_without_a_file_says_so_and_promises_no_transcript(course, owner):
    LessonText.objects.filter(lesson__uid="one").update(content={"body": "", "source_format": "md"})
    Lesson.objects.filter(uid="one").update(kind="video")
    html = client_of(owner).get(f"{PAGE}look/").content.decode()
    assert "There is no video yet" in html
    assert "Everything it says is in the transcript" not in html
    assert "not an MP4" not in html


def test_the_look_shows_sound_questions_and_names_the_others(course, owner):
    client = client_of(owner)
    html = client.post(f"{PAGE}look/", {"body": CHECK}).content.decode()
    assert "Check yourself" in html
    assert "Which?" in html
    broken = client.post(f"{PAGE}look/", {"body": CHECK.replace("right: true", "right: perhaps")}).content.decode()
    assert "Check yourself" not in broken
    assert "Before." in broken
    assert "After." in broken
    assert "it should be true or false" in broken


def test_reviewers_look_and_change_nothing(course, reviewer):
    client = client_of(reviewer)
    page = client.get(PAGE).content.decode()
    assert "data-lesson-editor" not in page
    for name in ("title", "minutes", "body"):
        assert "readonly" in re.search(f'<(?:input|textarea)[^>]*name="{name}"[^>]*>', page)[0]
    assert client.get(f"{PAGE}look/").status_code == 200
    for url in ("", "save/", "present/", "ready/", "language/"):
        assert client.post(f"{PAGE}{url}", typed(body="x", language="de")).status_code == 403
    assert text_of().version == 1


def test_a_lesson_begins_in_another_language_with_the_first_ones_text(course, owner):
    client = client_of(owner)
    course.languages = ["en", "de"]
    course.save()
    answer = client.post(f"{PAGE}language/", {"language": "de"})
    assert answer["Location"] == f"{PAGE}?language=de"
    assert text_of(language="de").content["body"] == BODY
    client.post(f"{PAGE}save/?language=de", typed(body="Erst fragen.\n"))
    client.post(f"{PAGE}language/", {"language": "de"})
    assert text_of(language="de").content["body"] == "Erst fragen.\n"
    assert text_of().content["body"] == BODY
    refused = client.post(f"{PAGE}language/", {"language": "fr"})
    assert refused.status_code == 422
    assert "The course is not there in this language." in refused.content.decode()
    assert f'action="{PAGE}"' in refused.content.decode(), "its text is saved where it always is"
    assert not LessonText.objects.filter(language="fr").exists()


def test_its_author_says_when_a_lesson_is_ready(course, owner):
    client = client_of(owner)
    client.post(f"{PAGE}ready/")
    assert "Mark as ready" in client.get(PAGE).content.decode()
    assert text_of().lesson.ready is False
    client.post(f"{PAGE}ready/", {"ready": "1"})
    assert text_of().lesson.ready is True


def test_an_archived_lesson_has_no_page(course, owner):
    course.lessons.filter(uid="one").update(archived_at=clock.now())
    client = client_of(owner)
    assert client.get(PAGE).status_code == 404
    assert client.post(f"{PAGE}save/", typed(body="x")).status_code == 404
    assert text_of().version == 1


def test_kept_text_is_held_against_what_is_saved(course, owner):
    html = client_of(owner).post(f"{PAGE}difference/", {"body": "Ask second.\n\nThen wait.\n"}).content.decode()
    assert "first" in html[html.index("<del>") : html.index("</del>")]
    assert "second" in html[html.index("<ins>") : html.index("</ins>")]


def test_a_page_in_the_other_format_is_told_that_its_words_were_turned(course, owner):
    client = client_of(owner)
    sent = {**typed(body=f"{BODY}\nMore.\n"), "format": "md"}
    convert(text=text_of(), version=text_of().version, to="html", actor=owner)
    answer = client.post(f"{PAGE}save/", sent).json()
    assert "The lesson was turned into rich text meanwhile." in answer["turned"]
    assert "<p>More.</p>" in answer["body"]
    assert "turned" not in client.post(f"{PAGE}save/", {**typed(), "format": "html"}).json()

    without_script = client.post(PAGE, {**sent, "body": BODY.replace("first", "twice")}, follow=True)
    page = without_script.content.decode()
    assert "The lesson was turned into rich text meanwhile. What you typed was turned, too, and stands in it." in page
    assert without_script.context["form"]["format"].value() == "html"


def test_a_choice_between_two_formats_keeps_what_was_typed_as_it_was(course, owner):
    client = client_of(owner)
    version = text_of().version
    mine = {"title": text_of().title, "minutes": 5, "version": version, "format": "md", "body": "*Mine.*\n"}
    convert(text=text_of(), version=version, to="html", actor=owner)
    client.post(f"{PAGE}save/", typed(body="<p>Theirs.</p>\n"))
    asked = client.post(PAGE, mine)
    assert asked.status_code == 409
    page = asked.content.decode()
    assert '<input type="hidden" name="format" value="md">' in page
    assert "\n*Mine.*\n</textarea>" in page
    [row] = asked.context["clash"]["rows"]
    assert row["clash"].mine == "<p><em>Mine.</em></p>\n"
    client.post(PAGE, {**mine, f"keep-{row['clash'].key}": "both"})
    assert text_of().content["body"] == "<p><em>Mine.</em></p>\n\n<p>Theirs.</p>\n"
