"""The pots of a year as they stand: what is granted, owed to them, promised, paid, and can be paid now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import Budget, LedgerAccount
from app.funding.queries.entries import accounts_where
from app.funding.rules.ledger_accounts import HOLDINGS, POT, Account

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class PotState:
    """A pot and its guard, in cents."""

    id: int
    account: Account
    granted: int
    committed: int
    paid: int
    outstanding: int

    @property
    def free(self) -> int:
        """What can still be promised."""
        return self.granted - self.committed

    @property
    def waiting(self) -> int:
        """What is promised and not paid."""
        return self.committed - self.paid

    @property
    def payable(self) -> int:
        """What of the promised money can be paid now: what has come and is not paid."""
        return max(0, min(self.waiting, self.granted - self.outstanding - self.paid))

    @property
    def held(self) -> int:
        """What is promised and cannot be paid before more contributions have come."""
        return self.waiting - self.payable


def list_pots(session: Session, year: int) -> list[PotState]:
    """Answer the pots of a year: the federal one first, then by Land and level, an insurer's own after those of all."""
    found = _states(session, (LedgerAccount.kind == POT) & (LedgerAccount.year == year))
    return sorted(found, key=lambda each: _order(each.account))


def get_pot(session: Session, pot_id: int) -> PotState | None:
    """Answer a pot by its number, if there is one."""
    return next(iter(_states(session, (LedgerAccount.kind == POT) & (LedgerAccount.id == pot_id))), None)


def left_over(session: Session, year: int) -> dict[Account, int]:
    """Answer everything of a year and those before that is promised to nobody, in the order of the names."""
    found = _states(session, LedgerAccount.kind.in_(HOLDINGS) & (LedgerAccount.year <= year))
    return {
        each.account: each.free for each in sorted(found, key=lambda each: each.account.name) if each.free
    }


def _states(session: Session, which: sa.ColumnElement[bool]) -> list[PotState]:
    accounts = accounts_where(session, which)
    guards = session.execute(
        sa.select(Budget.account_id, Budget.granted, Budget.committed, Budget.paid, Budget.outstanding)
        .join(LedgerAccount, LedgerAccount.id == Budget.account_id)
        .where(which)
    )
    return [
        PotState(
            row.account_id, accounts[row.account_id][1], row.granted, row.committed, row.paid, row.outstanding
        )
        for row in guards
    ]


def _order(account: Account) -> tuple[bool, str, str, str, str]:
    return (
        account.insurer is not None,
        account.state or "",
        account.insurer or "",
        "z" if account.region else account.level or "",
        account.region or "",
    )
