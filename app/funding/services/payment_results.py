"""What becomes of payments: carried out, refused, back; said by the bank's files or by somebody who has looked."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.bank_file import EXECUTED as SAYS_EXECUTED
from app.funding.bank_file import PENDING, REFUSED, BankSays
from app.funding.models import FundingRegion, Payment, PaymentBatch
from app.funding.queries.entries import find_posting
from app.funding.queries.payables import payments_of
from app.funding.queries.rounds import pot_of
from app.funding.rules.ledger_accounts import RETURNED as RETURNED_MONEY
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.payments import BUILT, DROPPED, EXECUTED, PREPARED, RETURNED, SENT, UNDER_WAY, UNKNOWN
from app.funding.rules.postings import Because, commit, grant
from app.funding.services.ledger import counting_year, post
from app.funding.services.payment_batches import hold_batch
from app.funding.services.payment_postings import REASON, back_key, post_refusal, post_return
from app.groups.meetings.schedules import day_of
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MATCHED, KNOWN, UNMATCHED, CONTRADICTS, SETTLED = "matched", "known", "unmatched", "contradicts", "settled"


def apply(session: Session, batch: PaymentBatch, payment: Payment, says: BankSays, *, now: datetime) -> str:
    """Answer what became of a line about a payment: it is so now, it was so before, or it cannot be.

    In whatever order lines come, and however often, the payment ends in the same state.
    """
    if batch.state in (BUILT, DROPPED) or says.account not in (None, batch.debtor_iban):
        return CONTRADICTS
    if says.kind == PENDING:
        if payment.state not in (PREPARED, UNKNOWN):
            return KNOWN
        payment.state = SENT
        return MATCHED
    if says.kind == REFUSED:
        return _refuse(session, payment, says, now=now)
    if says.cents is not None and says.cents != payment.cents:
        return CONTRADICTS
    if says.kind == SAYS_EXECUTED:
        if payment.state not in UNDER_WAY:
            return CONTRADICTS if payment.state == RETURNED and payment.is_due_again else KNOWN
        _settle(payment, EXECUTED, says.booked_on, now=now)
        return MATCHED
    return _take_back(session, payment, says, now=now)


def mark_executed(session: Session, batch_id: int, *, now: datetime) -> None:
    """Afterwards every payment of a batch that was under way is carried out, as somebody has seen on the statement.

    Raises:
        RuleBroken: the bank does not have it.
    """
    batch, _found = hold_batch(session, batch_id)
    if batch.state != SENT:
        raise RuleBroken(_("Please say first that the bank has the file."), code="not_sent")
    for each in payments_of(session, batch_id):
        if each.state in UNDER_WAY:
            _settle(each, EXECUTED, None, now=now)
    note(session, "payment.batch_executed", now=now, record_id=batch_id)
    session.flush()


def mark_lost(session: Session, batch_id: int, *, by: int, now: datetime) -> None:
    """Afterwards nothing of a batch of which nobody knew was paid, and its awards can be put into another.

    Raises:
        RuleBroken: it is known to be at the bank, or whoever says so has released it.
    """
    batch, _found = hold_batch(session, batch_id)
    if batch.state != UNKNOWN:
        raise RuleBroken(_("Only a batch of which nobody knows can be lost."), code="not_unknown")
    if batch.released_by == by:
        raise RuleBroken(
            _("You released this batch yourself. Please let a second person ask the bank."),
            code="second_person",
        )
    for each in payments_of(session, batch_id):
        if each.state in UNDER_WAY:
            post_refusal(session, each, now=now)
            _settle(each, RETURNED, None, now=now)
            # Its account is not to blame, so nothing has to be entered anew.
            each.is_due_again, each.settled_at = True, None
    note(session, "payment.batch_lost", now=now, record_id=batch_id)
    session.flush()


def promise_again(session: Session, payment_id: int, *, now: datetime) -> None:
    """Afterwards money that came back is promised to the same group again, once its account is right.

    Raises:
        RuleBroken: it did not come back, or what came back was used for something else.
    """
    batch, found = hold_batch(session, session.get_one(Payment, payment_id).batch_id)
    payment = session.get_one(Payment, payment_id, populate_existing=True)
    if payment.state != RETURNED:
        raise RuleBroken(_("This payment did not come back."), code="not_returned")
    if payment.is_due_again:
        return
    back = find_posting(session, back_key(payment.id))
    if back is None:
        raise LookupError(f"Payment {payment.id} has no entry.")
    source = next(account for account in back.lines if account.kind == RETURNED_MONEY)
    pot = pot_of(session.get_one(FundingRegion, batch.region_id), found.year)
    year = counting_year(session, found.year, now=now)
    facts = {"payment": payment.id}
    granted = Because(f"{REASON}/{payment.id}/granted", "payment.again", facts, year)
    post(session, [grant(source, pot, payment.cents, granted)], now=now)
    promised = Because(f"{REASON}/{payment.id}/promised", "payment.again", facts, year)
    post(session, [commit(pot, a_group(payment.group_id), payment.cents, promised)], now=now)
    payment.is_due_again = True
    note(session, "payment.promised_again", now=now, record_id=batch.id, group_id=payment.group_id)
    session.flush()


def _refuse(session: Session, payment: Payment, says: BankSays, *, now: datetime) -> str:
    if payment.state not in UNDER_WAY:
        return KNOWN if payment.state == RETURNED else CONTRADICTS
    post_refusal(session, payment, now=now)
    _settle(payment, RETURNED, says.booked_on, now=now, reason=says.bank_reason)
    payment.is_due_again = True
    return MATCHED


def _take_back(session: Session, payment: Payment, says: BankSays, *, now: datetime) -> str:
    if payment.state == RETURNED:
        return KNOWN
    if says.cents is None:
        return CONTRADICTS
    post_return(session, payment, received_on=says.booked_on or day_of(now), now=now)
    _settle(payment, RETURNED, says.booked_on, now=now, reason=says.bank_reason)
    return MATCHED


def _settle(
    payment: Payment, state: str, on: date | None, *, now: datetime, reason: str | None = None
) -> None:
    payment.state, payment.settled_on, payment.settled_at = state, on or day_of(now), now
    payment.bank_reason = reason
