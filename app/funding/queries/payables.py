"""Which awards of a round can be paid now, and which wait for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    AllocationAct,
    AllocationLine,
    FundingRegion,
    GrantApplication,
    GrantRequest,
    GrantRound,
    Notice,
    NoticeObjection,
    Payment,
    PaymentBatch,
)
from app.funding.queries.balances import get_budget
from app.funding.queries.entries import entry_ids
from app.funding.queries.gone import gone_among
from app.funding.queries.payee_accounts import AccountNow, accounts_of
from app.funding.queries.proofs import owing
from app.funding.queries.rounds import pot_of
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.payments import (
    BUILT,
    CAME_BACK,
    DROPPED,
    GONE,
    LIVE,
    NO_ACCOUNT,
    OWES_PROOF,
    UNCONFIRMED,
    UNWRITABLE,
    award_key,
    objection_key,
)
from app.funding.rules.sepa_text import name_for_banks

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Payable:
    """An award that is promised and neither paid nor in a batch; ``held`` says what it waits for, None: for nobody."""

    key: str
    """The key under which it was promised."""
    run_id: int
    group_id: int
    request_id: int
    cents: int
    number: str
    received_on: date
    account: AccountNow | None
    held: str | None


def list_payables(session: Session, found: GrantRound, *, on: date) -> list[Payable]:
    """Answer the awards of a round that are open, those whose request came first first; what holds them on a day."""
    open_awards = _open_awards(session, found)
    groups = {row.group_id for _key, row, _last in open_awards}
    accounts = accounts_of(session, found.id, groups)
    gone = gone_among(session, groups)
    owed = owing(session, groups, before_year=found.year, on=on)
    payables = [
        Payable(
            key,
            row.run_id,
            row.group_id,
            row.request_id,
            row.cents,
            row.number or f"{found.year}-{row.request_id}",
            row.received_on,
            accounts.get(row.group_id),
            GONE
            if row.group_id in gone
            else OWES_PROOF
            if row.group_id in owed
            else _held(accounts.get(row.group_id), last),
        )
        for key, row, last in open_awards
    ]
    return sorted(payables, key=lambda each: (each.received_on, each.group_id, each.run_id, each.key))


def payable_cents(session: Session, found: GrantRound) -> int:
    """Answer how much of a round's pot has come and is neither paid nor in a batch that waits for its release."""
    budget = get_budget(session, pot_of(session.get_one(FundingRegion, found.region_id), found.year))
    waiting = sa.select(sa.func.coalesce(sa.func.sum(PaymentBatch.cents), 0)).where(
        PaymentBatch.region_id == found.region_id,
        PaymentBatch.year == found.year,
        PaymentBatch.state == BUILT,
    )
    if budget is None:
        return 0
    return max(0, budget.granted - budget.outstanding - budget.paid - int(session.scalar(waiting) or 0))


def groups_in_batches(session: Session, run_id: int) -> set[int]:
    """Answer whose awards of a run are or were paid by batches: nobody books them by hand."""
    rows = sa.select(Payment.award_key, Payment.group_id).where(
        Payment.run_id == run_id, Payment.state != DROPPED
    )
    return {group_id for key, group_id in session.execute(rows) if key == award_key(run_id, group_id)}


def list_batches(session: Session, found: GrantRound) -> list[PaymentBatch]:
    """Answer the batches of a round, the newest first."""
    rows = sa.select(PaymentBatch).where(
        PaymentBatch.region_id == found.region_id, PaymentBatch.year == found.year
    )
    return list(session.scalars(rows.order_by(PaymentBatch.id.desc())))


def payments_of(session: Session, batch_id: int) -> list[Payment]:
    """Answer the payments of a batch, in their order."""
    rows = sa.select(Payment).where(Payment.batch_id == batch_id)
    return list(session.scalars(rows.order_by(Payment.position)))


def _open_awards(session: Session, found: GrantRound) -> list[tuple[str, Any, Payment | None]]:
    """Answer what runs and objections have promised: its key, its row, and the last payment of it."""
    keyed = _of_runs(session, found) | _of_objections(session, found)
    last: dict[str, Payment] = {}
    payments = sa.select(Payment).join(GrantRequest, GrantRequest.id == Payment.request_id)
    for each in session.scalars(payments.where(GrantRequest.round_id == found.id).order_by(Payment.id)):
        if each.state != DROPPED:
            last[each.award_key] = each
    by_hand = entry_ids(session, [f"{key}/paid" for key in keyed])
    return [
        (key, row, last.get(key))
        for key, row in keyed.items()
        if f"{key}/paid" not in by_hand and (key not in last or _is_open(last[key]))
    ]


def _of_objections(session: Session, found: GrantRound) -> dict[str, Any]:
    """Answer what was promised by objections that were upheld."""
    rows = session.execute(
        sa.select(
            NoticeObjection.notice_id,
            Notice.run_id,
            Notice.group_id,
            GrantRequest.id.label("request_id"),
            NoticeObjection.cents,
            GrantRequest.received_on,
            GrantApplication.number,
        )
        .join(Notice, Notice.id == NoticeObjection.notice_id)
        .join(
            GrantRequest,
            (GrantRequest.round_id == Notice.round_id) & (GrantRequest.group_id == Notice.group_id),
        )
        .outerjoin(
            GrantApplication,
            (GrantApplication.round_id == Notice.round_id) & (GrantApplication.group_id == Notice.group_id),
        )
        .where(
            Notice.round_id == found.id,
            NoticeObjection.cents.is_not(None),
            GrantRequest.standing != WITHDRAWN,
        )
    )
    return {objection_key(row.notice_id): row for row in rows}


def _of_runs(session: Session, found: GrantRound) -> dict[str, Any]:
    lines = session.execute(
        sa.select(
            AllocationLine.run_id,
            AllocationLine.group_id,
            AllocationLine.request_id,
            (AllocationLine.award_cents - AllocationLine.before_cents).label("cents"),
            GrantRequest.received_on,
            GrantApplication.number,
        )
        .join(
            AllocationAct, (AllocationAct.run_id == AllocationLine.run_id) & (AllocationAct.act == "posted")
        )
        .join(GrantRequest, GrantRequest.id == AllocationLine.request_id)
        .outerjoin(
            GrantApplication,
            (GrantApplication.round_id == GrantRequest.round_id)
            & (GrantApplication.group_id == GrantRequest.group_id),
        )
        .where(
            AllocationAct.round_id == found.id,
            AllocationLine.award_cents > AllocationLine.before_cents,
            GrantRequest.standing != WITHDRAWN,
        )
    )
    return {award_key(row.run_id, row.group_id): row for row in lines}


def _is_open(payment: Payment) -> bool:
    return payment.state not in LIVE and payment.is_due_again


def _held(account: AccountNow | None, last: Payment | None) -> str | None:
    if account is None:
        return NO_ACCOUNT
    if not account.is_confirmed:
        return UNCONFIRMED
    if last is not None and last.settled_at is not None and account.since <= last.settled_at:
        return CAME_BACK
    try:
        name_for_banks(account.holder)
    except ValueError:
        return UNWRITABLE
    return None
