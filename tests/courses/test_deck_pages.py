"""The pages of slides to video: what is typed is saved, acts lose nothing, and everything works as plain forms."""

import io
import wave

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from courses.making import decks as making
from courses.models import MediaFile, MediaJob, Slide, SlideDeck
from courses.narration.voices import Voice
from courses.selectors import decks as shown
from tests.courses.office import PIXEL
from tests.factories.accounts import MembershipFactory
from tests.factories.courses import draft_course
from tests.factories.decks import deck_of
from tests.support import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def voice(monkeypatch, settings, tmp_path_factory):
    found = {"calm": Voice("calm", "Calm", "en", 24_000, lambda pace: None)}
    monkeypatch.setattr(shown, "voices", lambda: found)
    settings.WORK_DIR = str(tmp_path_factory.getbasetemp() / "deck-pages")


@pytest.fixture
def owner():
    return MembershipFactory(instructor=True).person


@pytest.fixture
def course(owner):
    return draft_course(slug="lending", owner=owner, lessons=[("video", "theses", {"title": "Theses", "video": {}})])


@pytest.fixture
def deck(course) -> SlideDeck:
    return deck_of("One is a sentence. Two is here.", "b", "c", course=course)


@pytest.fixture
def client(owner) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def url(name: str, *args) -> str:
    return reverse(f"courses:author_{name}", args=["lending", *args])


def fields(slide: Slide, **changes) -> dict:
    given = {
        "heading": slide.heading,
        "items": slide.items,
        "described": slide.described,
        "sound": slide.sound,
        "words": slide.words,
        "seconds": slide.seconds,
        "version": slide.version,
        "opens_chapter": "on",
    }
    return {**given, **changes}


def order(deck: SlideDeck) -> str:
    return "".join(deck.slides.order_by("position").values_list("heading", flat=True))


def test_a_deck_begins_from_nothing_or_from_markdown(client, course):
    answer = client.post(url("decks"), {"title": "Empty", "lesson_uid": "theses", "text": ""})
    empty = SlideDeck.objects.get(title="Empty")
    assert answer["Location"] == url("deck", empty.pk)
    assert (empty.lesson_uid, empty.slides.count()) == ("theses", 1)
    client.post(url("decks"), {"title": "Pasted", "text": "## A\n\nWords.\n\n## B\n\n- one"})
    assert order(SlideDeck.objects.get(title="Pasted")) == "AB"
    answer = client.post(url("decks"), {"title": "Wrong", "text": "# A"})
    assert answer.status_code == 422
    assert "Line 1: Only “##” headings open a slide." in answer.content.decode()
    assert "# A" in answer.content.decode()
    assert SlideDeck.objects.count() == 2


def test_the_page_shows_the_slide_its_state_and_what_is_missing(client, deck):
    deck.slides.filter(heading="C").update(words="")
    page = client.get(url("deck", deck.pk)).content.decode()
    assert "Slide 1 of 3" in page
    assert "7 words." in page
    assert "Slide 3 has no narration." in page
    page = client.get(f"{url('deck', deck.pk)}?slide={deck.slides.get(heading='B').pk}").content.decode()
    assert "Slide 2 of 3" in page


def test_what_is_typed_is_saved_and_answered_piece_by_piece(client, deck):
    slide = deck.slides.get(heading="A")
    form = fields(slide, words="Five words stand here now.")
    answer = client.post(url("slide", deck.pk, slide.pk), form, headers={"accept": "application/json"})
    said = answer.json()
    assert (said["version"], said["words"], set(said["pieces"])) == (2, 5, {"film", "points"})
    slide.refresh_from_db()
    assert slide.words == "Five words stand here now."
    wrong = fields(slide, items="# no")
    answer = client.post(url("slide", deck.pk, slide.pk), wrong, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        {"items": "Line 1: Only lists and one drawing can stand on a slide."},
    )


def test_saving_a_slide_needs_few_statements(client, deck):
    slide = deck.slides.get(heading="A")
    form = fields(slide, words="Five words stand here now.")
    client.get(url("deck", deck.pk))
    headers = {"accept": "application/json"}
    assert count_statements(lambda: client.post(url("slide", deck.pk, slide.pk), form, headers=headers)) <= 20


