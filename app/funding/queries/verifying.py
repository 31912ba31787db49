"""Whether the ledger agrees with itself and its runs: every entry, guard, seal and award, computed anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import Budget, ContributionCall, FundingYear, LedgerEntry, LedgerLine
from app.funding.queries.entries import Written, accounts_by_id, each_entry
from app.funding.queries.verifying_payments import faults_of_payments
from app.funding.queries.verifying_projects import faults_of_projects
from app.funding.queries.verifying_runs import faults_of_runs
from app.funding.rules.ledger_accounts import DUE, HOLDINGS, OF_PAYEES, PAID, Account
from app.funding.rules.postings import CALL, check_posting, digest
from app.shared import history_seals
from app.shared.history import HistoryEntry
from app.shared.rules.chain import FIRST, seal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


EMPTIED = "demo.ledger_emptied"
"""How the history says that a demonstration began anew; anywhere else that is a fault."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How many entries and accounts were looked at, and every fault in words."""

    entries: int
    accounts: int
    faults: tuple[str, ...]


def verify(session: Session, *, is_demo: bool = False) -> Verified:
    """Recompute everything that can be recomputed; only that of a demonstration may have been emptied."""
    named = accounts_by_id(session)
    accounts = {number: account for number, (_name, account) in named.items()}
    acts: defaultdict[int, list[tuple[str, datetime]]] = defaultdict(list)
    balances: Counter[Account] = Counter()
    called: dict[int, Written] = {}
    faults = [
        f"account {name}: its name says something else than its other columns"
        for name, account in named.values()
        if name != account.name
    ]
    for entry in each_entry(session, accounts):
        faults += _faults_of_entry(entry)
        acts[entry.history_id].append((entry.digest, entry.posted_at))
        balances.update(entry.posting.lines)
        if (entry.posting.kind, entry.posting.reason) == (CALL, "contribution"):
            called[entry.id] = entry
    faults += _lines_without_entry(session)
    faults += _faults_of_calls(session, accounts, called)
    faults += _entries_after_closing(session)
    faults += _faults_of_guards(session, accounts, balances)
    faults += _faults_of_seals(session, acts)
    faults += faults_of_runs(session)
    faults += faults_of_payments(session)
    faults += faults_of_projects(session)
    if not is_demo and session.scalar(
        sa.select(HistoryEntry.id).where(HistoryEntry.action == EMPTIED).limit(1)
    ):
        faults.append("history: the ledger was emptied, as only that of a demonstration may be")
    faults += [f"history, {fault}" for fault in history_seals.verify(session).faults]
    return Verified(sum(map(len, acts.values())), len(accounts), tuple(faults))


def _faults_of_entry(entry: Written) -> Iterator[str]:
    try:
        check_posting(entry.posting)
    except ValueError as error:
        yield f"entry {entry.id} ({entry.posting.key}): {error}"
    if digest(entry.posting) != entry.digest:
        yield f"entry {entry.id} ({entry.posting.key}): not as it was posted"


def _lines_without_entry(session: Session) -> Iterator[str]:
    lost = (
        sa.select(LedgerLine.entry_id)
        .outerjoin(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .where(LedgerEntry.id.is_(None))
        .distinct()
    )
    for number in session.scalars(lost):
        yield f"entry {number}: is gone, its lines are there"


def _faults_of_calls(
    session: Session, accounts: dict[int, Account], called: dict[int, Written]
) -> Iterator[str]:
    """Yield every call that an insurer is told of and the ledger does not have, or has otherwise, and the reverse."""
    for row in session.scalars(sa.select(ContributionCall).order_by(ContributionCall.id)):
        entry = called.pop(row.entry_id, None)
        if entry is None:
            yield f"contribution call {row.id}: has no entry"
            continue
        booked = (
            entry.posting.lines.get(accounts[row.account_id]),
            entry.posting.facts.get("due_on"),
            entry.posted_at,
        )
        if booked != (-row.cents, row.due_on.isoformat(), row.called_at):
            yield f"contribution call {row.id}: is not what its entry {entry.id} says"
    yield from (f"entry {number}: calls a contribution that nobody is told of" for number in called)


def _entries_after_closing(session: Session) -> Iterator[str]:
    late = (
        sa.select(LedgerEntry.id, LedgerEntry.year)
        .join(FundingYear, FundingYear.year == LedgerEntry.year)
        .where(LedgerEntry.posted_at > FundingYear.closed_at)
        .order_by(LedgerEntry.id)
    )
    for number, year in session.execute(late):
        yield f"entry {number}: came to {year} after that year was closed"


def _faults_of_guards(
    session: Session, accounts: dict[int, Account], balances: Counter[Account]
) -> Iterator[str]:
    for account, cents in balances.items():
        if account.kind in OF_PAYEES and cents < 0:
            yield f"account {account.name}: is below zero ({cents} cents)"
    due = _guards_due(balances)
    guards = {each.account_id: each for each in session.scalars(sa.select(Budget))}
    for number, account in accounts.items():
        guard = guards.pop(number, None)
        if guard is None and account.kind not in HOLDINGS:
            continue
        stored = [guard.granted, guard.committed, guard.paid, guard.outstanding] if guard else None
        if stored != due[account]:
            yield f"guard of {account.name}: {stored}, and the lines say {due[account]} (granted, committed, paid, due)"
        granted, committed, paid, outstanding = due[account]
        if not 0 <= paid <= committed <= granted or outstanding < 0:
            yield f"account {account.name}: more is paid than promised, promised than granted, or come than due"
        if paid and paid + outstanding > granted:
            yield f"account {account.name}: more is paid than has come"
    yield from (f"guard {number}: has no account" for number in guards)


def _guards_due(balances: Counter[Account]) -> defaultdict[Account, list[int]]:
    """Answer what each guard must say: granted, committed, paid, outstanding."""
    due: defaultdict[Account, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for account, cents in balances.items():
        if (budget := account.budget) is not None:
            is_due = account.kind == DUE
            counted = (not is_due, account.kind in OF_PAYEES, account.kind == PAID, -is_due)
            due[budget] = [had + cents * counts for had, counts in zip(due[budget], counted, strict=True)]
    return due


def _faults_of_seals(session: Session, acts: defaultdict[int, list[tuple[str, datetime]]]) -> Iterator[str]:
    """Yield every act whose note in the history, which has a seal of its own, tells of other entries."""
    emptied = (
        session.scalar(sa.select(sa.func.max(HistoryEntry.id)).where(HistoryEntry.action == EMPTIED)) or 0
    )
    notes = sa.select(HistoryEntry.id, HistoryEntry.facts).where(
        HistoryEntry.action.startswith("ledger."), HistoryEntry.id > emptied
    )
    sealed = {number: facts.get("seal") for number, facts in session.execute(notes)}
    for number in sorted(sealed.keys() | acts.keys()):
        entries = acts.get(number, [])
        if seal(FIRST, entries) != sealed.get(number):
            yield f"history entry {number}: the {len(entries)} entries of this act are not those that it sealed"
