"""What lies in the inboxes of clearing houses, as a test reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.models import HouseMessage, HouseMessageText

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Report:
    """A report of a wrong listing."""

    group_id: int | None
    reason: str
    message: str
    reply_to: str


def reports_kept(session: Session) -> list[Report]:
    """Answer the reports in all inboxes, the oldest first."""
    session.rollback()
    rows = session.execute(
        sa.select(HouseMessage, HouseMessageText.text)
        .outerjoin(HouseMessageText, HouseMessageText.message_id == HouseMessage.id)
        .where(HouseMessage.kind == "report")
        .order_by(HouseMessage.id)
    )
    return [Report(each.group_id, each.reason, text or "", each.email) for each, text in rows]
