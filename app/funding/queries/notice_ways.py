"""How notices reach groups, houses and organisations: who consents to retrieve them here, and where letters go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import RoleGrant, User
from app.accounts.rules.permissions import DESK_LEAD
from app.funding.models import DirectNotice, Notice, NoticeWay
from app.funding.rules.ledger_accounts import GROUP, HOUSE, ORGANISATION, Payee

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

COLUMNS = {
    GROUP: NoticeWay.group_id,
    HOUSE: NoticeWay.clearinghouse_id,
    ORGANISATION: NoticeWay.organisation_id,
}
"""Kind of payee → the column that names it."""


def ways_of(session: Session, payee: Payee) -> Sequence[NoticeWay]:
    """Answer what somebody has said about their notices, the newest first."""
    of_payee = sa.select(NoticeWay).where(COLUMNS[payee.kind] == payee.id)
    return session.scalars(of_payee.order_by(NoticeWay.id.desc())).all()


def newest_ways(session: Session, payees: Iterable[Payee]) -> Mapping[Payee, NoticeWay]:
    """Answer what holds of each of these who has said anything."""
    by_kind: dict[str, list[int]] = {}
    for payee in payees:
        by_kind.setdefault(payee.kind, []).append(payee.id)
    found: dict[Payee, NoticeWay] = {}
    for kind, ids in by_kind.items():
        column = COLUMNS[kind]
        rows = sa.select(NoticeWay).where(column.in_(ids)).order_by(NoticeWay.id)
        found |= {Payee(kind, getattr(way, column.key)): way for way in session.scalars(rows)}
    return found


def address_of(way: NoticeWay | None) -> list[str]:
    """Answer the lines of an envelope below the name; none where letters go by way of the clearing house."""
    return way.address.splitlines() if way else []


def goes_by_mail(notice: type[Notice | DirectNotice]) -> sa.ColumnElement[bool]:
    """Whether whoever a notice is for consents to retrieve it here, and somebody can sign in to do so."""
    if notice is Notice:
        return _consents(NoticeWay.group_id, Notice.group_id) & _reads(RoleGrant.group_id == Notice.group_id)
    house = sa.and_(RoleGrant.clearinghouse_id == DirectNotice.clearinghouse_id, RoleGrant.role == DESK_LEAD)
    return sa.or_(
        _consents(NoticeWay.group_id, DirectNotice.group_id)
        & _reads(RoleGrant.group_id == DirectNotice.group_id),
        _consents(NoticeWay.clearinghouse_id, DirectNotice.clearinghouse_id) & _reads(house),
        _consents(NoticeWay.organisation_id, DirectNotice.organisation_id)
        & _reads(RoleGrant.organisation_id == DirectNotice.organisation_id),
    )


def _consents(column: Any, payee: Any) -> sa.ColumnElement[bool]:
    later = sa.orm.aliased(NoticeWay)
    is_newest = ~sa.exists().where(getattr(later, column.key) == column, later.id > NoticeWay.id)
    return sa.exists().where(column == payee, NoticeWay.is_electronic, is_newest)


def _reads(whose: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(whose, RoleGrant.user_id == User.id, User.is_active)
