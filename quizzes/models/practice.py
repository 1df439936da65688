"""Practice: what published lessons offer, and the runs of people through worlds, move by move."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from core import clock
from courses.models import Course, EditionLessonText, Level

if TYPE_CHECKING:
    from accounts.models import User


class PracticeCaseQuerySet(models.QuerySet["PracticeCase"]):
    def listed_for(self, user: "User") -> "PracticeCaseQuerySet":
        """Cases of lessons in the current editions of courses that ``user`` finds in the catalogue."""
        return self.filter(
            course__in=Course.objects.listed_for(user).values("pk"),
            part__lesson_texts__edition_lesson__edition=F("course__current_edition"),
        ).distinct()

    def placed(self) -> "PracticeCaseQuerySet":
        """Each with the lesson and the language in which it stands in its course's current edition."""
        texts = EditionLessonText.objects.filter(
            part=OuterRef("part"), edition_lesson__edition=OuterRef("course__current_edition")
        ).order_by("pk")
        return self.annotate(
            lesson_uid=Subquery(texts.values("edition_lesson__uid")[:1]),
            language=Subquery(texts.values("language")[:1]),
        )


class PracticeCase(models.Model):
    """A case that a published practice lesson holds; written at publishing, for the gallery."""

    lesson_uid: str  # of those that are ``placed``
    language: str
    part = models.ForeignKey("courses.EditionPart", on_delete=models.PROTECT, related_name="practice_cases")
    course = models.ForeignKey("courses.Course", on_delete=models.CASCADE, related_name="+")
    uid = models.CharField(max_length=40)
    engine = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.WORKING)
    minutes = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    words = models.TextField(help_text=_("Title and situation as plain text, for search."))

    objects = PracticeCaseQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["part", "course", "uid"], name="quizzes_practice_case_once")]
        indexes = [models.Index(fields=["engine", "level"], name="quizzes_practice_engine")]

    def __str__(self) -> str:
        return self.title

    @property
    def subject_key(self) -> str:
        """What free runs of this case have in common, whatever edition they were begun in. Another lesson, or the same one
        in another language, may have a case of this uid; so it has to be ``placed``."""
        return f"case:{self.course_id}:{self.lesson_uid}:{self.language}:{self.uid}"


def free_subject(engine: str) -> str:
    """What runs through made-up worlds of ``engine`` have in common, outside of courses."""
    return f"engine:{engine}"


class PracticeRunQuerySet(models.QuerySet["PracticeRun"]):
    def visible_to(self, user: "User") -> "PracticeRunQuerySet":
        """One's own runs only: supervisors see that a lesson is done, never how."""
        return self.filter(learner=user) if user.is_authenticated else self.none()

    def open(self) -> "PracticeRunQuerySet":
        return self.filter(finished_at=None)

    def finished(self) -> "PracticeRunQuerySet":
        return self.filter(finished_at__isnull=False)

    def judged(self) -> "PracticeRunQuerySet":
        """Without those that their engine left behind: they were closed, and are worth nothing, not naught."""
        return self.exclude(parts=[])

    def real(self) -> "PracticeRunQuerySet":
        """Without those that authors play to try a case."""
        return self.exclude(purpose=PracticeRun.Purpose.PREVIEW)


class PracticeRun(models.Model):
    """One way through one world. ``case`` is the world as it was met, ``state`` what the moves made of it.

    The state is kept so that a move costs no replay; the moves give it again (``quizzes.engines.scoring.play``).
    """

    class Purpose(models.TextChoices):
        COURSE = "course", _("in a course")
        PRACTICE = "practice", _("free practice")
        PREVIEW = "preview", _("preview")

    class Mode(models.TextChoices):
        COACH = "coach", _("with a coach")
        EXAM = "exam", _("as an exam")

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practice_runs")
    enrolment = models.ForeignKey(
        "courses.Enrolment", on_delete=models.PROTECT, null=True, blank=True, related_name="practice_runs"
    )
    course = models.ForeignKey("courses.Course", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    part = models.ForeignKey(
        "courses.EditionPart", on_delete=models.PROTECT, null=True, blank=True, related_name="practice_runs"
    )
    lesson_uid = models.CharField(max_length=60, blank=True)
    lesson_rev = models.PositiveIntegerField(default=1)
    subject_key = models.CharField(max_length=160, help_text=_("What runs belong together: a lesson, an engine."))
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    number = models.PositiveIntegerField()
    engine = models.CharField(max_length=20)
    engine_version = models.PositiveSmallIntegerField(default=1)
    case_uid = models.CharField(max_length=40)
    seed = models.PositiveBigIntegerField(help_text=_("Orders what is shown; of a generated world it is the world."))
    generated = models.BooleanField(default=False)
    case = models.JSONField()
    mode = models.CharField(max_length=5, choices=Mode.choices, default=Mode.COACH)
    state = models.JSONField()
    turn = models.PositiveIntegerField(
        default=0, help_text=_("Rises with every change of the state; a page says which turn it shows.")
    )
    hinted = models.JSONField(default=list, help_text=_("Part keys for which a hint was taken, in order."))
    counts = models.BooleanField(
        default=True, help_text=_("False: a world met just before, where different ones in a row count.")
    )
    pass_mark = models.PositiveSmallIntegerField(default=80)
    started_at = models.DateTimeField(default=clock.now, editable=False)
    touched_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    parts = models.JSONField(null=True, blank=True, help_text=_("What each decision was worth, once it is over."))
    remembered_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When its misses became review cards; the sweep finds what lacks it.")
    )

    objects = PracticeRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "subject_key", "number"], name="quizzes_run_number_once"),
            models.UniqueConstraint(
                fields=["learner", "subject_key"], condition=Q(finished_at=None), name="quizzes_one_open_run"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None, percent=None)
                | Q(finished_at__isnull=False, percent__gte=0, percent__lte=100),
                name="quizzes_run_percent",
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "engine", "-finished_at"], name="quizzes_run_engine"),
            models.Index(
                fields=["finished_at"],
                condition=Q(finished_at__isnull=False, remembered_at=None),
                name="quizzes_run_to_remember",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.case_uid} #{self.number}"

    @property
    def left_behind(self) -> bool:
        """It was closed because its engine had changed: nobody could judge it any more."""
        return self.parts == []

    @property
    def passed(self) -> bool:
        return self.percent is not None and self.percent >= self.pass_mark


class PracticeMove(models.Model):
    """A move as it was made; appended, never changed but for being taken back."""

    run = models.ForeignKey(PracticeRun, on_delete=models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField()
    move = models.JSONField()
    undone = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["run_id", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="quizzes_move_once")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"
