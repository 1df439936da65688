"""Browser, folder, browser: a course with every kind of lesson comes back with the same hash, its files with their credits."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses.composing import compose
from courses.models import Course, CourseMedia, Edition, LessonText
from courses.services import drafts
from courses.services.publishing import publish
from quizzes.models import Bank
from tests.courses.films import CAPTIONS, CHAPTERS, mp4
from tests.courses.folders import PNG, write_sample
from tests.factories.quizzes import single
from tests.quizzes.test_quiz_author import library

pytestmark = pytest.mark.django_db
SLUG = "every-kind"
STARTER = Path(__file__).parents[2] / "media" / "courses" / "ill-borrowing-101" / "lessons"
CHECK = yaml.safe_dump(single("C-1", points=1) | {"uid": "C-1"}, sort_keys=False)
COURSE: dict[str, Any] = {
    "format": 1,
    "slug": SLUG,
    "code": "ALL 1",
    "languages": ["en", "es"],
    "audience": "public",
    "topic": "borrowing",
    "level": "basic",
    "licence": "CC-BY-4.0",
    "media": {"dot.png": {"licence": "CC0-1.0", "source": "Rosa Delgado, example.org"}, "film.mp4": {"source": "Us"}},
    "texts": {
        "en": {"title": "Every kind", "summary": "One of each.", "objectives": ["See: them all", "no"]},
        "es": {"title": "De todo", "summary": "Uno de cada."},
    },
    "credits": ["Hana Whitfield: words", "“Quoted” — and 12.5 %"],
    "modules": [
        {"uid": "reading", "title": {"en": "Reading", "es": "Leer"}, "lessons": ["plain", "rich", "film", "call"]},
        {"uid": "doing", "title": {"en": "Doing", "es": "Hacer"}, "lessons": ["asked", "desk"]},
    ],
}


def head(**given: Any) -> str:
    return f"---\n{yaml.safe_dump(given, sort_keys=False, allow_unicode=True)}---\n\n"


PLAIN = f"""\
## One

![A dot](media/dot.png)[^1] and [the film](lesson:film), {{{{local.max_cost}}}}.

```check
{CHECK}```

:::warn Mind
This.
:::

