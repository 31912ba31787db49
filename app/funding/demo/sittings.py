"""The joint sitting that a demonstration's funding office has planned: its papers are out, self-help has commented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant
from app.accounts.rules.permissions import REPRESENTATIVE
from app.funding.services.sitting_comments import comment
from app.funding.services.sittings import SittingDraft, plan_sitting, send_papers
from app.groups.meetings.schedules import day_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.models import GrantRound

_PLACE = "Haus der Selbsthilfe, Saal 2"
_SAYS = "Bitte achten Sie auf die kleinen Gruppen: Für sie sind Raum und Porto der größte Posten."


def plan_demo_sitting(session: Session, found: GrantRound, office_id: int, now: datetime) -> None:
    """Afterwards a sitting is planned, if the round is in the region of the demonstration's funding office."""
    of_office = sa.select(RoleGrant.region_id).where(RoleGrant.user_id == office_id)
    if found.region_id not in session.scalars(of_office).all():
        return
    draft = SittingDraft(day_of(now) + timedelta(days=14), "10:00", _PLACE, "", 2)
    sitting = plan_sitting(session, found.id, draft, now=now)
    send_papers(session, sitting.id, now=now)
    for user_id in session.scalars(sa.select(RoleGrant.user_id).where(RoleGrant.role == REPRESENTATIVE)):
        comment(session, sitting.id, None, text=_SAYS, stance=None, by=user_id, now=now)
