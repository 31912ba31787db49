"""Payments of a demonstration: a batch at the bank that came back in part, what was tried again, and one to release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import RoleGrant
from app.funding.bank_file import EXECUTED, BankSays
from app.funding.bank_file import RETURNED as CAME_BACK
from app.funding.models import FundingRegion, GrantRound, PayeeAccount, Payment
from app.funding.queries.payables import list_payables, payments_of
from app.funding.services.bank_import import import_lines
from app.funding.services.payee_accounts import set_region_account
from app.funding.services.payment_batches import build_batch, mark_sent, release_batch
from app.funding.services.payment_results import promise_again
from app.groups.meetings.schedules import day_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

ACCOUNTS = (
    ("Ute Krause", "DE02120300000000202051"),
    ("Ali Kaya", "DE02500105170137075030"),
    ("Rolf Maier", "DE02100500000054540402"),
    ("Anna Busch", "DE02300209000106531065"),
    ("Mehmet Arslan", "DE02200505501015871393"),
    ("Gisela Vogel", "DE02700100800030876808"),
    ("Jana Petersen", "DE02370502990000684712"),
)
"""Names and account numbers that cannot be anybody's."""
OWN = "DE89370400440532013000"
NEW_IBAN = "DE88100900001234567892"
BACK = 3
"""So many of the first payments come back: their account was closed."""
_ENOUGH_CENTS = 100_000_000


@dataclass(frozen=True, slots=True)
class Deciders:
    """The accounts that act: who drafts and checks, who approves and releases, and who makes batches."""

    office_id: int
    finance_id: int
    second_id: int


def pay_demo_batch(session: Session, found: GrantRound, deciders: Deciders, *, now: datetime) -> None:
    """Afterwards some groups of the office's region are paid by a batch; the first of it came back and is due again."""
    region = session.get_one(FundingRegion, found.region_id)
    if not _is_of_office(session, found, deciders):
        return
    set_region_account(session, region, name=f"Selbsthilfeförderung {region.name}", iban=OWN, now=now)
    groups = [each.group_id for each in list_payables(session, found, on=day_of(now))[: len(ACCOUNTS)]]
    for group_id, (holder, iban) in zip(groups, ACCOUNTS, strict=False):
        _give_account(session, group_id, holder, iban, deciders, at=now - timedelta(days=2))
    payments = _pay(session, found, deciders, now=now)
    booked, back = day_of(now) + timedelta(days=1), day_of(now) + timedelta(days=3)
    says = [_says(each, EXECUTED, booked) for each in payments]
    says += [_says(each, CAME_BACK, back, reason="AC04") for each in payments[:BACK]]
    import_lines(session, says, now=now + timedelta(days=4))
    for each in payments[:BACK]:
        promise_again(session, each.id, now=now + timedelta(days=30))


def pay_demo_again(session: Session, found: GrantRound, deciders: Deciders, *, now: datetime) -> None:
    """Afterwards two of them were paid again, of which one came back, and the third is in a batch to be released."""
    if not _is_of_office(session, found, deciders):
        return
    due = list_payables(session, found, on=day_of(now))[:BACK]
    before = now - timedelta(days=6)
    for number, each in enumerate(due):
        at = before - timedelta(days=1) if number < BACK - 1 else now - timedelta(hours=1)
        holder = each.account.holder if each.account else ACCOUNTS[number][0]
        if number == BACK - 1:
            _pay_part(session, found, deciders, now=before)
        _give_account(session, each.group_id, holder, NEW_IBAN, deciders, at=at)
    if len(due) == BACK:
        soon, made_by = day_of(now) + timedelta(days=14), deciders.second_id
        build_batch(session, found.id, execution_on=soon, most_cents=None, by=made_by, now=now)


def _pay_part(session: Session, found: GrantRound, deciders: Deciders, *, now: datetime) -> None:
    payments = _pay(session, found, deciders, now=now)
    says = [_says(each, EXECUTED, day_of(now)) for each in payments]
    says.append(_says(payments[0], CAME_BACK, day_of(now) + timedelta(days=2), reason="AC06"))
    import_lines(session, says, now=now + timedelta(days=3))


def _is_of_office(session: Session, found: GrantRound, deciders: Deciders) -> bool:
    of_office = sa.select(RoleGrant.region_id).where(RoleGrant.user_id == deciders.office_id)
    return found.region_id in session.scalars(of_office).all()


def _give_account(
    session: Session, group_id: int, holder: str, iban: str, deciders: Deciders, *, at: datetime
) -> None:
    session.add(
        PayeeAccount(
            group_id=group_id,
            holder=holder,
            iban=iban,
            entered_by=deciders.office_id,
            entered_at=at,
            confirmed_by=deciders.finance_id,
            confirmed_at=at,
        )
    )
    session.flush()


def _pay(session: Session, found: GrantRound, deciders: Deciders, *, now: datetime) -> Sequence[Payment]:
    """Send a batch of all that can be paid to the bank; answer its payments."""
    today, made_by = day_of(now), deciders.second_id
    batch_id = build_batch(session, found.id, execution_on=today, most_cents=None, by=made_by, now=now)
    release_batch(session, batch_id, by=deciders.finance_id, limit_cents=_ENOUGH_CENTS, now=now)
    mark_sent(session, batch_id, now=now)
    return payments_of(session, batch_id)


def _says(payment: Payment, kind: str, on: date, *, reason: str | None = None) -> BankSays:
    mark = f"demo/{kind}/{payment.end_to_end_id}"
    return BankSays(mark, kind, payment.cents, on, payment.end_to_end_id, None, OWN, reason)
