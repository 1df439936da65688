"""``/api/v1/courses/``, ``editions/``, ``enrolments/``."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.errors import InvalidInput
from courses.access import CourseMoved, course_for, reading_for
from courses.api.serializers import (
    CourseDetailOutput,
    CourseOutput,
    EditionOutput,
    EnrolInput,
    EnrolmentOutput,
)
from courses.models import Course, Edition, EditionText, Enrolment, Level, Topic
from courses.selectors.catalogue import listed_texts, matching
from courses.services import enrolling


class CourseFilter(filters.FilterSet):
    q = filters.CharFilter(method="having", max_length=120)
    topic = filters.MultipleChoiceFilter(field_name="edition__course__topic", choices=Topic.choices)
    level = filters.MultipleChoiceFilter(field_name="edition__course__level", choices=Level.choices)
    max_minutes = filters.NumberFilter(field_name="minutes", lookup_expr="lte")
    min_minutes = filters.NumberFilter(field_name="minutes", lookup_expr="gte")
    language = filters.CharFilter(method="spoken")

    def having(self, rows: QuerySet[EditionText], name: str, value: str) -> QuerySet[EditionText]:
        hits = matching(self.request.user, value, language=get_language() or "en")
        return rows.filter(edition__course__in=hits)

    def spoken(self, rows: QuerySet[EditionText], name: str, value: str) -> QuerySet[EditionText]:
        return rows.filter(Exists(EditionText.objects.filter(edition=OuterRef("edition"), language=value)))


class Courses(mixins.ListModelMixin, GenericViewSet[EditionText]):
    """The catalogue of the asking person, and each course with its outline."""

    serializer_class = CourseOutput
    filterset_class = CourseFilter
    queryset = EditionText.objects.none()
    lookup_field = "slug"
    lookup_value_regex = r"[-\w]+"

    def get_queryset(self) -> QuerySet[EditionText]:
        rows = listed_texts(self.request.user, get_language() or "en").select_related("edition__course__organisation")
        return rows.defer("part").order_by("edition__course__code", "edition__course_id")

    @extend_schema(responses=CourseDetailOutput, filters=False)
    def retrieve(self, request: Request, slug: str) -> Response:
        """Whatever this person may open, listed or not."""
        try:
            return Response(CourseDetailOutput(reading_for(request.user, slug)).data)
        except CourseMoved as moved:
            return Response(CourseDetailOutput(reading_for(request.user, moved.slug)).data)


class EditionFilter(filters.FilterSet):
    course = filters.CharFilter(field_name="course__slug")
    current = filters.BooleanFilter(method="is_current")

    def is_current(self, rows: QuerySet[Edition], name: str, value: bool) -> QuerySet[Edition]:
        current = Q(pk__in=Course.objects.published().values("current_edition"))
        return rows.filter(current if value else ~current)


class Editions(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Edition]):
    """The published editions of every course this person may see, newest first."""

    serializer_class = EditionOutput
    filterset_class = EditionFilter
    queryset = Edition.objects.none()

    def get_queryset(self) -> QuerySet[Edition]:
        visible = Course.objects.visible_to(self.request.user).values("pk")
        rows = Edition.objects.published().filter(course__in=visible).select_related("course")
        return rows.order_by("-published_at", "-pk")


class EnrolmentFilter(filters.FilterSet):
    course = filters.CharFilter(field_name="course__slug")
    learner = filters.UUIDFilter(field_name="learner__uuid")
    open = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")
    begun = filters.BooleanFilter(field_name="opened_at", lookup_expr="isnull", exclude=True)


class Enrolments(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet[Enrolment]):
    """One's own enrolments and those of the people whose record one may open."""

    serializer_class = EnrolmentOutput
    filterset_class = EnrolmentFilter
    queryset = Enrolment.objects.none()

    def get_queryset(self) -> QuerySet[Enrolment]:
        rows = Enrolment.objects.visible_to(self.request.user).select_related("course", "learner", "edition")
        return rows.order_by("-created_at", "-pk")

    @extend_schema(request=EnrolInput, responses={201: EnrolmentOutput})
    def create(self, request: Request) -> Response:
        """Enrol oneself; doing it twice gives the same enrolment."""
        given = EnrolInput(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            course = course_for(request.user, given.validated_data["course"])
        except CourseMoved as moved:
            course = course_for(request.user, moved.slug)
        language = given.validated_data["language"]
        readable = course.current_edition.languages if course.current_edition else course.languages
        if language and language not in readable:
            sentence = "The course is not available in this language."
            raise InvalidInput(sentence, fields={"language": sentence})
        row = enrolling.enrol(learner=request.user, course=course, language=language)
        return Response(self._shown(row), status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=EnrolmentOutput)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """Leave the course; what was done is kept. Only one's own."""
        row = self.get_object()
        if row.learner_id != request.user.pk:
            raise PermissionDenied
        return Response(self._shown(enrolling.leave(enrolment=row)))

    def _shown(self, row: Enrolment) -> dict[str, Any]:
        return EnrolmentOutput(self.get_queryset().get(pk=row.pk)).data
