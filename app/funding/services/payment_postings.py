"""What payments do to the ledger: paid when their batch is released, promised again when refused, or returned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from app.funding.models import FundingRegion, GrantRequest, GrantRound, Payment
from app.funding.queries.entries import find_posting
from app.funding.queries.rounds import pot_of
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.postings import Because, give_back, pay
from app.funding.services.ledger import counting_year, post, reverse

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

REASON = "payment"
"""The reason of every entry that a payment makes, and the first word of its key."""


def paid_key(payment_id: int) -> str:
    """Answer the key under which a payment is booked as paid."""
    return f"{REASON}/{payment_id}/paid"


def back_key(payment_id: int) -> str:
    """Answer the key under which its money came back."""
    return f"{REASON}/{payment_id}/back"


def refused_key(payment_id: int) -> str:
    """Answer the key under which it was taken back, as the bank never carried it out."""
    return f"{REASON}/{payment_id}/refused"


def post_payments(session: Session, found: GrantRound, payments: Sequence[Payment], *, now: datetime) -> None:
    """Afterwards what was promised is booked as paid, for all of them.

    Raises:
        RuleBroken: not so much is promised any more, or the money has not come.
    """
    pot = pot_of(session.get_one(FundingRegion, found.region_id), found.year)
    year = counting_year(session, found.year, now=now)
    post(
        session,
        [
            pay(
                pot,
                a_group(each.group_id),
                each.cents,
                Because(paid_key(each.id), REASON, {"payment": each.id, "run": each.run_id}, year=year),
            )
            for each in payments
        ],
        now=now,
    )


def post_refusal(session: Session, payment: Payment, *, now: datetime) -> None:
    """Afterwards the money is promised as it was before: it never left the account."""
    original = find_posting(session, paid_key(payment.id))
    if original is None:
        raise LookupError(f"Payment {payment.id} has no entry.")
    year = counting_year(session, original.year, now=now)
    corrects = original.key if year != original.year else None
    because = Because(refused_key(payment.id), "payment.refused", {"payment": payment.id}, year, corrects)
    reverse(session, original.key, because, now=now)


def post_return(session: Session, payment: Payment, *, received_on: date, now: datetime) -> None:
    """Afterwards the money has come back, in the year in which it came, or today's once that is closed."""
    request = session.get_one(GrantRequest, payment.request_id)
    found = session.get_one(GrantRound, request.round_id)
    pot = pot_of(session.get_one(FundingRegion, found.region_id), found.year)
    year = counting_year(session, max(received_on.year, found.year), now=now)
    facts: dict[str, str | int | bool | None] = {"payment": payment.id, "day": received_on.isoformat()}
    because = Because(back_key(payment.id), "payment.returned", facts)
    post(session, [give_back(pot, a_group(payment.group_id), payment.cents, because, year=year)], now=now)