[^1]: A note.
"""
RICH = """\
<h2>Two</h2>
<p>Rich <strong>text</strong> &amp; <a href="lesson:plain">a link</a>.</p>
<figure><img src="media/dot.png" alt="A dot"></figure>
"""


def lessons() -> dict[str, str]:
    video = {"file": "media/film.mp4", "captions": "media/film.en.vtt", "chapters": "media/film.chapters.vtt"}
    video |= {"small": "media/film.small.mp4", "poster": "media/dot.png", "subtitles": {"es": "media/film.es.vtt"}}
    audio = {"file": "media/call.mp3", "captions": "media/film.en.vtt"}
    practice = yaml.safe_load((STARTER / "practice-return.yaml").read_text())
    del practice["back_to"]
    asked = {"kind": "quiz", "title": "Asked", "minutes": 5, "rule": {"pass_mark": 80, "opens_after": ["plain"]}}
    asked |= {"intro": "Mind\n\n the *gap*.\n", "questions": [single("Q-1", back_to="plain")]}
    asked |= {"picks": [{"bank": "library", "uid": "B-1"}], "draws": [{"bank": "library", "draw": 1, "topic": "Loans"}]}
    return {
        "plain.md": head(kind="text", title="Plain: words", minutes=5, facts=["F-1"]) + PLAIN,
        "plain.es.md": head(title="Llano", minutes=6) + "## Uno\n\nMás   palabras.  \nOtra línea.\n",
        "rich.md": head(kind="text", title="Rich", minutes=5, source_format="html") + RICH,
        "film.md": head(kind="video", title="Film", minutes=3, video=video) + "Key points.\n",
        "call.md": head(kind="audio", title="A call", minutes=3, audio=audio) + "Mind the tone.\n",
        "asked.yaml": yaml.safe_dump(asked, sort_keys=False),
        "desk.yaml": yaml.safe_dump(practice, sort_keys=False, allow_unicode=True),
    }


@pytest.fixture
def archive() -> bytes:
    """The course folder, packed as any tool may pack it."""
    library(single("B-1"))
    library(single("B-2"), single("B-3"), topic="Loans")
    files: dict[str, bytes] = {
        "course.yaml": yaml.safe_dump(COURSE, sort_keys=False, allow_unicode=True).encode(),
        "media/dot.png": PNG,
        "media/film.mp4": mp4(),
        "media/film.small.mp4": mp4(payload=b"\x00" * 400),
        "media/call.mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00" + (b"\xff\xfb\x90\x64" + b"\x00" * 413) * 40,
        "media/film.en.vtt": CAPTIONS.encode(),
        "media/film.es.vtt": CAPTIONS.replace("Then", "Luego").encode(),
        "media/film.chapters.vtt": CHAPTERS.encode(),
        "media/spare.png": PNG + b"spare",
    }
    files |= {f"lessons/{name}": text.encode() for name, text in lessons().items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, content in files.items():
            opened.writestr(f"anything/{name}", content)
    return packed.getvalue()


def upload(client: Client, data: bytes, address: str) -> Course:
    answer = client.post(address, {"archive": SimpleUploadedFile("course.zip", data), "what": "folder"})
    assert answer.status_code == 302, answer.context and [str(each) for each in answer.context.get("faults") or ()]
    return Course.objects.get(slug=SLUG)


def download(client: Client, **query: str) -> bytes:
    answer = client.get(reverse("courses:author_download", args=[SLUG]), query)
    return b"".join(answer.streaming_content)


def hash_of(course: Course) -> str:
    whole = drafts.complete(course)
    assert whole.faults == []
    return compose(whole.spec, media=whole.media).hash


@pytest.fixture
def hana(instructor: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(instructor)


@pytest.fixture
def course(hana: Client, archive: bytes) -> Course:
    return upload(hana, archive, reverse("courses:author_create"))


def test_the_draft_downloaded_and_uploaded_again_is_the_same(hana: Client, course: Course):
    before, rows = hash_of(course), facts(course)
    taken = download(hana)
    assert set(zipfile.ZipFile(io.BytesIO(taken)).namelist()) >= {
        f"{SLUG}/media/spare.png",
        f"{SLUG}/lessons/plain.es.md",
    }
    here = reverse("courses:author_folder", args=[SLUG])
    versions = list(course.lessons.values_list("uid", "version"))
    upload(hana, taken, here)
    assert list(course.lessons.values_list("uid", "version")) == versions, "nothing was written"
    LessonText.objects.filter(lesson__course=course, lesson__uid="rich").update(title="Something else")
    CourseMedia.objects.filter(course=course, name="dot.png").update(licence="", source="")
    assert hash_of(course) != before
    upload(hana, taken, here)
    assert (hash_of(course), facts(course)) == (before, rows)
    assert download(hana) == taken


def test_a_translation_that_lacks_what_the_first_language_has_lacks_it_afterwards_too(hana: Client, course: Course):
    """Its own film without poster and subtitles: a folder that left them out would be read with those of the other."""
    film = course.lessons.get(uid="film")
    said = {"body": "Lo esencial.\n", "source_format": "md"}
    said |= {"video": {"file": "media/film.small.mp4", "captions": "media/film.es.vtt"}}
    LessonText.objects.create(lesson=film, language="es", title="Cine", minutes=3, content=said)
    before = hash_of(course)
    upload(hana, download(hana), reverse("courses:author_folder", args=[SLUG]))
    assert film.texts.get(language="es").content == said
    assert hash_of(course) == before


def facts(course: Course) -> dict[str, tuple[str, ...]]:
    rows = CourseMedia.objects.filter(course=course).values_list("name", "licence", "source", "media__sha256")
    return {name: tuple(more) for name, *more in rows}


def test_a_folder_taken_to_another_site_and_back_has_the_same_hash(hana: Client, course: Course, tmp_path: Path):
    first = publish(course=course, kind="minor", note="First", actor=None)
    known = facts(course)
    taken = download(hana, edition="current")
    another_site(course)
    zipfile.ZipFile(io.BytesIO(taken)).extractall(tmp_path)
    call_command("import_course", str(tmp_path / SLUG), "--publish", "--note", "Here too")
    there = Course.objects.get(slug=SLUG)
    assert there.current_edition.hash == first.hash
    assert facts(there) == {name: row for name, row in known.items() if name != "spare.png"}
    back = download_as_its_owner(there, hana)
    another_site(there)
    again = upload(hana, back, reverse("courses:author_create"))
    assert publish(course=again, kind="minor", note="Back", actor=None).hash == first.hash


def another_site(course: Course) -> None:
    """A site that has never seen the course or the bank."""
    Course.objects.filter(pk=course.pk).update(slug=f"elsewhere-{course.pk}", current_edition=None)
    Bank.objects.filter(slug="library").update(slug=f"elsewhere-{course.pk}")


def download_as_its_owner(course: Course, client: Client) -> bytes:
    course.editors.create(person_id=int(client.session["_auth_user_id"]), role="owner")
    return download(client)


def test_a_draft_that_asks_from_a_bank_says_so_where_there_is_none(hana: Client, course: Course, tmp_path: Path):
    taken = download(hana)
    another_site(course)
    zipfile.ZipFile(io.BytesIO(taken)).extractall(tmp_path)
    call_command("import_course", str(tmp_path / SLUG))
    with pytest.raises(CommandError, match="library"):
        call_command("import_course", str(tmp_path / SLUG), "--publish")
    assert not Edition.objects.filter(course__slug=SLUG).exists()


def test_a_folder_that_knows_a_file_which_is_not_there_is_faulty(tmp_path: Path):
    course = "media: {none.png: {licence: CC0-1.0}}\n"
    root = write_sample(tmp_path / "course")
    (root / "course.yaml").write_text((root / "course.yaml").read_text() + course)
    with pytest.raises(CommandError, match=r"course.yaml:17: there is no file media/none.png"):
        call_command("import_course", str(root))
