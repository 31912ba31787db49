"""What the ledger says of who got what: the sums of a year's payees, named where names are published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.clearinghouses.models import ClearingHouse
from app.funding.models import FundingYear, LedgerAccount, LedgerLine, Organisation
from app.funding.rules.ledger_accounts import GROUP, HOUSE, OF_PAYEES, ORGANISATION
from app.funding.rules.publication import FEDERAL_AREA, Publication, Sum, publication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class PublishedYear:
    """A year that is published, and when its books were closed; None while they are open."""

    year: int
    closed_at: datetime | None


def list_published_years(session: Session, *, this_year: int) -> list[PublishedYear]:
    """Answer the years that are over, or closed, and in which anybody was promised money; the newest first."""
    found = (
        sa.select(LedgerAccount.year, FundingYear.closed_at)
        .outerjoin(FundingYear, FundingYear.year == LedgerAccount.year)
        .where(LedgerAccount.kind.in_(OF_PAYEES))
        .where((LedgerAccount.year < this_year) | FundingYear.closed_at.is_not(None))
        .distinct()
        .order_by(LedgerAccount.year.desc())
    )
    return [PublishedYear(year, closed_at) for year, closed_at in session.execute(found)]


def read_publication(session: Session, year: int) -> Publication:
    """Answer what everybody was promised or paid from the pots of a year and has not given back."""
    payees = _payees(year)
    return publication(year, [*_groups(session, payees), *_named(session, payees)])


def _payees(year: int) -> Any:
    """Answer the sum of each payee in each area, what is promised and what is paid together."""
    return (
        sa.select(
            sa.func.coalesce(LedgerAccount.state_ags, FEDERAL_AREA).label("area"),
            LedgerAccount.payee_kind.label("kind"),
            LedgerAccount.payee_id.label("payee_id"),
            sa.func.sum(LedgerLine.cents).label("cents"),
        )
        .join(LedgerLine, LedgerLine.account_id == LedgerAccount.id)
        .where(LedgerAccount.kind.in_(OF_PAYEES), LedgerAccount.year == year)
        .group_by(LedgerAccount.state_ags, LedgerAccount.payee_kind, LedgerAccount.payee_id)
        .subquery()
    )


def _groups(session: Session, payees: Any) -> Iterator[Sum]:
    """Answer the groups of each area as one sum: their numbers do not leave the database."""
    together = (
        sa.select(payees.c.area, sa.func.count(), sa.func.sum(payees.c.cents))
        .where(payees.c.kind == GROUP, payees.c.cents > 0)
        .group_by(payees.c.area)
    )
    for area, count, cents in session.execute(together):
        yield Sum(area, GROUP, "", count, int(cents))


def _named(session: Session, payees: Any) -> Iterator[Sum]:
    """Answer organisations and clearing houses, each with its name."""
    for kind, table in ((ORGANISATION, Organisation), (HOUSE, ClearingHouse)):
        named = (
            sa.select(payees.c.area, table.name, payees.c.cents)
            .join(table, table.id == payees.c.payee_id)
            .where(payees.c.kind == kind)
        )
        for area, name, cents in session.execute(named):
            yield Sum(area, kind, name, 1, int(cents))
