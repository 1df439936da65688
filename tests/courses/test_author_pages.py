"""Author pages: rights first, then what they do."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courses.models import Course, CourseEditor, CourseText, Edition, LessonReport, LessonText
from courses.services import drafts
from courses.services.exporting import export_archive
from tests.courses.films import film_course
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import EnrolmentFactory, draft_course, publish_course
from tests.support import count_queries

pytestmark = pytest.mark.django_db

PAGES = ("author_course", "author_files", "author_editions", "author_reports", "author_download")
CHANGES = ("author_publish", "author_folder")


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner) -> Course:
    return publish_course(
        slug="lending",
        title="Lending step by step",
        owner=owner,
        lessons=[("text", "one", {"title": "One", "body": "Hello.\n"}), ("text", "two", {"title": "Two"})],
    )


@pytest.fixture
def people(course, owner):
    """Who may do what with the course: ``(person, status of reading pages, status of changing pages)``."""
    reviewer, editor = UserFactory(), UserFactory()
    CourseEditor.objects.create(course=course, person=reviewer, role=CourseEditor.Role.REVIEWER)
    CourseEditor.objects.create(course=course, person=editor, role=CourseEditor.Role.EDITOR)
    return [
        (owner, 200, 200),
        (editor, 200, 200),
        (reviewer, 200, 403),
        (UserFactory(), 403, 403),
        (MembershipFactory(instructor=True).person, 403, 403),
        (UserFactory(admin=True), 200, 200),
    ]


def test_each_page_opens_for_those_who_may(course, people):
    for person, reading, changing in people:
        client = client_of(person)
        for name in PAGES:
            answer = client.get(reverse(f"courses:{name}", args=["lending"]))
            assert answer.status_code == reading, (person, name)
            b"".join(answer)  # reading a download to its end closes it
        assert client.get(reverse("courses:author_lesson", args=["lending", "one"])).status_code == reading
        for name in CHANGES:
            assert client.get(reverse(f"courses:{name}", args=["lending"])).status_code == changing, (person, name)


def test_a_hidden_course_is_not_found_by_strangers(course):
    Course.objects.filter(pk=course.pk).update(audience="organisation")
    client = client_of(MembershipFactory(instructor=True).person)
    for name in (*PAGES, *CHANGES):
        assert client.get(reverse(f"courses:{name}", args=["lending"])).status_code == 404, name


def test_visitors_are_sent_to_sign_in(client, course):
    for name in (*PAGES, *CHANGES):
        assert client.get(reverse(f"courses:{name}", args=["lending"])).status_code == 302, name
    assert client.get(reverse("courses:author")).status_code == 302


def test_every_post_of_a_reviewer_is_refused_and_changes_nothing(course):
    reviewer = UserFactory()
    CourseEditor.objects.create(course=course, person=reviewer, role=CourseEditor.Role.REVIEWER)
    report = LessonReport.objects.create(course=course, edition=course.current_edition, lesson_uid="one", text="x")
    client = client_of(reviewer)
    answers = [
        client.post(reverse("courses:author_publish", args=["lending"]), {"kind": "minor", "note": "x"}),
        client.post(reverse("courses:author_again", args=["lending", 1]), {"kind": "minor", "note": "x"}),
        client.post(reverse("courses:author_lesson", args=["lending", "one"]), form_of("one", body="Mine.")),
        client.post(reverse("courses:author_settle", args=["lending", report.pk])),
        client.post(reverse("courses:author_folder", args=["lending"]), {"archive": packed(course)}),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert Edition.objects.count() == 1
    report.refresh_from_db()
    assert report.settled_at is None


def test_the_menu_offers_author_to_those_who_author(course, owner):
    assert "/author/" in client_of(owner).get("/courses/").content.decode()
    assert "/author/" not in client_of(UserFactory()).get("/courses/").content.decode()


def test_my_courses_are_found_sorted_and_nobody_elses(course, owner):
    draft_course(slug="zebra", title="Zebra crossings", owner=owner)
    publish_course(slug="not-mine", title="Not mine")
    client = client_of(owner)
    page = client.get("/author/?sort=-title").content.decode()
    assert page.index("Zebra crossings") < page.index("Lending step by step")
    assert "Not mine" not in page
    found = client.get("/author/?q=zebra").content.decode()
    assert "Zebra crossings" in found
    assert "Lending step by step" not in found
    assert "Nothing for “nothing”" in client.get("/author/?q=nothing").content.decode()
    assert (
        "No course of yours yet"
        in client_of(MembershipFactory(instructor=True).person).get("/author/").content.decode()
    )
    assert client_of(UserFactory()).get("/author/").status_code == 403


def test_queries_do_not_grow_with_courses_lessons_or_editions(course, owner):
    client = client_of(owner)
    pages = [
        "/author/",
        "/author/courses/lending/",
        "/author/courses/lending/editions/",
        "/author/courses/lending/reports/",
    ]
    LessonReport.objects.create(course=course, edition=course.current_edition, lesson_uid="one", text="x")
    for page in pages:
        client.get(page)
    few = [count_queries(lambda page=page: client.get(page)) for page in pages]
    for number in range(5):
        draft_course(slug=f"more-{number}", owner=owner)
        publish_course(slug="lending", owner=owner, lessons=[("text", f"l-{each}", {}) for each in range(number + 4)])
        LessonReport.objects.create(
            course=course, edition=course.current_edition, lesson_uid="one", text="x", reporter=UserFactory()
        )
        EnrolmentFactory(course=Course.objects.get(slug="lending"), opened=True)
    assert [count_queries(lambda page=page: client.get(page)) for page in pages] == few


def form_of(uid: str, **changed) -> dict:
    text = LessonText.objects.get(lesson__uid=uid)
    given = {"title": text.title, "minutes": text.minutes, "body": text.content["body"], "version": text.version}
    return given | changed


def test_a_saved_text_waits_for_publishing(course, owner):
    client = client_of(owner)
    answer = client.post("/author/courses/lending/lessons/one/", form_of("one", body="Hello **again**."))
    assert answer.status_code == 302
    text = LessonText.objects.get(lesson__uid="one")
    assert (text.content["body"], text.version, text.changed_by) == ("Hello **again**.\n", 2, owner)
    assert "Changed content: One" in client.get("/author/courses/lending/publish/").content.decode()
    assert "<strong>again</strong>" not in client.get("/courses/lending/one/").content.decode()
    client.post("/author/courses/lending/publish/", {"kind": "minor", "note": "Better words"})
    assert "<strong>again</strong>" in client.get("/courses/lending/one/").content.decode()


def test_publishing_twice_is_refused_kindly(course, owner):
    client = client_of(owner)
    answer = client.post("/author/courses/lending/publish/", {"kind": "minor", "note": "Again"})
    assert answer.status_code == 422
    assert "Nothing has changed since edition 1." in answer.content.decode()


@pytest.mark.parametrize("data", [{"kind": "minor"}, {"kind": "preview", "note": "x"}, {"note": "x"}])
def test_publishing_asks_for_kind_and_note(course, owner, data):
    assert client_of(owner).post("/author/courses/lending/publish/", data).status_code == 422
    assert Edition.objects.count() == 1


def test_an_older_edition_is_published_again_after_asking(course, owner):
    publish_course(slug="lending", owner=owner, lessons=[("text", "other", {})])
    client = client_of(owner)
    assert "Publish edition 1 again" in client.get("/author/courses/lending/editions/1/again/").content.decode()
    assert Edition.objects.count() == 2
    client.post("/author/courses/lending/editions/1/again/", {"kind": "minor", "note": "Back"})
    course.refresh_from_db()
    assert course.current_edition.number == 3
    assert course.current_edition.hash == Edition.objects.get(number=1).hash
    assert client.get("/author/courses/lending/editions/3/again/").status_code == 404


def test_a_preview_shows_the_draft_to_whoever_holds_its_address(course, owner, client):
    author = client_of(owner)
    author.post("/author/courses/lending/lessons/one/", form_of("one", body="Not for all yet."))
    where = author.post("/author/courses/lending/preview/")["Location"]
    token = where.partition("preview=")[2]
    assert "Not for all yet." in author.get(f"/courses/lending/one/?preview={token}").content.decode()
    assert "Not for all yet." not in author.get("/courses/lending/one/").content.decode()
    assert client.get("/courses/lending/one/?preview=wrong").status_code == 404
    assert author.get("/author/courses/lending/preview/").status_code == 405


def packed(course: Course, **kw) -> SimpleUploadedFile:
    with export_archive(course=course, **kw) as archive:
        return SimpleUploadedFile("course.zip", archive.read(), content_type="application/zip")


def test_a_course_folder_comes_back_by_upload(course, owner):
    archive = packed(course)
    client = client_of(owner)
    client.post("/author/courses/lending/lessons/one/", form_of("one", body="Changed."))
    answer = client.post("/author/courses/lending/folder/", {"archive": archive})
    assert answer.status_code == 302
    assert LessonText.objects.get(lesson__uid="one").content["body"] == "Hello.\n"


def test_the_folder_of_another_course_is_refused(course, owner):
    draft_course(slug="other", owner=owner)
    answer = client_of(owner).post("/author/courses/other/folder/", {"archive": packed(course)})
    assert answer.status_code == 422
    assert "The folder is the course “lending”" in answer.content.decode()


def zipped(**files: str) -> SimpleUploadedFile:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return SimpleUploadedFile("course.zip", data.getvalue())


def test_a_faulty_folder_is_answered_with_every_fault(owner):
    archive = zipped(**{"course.yaml": "format: 2\n", "lessons/one.md": "no head\n"})
    answer = client_of(owner).post("/author/do/create/", {"archive": archive})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "course.yaml:1" in page
    assert "lessons/one.md:1" in page
    assert not Course.objects.exists()


@pytest.mark.parametrize("name", ["course.txt", "course.zip"])
def test_what_is_no_archive_is_refused(owner, name):
    given = SimpleUploadedFile(name, b"not a zip")
    answer = client_of(owner).post("/author/do/create/", {"archive": given})
    assert answer.status_code == 422
    assert not Course.objects.exists()


def test_only_instructors_make_courses(course, owner):
    archive = packed(course)
    assert client_of(UserFactory()).post("/author/do/create/", {"archive": archive}).status_code == 403


def test_a_new_course_belongs_to_the_library_and_its_maker(course):
    archive = packed(course)
    CourseText.objects.all().delete()
    Course.objects.filter(pk=course.pk).update(slug="moved-away")
    maker = MembershipFactory(instructor=True)
    answer = client_of(maker.person).post("/author/do/create/", {"archive": archive})
    made = Course.objects.get(slug="lending")
    assert answer["Location"] == "/author/courses/lending/"
    assert made.organisation == maker.organisation
    assert made.editors.get().role == "owner"
    assert made.current_edition is None


def test_somebody_elses_course_is_not_replaced_by_an_upload(course):
    answer = client_of(MembershipFactory(instructor=True).person).post(
        "/author/do/create/", {"archive": packed(course)}
    )
    assert answer.status_code == 403
    assert "cannot edit" in answer.content.decode()


def test_reports_are_read_and_settled(course, owner):
    report = LessonReport.objects.create(
        course=course, edition=course.current_edition, lesson_uid="one", text="A typo <b>", reporter=UserFactory()
    )
    client = client_of(owner)
    assert "A typo &lt;b&gt;" in client.get("/author/courses/lending/reports/").content.decode()
    client.post(f"/author/courses/lending/reports/{report.pk}/settle/")
    report.refresh_from_db()
    assert report.settled_by == owner
    assert "A typo" not in client.get("/author/courses/lending/reports/").content.decode()
    assert "A typo" in client.get("/author/courses/lending/reports/?settled=1").content.decode()


def test_the_settling_of_another_courses_report_is_not_found(course, owner):
    other = publish_course(slug="others")
    report = LessonReport.objects.create(course=other, edition=other.current_edition, lesson_uid="one", text="x")
    assert client_of(owner).post(f"/author/courses/lending/reports/{report.pk}/settle/").status_code == 404


def sent(client, files: dict[str, bytes], address: str = "/author/do/create/"):
    """A chosen folder, as the page's script sends it."""
    given = [SimpleUploadedFile("any.md", content) for content in files.values()]
    return client.post(address, {"upload": "1", "file": given, "path": list(files)})


