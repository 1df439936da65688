"""What an organisation asks for before a course of its own is published: colleagues' approval of exactly this content."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core import clock
from courses.models import Course, Edition, Review, ReviewPolicy, ReviewVerdict
from courses.selectors.reviewing import required_by


def approvers_of(*, course: Course, hash: str) -> set[int]:  # noqa: A002  (as on the edition)
    """The people who stand by exactly the content called ``hash``: the last word of each counts, over all reviews of it.

    Whoever asked for a review is no voice in it. One query.
    """
    verdicts = ReviewVerdict.objects.filter(review__course=course, review__edition__hash=hash).exclude(
        verdict=ReviewVerdict.Verdict.ASKED
    )
    last: dict[int, bool] = {}
    for person, verdict, asker in verdicts.order_by("given_at", "pk").values_list(
        "person_id", "verdict", "review__asked_by_id"
    ):
        if person != asker:
            last[person] = verdict == ReviewVerdict.Verdict.APPROVED
    return {person for person, approved in last.items() if approved}


def refusals(*, course: Course, hash: str, actor: User | None) -> list[str]:  # noqa: A002  (as on the edition)
    """What the policy of the course's organisation still asks before the content called ``hash`` goes live, as sentences.

    Empty: it may be published. Courses of the commons, and organisations without a policy, ask nothing; nor does content
    that learners of this course have read before, so that a roll-back never waits for anybody. At most four queries.
    """
    policy = (
        ReviewPolicy.objects.filter(organisation=course.organisation_id).first() if course.organisation_id else None
    )
    if policy is None or course.editions.published().filter(hash=hash).exists():
        return []
    approvers = approvers_of(course=course, hash=hash)
    asked = []
    missing = policy.approvals - len(approvers)
    if missing > 0:
        sentence = ngettext(
            "Another person has to approve exactly this draft.",
            "%(number)d more people have to approve exactly this draft.",
            missing,
        )
        asked.append(sentence % {"number": missing})
    return asked + [_required(person, actor) for person in required_by(course).exclude(pk__in=approvers)]


def _required(person: User, actor: User | None) -> str:
    if actor is not None and person.pk == actor.pk:
        return _("Your own approval is asked for: let somebody else ask for a review, then approve it.")
    return _("%(name)s has to approve exactly this draft.") % {"name": person}


def close_what_went_out(*, course: Course, edition: Edition) -> None:
    """An open review of exactly what was just published has done its work. Call it in the publishing transaction."""
    went_out = course.reviews.open().filter(edition__hash=edition.hash)
    Review.objects.filter(pk__in=went_out.values("pk")).update(closed_at=clock.now())
