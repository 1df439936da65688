"""The outline in the browser: pages, forms, pieces for htmx, what undoes each change."""

import io
import re
import zipfile

import pytest
from django.test import Client

from courses import checks
from courses.models import Course, CourseEditor, Lesson, LessonText, ModuleText
from courses.registry import StartingKind, WritableKind, kinds
from courses.services import drafts, outlining
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import draft_course, publish_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db

HERE = "/author/courses/lending/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def course(owner) -> Course:
    lessons = [("text", uid, {"title": f"Lesson {uid}"}) for uid in ("one", "two", "three")]
    return publish_course(slug="lending", title="Lending step by step", owner=owner, lessons=lessons)


def do(client, act, *, htmx=False, **fields):
    headers = HTMX if htmx else {}
    return client.post(f"{HERE}outline/", {"act": act, **fields}, headers=headers, follow=not htmx)


def undo_of(page: str) -> dict[str, str]:
    form = page[page.index("build__toast") :]
    return dict(re.findall(r'<input type="hidden" name="(act|part|index|title|minutes|version)" value="([^"]*)"', form))


def uids(course) -> list[str]:
    return list(course.lessons.values_list("uid", flat=True))


@pytest.mark.parametrize(
    ("act", "fields", "says"),
    [
        ("lesson-up:two", {}, "“Lesson two” moved to position 1 of 3 in Part 1."),
        ("lesson-place:one", {"part": "part-one", "index": 2}, "“Lesson one” moved to position 3 of 3 in Part 1."),
        ("lesson-archive:two", {}, "“Lesson two” archived."),
        ("lesson-duplicate:two", {}, "“Lesson two (copy)” made. It is a draft."),
        ("lesson-rename:two", {"title": "Second", "minutes": 9, "version": 1}, "called “Second” and takes 9 min."),
        ("lesson-draft:two", {}, "“Lesson two” is a draft again."),
        ("part-add", {"title": "Repair"}, "Part 2, “Repair”, added."),
        ("part-rename:part-one", {"title": "Basics", "version": 1}, "Part 1 is called “Basics”."),
        ("part-duplicate:part-one", {}, "“Part one (copy)” made, with copies of its lessons."),
        ("part-archive:part-one", {}, "The part “Part one” is archived with its lessons."),
    ],
)
def test_each_act_says_what_it_did_and_can_be_undone(client, course, act, fields, says):
    def state():
        rows = course.lessons.values_list("uid", "ready", "texts__title", "texts__minutes", "module__texts__title")
        return list(rows), list(ModuleText.objects.filter(module__in=course.modules.all()).values_list("title"))

    before = state()
    page = do(client, act, **fields).content.decode()
    assert says in page
    assert state() != before
    undo = undo_of(page)
    assert "Undo" not in client.get(HERE).content.decode(), "said once"
    do(client, undo.pop("act"), **undo)
    assert state() == before


def test_htmx_gets_the_outline_alone_with_what_is_to_be_said(client, course):
    answer = do(client, "lesson-down:one", htmx=True)
    page = answer.content.decode()
    assert "<html" not in page
    assert 'id="outline" data-focus="lesson-one-down"' in page
    assert '<div id="live" hx-swap-oob="innerHTML">“Lesson one” moved to position 2 of 3 in Part 1.</div>' in page
    assert re.search(r"All changes saved, \d\d:\d\d", page)
    assert answer["HX-Trigger-After-Settle"] == "outline:changed"
    assert uids(course) == ["two", "one", "three"]


def test_every_kind_that_is_written_here_can_be_begun_and_its_pages_stand_it(client, course):
    """A draft may be unsound: no page of it breaks, and each says what is missing."""
    offered = client.get(f"{HERE}?add=part-one").content.decode()
    names = [name for name, kind in kinds.items() if isinstance(kind, StartingKind) and isinstance(kind, WritableKind)]
    assert {"text", "video", "quiz", "practice"} <= set(names)
    for name in names:
        chosen = re.search(rf'<option value="({name}(?::[a-z]+)?)"', offered)[1]
        page = do(client, "lesson-add:part-one", title=f"A new {name}", kind=chosen).content.decode()
        assert f"“A new {name}” added to Part 1." in page
    Lesson.objects.filter(uid="a-new-practice").update(rule={})
    rows = re.findall(r'<a id="lesson-[\w-]+" href="([^"]+)"', client.get(HERE).content.decode())
    assert len(rows) == 3 + len(names)
    for page in (
        *rows,
        HERE,
        f"{HERE}?check=1",
        f"{HERE}publish/",
        f"{HERE}files/",
        f"{HERE}folder/",
        f"{HERE}folder.zip",
    ):
        answer = client.get(page)
        assert answer.status_code == 200, page
        b"".join(answer)
    checked = client.get(f"{HERE}?check=1").content.decode()
    assert "The lesson has no text; write some" in checked
    assert "The quiz asks nothing; give it a question." in checked
    assert "There is nothing to practise" in checked
    assert not course.lessons.filter(uid__startswith="a-new", ready=True).exists()
    refused = client.post(f"{HERE}publish/", {"kind": "minor", "note": "x"})
    assert refused.status_code == 422


