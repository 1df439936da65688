"""The pages of one question: it is written, compared, talked about, corrected, and looked after."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import CourseEditor, CourseMedia, LessonText, MediaFile
from courses.services.publishing import publish
from quizzes.models import Analysis, Bank, Question, QuestionComment, QuestionVersion
from quizzes.registry import types
from quizzes.services import banking
from quizzes.services.grading import finish
from quizzes.services.question_files import seal, unseal
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.courses import draft_course
from tests.factories.questions import ONE_PIXEL, contents, question_in
from tests.factories.quizzes import QUIZ, single, start_attempt
from tests.quizzes.bank.browsing import sent, words

pytestmark = pytest.mark.django_db
CONTENTS = contents()


# The editor


@pytest.mark.parametrize("name", sorted(CONTENTS))
def test_a_question_of_every_kind_is_written_reopened_and_saved_unchanged(hana, bank, name, make_media):
    content = {key: value for key, value in CONTENTS[name].items() if key != "uid"}
    files = seal({"spine.png": make_media("spine.png").pk})
    assert hana.get(f"/author/questions/new/{name}/?bank={bank.slug}").status_code == 200
    answer = hana.post(f"/author/questions/new/{name}/", sent(content, bank=bank.pk, files=files))
    assert answer.status_code == 302, words(answer)
    question = Question.objects.get(created_by__isnull=False)
    saved = question.draft.content
    assert saved == types[name].snapshot({**content, "uid": question.uid})

    page = hana.get(answer.url)
    assert "Error" not in words(page)
    again = sent(saved, seen=page.context["sheet"].seen, files=page.context["files"])
    assert hana.post(answer.url, again).status_code == 302
    question.refresh_from_db()
    assert (question.draft.revision, question.draft.content) == (1, saved)
    ready = hana.post(answer.url, {**again, "act": "ready"})
    assert ready.status_code == 302, words(ready)
    question.refresh_from_db()
    assert (question.draft, question.ready.content) == (None, saved)


def test_buttons_of_a_list_redraw_and_save_nothing(hana, bank):
    content = single("X-1")
    answer = hana.post("/author/questions/new/single/", sent(content, act="add:options", bank=bank.pk, name="Kept"))
    assert answer.status_code == 200
    page = words(answer)
    assert 'name="options.4.text"' in page
    assert 'data-focus="q-options-4"' in page
    assert 'value="Kept"' in page
    assert not Question.objects.filter(name="Kept").exists()
    moved = hana.post("/author/questions/new/single/", sent(content, act="up:options.1", bank=bank.pk))
    assert moved.context["sheet"].content["options"][0]["id"] == "b"


def test_what_is_wrong_stands_at_its_field_and_nothing_is_saved(hana, bank):
    before = Question.objects.count()
    content = single("X-1")
    answer = hana.post(
        "/author/questions/new/single/",
        sent(content, bank=bank.pk, **{"stem": "", "options.0.text": " ", "review_by": "soon", "language": "English!"}),
    )
    page = words(answer)
    assert answer.status_code == 422
    assert 'id="q-stem-error"' in page
    assert 'id="q-options-0-text-error"' in page
    assert "Enter a valid date." in page
    assert "Write a language code" in page
    assert page.count("<title>Error:") == 1
    two_right = sent(content, act="ready", bank=bank.pk, **{"options.0.right": "on"})
    answer = hana.post("/author/questions/new/single/", two_right)
    assert answer.status_code == 422
    assert "2 options are right; exactly one must be." in words(answer)
    assert Question.objects.count() == before
    saved = hana.post("/author/questions/new/single/", {**two_right, "act": "save"})
    assert saved.status_code == 302
    assert "exactly one must be" in words(hana.get(saved.url))


def test_two_authors_at_once_both_see_both_texts(hana, bank, client_of):
    question = question_in(bank, single("C-1"))
    seen = banking.standing_of(question)
    editor = UserFactory()
    CourseEditor.objects.create(course=bank.course, person=editor, role=CourseEditor.Role.EDITOR)
    here = f"/author/questions/{question.pk}/"
    theirs = sent(single("C-1", stem="What do they say?"), seen=seen)
    assert client_of(editor).post(here, theirs).status_code == 302
    mine = sent(single("C-1", stem="What do I say?"), seen=seen)
    answer = hana.post(here, mine)
    page = words(answer)
    assert answer.status_code == 409
    assert "What do they say?" in page
    assert "What do I say?" in page
    assert "Save my text" in page
    question.refresh_from_db()
    assert question.draft.content["stem"] == "What do they say?"
    assert hana.post(here, {**mine, "seen": answer.context["sheet"].seen}).status_code == 302
    question.refresh_from_db()
    assert question.draft.content["stem"] == "What do I say?"
    assert hana.post(f"{here}do/discard/", {"seen": seen}, follow=True).status_code == 200
    assert Question.objects.filter(pk=question.pk).exists()


def test_a_ready_version_stays_and_the_next_saving_begins_a_draft(hana, course):
    question = Question.objects.get(uid="Q-1")
    version, here = question.ready, f"/author/questions/{question.pk}/"
    changed = {**version.content, "stem": "What now?"}
    assert hana.post(here, sent(changed, seen=f"{version.pk}.1", note="Clearer")).status_code == 302
    question.refresh_from_db()
    assert question.ready == version
    assert (question.draft.number, question.draft.note, question.draft.content["stem"]) == (2, "Clearer", "What now?")
    assert QuestionVersion.objects.get(pk=version.pk).content["stem"] == "What about Q-1?"
    inline = LessonText.objects.get(lesson__uid=QUIZ)
    assert inline.content["questions"][0]["stem"] == "What about Q-1?"

    assert hana.post(here, sent(changed, act="ready", seen=banking.standing_of(question))).status_code == 302
    text = LessonText.objects.get(lesson__uid=QUIZ)
    assert text.content["questions"][0]["stem"] == "What now?"
    assert text.version == inline.version + 1
    edition = publish(course=course, kind="minor", note="Clearer", actor=None)
    question.refresh_from_db()
    assert question.versions.count() == 2, "publishing finds the version that the bank has"
    assert edition.number == 2


def test_a_picture_is_uploaded_named_freely_and_shown_to_authors_only(hana, bank, client_of):
    CourseMedia.objects.create(
        course=bank.course, name="desk.png",
        media=MediaFile.objects.create(sha256="b" * 64, size=1, type="image/png"),
    )  # fmt: skip
    kind = {key: value for key, value in CONTENTS["hotspot"].items() if key not in ("uid", "image", "width", "height")}
    upload = SimpleUploadedFile("Desk.PNG", ONE_PIXEL, content_type="image/png")
    answer = hana.post(
        "/author/questions/new/hotspot/", {**sent(kind, act="upload", bank=bank.pk), "image.upload": upload}
    )
    sheet = answer.context["sheet"]
    assert answer.status_code == 200
    assert sheet.content["image"] == "media/desk-2.png"
    assert (sheet.content["width"], sheet.content["height"]) == (1, 1)
    whole = {**CONTENTS["hotspot"], "image": "media/desk-2.png"}
    saved = hana.post("/author/questions/new/hotspot/", sent(whole, bank=bank.pk, files=answer.context["files"]))
    question = Question.objects.get(type="hotspot")
    sha = question.draft.files.get().media.sha256
    picture = f"/author/questions/{question.pk}/media/{sha}/desk-2.png"
    assert picture in words(hana.get(f"{saved.url}preview/"))
    answer = hana.get(picture)
    assert b"".join(answer) == ONE_PIXEL
    assert client_of(MembershipFactory(instructor=True).person).get(picture).status_code == 404
    assert hana.get(f"/author/questions/{question.pk}/media/{'c' * 64}/x.png").status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [("page.png", b"<html>no picture</html>"), ("run.exe", b"MZ"), ("empty.png", b""), ("a.svg", b"\x00\x01")],
)
def test_a_file_that_is_not_what_it_says_is_refused(hana, bank, name, data):
    upload = SimpleUploadedFile(name, data)
    answer = hana.post(
        "/author/questions/new/single/", {**sent(single("U-1"), act="save", bank=bank.pk), "upload": upload}
    )
    assert answer.status_code == 422
    assert 'id="id_upload_error"' in words(answer)
    assert not Question.objects.filter(uid="what-about-u-1").exists()


def test_files_are_named_by_a_seal_only():
    assert unseal(seal({"a.png": 3})) == {"a.png": 3}
    assert unseal("eyJhLnBuZyI6IDN9") == {}
    assert unseal("") == {}


def test_a_copy_a_retirement_and_a_draft_thrown_away(hana, bank):
    question = question_in(bank, single("T-1"), name="Tea", tags=("cups",))
    here = f"/author/questions/{question.pk}/"
    copy = Question.objects.get(pk=int(hana.post(f"{here}do/copy/").url.split("/")[-2]))
    assert (copy.name, copy.uid, copy.draft.content["uid"]) == ("Tea", "t-1", "t-1")
    assert [each.name for each in copy.tags.all()] == ["cups"]
    assert "Retired" in words(hana.post(f"{here}do/retire/", follow=True))
    assert "in use again" in words(hana.post(f"{here}do/bring-back/", follow=True))
    gone = hana.post(f"{here}do/discard/", {"seen": banking.standing_of(question)}, follow=True)
    assert "The question is gone" in words(gone)
    assert not Question.objects.filter(pk=question.pk).exists()
    assert hana.post(f"{here}do/explode/").status_code == 404


def test_odd_addresses_of_a_question_are_not_found(hana, bank):
    question = question_in(bank, single("O-1"))
    assert hana.get("/author/questions/999999/").status_code == 404
    assert hana.get("/author/questions/new/nonsense/").status_code == 404
    assert hana.get(f"/author/questions/{question.pk}/preview/?version=99").status_code == 404
    assert hana.get(f"/author/questions/{question.pk}/preview/?seed=zzz&behaviour=odd").status_code == 200
    assert hana.post(f"/author/questions/{question.pk}/history/99/restore/").status_code == 404


def test_a_reviewer_reads_and_comments(course, client_of):
    reviewer = UserFactory()
    CourseEditor.objects.create(course=course, person=reviewer, role=CourseEditor.Role.REVIEWER)
    question = Question.objects.get(uid="Q-1")
    client = client_of(reviewer)
    page = words(client.get(f"/author/questions/{question.pk}/"))
    assert "You may read this question" in page
    assert "Save and mark as ready" not in page
    assert client.post(f"/author/questions/{question.pk}/", sent(single())).status_code == 403
    assert client.post(f"/author/questions/{question.pk}/comments/", {"text": "Is b right?"}).status_code == 302
    assert QuestionComment.objects.get().author == reviewer


# History, comments, figures


def test_history_compares_says_where_and_restores(hana, course):
    question = Question.objects.get(uid="Q-1")
    here = f"/author/questions/{question.pk}/"
    changed = {**question.ready.content, "stem": "What about <b>it</b>?"}
    hana.post(here, sent(changed, act="ready", seen=banking.standing_of(question), note="Shorter"))
    page = words(hana.get(f"{here}history/"))
    assert "<del>Q-1?</del>" in page
    assert "<ins>&lt;b&gt;it&lt;/b&gt;?</ins>" in page
    assert "Shorter" in page
    assert "Edition 1 asks version 1" in page
    assert "The draft of the course, with these words" in page
    question.refresh_from_db()
    seen = banking.standing_of(question)
    assert hana.post(f"{here}history/1/restore/", {"seen": seen}).url == here
    question.refresh_from_db()
    assert question.draft.content["stem"] == "What about Q-1?"
    assert "Somebody else changed" in words(hana.post(f"{here}history/2/restore/", {"seen": seen}, follow=True))
    hana.post(here, sent(question.draft.content, act="ready", seen=banking.standing_of(question)))
    question.refresh_from_db()
    assert (question.ready.number, question.draft) == (1, None)


def test_comments_are_said_settled_and_opened_again(hana, course, instructor):
    question = Question.objects.get(uid="Q-1")
    here = f"/author/questions/{question.pk}/comments/"
    assert hana.post(here, {"text": " "}).status_code == 422
    hana.post(here, {"text": "Is <i>b</i> right?"})
    comment = QuestionComment.objects.get()
    assert "Is &lt;i&gt;b&lt;/i&gt; right?" in words(hana.get(here))
    hana.post(f"{here}{comment.pk}/settle/")
    page = words(hana.get(here))
    assert f"Settled by {instructor}" in page
    hana.post(f"{here}{comment.pk}/reopen/")
    comment.refresh_from_db()
    assert comment.settled_at is None
    assert hana.post(f"{here}{comment.pk}/explode/").status_code == 404
    assert hana.post(f"{here}999999/settle/").status_code == 404


def test_versions_of_two_pages_are_held_side_by_side(hana, course, monkeypatch):
    monkeypatch.setattr("quizzes.views.history.PAGE", 1)
    question = Question.objects.get(uid="Q-1")
    here = f"/author/questions/{question.pk}/"
    changed = {**question.ready.content, "stem": "Shorter?"}
    hana.post(here, sent(changed, act="ready", seen=banking.standing_of(question), note="Shorter"))
    second = hana.get(f"{here}history/?page=2")
    page = words(second)
    assert [version.number for version in second.context["page"]] == [1]
    assert '<input type="hidden" name="b" value="2">' in page
    assert '<input type="hidden" name="a"' not in page
    assert "?a=1&amp;b=2&amp;page=1" in page
    assert "<ins>Shorter?</ins>" in page


def test_comments_are_paged_and_one_comes_back_to_where_one_was(hana, course, instructor, monkeypatch):
    monkeypatch.setattr("quizzes.views.history.PAGE", 2)
    question = Question.objects.get(uid="Q-1")
    here = f"/author/questions/{question.pk}/comments/"
    for text in ("first", "second", "third"):
        there = hana.post(here, {"text": text}).url
    first, second, third = QuestionComment.objects.order_by("pk")
    assert there == f"{here}?page=2#c{third.pk}"
    assert list(hana.get(there).context["page"]) == [third]
    assert hana.post(f"{here}{first.pk}/settle/", {"page": "1"}).url == f"{here}?page=1"
    assert list(hana.get(here).context["page"]) == [second, third]
    assert list(hana.get(f"{here}?page=2").context["page"]) == [first]


def test_a_draft_of_another_language_keeps_its_words(bank, instructor):
    """Languages share uids; what is mended in one says nothing about another."""
    course = draft_course(
        slug="two-tongues", owner=instructor,
        lessons=[("quiz", QUIZ, {"title": "Quiz", "intro": "", "questions": [single("L-1")]})],
    )  # fmt: skip
    german = LessonText.objects.get(lesson__course=course)
    german.pk, german.language = None, "de"
    german.content = {**german.content, "questions": [single("L-1", stem="Und nun?")]}
    german.save()
    question = question_in(course, single("L-1", stem="And now?"), ready=True, language="en", actor=instructor)
    stems = dict(LessonText.objects.filter(lesson__course=course).values_list("language", "content"))
    assert stems["en"]["questions"][0]["stem"] == "And now?"
    assert stems["de"]["questions"][0]["stem"] == "Und nun?"
    assert question.ready is not None


def test_how_people_do_comes_from_the_analysis_of_first_attempts(hana, course):
    question = Question.objects.get(uid="Q-1")
    figures = {"question": question.pk, "n": 9, "full": 6}
    analysis = Analysis.objects.create(
        key=f"{course.pk}:{QUIZ}:first::", course=course, lesson_uid=QUIZ, figures={"questions": [figures]}
    )
    page = words(hana.get(f"/author/questions/{question.pk}/"))
    assert "6 of 9" in page
    assert "%</td>" not in words(hana.get("/author/questions/"))
    analysis.figures = {"questions": [{**figures, "n": 12}]}
    analysis.save()
    assert "50%</td>" in words(hana.get("/author/questions/"))
    assert "50% right first time" in words(hana.get(f"/author/questions/{question.pk}/"))


def test_a_question_that_was_asked_leads_to_its_regrading(hana, course, bank, client_of):
    question, other = Question.objects.get(uid="Q-1"), question_in(bank, single("R-1"), ready=True)
    here, link = f"/author/questions/{question.pk}/", f'href="/author/regrades/new/?question={question.pk}"'
    assert link not in words(hana.get(here)), "nobody has answered yet"
    attempt = start_attempt(UserFactory(), course)
    assert link not in words(hana.get(here)), "nobody has handed it in yet"
    finish(attempt=attempt)
    assert link in words(hana.get(here))
    assert "/author/regrades/new/?question=" not in words(hana.get(f"/author/questions/{other.pk}/"))
    Bank.objects.update(audience="public")
    stranger = MembershipFactory(instructor=True).person
    assert link not in words(client_of(stranger).get(here)), "answered in a course of others only"
