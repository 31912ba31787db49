"""Notices about what was decided without a round: those of a payee, and what became of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import DirectNotice, DirectNoticeAct
from app.funding.queries.notices import Deadlines, deadlines_after
from app.funding.queries.payees import payee_names
from app.funding.queries.undelivered import MAILED, POSTED, came_back, sent_at
from app.funding.rules.ledger_accounts import GROUP, HOUSE, ORGANISATION, Payee
from app.groups.meetings.schedules import day_of

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
    """A notice, the name of whom it is for, and what became of it, by act."""

    notice: DirectNotice
    name: str
    acts: Mapping[str, datetime]
    is_back: bool = False
    """Whether it was mailed and nobody got it."""

    @property
    def sent_at(self) -> datetime | None:
        """From when it counts as sent, by mail or on paper."""
        return sent_at(self.acts, is_back=self.is_back)

    @property
    def is_out(self) -> bool:
        """Whether it has left the house: its payee can read it."""
        return not {MAILED, POSTED}.isdisjoint(self.acts)

    @property
    def deadlines(self) -> Deadlines | None:
        """The days that follow from when it was sent; None while it was not."""
        return deadlines_after(day_of(self.sent_at), self.notice.state_ags) if self.sent_at else None


def payee_of(notice: DirectNotice) -> Payee:
    """Answer whom a notice is for."""
    return next(Payee(kind, number) for kind, c in COLUMNS.items() if (number := getattr(notice, c.key)))


def find_direct_notice(session: Session, notice_id: int) -> DirectLine | None:
    """Answer a notice."""
    return next(iter(_lines(session, DirectNotice.id == notice_id)), None)


def list_direct_notices(session: Session, payee: Payee) -> list[DirectLine]:
    """Answer the notices that were sent to somebody, the newest first."""
    lines = _lines(session, COLUMNS[payee.kind] == payee.id)
    return [line for line in reversed(lines) if line.is_out]


def list_notices_under(session: Session, keys: Sequence[str]) -> dict[str, DirectLine]:
    """Answer the notices of some decisions, by their keys."""
    return {line.notice.key: line for line in _lines(session, DirectNotice.key.in_(keys))}


def _lines(session: Session, which: sa.ColumnElement[bool]) -> list[DirectLine]:
    rows = session.execute(
        sa.select(DirectNotice, came_back(DirectNotice)).where(which).order_by(DirectNotice.id)
    ).all()
    acts: dict[int, dict[str, datetime]] = {each.id: {} for each, _is_back in rows}
    found = sa.select(DirectNoticeAct).join(DirectNotice, DirectNotice.id == DirectNoticeAct.notice_id)
    for act in session.scalars(found.where(which)):
        acts[act.notice_id][act.act] = act.at
    names = payee_names(session, [payee_of(each) for each, _is_back in rows])
    return [DirectLine(each, names[payee_of(each)], acts[each.id], is_back) for each, is_back in rows]