def test_the_folder_of_an_unsound_draft_says_what_is_wrong(client, course):
    sound = io.BytesIO(b"".join(client.get(f"{HERE}folder.zip")))
    do(client, "lesson-add:part-one", title="Last", kind="quiz")
    unsound = io.BytesIO(b"".join(client.get(f"{HERE}folder.zip")))
    before, after = (zipfile.ZipFile(each).read("lending/course.yaml").decode() for each in (sound, unsound))
    assert not before.startswith("#")
    assert after.startswith("# This draft has faults")
    assert "# last en questions: The quiz asks nothing; give it a question.\n" in after


def test_a_lesson_may_begin_with_a_template(client, course):
    do(client, "lesson-add:part-one", title="A case", kind="text", template="case")
    body = LessonText.objects.get(lesson__uid="a-case").content["body"]
    assert "Tell the case as it came in" in body
    assert client.get(f"{HERE}?check=1").context["checked"].faults == {}
    assert do(client, "lesson-add:part-one", htmx=True, title="X", kind="text", template="sonnet").status_code == 422


def test_an_empty_practice_without_an_engine_opens_too(client, course):
    outlining.add_lesson(
        course=course, part="part-one", kind="practice", title="Play", content={"cases": []}, actor=UserFactory()
    )
    assert client.get(f"{HERE}practice/play/").status_code == 200
    assert client.get(f"{HERE}?check=1").status_code == 200


def test_a_form_with_a_fault_comes_back_with_what_was_typed(client, course):
    answer = do(client, "lesson-rename:two", htmx=True, title="", minutes=0, version=1)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="0"' in page
    assert page.count("field__msg") == 2
    answer = do(client, "lesson-add:part-one", htmx=True, title="Right", kind="poster")
    assert answer.status_code == 422
    assert 'value="Right"' in answer.content.decode()


def test_who_comes_second_sees_what_the_first_one_did(client, course):
    do(client, "lesson-rename:two", title="Theirs", minutes=5, version=1)
    answer = do(client, "lesson-rename:two", htmx=True, title="Mine", minutes=5, version=1)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert 'value="Mine"' in page, "what was typed is not lost"
    assert 'name="version" value="2"' in page, "saving again replaces it knowingly"
    do(client, "lesson-archive:two")
    gone = do(client, "lesson-up:two", htmx=True)
    assert gone.status_code == 404
    assert "This lesson is not in the outline any more." in gone.content.decode()
    assert do(client, "fly:two", htmx=True).status_code == 422


def test_a_reviewer_sees_the_outline_without_a_single_form_of_it(course):
    reviewer = UserFactory()
    CourseEditor.objects.create(course=course, person=reviewer, role=CourseEditor.Role.REVIEWER)
    client = Client()
    client.force_login(reviewer)
    page = client.get(HERE).content.decode()
    assert "Lesson two" in page
    assert 'name="act"' not in page
    assert do(client, "lesson-up:two", htmx=True).status_code == 403
    assert "Restore" not in client.get(f"{HERE}outline/archived/").content.decode()


def test_the_archive_is_searched_and_gives_back(client, course, owner):
    do(client, "lesson-archive:two")
    do(client, "lesson-archive:three")
    page = client.get(f"{HERE}outline/archived/").content.decode()
    assert f"Archived by {owner}" in page
    assert "From “Part one”." in page
    found = client.get(f"{HERE}outline/archived/?q=three").content.decode()
    assert "Lesson three" in found
    assert "Lesson two" not in found
    answer = do(client, "lesson-restore:three", archived="1")
    assert answer.redirect_chain[0][0].startswith(f"{HERE}outline/archived/")
    assert "“Lesson three” is back in Part 1." in answer.content.decode()
    assert uids(course) == ["one", "three"]


def test_the_outline_of_200_lessons_is_read_in_twelve_statements(client, owner):
    for count, slug in ((5, "short"), (200, "lending")):
        lessons = [
            ("quiz" if n % 5 == 4 else "text", f"l-{n}", {"questions": []} if n % 5 == 4 else {}) for n in range(count)
        ]
        draft_course(slug=slug, owner=owner, lessons=lessons)
    client.get(HERE)
    short = count_statements(lambda: client.get("/author/courses/short/"))
    long = count_statements(lambda: client.get(HERE))
    assert short == long <= 12


def test_what_is_wrong_is_parsed_once_for_each_content_and_still_follows_the_course(client, course, monkeypatch):
    """The faults of a text are remembered; whether what it points at is there is asked each time."""
    text = LessonText.objects.get(lesson__uid="one")
    text.content = {"body": "See [it](lesson:two). ![A map](media/map.png)\n", "source_format": "md"}
    text.save()
    first = client.get(f"{HERE}?check=1").context["checked"].faults
    assert list(first) == ["one"]
    assert "map.png" in first["one"][0]
    parsed = []
    whole = checks.content_faults
    monkeypatch.setattr(checks, "content_faults", lambda kind, content: parsed.append(content) or whole(kind, content))
    do(client, "lesson-archive:two")
    then = client.get(f"{HERE}?check=1").context["checked"].faults["one"]
    assert len(then) == 2, "the link leads nowhere now"
    assert parsed == []
    do(client, "lesson-add:part-one", title="New", kind="text")
    client.get(f"{HERE}?check=1")
    assert len(parsed) == 1


