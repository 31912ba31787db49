"""Awards are paid in batches: one person makes it, another releases it, its file goes to the bank. docs/adr/0023."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.funding.models import FundingRegion, GrantRound, Payment, PaymentBatch, RegionAccount
from app.funding.queries.payables import Payable, list_payables, payable_cents, payments_of
from app.funding.queries.rounds import find_round
from app.funding.rules.payments import BUILT, DROPPED, PREPARED, RELEASED, RETURNED, SENT, UNKNOWN, which_fit
from app.funding.rules.sepa_text import purpose_of
from app.funding.sepa import Message, Order, make_file
from app.funding.services.payment_postings import post_payments
from app.funding.services.payment_release import check_release
from app.funding.services.rounds import hold_round
from app.groups.meetings.schedules import day_of
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

AT_MOST_AHEAD = timedelta(days=60)


def build_batch(
    session: Session, round_id: int, *, execution_on: date, most_cents: int | None, by: int, now: datetime
) -> int:
    """Answer the number of a batch with every award that can be paid and fits into the money that is there.

    ``most_cents`` is the most that the batch may come to. Each award is in one live batch at most.

    Raises:
        BadInput: the day cannot be.
        RuleBroken: the region pays elsewhere, or nothing can be paid now.
    """
    found = hold_round(session, round_id)
    debtor = session.get(RegionAccount, found.region_id)
    if debtor is None:
        raise RuleBroken(_("Please enter first from which account this region pays."), code="no_debtor")
    if not day_of(now) <= execution_on <= day_of(now) + AT_MOST_AHEAD:
        raise BadInput(_("Please choose a day from today on, at most 60 days ahead."), field="execution_on")
    chosen = _chosen(session, found, most_cents, on=day_of(now))
    batch = PaymentBatch(
        region_id=found.region_id,
        year=found.year,
        reference=f"WK{found.year % 100:02}-{secrets.token_hex(6)}",
        debtor_name=debtor.name,
        debtor_iban=debtor.iban,
        execution_on=execution_on,
        count=len(chosen),
        cents=sum(each.cents for each in chosen),
        made_by=by,
        made_at=now,
    )
    try:
        with session.begin_nested():
            session.add(batch)
            session.flush()
            session.execute(sa.insert(Payment), _rows(batch, chosen))
    except IntegrityError as error:
        raise RuleBroken(
            _("Somebody else made a batch with these awards in the same moment. Please look again."),
            code="in_other_batch",
        ) from error
    file_of(session, batch)  # what no bank would take is found now, not when it is released
    note(session, "payment.batch_built", now=now, record_id=batch.id, payments=batch.count)
    return batch.id


def release_batch(session: Session, batch_id: int, *, by: int, limit_cents: int, now: datetime) -> None:
    """Afterwards the file of the batch can be fetched, and every payment of it is booked as paid.

    Raises:
        RuleBroken: one person cannot do both; it is above what this person may release a day; something of it has
            changed since; or the money has not come.
    """
    batch, found = hold_batch(session, batch_id)
    if batch.state != BUILT:
        raise RuleBroken(_("This batch is released or dropped already."), code="not_built")
    payments = payments_of(session, batch_id)
    check_release(session, found, batch, payments, by=by, limit_cents=limit_cents, now=now)
    batch.sha256 = hashlib.sha256(file_of(session, batch)).hexdigest()
    batch.state, batch.released_by, batch.released_at = RELEASED, by, now
    session.flush()
    post_payments(session, found, payments, now=now)
    note(session, "payment.batch_released", now=now, record_id=batch.id, payments=batch.count)


def drop_batch(session: Session, batch_id: int, *, now: datetime) -> None:
    """Afterwards the batch is given up, and its awards can be put into another.

    Raises:
        RuleBroken: it is released already.
    """
    batch, _found = hold_batch(session, batch_id)
    if batch.state == DROPPED:
        return
    if batch.state != BUILT:
        raise RuleBroken(
            _("This batch is released, so it may be at the bank. It can no longer be dropped."),
            code="released",
        )
    batch.state = DROPPED
    _set_states(session, batch_id, (PREPARED,), DROPPED)
    note(session, "payment.batch_dropped", now=now, record_id=batch_id)
    session.flush()


def mark_sent(session: Session, batch_id: int, *, now: datetime) -> None:
    """Afterwards it is known that the bank has the file.

    Raises:
        RuleBroken: it is not released, or was given up as lost.
    """
    batch = _released(session, batch_id)
    if batch.state == SENT:
        return
    bank_has_it(session, batch, now=now)
    note(session, "payment.batch_sent", now=now, record_id=batch_id)


def bank_has_it(session: Session, batch: PaymentBatch, *, now: datetime) -> None:
    """Afterwards a held batch is at the bank, with every payment of it that the bank has not told of."""
    batch.state, batch.sent_at = SENT, batch.sent_at or now
    _set_states(session, batch.id, (PREPARED, UNKNOWN), SENT)
    session.flush()


def mark_unknown(session: Session, batch_id: int, *, now: datetime) -> None:
    """Afterwards nobody knows whether the bank has the file; nothing is sent again until somebody or the bank says.

    Raises:
        RuleBroken: it is not released.
    """
    batch = _released(session, batch_id)
    if batch.state == UNKNOWN:
        return
    batch.state = UNKNOWN
    _set_states(session, batch_id, (PREPARED, SENT), UNKNOWN)
    note(session, "payment.batch_unknown", now=now, record_id=batch_id)
    session.flush()


def file_of(session: Session, batch: PaymentBatch) -> bytes:
    """Answer the file of a batch: the same bytes each time.

    Raises:
        RuleBroken: what is stored no longer makes the file that was released.
    """
    payments = payments_of(session, batch.id)
    orders = [
        Order(each.end_to_end_id, each.holder, each.iban, each.cents, each.purpose) for each in payments
    ]
    made = make_file(
        Message(
            batch.reference, batch.made_at, batch.debtor_name, batch.debtor_iban, batch.execution_on, orders
        )
    )
    is_whole = (batch.count, batch.cents) == (len(orders), sum(each.cents for each in orders))
    if not is_whole or (batch.sha256 and hashlib.sha256(made).hexdigest() != batch.sha256):
        raise RuleBroken(
            _(
                "What is stored of this batch was changed. Please tell whoever runs the server, and send nothing."
            ),
            code="changed",
        )
    return made


def hold_batch(session: Session, batch_id: int) -> tuple[PaymentBatch, GrantRound]:
    """Answer a batch and its round; until the transaction ends nobody else changes either."""
    seen = session.get_one(PaymentBatch, batch_id)
    region = session.get_one(FundingRegion, seen.region_id)
    known = find_round(session, region.slug, seen.year)
    if known is None:
        raise LookupError(f"The round of batch {batch_id} is gone.")
    found = hold_round(session, known.id)
    return session.get_one(PaymentBatch, batch_id, with_for_update=True, populate_existing=True), found


def _chosen(session: Session, found: GrantRound, most_cents: int | None, *, on: date) -> list[Payable]:
    there = payable_cents(session, found)
    ready = [each for each in list_payables(session, found, on=on) if each.held is None]
    most = there if most_cents is None else min(there, most_cents)
    chosen = [ready[place] for place in which_fit([each.cents for each in ready], most)]
    if not chosen:
        raise RuleBroken(
            _("No award can be paid now. Nothing has changed; the list says what each one waits for."),
            code="nothing_ready",
        )
    return chosen


def _released(session: Session, batch_id: int) -> PaymentBatch:
    batch, _found = hold_batch(session, batch_id)
    if batch.state in (BUILT, DROPPED):
        raise RuleBroken(_("Only a batch that is released can be sent."), code="not_released")
    if batch.state == UNKNOWN and all(each.state == RETURNED for each in payments_of(session, batch_id)):
        raise RuleBroken(
            _(
                "Somebody else gave this batch up as lost, and its awards may be in another one. Please look at the "
                "statement of the account before anything else is released."
            ),
            code="given_up",
        )
    return batch


def _set_states(session: Session, batch_id: int, before: tuple[str, ...], after: str) -> None:
    session.execute(
        sa.update(Payment).where(Payment.batch_id == batch_id, Payment.state.in_(before)).values(state=after)
    )


def _rows(batch: PaymentBatch, chosen: list[Payable]) -> list[dict[str, object]]:
    return [
        {
            "batch_id": batch.id,
            "position": position,
            "award_key": each.key,
            "run_id": each.run_id,
            "request_id": each.request_id,
            "group_id": each.group_id,
            "cents": each.cents,
            "holder": each.account.holder,
            "iban": each.account.iban,
            "purpose": purpose_of(batch.year, each.number),
            "end_to_end_id": f"{batch.reference}-{position}",
            "state": PREPARED,
            "is_due_again": False,
        }
        for position, each in enumerate(chosen, start=1)
        if each.account is not None
    ]
