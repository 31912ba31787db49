"""What the start of the payments shows of each round."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import AllocationAct, FundingRegion, GrantRound, PaymentBatch
from app.funding.queries.balances import get_budget
from app.funding.queries.rounds import pot_of
from app.funding.rules.payments import BUILT, RELEASED, UNKNOWN

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class PayingRound:
    """A round with posted awards: what of its pot is promised and not paid, and how many batches wait for somebody."""

    region: FundingRegion
    year: int
    open_cents: int
    paid_cents: int
    built: int
    released: int
    unknown: int


def list_paying_rounds(session: Session, regions: Collection[FundingRegion]) -> list[PayingRound]:
    """Answer the rounds of these regions of which a run was posted, the newest year first, then by region."""
    by_id = {each.id: each for each in regions}
    rounds = session.execute(
        sa.select(GrantRound.region_id, GrantRound.year)
        .where(GrantRound.id.in_(sa.select(AllocationAct.round_id).where(AllocationAct.act == "posted")))
        .where(GrantRound.region_id.in_(by_id))
    ).all()
    counted = session.execute(
        sa.select(PaymentBatch.region_id, PaymentBatch.year, PaymentBatch.state, sa.func.count()).group_by(
            PaymentBatch.region_id, PaymentBatch.year, PaymentBatch.state
        )
    )
    waiting = {(region_id, year, state): number for region_id, year, state, number in counted}
    found = []
    for region_id, year in rounds:
        budget = get_budget(session, pot_of(by_id[region_id], year))
        committed, paid = (budget.committed, budget.paid) if budget else (0, 0)
        counts = (waiting.get((region_id, year, state), 0) for state in (BUILT, RELEASED, UNKNOWN))
        found.append(PayingRound(by_id[region_id], year, committed - paid, paid, *counts))
    return sorted(found, key=lambda each: (-each.year, each.region.name))
