"""What is done to single meetings is written down for the group and its house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.models import Group, MeetingSeries
from app.shared.history import note

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def note_of_series(
    session: Session, action: str, series_id: int, *, now: datetime, **facts: str | int
) -> None:
    """Afterwards it is written, if the caller commits, that this was done to a series or a meeting of it."""
    group_id, house_id = session.execute(
        sa.select(Group.id, Group.clearinghouse_id)
        .join(MeetingSeries, MeetingSeries.group_id == Group.id)
        .where(MeetingSeries.id == series_id)
    ).one()
    note(
        session,
        action,
        now=now,
        record_id=series_id,
        group_id=group_id,
        clearinghouse_id=house_id,
        **facts,
    )
