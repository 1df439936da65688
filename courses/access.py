"""The only door to courses and lessons: who may see what, and what a reader needs to read it."""

import json
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import get_language

from accounts.access import is_instructor, roles_of
from accounts.models import User
from core import clock
from core.compiled import Compiled
from courses.models import (
    Course,
    CourseEditor,
    CourseSlug,
    Edition,
    EditionKind,
    EditionLesson,
    EditionPart,
    Enrolment,
    LessonFeedback,
    Review,
)
from courses.registry import PlayerLesson
from courses.selectors import Outline, OutlineLesson, forget_outlines, outline_of, resolved
from courses.standing import CourseStanding, LessonStanding, standing


class CourseMoved(Exception):
    """The slug is an old one; ``slug`` is the present one."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class LessonLocked(PermissionDenied):
    """The lesson opens after others. ``reading`` is the course being read, ``after`` the lessons still to be done."""

    def __init__(self, reading: "Reading", lesson: OutlineLesson, after: tuple[OutlineLesson, ...]) -> None:
        super().__init__(lesson.uid)
        self.reading = reading
        self.lesson = lesson
        self.after = after


def may_edit(user: User, course: Course) -> bool:
    """May ``user`` change this course? One query; superusers may."""
    return Course.objects.editable_by(user).filter(pk=course.pk).exists()


def _shape(user: User) -> tuple[bool, bool]:
    """What of ``user``, beside the id, the rule of what is visible looks at."""
    return user.is_authenticated, user.is_authenticated and user.is_superuser


def _course_query(signed_in: bool, superuser: bool, *, person: int, slug: str) -> QuerySet[Course]:
    user: Any = User(pk=person, is_superuser=superuser) if signed_in else AnonymousUser()
    visible = Course.objects.visible_to(user).filter(slug=slug).order_by()
    return visible.select_related("current_edition", "organisation")


COURSES = Compiled(_course_query, "person", texts=("slug",))  # asked by each page of a course, each piece of a film


def course_for(user: User, slug: str, *, edit: bool = False) -> Course:
    """The course at ``slug``. Raises ``Http404`` when it is hidden, ``PermissionDenied`` when ``edit`` is asked in vain,
    ``CourseMoved`` when the slug is an old one."""
    course: Course | None = COURSES.first(*_shape(user), person=user.pk or 0, slug=slug)
    if course is None:
        old = CourseSlug.objects.filter(slug=slug, course__in=Course.objects.visible_to(user).values("pk"))
        present = old.values_list("course__slug", flat=True).first()
        if present:
            raise CourseMoved(present)
        raise Http404
    if edit and not may_edit(user, course):
        raise PermissionDenied
    return course


def draft_for(user: User, slug: str, *, edit: bool = False) -> Course:
    """The course at ``slug`` for its authors; reviewers see its draft, only owners and editors change it.

    Raises ``Http404`` when the course is hidden, ``PermissionDenied`` when it is not theirs to see or to change,
    ``CourseMoved`` when the slug is an old one.
    """
    course = course_for(user, slug, edit=edit)
    if not edit and not Course.objects.authored_by(user).filter(pk=course.pk).exists():
        raise PermissionDenied
    return course


AUTHOR = "author"


def may_author(user: User) -> bool:
    """Does ``user`` work on any course, or may they begin one? Every page asks, so it comes with the other roles."""
    return user.is_authenticated and (is_instructor(user) or AUTHOR in roles_of(user).others)


def works_on_a_course() -> Exists:
    """For ``accounts.access.register_role``: the person of the outer query has a hand in a course."""
    return Exists(CourseEditor.objects.filter(person=OuterRef("pk")))


@dataclass(frozen=True)
class Reading:
    """One person reading one course: the edition they see, their enrolment (live one, else None), where they stand."""

    user: User
    course: Course
    edition: Edition
    outline: Outline
    enrolment: Enrolment | None
    left: Enrolment | None
    wanted_language: str
    token: str = ""

    @property
    def preview(self) -> bool:
        return bool(self.token)

    @property
    def language_missing(self) -> bool:
        return self.outline.language != self.wanted_language

    @cached_property
    def standing(self) -> CourseStanding:
        """At most 3 queries, asked once."""
        if self.enrolment is None:
            return self._standing_before_the_start()
        return standing().for_enrolment(self.enrolment)

    def _standing_before_the_start(self) -> CourseStanding:
        """Only what is owed: a team's assignment reaches people who have not touched the course yet."""
        nothing = CourseStanding(course_id=self.course.pk)
        if self.preview or not self.user.is_authenticated:
            return nothing
        return standing().for_courses(self.user, [self.course.pk]).get(self.course.pk, nothing)

    @cached_property
    def done(self) -> set[str]:
        return {uid for uid, state in self.standing.lessons.items() if state.state == "done"}

    def missing(self, uid: str) -> tuple[OutlineLesson, ...]:
        """What must be done before ``uid`` opens; nothing in a preview, or once the lesson itself was begun."""
        if self.preview or not self.outline.by_uid[uid].rule.get("opens_after"):
            return ()
        state = self.standing.lessons.get(uid)
        if state is not None and state.state != "new":
            return ()
        return self.outline.missing(uid, self.done)


