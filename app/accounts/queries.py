"""Reads people, their sessions and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User, UserSession
from app.accounts.person import Person
from app.accounts.places import NAMED, with_names
from app.accounts.rules.email_address import fold_address
from app.accounts.rules.permissions import SCOPE_KEYS, STATE, Actor, Grant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class FoundSession:
    """A session that is alive, and whose it is; ``is_key_old`` when roles have changed since its key was made."""

    id: int
    seen_at: datetime
    person: Person
    is_key_old: bool


@dataclass(frozen=True, slots=True)
class HadRole:
    """A role that somebody has, and the name of what it is for; empty for the network."""

    grant_id: int
    role: str
    scope_name: str


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
    return _person(rows[0][0], [grant for _user, grant in rows]) if rows else None


def find_session(session: Session, key_hash: str, *, seen_since: datetime) -> FoundSession | None:
    """Answer the session with this key and whose it is, if it was used since that moment and the account is active."""
    rows = session.execute(
        sa.select(UserSession, User, RoleGrant)
        .join(User, User.id == UserSession.user_id)
        .outerjoin(RoleGrant, RoleGrant.user_id == User.id)
        .where(UserSession.key_hash == key_hash, UserSession.seen_at > seen_since, User.is_active)
    ).all()
    if not rows:
        return None
    kept, user, _grant = rows[0]
    is_key_old = user.roles_changed_at is not None and kept.key_made_at < user.roles_changed_at
    person = _person(user, [grant for _kept, _user, grant in rows])
    return FoundSession(kept.id, kept.seen_at, person, is_key_old=is_key_old)


def list_sessions(session: Session, user_id: int, *, seen_since: datetime) -> list[UserSession]:
    """Answer the sessions of a user that are alive, the last used first."""
    return list(
        session.scalars(
            sa.select(UserSession)
            .where(UserSession.user_id == user_id, UserSession.seen_at > seen_since)
            .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
        )
    )


def _person(user: User, grants: Sequence[RoleGrant | None]) -> Person:
    """Answer a user with these roles; None, of an outer join, is no role."""
    had = frozenset(_grant(grant) for grant in grants if grant)
    return Person(
        id=user.id,
        name=user.name,
        email=user.email,
        language=user.language,
        session_version=user.session_version,
        has_second_factor=user.totp_secret is not None,
        actor=Actor(had),
    )


def _grant(row: RoleGrant) -> Grant:
    return Grant(row.role, **{key: getattr(row, key) for key in SCOPE_KEYS.values()})


def list_roles(session: Session, user_id: int) -> list[HadRole]:
    """Answer the roles of a user, each with the name of what it is for."""
    roles, name = with_names(RoleGrant, RoleGrant.id, RoleGrant.role)
    rows = session.execute(roles.where(RoleGrant.user_id == user_id).order_by(RoleGrant.role, name))
    return [HadRole(*row) for row in rows]


def find_scope_id(session: Session, kind: str, slug_or_id: str) -> int | str | None:
    """Answer what the group, house, insurer or region with this slug or, in digits, this id goes by; None for none.

    A Land goes by its key.
    """
    table = NAMED[kind]
    found: int | str | None = session.scalar(sa.select(table.c.id).where(table.c.slug == slug_or_id))
    if kind == STATE or found is not None:
        return found
    if slug_or_id.isascii() and slug_or_id.isdecimal() and len(slug_or_id) < 10:
        found = session.scalar(sa.select(table.c.id).where(table.c.id == int(slug_or_id)))
    return found
