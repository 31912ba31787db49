"""What became of an application: what runs granted, what was paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import AllocationAct, AllocationLine, FundingRegion, GrantRequest, LedgerAccount
from app.funding.queries.balances import balance_of
from app.funding.queries.rounds import pot_of
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.ledger_accounts import PAID, Account, a_group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def award_of(session: Session, group_id: int, round_id: int) -> int | None:
    """Answer what the posted runs of a round have given a group; None while there is none."""
    return session.scalar(
        sa.select(AllocationLine.award_cents)
        .join(AllocationAct, AllocationAct.run_id == AllocationLine.run_id)
        .where(
            AllocationAct.round_id == round_id,
            AllocationAct.act == "posted",
            AllocationLine.group_id == group_id,
        )
        .order_by(AllocationAct.number.desc())
        .limit(1)
    )


def entered_cents(session: Session, group_id: int, round_id: int) -> int:
    """Answer what a group asks for in a round, as the office has it; 0 while there is no request."""
    asked = sa.select(GrantRequest.requested_cents).where(
        GrantRequest.round_id == round_id,
        GrantRequest.group_id == group_id,
        GrantRequest.standing != WITHDRAWN,
    )
    return session.scalar(asked) or 0


def paid_to(session: Session, group_id: int, region: FundingRegion, year: int) -> int:
    """Answer what a group was paid out of the pot of a year."""
    pot = pot_of(region, year)
    account = Account(
        PAID, year, state=pot.state, region=pot.region, level=pot.level, payee=a_group(group_id)
    )
    number = session.scalar(sa.select(LedgerAccount.id).where(LedgerAccount.name == account.name))
    return balance_of(session, number) if number else 0