class PreviewEnded(Http404):
    """The token opens nothing: it has ended, or never was one. Which of the two nobody is told."""


def preview_at(slug: str, token: str) -> tuple[Course, Edition]:
    """Whoever holds the token sees the preview until it expires; while a review of it is open it does not.

    Raises ``PreviewEnded``.
    """
    lasting = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    reviewed = Exists(Review.objects.open().filter(edition=OuterRef("pk")))
    rows = Edition.objects.filter(lasting | reviewed, course__slug=slug, token=token)
    edition = rows.select_related("course", "course__organisation").first()
    if edition is None:
        raise PreviewEnded
    return edition.course, edition


def _enrolment_query(asked: bool, *, person: int, slug: str, uid: str) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(learner=person, course__slug=slug).select_related(
        "edition", "course__current_edition", "course__organisation"
    )
    if asked:
        answer = LessonFeedback.objects.filter(learner=person, course=OuterRef("course"), lesson_uid=uid).order_by()
        rows = rows.annotate(said=Subquery(answer.values(said=JSONObject(clear="clear", words="words"))[:1]))
    return rows.order_by("-cycle")[:1]


ENROLMENTS = Compiled(_enrolment_query, "person", texts=("slug", "uid"))  # asked by each page of a course


def _enrolments(user: User, slug: str, uid: str) -> tuple[Enrolment | None, Enrolment | None]:
    """The live enrolment and, without one, the last that was left. Whoever was ever enrolled may see the course (D15).

    ``said`` on it is what the learner answered to 'Was this clear?' in the lesson ``uid``, or None.
    """
    if not user.is_authenticated:
        return None, None
    row: Enrolment | None = ENROLMENTS.first(bool(uid), person=user.pk, slug=slug, uid=uid)
    if row is None or row.closed_at is None:
        return row, None
    return None, row


def reading_for(user: User, slug: str, *, token: str = "", language: str = "", uid: str = "") -> Reading:
    """What ``user`` reads at ``slug``: three or four queries whatever the size of the course (``standing`` adds its own).

    Raises ``Http404`` when the course is hidden or has no edition, ``CourseMoved`` when the slug is an old one.
    """
    enrolment = left = None
    if token:
        course, edition = preview_at(slug, token)
    else:
        enrolment, left = _enrolments(user, slug, uid)
        course = (enrolment or left).course if enrolment or left else course_for(user, slug)
        edition = (enrolment and enrolment.edition) or course.current_edition or (left and left.edition)
    if edition is None:
        raise Http404
    # What a reader has not chosen is asked of the edition: its draft may have one language more by now, or one less.
    chosen = language or (enrolment.language if enrolment else "")
    outline = outline_of(edition, chosen or get_language() or course.first_language, course.first_language)
    if outline is None:
        raise Http404
    wanted = chosen or outline.language
    return Reading(user, course, edition, outline, enrolment, left, wanted, token)


PARTS_KEPT = 64
PART_SECONDS = 60  # rerender_editions is seen at the latest after this
_parts: OrderedDict[str, tuple[float, EditionPart]] = OrderedDict()
_lengths: dict[str, int] = {}


def forget_kept() -> None:
    """Let go of what this process keeps of editions: after parts were rendered anew."""
    _parts.clear()
    _lengths.clear()
    forget_outlines()


def part_of(part_hash: str) -> EditionPart:
    """The part with this hash. Its content never changes, so the last few stay in the process for a minute."""
    kept_until, part = _parts.get(part_hash, (0.0, None))
    if part is None or kept_until < time.monotonic():
        part = EditionPart.objects.get(pk=part_hash)
        _parts[part_hash] = (time.monotonic() + PART_SECONDS, part)
        while len(_parts) > PARTS_KEPT:
            _parts.popitem(last=False)
    return part


