"""Who needs a second factor, and how its codes are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.accounts.rules.permissions import ADMIN, DESK_LEAD, DESK_STAFF

if TYPE_CHECKING:
    from app.accounts.rules.permissions import Actor

STRONG_ROLES = frozenset({DESK_STAFF, DESK_LEAD, "insurer_officer", "funding_office", "finance", ADMIN})
"""Roles that see many people's data or move money; in production they need a second factor."""
PERIOD_SECONDS = 30
"""How long a code of an authenticator holds (RFC 6238, 4.1)."""
_GROUP = 4


def needs_second_factor(actor: Actor) -> bool:
    """Whether one of somebody's roles asks for more than a password or a link."""
    return any(grant.role in STRONG_ROLES for grant in actor.grants)


def plain_code(typed: str) -> str:
    """Answer a code as it was meant: blanks and hyphens are for the eye."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def in_groups(code: str) -> str:
    """Answer a code in groups of four, to be copied by hand."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def steps_near(seconds: int) -> tuple[int, int, int]:
    """Answer the numbers of the periods whose codes are taken at a moment: clocks may differ by one (RFC 6238, 5.2)."""
    step = seconds // PERIOD_SECONDS
    return (step, step - 1, step + 1)
