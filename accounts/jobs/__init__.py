"""Slow work, safe to run twice."""

from accounts.jobs.invitations import send_waiting_invitations
from accounts.jobs.notices import send_waiting_mail

__all__ = ["send_waiting_invitations", "send_waiting_mail"]
