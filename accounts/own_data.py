"""What this floor keeps about a person."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Notice, User
from core import personal_data


def export(person: User) -> dict[str, Any]:
    """Profile, addresses, libraries, teams, notices and preferences of ``person``."""
    return {
        "profile": {
            "email": person.email,
            "name": person.name,
            "name_on_certificates": person.certificate_name,
            "time_zone": person.time_zone,
            "language": person.language,
            "theme": person.theme,
            "letter_keys": person.letter_keys,
            "joined": person.date_joined.isoformat(),
            "last_sign_in": person.last_login.isoformat() if person.last_login else None,
        },
        "addresses": list(person.emailaddress_set.order_by("pk").values("email", "verified", "primary")),
        "organisations": [
            {
                "organisation": membership.organisation.name,
                "primary": membership.is_primary,
                "manager": membership.is_manager,
                "instructor": membership.is_instructor,
                "joined": membership.joined_at.isoformat(),
            }
            for membership in person.memberships.select_related("organisation").order_by("joined_at", "pk")
        ],
        "teams": [
            {"team": place.team.name, "role": place.role}
            for place in person.team_memberships.select_related("team").order_by("pk")
        ],
        "notices": [
            {
                "at": notice.created_at.isoformat(),
                "kind": notice.kind,
                "title": notice.title,
                "body": notice.body,
                "read": notice.read_at.isoformat() if notice.read_at else None,
                "mailed": notice.mailed_at.isoformat() if notice.mailed_at else None,
            }
            for notice in Notice.objects.filter(person=person).order_by("created_at", "pk")
        ],
        "notice_preferences": list(person.notice_preferences.order_by("kind").values("kind", "in_inbox", "mail")),
    }


def register() -> None:
    personal_data.register(
        "account",
        export,
        _("Your name, address, settings, libraries, teams and notices: so that you can sign in and be reached."),
    )
