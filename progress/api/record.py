"""``/api/v1/progress/`` and ``/api/v1/certificates/``: own rows, and those of the people whose record one may open."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from courses.models import Enrolment
from progress.models import Certificate
from progress.selectors.certificates import state_of


class MissingOut(serializers.Serializer[dict[str, Any]]):
    """A lesson that is not done: why not, in sentences."""

    uid = serializers.CharField()
    number = serializers.IntegerField()
    kind = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=["new", "started"])
    why = serializers.ListField(child=serializers.CharField())


NOTHING_YET: dict[str, Any] = {
    "percent": 0,
    "done_count": 0,
    "lesson_count": 0,
    "minutes_left": 0,
    "last_lesson": "",
    "unmet": [],
}


class ProgressOut(serializers.ModelSerializer[Enrolment]):
    """Where a person stands in a course."""

    person = serializers.UUIDField(source="learner.uuid", read_only=True)
    course = serializers.CharField(source="course.slug", read_only=True)
    edition = serializers.IntegerField(source="edition.number", read_only=True, allow_null=True)
    percent = serializers.IntegerField(source="state.percent", read_only=True)
    done_count = serializers.IntegerField(source="state.done_count", read_only=True)
    lesson_count = serializers.IntegerField(source="state.lesson_count", read_only=True)
    minutes_left = serializers.IntegerField(source="state.minutes_left", read_only=True)
    last_lesson = serializers.CharField(source="state.last_uid", read_only=True)
    last_at = serializers.DateTimeField(source="state.last_at", read_only=True, allow_null=True)
    completed_at = serializers.DateTimeField(source="completion.at", read_only=True, allow_null=True)
    score = serializers.IntegerField(source="completion.score", read_only=True, allow_null=True)
    certificate = serializers.CharField(source="completion.certificate.code", read_only=True, allow_null=True)
    unmet = MissingOut(source="state.unmet", many=True, read_only=True)

    class Meta:
        model = Enrolment
        fields = [
            "id",
            "person",
            "course",
            "cycle",
            "edition",
            "opened_at",
            "closed_at",
            "percent",
            "done_count",
            "lesson_count",
            "minutes_left",
            "last_lesson",
            "last_at",
            "completed_at",
            "score",
            "certificate",
            "unmet",
        ]

    def to_representation(self, instance: Enrolment) -> dict[str, Any]:
        """Where nothing happened yet there is no state: zeros, not nulls."""
        shown: dict[str, Any] = super().to_representation(instance)
        return shown if hasattr(instance, "state") else {**shown, **NOTHING_YET}


class CertificateOut(serializers.ModelSerializer[Certificate]):
    """A certificate; ``state`` is what the public page says."""

    holder = serializers.UUIDField(source="holder.uuid", read_only=True)
    course = serializers.CharField(source="completion.edition.course.slug", read_only=True)
    edition = serializers.IntegerField(source="completion.edition.number", read_only=True)
    score = serializers.IntegerField(source="completion.score", read_only=True, allow_null=True)
    state = serializers.SerializerMethodField()
    ready = serializers.SerializerMethodField(help_text="Is the PDF there?")

    class Meta:
        model = Certificate
        fields = [
            "code",
            "holder",
            "holder_name",
            "course",
            "edition",
            "score",
            "issued_at",
            "expires_at",
            "state",
            "revoked_at",
            "revoked_reason",
            "shared",
            "ready",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=["valid", "expired", "revoked"]))
    def get_state(self, row: Certificate) -> str:
        return state_of(row)

    def get_ready(self, row: Certificate) -> bool:
        return row.render_state == Certificate.RenderState.READY


class ProgressFilter(django_filters.FilterSet):
    person = django_filters.UUIDFilter(field_name="learner__uuid")
    course = django_filters.CharFilter(field_name="course__slug")
    completed = django_filters.BooleanFilter(field_name="completion", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Enrolment
        fields = ["person", "course", "completed"]


class CertificateFilter(django_filters.FilterSet):
    person = django_filters.UUIDFilter(field_name="holder__uuid")
    course = django_filters.CharFilter(field_name="completion__edition__course__slug")

    class Meta:
        model = Certificate
        fields = ["person", "course"]


class Progress(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Enrolment]):
    """Progress by enrolment, with what is still missing."""

    serializer_class = ProgressOut
    filterset_class = ProgressFilter
    queryset = Enrolment.objects.none()

    def get_queryset(self) -> QuerySet[Enrolment]:
        rows = Enrolment.objects.visible_to(self.request.user)
        related = ("learner", "course", "edition", "state", "completion__certificate")
        return rows.select_related(*related).order_by("pk")


class Certificates(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Certificate]):
    """Certificates, newest first."""

    serializer_class = CertificateOut
    filterset_class = CertificateFilter
    lookup_field = "code"
    queryset = Certificate.objects.none()

    def get_queryset(self) -> QuerySet[Certificate]:
        rows = Certificate.objects.visible_to(self.request.user)
        return rows.select_related("holder", "completion__edition__course").order_by("-issued_at", "-pk")
