from accounts.models.joining import Invitation, JoinCode
from accounts.models.notices import Notice, NoticePreference
from accounts.models.people import (
    Consortium,
    LocalWord,
    Membership,
    Organisation,
    Team,
    TeamMembership,
    User,
    monday_to_friday,
)

__all__ = [
    "Consortium",
    "Invitation",
    "JoinCode",
    "LocalWord",
    "Membership",
    "Notice",
    "NoticePreference",
    "Organisation",
    "Team",
    "TeamMembership",
    "User",
    "monday_to_friday",
]
