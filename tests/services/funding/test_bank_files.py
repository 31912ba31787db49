"""What the bank says of payments: once, however often and in whatever order its files are read."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.funding.bank_file import read_bank_file
from app.funding.models import BankLine, GrantRound, LedgerEntry, Payment, PaymentBatch
from app.funding.queries.balances import balance_of, get_budget
from app.funding.queries.payables import list_payables
from app.funding.queries.rounds import pot_of
from app.funding.queries.verifying import verify
from app.funding.rules.ledger_accounts import RETURNED, Account
from app.funding.services.accounts import find_accounts
from app.funding.services.bank_import import import_lines, list_open_lines, settle_line
from app.funding.services.payment_batches import mark_sent, mark_unknown
from app.funding.services.payment_results import mark_executed, mark_lost, promise_again
from app.shared.errors import RuleBroken
from tests.builders.bank_files import booking, statement, status_report
from tests.builders.groups import NOW
from tests.builders.payments import IBANS, OTHER, RELEASER, give_account, make_awards, make_batch, release
from tests.support.programs import told_by

ON = NOW.date().isoformat()


@pytest.fixture
def awarded(session):
    return make_awards(session, [50_000, 30_000, 20_000])


@pytest.fixture
def batch(session, awarded):
    batch_id = make_batch(session, awarded.made.id)
    release(session, batch_id)
    mark_sent(session, batch_id, now=NOW)
    return session.get_one(PaymentBatch, batch_id)


def read(session, *contents, now=NOW):
    outcomes = [dict(+import_lines(session, read_bank_file(each), now=now)) for each in contents]
    session.expire_all()
    return outcomes if len(outcomes) > 1 else outcomes[0]


def states(session):
    return session.scalars(sa.select(Payment.state).order_by(Payment.id)).all()


def names(batch):
    return [f"{batch.reference}-{number}" for number in (1, 2, 3)]


def returned_cents(session, awarded, year):
    pot = pot_of(awarded.made.region, 2027)
    account = Account(RETURNED, year, state=pot.state, region=pot.region, level=pot.level)
    number = find_accounts(session, [account]).get(account)
    return balance_of(session, number) if number else 0


def test_orders_are_carried_out_refused_and_come_back(session, awarded, batch):
    first, second, third = names(batch)
    report = status_report(batch.reference, [(first, "ACSP"), (second, "RJCT")])
    assert read(session, report) == {"known": 1, "matched": 1}
    assert states(session) == ["sent", "returned", "sent"]
    booked = [booking(cents, on=ON, end_to_end=name) for cents, name in ((50_000, first), (20_000, third))]
    assert read(session, statement(IBANS[0], *booked)) == {"matched": 2}
    assert states(session) == ["executed", "returned", "executed"]
    back = booking(50_000, on=ON, end_to_end=first, is_debit=False, reason="AC04", own="R1")
    assert read(session, statement(IBANS[0], back, kind="camt.054")) == {"matched": 1}
    assert states(session) == ["returned", "returned", "executed"]
    budget = get_budget(session, pot_of(awarded.made.region, 2027))
    assert (budget.committed, budget.paid) == (50_000, 20_000)
    assert returned_cents(session, awarded, 2027) == 50_000
    assert verify(session).faults == ()

    again = [statement(IBANS[0], *booked), report, statement(IBANS[0], back, kind="camt.054")]
    assert read(session, *again) == [{"known": 2}, {"known": 2}, {"known": 1}]
    assert states(session) == ["returned", "returned", "executed"]
    assert verify(session).faults == ()


def test_in_whatever_order_lines_come_the_end_is_the_same(session, awarded, batch):
    first, _second, _third = names(batch)
    lines = [
        statement(IBANS[0], booking(50_000, on=ON, end_to_end=first)),
        statement(IBANS[0], booking(50_000, on=ON, end_to_end=first, own="other"), kind="camt.054"),
        statement(IBANS[0], booking(50_000, on=ON, end_to_end=first, is_debit=False, reason="AC04")),
        status_report(batch.reference, [(first, "ACCP")]),
    ]
    for order in itertools.permutations(lines):
        with session.begin_nested() as tried:
            read(session, *order)
            assert states(session)[0] == "returned"
            assert returned_cents(session, awarded, 2027) == 50_000
            tried.rollback()
        session.expire_all()


def test_a_return_after_the_end_of_the_year_belongs_to_the_year_in_which_it_comes(session, awarded, batch):
    back = booking(30_000, on="2028-02-01", end_to_end=names(batch)[1], is_debit=False, reason="AC04")
    later = datetime(2028, 2, 1, 9, tzinfo=UTC)
    assert read(session, statement(IBANS[0], back), now=later) == {"matched": 1}
    assert (returned_cents(session, awarded, 2027), returned_cents(session, awarded, 2028)) == (0, 30_000)
    assert verify(session).faults == ()


def test_money_that_came_back_is_promised_again_and_waits_for_an_account(session, awarded, batch):
    back = booking(30_000, on=ON, end_to_end=names(batch)[1], is_debit=False, reason="AC01")
    read(session, statement(IBANS[0], back))
    found = session.get_one(GrantRound, awarded.made.id)
    assert list_payables(session, found, on=NOW.date()) == []
    payment = session.scalars(sa.select(Payment).where(Payment.state == "returned")).one()
    for _twice in range(2):
        promise_again(session, payment.id, now=NOW)
    assert [each.held for each in list_payables(session, found, on=NOW.date())] == ["came_back"]
    give_account(session, payment.group_id, iban=IBANS[3], at=NOW + timedelta(minutes=1))
    release(session, make_batch(session, awarded.made.id))
    assert get_budget(session, pot_of(awarded.made.region, 2027)).paid == 100_000
    assert verify(session).faults == ()


def test_a_sum_without_single_lines_is_the_batch_when_only_one_can_be_meant(session, awarded, batch):
    other = booking(99_999, on=ON, own="X")
    named = booking(100_000, on=ON, batch=batch.reference)
    wrong = booking(1, on=ON, batch=batch.reference)
    assert read(session, statement(IBANS[0], other), statement(IBANS[0], wrong)) == [
        {"unmatched": 1},
        {"contradicts": 1},
    ]
    with session.begin_nested() as tried:
        assert read(session, statement(IBANS[0], booking(100_000, on=ON))) == {"matched": 1}
        assert states(session) == ["executed"] * 3
        tried.rollback()
    assert read(session, statement(IBANS[1], named)) == {"contradicts": 1}
    assert read(session, statement(IBANS[0], named)) == {"matched": 1}
    assert states(session) == ["executed"] * 3
    assert len(list_open_lines(session)) == 3
    for line in list_open_lines(session):
        settle_line(session, line.id, now=NOW)
    assert list_open_lines(session) == []


def test_a_part_that_comes_back_or_more_than_was_paid_waits_for_somebody(session, awarded, batch):
    first = names(batch)[0]
    for number, cents in enumerate((49_500, 50_001)):
        back = booking(cents, on=ON, end_to_end=first, is_debit=False, reason="AC04", own=f"R{number}")
        assert read(session, statement(IBANS[0], back)) == {"contradicts": 1}
    assert states(session) == ["sent"] * 3
    assert session.scalars(sa.select(BankLine.cents).order_by(BankLine.id)).all() == [49_500, 50_001]
    foreign = booking(5_000, on=ON, end_to_end="MIETE-7", is_debit=False)
    assert read(session, statement(IBANS[0], foreign)) == {"unmatched": 1}


def test_what_nobody_knows_is_solved_by_the_bank_or_by_a_second_person(session, awarded, batch):
    mark_unknown(session, batch.id, now=NOW)
    with session.begin_nested() as tried:
        only = booking(50_000, on=ON, end_to_end=names(batch)[0])
        assert read(session, statement(IBANS[0], only)) == {"matched": 1}
        assert (batch.state, states(session)) == ("sent", ["executed", "sent", "sent"])
        tried.rollback()
    session.expire_all()
    with session.begin_nested() as tried:
        assert read(session, status_report(batch.reference, group="ACCP")) == {"matched": 1}
        assert (batch.state, states(session)) == ("sent", ["sent"] * 3)
        tried.rollback()
    session.expire_all()
    with pytest.raises(RuleBroken):
        mark_lost(session, batch.id, by=RELEASER, now=NOW)
    mark_lost(session, batch.id, by=OTHER, now=NOW)
    assert states(session) == ["returned"] * 3
    again = make_batch(session, awarded.made.id)
    release(session, again)
    mark_sent(session, again, now=NOW)
    mark_executed(session, again, now=NOW)
    assert states(session) == ["returned"] * 3 + ["executed"] * 3
    assert verify(session).faults == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"<Document/>",
        b"<Document><Other/></Document>",
        b'<!DOCTYPE d [<!ENTITY a "b">]><Document><CstmrPmtStsRpt>&a;</CstmrPmtStsRpt></Document>',
        b'<?xml version="1.0" encoding="unheard-of"?><Document/>',
    ],
)
def test_what_is_no_file_of_a_bank_is_refused(content):
    with pytest.raises(ValueError, match="This is no"):
        read_bank_file(content)


def test_however_many_build_a_batch_at_once_each_award_is_in_one(session, database_url, awarded):
    session.commit()
    told = told_by("payers", database_url, awarded.made.id, 4)
    session.rollback()
    built = session.scalars(sa.select(PaymentBatch.id)).one()
    assert sorted(map(str, told)) == [str(built), *["nothing_ready"] * 3]
    assert states(session) == ["prepared"] * 3
    assert session.scalars(sa.select(LedgerEntry).where(LedgerEntry.kind == "paid")).all() == []
