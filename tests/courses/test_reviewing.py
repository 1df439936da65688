"""A review: the draft is frozen, colleagues comment on places and give a verdict about exactly that."""

import datetime as dt

import pytest

from accounts.jobs import send_waiting_mail
from accounts.models import Notice
from core import clock
from core.errors import Conflict, InvalidInput
from courses.jobs import collect_media
from courses.models import Course, CourseEditor, Edition, Remark, Review, ReviewPolicy, ReviewVerdict
from courses.services import reviewing
from courses.services.approving import refusals
from courses.services.publishing import publish
from tests.factories.accounts import UserFactory
from tests.factories.courses import draft_course
from tests.support import count_statements

pytestmark = pytest.mark.django_db
PAGE = "/author/courses/lending/review/"
LESSONS = [("text", "one", {"title": "Who lends"}), ("text", "two", {"title": "Who borrows"})]


def draft(instructor, library, **kw) -> Course:
    given = {"lessons": LESSONS, "title": "Lending step by step", **kw}
    return draft_course(slug="lending", owner=instructor, organisation=library, **given)


@pytest.fixture
def course(instructor, library) -> Course:
    return draft(instructor, library)


@pytest.fixture
def owner(course, instructor, client_of):
    return client_of(instructor)


@pytest.fixture
def review(course, instructor, trainee) -> Review:
    return reviewing.ask(course=course, reviewers=[trainee], note="The second lesson is new.", actor=instructor)


def page_of(review: Review) -> str:
    return f"{PAGE}{review.pk}/"


def test_colleagues_are_asked_by_address_become_reviewers_and_are_told(owner, course, trainee):
    answer = owner.post(PAGE, {"emails": "Rosa.Delgado@example.org", "note": "The second lesson is new."})
    review = Review.objects.get()
    assert answer["Location"] == page_of(review)
    assert CourseEditor.objects.get(course=course, person=trainee).role == "reviewer"
    notice = Notice.objects.get(person=trainee, kind="review_asked")
    assert notice.title == "Hana Whitcomb asks you to review “Lending step by step”"
    assert (notice.url, notice.body) == (page_of(review), "The second lesson is new.")
    assert owner.get(PAGE)["Location"] == page_of(review)


def test_editors_stay_editors_when_they_are_asked(owner, course, trainee):
    CourseEditor.objects.create(course=course, person=trainee, role="editor")
    owner.post(PAGE, {"people": [str(trainee.uuid)], "emails": ""})
    assert CourseEditor.objects.get(course=course, person=trainee).role == "editor"
    assert ReviewVerdict.objects.get().person == trainee


def test_whom_the_library_requires_is_chosen_beforehand(owner, course, library, manager):
    policy = ReviewPolicy.objects.create(organisation=library, approvals=1)
    policy.required.add(manager)
    form = owner.get(PAGE).context["form"]
    assert form["people"].initial == [str(manager.uuid)]