def unpacked(course: Course) -> dict[str, bytes]:
    with export_archive(course=course) as archive, zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_chosen_folder_is_the_draft_it_was_taken_from(course, owner):
    files, client = unpacked(course), client_of(owner)
    before = drafts.load(course)
    client.post("/author/courses/lending/lessons/one/", form_of("one", body="Changed."))
    assert drafts.load(course) != before
    answer = sent(client, {**files, "lending/.git/config": b"[core]"}, "/author/courses/lending/folder/")
    assert (answer.status_code, drafts.load(course)) == (302, before)
    assert unpacked(course) == files


@pytest.mark.parametrize(
    "name",
    ["../course.yaml", "a/../../course.yaml", "/tmp/course.yaml", "a\\b.md", ".", "a/b c.md", "a/" * 300 + "b.md"],
)
def test_a_chosen_folder_stays_in_its_place(course, owner, name):
    answer = sent(client_of(owner), {**unpacked(course), name: b"x"}, "/author/courses/lending/folder/")
    assert answer.status_code == 422
    assert [each.file for each in answer.context["faults"]] == [name[:150]]


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({"IMPORT_MAX_FILES": 1}, "there are more than 1 files"),
        ({"IMPORT_MAX_BYTES": 10}, "all files together have 1 MB"),
        ({"IMPORT_MAX_FILE_BYTES": 1}, "the file has 1 MB"),
    ],
)
def test_a_chosen_folder_keeps_to_the_limits(course, owner, settings, limit, words):
    for name, value in limit.items():
        setattr(settings, name, value)
    files = {**unpacked(course), "lending/media/spare.png": b"png"}
    answer = sent(client_of(owner), files, "/author/courses/lending/folder/")
    assert answer.status_code == 422
    assert words in " ".join(each.sentence for each in answer.context["faults"])


