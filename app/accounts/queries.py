"""Reads people and their roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User
from app.accounts.person import Person
from app.accounts.rules.email_address import fold_address
from app.accounts.rules.permissions import CLEARINGHOUSE, GROUP, Actor, Grant

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# By the names of their tables: this package knows neither groups nor clearing houses.
_SCOPES = {
    kind: sa.table(kind, sa.column("id", sa.Integer), sa.column("slug", sa.Text), sa.column("name", sa.Text))
    for kind in (GROUP, CLEARINGHOUSE)
}


def find_user(session: Session, email: str) -> User | None:
    """Answer the user with an address, active or not; None if there is none."""
    return session.scalar(sa.select(User).where(User.email == fold_address(email)))


def find_person(session: Session, user_id: int) -> Person | None:
    """Answer an active user with all roles; None if there is none."""
    rows = session.execute(
        sa.select(User, RoleGrant)
        .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
        .where(User.id == user_id, User.is_active)
    ).all()
    if not rows:
        return None
    user: User = rows[0][0]
    grants = frozenset(
        Grant(grant.role, grant.group_id, grant.clearinghouse_id) for _user, grant in rows if grant
    )
    return Person(user.id, user.name, user.email, user.language, user.session_version, Actor(grants))


def names_by_role(session: Session, user_id: int) -> dict[str, list[str]]:
    """Answer each role of a user with the names of the groups or houses it is for, in order; none for the network."""
    group, house = _SCOPES[GROUP], _SCOPES[CLEARINGHOUSE]
    name = sa.func.coalesce(group.c.name, house.c.name)
    rows = session.execute(
        sa.select(RoleGrant.role, name)
        .outerjoin(group, group.c.id == RoleGrant.group_id)
        .outerjoin(house, house.c.id == RoleGrant.clearinghouse_id)
        .where(RoleGrant.user_id == user_id)
        .order_by(RoleGrant.role, name)
    )
    names: dict[str, list[str]] = {}
    for role, scope_name in rows:
        names.setdefault(role, []).extend([scope_name] if scope_name else [])
    return names


def find_scope_id(session: Session, kind: str, slug_or_id: str) -> int | None:
    """Answer the id of the group or clearing house with this slug or, in digits, this id; None if there is none."""
    table = _SCOPES[kind]
    found = session.scalar(sa.select(table.c.id).where(table.c.slug == slug_or_id))
    if found is None and slug_or_id.isascii() and slug_or_id.isdecimal() and len(slug_or_id) < 10:
        found = session.scalar(sa.select(table.c.id).where(table.c.id == int(slug_or_id)))
    return found
