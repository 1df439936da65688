"""Spaced review: what is asked, whose card it is, every time it was turned over, and how somebody wants to review."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from courses.models import Topic

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User

MINUTES_LEAST, MINUTES_MOST = 2, 5


class ReviewItem(models.Model):
    """Something worth remembering, the same for all who review it. ``key`` is its identity.

    A question is shown from its ``version``, a check question of a lesson from ``content`` as ``asked``; a drill or a
    single decision from ``content``: ``front``, ``back`` and ``why`` in Markdown, ``facts`` as numbers of the sources.
    """

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        DRILL = "drill", _("Drill")
        DECISION = "decision", _("Decision")

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    topic = models.CharField(max_length=16, blank=True)
    course = models.ForeignKey(
        "courses.Course", on_delete=models.SET_NULL, null=True, blank=True, related_name="review_items"
    )
    lesson_uid = models.CharField(max_length=60, blank=True)
    version = models.ForeignKey(
        "quizzes.QuestionVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="review_items"
    )
    content = models.JSONField(default=dict, blank=True)
    words = models.TextField(blank=True, help_text=_("What is asked as plain text, for lists and search."))
    created_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return self.words[:80] or self.key

    @property
    def topic_label(self) -> str:
        return str(Topic(self.topic).label) if self.topic in Topic.values else self.topic


class ReviewCardQuerySet(models.QuerySet["ReviewCard"]):
    """Cards as phrases."""

    def visible_to(self, user: "User") -> "ReviewCardQuerySet":
        """One's own only: supervisors see that somebody reviews, never what."""
        return self.filter(learner=user) if user.is_authenticated else self.none()

    def active(self) -> "ReviewCardQuerySet":
        return self.filter(suspended_at=None)

    def due(self, at: "dt.datetime") -> "ReviewCardQuerySet":
        """Those to renew at ``at``: neither suspended nor buried."""
        return self.active().filter(Q(buried_until=None) | Q(buried_until__lte=at), due_at__lte=at)

    def in_turn(self) -> "ReviewCardQuerySet":
        """Due first; of those due at the same moment what one was sure of and got wrong, then wrong, hinted, kept."""
        return self.order_by("due_at", "rank", "pk")


