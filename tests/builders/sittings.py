"""Joint sittings, for tests."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.funding.queries.rounds import find_round
from app.funding.queries.sittings import read_agenda
from app.funding.rules.sittings import REJECTED, Decision
from app.funding.services.sitting_decisions import Seen, decide
from app.funding.services.sittings import (
    SittingDraft,
    note_presence,
    open_sitting,
    plan_sitting,
    send_papers,
)
from tests.builders.groups import NOW
from tests.builders.rounds import NOBODY, YEAR

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.models import FundingRegion

DRAFT = SittingDraft(date(2027, 4, 20), "10:00", "Rathaus, Saal 2", "", 1)


def make_sitting(session: Session, round_id: int, *, opened: bool = False) -> int:
    """Store a sitting with everything that waits on its agenda; ``opened``: with somebody there who decides."""
    sitting_id = plan_sitting(session, round_id, DRAFT, now=NOW).id
    if opened:
        send_papers(session, sitting_id, now=NOW)
        open_sitting(session, sitting_id, now=NOW)
        note_presence(session, sitting_id, name="Ada Kasse", body="AOK", present_as="decides", now=NOW)
    return sitting_id


def make_sitting_of(session: Session, region: FundingRegion, *, opened: bool) -> int:
    """Store a sitting of the round of a region; ``opened``: it has rejected what is on its agenda."""
    found = find_round(session, region.slug, YEAR)
    assert found is not None
    sitting_id = make_sitting(session, found.id, opened=opened)
    for line in read_agenda(session, sitting_id) if opened else ():
        rejected, seen = Decision(REJECTED, 0, "conditions"), Seen(line.request.version)
        decide(session, sitting_id, line.request.id, rejected, words="", seen=seen, by=NOBODY, now=NOW)
    return sitting_id
