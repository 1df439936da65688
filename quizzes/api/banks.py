"""``/api/v1/banks/`` and ``/api/v1/questions/``: what authors may read of their banks. Nothing is written here."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.viewsets import ReadOnlyModelViewSet

from quizzes.models import Bank, Question, QuestionTag
from quizzes.selectors_bank import STATES, Wanted, banks_with_counts, questions_for, saying


class BankOutput(serializers.ModelSerializer[Bank]):
    """A bank; ``questions`` counts those in use, ``may_write`` says whether the reader may change them."""

    audience = serializers.CharField(help_text="editors, organisation, shared or public.")
    course = serializers.SlugField(source="course.slug", allow_null=True, default=None)
    organisation = serializers.SlugField(source="organisation.slug", allow_null=True, default=None)
    questions = serializers.IntegerField(source="total")
    may_write = serializers.BooleanField(source="mine")

    class Meta:
        model = Bank
        fields = ["slug", "title", "audience", "course", "organisation", "questions", "may_write"]


class QuestionOutput(serializers.ModelSerializer[Question]):
    """A question of a bank, without its words' details. ``ready`` and ``draft`` are numbers of versions."""

    bank = serializers.SlugField(source="bank.slug")
    tags = serializers.SlugRelatedField[QuestionTag](slug_field="name", many=True, read_only=True)
    ready = serializers.IntegerField(source="ready.number", allow_null=True, default=None)
    draft = serializers.IntegerField(source="draft.number", allow_null=True, default=None)

    class Meta:
        model = Question
        fields = [
            "id",
            "bank",
            "uid",
            "name",
            "type",
            "words",
            "topic",
            "difficulty",
            "tags",
            "language",
            "author",
            "licence",
            "review_by",
            "ready",
            "draft",
            "changed_at",
            "retired_at",
        ]


class QuestionDetailOutput(QuestionOutput):
    """A question with the content of its ready version and of its draft, right answers included."""

    content = serializers.SerializerMethodField()
    draft_content = serializers.SerializerMethodField()

    class Meta(QuestionOutput.Meta):
        fields = [*QuestionOutput.Meta.fields, "content", "draft_content"]

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_content(self, question: Question) -> dict[str, Any] | None:
        return question.ready.content if question.ready else None

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_draft_content(self, question: Question) -> dict[str, Any] | None:
        return question.draft.content if question.draft else None


class BankViewSet(ReadOnlyModelViewSet[Bank]):
    serializer_class = BankOutput
    queryset = Bank.objects.none()
    lookup_field = "slug"
    lookup_value_regex = r"[-\w]+"

    def get_queryset(self) -> QuerySet[Bank]:
        return banks_with_counts(self.request.user)


class QuestionFilter(filters.FilterSet):
    bank = filters.CharFilter(field_name="bank__slug")
    type = filters.CharFilter()
    topic = filters.CharFilter()
    difficulty = filters.ChoiceFilter(choices=Question.Difficulty.choices)
    language = filters.CharFilter()
    tag = filters.CharFilter(method="tagged")
    q = filters.CharFilter(method="having", max_length=100)
    state = filters.ChoiceFilter(choices=[(each, each) for each in STATES], method="standing")

    def tagged(self, rows: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        return rows.filter(Exists(QuestionTag.objects.filter(question=OuterRef("pk"), name=value)))

    def having(self, rows: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        return rows.filter(saying(value))

    def standing(self, rows: QuerySet[Question], name: str, value: str) -> QuerySet[Question]:
        return rows.filter(pk__in=questions_for(self.request.user, Wanted(state=value)).order_by().values("pk"))


class QuestionViewSet(ReadOnlyModelViewSet[Question]):
    serializer_class = QuestionOutput
    filterset_class = QuestionFilter
    queryset = Question.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> QuerySet[Question]:
        rows = Question.objects.visible_to(self.request.user).select_related("bank", "ready", "draft")
        return rows.prefetch_related("tags").order_by("-id")

    def get_serializer_class(self) -> type[QuestionOutput]:
        return QuestionDetailOutput if self.action == "retrieve" else QuestionOutput
