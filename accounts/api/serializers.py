"""What the API says about people, and what one may change about oneself."""

from typing import Any

from rest_framework import serializers

from accounts.models import Membership, Team, TeamMembership, User
from core import clock


class MembershipOut(serializers.ModelSerializer[Membership]):
    organisation = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)

    class Meta:
        model = Membership
        fields = ["organisation", "is_primary", "is_manager", "is_instructor"]


class PlaceOut(serializers.ModelSerializer[TeamMembership]):
    team = serializers.CharField(source="team.name", read_only=True)
    team_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = TeamMembership
        fields = ["team_id", "team", "role"]


class MeOut(serializers.ModelSerializer[User]):
    """Everything about oneself."""

    organisations = MembershipOut(source="memberships", many=True, read_only=True)
    teams = PlaceOut(source="team_memberships", many=True, read_only=True)

    class Meta:
        model = User
        fields = [
            "uuid",
            "email",
            "name",
            "certificate_name",
            "time_zone",
            "language",
            "theme",
            "letter_keys",
            "organisations",
            "teams",
        ]


class MeIn(serializers.Serializer[User]):
    """What one may change about oneself."""

    name = serializers.CharField(max_length=150, required=False)
    certificate_name = serializers.CharField(max_length=150, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=64, required=False, allow_blank=True)
    language = serializers.CharField(max_length=12, required=False, allow_blank=True)
    theme = serializers.ChoiceField(choices=["", "light", "dark"], required=False)
    letter_keys = serializers.BooleanField(required=False)

    def validate_time_zone(self, value: str) -> str:
        if value:
            clock.validate_zone(value)
        return value


class PersonOut(serializers.ModelSerializer[User]):
    """Somebody whose record one may open."""

    class Meta:
        model = User
        fields = ["uuid", "name", "email"]


class TeamOut(serializers.ModelSerializer[Team]):
    organisation = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)

    class Meta:
        model = Team
        fields = ["id", "name", "organisation"]
