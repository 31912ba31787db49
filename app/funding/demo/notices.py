"""Notices of the finished year of a demonstration, in the region of its funding office: made, mailed, some on paper."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant
from app.funding.models import FundingRegion, GrantRound, Notice
from app.funding.queries.letters import Letter, read_letters, waiting_letters
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.notice_letter import Office
from app.funding.services.letters import post_letters, take_back_letter
from app.funding.services.notice_sending import mail_portion, to_mail
from app.funding.services.notice_ways import choose_way
from app.funding.services.notices import end_making, make_portion, order_notices, set_office, still_due
from app.groups.meetings.schedules import day_of

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
    _let_some_consent(session, run_id, now)
    mail_portion(session, to_mail(session, run_id), now=now)
    waiting = read_letters(session, waiting_letters(session, {Notice: Notice.run_id == run_id}))
    posted = waiting[len(waiting) // 4 :]
    post_letters(session, posted, day=day_of(now), by=office_id, now=now)
    if posted:
        take_back_letter(
            session, _again(session, posted[0]), day=day_of(now), address="", by=office_id, now=now
        )


def _let_some_consent(session: Session, run_id: int, now: datetime) -> None:
    """Let every group agree to the mail that has a contact with an account."""
    of_run = sa.select(Notice.group_id).where(Notice.run_id == run_id)
    contacts = sa.select(RoleGrant.group_id, sa.func.min(RoleGrant.user_id)).where(
        RoleGrant.group_id.in_(of_run)
    )
    for group_id, user_id in session.execute(contacts.group_by(RoleGrant.group_id)).all():
        choose_way(session, a_group(group_id), is_electronic=True, by=user_id, now=now)


def _again(session: Session, letter: Letter) -> Letter:
    return read_letters(session, [(Notice, letter.notice.id)])[0]
