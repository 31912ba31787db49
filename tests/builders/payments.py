"""Awards that are ready to be paid, and batches of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.funding.models import (
    AllocationRun,
    GrantRequest,
    PayeeAccount,
    Payment,
    PaymentBatch,
    RegionAccount,
)
from app.funding.rules.division import DivisionRules
from app.funding.services.payment_batches import build_batch, release_batch
from app.funding.services.run_acts import approve_run, check_run, post_run
from app.funding.services.runs import draft_run
from tests.builders import applications
from tests.builders.groups import NOW
from tests.builders.rounds import MadeRound, make_round

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

MAKER, RELEASER, OTHER = 901, 902, 903
"""People who make and release, as numbers whose accounts are erased."""
LIMIT = 10_000_000
PAID_ON = date(NOW.year, NOW.month, NOW.day)
IBANS = (
    "DE89370400440532013000",
    "DE02120300000000202051",
    "DE02500105170137075030",
    "DE02100500000054540402",
)


@dataclass(frozen=True)
class Awarded:
    """A round whose run is posted."""

    made: MadeRound
    run_id: int


def make_awards(
    session: Session, requested: Sequence[int], *, pot_cents: int = 0, with_accounts: bool = True
) -> Awarded:
    """Store a round of which a run is posted that gives each group what it asked for, with accounts of all."""
    made = make_round(session, requested, pot_cents=pot_cents or sum(requested))
    run_id = draft_run(session, made.id, DivisionRules(), name="Sitzung", by=MAKER, now=NOW).run_id
    check_run(session, run_id, by=MAKER, now=NOW)
    approve_run(session, run_id, by=RELEASER, now=NOW)
    post_run(session, run_id, by=RELEASER, now=NOW)
    session.add(
        RegionAccount(region_id=made.region.id, name="Förderfonds Köln", iban=IBANS[0], changed_at=NOW)
    )
    if with_accounts:
        for number, group_id in enumerate(made.group_ids):
            give_account(session, group_id, holder=f"Kim Müller {number}", iban=IBANS[number % len(IBANS)])
    session.flush()
    return Awarded(made, run_id)


def give_account(
    session: Session,
    group_id: int,
    *,
    holder: str = "Kim Müller",
    iban: str = IBANS[1],
    confirmed: bool = True,
    at: datetime = NOW,
) -> None:
    """Store the account of a group, seen by two people."""
    session.add(
        PayeeAccount(
            group_id=group_id,
            holder=holder,
            iban=iban,
            entered_by=MAKER,
            entered_at=at,
            confirmed_by=RELEASER if confirmed else None,
            confirmed_at=at if confirmed else None,
        )
    )
    session.flush()


def make_batch(session: Session, round_id: int, *, now: datetime = NOW, most_cents: int | None = None) -> int:
    """Make a batch of all that is ready; answer its number."""
    return build_batch(session, round_id, execution_on=now.date(), most_cents=most_cents, by=MAKER, now=now)


def release(session: Session, batch_id: int, *, now: datetime = NOW) -> None:
    """Release a batch as the second person."""
    release_batch(session, batch_id, by=RELEASER, limit_cents=LIMIT, now=now)


def make_batch_row(session: Session, region_id: int, request_id: int, run_id: int) -> int:
    """Store a batch with the payment of one request as it stands when it is made; answer its number."""
    request = session.get_one(GrantRequest, request_id)
    batch = PaymentBatch(
        region_id=region_id,
        year=2027,
        reference=f"WK27-test{request_id}",
        debtor_name="Fonds",
        debtor_iban=IBANS[0],
        execution_on=PAID_ON,
        count=1,
        cents=100,
        made_by=MAKER,
        made_at=NOW,
    )
    session.add(batch)
    session.flush()
    session.add(
        Payment(
            batch_id=batch.id,
            position=1,
            award_key=f"run/{run_id}/{request.group_id}",
            run_id=run_id,
            request_id=request_id,
            group_id=request.group_id,
            cents=100,
            holder="Kim Sommer",
            iban=IBANS[1],
            purpose="Selbsthilfefoerderung 2027, Antrag K-1",
            end_to_end_id=f"{batch.reference}-1",
        )
    )
    session.flush()
    return batch.id


def plant_payment(session: Session, group_id: int) -> int:
    """Store a payment to a group and an account of it, as far as they name anybody; answer the number of the batch."""
    round_id = applications.make_round(session)
    found = applications.read(session, group_id)
    request = GrantRequest(
        round_id=round_id,
        group_id=group_id,
        requested_cents=100,
        members=8,
        standing="in_time",
        received_on=PAID_ON,
        updated_at=NOW,
    )
    run = AllocationRun(
        round_id=round_id,
        number=1,
        name="Sitzung",
        drafted_by=MAKER,
        drafted_at=NOW,
        rule_version=1,
        rules={},
        seed="",
        input_hash=f"planted {group_id}",
        result_hash="",
        pot_cents=0,
        reserve_cents=0,
        awarded_cents=0,
        leftover_cents=0,
    )
    session.add_all([request, run])
    session.flush()
    give_account(session, group_id, holder="Kim Sommer")
    return make_batch_row(session, found.region.id, request.id, run.id)
