"""Saving a lesson's text: versions kept, changes of machines, changes of people, old versions thinned."""

import datetime as dt
import threading

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.errors import InvalidInput
from courses import markup
from courses.jobs_writing import KEEP_ALL, SITTING_GAP, thin_revisions
from courses.models import LessonRevision, LessonText, Presence
from courses.services import editing
from courses.services.editing import BothChanged, SomebodyWasFaster, Typed, patch_content, restore_revision, save_lesson
from courses.services.outline_places import NotThere
from courses.services.rewriting import convert
from tests.factories.accounts import UserFactory
from tests.factories.courses import LessonFactory

pytestmark = pytest.mark.django_db

FIRST = "Words of one.\n"


@pytest.fixture
def text() -> LessonText:
    return LessonFactory(uid="one").texts.get()


def current(text: LessonText) -> LessonText:
    return LessonText.objects.select_related("lesson").get(pk=text.pk)


def save(text: LessonText, body: str, *, version: int | None = None, actor=None):
    text = current(text)
    typed = Typed(text.title, text.minutes, body)
    return save_lesson(text=text, typed=typed, version=version or text.version, actor=actor or UserFactory())


def test_who_saves_what_was_archived_in_between_is_told_so(text):
    """As when a folder comes in that lacks this language, while the page was read and before it was written."""
    read = current(text)
    LessonText.everything.filter(pk=text.pk).update(archived_at=clock.now())
    with pytest.raises(NotThere, match="not in the outline any more"):
        save_lesson(text=read, typed=Typed(text.title, 5, "Mine.\n"), version=1, actor=UserFactory())
    with pytest.raises(NotThere):
        patch_content(text=read, change=lambda content: {**content, "video": {}}, actor=None)


def test_a_patch_changes_the_content_as_it_stands_now(text):
    person = UserFactory()
    LessonText.objects.filter(pk=text.pk).update(version=4, content={"body": "Newer.\n", "source_format": "md"})
    saved = patch_content(text=text, change=lambda content: {**content, "video": {"file": "media/a.mp4"}}, actor=person)
    assert saved.content == {"body": "Newer.\n", "source_format": "md", "video": {"file": "media/a.mp4"}}
    assert (saved.version, saved.changed_by) == (5, person)
    text.refresh_from_db()
    assert (text.version, text.content) == (5, saved.content)


def test_an_equal_patch_saves_nothing(text):
    saved = patch_content(text=text, change=lambda content: content, actor=UserFactory())
    assert (saved.version, saved.changed_by) == (1, None)
    assert not LessonRevision.objects.exists()


def test_each_save_keeps_what_it_left_and_the_first_one_what_it_found(text):
    for name in ("a", "b"):
        patch_content(text=text, change=lambda content, name=name: {**content, "body": name}, actor=None)
    kept = LessonRevision.objects.filter(text=text).values_list("version", "content__body")
    assert list(kept) == [(3, "b"), (2, "a"), (1, FIRST)]


def test_a_patch_between_reading_and_writing_is_merged_and_not_lost(text):
    """A machine changes the video while a person's save is under way: the person read version 1."""
    read = current(text)
    patch_content(text=text, change=lambda content: {**content, "video": {"file": "media/a.mp4"}}, actor=None)
    saved = save_lesson(text=read, typed=Typed(read.title, read.minutes, "Mine.\n"), version=1, actor=UserFactory())
    assert (saved.text.content["body"], saved.text.version) == ("Mine.\n", 3)
    assert saved.text.content["video"] == {"file": "media/a.mp4"}


def test_a_text_with_a_nul_is_refused(text):
    with pytest.raises(InvalidInput) as refused:
        save(text, "a\0b")
    assert "body" in refused.value.fields
    assert current(text).version == 1