def test_more_files_than_a_request_may_carry_are_not_read(course, owner):
    files = {f"lending/lessons/{number}.md": b"x" for number in range(101)}
    assert sent(client_of(owner), files, "/author/courses/lending/folder/").status_code == 413


def test_files_without_their_places_and_names_that_clash_are_refused(course, owner):
    client, here = client_of(owner), "/author/courses/lending/folder/"
    assert client.post(here, {"file": [SimpleUploadedFile("course.yaml", b"x")]}).status_code == 422
    for clash in ({"a/one.md": b"x", "a/ONE.md": b"x"}, {"a": b"x", "a/b.md": b"x"}):
        assert sent(client, clash, here).status_code == 422


def test_the_chosen_folder_of_another_course_is_refused(course, owner):
    draft_course(slug="other", owner=owner)
    answer = sent(client_of(owner), unpacked(course), "/author/courses/other/folder/")
    assert answer.status_code == 422
    assert "The folder is the course “lending”" in answer.content.decode()


def test_a_download_whose_file_the_store_has_lost_says_so(tmp_path, owner):
    course = film_course(tmp_path / "in", slug="cinema", owner=owner)
    default_storage.delete(course.media.get(name="film.mp4").media.path)
    for query in ("", "?edition=current", "?edition=1"):
        answer = client_of(owner).get(reverse("courses:author_download", args=["cinema"]) + query, follow=True)
        assert answer.redirect_chain
        assert "The media store has lost the file “film.mp4”." in answer.content.decode()