def test_who_saves_second_sees_both_and_loses_nothing(client, deck):
    slide = deck.slides.get(heading="A")
    old = fields(slide, words="Mine.")
    client.post(url("slide", deck.pk, slide.pk), fields(slide, words="Theirs."))
    quiet = client.post(url("slide", deck.pk, slide.pk), old, headers={"accept": "application/json"})
    assert quiet.status_code == 409
    answer = client.post(url("slide", deck.pk, slide.pk), old)
    page = answer.content.decode()
    assert (answer.status_code, "Mine." in page, "Theirs." in page) == (409, True, True)
    client.post(url("slide", deck.pk, slide.pk), {**old, "version": 2})
    slide.refresh_from_db()
    assert slide.words == "Mine."


def test_acts_take_along_what_was_typed(client, deck):
    slide = deck.slides.get(heading="A")
    client.post(url("slide_do", deck.pk, slide.pk, "down"), fields(slide, words="Typed before."))
    assert order(deck) == "BAC"
    slide.refresh_from_db()
    assert slide.words == "Typed before."
    client.post(url("slide_do", deck.pk, slide.pk, "up"))
    client.post(url("slide_do", deck.pk, slide.pk, "add"))
    client.post(url("slide_do", deck.pk, slide.pk, "split"), {"at": "6"})
    assert [row.words for row in deck.slides.order_by("position")] == ["Typed", "before.", "", "b", "c"]
    assert client.post(url("slide_do", deck.pk, slide.pk, "fly")).status_code == 404


def test_a_deleted_slide_can_be_brought_back(client, deck):
    slide = deck.slides.get(heading="B")
    page = client.post(url("slide_do", deck.pk, slide.pk, "delete"), follow=True)
    assert order(deck) == "AC"
    kept = page.context["undo"]
    client.post(url("deck_do", deck.pk, "undo"), {"kept": kept})
    assert order(deck) == "ABC"


def test_pictures_and_recordings_are_checked_by_content(client, deck):
    slide = deck.slides.get(heading="A")
    picture = SimpleUploadedFile("a.png", PIXEL, content_type="image/png")
    client.post(url("slide", deck.pk, slide.pk), fields(slide, picture=picture, described="A dot"))
    slide.refresh_from_db()
    assert slide.picture.type == "image/png"
    page = client.get(url("slide_page", deck.pk, slide.pk))
    assert (page.status_code, page["Content-Type"]) == (200, "image/png")
    wrong = SimpleUploadedFile("a.png", b"<script>", content_type="image/png")
    answer = client.post(url("slide", deck.pk, slide.pk), fields(slide, picture=wrong))
    assert answer.status_code == 422
    assert "no PNG, JPEG or WebP" in answer.content.decode()
    spoken = SimpleUploadedFile("a.mp3", b"no sound", content_type="audio/mpeg")
    answer = client.post(url("slide", deck.pk, slide.pk), fields(slide, sound="recording", recording=spoken))
    assert answer.status_code == 422
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(8000))
    spoken = SimpleUploadedFile("a.wav", sound.getvalue(), content_type="audio/wav")
    client.post(url("slide", deck.pk, slide.pk), fields(slide, sound="recording", recording=spoken, drop_picture="on"))
    slide.refresh_from_db()
    assert (slide.recording.type, slide.picture) == ("audio/wav", None)


def test_a_drawing_that_would_never_end_is_not_drawn(client, deck):
    slide = deck.slides.get(heading="A")
    client.post(url("slide", deck.pk, slide.pk), fields(slide, items="```stops\ncount: never\n```"))
    answer = client.get(url("slide_page", deck.pk, slide.pk))
    assert (answer.status_code, answer.content.decode()) == (
        422,
        "The drawing on the slide cannot be made. Compare its lines with the manual.",
    )


