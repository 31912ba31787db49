"""What staff note of their calls: lines of the group's internal note, the newest first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.groups.meetings.schedules import day_of
from app.groups.services import change_group
from app.groups.upkeep.services import lock
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def note_call_about(session: Session, group_id: int, text: str, *, now: datetime) -> None:
    """Afterwards the internal note of the group begins with a line of today that says this. Twice is once.

    Raises:
        NotFound: there is no such group.
    """
    group = lock(session, group_id)
    line = f"{day_of(now):%d.%m.%Y}: {' '.join(text.split())}"
    if group.internal_note.split("\n", 1)[0] == line:
        return
    change_group(session, group_id, now=now, internal_note=f"{line}\n{group.internal_note}".strip())
    note(session, "group.called", now=now, group_id=group_id, clearinghouse_id=group.clearinghouse_id)
