"""What the services of the bank promise, whatever page or command calls them."""

import threading
from typing import Any

import pytest
from django.db import close_old_connections, connection
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, InvalidInput
from courses.models import CourseMedia, LessonText, MediaFile
from courses.services.publishing import publish
from quizzes.models import Bank, KnownToDiffer, Question, QuestionFile, QuestionVersion
from quizzes.services import banking, duplicates
from quizzes.services.banking import Details, SomebodyWasFaster, standing_of
from quizzes.services.duplicates import alike, look_through, shingles
from quizzes.services.filing import bank_of
from quizzes.services.question_files import free_name, size_of
from quizzes.words_compared import compare, pieces
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import draft_course
from tests.factories.questions import ONE_PIXEL, contents, library_bank, question_in
from tests.factories.quizzes import QUIZ, publish_quiz, single

db = pytest.mark.django_db


def media(letter: str = "a") -> MediaFile:
    return MediaFile.objects.create(sha256=letter * 64, size=1, type="image/png")


def save(
    question: Question, content: dict[str, Any], *, seen: str = "", files: dict[str, int] | None = None
) -> Question:
    return banking.save_draft(
        question=question, seen=seen or standing_of(question), content=content, details=Details(), files=files or {},
        note="", actor=None,
    )  # fmt: skip


@pytest.fixture
def bank(db) -> Bank:
    return library_bank(OrganisationFactory())


def picture(name: str = "desk.png") -> dict[str, Any]:
    return single("F-1", stem=f"Look: ![a desk](media/{name})")


@db
def test_a_draft_is_saved_over_and_a_stale_saving_is_refused(bank):
    question = question_in(bank, single("S-1"))
    old = standing_of(question)
    saved = save(question, single("S-1", stem="Two?"))
    assert (saved.draft.revision, saved.words) == (2, "Two?")
    with pytest.raises(SomebodyWasFaster) as caught:
        save(question, single("S-1", stem="Three?"), seen=old)
    assert caught.value.question.draft.content["stem"] == "Two?"
    assert QuestionVersion.objects.filter(question=question).count() == 1


@db
def test_words_alone_make_a_version_details_do_not(bank):
    question = question_in(bank, single("S-1"), ready=True)
    saved = banking.save_draft(
        question=question, seen=standing_of(question), content=question.ready.content, files={}, note="", actor=None,
        details=Details(name="Now named", tags=("a", "b")),
    )  # fmt: skip
    assert (saved.draft, saved.name, saved.words) == (None, "Now named", "Now named What about S-1?")
    assert list(saved.tags.values_list("name", flat=True)) == ["a", "b"]


@db
def test_nothing_is_half_saved_when_a_question_is_not_ready(bank):
    question = question_in(bank, single("S-1"))
    none_right = [{**each, "right": False} for each in single()["options"]]
    with pytest.raises(InvalidInput) as caught:
        banking.save_ready(
            question=question, seen=standing_of(question), content=single("S-1", options=none_right), files={}, note="",
            actor=None, details=Details(name="Changed"),
        )  # fmt: skip
    assert "options" in caught.value.fields
    question.refresh_from_db()
    assert (question.name, question.draft.revision) == ("", 1)
    with pytest.raises(InvalidInput):
        question_in(bank, {**single("S-2"), "stem": ""}, ready=True)
    assert bank.questions.count() == 1


@db
def test_a_ready_version_never_changes_and_an_old_wording_stands_again(bank):
    question = question_in(bank, single("S-1"), ready=True)
    first = question.ready
    question = _frozen(question, "Other?")
    assert (question.ready.number, question.ready.content["stem"]) == (2, "Other?")
    question = _frozen(question, "What about S-1?")
    assert question.ready == first
    assert question.versions.count() == 2
    with pytest.raises(Conflict):
        banking.make_ready(question=question, seen=standing_of(question), actor=None)


def _frozen(question: Question, stem: str) -> Question:
    saved = save(question, {**single(question.uid), "stem": stem})
    return banking.make_ready(question=saved, seen=standing_of(saved), actor=None)


