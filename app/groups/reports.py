"""Somebody says that a listing is wrong: stored for the clearing house, and forgotten in time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.models import ListingReport
from app.groups.noting import note_of_group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def report_listing(
    session: Session, group_id: int, *, reason: str, message: str, reply_to: str, now: datetime
) -> ListingReport:
    """Store what somebody says is wrong with a listing; blanks around the texts do not count."""
    report = ListingReport(
        group_id=group_id,
        reason=reason,
        message=message.strip(),
        reply_to=reply_to.strip(),
        created_at=now,
    )
    session.add(report)
    session.flush()
    note_of_group(session, "report.made", group_id, now=now, record_id=report.id)
    return report


def forget_reports(session: Session, before: datetime) -> int:
    """Afterwards there is no hint that was given before; answer how many went."""
    old = sa.delete(ListingReport).where(ListingReport.created_at < before)
    return len(session.scalars(old.returning(ListingReport.id)).all())
