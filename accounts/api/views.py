"""``/api/v1/me/``, ``people/``, ``teams/``."""

import django_filters
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.serializers import MeIn, MeOut, PersonOut, TeamOut
from accounts.models import Membership, Team, TeamMembership, User
from accounts.services import profile


class Me(APIView):
    """Who is asking."""

    @extend_schema(operation_id="me", responses=MeOut)
    def get(self, request: Request) -> Response:
        return Response(MeOut(_whole(request.user.pk)).data)

    @extend_schema(operation_id="me_change", request=MeIn, responses=MeOut)
    def patch(self, request: Request) -> Response:
        """Change some of one's own settings."""
        given = MeIn(data=request.data)
        given.is_valid(raise_exception=True)
        language = given.validated_data.get("language")
        if language and language not in dict(settings.LANGUAGES):
            raise ValidationError({"language": "This site does not speak it."})
        profile.change_profile(person=request.user, **given.validated_data)
        return Response(MeOut(_whole(request.user.pk)).data)


def _whole(pk: int) -> User:
    memberships = Membership.objects.select_related("organisation").order_by("-is_primary", "pk")
    places = TeamMembership.objects.select_related("team").order_by("pk")
    return User.objects.prefetch_related(
        Prefetch("memberships", queryset=memberships), Prefetch("team_memberships", queryset=places)
    ).get(pk=pk)


class PersonFilter(django_filters.FilterSet):
    team = django_filters.NumberFilter(field_name="team_memberships__team", distinct=True)
    organisation = django_filters.CharFilter(field_name="memberships__organisation__slug", distinct=True)

    class Meta:
        model = User
        fields = ["team", "organisation"]


class People(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[User]):
    """People whose record one may open: oneself, one's teams, the organisations one manages."""

    serializer_class = PersonOut
    filterset_class = PersonFilter
    lookup_field = "uuid"
    queryset = User.objects.none()

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.visible_to(self.request.user).order_by("name", "pk")


class Teams(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Team]):
    """Teams one leads, and those of the organisations one manages."""

    serializer_class = TeamOut
    queryset = Team.objects.none()

    def get_queryset(self) -> QuerySet[Team]:
        return Team.objects.visible_to(self.request.user).select_related("organisation").order_by("name", "pk")
