"""What the application refuses, as exceptions whose message tells a person what to do next."""

from __future__ import annotations


class DomainError(Exception):
    """Something is not possible; ``code`` is for machines, ``message`` for people, ``field`` names the input."""

    code = "domain_error"
    status = 400

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        if code is not None:
            self.code = code


class BadInput(DomainError):
    """The request cannot be understood."""

    code = "bad_input"
    status = 400


class NotSignedIn(DomainError):
    """Only somebody who is signed in can have this answered."""

    code = "not_signed_in"
    status = 401


class NotFound(DomainError):
    """There is no such thing, or this person may not know of it."""

    code = "not_found"
    status = 404


class Gone(DomainError):
    """There was such a thing, and it is over for good."""

    code = "gone"
    status = 410


class NotAllowed(DomainError):
    """The person is known and may not do this."""

    code = "not_allowed"
    status = 403


class RuleBroken(DomainError):
    """A rule of the domain speaks against it."""

    code = "rule_broken"
    status = 409
