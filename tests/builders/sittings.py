"""Joint sittings, for tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.funding.services.sittings import (
    SittingDraft,
    note_presence,
    open_sitting,
    plan_sitting,
    send_papers,
)
from tests.builders.groups import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DRAFT = SittingDraft(date(2027, 4, 20), "10:00", "Rathaus, Saal 2", "", 1)


def make_sitting(session: Session, round_id: int, *, opened: bool = False) -> int:
    """Store a sitting with everything that waits on its agenda; ``opened``: with somebody there who decides."""
    sitting_id = plan_sitting(session, round_id, DRAFT, now=NOW).id
    if opened:
        send_papers(session, sitting_id, now=NOW)
        open_sitting(session, sitting_id, now=NOW)
        note_presence(session, sitting_id, name="Ada Kasse", body="AOK", present_as="decides", now=NOW)
    return sitting_id
