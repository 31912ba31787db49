"""Awards become payments: who can be paid, by which two people, once; and what the ledger says of it."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.funding.models import (
    AllocationRun,
    GrantRequest,
    GrantRound,
    LedgerEntry,
    PayeeAccount,
    Payment,
    PaymentBatch,
)
from app.funding.queries.balances import get_budget
from app.funding.queries.payables import list_payables, payable_cents
from app.funding.queries.rounds import pot_of
from app.funding.queries.verifying import verify
from app.funding.services.limits import set_limit
from app.funding.services.payee_accounts import confirm_account, enter_account
from app.funding.services.payment_batches import (
    build_batch,
    drop_batch,
    file_of,
    mark_sent,
    mark_unknown,
    release_batch,
)
from app.funding.services.requests import withdraw_request
from app.funding.services.run_payments import pay_run, unpaid
from app.groups.models import Group
from app.shared.errors import BadInput, RuleBroken
from app.shared.outbox import OutboxMail
from tests.builders.groups import NOW
from tests.builders.payments import (
    IBANS,
    LIMIT,
    MAKER,
    OTHER,
    RELEASER,
    give_account,
    make_awards,
    make_batch,
    release,
)


def states(session):
    return session.scalars(sa.select(Payment.state).order_by(Payment.id)).all()


def paid_cents(session, awarded):
    return get_budget(session, pot_of(awarded.made.region, 2027)).paid


def held(session, awarded):
    found = session.get_one(GrantRound, awarded.made.id)
    return {each.group_id: each.held for each in list_payables(session, found, on=NOW.date())}


def test_a_batch_from_making_it_to_the_bank(session):
    awarded = make_awards(session, [50_000, 30_000, 20_000])
    batch_id = make_batch(session, awarded.made.id)
    batch = session.get_one(PaymentBatch, batch_id)
    assert (batch.count, batch.cents, batch.state) == (3, 100_000, "built")
    assert held(session, awarded) == {}
    assert paid_cents(session, awarded) == 0
    assert verify(session).faults == ()

    release(session, batch_id)
    assert paid_cents(session, awarded) == 100_000
    made = file_of(session, batch)
    assert hashlib.sha256(made).hexdigest() == batch.sha256
    assert made == file_of(session, batch)
    assert b"<CtrlSum>1000.00</CtrlSum>" in made

    mark_unknown(session, batch_id, now=NOW)
    assert states(session) == ["unknown"] * 3
    with pytest.raises(RuleBroken):
        make_batch(session, awarded.made.id)
    mark_sent(session, batch_id, now=NOW)
    mark_sent(session, batch_id, now=NOW)
    assert states(session) == ["sent"] * 3
    assert file_of(session, batch) == made
    assert verify(session).faults == ()


def test_one_person_never_does_both_not_even_past_the_program(session):
    awarded = make_awards(session, [50_000])
    batch_id = make_batch(session, awarded.made.id)
    with pytest.raises(RuleBroken) as refused:
        release_batch(session, batch_id, by=MAKER, limit_cents=LIMIT, now=NOW)
    assert refused.value.code == "second_person"
    batch = session.get_one(PaymentBatch, batch_id)
    for table, values in ((PaymentBatch, {"released_by": batch.made_by}), (PaymentBatch, {"state": "sent"})):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sa.update(table).where(table.id == batch_id).values(**values))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(sa.update(PayeeAccount).values(confirmed_by=MAKER))


def test_an_award_is_in_one_live_batch_and_free_again_when_it_is_dropped(session):
    awarded = make_awards(session, [50_000])
    first = make_batch(session, awarded.made.id)
    payment = session.scalars(sa.select(Payment)).one()
    copied = {name: getattr(payment, name) for name in set(Payment.__table__.columns.keys()) if name != "id"}
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(sa.insert(Payment).values(**copied | {"position": 2, "end_to_end_id": "other"}))
    drop_batch(session, first, now=NOW)
    second = make_batch(session, awarded.made.id)
    assert second != first
    release(session, second)
    with pytest.raises(RuleBroken) as refused:
        drop_batch(session, second, now=NOW)
    assert refused.value.code == "released"
    assert verify(session).faults == ()


def test_what_has_no_account_or_one_that_changed_waits_for_a_second_person(session):
    awarded = make_awards(session, [50_000, 30_000], with_accounts=False)
    one, other = awarded.made.group_ids
    give_account(session, other)
    session.get_one(Group, one).contact_email = "kim@gruppe.example"
    assert held(session, awarded) == {one: "no_account", other: None}
    given = {"holder": "Kim Sommer", "iban": "DE02 5001 0517 0137 0750 30", "by": MAKER, "now": NOW}
    enter_account(session, awarded.made.id, one, **given)
    assert held(session, awarded)[one] == "unconfirmed"
    (told,) = session.scalars(sa.select(OutboxMail).where(OutboxMail.purpose == "account-changed"))
    assert "5030" in told.body_text
    assert "DE02" not in told.body_text
    confirm = {"iban": "DE02500105170137075030", "now": NOW}
    for wrong, code in (({"by": MAKER}, "second_person"), ({"by": OTHER, "iban": IBANS[0]}, "outdated")):
        with pytest.raises(RuleBroken) as refused:
            confirm_account(session, awarded.made.id, one, **confirm | wrong)
        assert refused.value.code == code
    confirm_account(session, awarded.made.id, one, **confirm, by=OTHER)
    assert held(session, awarded) == {one: None, other: None}
    for wrong, field in (({"iban": "DE02 5001 0517 0137 0750 31"}, "iban"), ({"holder": "Анна"}, "holder")):
        with pytest.raises(BadInput) as refused:
            enter_account(session, awarded.made.id, one, **given | wrong)
        assert refused.value.field == field


def test_a_batch_is_not_released_when_something_has_changed_since(session):
    awarded = make_awards(session, [50_000, 30_000, 20_000])
    batch_id = make_batch(session, awarded.made.id)
    give_account(session, awarded.made.group_ids[0], iban=IBANS[3], confirmed=False)
    with pytest.raises(RuleBroken) as refused:
        release(session, batch_id)
    assert refused.value.code == "changed_since"
    assert session.scalars(sa.select(Payment.iban)).first() == IBANS[0]
    session.execute(sa.delete(PayeeAccount).where(PayeeAccount.iban == IBANS[3]))

    request = session.get_one(GrantRequest, awarded.made.request_ids[1])
    withdraw_request(session, request.id, version=request.version, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        release(session, batch_id)
    assert "Gruppe 2" in refused.value.message
    with pytest.raises(RuleBroken) as refused:
        release(session, batch_id, now=NOW + timedelta(days=1))
    assert refused.value.code == "day_over"
    drop_batch(session, batch_id, now=NOW)
    release(session, make_batch(session, awarded.made.id))
    assert paid_cents(session, awarded) == 70_000
    assert verify(session).faults == ()


def test_nobody_releases_more_than_their_limit_a_day(session):
    awarded = make_awards(session, [50_000, 30_000, 20_000])
    first = make_batch(session, awarded.made.id, most_cents=60_000)
    second = make_batch(session, awarded.made.id)
    assert session.scalars(sa.select(PaymentBatch.cents).order_by(PaymentBatch.id)).all() == [50_000, 50_000]
    given = {"limit_cents": 70_000, "now": NOW}
    release_batch(session, first, by=RELEASER, **given)
    with pytest.raises(RuleBroken) as refused:
        release_batch(session, second, by=RELEASER, **given)
    assert refused.value.code == "over_limit"
    set_limit(session, OTHER, 49_999, by=RELEASER, now=NOW)
    with pytest.raises(RuleBroken) as refused:
        release_batch(session, second, by=OTHER, **given)
    assert refused.value.code == "over_limit"
    set_limit(session, OTHER, 50_000, by=RELEASER, now=NOW)
    release_batch(session, second, by=OTHER, **given)
    assert paid_cents(session, awarded) == 100_000
    with pytest.raises(RuleBroken) as refused:
        set_limit(session, OTHER, 10**9, by=OTHER, now=NOW)
    assert refused.value.code == "own_limit"


def test_a_batch_takes_what_has_come_and_days_that_can_be(session):
    awarded = make_awards(session, [50_000, 30_000])
    found = session.get_one(GrantRound, awarded.made.id)
    assert payable_cents(session, found) == 80_000
    make_batch(session, awarded.made.id, most_cents=30_000)
    assert payable_cents(session, found) == 50_000
    for days in (-1, 61):
        with pytest.raises(BadInput):
            build_batch(
                session,
                awarded.made.id,
                execution_on=NOW.date() + timedelta(days=days),
                most_cents=None,
                by=MAKER,
                now=NOW,
            )


def test_by_hand_and_by_batch_nothing_is_paid_twice(session):
    awarded = make_awards(session, [50_000, 30_000])
    batch_id = make_batch(session, awarded.made.id, most_cents=50_000)
    run = session.get_one(AllocationRun, awarded.run_id)
    assert unpaid(session, run) == {awarded.made.group_ids[1]: 30_000}
    assert pay_run(session, awarded.run_id, now=NOW) == 1
    assert held(session, awarded) == {}
    release(session, batch_id)
    assert pay_run(session, awarded.run_id, now=NOW) == 0
    assert paid_cents(session, awarded) == 80_000
    assert len(session.scalars(sa.select(LedgerEntry).where(LedgerEntry.kind == "paid")).all()) == 2


def test_a_payment_that_somebody_changes_in_the_database_is_noticed(session):
    awarded = make_awards(session, [50_000])
    batch_id = make_batch(session, awarded.made.id)
    release(session, batch_id)
    session.execute(sa.update(Payment).values(iban=IBANS[2]))
    session.expire_all()
    with pytest.raises(RuleBroken) as refused:
        file_of(session, session.get_one(PaymentBatch, batch_id))
    assert refused.value.code == "changed"
    session.execute(sa.update(Payment).values(cents=1))
    session.expire_all()
    assert [fault for fault in verify(session).faults if fault.startswith(("payment", "batch"))]
