"""“This meeting takes place”: what a group has confirmed, for everybody to see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.meetings.noting import note_of_series
from app.groups.models import MeetingConfirmation
from app.groups.rules.attendance import Key
from app.shared.database import insert_into

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.groups.rules.schedule import Meeting


def confirm_meeting(session: Session, meeting: Meeting, *, now: datetime) -> None:
    """Afterwards everybody may see that the meeting takes place, as long as it is not moved or cancelled."""
    new = insert_into(session, MeetingConfirmation).values(
        series_id=meeting.series_id, on_day=meeting.on, starts_at=meeting.starts_at, confirmed_at=now
    )
    session.execute(
        new.on_conflict_do_update(
            index_elements=["series_id", "on_day"],
            set_={"starts_at": new.excluded.starts_at, "confirmed_at": new.excluded.confirmed_at},
        )
    )
    note_of_series(session, "meeting.confirmed", meeting.series_id, now=now, day=meeting.on.isoformat())


def take_back_confirmation(session: Session, meeting: Meeting) -> None:
    """Afterwards nobody has said that the meeting takes place."""
    session.execute(
        sa.delete(MeetingConfirmation).where(
            MeetingConfirmation.series_id == meeting.series_id, MeetingConfirmation.on_day == meeting.on
        )
    )


def confirmed_among(session: Session, meetings: Iterable[Meeting]) -> frozenset[Key]:
    """Answer series and day of those meetings that were confirmed as they now stand."""
    moments = {(each.series_id, each.on): each.starts_at for each in meetings if not each.is_cancelled}
    if not moments:
        return frozenset()
    rows = session.execute(
        sa.select(
            MeetingConfirmation.series_id, MeetingConfirmation.on_day, MeetingConfirmation.starts_at
        ).where(MeetingConfirmation.series_id.in_({series_id for series_id, _on in moments}))
    )
    return frozenset(
        (series_id, on) for series_id, on, starts in rows if moments.get((series_id, on)) == starts
    )


def forget_confirmations(session: Session, before: datetime) -> int:
    """Afterwards there are none of meetings that began before a moment; answer how many went."""
    old = sa.delete(MeetingConfirmation).where(MeetingConfirmation.starts_at < before)
    return len(session.scalars(old.returning(MeetingConfirmation.series_id)).all())