class ReviewCard(models.Model):
    """One person's card of an item. ``state`` is the card of the scheduler as its library writes it.

    ``steps`` counts the rows of its log: whoever rates says how many they saw, so a rating counts once. ``renewed`` and
    ``forgotten`` count ratings that stand. ``missed_at`` is the miss that made it due last.
    """

    class Source(models.TextChoices):
        CONFIDENT = "confident", _("sure and wrong")
        WRONG = "wrong", _("answered wrong")
        HINTED = "hinted", _("answered with a hint")
        KEPT = "kept", _("worth keeping")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_cards")
    item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, related_name="cards")
    source = models.CharField(max_length=9, choices=Source.choices)
    rank = models.PositiveSmallIntegerField(default=0, editable=False)
    state = models.JSONField()
    due_at = models.DateTimeField()
    stability = models.FloatField(null=True, blank=True, help_text=_("Days until recall is down to nine in ten."))
    last_at = models.DateTimeField(null=True, blank=True)
    steps = models.PositiveIntegerField(default=0)
    renewed = models.PositiveIntegerField(default=0)
    forgotten = models.PositiveIntegerField(default=0)
    misses = models.PositiveIntegerField(default=0)
    missed_at = models.DateTimeField(null=True, blank=True)
    set_by_hand_at = models.DateTimeField(null=True, blank=True, help_text=_("The date was chosen, not calculated."))
    buried_until = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ReviewCardQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "item"], name="quizzes_card_once")]
        indexes = [
            # Holds all that the queue reads, so that it never opens a card that it does not show. Key columns instead of
            # INCLUDE: the same on both databases, and in the order of the queue.
            models.Index(
                fields=["learner", "due_at", "rank", "id", "buried_until"],
                condition=Q(suspended_at=None),
                name="quizzes_card_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.item_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.rank = rank_of(self.source)
        super().save(*args, **kwargs)


def rank_of(source: str) -> int:
    """Where cards of ``source`` stand among those due at the same moment; 0 is first."""
    return ReviewCard.Source.values.index(source)


class ReviewLogQuerySet(models.QuerySet["ReviewLog"]):
    def standing(self) -> "ReviewLogQuerySet":
        """Ratings that nobody took back."""
        return self.filter(kind=ReviewLog.Kind.RATED, undone=None)


class ReviewLog(models.Model):
    """What happened to a card; appended, never changed. A rating is taken back by a later row that ``undoes`` it.

    ``recall`` is what the scheduler expected, in thousandths; ``days`` those since the last time, by the person's
    calendar. ``before`` are the columns of the card as they were.
    """

    class Kind(models.TextChoices):
        RATED = "rated", _("rated")
        UNDONE = "undone", _("taken back")
        INTERVAL = "interval", _("date set by hand")

    class Rating(models.IntegerChoices):
        FORGOT = 1, _("Forgot")
        HARD = 2, _("Hard")
        KNEW = 3, _("Knew it")
        EASY = 4, _("Easy")

    card = models.ForeignKey(ReviewCard, on_delete=models.CASCADE, related_name="log")
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.RATED)
    rating = models.PositiveSmallIntegerField(choices=Rating.choices, null=True, blank=True)
    at = models.DateTimeField(default=clock.now, editable=False)
    days = models.PositiveIntegerField(null=True, blank=True)
    recall = models.PositiveSmallIntegerField(null=True, blank=True)
    ms = models.PositiveIntegerField(null=True, blank=True)
    due_at = models.DateTimeField(help_text=_("When the card is due after it."))
    before = models.JSONField(default=dict, blank=True)
    undoes = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="undone")

    objects = ReviewLogQuerySet.as_manager()

    class Meta:
        ordering = ["card_id", "number"]
        constraints = [models.UniqueConstraint(fields=["card", "number"], name="quizzes_review_once")]
        indexes = [models.Index(fields=["learner", "at"], name="quizzes_review_at")]

    def __str__(self) -> str:
        return f"{self.card_id} {self.number}: {self.kind}"

    @property
    def percent(self) -> int | None:
        """The expected recall in whole percent."""
        return None if self.recall is None else round(self.recall / 10)


class ReviewSitting(models.Model):
    """A few minutes of review: the cards it took up, in order. One is open at most; it can be left and gone on with."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_sittings")
    cards = models.JSONField(default=list)
    started_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner"], condition=Q(ended_at=None), name="quizzes_one_sitting")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {len(self.cards)}"


class ReviewPlan(models.Model):
    """How somebody wants to review; without a row the defaults hold."""

    learner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_plan")
    minutes = models.PositiveSmallIntegerField(
        _("minutes at a sitting"),
        default=5,
        validators=[MinValueValidator(MINUTES_LEAST), MaxValueValidator(MINUTES_MOST)],
    )
    per_day = models.PositiveSmallIntegerField(_("cards a day at most"), default=20)
    per_week = models.PositiveSmallIntegerField(_("cards a week at most"), default=100)
    paused_at = models.DateTimeField(null=True, blank=True)
    holiday_from = models.DateField(_("first day away"), null=True, blank=True)
    holiday_to = models.DateField(_("last day away"), null=True, blank=True)
    remind = models.BooleanField(_("remind me when cards are due back"), default=False)
    remind_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(holiday_from=None, holiday_to=None) | Q(holiday_to__gte=models.F("holiday_from")),
                name="quizzes_holiday_ends",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=MINUTES_LEAST, minutes__lte=MINUTES_MOST), name="quizzes_sitting_is_short"
            ),
        ]
        indexes = [models.Index(fields=["remind_at"], condition=Q(remind=True), name="quizzes_plan_remind")]

    def __str__(self) -> str:
        return str(self.learner_id)
