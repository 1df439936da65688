"""``/api/v1/attempts/``: one's own attempts, and everything a client needs to take a quiz."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.errors import Conflict
from courses.access import CourseMoved, player_for
from quizzes.access import slot_for
from quizzes.api.serializers import (
    AnswerInput,
    AttemptOutput,
    PaperOutput,
    QuestionForLearner,
    QuestionReviewed,
    ReviewOutput,
    StandingOutput,
    StartInput,
)
from quizzes.models import Attempt, AttemptQuerySet
from quizzes.selectors import marks_of, newest_results, paper_of, shown
from quizzes.services.answering import save_answer
from quizzes.services.attempting import start
from quizzes.services.grading import finish


class AttemptFilter(filters.FilterSet):
    course = filters.CharFilter(field_name="enrolment__course__slug")
    lesson = filters.CharFilter(field_name="lesson_uid")
    purpose = filters.ChoiceFilter(choices=Attempt.Purpose.choices)
    open = filters.BooleanFilter(field_name="finished_at", lookup_expr="isnull")


class AttemptViewSet(mixins.ListModelMixin, GenericViewSet[Attempt]):
    serializer_class = AttemptOutput
    filterset_class = AttemptFilter
    queryset = Attempt.objects.none()
    lookup_value_regex = r"\d{1,18}"

    def get_queryset(self) -> AttemptQuerySet:
        return Attempt.objects.visible_to(self.request.user).in_courses().with_results().order_by("-id")

    @extend_schema(request=StartInput, responses=AttemptOutput)
    def create(self, request: Request) -> Response:
        """Begin the next attempt at a quiz, or get the open one again."""
        given = StartInput(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            player = player_for(request, given.validated_data["course"], given.validated_data["lesson"], token="")
        except CourseMoved as moved:
            raise Http404 from moved
        if player.lesson.kind != "quiz":
            raise Http404
        attempt = start(player=player, learner=request.user)
        return Response(AttemptOutput(self._attempt(attempt.pk)).data)

    @extend_schema(responses=PaperOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        """The questions as asked and the answers that stand; never what is right."""
        attempt = self._attempt(pk)
        paper = paper_of(attempt)
        rows = shown(
            attempt=attempt,
            slots=paper.slots,
            answers=paper.answers,
            slug=attempt.enrolment.course.slug,
            user=request.user,
        )
        return Response({**AttemptOutput(attempt).data, "questions": QuestionForLearner(rows, many=True).data})

    @extend_schema(request=AnswerInput, responses=StandingOutput)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Save an answer. Repeating a save is harmless; the newest ``(seq, client_id)`` stands."""
        given = AnswerInput(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(given.validated_data)
        slot = slot_for(request.user, int(pk), values.pop("position"))
        return Response(StandingOutput(save_answer(slot=slot, **values)).data)

    @extend_schema(request=None, responses=AttemptOutput)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Hand in. A second call returns the same result."""
        attempt = self._attempt(pk)
        result = finish(attempt=attempt)
        standing = {"percent": result.percent, "passed": result.passed}
        return Response({**AttemptOutput(attempt).data, **standing})

    @extend_schema(responses=ReviewOutput)
    @action(detail=True, methods=["get"])
    def review(self, request: Request, pk: str) -> Response:
        """What was right and why. 409 until the attempt is handed in."""
        attempt = self._attempt(pk)
        if attempt.finished_at is None:
            raise Conflict(_("Hand the quiz in first."))
        marks = marks_of(newest_results([attempt])[0])
        rows = shown(
            attempt=attempt,
            slots=list(attempt.slots.select_related("version").order_by("position")),
            answers={key: mark.answer for key, mark in marks.items()},
            slug=attempt.enrolment.course.slug,
            user=request.user,
            marks=marks,
        )
        return Response({**AttemptOutput(attempt).data, "questions": QuestionReviewed(rows, many=True).data})

    def _attempt(self, pk: int | str) -> Attempt:
        attempt = get_object_or_404(self.get_queryset().select_related("part"), pk=pk)
        attempt.learner = self.request.user
        return attempt
