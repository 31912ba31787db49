"""Notices about what was decided without a round: those of a payee, and what became of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import DirectNotice
from app.funding.queries.notices import Deadlines, deadlines_after
from app.funding.queries.payees import payee_names
from app.funding.queries.undelivered import dispatches
from app.funding.reference_files import federal_office
from app.funding.rules.dispatch import Dispatch
from app.funding.rules.ledger_accounts import GROUP, HOUSE, ORGANISATION, Payee

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COLUMNS = {
    GROUP: DirectNotice.group_id,
    HOUSE: DirectNotice.clearinghouse_id,
    ORGANISATION: DirectNotice.organisation_id,
}
"""Kind of payee → the column that names it."""


@dataclass(frozen=True, slots=True)
class DirectLine:
    """A notice, the name of whom it is for, and what became of it."""

    notice: DirectNotice
    name: str
    dispatch: Dispatch

    @property
    def deadlines(self) -> Deadlines | None:
        """The days that follow from when it was sent; None while it was not."""
        land = self.notice.state_ags or federal_office().state_ags
        return deadlines_after(self.dispatch.sent, land) if self.dispatch.sent else None


def payee_of(notice: DirectNotice) -> Payee:
    """Answer whom a notice is for."""
    return next(Payee(kind, number) for kind, c in COLUMNS.items() if (number := getattr(notice, c.key)))


def find_direct_notice(session: Session, notice_id: int) -> DirectLine | None:
    """Answer a notice."""
    return next(iter(_lines(session, DirectNotice.id == notice_id)), None)


def list_direct_notices(session: Session, payee: Payee) -> list[DirectLine]:
    """Answer the notices that were sent to somebody, the newest first."""
    lines = _lines(session, COLUMNS[payee.kind] == payee.id)
    return [line for line in reversed(lines) if line.dispatch.is_out]


def list_notices_under(session: Session, keys: Sequence[str]) -> dict[str, DirectLine]:
    """Answer the notices of some decisions, by their keys."""
    return {line.notice.key: line for line in _lines(session, DirectNotice.key.in_(keys))}


def _lines(session: Session, which: sa.ColumnElement[bool]) -> list[DirectLine]:
    found = session.scalars(sa.select(DirectNotice).where(which).order_by(DirectNotice.id)).all()
    became = dispatches(session, DirectNotice, which)
    names = payee_names(session, [payee_of(each) for each in found])
    return [DirectLine(each, names[payee_of(each)], became[each.id]) for each in found]
