"""The files of all one's courses, and the unused ones taken out and put back."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.describing import undescribed
from courses.media_probe import examine
from courses.models import CourseMedia
from courses.services import tidying
from courses.services.media import store_all
from tests.courses.folders import PNG
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def media(tmp_path):
    def made(name: str, more: bytes = b""):
        path = tmp_path / name
        path.write_bytes(PNG + more)
        return store_all({name: examine(path)}, owner=None)[name]

    return made


@pytest.fixture(autouse=True)
def courses(owner, media):
    """Two courses of mine, each with a used and a spare file, and one of somebody else."""
    body = "![A shelf](media/used.png)\n"
    files = {"used.png": media("used.png"), "spare.png": media("spare.png", b"\0")}
    mine = [
        draft_course(
            slug=slug, owner=owner, lessons=[("text", "one", {"title": f"In {slug}", "body": body})], media=files
        )
        for slug in ("first", "second")
    ]
    somebody = MembershipFactory(instructor=True).person
    theirs = draft_course(
        slug="theirs", owner=somebody, lessons=[("text", "one", {})], media={"secret.png": media("s.png", b"\1")}
    )
    CourseMedia.objects.filter(course=mine[0], name="used.png").update(licence="CC0-1.0", source="Ines Duarte")
    return [*mine, theirs]


def names(client, **given) -> list[tuple[str, str]]:
    page = client.get(reverse("courses:author_media"), given).context["page"]
    return [(file.row.course.slug, file.row.name) for file in page]


def test_the_list_finds_filters_and_sorts_what_is_mine(client):
    every = [("first", "spare.png"), ("second", "spare.png"), ("first", "used.png"), ("second", "used.png")]
    assert names(client) == every
    assert names(client, show="unused") == every[:2]
    assert names(client, show="used") == every[2:]
    assert names(client, show="unlicensed") == [every[0], every[1], every[3]]
    assert names(client, q="duarte") == [("first", "used.png")]
    assert names(client, sort="-size") == every
    page = client.get(reverse("courses:author_media")).content.decode()
    assert "In second" in page
    assert "secret.png" not in page
    assert "No such file" in client.get(reverse("courses:author_media"), {"q": "nothing"}).content.decode()


def test_the_list_costs_the_same_however_many_files_there_are(client, courses, media):
    client.get(reverse("courses:author_media"))
    before = count_statements(lambda: client.get(reverse("courses:author_media")))
    for number in range(5):
        CourseMedia.objects.create(course=courses[0], media=media("used.png"), name=f"more-{number}.png")
    assert count_statements(lambda: client.get(reverse("courses:author_media"))) == before
    assert before <= 12


def test_unused_files_go_at_once_and_come_back(client):
    here = reverse("courses:author_media_unused")
    page = client.get(here)
    assert {file.row.name for file in page.context["files"]} == {"spare.png"}
    chosen = [file.row.pk for file in page.context["files"]]
    CourseMedia.objects.filter(pk=chosen[0]).update(licence="CC-BY-4.0")
    said = client.post(here, {"file": chosen}, follow=True).content.decode()
    assert "2 files were taken out" in said
    assert "Undo: put 2 files back" in said
    assert not CourseMedia.objects.filter(name="spare.png").exists()
    client.post(reverse("courses:author_media_back"))
    assert set(CourseMedia.objects.filter(name="spare.png").values_list("licence", flat=True)) == {"", "CC-BY-4.0"}


def test_what_is_used_or_somebody_elses_stays(owner):
    every = set(CourseMedia.objects.values_list("pk", flat=True))
    assert tidying.take_out_unused(files=every, actor=owner).count == 2
    assert set(CourseMedia.objects.values_list("name", flat=True)) == {"used.png", "secret.png"}


def test_files_without_a_description_or_captions_are_found_where_they_lack_it(client, owner, courses, media):
    lessons = [
        ("text", "silent", {"title": "Silent", "body": "![](media/used.png)\n"}),
        ("text", "told", {"title": "Told", "body": "![A shelf](media/used.png)\n\n[A form](media/spare.png)\n"}),
        ("text", "adorned", {"body": '<img src="media/line.png" alt="" data-decorative>', "source_format": "html"}),
        ("text", "rich", {"body": '<p><img src="media/dot.png" alt=" "></p>', "source_format": "html"}),
        ("video", "film", {"body": "", "video": {"file": "media/film.mp4"}}),
        ("video", "told-film", {"body": "", "video": {"file": "media/told.mp4", "captions": "media/told.vtt"}}),
    ]
    files = ("used.png", "spare.png", "line.png", "dot.png", "film.mp4", "told.mp4", "told.vtt")
    held = {name: media("x.png", name.encode()) for name in files}
    draft_course(slug="third", owner=owner, lessons=lessons, media=held)
    third = [("third", "dot.png"), ("third", "film.mp4"), ("third", "used.png")]
    assert names(client, show="undescribed") == third
    page = client.get(reverse("courses:author_media"), {"show": "undescribed"}).content.decode()
    assert ">Silent</a>" in page
    assert ">Told</a>" not in page, "there it has one"
    here = client.get(reverse("courses:author_files", args=["third"]), {"show": "undescribed"}).context["page"]
    assert [row.name for row in here] == ["dot.png", "film.mp4", "used.png"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ({"intro": "![](media/a.png)", "questions": []}, {"a.png"}),
        ({"questions": [{"stem": '<p><img src="media/a.png"></p>', "format": "html"}]}, {"a.png"}),
        ({"questions": [{"image": "media/a.png", "alt": "A map"}]}, set()),
        ({"body": "![](https://example.org/a.png)"}, set()),
        ({"audio": {"file": "media/a.m4a"}}, {"a.m4a"}),
        ({"video": None, "audio": {}}, set()),
        ({}, set()),
    ],
)
def test_what_lacks_a_description_is_found_in_every_kind_of_lesson(content, found):
    assert undescribed(content) == found