@pytest.mark.parametrize("address", ["nobody@example.org", "tomasz.lind@example.org"])
def test_an_unknown_address_and_a_hidden_one_get_the_same_answer(owner, stranger, address):
    answer = owner.post(PAGE, {"emails": address, "note": "Kept."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody whom you can ask has this address" in page
    assert "Kept." in page
    assert not Review.objects.exists()


def test_nobody_reviews_for_themselves_alone(owner, instructor):
    answer = owner.post(PAGE, {"emails": instructor.email})
    assert answer.status_code == 422
    assert answer.context["form"].errors["emails"] == ["Choose somebody beside yourself."]
    assert "emails" in owner.post(PAGE, {"emails": ""}).context["form"].errors


def test_a_draft_with_faults_is_not_sent_to_anybody(instructor, library, trainee, client_of):
    draft(instructor, library, lessons=[("text", "one", {"body": "<b>raw</b>"})])
    answer = client_of(instructor).post(PAGE, {"emails": trainee.email})
    assert answer.status_code == 422
    assert not (Review.objects.exists())
    assert not (Notice.objects.exists())
    assert not (CourseEditor.objects.filter(person=trainee))


def test_one_review_at_a_time(course, review, instructor, trainee):
    with pytest.raises(Conflict, match="open already"):
        reviewing.ask(course=course, reviewers=[trainee], note="", actor=instructor)


def test_the_reviewer_reads_each_lesson_and_comments_on_a_place(review, trainee, instructor, client_of):
    client = client_of(trainee)
    page = client.get(page_of(review)).content.decode()
    assert "Who borrows" in page
    lesson = client.get(f"/courses/lending/two/?preview={review.edition.token}").content.decode()
    back = f"{page_of(review)}?lesson=two#comments"
    assert f'href="{back}"' in lesson
    answer = client.post(
        f"{page_of(review)}comment/", {"lesson": "two", "quote": "Words of  two.", "body": "Say who pays."}
    )
    remark = Remark.objects.get()
    assert answer["Location"] == f"{page_of(review)}?lesson=two#remark-{remark.pk}"
    assert (remark.review, remark.lesson_uid, remark.quote) == (review, "two", "Words of two.")
    assert Notice.objects.filter(person=instructor, kind="lesson_remark").count() == 1
    assert "Say who pays." in client_of(instructor).get(page_of(review), {"lesson": "two"}).content.decode()
    assert "Say who pays." not in client_of(instructor).get(page_of(review)).content.decode()


def test_an_empty_comment_is_refused_beside_the_field_at_its_lesson(review, trainee, client_of):
    answer = client_of(trainee).post(
        f"{page_of(review)}comment/", {"lesson": "two", "quote": "Kept words", "body": " "}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Comments on “Who borrows”" in page
    assert "Kept words" in page


def test_a_comment_on_a_lesson_that_is_not_frozen_is_about_the_course(review, trainee, client_of):
    client_of(trainee).post(f"{page_of(review)}comment/", {"lesson": "gone", "body": "Hello."})
    assert Remark.objects.get().lesson_uid == ""


def test_learners_get_no_word_of_a_review_in_the_preview(review, client):
    lesson = client.get(f"/courses/lending/two/?preview={review.edition.token}").content.decode()
    assert "You are reviewing" not in lesson


def test_a_verdict_reaches_whoever_asked_and_may_be_changed(review, trainee, instructor, client_of, mailoutbox):
    client = client_of(trainee)
    for verdict, words in (("changes", "Who pays?"), ("approved", "")):
        assert client.post(f"{page_of(review)}verdict/", {"verdict": verdict, "words": words}).status_code == 302
    row = review.verdicts.get()
    assert (row.verdict, row.words) == ("approved", "")
    assert list(Notice.objects.filter(person=instructor).order_by("pk").values_list("title", flat=True)) == [
        "Rosa Delgado asks for changes in “Lending step by step”",
        "Rosa Delgado approved “Lending step by step”",
    ]
    send_waiting_mail()
    [mail] = mailoutbox  # what was taken back is not mailed, nor what the reviewer has answered
    assert mail.to == [instructor.email]
    assert "asks for changes" not in mail.body


@pytest.mark.parametrize(
    ("given", "said"),
    [({"verdict": "changes", "words": "  "}, "Say what should change."), ({"words": "Fine"}, "This field is required")],
)
def test_a_verdict_that_says_too_little_is_refused_beside_the_field(review, trainee, client_of, given, said):
    answer = client_of(trainee).post(f"{page_of(review)}verdict/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert review.verdicts.get().given_at is None


def test_nobody_approves_their_own_request_nor_one_that_they_were_not_asked_for(review, instructor, supervisor):
    CourseEditor.objects.create(course=review.course, person=supervisor, role="editor")
    for person, said in ((instructor, "somebody else"), (supervisor, "Nobody asked you")):
        with pytest.raises(InvalidInput, match=said):
            reviewing.give_verdict(review=review, person=person, verdict="approved", words="")


def test_approved_it_goes_out_under_a_policy_and_the_review_is_done(review, course, library, instructor, trainee):
    ReviewPolicy.objects.create(organisation=library, approvals=1)
    with pytest.raises(InvalidInput, match="Another person has to approve exactly this draft"):
        publish(course=course, kind="minor", note="New", actor=instructor)
    reviewing.give_verdict(review=review, person=trainee, verdict="approved", words="")
    edition = publish(course=course, kind="minor", note="New", actor=instructor)
    assert edition.hash == review.edition.hash
    review.refresh_from_db()
    assert review.closed_at is not None


def test_what_learners_read_already_is_not_offered_for_publishing(course, instructor, trainee, owner):
    publish(course=course, kind="minor", note="New", actor=instructor)
    review = reviewing.ask(course=course, reviewers=[trainee], note="", actor=instructor)
    page = owner.get(page_of(review)).content.decode()
    assert "Learners read exactly this." in page
    assert "Publish it" not in page


def test_a_changed_draft_is_not_what_was_approved_and_the_page_says_so(
    review, course, library, instructor, trainee, owner
):
    ReviewPolicy.objects.create(organisation=library, approvals=1)
    reviewing.give_verdict(review=review, person=trainee, verdict="approved", words="")
    assert "The draft has changed" not in owner.get(page_of(review)).content.decode()
    draft(instructor, library, title="Another title")
    page = owner.get(page_of(review)).content.decode()
    assert "The draft has changed since it was frozen" in page
    assert f"/editions/compare/?from=p{review.edition_id}&amp;to=draft" in page
    assert owner.get(f"/author/courses/lending/editions/compare/?from=p{review.edition_id}&to=draft").status_code == 200
    with pytest.raises(InvalidInput, match="Another person"):
        publish(course=course, kind="minor", note="New", actor=instructor)


def test_the_same_people_are_asked_again_about_the_present_draft(review, library, instructor, trainee, owner):
    unchanged = owner.post(f"{page_of(review)}again/", {"note": ""})
    assert unchanged["Location"] == page_of(review)
    assert Review.objects.count() == 1
    draft(instructor, library, title="Another title")
    owner.post(f"{page_of(review)}again/", {"note": "The title."})
    newer, older = Review.objects.all()
    assert older.closed_at is not None
    assert (newer.closed_at, newer.note, newer.edition.hash != older.edition.hash) == (None, "The title.", True)
    assert [row.person for row in newer.verdicts.all()] == [trainee]
    assert Notice.objects.filter(person=trainee, kind="review_asked").count() == 2


def test_a_closed_review_takes_no_more_words_and_keeps_those_it_has(review, trainee, owner, client_of):
    reviewing.comment(review=review, author=trainee, body="Who pays?")
    assert owner.post(f"{page_of(review)}close/")["Location"] == PAGE
    client = client_of(trainee)
    assert client.post(f"{page_of(review)}comment/", {"body": "More."}).status_code == 409
    assert client.post(f"{page_of(review)}verdict/", {"verdict": "approved"}).status_code == 409
    page = client.get(page_of(review)).content.decode()
    assert "Who pays?" in page
    assert page_of(review) in owner.get(PAGE).content.decode()
    assert owner.post(f"{page_of(review)}close/").status_code == 302


def test_reviewers_neither_ask_nor_close(review, trainee, client_of):
    client = client_of(trainee)
    for path, data in (
        (PAGE, {"emails": "a@example.org"}),
        (f"{page_of(review)}again/", {}),
        (f"{page_of(review)}close/", {}),
    ):
        assert client.post(path, data).status_code == 403
    review.refresh_from_db()
    assert review.closed_at is None


def test_the_frozen_draft_stays_readable_while_the_review_is_open_and_is_kept_after(review, client, instructor):
    lesson = f"/courses/lending/one/?preview={review.edition.token}"
    Edition.objects.filter(pk=review.edition_id).update(expires_at=clock.now() - dt.timedelta(days=40))
    assert client.get(lesson).status_code == 200
    reviewing.close(review=review, actor=instructor)
    assert client.get(lesson).status_code == 404
    assert collect_media()["expired_previews"] == 0
    assert Edition.objects.filter(pk=review.edition_id).exists()


def test_refusals_follow_the_review(review, course, library, trainee):
    ReviewPolicy.objects.create(organisation=library, approvals=1)
    assert refusals(course=course, hash=review.edition.hash, actor=None)
    reviewing.give_verdict(review=review, person=trainee, verdict="approved", words="")
    assert refusals(course=course, hash=review.edition.hash, actor=None) == []


def test_a_review_of_many_lessons_and_comments_costs_the_same(instructor, library, trainee, client_of):
    client = client_of(trainee)

    def page(number: int) -> int:
        lessons = [("text", f"lesson-{each}", {}) for each in range(number)]
        course = draft_course(owner=instructor, organisation=library, lessons=lessons)
        review = reviewing.ask(course=course, reviewers=[trainee, UserFactory()], note="", actor=instructor)
        for each in range(number):
            first = reviewing.comment(review=review, author=trainee, body=f"Word {each}.")
            first.replies.create(course=course, author=instructor, body="Yes.", review=review)
        url = f"/author/courses/{course.slug}/review/{review.pk}/"
        return count_statements(lambda: client.get(url))

    page(2)
    assert page(2) == page(12)
