"""The bank's files are read: each line once, matched with payments by their name, else with batches by their sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.funding.bank_file import EXECUTED, PENDING, BankSays
from app.funding.models import BankLine, Payment, PaymentBatch
from app.funding.rules.payments import RELEASED, SENT, UNDER_WAY, UNKNOWN
from app.funding.services.payment_batches import bank_has_it, hold_batch
from app.funding.services.payment_results import CONTRADICTS, KNOWN, MATCHED, SETTLED, UNMATCHED, apply
from app.shared.errors import RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_AT_ONCE = 5_000
_Held = tuple[PaymentBatch, dict[int, Payment]]


def import_lines(session: Session, lines: Sequence[BankSays], *, now: datetime) -> Counter[str]:
    """Answer how many lines had which outcome; lines that were read before change nothing.

    Raises:
        RuleBroken: somebody reads the same file in the same moment.
    """
    marks = {line.mark for line in lines}
    seen = set(session.scalars(sa.select(BankLine.mark).where(BankLine.mark.in_(marks))))
    outcomes = Counter({KNOWN: len(lines) - len(marks - seen)})
    fresh = {line.mark: line for line in lines if line.mark not in seen}
    named = _by_name(session, [line.end_to_end_id for line in fresh.values() if line.end_to_end_id])
    found = [(_find(session, line, named), line) for line in fresh.values()]
    held: dict[int, _Held] = {}
    rows = []
    # In the order of the batches, so that two who read files at once do not wait in a ring.
    for (batch_id, payment_id), line in sorted(found, key=lambda each: each[0]):
        outcome = _act(session, batch_id, payment_id, line, held, now=now)
        outcomes[outcome] += 1
        rows.append(_row(line, payment_id, outcome, now=now))
    note(session, "payment.bank_file_read", now=now, lines=len(lines), matched=outcomes[MATCHED])
    try:
        session.add_all(rows)
        session.flush()
    except IntegrityError as error:
        raise RuleBroken(
            _("Somebody else reads this file in the same moment. Please look again."), code="read_meanwhile"
        ) from error
    return outcomes


def settle_line(session: Session, line_id: int, *, now: datetime) -> None:
    """Afterwards somebody has looked at a line that fitted nothing, and it is no longer listed."""
    line = session.get(BankLine, line_id, with_for_update=True)
    if line is None or line.outcome not in (UNMATCHED, CONTRADICTS):
        return
    line.outcome = SETTLED
    note(session, "payment.bank_line_settled", now=now, record_id=line_id)
    session.flush()


def list_open_lines(session: Session) -> list[BankLine]:
    """Answer the lines that somebody has to look at, the last first."""
    rows = sa.select(BankLine).where(BankLine.outcome.in_((UNMATCHED, CONTRADICTS)))
    return list(session.scalars(rows.order_by(BankLine.id.desc()).limit(200)))


def _by_name(session: Session, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for start in range(0, len(names), _AT_ONCE):
        rows = session.execute(
            sa.select(Payment.end_to_end_id, Payment.batch_id, Payment.id).where(
                Payment.end_to_end_id.in_(names[start : start + _AT_ONCE])
            )
        )
        found |= {name: (batch_id, payment_id) for name, batch_id, payment_id in rows}
    return found


def _find(session: Session, line: BankSays, named: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Answer batch and payment that a line is about; 0 for none, or for all payments of the batch."""
    if line.end_to_end_id is not None:
        return named.get(line.end_to_end_id, (0, 0))
    if line.reference is not None:
        batch_id = session.scalar(sa.select(PaymentBatch.id).where(PaymentBatch.reference == line.reference))
        return (batch_id or 0, 0)
    if line.kind != EXECUTED or line.cents is None:
        return (0, 0)
    # A bank that books the sum and says nothing else: the batch of this sum, if there is only one that waits.
    same = session.execute(
        sa.select(PaymentBatch.id, PaymentBatch.execution_on).where(
            PaymentBatch.cents == line.cents,
            PaymentBatch.debtor_iban == line.account,
            PaymentBatch.state.in_((RELEASED, SENT, UNKNOWN)),
            PaymentBatch.id.in_(sa.select(Payment.batch_id).where(Payment.state.in_(UNDER_WAY))),
        )
    ).all()
    fitting = [row.id for row in same if line.booked_on is None or row.execution_on <= line.booked_on]
    return (fitting[0], 0) if len(fitting) == 1 else (0, 0)


def _act(
    session: Session, batch_id: int, payment_id: int, line: BankSays, held: dict[int, _Held], *, now: datetime
) -> str:
    if not batch_id:
        return UNMATCHED
    if batch_id not in held:
        batch, _found = hold_batch(session, batch_id)
        rows = sa.select(Payment).where(Payment.batch_id == batch_id)
        fresh = session.scalars(rows.execution_options(populate_existing=True))
        held[batch_id] = batch, {each.id: each for each in fresh}
    batch, payments = held[batch_id]
    outcome = _apply(session, batch, payments, payment_id, line, now=now)
    if outcome == MATCHED and line.kind in (EXECUTED, PENDING) and batch.state in (RELEASED, UNKNOWN):
        bank_has_it(session, batch, now=now)
    return outcome


def _apply(
    session: Session,
    batch: PaymentBatch,
    payments: Mapping[int, Payment],
    payment_id: int,
    line: BankSays,
    *,
    now: datetime,
) -> str:
    if payment_id:
        return apply(session, batch, payments[payment_id], line, now=now)
    if line.cents is not None and line.cents != batch.cents:
        return CONTRADICTS
    # What is said of a whole batch is said of each payment that the bank has not told of otherwise.
    single = replace(line, cents=None)
    outcomes = {apply(session, batch, each, single, now=now) for each in payments.values()}
    return next(each for each in (MATCHED, KNOWN, CONTRADICTS) if each in outcomes)


def _row(line: BankSays, payment_id: int, outcome: str, *, now: datetime) -> BankLine:
    return BankLine(
        mark=line.mark,
        kind=line.kind,
        cents=line.cents,
        booked_on=line.booked_on,
        end_to_end_id=line.end_to_end_id,
        reference=line.reference,
        bank_reason=line.bank_reason,
        payment_id=payment_id or None,
        outcome=outcome,
        read_at=now,
    )
