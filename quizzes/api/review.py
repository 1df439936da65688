"""``/api/v1/review/due/``: how much of one's own is due back, never what."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from quizzes.selectors.reviewing import next_due, standing_of


class DueOut(serializers.Serializer):
    """Cards ``due`` by the calendar, what the plan leaves ``open`` of them today, and about how many ``minutes`` they take."""

    due = serializers.IntegerField()
    open = serializers.IntegerField()
    minutes = serializers.IntegerField()
    resting = serializers.BooleanField()
    next_due = serializers.DateTimeField(allow_null=True)


class ReviewDue(APIView):
    """What is due back of one's own cards."""

    @extend_schema(operation_id="review_due", responses=DueOut)
    def get(self, request: Request) -> Response:
        standing = standing_of(request.user)
        said = {name: getattr(standing, name) for name in ("due", "open", "minutes", "resting")}
        return Response(DueOut(said | {"next_due": next_due(request.user)}).data)