def test_whoever_never_gets_through_is_told(text, monkeypatch):
    def overtaken(*, current, **_values):
        LessonText.objects.filter(pk=current.pk).update(version=current.version + 1)
        raise SomebodyWasFaster(LessonText.objects.select_related("lesson").get(pk=current.pk))

    monkeypatch.setattr(editing, "store", overtaken)
    with pytest.raises(SomebodyWasFaster):
        save(text, "Mine.\n")


def test_an_old_version_comes_back_as_the_newest(text):
    hana = UserFactory()
    save(text, "Second.\n")
    first = LessonRevision.objects.get(version=1)
    saved = restore_revision(text=text, revision=first, version=2, actor=hana)
    assert (saved.text.version, saved.text.content["body"], saved.text.changed_by) == (3, FIRST, hana)
    assert LessonRevision.objects.get(version=3).restores == 1
    again = restore_revision(text=text, revision=first, version=3, actor=hana)
    assert (again.wrote, again.text.version) == (False, 3)


def test_nothing_comes_back_over_what_one_has_not_seen(text):
    save(text, "Second.\n")
    first = LessonRevision.objects.get(version=1)
    save(text, "Third.\n")
    with pytest.raises(SomebodyWasFaster):
        restore_revision(text=text, revision=first, version=2, actor=UserFactory())


def test_a_version_from_before_the_lesson_was_turned_comes_back_in_the_format_of_now(text):
    save(text, "Second.\n")
    turn(text, "html")
    first = LessonRevision.objects.get(version=1)
    saved = restore_revision(text=text, revision=first, version=3, actor=UserFactory())
    assert saved.text.content == {"body": "<p>Words of one.</p>\n", "source_format": "html"}
    assert LessonRevision.objects.get(version=4).restores == 1


def kept_at(text: LessonText, minutes_ago: list[int], people=None, **more) -> None:
    """Saves of one or several people, oldest first."""
    for number, ago in enumerate(minutes_ago, start=1):
        LessonRevision.objects.create(
            text=text,
            version=number,
            title="One",
            minutes=5,
            saved_at=clock.now() - dt.timedelta(minutes=ago),
            saved_by=people[(number - 1) % len(people)] if people else None,
            **(more if number == 1 else {}),
        )


def left(text: LessonText) -> list[int]:
    return sorted(text.revisions.values_list("version", flat=True))


DAY = 24 * 60


def test_the_last_of_each_sitting_stays(text):
    kept_at(text, [DAY + 60, DAY + 59, DAY + 51, DAY + 40, DAY + 39, 30, 29, 28])
    assert thin_revisions() == 3
    assert left(text) == [3, 5, 6, 7, 8]
    assert thin_revisions() == 0


def test_two_people_in_turn_are_two_sittings(text):
    kept_at(text, [DAY + 5, DAY + 4, DAY + 3], people=[UserFactory(), UserFactory()])
    assert thin_revisions() == 0


def test_what_was_brought_back_stays_with_what_it_was(text):
    kept_at(text, [DAY + 9, DAY + 8, DAY + 7, DAY + 6, DAY + 5])
    LessonRevision.objects.filter(version=3).update(restores=1)
    thin_revisions()
    assert left(text) == [1, 3, 5]


@given(st.lists(st.integers(0, 3 * DAY), min_size=1, max_size=12))
def test_no_hour_of_work_is_thinned_away(ago):
    """Whatever goes, a later save of the same person follows it within ten minutes, and the newest stays."""
    text = LessonFactory().texts.get()
    minutes = sorted(ago, reverse=True)
    kept_at(text, minutes)
    thin_revisions()
    stays = set(left(text))
    assert len(minutes) in stays
    for number, each in enumerate(minutes, start=1):
        if number not in stays:
            assert each * 60 >= KEEP_ALL.total_seconds()
            assert (each - minutes[number]) * 60 <= SITTING_GAP.total_seconds() + 1


