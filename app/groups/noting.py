"""What is done to a group is written down, for itself and for the house that looks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.groups.models import Group
from app.shared.history import note

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


def note_of_group(
    session: Session, action: str, group_id: int, *, now: datetime, record_id: int | None = None
) -> None:
    """Afterwards it is written, if the caller commits, that this was done to a group."""
    house_id = session.scalar(sa.select(Group.clearinghouse_id).where(Group.id == group_id))
    note(session, action, now=now, record_id=record_id, group_id=group_id, clearinghouse_id=house_id)


def note_changes(session: Session, group: Group, changed: Sequence[str], *, now: datetime) -> None:
    """Afterwards it is written which columns of a group were changed, not what stands in them, but for its state."""
    house_id = group.clearinghouse_id
    fields = [name for name in changed if name != "state"]
    if fields:
        note(session, "group.changed", now=now, group_id=group.id, clearinghouse_id=house_id, fields=fields)
    if "state" in changed:
        note(
            session,
            "group.state_changed",
            now=now,
            group_id=group.id,
            clearinghouse_id=house_id,
            state=group.state,
        )
