"""Notices of the finished year of a demonstration, in the region of its funding office: made, mailed, some on paper."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant
from app.funding.models import FundingRegion, GrantRound
from app.funding.rules.notice_letter import Office
from app.funding.services.notice_sending import mail_portion, mark_posted, to_mail, to_print
from app.funding.services.notices import end_making, make_portion, order_notices, set_office, still_due

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def tell_demo_groups(session: Session, run_id: int, found: GrantRound, office_id: int, now: datetime) -> None:
    """Afterwards the groups of a posted run are told, if it is in the region of the demonstration's funding office."""
    region = session.get_one(FundingRegion, found.region_id)
    of_office = sa.select(RoleGrant.region_id).where(RoleGrant.user_id == office_id)
    if region.id not in session.scalars(of_office).all():
        return
    office = Office(
        f"GKV-Selbsthilfeförderung {region.name}",
        "Kreisstraße 8",
        "50667",
        "Köln",
        "Miriam Scholz",
        "0221 5550100",
        "foerderung@demo.invalid",
    )
    set_office(session, region, office, now=now)
    order_notices(session, run_id, by=office_id, now=now)
    make_portion(session, run_id, still_due(session, run_id), now=now)
    end_making(session, run_id)
    mail_portion(session, to_mail(session, run_id), now=now)
    mark_posted(session, run_id, to_print(session, run_id), now=now)
