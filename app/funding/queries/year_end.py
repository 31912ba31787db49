"""What the end of a year is reckoned from: who gave what to which pot, and which years are closed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.funding.models import FundingYear, LedgerAccount, LedgerEntry, LedgerLine
from app.funding.queries.entries import accounts_where
from app.funding.rules.ledger_accounts import HOLDINGS, OF_PAYEES, POT, Account
from app.funding.rules.postings import CALL, CARRY_OVER, GRANT, RETURN, REVERSE, SET_ASIDE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.rules.year_end import Inflows


def inflows(session: Session) -> Inflows:
    """Answer for everything with a guard from which accounts its money came; a payee's counts as its pot's."""
    receiving, giving, account = aliased(LedgerLine), aliased(LedgerLine), aliased(LedgerAccount)
    moved = (
        sa.select(receiving.account_id, giving.account_id, sa.func.sum(receiving.cents))
        .join(LedgerEntry, LedgerEntry.id == receiving.entry_id)
        .join(giving, (giving.entry_id == receiving.entry_id) & (giving.account_id != receiving.account_id))
        .join(account, account.id == receiving.account_id)
        .where(account.kind.in_(HOLDINGS))
        .where(
            # What was reversed goes back the way it came.
            sa.case(
                (LedgerEntry.kind == REVERSE, receiving.cents < 0),
                else_=(receiving.cents > 0) & LedgerEntry.kind.in_((CALL, GRANT, RETURN, SET_ASIDE)),
            )
        )
        .group_by(receiving.account_id, giving.account_id)
    )
    rows = session.execute(moved).all()
    numbers = {number for row in rows for number in row[:2]}
    accounts = {
        number: each
        for number, (_name, each) in accounts_where(session, LedgerAccount.id.in_(numbers)).items()
    }
    found: defaultdict[Account, Counter[Account]] = defaultdict(Counter)
    for target, source, cents in rows:
        came_from = _pot_of(accounts[source])
        if came_from != accounts[target]:
            found[accounts[target]][came_from] += int(cents)
    return found


def carried_of(session: Session, year: int) -> dict[Account, dict[Account, int]]:
    """Answer what was carried over when a year was closed: from where, to whom."""
    source, target = aliased(LedgerLine), aliased(LedgerLine)
    rows = session.execute(
        sa.select(source.account_id, target.account_id, target.cents)
        .join(LedgerEntry, LedgerEntry.id == source.entry_id)
        .join(target, (target.entry_id == source.entry_id) & (target.account_id != source.account_id))
        .where(
            LedgerEntry.kind == CARRY_OVER, LedgerEntry.key.startswith(f"carried/{year}/"), target.cents > 0
        )
    ).all()
    numbers = {number for row in rows for number in row[:2]}
    accounts = accounts_where(session, LedgerAccount.id.in_(numbers))
    found: defaultdict[Account, dict[Account, int]] = defaultdict(dict)
    for giving, receiving, cents in rows:
        found[accounts[giving][1]][accounts[receiving][1]] = int(cents)
    return found


def closed_at(session: Session, year: int) -> datetime | None:
    """Answer since when a year is closed; None while it is open."""
    return session.scalar(sa.select(FundingYear.closed_at).where(FundingYear.year == year))


def years_of_ledger(session: Session) -> dict[int, datetime | None]:
    """Answer the years that have entries, the last first, and since when each is closed."""
    rows = session.execute(
        sa.select(LedgerEntry.year, FundingYear.closed_at)
        .outerjoin(FundingYear, FundingYear.year == LedgerEntry.year)
        .distinct()
        .order_by(LedgerEntry.year.desc())
    )
    return {year: since for year, since in rows}  # noqa: C416 - rows are no pairs to mypy


def _pot_of(account: Account) -> Account:
    return replace(account, kind=POT, payee=None) if account.kind in OF_PAYEES else account
