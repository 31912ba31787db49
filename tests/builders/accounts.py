"""People who sign in, for tests: each with one role."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from app.accounts.passwords import get_passwords
from app.accounts.rules.permissions import CLEARINGHOUSE, GROUP, ROLE_SCOPES
from app.accounts.services import create_user, grant_role
from tests.builders.groups import NOW, make_group, make_house

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PASSWORD = "offen-und-ehrlich"
_numbers = itertools.count(1)


def make_user(
    session: Session,
    role: str | None = None,
    *,
    email: str = "",
    name: str = "Kim Sommer",
    password: str = PASSWORD,
    group: int | None = None,
    clearinghouse: int | None = None,
) -> str:
    """Store an account with a role, for a group or a house of its own if the role needs one that is not given.

    Answers the e-mail address.
    """
    email = email or f"{role or 'nobody'}-{next(_numbers)}@example.org"
    user_id = create_user(
        session, email=email, name=name, password=password, passwords=get_passwords(), now=NOW
    )
    if role is not None:
        scope = ROLE_SCOPES[role]
        if scope == GROUP and group is None:
            group = make_group(session)
        if scope == CLEARINGHOUSE and clearinghouse is None:
            clearinghouse = make_house(session)
        grant_role(session, user_id, role, group_id=group, clearinghouse_id=clearinghouse, now=NOW)
    return email
