"""What is on an account, and what is left of a pot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import Budget, LedgerAccount, LedgerLine

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.rules.ledger_accounts import Account


def balance_of(session: Session, account_id: int) -> int:
    """Answer the sum of an account's lines, in cents."""
    total = sa.select(sa.func.sum(LedgerLine.cents)).where(LedgerLine.account_id == account_id)
    return int(session.scalar(total) or 0)


def get_budget(session: Session, account: Account) -> Budget | None:
    """Answer the guard of an account, as it is now; None when nothing ever came to it."""
    found = (
        sa.select(Budget)
        .join(LedgerAccount, LedgerAccount.id == Budget.account_id)
        .where(LedgerAccount.name == account.name)
    )
    return session.scalar(found.execution_options(populate_existing=True))
