"""Documents: Word and Markdown become lessons to look at first, a PDF becomes a deck; every fault is a sentence."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.errors import Conflict
from courses import bodies
from courses.jobs_making import run_media_job
from courses.making.markdown import Read, read_markdown
from courses.models import CourseMedia, Lesson, LessonText, MediaFile, MediaJob, SlideDeck
from courses.services import documents
from tests.courses.office import PIXEL, docx, packed, paragraph, pdf, picture
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner):
    return draft_course(slug="lending", owner=owner, lessons=[("text", "one", {"title": "One"})])


@pytest.fixture
def client(owner, course) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def url(name: str, *args, query: str = "") -> str:
    return reverse(f"courses:{name}", args=["lending", *args]) + query


def uploaded(client, name: str, content: bytes, *, purpose: str = "document") -> MediaJob:
    """The file as a form sends it, and the job done."""
    file = SimpleUploadedFile(name, content)
    answer = client.post(url("upload_page", query=f"?purpose={purpose}"), {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    job = MediaJob.objects.get()
    assert str(job.uid) in answer["Location"]
    assert "Waiting for its turn" in client.get(answer["Location"]).content.decode()
    run_media_job(job.pk)
    job.refresh_from_db()
    return job


WORD = docx(
    paragraph("Theses", style="Heading1"),
    paragraph("Ask the school."),
    paragraph("Where", style="Heading2"),
    picture("A shelf"),
    paragraph("Proceedings", style="Heading1"),
    paragraph("Two years."),
    picture(),
    more={"word/comments.xml": "<x/>", "word/header1.xml": "<x/>", "word/header2.xml": "<x/>"},
)


def test_a_word_document_is_looked_at_taken_and_taken_back(client, course, owner):
    job = uploaded(client, "Theses and more.docx", WORD)
    assert (job.state, job.said) == ("done", "")
    first, second = job.made["lessons"]
    assert (first["title"], first["form"], first["faults"]) == ("Theses", "html", [])
    assert first["body"] == (
        '<p>Ask the school.</p>\n<h2>Where</h2>\n<p><img alt="A shelf" src="media/theses-and-more-1.png"></p>\n'
    )
    assert second["faults"] == ["a picture has no alternative text; say what it shows, or mark it as decorative"]
    assert job.made["left"] == ["Left out: the comments.", "Left out: 2 headers or footers."]
    assert job.made["changed"] == ["1 picture has no alternative text in Word; write it here."]
    assert Lesson.objects.count() == 1
    assert not CourseMedia.objects.exists()

    page = client.get(url("author_import_report", job.uid)).content.decode()
    assert "2 lessons were read" in page
    sha = job.made["files"]["theses-and-more-1.png"]
    shown = url("author_import_media", job.uid, sha, "theses-and-more-1.png")
    assert shown in page
    assert b"".join(client.get(shown).streaming_content) == PIXEL
    assert client.get(url("author_import_media", job.uid, "f" * 64, "x.png")).status_code == 404

    client.post(url("author_import_take", job.uid), {"lesson": ["0", "1"], "part": "part-one"})
    assert list(course.lessons.values_list("uid", flat=True)) == ["one", "theses", "proceedings"]
    text = LessonText.objects.get(lesson__uid="theses")
    assert (text.title, text.content) == ("Theses", {"body": first["body"], "source_format": "html"})
    assert set(CourseMedia.objects.values_list("name", flat=True)) == {"theses-and-more-1.png", "theses-and-more-2.png"}
    assert "2 lessons of it are in the draft" in client.get(url("author_import_report", job.uid)).content.decode()
    with pytest.raises(Conflict):
        documents.take(job=job, numbers={0}, part="part-one", as_one=False, actor=owner)

    client.post(url("author_import_undo", job.uid))
    assert list(course.lessons.values_list("uid", flat=True)) == ["one"]
    assert Lesson.everything.filter(course=course).count() == 3
    assert "How it looks" in client.get(url("author_import_report", job.uid)).content.decode()


def test_several_lessons_can_become_one(client, course, owner):
    job = uploaded(client, "notes.docx", WORD)
    documents.take(job=job, numbers={0, 1}, part="part-one", as_one=True, actor=owner)
    body = LessonText.objects.get(lesson__uid="theses").content["body"]
    assert "<h3>Where</h3>" in body
    assert "<h2>Proceedings</h2>" in body
    assert bodies.headings(body, "html") == [(3, 1), (2, 3)]


def test_taking_many_lessons_costs_no_more_statements_than_taking_one(client, course, owner):
    titles = "\n\n".join(f"# Lesson {number}\n\nWords.\n" for number in range(20))
    job = uploaded(client, "notes.md", titles.encode())

    def take(numbers):
        return count_statements(
            lambda: documents.take(job=job, numbers=numbers, part="part-one", as_one=False, actor=owner)
        )

    one = take({0})
    documents.take_back(job=job, actor=owner)
    assert take(set(range(20))) <= one
    assert count_statements(lambda: documents.take_back(job=job, actor=owner)) <= 10
    assert course.lessons.count() == 1


def test_what_no_lesson_can_hold_is_not_taken_and_says_what_to_do(client, course):
    """It could never be saved again: each save would be refused as too long, or its minutes as too many."""
    long = "Word and word. " * 14_000
    job = uploaded(client, "long.md", f"# Short\n\nA word.\n\n# Long\n\n{long}\n".encode())
    form = {"part": course.modules.get().uid, "lesson": ["0", "1"]}
    answer = client.post(url("author_import_take", job.uid), form, follow=True)
    assert "“Long” has more than 200000 characters" in answer.content.decode()
    assert list(course.lessons.values_list("uid", flat=True)) == ["one"]
    MediaJob.objects.update(made={**job.made, "lessons": [{**job.made["lessons"][0], "minutes": 700}]})
    client.post(url("author_import_take", job.uid), {**form, "lesson": ["0"]})
    assert LessonText.objects.get(lesson__uid="short").minutes == 600


def test_taking_nothing_or_for_no_part_changes_nothing(client, course):
    job = uploaded(client, "notes.docx", WORD)
    for data in (
        {"part": "part-one"},
        {"lesson": ["0"], "part": "nowhere"},
        {"lesson": ["9", "x"], "part": "part-one"},
    ):
        client.post(url("author_import_take", job.uid), data)
    assert Lesson.everything.count() == 1


def test_a_name_that_is_taken_gets_a_number_also_in_the_text(client, course, owner):
    other = MediaFile.objects.create(sha256="b" * 64, size=1, type="image/png")
    CourseMedia.objects.create(course=course, media=other, name="notes-1.png")
    job = uploaded(client, "notes.docx", docx(picture("A shelf")))
    documents.take(job=job, numbers={0}, part="part-one", as_one=False, actor=owner)
    assert 'src="media/notes-1-2.png"' in LessonText.objects.get(lesson__uid="notes").content["body"]


def test_markdown_files_come_with_their_pictures(client, course, owner):
    archive = packed(
        {
            "course/a.md": "---\ntitle: First\nauthor: Somebody\n---\n\n![A dot](img/dot.png) and ![gone](img/gone.png)\n",
            "course/b.md": "# Second\n\nWords.\n\n# Third\n\nMore.\n",
            "course/img/dot.png": PIXEL,
            "course/img/fake.png": "<script>",
            "course/x.exe": "x",
        }
    )
    job = uploaded(client, "notes.zip", archive)
    assert [lesson["title"] for lesson in job.made["lessons"]] == ["First", "Second", "Third"]
    assert job.made["lessons"][0]["body"] == "![A dot](media/dot.png) and ![gone](img/gone.png)\n"
    assert set(job.made["files"]) == {"dot.png"}
    assert job.made["left"] == [
        "course/a.md: the lines author at its top have no place here.",
        "course/a.md: “img/gone.png” did not come along.",
        "“course/x.exe” is no Markdown and no picture.",
    ]
    documents.take(job=job, numbers={0, 1, 2}, part="part-one", as_one=False, actor=owner)
    assert LessonText.objects.get(lesson__uid="third").content == {"body": "More.\n", "source_format": "md"}


def test_a_heading_in_code_is_no_new_lesson():
    read = Read()
    read_markdown(read, "Words.\n\n```\n# not a heading\n```\n", name="my-notes.md", files={})
    assert [(each["title"], each["body"]) for each in read.lessons] == [
        ("my notes", "Words.\n\n```\n# not a heading\n```\n")
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.docx", b"PK\x03\x04 nothing", "This is no Word document"),
        (
            "a.docx",
            packed({"word/document.xml": bytes(30 << 20), "[Content_Types].xml": "x"}),
            "very many times its size",
        ),
        ("a.zip", packed({"../a.md": "x"}), "leads out of it"),
        ("a.zip", packed({"a.txt": "x"}), "nothing in the file"),
        ("a.md", b"\xff\xfe caf\xe9", "cannot be read"),
    ],
)
def test_a_hostile_document_is_refused_with_a_reason(client, name, content, says):
    job = uploaded(client, name, content)
    assert job.state == "failed"
    assert says in job.said
    assert job.said.replace("’", "") in client.get(url("author_import_report", job.uid)).content.decode().replace(
        "’", ""
    )


def test_what_is_no_document_at_all_is_not_even_read(client):
    for name, content, purpose in (
        ("a.docx", b"<html>", "document"),
        ("a.exe", b"MZ", "document"),
        ("a.pdf", b"<html>", "slides"),
        ("a.md", b"a\x00b", "slides"),
    ):
        file = SimpleUploadedFile(name, content)
        answer = client.post(url("upload_page", query=f"?purpose={purpose}"), {"file": file})
        assert answer.status_code == 422, name
    assert not MediaJob.objects.exists()


def test_pages_of_a_pdf_become_slides(client, course):
    job = uploaded(client, "my-slides.pdf", pdf("= Theses\nAsk the school.", "= Proceedings"), purpose="slides")
    assert job.state == "done", job.said
    deck = SlideDeck.objects.get()
    rows = list(deck.slides.order_by("position").select_related("picture"))
    assert (deck.title, deck.source_name) == ("my slides", "my-slides.pdf")
    assert [(row.heading, row.described, row.words) for row in rows] == [
        ("Theses", "Theses Ask the school.", ""),
        ("Proceedings", "Proceedings", ""),
    ]
    assert {row.picture.type for row in rows} == {"image/png"}
    page = client.get(url("author_deck_arrival", job.uid)).content.decode()
    assert "2 slides were taken" in page
    assert reverse("courses:author_deck", args=["lending", deck.pk]) in page
    MediaJob.objects.update(state="waiting", attempts=0)
    run_media_job(job.pk)
    assert SlideDeck.objects.count() == 1


def test_a_narration_becomes_a_deck(client):
    job = uploaded(client, "deck.md", b"---\ntitle: T\n---\n## A\n\nWords.\n", purpose="slides")
    assert (job.state, SlideDeck.objects.get().slides.get().words) == ("done", "Words.")


def test_a_narration_with_a_fault_says_its_line(client):
    job = uploaded(client, "deck.md", b"Words.\n", purpose="slides")
    assert (job.state, job.said) == ("failed", "Line 1: Text stands before the first “## Heading”.")
