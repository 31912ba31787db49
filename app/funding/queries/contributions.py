"""What insurers were asked for: how much of it is open, since when it is overdue, what has come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.funding.models import ContributionCall, Insurer, LedgerAccount, LedgerEntry, LedgerLine
from app.funding.queries.entries import accounts_where, is_reversed
from app.funding.rules.ledger_accounts import DUE, Account
from app.funding.rules.postings import CALL, RECEIVE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WITHDRAWN = "call_withdrawn"
"""Why an entry of a call is reversed that was withdrawn."""


@dataclass(frozen=True, slots=True)
class CallState:
    """What an insurer was asked for, for one pot. ``due_on`` is the day of the oldest part that has not come."""

    account_id: int
    due: Account
    insurer_name: str
    called_cents: int
    open_cents: int
    due_on: date

    def is_overdue(self, today: date) -> bool:
        """Whether a day has passed on which something should have come."""
        return self.open_cents > 0 and self.due_on < today


@dataclass(frozen=True, slots=True)
class WithdrawnCall:
    """A call for a Land that was withdrawn: of all insurers or one, so much, why, when; ``time`` counts them."""

    state: str
    time: int
    why: str
    cents: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came under one reference of a bank. ``is_reversed``: it was booked by mistake."""

    insurer: str
    insurer_name: str
    reference: str
    received_on: date
    cents: int
    keys: tuple[str, ...]
    is_reversed: bool


def called_states(session: Session, year: int) -> set[str]:
    """Answer the Länder for whose insured the contributions of a year are called."""
    state = LedgerEntry.facts["state"].as_string()
    stands = (LedgerEntry.kind == CALL) & (LedgerEntry.year == year) & ~is_reversed(LedgerEntry.id)
    called = sa.select(state).where(stands).distinct()
    return {each for each in session.scalars(called) if each}


def list_withdrawn(session: Session, year: int, insurer: str | None = None) -> list[WithdrawnCall]:
    """Answer the calls of a year that were withdrawn, of all insurers or one, the last first."""
    back = aliased(LedgerEntry)
    rows = session.execute(
        sa.select(back.facts, back.posted_at, ContributionCall.cents)
        .join(back, back.reverses_id == ContributionCall.entry_id)
        .join(LedgerAccount, LedgerAccount.id == ContributionCall.account_id)
        .join(Insurer, Insurer.id == LedgerAccount.insurer_id)
        .where(LedgerAccount.year == year, Insurer.slug == insurer if insurer else sa.true())
        .where(back.reason == WITHDRAWN)
    )
    sums: Counter[tuple[str, int, str, datetime]] = Counter()
    for facts, at, cents in rows:
        sums[facts["state"], facts["time"], facts["why"], at] += cents
    found = [WithdrawnCall(state, time, why, cents, at) for (state, time, why, at), cents in sums.items()]
    return sorted(found, key=lambda each: (each.at, each.state, each.time), reverse=True)


def list_calls(session: Session, year: int, insurer: str | None = None) -> list[CallState]:
    """Answer what was called for a year, of all insurers or one, by insurer, Land, level and region."""
    return _calls(session, (LedgerAccount.year == year) & (Insurer.slug == insurer if insurer else sa.true()))


def open_until(session: Session, year: int) -> list[CallState]:
    """Answer what is open of a year and those before."""
    return [each for each in _calls(session, LedgerAccount.year <= year) if each.open_cents]


def open_calls(session: Session, years: range, insurer_ids: Collection[int] | None = None) -> list[CallState]:
    """Answer what is open of these years, of some insurers or of all."""
    still_open = (
        sa.select(LedgerLine.account_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(LedgerAccount.kind == DUE, LedgerAccount.year.in_(years))
        .group_by(LedgerLine.account_id)
        .having(sa.func.sum(LedgerLine.cents) != 0)
    )
    of_insurers = sa.true() if insurer_ids is None else Insurer.id.in_(insurer_ids)
    return _calls(session, LedgerAccount.id.in_(still_open) & of_insurers)


def list_receipts(session: Session, year: int, insurer: str | None = None) -> list[Receipt]:
    """Answer what has come for a year, the last first."""
    taken_back = aliased(LedgerEntry)
    rows = session.execute(
        sa.select(
            LedgerEntry.key,
            LedgerEntry.facts,
            Insurer.slug,
            Insurer.name,
            LedgerLine.cents,
            taken_back.id.label("taken_back_id"),
        )
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .join(Insurer, Insurer.id == LedgerAccount.insurer_id)
        .outerjoin(taken_back, taken_back.reverses_id == LedgerEntry.id)
        .where(LedgerEntry.kind == RECEIVE, LedgerAccount.kind == DUE, LedgerAccount.year == year)
        .where(Insurer.slug == insurer if insurer else sa.true())
        .order_by(LedgerEntry.id)
    )
    found: defaultdict[tuple[str, str, bool], list[sa.Row[tuple[object, ...]]]] = defaultdict(list)
    for row in rows:
        if "reference" in row.facts:
            found[row.slug, row.facts["reference"], row.taken_back_id is not None].append(row)
    receipts = [
        Receipt(
            slug,
            parts[0].name,
            reference,
            date.fromisoformat(parts[0].facts["received_on"]),
            sum(each.cents for each in parts),
            tuple(each.key for each in parts),
            is_reversed,
        )
        for (slug, reference, is_reversed), parts in found.items()
    ]
    return receipts[::-1]


def _calls(session: Session, which: sa.ColumnElement[bool]) -> list[CallState]:
    of_insurer = sa.select(LedgerAccount.id).join(Insurer, Insurer.id == LedgerAccount.insurer_id)
    ids = of_insurer.where(LedgerAccount.kind == DUE, which)
    accounts = accounts_where(session, LedgerAccount.id.in_(ids))
    names = dict(session.execute(sa.select(Insurer.slug, Insurer.name)).tuples().all())
    balances = dict(
        session.execute(
            sa.select(LedgerLine.account_id, sa.func.sum(LedgerLine.cents))
            .where(LedgerLine.account_id.in_(ids))
            .group_by(LedgerLine.account_id)
        )
        .tuples()
        .all()
    )
    called: defaultdict[int, list[tuple[date, int]]] = defaultdict(list)
    for account_id, due_on, cents in session.execute(
        sa.select(ContributionCall.account_id, ContributionCall.due_on, ContributionCall.cents)
        .where(ContributionCall.account_id.in_(ids), ~is_reversed(ContributionCall.entry_id))
        .order_by(ContributionCall.due_on, ContributionCall.id)
    ):
        called[account_id].append((due_on, cents))
    found = []
    for account_id, (_name, account) in accounts.items():
        still_due = -int(balances.get(account_id) or 0)
        if not (still_due or called[account_id]):  # the call was withdrawn
            continue
        calls = called[account_id] or [(date(account.year, 12, 31), still_due)]
        total = sum(cents for _due_on, cents in calls)
        found.append(
            CallState(
                account_id,
                account,
                names[account.insurer or ""],
                total,
                still_due,
                _oldest(calls, total - still_due),
            )
        )
    return sorted(found, key=lambda each: (each.insurer_name, each.due.name))


def _oldest(calls: list[tuple[date, int]], come: int) -> date:
    """Answer when the oldest part that has not come was due; what comes is for the oldest first."""
    for due_on, cents in calls:
        if come < cents:
            return due_on
        come -= cents
    return calls[-1][0]