def test_moving_a_lesson_to_another_course_tells_what_came_along(client, course, owner):
    other = draft_course(slug="other", owner=owner, title="Another course")
    draft_course(slug="not-mine", title="Not mine")
    page = client.get(f"{HERE}lessons/two/move/").content.decode()
    assert 'value="other:part-one"' in page
    assert "not-mine" not in page
    answer = client.post(f"{HERE}lessons/two/move/", {"to": "other:part-one", "do": "move"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/author/courses/other/"
    assert "“Lesson two” is in Part 1 of this course now. In LENDING it is archived." in answer.content.decode()
    assert "two" in uids(other)
    assert uids(course) == ["one", "three"]
    refused = client.post(f"{HERE}lessons/one/move/", {"to": "not-mine:part-one", "do": "move"})
    assert refused.status_code == 422
    copied = client.post(f"{HERE}lessons/one/move/", {"to": "lending:part-one", "do": "copy"}, follow=True)
    assert "“Lesson one (copy)” made." in copied.content.decode()


def test_a_lesson_without_a_text_in_the_first_language_is_shown_all_the_same(client, course):
    LessonText.objects.filter(lesson__uid="two").update(language="es")
    page = client.get(f"{HERE}?check=1").content.decode()
    assert "Lesson two" in page
    assert "missing in the course’s first language" in page


def test_a_lesson_that_waits_for_one_that_is_gone_can_be_opened_and_waits_again(client, course):
    """Else only somebody with the course folder could make the course sound again."""
    Lesson.objects.filter(course=course, uid="two").update(rule={"opens_after": ["one"]})
    page = client.get(HERE).content.decode()
    assert "opens after: Lesson one" in page
    assert page.count('value="lesson-open:') == 1
    do(client, "lesson-archive:one")
    assert [fault.place.uid for fault in drafts.complete(course).faults] == ["two"]
    page = do(client, "lesson-open:two").content.decode()
    assert "“Lesson two” opens at once." in page
    assert not drafts.complete(course).faults
    assert 'name="act" value="lesson-after:two"' in page
    assert 'name="after" value="one"' in page
    page = do(client, "lesson-after:two", after="one").content.decode()
    assert "“Lesson two” opens after other lessons again." in page
    assert Lesson.objects.get(course=course, uid="two").rule == {"opens_after": ["one"]}


@pytest.mark.parametrize("after", ["two", "nowhere", "one two"])
def test_a_lesson_opens_after_other_lessons_of_its_course_alone(client, course, after):
    answer = do(client, "lesson-after:two", after=after)
    assert answer.status_code == 422
    assert Lesson.objects.get(course=course, uid="two").rule == {}


def test_after_which_lessons_one_opens_is_chosen_in_the_outline(client, course):
    page = client.get(f"{HERE}?after=three").content.decode()
    assert 'value="lesson-wait:three"' in page
    assert page.count('name="after" value="') == 2, "the other two, never itself"
    page = do(client, "lesson-wait:three", after=["two", "one"]).content.decode()
    assert "“Lesson three” opens after: Lesson two, Lesson one" in page
    assert Lesson.objects.get(course=course, uid="three").rule == {"opens_after": ["two", "one"]}
    again = client.get(f"{HERE}?after=three").content.decode()
    assert len(re.findall(r'name="after" value="\w+"[^>]* checked', again)) == 2

    page = do(client, "lesson-wait:three").content.decode()
    assert "“Lesson three” opens at once." in page
    assert 'name="act" value="lesson-after:three"' in page
    do(client, "lesson-after:three", after="two one")
    assert Lesson.objects.get(course=course, uid="three").rule == {"opens_after": ["two", "one"]}


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (["one"], "the lesson opens after itself, so nobody could ever open it"),
        (["two", "nowhere"], "opens_after names “nowhere”, and no lesson has that uid"),
        (["three"], "opens_after names “three”, and no lesson has that uid"),
    ],
)
def test_a_lesson_that_could_never_open_is_refused_beside_its_field_as_in_a_folder(client, course, after, said):
    Lesson.objects.filter(course=course, uid="two").update(rule={"opens_after": ["three"]})
    Lesson.objects.filter(course=course, uid="one").update(rule={"opens_after": ["two"]})
    answer = do(client, "lesson-wait:three", after=after)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert 'value="lesson-wait:three"' in page, "in the form, with what was chosen"
    assert Lesson.objects.get(course=course, uid="three").rule == {}
    assert do(client, "lesson-wait:nowhere", after=["one"]).status_code == 404
