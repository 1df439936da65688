"""``/api/v1/assignments/`` and ``/api/v1/obligations/``: one's own, and those of the people whom one leads."""

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Team, User
from core import clock
from courses.models import Course
from progress.access import assignment_for, may_lead, obligation_for
from progress.models import Assignment, DueKind, Obligation
from progress.selectors.assigning import courses_to_assign, people_of
from progress.services import assigning, dating


class AssignmentOut(serializers.ModelSerializer[Assignment]):
    """What was assigned, to which of the reader's teams, by whom and until when. Who owes it stands in ``obligations``."""

    course = serializers.CharField(source="course.slug", read_only=True)
    teams = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.get_full_name", read_only=True)

    class Meta:
        model = Assignment
        fields = [
            "id",
            "course",
            "teams",
            "created_by",
            "created_at",
            "note",
            "due_kind",
            "due_on",
            "days",
            "withdrawn_at",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_teams(self, row: Any) -> list[int]:
        return [team.pk for team in row.seen_teams]


class AssignmentIn(serializers.Serializer[dict[str, Any]]):
    """``due_on`` belongs to ``fixed``, ``days`` to ``days``. The same ``request_key`` never assigns twice."""

    course = serializers.SlugRelatedField(slug_field="slug", queryset=Course.objects.none())
    people = serializers.SlugRelatedField(slug_field="uuid", queryset=User.objects.none(), many=True, required=False)
    teams = serializers.PrimaryKeyRelatedField(queryset=Team.objects.none(), many=True, required=False)
    due_kind = serializers.ChoiceField(choices=DueKind.choices, default=DueKind.FIXED)
    due_on = serializers.DateField(required=False, allow_null=True)
    days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=assigning.MAX_DAYS)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    request_key = serializers.CharField(required=False, allow_blank=True, max_length=40)

    def get_fields(self) -> dict[str, serializers.Field]:
        """Choices are exactly what the person may choose."""
        fields = super().get_fields()
        request = self.context.get("request")
        if request is not None and request.user.is_authenticated:  # the schema is drawn without anybody
            fields["course"].queryset = courses_to_assign(request.user)
            fields["people"].child_relation.queryset = people_of(request.user)
            fields["teams"].child_relation.queryset = Team.objects.visible_to(request.user)
        return fields


class DateIn(serializers.Serializer[dict[str, Any]]):
    """Null: no date."""

    due_on = serializers.DateField(allow_null=True)


class ExtensionIn(serializers.Serializer[dict[str, Any]]):
    due_on = serializers.DateField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)


class ObligationOut(serializers.ModelSerializer[Obligation]):
    """What one person owes. ``due_at`` is the end of ``due_on`` where the person is."""

    person = serializers.UUIDField(source="person.uuid", read_only=True)
    name = serializers.CharField(source="person.get_full_name", read_only=True)
    course = serializers.CharField(source="course.slug", read_only=True)
    state = serializers.SerializerMethodField()

    class Meta:
        model = Obligation
        fields = [
            "id",
            "assignment",
            "person",
            "name",
            "course",
            "state",
            "due_on",
            "due_at",
            "due_source",
            "due_note",
            "met_at",
            "withdrawn_at",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=["withdrawn", "done", "overdue", "open"]))
    def get_state(self, row: Obligation) -> str:
        if row.withdrawn_at:
            return "withdrawn"
        if row.met_at:
            return "done"
        return "overdue" if row.due_at and row.due_at < clock.now() else "open"


class AssignmentFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="course__slug")
    team = django_filters.NumberFilter(field_name="teams")
    withdrawn = django_filters.BooleanFilter(field_name="withdrawn_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Assignment
        fields = ["course", "team", "withdrawn"]


class ObligationFilter(django_filters.FilterSet):
    person = django_filters.UUIDFilter(field_name="person__uuid")
    course = django_filters.CharFilter(field_name="course__slug")
    assignment = django_filters.NumberFilter(field_name="assignment")
    done = django_filters.BooleanFilter(field_name="met_at", lookup_expr="isnull", exclude=True)
    withdrawn = django_filters.BooleanFilter(field_name="withdrawn_at", lookup_expr="isnull", exclude=True)
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")

    class Meta:
        model = Obligation
        fields = ["person", "course", "assignment", "done", "withdrawn", "due_before"]


class Assignments(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Assignment]):
    """Assignments, newest first. Supervisors and managers assign, move the date, take back and undo that."""

    serializer_class = AssignmentOut
    filterset_class = AssignmentFilter
    queryset = Assignment.objects.none()

    def get_queryset(self) -> QuerySet[Assignment]:
        user = self.request.user
        seen = Prefetch("teams", queryset=Team.objects.visible_to(user).order_by("pk"), to_attr="seen_teams")
        rows = Assignment.objects.visible_to(user).select_related("course", "created_by").prefetch_related(seen)
        return rows.order_by("-created_at", "-pk")

    def _shown(self, assignment: Assignment, code: int = status.HTTP_200_OK) -> Response:
        row = self.get_queryset().get(pk=assignment.pk)
        return Response(AssignmentOut(row, context=self.get_serializer_context()).data, status=code)

    def _to_change(self, request: Request, pk: str) -> Assignment:
        self.get_object()
        if not may_lead(request.user):
            raise PermissionDenied
        return assignment_for(request.user, int(pk), change=True)

    @extend_schema(request=AssignmentIn, responses={201: AssignmentOut})
    def create(self, request: Request) -> Response:
        if not may_lead(request.user):
            raise PermissionDenied
        given = AssignmentIn(data=request.data, context=self.get_serializer_context())
        given.is_valid(raise_exception=True)
        made = assigning.assign(actor=request.user, **given.validated_data)
        return self._shown(made, status.HTTP_201_CREATED)

    @extend_schema(request=DateIn, responses=AssignmentOut)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Give everyone in it another date; extensions of single people stay."""
        assignment = self._to_change(request, pk)
        given = DateIn(data=request.data)
        given.is_valid(raise_exception=True)
        return self._shown(dating.change_due(assignment=assignment, actor=request.user, **given.validated_data))

    @extend_schema(request=None, responses=AssignmentOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take it back."""
        return self._shown(assigning.withdraw(assignment=self._to_change(request, pk), actor=request.user))

    @extend_schema(request=None, responses=AssignmentOut)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Undo ``withdraw``."""
        return self._shown(assigning.restore(assignment=self._to_change(request, pk)))


class Obligations(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Obligation]):
    """Who owes what by when, due first."""

    serializer_class = ObligationOut
    filterset_class = ObligationFilter
    queryset = Obligation.objects.none()

    def get_queryset(self) -> QuerySet[Obligation]:
        rows = Obligation.objects.visible_to(self.request.user).select_related("person", "course")
        return rows.order_by("due_at", "pk")

    def _shown(self, obligation: Obligation) -> Response:
        return Response(ObligationOut(self.get_queryset().get(pk=obligation.pk)).data)

    @extend_schema(request=ExtensionIn, responses=ObligationOut)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        """Give one person a date of their own."""
        obligation = obligation_for(request.user, self.get_object().pk)
        given = ExtensionIn(data=request.data)
        given.is_valid(raise_exception=True)
        return self._shown(dating.extend(obligation=obligation, actor=request.user, **given.validated_data))

    @extend_schema(request=None, responses=ObligationOut)
    @action(detail=True, methods=["post"])
    def excuse(self, request: Request, pk: str) -> Response:
        """One person owes it no longer."""
        obligation = obligation_for(request.user, self.get_object().pk)
        return self._shown(assigning.excuse(obligation=obligation, actor=request.user))
