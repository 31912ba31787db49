"""Entries of the ledger as they were posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.funding.models import Insurer, LedgerAccount, LedgerEntry, LedgerLine
from app.funding.rules.ledger_accounts import Account, Payee
from app.funding.rules.postings import Posting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Written:
    """A posting as it stands in the ledger."""

    id: int
    posting: Posting
    posted_at: datetime
    history_id: int
    digest: str


def entry_ids(session: Session, keys: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Answer number and digest of those keys that are there."""
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = sa.select(LedgerEntry.key, LedgerEntry.id, LedgerEntry.digest).where(
            LedgerEntry.key.in_(keys[start : start + _AT_ONCE])
        )
        found |= {key: (number, digest) for key, number, digest in session.execute(some)}
    return found


def find_posting(session: Session, key: str) -> Posting | None:
    """Answer what was posted under a key."""
    moved = (
        sa.select(LedgerLine.account_id)
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .where(LedgerEntry.key == key)
    )
    accounts = accounts_where(session, LedgerAccount.id.in_(moved))
    found = _read(session, LedgerEntry.key == key, {number: each for number, (_, each) in accounts.items()})
    return next((each.posting for each in found), None)


def find_standing(session: Session, prefixes: Sequence[str]) -> list[Posting]:
    """Answer what was posted under keys that begin like this and is not reversed, in the order of the entries."""
    begins = sa.or_(*(LedgerEntry.key.startswith(each, autoescape=True) for each in prefixes))
    which = begins & ~is_reversed(LedgerEntry.id)
    moved = sa.select(LedgerLine.account_id).join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
    accounts = accounts_where(session, LedgerAccount.id.in_(moved.where(which)))
    found = _read(session, which, {number: each for number, (_, each) in accounts.items()})
    return [each.posting for each in found]


def is_reversed(entry_id: Any) -> sa.ColumnElement[bool]:
    """Answer, for a query, whether an entry is reversed."""
    back = aliased(LedgerEntry)
    return sa.exists().where(back.reverses_id == entry_id)


def each_entry(session: Session, accounts: Mapping[int, Account]) -> Iterator[Written]:
    """Yield every entry, in the order of their numbers; ``accounts`` are all there are, by number."""
    return _read(session, sa.true(), accounts)


def accounts_by_id(session: Session) -> dict[int, tuple[str, Account]]:
    """Answer the stored name of each account, and the account that its other columns say."""
    return accounts_where(session, sa.true())


def accounts_where(session: Session, which: sa.ColumnElement[bool]) -> dict[int, tuple[str, Account]]:
    """Answer the accounts for which something is true: by number, the stored name and what the other columns say."""
    rows = session.execute(
        sa.select(
            LedgerAccount.id,
            LedgerAccount.name,
            LedgerAccount.kind,
            LedgerAccount.year,
            Insurer.slug,
            LedgerAccount.state_ags,
            LedgerAccount.region,
            LedgerAccount.level,
            LedgerAccount.payee_kind,
            LedgerAccount.payee_id,
        )
        .outerjoin(Insurer, Insurer.id == LedgerAccount.insurer_id)
        .where(which)
    )
    return {row.id: (row.name, _account(row)) for row in rows}


def _account(row: Any) -> Account:
    payee = Payee(row.payee_kind, row.payee_id) if row.payee_kind else None
    return Account(row.kind, row.year, row.slug, row.state_ags, row.region, row.level, payee)


def _read(session: Session, which: Any, accounts: Mapping[int, Account]) -> Iterator[Written]:
    reversed_entry, corrected = aliased(LedgerEntry), aliased(LedgerEntry)
    rows = session.execute(
        sa.select(
            LedgerEntry.id,
            LedgerEntry.key,
            LedgerEntry.kind,
            LedgerEntry.reason,
            LedgerEntry.facts,
            LedgerEntry.year,
            LedgerEntry.posted_at,
            LedgerEntry.history_id,
            LedgerEntry.digest,
            reversed_entry.key.label("reverses"),
            corrected.key.label("corrects"),
            LedgerLine.account_id,
            LedgerLine.cents,
        )
        .outerjoin(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .outerjoin(reversed_entry, reversed_entry.id == LedgerEntry.reverses_id)
        .outerjoin(corrected, corrected.id == LedgerEntry.corrects_id)
        .where(which)
        .order_by(LedgerEntry.id, LedgerLine.account_id)
    )
    for number, found in groupby(rows, key=lambda row: row.id):
        first, *others = found
        lines = {accounts[row.account_id]: row.cents for row in (first, *others) if row.cents is not None}
        posting = Posting(
            key=first.key,
            kind=first.kind,
            reason=first.reason,
            year=first.year,
            lines=lines,
            facts=first.facts,
            reverses=first.reverses,
            corrects=first.corrects,
        )
        yield Written(number, posting, first.posted_at, first.history_id, first.digest)