@db
def test_a_draft_that_is_frozen_after_a_publishing_gets_the_next_number(db):
    course = publish_quiz(slug="numbers")
    question = Question.objects.select_related("bank", "ready", "draft").get(uid="Q-1")
    saved = save(question, single("Q-1", stem="From the bank?"))
    text = LessonText.objects.get(lesson__course=course, lesson__uid=QUIZ)
    text.content["questions"][0]["stem"] = "From the course?"
    text.save()
    publish(course=course, kind="minor", note="Other words", actor=None)
    saved = Question.objects.select_related("bank", "ready", "draft").get(pk=saved.pk)
    assert saved.ready.content["stem"] == "From the course?"
    frozen = banking.make_ready(question=saved, seen=standing_of(saved), actor=None)
    assert frozen.ready.content["stem"] == "From the bank?"
    assert frozen.ready.number == max(frozen.versions.values_list("number", flat=True))


@db
def test_its_files_go_with_it_into_the_course_and_never_over_another(db):
    course = draft_course(
        slug="files", lessons=[("quiz", QUIZ, {"title": "Quiz", "intro": "", "questions": [single("F-1")]})]
    )
    file = media()
    question = question_in(course, picture(), files={"desk.png": file.pk})
    banking.make_ready(question=question, seen=standing_of(question), actor=None)
    assert CourseMedia.objects.get(course=course).media == file
    assert QuestionFile.objects.get(version__question=question).media == file
    assert "media/desk.png" in LessonText.objects.get(lesson__course=course).content["questions"][0]["stem"]

    CourseMedia.objects.create(course=course, name="door.png", media=media("b"))
    question.refresh_from_db()
    saved = save(question, picture("door.png"), files={"door.png": media("c").pk})
    with pytest.raises(Conflict, match=r"another file called “door\.png”"):
        banking.make_ready(question=saved, seen=standing_of(saved), actor=None)
    assert "desk.png" in LessonText.objects.get(lesson__course=course).content["questions"][0]["stem"]


@db
def test_a_question_without_its_file_is_no_ready_question(bank):
    question = question_in(bank, picture())
    with pytest.raises(InvalidInput) as caught:
        banking.make_ready(question=question, seen=standing_of(question), actor=None)
    assert "desk.png" in caught.value.fields["stem"]


@db
def test_a_name_is_free_or_gets_a_number(bank):
    one, other = media("a"), media("b")
    assert free_name("My Desk.PNG", one, bank=bank, held={}) == "my-desk.png"
    assert free_name("My Desk.PNG", one, bank=bank, held={"my-desk.png": one.pk}) == "my-desk.png"
    assert free_name("My Desk.PNG", other, bank=bank, held={"my-desk.png": one.pk}) == "my-desk-2.png"
    assert free_name("../../etc/passwd.png", one, bank=bank, held={}) == "passwd.png"
    assert free_name("Ω.png", one, bank=bank, held={}) == "file.png"


def test_sizes_are_read_from_the_head_of_a_picture(tmp_path):
    def size(data: bytes) -> Any:
        path = tmp_path / "x"
        path.write_bytes(data)
        with path.open("rb") as file:
            return size_of(file)

    assert size(ONE_PIXEL) == (1, 1)
    assert size(b"GIF89a\x40\x01\xf0\x00" + b"\x00" * 20) == (320, 240)
    start, part = b"\xff\xd8", b"\xff\xe0\x00\x04\x00\x00"
    assert size(start + part + b"\xff\xc0\x00\x11\x08\x00\xf0\x01\x40" + b"\x00" * 9) == (320, 240)
    for broken in (b"", b"\x89PNG\r\n\x1a\n", start, start + b"\xff", start + b"xxxx", b"GIF89"):
        assert size(broken) is None


@db
def test_discarding_leaves_what_is_ready(bank):
    question = _drafted(question_in(bank, single("S-1"), ready=True))
    kept = banking.discard_draft(question=question, seen=standing_of(question))
    assert (kept.draft, kept.words) == (None, "What about S-1?")
    with pytest.raises(Conflict):
        banking.discard_draft(question=kept, seen=standing_of(kept))


def _drafted(question: Question) -> Question:
    return save(question, single(question.uid, stem="Draft?"))


