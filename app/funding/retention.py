"""What the funding package forgets, and when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    FundingRegion,
    GrantApplication,
    GrantRound,
    Notice,
    PayeeAccount,
    Payment,
    PaymentBatch,
)
from app.funding.queries.regions import rules_in
from app.shared.retention import Retention

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def forget_applications(session: Session, before: datetime) -> int:
    """Afterwards applications of funding years that had ended by then are gone; answer how many they were."""
    gone: Any = sa.delete(GrantApplication).where(
        GrantApplication.number.is_not(None),
        GrantApplication.round_id.in_(_kept_long_enough(session, before)),
    )
    return len(session.scalars(gone.returning(GrantApplication.id)).all())


def forget_unsent(session: Session, before: datetime) -> int:
    """Afterwards what was begun for years that had ended by then and never submitted is gone."""
    ended = sa.select(GrantRound.id).where(GrantRound.year < before.astimezone(UTC).year)
    gone: Any = sa.delete(GrantApplication).where(
        GrantApplication.number.is_(None), GrantApplication.round_id.in_(ended)
    )
    return len(session.scalars(gone.returning(GrantApplication.id)).all())


def forget_notices(session: Session, before: datetime) -> int:
    """Afterwards notices of funding years that had ended by then are gone; answer how many they were."""
    gone: Any = sa.delete(Notice).where(Notice.round_id.in_(_kept_long_enough(session, before)))
    return len(session.scalars(gone.returning(Notice.id)).all())


def forget_accounts(session: Session, before: datetime) -> int:
    """Afterwards payments of batches made before then no longer say to which account; answer how many these are."""
    old = sa.select(PaymentBatch.id).where(PaymentBatch.made_at < before)
    gone: Any = sa.update(Payment).where(Payment.batch_id.in_(old), Payment.iban != "")
    return len(session.scalars(gone.values(iban="", holder="").returning(Payment.id)).all())


def forget_entered_accounts(session: Session, before: datetime) -> int:
    """Afterwards accounts of groups that were entered before then are gone; answer how many they were."""
    gone: Any = sa.delete(PayeeAccount).where(PayeeAccount.entered_at < before)
    return len(session.scalars(gone.returning(PayeeAccount.id)).all())


def _kept_long_enough(session: Session, before: datetime) -> list[int]:
    """Answer the rounds whose files are old enough, given the years for which their region keeps them."""
    year = before.astimezone(UTC).year + KEEP_YEARS
    regions = session.scalars(sa.select(FundingRegion)).all()
    oldest = {region.id: year - rules_in(session, region).keep_years for region in regions}
    rounds = session.execute(sa.select(GrantRound.id, GrantRound.region_id, GrantRound.year))
    return [number for number, region_id, of_year in rounds if of_year < oldest[region_id]]


KEEP_YEARS = 6
"""So long files are kept where a region does not say otherwise; the job below counts from it."""
RULES = (
    Retention(
        "grant-notices",
        "notice",
        "notices with their letters, counted from the end of the funding year; regions may set 5 to 12 years",
        KEEP_YEARS * 365 + 2,
        forget_notices,
    ),
    Retention(
        "grant-applications",
        "grant_application",
        "submitted applications, with signatures and papers, counted from the end of the funding year; "
        "regions may set 5 to 12 years",
        KEEP_YEARS * 365 + 2,
        forget_applications,
    ),
    Retention(
        "unsent-applications",
        "grant_application",
        "applications that were never submitted, counted from the end of the funding year",
        90,
        forget_unsent,
    ),
    Retention(
        "payment-accounts",
        "payment",
        "holder and number of the account of payments, counted from the day of the batch; the sum stays",
        10 * 365 + 3,
        forget_accounts,
    ),
    Retention(
        "payee-accounts",
        "payee_account",
        "accounts of groups that the office entered or confirmed, counted from that day",
        10 * 365 + 3,
        forget_entered_accounts,
    ),
)
