"""Several people pay, change accounts, or read what the bank says in the same moment: no cent leaves twice."""

from __future__ import annotations

import base64
from collections import Counter

import pytest
import sqlalchemy as sa

from app.funding.models import BankLine, LedgerEntry, Payment, PaymentBatch
from app.funding.queries.balances import get_budget
from app.funding.queries.rounds import pot_of
from app.funding.queries.verifying import verify
from app.funding.services.payment_batches import file_of, mark_sent, mark_unknown
from tests.builders.bank_files import booking, statement
from tests.builders.groups import NOW
from tests.builders.payments import IBANS, make_awards, make_batch, release
from tests.support.meeting import meet

pytestmark = pytest.mark.long
ON = NOW.date().isoformat()


@pytest.fixture
def awarded(session):
    made = make_awards(session, [50_000, 30_000, 20_000])
    session.commit()
    return made


@pytest.fixture
def batch(session, awarded):
    batch_id = make_batch(session, awarded.made.id)
    session.commit()
    return batch_id


@pytest.fixture
def unknown(session, batch):
    """A batch that was released, and nobody knows whether the bank has it."""
    release(session, batch)
    mark_unknown(session, batch, now=NOW)
    session.commit()
    return session.get_one(PaymentBatch, batch)


def paid(session, awarded):
    """Answer what the guard says was paid, after everything was verified and each payment booked once at most."""
    session.rollback()
    session.expire_all()
    assert verify(session).faults == ()
    booked = session.scalars(sa.select(LedgerEntry).where(LedgerEntry.kind == "paid")).all()
    assert len(booked) <= len(session.scalars(sa.select(Payment)).all())
    return get_budget(session, pot_of(awarded.made.region, 2027)).paid


def in_base64(*entries):
    return base64.b64encode(statement(IBANS[0], *entries)).decode()


def test_a_batch_that_is_released_and_dropped_at_once_is_one_of_both(session, database_url, awarded, batch):
    given = {"batch": batch}
    told = meet(database_url, *[("release", given), ("drop", given)] * 3)
    counted = Counter(told)
    assert counted in ({"released": 4, "not_built": 2}, {"dropped": 3, "not_built": 3}), (
        "refused with this code, or done"
    )
    session.rollback()
    state = session.get_one(PaymentBatch, batch).state
    assert paid(session, awarded) == (100_000 if state == "released" else 0)
    if state == "released":
        assert file_of(session, session.get_one(PaymentBatch, batch))
        assert meet(database_url, ("build", {"round_id": awarded.made.id})) == ["nothing_ready"]


def test_an_account_that_changes_while_its_batch_is_released_never_gets_that_batch(
    session, database_url, awarded, batch
):
    other = {"round_id": awarded.made.id, "group": awarded.made.group_ids[0], "iban": IBANS[3]}
    entered, told = meet(database_url, ("enter", other), ("release", {"batch": batch}))
    assert entered == "entered"
    assert told in ("released", "changed_since")
    assert paid(session, awarded) == (100_000 if told == "released" else 0)
    assert IBANS[3] not in session.scalars(sa.select(Payment.iban)).all(), (
        "orders keep the account they were made for"
    )


def test_a_request_that_is_withdrawn_or_a_group_that_closes_while_its_batch_is_released(
    session, database_url, awarded, batch
):
    withdrawn, closed = awarded.made.request_ids[0], awarded.made.group_ids[1]
    told = meet(
        database_url,
        ("withdraw", {"request": withdrawn}),
        ("close", {"group": closed}),
        ("release", {"batch": batch}),
    )
    assert told[:2] == ["withdrawn", "closed"]
    assert told[2] in ("released", "changed_since", "group_gone")
    # What is on its way to a bank when a request is withdrawn was paid, and is claimed back; it is never unmade.
    assert paid(session, awarded) == (100_000 if told[2] == "released" else 0)


def test_a_statement_that_four_read_at_once_counts_once(session, database_url, awarded, batch):
    release(session, batch)
    mark_sent(session, batch, now=NOW)
    names = session.scalars(sa.select(Payment.end_to_end_id).order_by(Payment.position)).all()
    session.commit()
    content = in_base64(
        booking(50_000, on=ON, end_to_end=names[0]),
        booking(30_000, on=ON, end_to_end=names[1]),
        booking(30_000, on=ON, end_to_end=names[1], is_debit=False, reason="AC04"),
    )
    told = meet(database_url, *[("read_bank", {"content": content})] * 4)
    assert told.count({"matched": 3}) == 1
    assert all(each in ({"matched": 3}, {"known": 3}, "read_meanwhile") for each in told)
    assert paid(session, awarded) == 70_000
    assert len(session.scalars(sa.select(BankLine)).all()) == 3
    states = session.scalars(sa.select(Payment.state).order_by(Payment.position)).all()
    assert states == ["executed", "returned", "sent"]


@pytest.mark.parametrize("_turn", range(2))
def test_a_batch_that_one_gives_up_as_lost_while_the_bank_says_it_was_carried_out(
    session, database_url, awarded, unknown, _turn
):
    content = in_base64(booking(100_000, on=ON, batch=unknown.reference))
    lost, read = meet(database_url, ("lose", {"batch": unknown.id}), ("read_bank", {"content": content}))
    session.rollback()
    states = Counter(session.scalars(sa.select(Payment.state)))
    if lost == "lost":  # the bank's word came second: somebody has to look before these awards are paid again
        assert (read, states) == ({"contradicts": 1}, {"returned": 3})
        assert paid(session, awarded) == 0
        assert meet(database_url, ("say", {"batch": unknown.id, "what": "sent"})) == ["given_up"]
    else:
        assert (lost, read, states) == ("not_unknown", {"matched": 1}, {"executed": 3})
        assert paid(session, awarded) == 100_000


def test_a_year_that_is_closed_while_a_batch_of_it_is_released_keeps_what_was_promised(
    session, database_url, awarded, batch
):
    at = NOW.replace(year=2028, month=1, day=20)
    session.execute(sa.update(PaymentBatch).values(execution_on=at.date()))
    session.commit()
    closed, released = meet(
        database_url,
        ("close_books", {"year": 2027, "at": at.isoformat()}),
        ("release_at", {"batch": batch, "at": at.isoformat()}),
    )
    assert (closed, released) == ("closed", "released")
    assert paid(session, awarded) == 100_000