@db
def test_uids_are_words_and_free(bank):
    stem = "How long may a patron from another library keep a book that we lent?"
    uids = []
    for _number in range(3):
        content = {key: value for key, value in single(stem=stem).items() if key != "uid"}
        uids.append(question_in(bank, content).uid)
    assert uids[0] == "how-long-may-a-patron-from-anoth"
    assert uids[1:] == [f"{uids[0]}-2", f"{uids[0]}-3"]
    with pytest.raises(InvalidInput, match="already"):
        question_in(bank, single(uids[0]))
    assert question_in(bank, {**content, "stem": "Ω?"}).uid == "question"


@db
def test_a_bank_without_a_library_cannot_be_shared_with_one(db):
    bank = bank_of(draft_course(slug="commons"))
    with pytest.raises(InvalidInput) as caught:
        banking.change_bank(bank=bank, title="X", audience="organisation")
    assert "audience" in caught.value.fields
    assert banking.change_bank(bank=bank, title="X", audience="public").audience == "public"


@pytest.mark.django_db(transaction=True)
def test_of_two_savers_at_once_one_is_told(transactional_db):
    bank = library_bank(OrganisationFactory())
    question = question_in(bank, single("S-1"))
    seen, outcomes = standing_of(question), []
    barrier = threading.Barrier(2)

    def one(stem: str) -> None:
        close_old_connections()
        barrier.wait()
        try:
            save(question, single("S-1", stem=stem), seen=seen)
            outcomes.append("saved")
        except SomebodyWasFaster:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(f"By {name}?",)) for name in ("one", "two")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["saved", "told"]
    question.refresh_from_db()
    assert question.draft.revision == 2


# Duplicates and comparing


@db
def test_pairs_are_found_once_and_noted_differences_stay_away(bank):
    stem = "Which code belongs on a request for a copy of an article of this year, and why does it?"
    rows = [question_in(bank, single(f"D-{number}", stem=stem)) for number in range(3)]
    near = question_in(bank, single("D-9", stem=stem.replace("belongs", "goes")))
    found = look_through(bank)
    same = [(each.first, each.second) for each in found.pairs if each.same]
    assert (rows[0].pk, rows[1].pk) in same
    assert (rows[0].pk, rows[2].pk) in same
    assert any(each.second == near.pk and not each.same for each in found.pairs)
    for each in found.pairs:
        first, second = Question.objects.get(pk=each.first), Question.objects.get(pk=each.second)
        duplicates.they_differ(first=second, second=first, actor=UserFactory())
        duplicates.they_differ(first=first, second=second, actor=UserFactory())
    assert KnownToDiffer.objects.count() == len(found.pairs)
    assert look_through(bank).pairs == []


@db
def test_a_bank_of_thousands_is_looked_through_in_three_queries(bank, django_assert_max_num_queries):
    Question.objects.bulk_create(
        Question(
            bank=bank,
            uid=f"n-{number}",
            type="single",
            words=f"The patron number {number} asks for item {number * 7} today",
        )
        for number in range(3000)
    )
    with django_assert_max_num_queries(3):
        found = look_through(bank)
    assert (found.compared, found.total) == (3000, 3000)


TEXTS = st.text(alphabet="abc ,.", max_size=60)


@given(TEXTS, TEXTS)
def test_likeness_is_a_share_and_the_same_both_ways(one, other):
    first, second = shingles(one), shingles(other)
    assert 0 <= alike(first, second) <= 1
    assert alike(first, second) == alike(second, first)
    assert alike(first, first) == (1 if first else 0)


@given(TEXTS, TEXTS)
def test_pieces_give_both_texts_again(before, after):
    found = pieces(before, after)
    assert "".join(text for kind, text in found if kind != "in") == before
    assert "".join(text for kind, text in found if kind != "out") == after


def test_a_long_text_is_compared_as_a_whole():
    assert pieces("a " * 4000, "b " * 4000) == [("out", "a " * 4000), ("in", "b " * 4000)]
    assert pieces("a " * 4000, "a " * 4000) == [("same", "a " * 4000)]


@pytest.mark.parametrize("name", sorted(contents()))
def test_every_type_is_compared_place_by_place(name):
    content = contents()[name]
    assert not any(each.changed for each in compare(content, content))
    changed = [each.place for each in compare(content, {**content, "stem": "Other words?"}) if each.changed]
    assert changed == ["Question"]
