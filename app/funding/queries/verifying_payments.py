"""Whether payments agree with the ledger: each that was released is booked once, each that came back is booked back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.models import LedgerAccount, LedgerEntry, LedgerLine, Payment, PaymentBatch
from app.funding.rules.ledger_accounts import PAID
from app.funding.rules.payments import BUILT, DROPPED, RETURNED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

BOOKED, BACK, REFUSED = "paid", "back", "refused"


def faults_of_payments(session: Session) -> Iterator[str]:
    """Yield, in words, everything that does not agree."""
    booked = _booked(session)
    rows = session.execute(
        sa.select(Payment, PaymentBatch.state).join(PaymentBatch, PaymentBatch.id == Payment.batch_id)
    ).all()
    for payment, batch_state in rows:
        found = {what: booked.pop((payment.id, what), None) for what in (BOOKED, BACK, REFUSED)}
        if batch_state in (BUILT, DROPPED):
            due: tuple[int | None, int | None] = (None, None)
        elif payment.state == RETURNED:
            due = (payment.cents, -payment.cents)
        else:
            due = (payment.cents, None)
        back = [each for each in (found[BACK], found[REFUSED]) if each is not None]
        said = (found[BOOKED], back[0] if len(back) == 1 else sum(back) or None)
        if said != due:
            yield f"payment {payment.id} ({payment.state}): the ledger says {said}, due is {due} (paid, back)"
    yield from (f"entry payment/{number}/{what}: has no payment" for number, what in booked)
    sums = sa.select(
        PaymentBatch.id, PaymentBatch.count, PaymentBatch.cents, sa.func.count(), sa.func.sum(Payment.cents)
    ).outerjoin(Payment, Payment.batch_id == PaymentBatch.id)
    for number, count, cents, there, together in session.execute(
        sums.group_by(PaymentBatch.id, PaymentBatch.count, PaymentBatch.cents)
    ):
        if (count, cents) != (there, together):
            yield f"batch {number}: {count} payments of {cents} cents are said, {there} of {together} are there"


def _booked(session: Session) -> dict[tuple[int, str], int]:
    """Answer what each entry of a payment moved to (or, below zero, from) what is paid."""
    rows = session.execute(
        sa.select(LedgerEntry.key, LedgerLine.cents)
        .join(LedgerLine, LedgerLine.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerLine.account_id)
        .where(LedgerEntry.key.startswith("payment/"), LedgerAccount.kind == PAID)
    )
    found = {}
    for key, cents in rows:
        _word, number, what = key.split("/")
        if what in (BOOKED, BACK, REFUSED):
            found[(int(number), what)] = cents
    return found
