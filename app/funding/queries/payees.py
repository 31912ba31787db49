"""Who gets money: by name, what they were paid, and what was promised to houses and organisations directly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.clearinghouses.models import ClearingHouse
from app.funding.models import LedgerAccount, LedgerEntry, LedgerLine, Organisation
from app.funding.queries.entries import accounts_where
from app.funding.rules.ledger_accounts import GROUP, HOUSE, ORGANISATION, PAID, Account, Payee
from app.funding.rules.postings import COMMIT, PAY, RETURN
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DIRECT = "direct"
"""The reason of what is promised without a round, and the first word of its key."""


@dataclass(frozen=True, slots=True)
class PaidTo:
    """What somebody was paid from a pot and has not given back; ``account`` is where that stands."""

    account_id: int
    account: Account
    name: str
    cents: int


@dataclass(frozen=True, slots=True)
class Step:
    """An entry about somebody's money; ``reversed_by`` is the entry that took it back."""

    entry_id: int
    key: str
    kind: str
    year: int
    cents: int
    posted_at: datetime
    account: Account
    day: date | None
    reversed_by: int | None


@dataclass(frozen=True, slots=True)
class Award:
    """What was promised to a house or an organisation; ``paid`` is the payment that stands, if one does."""

    promise: Step
    paid: Step | None
    payments: int
    payee: Payee
    name: str

    @property
    def pot(self) -> Account:
        """The pot that promised it."""
        return pot_of_payee(self.promise.account)


def pot_of_payee(account: Account) -> Account:
    """Answer the pot that something promised or paid belongs to."""
    return account.budget or account


def payee_names(session: Session, payees: Iterable[Payee]) -> dict[Payee, str]:
    """Answer the names of these; one that is gone is called by its number."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for each in payees:
        ids[each.kind].add(each.id)
    found = {Payee(kind, number): f"#{number}" for kind, numbers in ids.items() for number in numbers}
    for kind, model in ((GROUP, Group), (HOUSE, ClearingHouse), (ORGANISATION, Organisation)):
        table: Any = model
        if ids[kind]:
            rows = session.execute(sa.select(table.id, table.name).where(table.id.in_(ids[kind])))
            found |= {Payee(kind, number): name for number, name in rows}
    return found


def list_paid(session: Session, year: int) -> list[PaidTo]:
    """Answer who was paid from the pots of a year, by name, and has not given all of it back."""
    there = (LedgerAccount.kind == PAID) & (LedgerAccount.year == year)
    rows = session.execute(
        sa.select(LedgerLine.account_id, sa.func.sum(LedgerLine.cents))
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(there)
        .group_by(LedgerLine.account_id)
        .having(sa.func.sum(LedgerLine.cents) > 0)
    ).all()
    accounts = accounts_where(session, there)
    names = payee_names(session, [each.payee for _name, each in accounts.values() if each.payee])
    found = [
        PaidTo(number, account, names[account.payee], int(cents))
        for number, cents in rows
        if (account := accounts[number][1]).payee is not None
    ]
    return sorted(found, key=lambda each: (each.name.casefold(), each.account.name))


def list_awards(session: Session, year: int) -> list[Award]:
    """Answer what was promised directly from the pots of a year, the last first."""
    of_year = (LedgerAccount.year == year) & LedgerEntry.key.startswith(f"{DIRECT}/")
    by_award: defaultdict[str, list[Step]] = defaultdict(list)
    for step in _steps(session, of_year, (COMMIT, PAY)):
        by_award["/".join(step.key.split("/")[:2])].append(step)
    names = payee_names(
        session, [s.account.payee for found in by_award.values() for s in found if s.account.payee]
    )
    awards = []
    for steps in by_award.values():
        promise = next(each for each in steps if each.kind == COMMIT)
        payments = [each for each in steps if each.kind == PAY]
        paid = next((each for each in payments if each.reversed_by is None), None)
        if promise.account.payee is not None:
            payee = promise.account.payee
            awards.append(Award(promise, paid, len(payments), payee, names[payee]))
    return sorted(awards, key=lambda each: -each.promise.entry_id)


def list_returns(session: Session, year: int) -> list[Step]:
    """Answer what came back in a year, the last first."""
    return _steps(session, LedgerEntry.year == year, (RETURN,))[::-1]


def find_step(session: Session, entry_id: int) -> Step | None:
    """Answer an entry about somebody's money."""
    return next(iter(_steps(session, LedgerEntry.id == entry_id, (COMMIT, PAY, RETURN))), None)


def _steps(session: Session, which: sa.ColumnElement[bool], kinds: tuple[str, ...]) -> list[Step]:
    taken_back = aliased(LedgerEntry)
    rows = session.execute(
        sa.select(
            LedgerEntry.id,
            LedgerEntry.key,
            LedgerEntry.kind,
            LedgerEntry.year,
            LedgerEntry.facts,
            LedgerEntry.posted_at,
            LedgerLine.account_id,
            LedgerLine.cents,
            taken_back.id.label("reversed_by"),
        )
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .outerjoin(taken_back, taken_back.reverses_id == LedgerEntry.id)
        .where(which, LedgerEntry.kind.in_(kinds), LedgerAccount.payee_id.is_not(None))
        # A payment moves from what is promised to what is paid: told once, by what is paid.
        .where((LedgerEntry.kind != PAY) | (LedgerAccount.kind == PAID))
        .order_by(LedgerEntry.id)
    ).all()
    accounts = accounts_where(session, LedgerAccount.id.in_({row.account_id for row in rows}))
    return [
        Step(
            row.id,
            row.key,
            row.kind,
            row.year,
            abs(row.cents),
            row.posted_at,
            accounts[row.account_id][1],
            date.fromisoformat(row.facts["day"]) if "day" in row.facts else None,
            row.reversed_by,
        )
        for row in rows
    ]
