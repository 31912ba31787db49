"""The awards of a posted run are booked as paid that a region pays elsewhere: all that are open, or none.

Those with an account here go by batches (``payment_batches.py``).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import AllocationLine, AllocationRun, FundingRegion, GrantRequest
from app.funding.queries.entries import entry_ids
from app.funding.queries.gone import gone_among
from app.funding.queries.payables import groups_in_batches
from app.funding.queries.rounds import pot_of
from app.funding.queries.runs import POSTED, acts_of
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.postings import Because, pay
from app.funding.services.ledger import counting_year, post
from app.funding.services.rounds import hold_round
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def pay_run(session: Session, run_id: int, *, now: datetime) -> int:
    """Afterwards all awards of a run are paid that were not yet; answer how many these were.

    Raises:
        RuleBroken: the run is not posted, the year is closed, or the insurers still owe the pot too much.
    """
    run = session.get_one(AllocationRun, run_id)
    found = hold_round(session, run.round_id)
    if POSTED not in acts_of(session, run_id):
        raise RuleBroken(_("Only a posted run can be paid out."), code="not_posted")
    due = unpaid(session, run)
    if not due:
        return 0
    pot = pot_of(session.get_one(FundingRegion, found.region_id), found.year)
    year = counting_year(
        session, found.year, now=now
    )  # what was promised is paid after its year is closed, too
    post(
        session,
        [
            pay(
                pot,
                a_group(group_id),
                cents,
                Because(_key(run_id, group_id), "run.paid", {"run": run_id}, year=year),
            )
            for group_id, cents in due.items()
        ],
        now=now,
    )
    note(session, "run.paid", now=now, record_id=run_id, groups=len(due))
    return len(due)


def unpaid(session: Session, run: AllocationRun) -> dict[int, int]:
    """Answer what groups were promised by a run and have not been paid.

    Not what was set free, nor what batches pay, nor what waits because a group is no more.
    """
    rows = session.execute(
        sa.select(AllocationLine.group_id, AllocationLine.award_cents - AllocationLine.before_cents)
        .join(GrantRequest, GrantRequest.id == AllocationLine.request_id)
        .where(
            AllocationLine.run_id == run.id,
            AllocationLine.award_cents > AllocationLine.before_cents,
            GrantRequest.standing != WITHDRAWN,
        )
        .order_by(AllocationLine.group_id)
    )
    promised = {group_id: cents for group_id, cents in rows}  # noqa: C416 - rows are no pairs to mypy
    gone = gone_among(session, promised.keys())
    paid = entry_ids(session, [_key(run.id, group_id) for group_id in promised])
    in_batches = groups_in_batches(session, run.id)
    return {
        group_id: cents
        for group_id, cents in promised.items()
        if _key(run.id, group_id) not in paid and group_id not in in_batches and group_id not in gone
    }


def _key(run_id: int, group_id: int) -> str:
    return f"run/{run_id}/{group_id}/paid"
