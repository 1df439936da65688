"""The organisation's shelf: a lesson or file is put there, taken into courses, compared with its newer version."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Notice
from core.errors import Conflict, InvalidInput
from courses import checks
from courses.media_probe import examine
from courses.models import Course, CourseMedia, Lesson, LessonText, LibraryItem, LibraryUse
from courses.selectors import library
from courses.services import borrowing, drafts, shelving
from courses.services.media import store_all
from courses.services.shelving import Label
from tests.courses.folders import PNG
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.courses import draft_course, publish_course
from tests.factories.quizzes import multi, single
from tests.support import count_statements

pytestmark = pytest.mark.django_db

CHECK = """```check
uid: what-is-it
type: single
stem: What?
options:
- {id: a, text: This, right: true, feedback: Yes.}
- {id: b, text: That, right: false, feedback: "No."}
```
"""
BODY = f"A picture: ![A shelf](media/shelf.png). See [here](lesson:citing).\n\n{CHECK}"
LABEL = Label("Reading a citation", "CC-BY-4.0", topic="citations", source="Ines Duarte, Mesa Ridge College")


@pytest.fixture
def organisation():
    return OrganisationFactory()


@pytest.fixture
def owner(organisation):
    return MembershipFactory(organisation=organisation, instructor=True).person


@pytest.fixture
def colleague(organisation):
    return MembershipFactory(organisation=organisation, instructor=True).person


def picture(folder, name: str, content: bytes = PNG):
    path = folder / name
    path.write_bytes(content)
    return store_all({name: examine(path)}, owner=None)[name]


@pytest.fixture
def source(owner, organisation, tmp_path) -> Course:
    """Where the lesson comes from: it shows a picture, asks a question, opens after another lesson."""
    lessons = [
        ("text", "begin", {}),
        ("text", "citing", {"title": "Reading a citation", "body": BODY, "rule": {"opens_after": ["begin"]}}),
    ]
    course = draft_course(
        slug="source",
        owner=owner,
        organisation=organisation,
        lessons=lessons,
        media={"shelf.png": picture(tmp_path, "shelf.png")},
    )
    CourseMedia.objects.filter(course=course).update(licence="CC0-1.0", source="Rosa Delgado")
    return course


@pytest.fixture
def target(colleague, organisation) -> Course:
    return draft_course(slug="target", owner=colleague, organisation=organisation, lessons=[("text", "one", {})])


@pytest.fixture
def item(source, owner, organisation) -> LibraryItem:
    return shelving.put_lesson(course=source, uid="citing", organisation=organisation, label=LABEL, actor=owner)


def take(item, target, actor) -> borrowing.Taken:
    return borrowing.take_lesson(item=item, course=target, part="part-one", actor=actor)


def body_of(course: Course, uid: str) -> str:
    return LessonText.objects.get(lesson__course=course, lesson__uid=uid).content["body"]


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_lesson_is_frozen_on_the_shelf_with_its_files_and_without_rules_about_others(item, source):
    assert item.lesson["rule"] == {}
    assert item.lesson["files"] == {"shelf.png": {"licence": "CC0-1.0", "source": "Rosa Delgado"}}
    LessonText.objects.filter(lesson__course=source).update(content={"body": "Another.\n", "source_format": "md"})
    item.refresh_from_db()
    assert item.lesson["texts"]["en"]["content"]["body"] == BODY
    assert [file.name for file in item.files.all()] == ["shelf.png"]


def test_a_taken_lesson_is_a_sound_draft_at_the_end_of_its_part_and_its_source_is_credited(item, target, colleague):
    taken = take(item, target, colleague)
    row = Lesson.objects.get(course=target, uid="citing")
    assert (taken.placed.position, row.ready, row.kind) == (2, False, "text")
    file = CourseMedia.objects.get(course=target)
    assert (file.name, file.licence, file.source) == ("shelf.png", "CC0-1.0", "Rosa Delgado")
    target.refresh_from_db()
    assert target.credits == ["Ines Duarte, Mesa Ridge College, “Reading a citation” (CC-BY-4.0)"]
    assert drafts.complete(target).faults == []
    assert take(item, target, colleague).credit == ""


def test_names_that_the_course_has_for_something_else_are_given_again(item, target, colleague, tmp_path):
    lessons = [("text", "citing", {"body": CHECK.replace("What?", "Which?")})]
    draft_course(
        slug="target",
        owner=colleague,
        lessons=lessons,
        media={"shelf.png": picture(tmp_path, "other.png", PNG + b"\0")},
    )
    taken = take(item, target, colleague)
    assert taken.files == {"shelf.png": "shelf-2.png"}
    assert taken.questions == {"what-is-it": "what-is-it-2"}
    body = body_of(target, "citing-2")
    assert "media/shelf-2.png" in body
    assert "uid: what-is-it-2" in body
    assert "lesson:citing-2" in body
    assert drafts.complete(Course.objects.get(pk=target.pk)).faults == []


def test_questions_of_a_quiz_and_its_pools_get_free_names(organisation, owner, colleague, target):
    content = {"questions": [single("Q-1"), multi("Q-2")]}
    uids = [question["uid"] for question in content["questions"]]
    pooled = {**content, "pools": [{"draw": 1, "of": uids}]}
    source = draft_course(slug="asking", owner=owner, organisation=organisation, lessons=[("quiz", "asked", pooled)])
    item = shelving.put_lesson(course=source, uid="asked", organisation=organisation, label=LABEL, actor=owner)
    again = take(item, target, colleague)
    assert again.questions == {}
    text = LessonText.objects.get(lesson__course=target, lesson__uid="asked")
    text.content["questions"][0]["stem"] = "Something else?"
    text.save()
    taken = take(item, target, colleague)
    assert list(taken.questions) == uids[:1]
    copy = LessonText.objects.get(lesson__course=target, lesson__uid="asked-2").content
    assert copy["pools"][0]["of"] == [taken.questions[uids[0]], uids[1]]
    assert checks.content_faults("quiz", copy) == []


def test_a_lesson_with_a_fault_or_without_its_file_is_not_put(source, owner, organisation):
    CourseMedia.objects.filter(course=source).delete()
    with pytest.raises(InvalidInput, match=r"shelf\.png"):
        shelving.put_lesson(course=source, uid="citing", organisation=organisation, label=LABEL, actor=owner)
    assert not LibraryItem.objects.exists()


def test_a_course_in_another_language_cannot_take_it(item, target, colleague):
    Course.objects.filter(pk=target.pk).update(languages=["es"])
    with pytest.raises(InvalidInput, match="en"):
        take(item, target, colleague)


def test_a_newer_version_is_told_compared_and_taken(
    item, source, target, owner, colleague, django_capture_on_commit_callbacks
):
    take(item, target, colleague)
    LessonText.objects.filter(lesson__course=source, lesson__uid="citing").update(
        content={"body": f"Five parts, not four.\n\n{BODY}", "source_format": "md"}
    )
    with django_capture_on_commit_callbacks(execute=True):
        shelving.put_lesson(
            course=source, uid="citing", organisation=item.organisation, label=LABEL, actor=owner, newer_of=item
        )
    assert [notice.person for notice in Notice.objects.filter(kind="library_newer")] == [colleague]
    assert list(library.courses_with_newer(Course.objects.all(), colleague)) == [target]
    use = library.taken_by(target, colleague).get()
    assert use.is_newer
    newer = borrowing.compare_newer(use)
    assert "Five parts, not four." in "".join(
        piece.text for each in newer.differences for piece in each.pieces if piece.kind == "added"
    )
    borrowing.take_newer(use=use, seen=newer.seen, version=2, actor=colleague)
    assert body_of(target, "citing").startswith("Five parts")
    text = LessonText.objects.get(lesson__course=target, lesson__uid="citing")
    assert text.revisions.count() == 2
    assert not library.taken_by(target, colleague).get().is_newer


def test_who_left_the_library_hears_and_sees_nothing_new_of_its_shelf(item, source, target, owner, colleague):
    """What the course took stays its own."""
    borrowing.take_lesson(item=item, course=target, part="part-one", actor=colleague)
    use = LibraryUse.objects.get(course=target)
    Membership.objects.filter(person=colleague).update(organisation=OrganisationFactory())
    shelving.put_lesson(
        course=source, uid="citing", organisation=source.organisation, label=LABEL, actor=owner, newer_of=item
    )
    shelving.tell_of_newer(LibraryItem.objects.get(pk=item.pk), owner)
    assert not Notice.objects.filter(kind="library_newer").exists()
    assert library.courses_with_newer(Course.objects.all(), colleague) == []
    client = Client()
    client.force_login(colleague)
    taken = client.get(reverse("courses:author_taken", args=["target"]))
    assert (taken.status_code, [each.is_newer for each in taken.context["page"]]) == (200, [False])
    assert client.get(reverse("courses:author_newer", args=["target", use.pk])).status_code == 404


def test_a_newer_version_does_not_go_over_what_was_written_since(item, source, target, owner, colleague):
    take(item, target, colleague)
    shelving.put_lesson(
        course=source, uid="citing", organisation=item.organisation, label=LABEL, actor=owner, newer_of=item
    )
    use = library.taken_by(target, colleague).get()
    seen = borrowing.compare_newer(use).seen
    LessonText.objects.filter(lesson__course=target, lesson__uid="citing").update(version=7)
    with pytest.raises(Conflict):
        borrowing.take_newer(use=use, seen=seen, version=2, actor=colleague)
    with pytest.raises(Conflict):
        borrowing.take_newer(use=use, seen=borrowing.compare_newer(use).seen, version=1, actor=colleague)


def test_two_who_put_a_newer_version_do_not_write_over_each_other(item, source, owner):
    arguments = {"course": source, "uid": "citing", "organisation": item.organisation, "label": LABEL, "actor": owner}
    shelving.put_lesson(**arguments, newer_of=item)
    with pytest.raises(Conflict):
        shelving.put_lesson(**arguments, newer_of=item)


def test_a_file_is_taken_under_a_free_name_with_its_licence(source, target, owner, colleague, tmp_path):
    row = CourseMedia.objects.select_related("media", "course").get(course=source)
    item = shelving.put_file(row=row, organisation=source.organisation, label=LABEL, actor=owner)
    CourseMedia.objects.create(course=target, media=picture(tmp_path, "b.png", PNG + b"\0"), name="shelf.png")
    taken = borrowing.take_file(item=item, course=target, actor=colleague)
    assert (taken.name, taken.licence, taken.source) == ("shelf-2.png", LABEL.licence, LABEL.source)
    assert borrowing.take_file(item=item, course=target, actor=colleague).pk == taken.pk
    row.media = picture(tmp_path, "c.png", PNG + b"\0\0")
    row.save()
    shelving.put_file(row=row, organisation=source.organisation, label=LABEL, actor=owner, newer_of=item)
    use = library.taken_by(target, colleague).get()
    newer = borrowing.compare_newer(use)
    borrowing.take_newer(use=use, seen=newer.seen, version=2, actor=colleague)
    taken.refresh_from_db()
    assert (taken.name, taken.media) == ("shelf-2.png", row.media)


def test_where_it_is_used_names_drafts_and_editions_and_hides_other_peoples_courses(owner, organisation, colleague):
    source = publish_course(slug="live", owner=owner, organisation=organisation, lessons=[("text", "one", {})])
    item = shelving.put_lesson(course=source, uid="one", organisation=organisation, label=LABEL, actor=owner)
    secret = draft_course(slug="secret", owner=owner, organisation=organisation, audience="organisation")
    take(item, secret, owner)
    mine = library.where_used(item, owner)
    assert {(use.course.slug, use.in_draft, tuple(use.editions)) for use in mine.uses} == {
        ("live", True, (1,)),
        ("secret", True, ()),
    }
    theirs = library.where_used(item, colleague)
    assert ([use.course.slug for use in theirs.uses], theirs.hidden) == (["live"], 1)
    assert count_statements(lambda: library.where_used(item, owner)) <= 6


def test_withdrawn_nobody_takes_it_and_courses_keep_theirs(item, target, colleague):
    take(item, target, colleague)
    shelving.withdraw(item=item)
    item.refresh_from_db()
    with pytest.raises(Conflict):
        take(item, target, colleague)
    assert Lesson.objects.filter(course=target, uid="citing").exists()
    assert not library.shelf(colleague).exists()
    assert library.shelf(colleague, withdrawn=True).get() == item
    shelving.bring_back(item=item)
    assert library.shelf(colleague).get() == item


def test_the_list_searches_filters_and_sorts_in_few_statements(item, source, owner):
    row = CourseMedia.objects.select_related("media", "course").get(course=source)
    shelving.put_file(row=row, organisation=source.organisation, label=Label("A shelf", "CC0-1.0"), actor=owner)
    client = client_of(owner)
    page = reverse("courses:author_library")

    def titles(**given) -> list[str]:
        return [each.title for each in client.get(page, given).context["page"]]

    assert titles() == ["A shelf", "Reading a citation"]
    assert titles(sort="-title") == ["Reading a citation", "A shelf"]
    assert titles(q="duarte") == ["Reading a citation"]
    assert titles(kind="media") == ["A shelf"]
    assert titles(topic="citations") == ["Reading a citation"]
    assert titles(licence="CC0-1.0") == ["A shelf"]
    assert "Nothing of that kind on the shelf" in client.get(page, {"q": "nothing"}).content.decode()
    assert count_statements(lambda: client.get(page)) <= 12


def test_only_whoever_put_it_and_managers_change_it(item, owner, colleague, organisation):
    manager = MembershipFactory(organisation=organisation, instructor=True, manager=True).person
    edit = reverse("courses:author_library_edit", args=[item.pk])
    assert client_of(colleague).get(edit).status_code == 403
    assert client_of(owner).get(edit).status_code == 200
    assert client_of(manager).get(edit).status_code == 200


def test_details_are_not_written_over_somebody_elses(item, owner):
    client = client_of(owner)
    edit = reverse("courses:author_library_edit", args=[item.pk])
    form = client.get(edit).context["form"].initial
    assert client.post(edit, {**form, "title": "Theirs"}).status_code == 302
    page = client.post(edit, {**form, "title": "Mine"})
    assert page.status_code == 409
    assert "Theirs" in page.content.decode()
    assert 'value="Mine"' in page.content.decode()
    again = page.context["form"].data
    assert client.post(edit, {**form, "title": "Mine", "seen": again["seen"]}).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.version) == ("Mine", 1)
    assert client.post(edit, {**form, "title": ""}).status_code == 422


def test_from_the_menu_to_the_shelf_into_another_course_in_the_browser(source, target, owner, colleague):
    client = client_of(owner)
    assert "Put on the shelf" in client.get("/author/courses/source/").content.decode()
    put = reverse("courses:author_shelve_lesson", args=["source", "citing"])
    assert client.get(put).context["form"]["title"].value() == "Reading a citation"
    assert client.post(put, {"title": "", "licence": "CC0-1.0"}).status_code == 422
    page = client.post(put, {"title": "Citations", "licence": "CC-BY-4.0"}, follow=True)
    assert "is on the shelf" in page.content.decode()
    item = LibraryItem.objects.get()
    here = reverse("courses:author_library_item", args=[item.pk])
    theirs = client_of(colleague)
    taken = theirs.post(here, {"to": "target:part-one"}, follow=True)
    assert "as a draft" in taken.content.decode()
    assert theirs.post(here, {"to": "source:part-one"}).status_code == 422
    form = client.get(put).context["form"]
    assert form["newer_of"].value() is None
    assert (
        client.post(put, {"title": "Citations", "licence": "CC-BY-4.0", "newer_of": f"{item.pk}:1"}).status_code == 302
    )
    assert "A newer version" in theirs.get(reverse("courses:author_taken", args=["target"])).content.decode()
    use = LibraryUse.objects.get(course=target)
    newer = theirs.get(reverse("courses:author_newer", args=["target", use.pk]))
    assert "Take the newer version" in newer.content.decode()
    seen = newer.context["newer"].seen
    url = reverse("courses:author_newer", args=["target", use.pk])
    assert theirs.post(url, {"seen": seen, "version": 1}).status_code == 409
    assert theirs.post(url, {"seen": seen, "version": 2}).status_code == 302


def test_the_page_of_an_item_shows_what_it_says_as_readers_see_it(item, colleague):
    page = client_of(colleague).get(reverse("courses:author_library_item", args=[item.pk])).content.decode()
    assert '<p>A picture: <span class="muted">[Picture: A shelf]</span>. See <a>here</a>.</p>' in page
    assert "Check question" in page
    assert "![A shelf]" not in page
    assert "```" not in page


def test_what_an_item_says_is_sanitised(owner, organisation, colleague):
    body = (
        "<p onclick='x()'>Ask<script>alert(1)</script> <a href='javascript:x()'>this</a> {{local.max_cost}}</p>"
        "<p><img src='https://example.org/x.png' alt='&lt;script&gt;alert(2)&lt;/script&gt;'></p>"
    )
    lesson = ("text", "rich", {"title": "Rich", "body": body, "source_format": "html"})
    course = draft_course(slug="rich", owner=owner, organisation=organisation, lessons=[lesson])
    item = shelving.put_lesson(course=course, uid="rich", organisation=organisation, label=LABEL, actor=owner)
    page = client_of(colleague).get(reverse("courses:author_library_item", args=[item.pk])).content.decode()
    shown = page[page.index('id="says"') :]
    for bad in ("onclick", "javascript:", "<script>alert", "{{local", "example.org/x.png"):
        assert bad not in shown
    assert "[Picture: &lt;script&gt;alert(2)&lt;/script&gt;]" in shown
