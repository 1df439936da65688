"""``/api/v1/attempts/``: one's own attempts, and everything a client needs to take a quiz."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, QueryDict
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
from courses.models import EditionPart
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
from quizzes.models import Attempt, AttemptQuerySet, Slot
from quizzes.registry import types
from quizzes.selectors import paper_of, review_of, shown, visible_among
from quizzes.services.answering import save_answer
from quizzes.services.attempting import start
from quizzes.services.checking import check
from quizzes.services.grading import finish
from quizzes.services.timing import settle

PART = Prefetch("part", EditionPart.objects.defer("source"))


def said(attempts: Sequence[Attempt]) -> Sequence[Attempt]:
    """``attempts`` with what may be seen of each, and without the scores that may not."""
    may = visible_among(attempts)
    for attempt in attempts:
        attempt.may_see = may[attempt.pk]
        if not attempt.may_see.score:
            attempt.percent = attempt.passed = None
    return attempts


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
        mine = Attempt.objects.visible_to(self.request.user).in_courses().with_results().order_by("-id")
        return mine.select_related("enrolment__course__organisation").prefetch_related(PART)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One's own attempts, newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(AttemptOutput(said(page or []), many=True).data)

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
        return Response(self._said(self._attempt(attempt.pk)))

    @extend_schema(responses=PaperOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        """The questions as asked and the answers that stand; never what is right, but for questions that are closed.

        Once the attempt is over, nothing of it when the review options hide one's own answers.
        """
        attempt = self._attempt(pk)
        head = self._said(attempt)
        if attempt.finished_at is not None and not attempt.may_see.answers:
            return Response({**head, "questions": []})
        paper = paper_of(attempt)
        rows = shown(
            attempt=attempt,
            slots=paper.slots,
            answers=paper.answers,
            steps=paper.steps,
            tries=paper.tries,
            slug=attempt.enrolment.course.slug,
            user=request.user,
        )
        return Response({**head, "questions": QuestionForLearner(rows, many=True).data})

    @extend_schema(request=AnswerInput, responses=StandingOutput)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Save an answer. Repeating a save is harmless; the newest ``(seq, client_id)`` stands."""
        slot, values = self._given(request, pk)
        standing = save_answer(slot=slot, **values)
        named = types[slot.version.type].named(slot.version.content, standing.answer)
        return Response(StandingOutput(replace(standing, answer=named)).data)

    @extend_schema(request=AnswerInput, responses=QuestionReviewed)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """Save an answer and have it judged, where the quiz does that while it goes on. Twice the same is one try."""
        slot, values = self._given(request, pk)
        values.pop("certainty", None)
        check(slot=slot, **values)
        attempt = self._attempt(pk)
        paper = paper_of(attempt)
        [row] = shown(
            attempt=attempt,
            slots=[each for each in paper.slots if each.pk == slot.pk],
            answers=paper.answers,
            steps=paper.steps,
            tries=paper.tries,
            slug=attempt.enrolment.course.slug,
            user=request.user,
        )
        return Response(QuestionReviewed(row).data)

    def _given(self, request: Request, pk: str) -> tuple[Slot, dict[str, Any]]:
        """The question that is answered, and the arguments of saving."""
        given = AnswerInput(data=request.data)
        given.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(given.validated_data)
        slot = slot_for(request.user, int(pk), values.pop("position"))
        if "form" in values:
            form = QueryDict(mutable=True)
            for name, each in values.pop("form").items():
                form.setlist(name, each)
            values["answer"] = types[slot.version.type].parse(slot.version.content, form, "answer")
        else:
            values["answer"] = types[slot.version.type].heard(slot.version.content, values["answer"])
        return slot, values

    @extend_schema(request=None, responses=AttemptOutput)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Hand in. A second call returns the same result."""
        attempt = self._attempt(pk)
        result = finish(attempt=attempt)
        attempt.percent = result.percent if result else None
        attempt.passed = result.passed if result else None
        return Response(self._said(attempt))

    @extend_schema(responses=ReviewOutput)
    @action(detail=True, methods=["get"])
    def review(self, request: Request, pk: str) -> Response:
        """What was right and why, as far as the review options let it be seen. 409 until the attempt is handed in."""
        attempt = self._attempt(pk)
        if attempt.finished_at is None:
            raise Conflict(_("Hand the quiz in first."))
        [attempt] = said([attempt])
        review = review_of(attempt, slug=attempt.enrolment.course.slug, user=request.user, may=attempt.may_see)
        attempt.may_see = review.may
        head = AttemptOutput(attempt).data
        return Response({**head, "questions": QuestionReviewed(review.rows, many=True).data})

    def _attempt(self, pk: int | str) -> Attempt:
        """One's own attempt, as the clock says: handed in if its time is up."""
        attempt = get_object_or_404(self.get_queryset(), pk=pk)
        attempt.learner = self.request.user
        going = attempt.finished_at is None
        if settle(attempt).finished_at is not None and going:
            result = attempt.results.order_by("-number").first()
            attempt.percent, attempt.passed = (result.percent, result.passed) if result else (None, None)
        return attempt

    def _said(self, attempt: Attempt) -> dict[str, Any]:
        [row] = said([attempt])
        return dict(AttemptOutput(row).data)