def test_closed_tabs_are_forgotten(text):
    now = clock.now()
    for client, ago in (("old", KEEP_ALL * 2), ("new", dt.timedelta())):
        Presence.objects.create(text=text, person=UserFactory(), client=client, seen_at=now - ago)
    thin_revisions()
    assert Presence.objects.get().client == "new"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_are_both_kept():
    """Both read version 1; one writes first, the other finds that out by its own UPDATE and merges."""
    text = LessonFactory(uid="one").texts.get()
    LessonText.objects.filter(pk=text.pk).update(content={"body": "One.\n\nTwo.\n", "source_format": "md"})
    people = [UserFactory(), UserFactory()]
    start, failed = threading.Barrier(2), []

    def write(number: int, body: str) -> None:
        try:
            read = current(text)
            start.wait(timeout=10)
            save_lesson(text=read, typed=Typed(read.title, read.minutes, body), version=1, actor=people[number])
        except Exception as problem:  # what a thread raises is lost otherwise; the test fails on it
            failed.append(problem)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=(0, "First.\n\nTwo.\n")),
        threading.Thread(target=write, args=(1, "One.\n\nSecond.\n")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failed == []
    text.refresh_from_db()
    assert (text.content["body"], text.version) == ("First.\n\nSecond.\n", 3)
    assert left(text) == [1, 2, 3]


# Somebody turned the lesson into the other format meanwhile

THREE = "## Ask\n\nAsk *first*.\n\n- One\n- Two\n\nThen wait.\n"


def turn(text: LessonText, to: str) -> LessonText:
    return convert(text=text, version=current(text).version, to=to, actor=UserFactory())


def test_what_is_typed_in_markdown_goes_into_the_rich_text_that_the_lesson_became(text):
    save(text, THREE)
    turn(text, "html")
    turned = current(text).content["body"]
    mine = Typed(text.title, text.minutes, THREE.replace("Then wait.", "Then **wait**."))
    saved = save_lesson(text=current(text), typed=mine, version=2, actor=UserFactory(), form="md")
    assert saved.text.content["source_format"] == "html"
    assert saved.text.content["body"] == turned.replace("Then wait.", "Then <strong>wait</strong>.")
    again = save_lesson(text=current(text), typed=mine, version=2, actor=UserFactory(), form="md")
    assert (again.wrote, again.text.version) == (False, 4)


def test_who_goes_on_in_the_old_format_takes_nothing_out_of_the_new_one(text):
    save(text, THREE)
    turn(text, "html")
    body = current(text).content["body"].replace("Two", "Two<sub>2</sub>")
    save(text, body)
    before = Typed(text.title, text.minutes, THREE)
    mine = Typed(text.title, text.minutes, THREE + "\nAnd say so.\n")
    saved = save_lesson(text=current(text), typed=mine, version=4, base=before, actor=UserFactory(), form="md")
    assert "Two<sub>2</sub>" in saved.text.content["body"]
    assert "<p>And say so.</p>" in saved.text.content["body"]


def test_a_rich_text_goes_into_markdown_and_only_what_both_changed_is_asked(text):
    save(text, THREE)
    turn(text, "html")
    rich = current(text).content["body"]
    turn(text, "md")
    save(text, current(text).content["body"].replace("Then wait.", "Then go."))
    mine = Typed(text.title, text.minutes, rich.replace("Then wait.", "Then rest.").replace("One", "One more"))
    with pytest.raises(BothChanged) as asked:
        save_lesson(text=current(text), typed=mine, version=3, actor=UserFactory(), form="html")
    [clash] = asked.value.weaving.clashes
    assert (clash.mine.strip(), clash.theirs.strip()) == ("Then rest.", "Then go.")
    assert asked.value.typed.body == markup.normalise(mine.body), "as it was typed"
    saved = save_lesson(
        text=current(text), typed=mine, version=3, actor=UserFactory(), form="html", choices={clash.key: "both"}
    )
    said = saved.text.content["body"]
    assert all(each in said for each in ("Then rest.", "Then go.", "One more"))
