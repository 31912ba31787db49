"""Answering an invitation: whoever has the mail takes on the role, with a new account or the one they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.keys import digest
from app.accounts.models import Invitation, User
from app.accounts.places import Place, find_place, keys_of
from app.accounts.queries import find_user
from app.accounts.services import create_user, grant_role
from app.shared.history import note

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.accounts.passwords import Passwords


@dataclass(frozen=True, slots=True)
class ReadInvitation:
    """An invitation as it is shown to whoever was invited."""

    email: str
    role: str
    place: Place
    inviter_name: str
    expires_at: datetime
    has_account: bool


def read_invitation(session: Session, key: str, *, now: datetime) -> ReadInvitation | None:
    """Answer the invitation with this key; None when it was answered, taken back, or is too old."""
    row = session.scalar(
        sa.select(Invitation).where(Invitation.key_hash == digest(key), Invitation.expires_at > now)
    )
    if row is None:
        return None
    inviter = session.get(User, row.invited_by) if row.invited_by else None
    return ReadInvitation(
        row.email,
        row.role,
        find_place(session, row),
        inviter.name if inviter else "",
        row.expires_at,
        has_account=find_user(session, row.email) is not None,
    )


def accept_invitation(
    session: Session,
    key: str,
    *,
    name: str,
    password: str | None,
    passwords: Passwords,
    language: str,
    now: datetime,
) -> tuple[int, bool] | None:
    """Afterwards they have the role. Answers the user's id and whether the account is new; None as above.

    Name, password and language are those of a new account; one that is there keeps its own.

    Raises:
        BadInput: the password cannot be used.
    """
    taken = sa.delete(Invitation).where(Invitation.key_hash == digest(key), Invitation.expires_at > now)
    row = session.scalar(taken.returning(Invitation))
    if row is None:
        return None
    where = keys_of(row)
    user = find_user(session, row.email)
    user_id = (
        user.id
        if user
        else create_user(
            session,
            email=row.email,
            name=name,
            password=password,
            passwords=passwords,
            now=now,
            language=language,
        )
    )
    note(session, "invitation.accepted", now=now, role=row.role, **where)
    grant_role(session, user_id, row.role, now=now, **where)
    return user_id, user is None


def decline_invitation(session: Session, key: str, *, now: datetime) -> None:
    """Afterwards there is no such invitation."""
    gone = sa.delete(Invitation).where(Invitation.key_hash == digest(key))
    row = session.scalar(gone.returning(Invitation))
    if row is not None:
        note(session, "invitation.declined", now=now, role=row.role, **keys_of(row))


def forget_old_invitations(session: Session, before: datetime) -> int:
    """Afterwards invitations that ran out before are gone; answer how many they were."""
    old = sa.delete(Invitation).where(Invitation.expires_at <= before)
    return len(session.scalars(old.returning(Invitation.id)).all())
