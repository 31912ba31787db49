"""People who sign in, for tests: each with one role."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from app.accounts.passwords import get_passwords
from app.accounts.rules.permissions import (
    CLEARINGHOUSE,
    GROUP,
    INSURER,
    ORGANISATION,
    REGION,
    ROLE_SCOPES,
    SCOPE_KEYS,
)
from app.accounts.services import create_user, grant_role
from tests.builders.funding import make_insurer, make_organisation, make_region
from tests.builders.groups import NOW, make_group, make_house

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PASSWORD = "offen-und-ehrlich"
_numbers = itertools.count(1)
_MAKE = {
    GROUP: make_group,
    CLEARINGHOUSE: make_house,
    INSURER: make_insurer,
    REGION: make_region,
    ORGANISATION: make_organisation,
}


def make_user(
    session: Session,
    role: str | None = None,
    *,
    email: str = "",
    name: str = "Kim Sommer",
    password: str = PASSWORD,
    **scope: int | str | None,
) -> str:
    """Store an account with a role, for what ``scope`` says: a ``group``, ``clearinghouse``, ``insurer`` or ``region``
    by id, a ``state`` by its key. One that the role needs and that is not given is made; without a Land, a coordinator
    is for the whole network.

    Answers the e-mail address.
    """
    email = email or f"{role or 'nobody'}-{next(_numbers)}@example.org"
    user_id = create_user(
        session, email=email, name=name, password=password, passwords=get_passwords(), now=NOW
    )
    if role is not None:
        needed = ROLE_SCOPES[role]
        if needed in _MAKE and scope.get(needed) is None:
            scope[needed] = _MAKE[needed](session)
        grant_role(
            session, user_id, role, now=NOW, **{SCOPE_KEYS[kind]: value for kind, value in scope.items()}
        )
    return email
