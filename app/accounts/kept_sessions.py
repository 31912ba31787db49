"""What happens to sessions: begun, used, given a new key, ended. Their rows hold the digest of a key, never the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.keys import digest, make_key
from app.accounts.models import User, UserSession

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def begin_session(session: Session, user_id: int, *, browser: str, now: datetime) -> str:
    """Afterwards the user is signed in with one more browser; answer the key for its cookie."""
    key = make_key()
    session.add(
        UserSession(
            user_id=user_id, key_hash=digest(key), key_made_at=now, began_at=now, seen_at=now, browser=browser
        )
    )
    session.flush()
    return key


def touch_session(session: Session, session_id: int, *, now: datetime) -> None:
    """Afterwards the session was used at this moment."""
    session.execute(sa.update(UserSession).where(UserSession.id == session_id).values(seen_at=now))


def renew_key(session: Session, session_id: int, *, now: datetime) -> str:
    """Afterwards the session has another key and the old one opens nothing; answer the new one."""
    key = make_key()
    session.execute(
        sa.update(UserSession)
        .where(UserSession.id == session_id)
        .values(key_hash=digest(key), key_made_at=now, seen_at=now)
    )
    return key


def end_session(session: Session, key: str) -> None:
    """Afterwards this key opens nothing."""
    session.execute(sa.delete(UserSession).where(UserSession.key_hash == digest(key)))


def end_session_of(session: Session, user_id: int, session_id: int) -> bool:
    """Afterwards the user has no such session; answer whether there was one."""
    ended = sa.delete(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id)
    return session.scalar(ended.returning(UserSession.id)) is not None


def sign_out_everywhere(session: Session, user_id: int, *, but_for: str | None = None) -> None:
    """Afterwards every session of the user is over, but for the one with this key; so are forms that are open."""
    ended = sa.delete(UserSession).where(UserSession.user_id == user_id)
    session.execute(ended if but_for is None else ended.where(UserSession.key_hash != digest(but_for)))
    session.execute(
        sa.update(User).where(User.id == user_id).values(session_version=User.session_version + 1)
    )


def forget_idle_sessions(session: Session, *, seen_before: datetime) -> int:
    """Afterwards sessions that nobody has used since are gone; answer how many they were."""
    idle = sa.delete(UserSession).where(UserSession.seen_at <= seen_before)
    return len(session.scalars(idle.returning(UserSession.id)).all())
