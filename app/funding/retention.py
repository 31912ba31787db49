"""What the funding package forgets, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import GrantApplication, GrantRound
from app.shared.retention import Retention

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def forget_applications(session: Session, before: datetime) -> int:
    """Afterwards applications of funding years that had ended by then are gone; answer how many they were."""
    return _forget(session, before, GrantApplication.number.is_not(None))


def forget_unsent(session: Session, before: datetime) -> int:
    """Afterwards what was begun for years that had ended by then and never submitted is gone."""
    return _forget(session, before, GrantApplication.number.is_(None))


def _forget(session: Session, before: datetime, which: sa.ColumnElement[bool]) -> int:
    ended = sa.select(GrantRound.id).where(GrantRound.year < before.astimezone(UTC).year)
    gone: Any = sa.delete(GrantApplication).where(which, GrantApplication.round_id.in_(ended))
    return len(session.scalars(gone.returning(GrantApplication.id)).all())


RULES = (
    Retention(
        "grant-applications",
        "grant_application",
        "submitted applications, with signatures and papers, counted from the end of the funding year",
        6 * 365 + 2,
        forget_applications,
    ),
    Retention(
        "unsent-applications",
        "grant_application",
        "applications that were never submitted, counted from the end of the funding year",
        90,
        forget_unsent,
    ),
)
