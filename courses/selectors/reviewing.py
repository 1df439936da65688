"""What reviewers and askers see of a review, in a bounded number of queries."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import User
from courses.models import Course, Edition, Remark, Review, ReviewPolicy, ReviewVerdict


@dataclass(frozen=True)
class ReviewedLesson:
    """A lesson of the frozen draft; ``open_remarks`` and ``remarks`` count the threads of this review."""

    uid: str
    number: int
    title: str
    kind: str
    open_remarks: int
    remarks: int


def lessons_of(review: Review) -> list[ReviewedLesson]:
    """The lessons of the frozen draft in order, in the course's first language where there is one: three queries."""
    counts = {
        uid: (still_open, every)
        for uid, still_open, every in review.remarks.filter(answers=None)
        .order_by()
        .values_list("lesson_uid")
        .annotate(still_open=Count("pk", filter=Q(settled_at=None)), every=Count("pk"))
    }
    rows = review.edition.lessons.prefetch_related("texts").order_by("position")
    found = []
    for row in rows:
        titles = {text.language: text.title for text in row.texts.all()}
        title = titles.get(review.course.first_language) or next(iter(titles.values()), row.uid)
        still_open, every = counts.get(row.uid, (0, 0))
        found.append(ReviewedLesson(row.uid, row.position, title, row.kind, still_open, every))
    return found


def threads_of(review: Review, user: User, *, lesson: str | None = None) -> QuerySet[Remark]:
    """What was said in ``review`` with its answers, the open ones first; ``lesson``: of that one (empty: of the course)."""
    replies = Remark.objects.select_related("author").order_by("created_at", "pk")
    rows = Remark.objects.visible_to(user).filter(review=review, answers=None)
    if lesson is not None:
        rows = rows.filter(lesson_uid=lesson)
    return (
        rows.select_related("author", "settled_by")
        .prefetch_related(Prefetch("replies", queryset=replies))
        .order_by(Exists(Remark.objects.filter(pk=OuterRef("pk"), settled_at__isnull=False)), "created_at", "pk")
    )


def verdicts_of(review: Review) -> QuerySet[ReviewVerdict]:
    """Who was asked and what they said, by name."""
    return review.verdicts.select_related("person").order_by("person__name", "pk")


def past_reviews(course: Course) -> QuerySet[Review]:
    """Closed reviews, newest first, with ``approved`` and ``wanted_changes``."""
    verdict = ReviewVerdict.Verdict
    return (
        course.reviews.filter(closed_at__isnull=False)
        .select_related("asked_by")
        .annotate(
            approved=Count("verdicts", filter=Q(verdicts__verdict=verdict.APPROVED)),
            wanted_changes=Count("verdicts", filter=Q(verdicts__verdict=verdict.CHANGES)),
        )
        .order_by("-asked_at", "-pk")
    )


def required_by(course: Course) -> QuerySet[User]:
    """Whom the policy of the course's organisation requires to approve, while they belong to it and can sign in."""
    organisation = course.organisation_id or 0
    policies = ReviewPolicy.objects.filter(organisation=organisation)
    members = User.objects.active().of_organisation(organisation)
    return members.filter(pk__in=policies.values("required")).order_by("name", "pk")


def waiting_for(user: User) -> QuerySet[Review]:
    """Open reviews of courses that ``user`` sees and in which they have not spoken yet, the oldest first."""
    mine = ReviewVerdict.objects.filter(review=OuterRef("pk"), person=user, verdict=ReviewVerdict.Verdict.ASKED)
    rows = Review.objects.open().visible_to(user).filter(Exists(mine)).select_related("course", "asked_by")
    return rows.order_by("asked_at", "pk")


def review_in_preview(user: User, edition: Edition) -> Review | None:
    """The open review that froze ``edition`` and asks ``user``, or was asked by them. One query; none for a mere look."""
    if not user.is_authenticated or edition.pk is None:
        return None
    rows = Review.objects.open().visible_to(user).filter(edition=edition)
    return rows.filter(Q(verdicts__person=user) | Q(asked_by=user)).first()