def test_the_voice_is_saved_for_the_whole_deck(client, deck):
    given = {
        "deck-title": "New title",
        "deck-lesson_uid": "theses",
        "deck-language": "en",
        "deck-voice": "calm",
        "deck-words_a_minute": "130",
        "deck-pause_ms": "1000",
        "deck-version": deck.version,
    }
    client.post(url("deck", deck.pk), given)
    deck.refresh_from_db()
    assert (deck.title, deck.lesson_uid, deck.words_a_minute, deck.pause_ms, deck.says_voice) == (
        "New title",
        "theses",
        130,
        1000,
        False,
    )
    answer = client.post(url("deck", deck.pk), {**given, "deck-title": "Late"})
    assert answer.status_code == 409
    assert client.post(url("deck", deck.pk), {**given, "deck-voice": "nobody"}).status_code == 422


def test_the_deck_goes_out_as_markdown_and_comes_in_again(client, deck):
    answer = client.get(url("deck_source", deck.pk))
    assert answer["Content-Type"].startswith("text/markdown")
    text = answer.content.decode().replace("## B", "## Bee")
    client.post(url("deck_source", deck.pk), {"file": SimpleUploadedFile("deck.md", text.encode())})
    assert order(deck) == "ABeeC"
    answer = client.post(url("deck_source", deck.pk), {"file": SimpleUploadedFile("deck.md", b"# no")})
    assert answer.status_code == 422
    assert order(deck) == "ABeeC"


def test_the_video_is_asked_for_stopped_and_used(client, deck):
    deck.slides.filter(heading="C").update(words="")
    client.post(url("deck_do", deck.pk, "make"))
    assert not MediaJob.objects.exists()
    deck.slides.filter(heading="C").update(words="Now.")
    client.post(url("deck_do", deck.pk, "make"))
    job = MediaJob.objects.get()
    assert (job.kind, job.deck, job.given) == ("deck", deck, {"use": False})
    MediaJob.objects.update(state="running", progress=40, step="2 of 3 slides, about 20 seconds left")
    assert "about 20 seconds left" in client.get(url("deck_progress", deck.pk)).content.decode()
    client.post(url("deck_do", deck.pk, "stop"))
    job.refresh_from_db()
    assert job.cancel_asked_at is not None
    assert client.post(url("deck_do", deck.pk, "use")).status_code == 404
    MediaJob.objects.update(state="done", finished_at="2026-01-01T00:00Z", made={"files": {}, "seconds": 3})
    page = client.get(url("deck_progress", deck.pk)).content.decode()
    assert "The video is made." in page
    deck.lesson_uid = "theses"
    deck.save()
    client.post(url("deck_do", deck.pk, "use"))
    assert client.get(url("deck_made", deck.pk, "file")).status_code == 404


def test_a_slide_that_was_read_aloud_can_be_heard(client, deck):
    slide = deck.slides.get(heading="A")
    assert client.get(url("slide_sound", deck.pk, slide.pk)).status_code == 404
    client.post(url("slide_do", deck.pk, slide.pk, "listen"), fields(slide))
    job = MediaJob.objects.get(kind="listen")
    progress = f"{url('deck_progress', deck.pk)}?of=sound&slide={slide.pk}"
    assert "The sound is being made" in client.get(progress).content.decode()
    making.kept_clips().make("key", lambda folder: (folder / "sound.pcm").write_bytes(bytes(960)))
    MediaJob.objects.filter(pk=job.pk).update(state="done", made={"key": "key"})
    assert "The sound is ready." in client.get(progress).content.decode()
    answer = client.get(url("slide_sound", deck.pk, slide.pk))
    with wave.open(io.BytesIO(b"".join(answer.streaming_content))) as sound:
        assert (sound.getframerate(), sound.getnframes()) == (48_000, 480)
    client.post(url("slide", deck.pk, slide.pk), fields(slide, words="Other words."))
    assert client.get(url("slide_sound", deck.pk, slide.pk)).status_code == 404


def test_a_deck_is_deleted_after_a_question(client, deck):
    assert "Delete these slides?" in client.post(url("deck_do", deck.pk, "delete")).content.decode()
    assert SlideDeck.objects.exists()
    client.post(url("deck_do", deck.pk, "delete"), {"sure": "1"})
    assert not SlideDeck.objects.exists()
    assert not MediaFile.objects.filter(slide_pictures__isnull=False).exists()
