"""Limits of release: whose is how much, and how it came to that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User
from app.accounts.rules.permissions import PERMISSIONS
from app.funding.models import ReleaseLimit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Releaser:
    """Somebody who can release batches, and the limit set for them; None: the network's usual one."""

    user: User
    limit: ReleaseLimit | None


def limit_of(session: Session, user_id: int, *, usual_cents: int) -> int:
    """Answer how many cents somebody can release a day."""
    found = _newest(session, user_id)
    return usual_cents if found is None else found.cents


def list_releasers(session: Session) -> list[Releaser]:
    """Answer everybody who can release batches, by name."""
    having = sa.select(RoleGrant.user_id).where(RoleGrant.role.in_(PERMISSIONS["pay_awards"].roles))
    users = session.scalars(
        sa.select(User).where(User.id.in_(having), User.is_active).order_by(User.name, User.id)
    )
    return [Releaser(user, _newest(session, user.id)) for user in users]


def limits_of(session: Session, user_id: int) -> Sequence[ReleaseLimit]:
    """Answer every limit that was set for somebody, the newest first."""
    return session.scalars(_of(user_id)).all()


def _newest(session: Session, user_id: int) -> ReleaseLimit | None:
    return session.scalar(_of(user_id).limit(1))


def _of(user_id: int) -> sa.Select[tuple[ReleaseLimit]]:
    return sa.select(ReleaseLimit).where(ReleaseLimit.user_id == user_id).order_by(ReleaseLimit.id.desc())
