"""Errors that a person can read."""

from collections.abc import Mapping


class DomainError(Exception):
    """A rule of the domain says no.

    ``message`` is shown to the person as it stands; ``status`` is the HTTP status a view answers with;
    ``fields`` maps a form or API field name to its own message.
    """

    status = 409

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(DomainError):
    """What was given does not make sense; nothing was saved."""

    status = 422


class Conflict(DomainError):
    """Somebody else changed it first; nothing was saved."""

    status = 409