def player_for(
    request: HttpRequest, slug: str, uid: str, *, token: str | None = None, reading: Reading | None = None
) -> PlayerLesson:
    """A lesson of the edition that the reader sees, tokens resolved, with outline; standing and facts when asked for.

    ``token`` defaults to the request's ``preview`` parameter. Five to six queries beside the standing's.
    Raises ``Http404`` when it is hidden, ``LessonLocked`` when it opens after others, ``CourseMoved`` for an old slug.
    """
    given = token if token is not None else request.GET.get("preview", request.POST.get("preview", ""))
    reading = reading or reading_for(request.user, slug, token=given, uid=uid)
    row = reading.outline.by_uid.get(uid)
    if row is None:
        raise Http404
    after = reading.missing(uid)
    if after:
        raise LessonLocked(reading, row, after)
    part = part_of(row.part_id)
    return PlayerLesson(
        course=reading.course,
        edition=reading.edition,
        lesson=edition_lesson(reading, row),
        title=row.title,
        minutes=row.minutes,
        language=row.language,
        part=part,
        source=json.loads(part.source),
        rendered=SimpleLazyObject(
            lambda: resolved(part.rendered, user=reading.user, slug=reading.course.slug, token=reading.token)
        ),
        enrolment=reading.enrolment,
        facts=SimpleLazyObject(lambda: reading.standing.lessons.get(uid, LessonStanding(uid)).facts),
        preview=reading.preview,
        outline=reading.outline,
        standing=SimpleLazyObject(lambda: reading.standing),
        token=reading.token,
        language_missing=row.language != reading.wanted_language,
    )


def edition_lesson(reading: Reading, row: OutlineLesson) -> EditionLesson:
    """The row of the outline as the model that services and signals take, without another query."""
    return EditionLesson(
        pk=row.pk,
        edition=reading.edition,
        uid=row.uid,
        module=row.module,
        position=row.number,
        kind=row.kind,
        rule=row.rule,
        rev=row.rev,
    )


def enrolment_for(user: User, slug: str) -> Enrolment:
    """One's own live enrolment in the course at ``slug``. Raises ``Http404``; ``CourseMoved`` for an old slug."""
    live = Enrolment.objects.live().filter(learner=user, course__slug=slug)
    row = live.select_related("edition", "course__current_edition").first()
    if row is None:
        course_for(user, slug)
        raise Http404
    return row


def waiting_edition(reading: Reading) -> Edition | None:
    """The current edition when moving to it is the learner's own choice: a redo lies between theirs and it (D3a).

    One query, and only when the two differ; minor and refresh editions take learners along by themselves.
    """
    current = reading.course.current_edition
    pinned = reading.enrolment.edition if reading.enrolment else None
    if pinned is None or current is None or pinned.pk == current.pk or reading.standing.completed_at:
        return None
    steps = reading.course.editions.filter(
        kind=EditionKind.REDO, number__gt=pinned.number or 0, number__lte=current.number or 0
    )
    return current if steps.exists() else None


def _doing_query(*, person: int, slug: str, uid: str) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.live().opened().filter(learner=person, course__slug=slug, edition__lessons__uid=uid)
    return (
        rows.select_related("course", "edition")
        .annotate(
            lesson_pk=F("edition__lessons__pk"),
            lesson_kind=F("edition__lessons__kind"),
            lesson_rule=F("edition__lessons__rule"),
            lesson_rev=F("edition__lessons__rev"),
            part_hash=F("edition__lessons__texts__part"),
            spoken=F("edition__lessons__texts__language"),
        )
        .order_by(
            Case(When(edition__lessons__texts__language=F("language"), then=0), default=1), "edition__lessons__texts"
        )[:1]
    )


DOINGS = Compiled(_doing_query, "person", texts=("slug", "uid"))  # asked by each beat of a film


def doing_for(user: User, slug: str, uid: str) -> PlayerLesson | None:
    """The lesson as far as recording needs it, in one query: for whoever has begun the course and reads their edition.

    None for everybody else, and for lessons that open after others: then ``player_for`` decides.
    """
    if not user.is_authenticated:
        return None
    row: Any = DOINGS.first(person=user.pk, slug=slug, uid=uid)
    if row is None or row.lesson_rule.get("opens_after"):
        return None
    lesson = EditionLesson(
        pk=row.lesson_pk, edition=row.edition, uid=uid, kind=row.lesson_kind, rule=row.lesson_rule, rev=row.lesson_rev
    )
    return PlayerLesson(
        course=row.course,
        edition=row.edition,
        lesson=lesson,
        title="",
        minutes=0,
        language=row.spoken,
        part=EditionPart(hash=row.part_hash),
        source={},
        rendered={},
        enrolment=row,
    )


def film_length(part_hash: str) -> int:
    """The length in milliseconds of the video in a part, 0 without one. A part never changes, so it is asked once."""
    if part_hash not in _lengths:
        rendered = EditionPart.objects.filter(pk=part_hash).values_list("rendered", flat=True).first() or {}
        length = int((rendered.get("video") or {}).get("duration_ms") or 0)
        if not length:
            return 0
        _lengths[part_hash] = length
    return _lengths[part_hash]
