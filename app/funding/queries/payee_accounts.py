"""To which account a group's money goes now, and whether two people have seen that it changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import GrantApplication, PayeeAccount, Payment
from app.funding.rules.application import ACCOUNT, SUBMITTED
from app.funding.rules.payments import DROPPED
from app.shared.signed_links import fingerprint

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class AccountNow:
    """The account that holds for a group.

    ``row_id`` and ``entered_by`` are there when the office entered it. ``is_confirmed``: it is the one that was paid
    or applied with before, the group's first, or a second person has confirmed it.
    """

    group_id: int
    holder: str
    iban: str
    since: datetime
    is_confirmed: bool
    row_id: int | None = None
    entered_by: int | None = None


def accounts_of(session: Session, round_id: int, group_ids: Collection[int]) -> dict[int, AccountNow]:
    """Answer the accounts of groups that take part in a round; who has none is not there."""
    wanted = set(group_ids)
    rows = session.scalars(sa.select(PayeeAccount).order_by(PayeeAccount.id)).all()
    entered = {row.group_id: row for row in rows if row.group_id in wanted}
    applied = _applied(session, round_id)
    known = _known_before(session, round_id, rows)
    found = {}
    for group_id in wanted & (entered.keys() | applied.keys()):
        row, named = entered.get(group_id), applied.get(group_id)
        if row is not None and (named is None or named[2] <= row.entered_at):
            found[group_id] = AccountNow(
                group_id,
                row.holder,
                row.iban,
                row.entered_at,
                row.confirmed_by is not None,
                row.id,
                row.entered_by,
            )
        elif named is not None:
            holder, iban, since = named
            marks = known.get(group_id, set())
            found[group_id] = AccountNow(
                group_id, holder, iban, since, not marks or fingerprint(iban) in marks
            )
    return found


def _applied(session: Session, round_id: int) -> dict[int, tuple[str, str, datetime]]:
    """Answer what groups named as their account in the applications of a round that two people have signed."""
    rows = session.execute(
        sa.select(GrantApplication.group_id, GrantApplication.answers, GrantApplication.submitted_at).where(
            GrantApplication.round_id == round_id, GrantApplication.state == SUBMITTED
        )
    )
    found = {}
    for group_id, answers, submitted_at in rows:
        values = (answers.get(ACCOUNT) or {}).get("values")
        if values and submitted_at:
            found[group_id] = (values["holder"], values["iban"], submitted_at)
    return found


def _known_before(session: Session, round_id: int, rows: Collection[PayeeAccount]) -> dict[int, set[str]]:
    """Answer the marks of accounts that were paid, applied with in other rounds, or confirmed."""
    known: dict[int, set[str]] = {}
    for row in rows:
        if row.confirmed_by is not None:
            known.setdefault(row.group_id, set()).add(fingerprint(row.iban))
    paid = sa.select(Payment.group_id, Payment.iban).where(Payment.state != DROPPED, Payment.iban != "")
    for group_id, iban in session.execute(paid.distinct()):
        known.setdefault(group_id, set()).add(fingerprint(iban))
    earlier = sa.select(GrantApplication.group_id, GrantApplication.account_mark).where(
        GrantApplication.round_id != round_id,
        GrantApplication.state == SUBMITTED,
        GrantApplication.account_mark.is_not(None),
    )
    for group_id, mark in session.execute(earlier):
        if mark is not None:
            known.setdefault(group_id, set()).add(mark)
    return known
