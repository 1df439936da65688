"""Reviews: colleagues look at a frozen draft, comment on places in it, and say whether it may go out."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import Notice, User
from accounts.notice_kinds import NoticeKind
from accounts.services.announcing import Draft, notify_many
from core import clock
from core.errors import Conflict, InvalidInput
from courses.models import Course, CourseEditor, EditionText, Remark, Review, ReviewVerdict
from courses.services import remarking
from courses.services.publishing import composition_of, publish_preview

ASKED, ANSWERED = "review_asked", "review_answered"
REVIEWERS_MOST = 20
Verdict = ReviewVerdict.Verdict


@transaction.atomic
def ask(*, course: Course, reviewers: Collection[User], note: str, actor: User) -> Review:
    """Freeze the draft and ask ``reviewers`` to look at it; whoever is new on the course becomes its reviewer.

    The caller has found ``reviewers`` among the people whom ``actor`` may ask (``selectors.people.could_join``). Raises
    ``Conflict`` while another review is open, ``InvalidInput`` without reviewers or when the draft has faults.
    """
    course = Course.objects.select_for_update().get(pk=course.pk)
    if course.reviews.open().exists():
        raise Conflict(_("A review of this course is open already. Close it first."))
    return _open(course, reviewers, note, actor)


@transaction.atomic
def ask_again(*, review: Review, note: str, actor: User) -> Review:
    """Close ``review`` and ask the same people to look at the draft as it is now.

    Raises ``Conflict`` when it is closed already, or when the draft is still what they look at.
    """
    course = Course.objects.select_for_update().get(pk=review.course_id)
    _close(review)
    people = User.objects.active().filter(pk__in=review.verdicts.values("person"))
    again = _open(course, list(people), note, actor)
    if again.edition.hash == review.edition.hash:
        raise Conflict(_("The draft is still what your reviewers look at."))
    return again


def _open(course: Course, reviewers: Collection[User], note: str, actor: User) -> Review:
    people = {person.pk: person for person in reviewers if person.pk != actor.pk}
    if not people:
        message = _("Choose somebody beside yourself.")
        raise InvalidInput(message, fields={"people": message})
    if len(people) > REVIEWERS_MOST:
        message = _("Choose up to %(most)d people.") % {"most": REVIEWERS_MOST}
        raise InvalidInput(message, fields={"people": message})
    review = Review.objects.create(
        course=course, edition=publish_preview(course=course, actor=actor), note=note.strip(), asked_by=actor
    )
    CourseEditor.objects.bulk_create(
        [CourseEditor(course=course, person=person, role=CourseEditor.Role.REVIEWER) for person in people.values()],
        ignore_conflicts=True,
    )
    ReviewVerdict.objects.bulk_create(ReviewVerdict(review=review, person=person) for person in people.values())
    _tell_reviewers(review, list(people.values()), actor)
    return review


@transaction.atomic
def give_verdict(*, review: Review, person: User, verdict: str, words: str) -> ReviewVerdict:
    """``person``, who was asked, approves or asks for changes; a second word takes the first one's place.

    Raises ``InvalidInput`` for their own request, without words when changes are asked for, and when nobody asked them;
    ``Conflict`` once the review is closed.
    """
    Course.objects.select_for_update().get(pk=review.course_id)
    review.refresh_from_db()
    if review.closed_at is not None:
        raise Conflict(_("This review is closed. Ask whether there is a newer one."))
    if review.asked_by_id == person.pk:
        raise InvalidInput(_("You asked for this review; somebody else has to approve it."))
    words = words.strip()
    if verdict not in (Verdict.APPROVED, Verdict.CHANGES):
        raise InvalidInput(_("Say what you think."), fields={"verdict": _("Choose one.")})
    if verdict == Verdict.CHANGES and not words:
        message = _("Say what should change.")
        raise InvalidInput(message, fields={"words": message})
    row = review.verdicts.filter(person=person).first()
    if row is None:
        raise InvalidInput(_("Nobody asked you for this review."))
    row.verdict, row.words, row.given_at = verdict, words, clock.now()
    row.save(update_fields=["verdict", "words", "given_at"])
    _tell_asker(review, row)
    return row


@transaction.atomic
def comment(*, review: Review, author: User, body: str, quote: str = "", lesson_uid: str = "") -> Remark:
    """Say something about a place in what was frozen; ``quote`` is the passage. The makers of the course are told.

    Raises ``InvalidInput`` for an empty or too long ``body``, ``Conflict`` once the review is closed.
    """
    if not Review.objects.open().filter(pk=review.pk).exists():
        raise Conflict(_("This review is closed. Leave a note beside the lesson instead."))
    return remarking.remark(
        course=review.course, author=author, body=body, lesson_uid=lesson_uid, quote=quote, review=review
    )


@transaction.atomic
def close(*, review: Review, actor: User) -> Review:
    """Nobody is waited for any more; what was said stays and counts. Raises ``Conflict`` when it is closed already."""
    Course.objects.select_for_update().get(pk=review.course_id)
    _close(review)
    return review


def _close(review: Review) -> None:
    if not Review.objects.open().filter(pk=review.pk).update(closed_at=clock.now()):
        raise Conflict(_("This review is closed already."))
    review.refresh_from_db(fields=["closed_at"])


def draft_has_moved_on(review: Review) -> bool:
    """Is the draft no longer what the reviewers look at? One that is not sound is another one."""
    try:
        return bool(composition_of(review.course).hash != review.edition.hash)
    except InvalidInput:
        return True


def _name(review: Review, person: User) -> str:
    titles = dict(EditionText.objects.filter(edition=review.edition_id).values_list("language", "title"))
    return titles.get(person.language) or next(iter(titles.values()), review.course.code)


def _tell_reviewers(review: Review, people: Sequence[User], actor: User) -> None:
    drafts = []
    for person in people:
        with override(person.language or "en"):
            words = {"name": actor, "course": _name(review, person)}
            drafts.append(
                Draft(
                    person_id=person.pk,
                    kind=ASKED,
                    key=f"review:{review.pk}",
                    title=_("%(name)s asks you to review “%(course)s”") % words,
                    body=review.note,
                    url=reverse("courses:author_review_one", args=[review.course.slug, review.pk]),
                    action=_("Look at it"),
                    reply_to=actor.email,
                )
            )
    notify_many(drafts)


def _tell_asker(review: Review, row: ReviewVerdict) -> None:
    asker = review.asked_by
    if asker is None or not asker.is_active:
        return
    with override(asker.language or "en"):
        words = {"name": row.person, "course": _name(review, asker)}
        titles = {
            Verdict.APPROVED: _("%(name)s approved “%(course)s”"),
            Verdict.CHANGES: _("%(name)s asks for changes in “%(course)s”"),
        }
        draft = Draft(
            person_id=asker.pk,
            kind=ANSWERED,
            key=f"verdict:{row.pk}:{row.verdict}:{clock.now().isoformat()}",
            title=titles[Verdict(row.verdict)] % words,
            body=row.words,
            url=reverse("courses:author_review_one", args=[review.course.slug, review.pk]),
            action=_("Open the review"),
            reply_to=row.person.email,
        )
    notify_many([draft])


def asked_still_true(notice: Notice) -> bool:
    """May it still be mailed? The review is open and waits for this person."""
    _word, pk = notice.key.split(":")
    waiting = ReviewVerdict.objects.filter(review_id=int(pk), person=notice.person_id, verdict=Verdict.ASKED)
    return waiting.filter(review__closed_at=None).exists()


def answered_still_true(notice: Notice) -> bool:
    """May it still be mailed? The verdict is the one that stands."""
    _word, pk, verdict, _at = notice.key.split(":", 3)
    return ReviewVerdict.objects.filter(pk=pk, verdict=verdict).exclude(person=F("review__asked_by")).exists()


NOTICES = (
    NoticeKind(
        ASKED,
        gettext_lazy("Somebody asks me to review a course"),
        icon="eye",
        always_inbox=True,
        still_true=asked_still_true,
    ),
    NoticeKind(
        ANSWERED,
        gettext_lazy("Answers to a review that I asked for"),
        help=gettext_lazy("When a reviewer approves or asks for changes."),
        icon="check",
        still_true=answered_still_true,
    ),
)
