"""What must be true in the moment in which a batch is released."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import User
from app.funding.models import BankLine, GrantRequest, GrantRound, Payment, PaymentBatch
from app.funding.queries.gone import gone_among
from app.funding.queries.limits import limit_of
from app.funding.queries.payee_accounts import accounts_of
from app.funding.queries.payees import payee_names
from app.funding.queries.proofs import owing
from app.funding.rules.grant_round import WITHDRAWN
from app.funding.rules.ledger_accounts import a_group
from app.groups.meetings.schedules import day_of
from app.shared.errors import RuleBroken
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_IS_UNKNOWN_ORDER = sa.and_(
    BankLine.outcome == "unmatched",
    sa.or_(BankLine.end_to_end_id.like("WK__-%"), BankLine.reference.like("WK__-%")),
)
"""A line of the bank that bears a name of ours and belongs to no payment."""


def check_release(
    session: Session,
    found: GrantRound,
    batch: PaymentBatch,
    payments: Sequence[Payment],
    *,
    by: int,
    limit_cents: int,
    now: datetime,
) -> None:
    """Do nothing when this person can release this batch now; ``limit_cents`` is what holds where none is set.

    Raises:
        RuleBroken: the sentence says why not.
    """
    if batch.made_by == by:
        raise RuleBroken(
            _("You made this batch yourself. Please let a second person release it."), code="second_person"
        )
    if batch.execution_on < day_of(now):
        raise RuleBroken(
            _("The day of payment is over. Please drop this batch and make a new one."), code="day_over"
        )
    if session.scalar(sa.select(BankLine.id).where(_IS_UNKNOWN_ORDER).limit(1)):
        raise RuleBroken(
            _(
                "The bank tells of orders from here that nobody here knows, as after a backup was restored. Please "
                "find out under “What the bank says” what they paid before anything is released."
            ),
            code="unknown_orders",
        )
    # Two batches of different rounds that one person releases at once would else both fit.
    session.scalar(sa.select(User.id).where(User.id == by).with_for_update(key_share=True))
    left = limit_of(session, by, usual_cents=limit_cents) - released_on_day(session, by, now=now)
    if batch.cents > left:
        raise RuleBroken(
            _(
                "You can release %(left)s more today, and this batch is %(cents)s. Somebody else can release it, or "
                "it is dropped and made in smaller parts.",
                left=euro_words(max(0, left)),
                cents=euro_words(batch.cents),
            ),
            code="over_limit",
        )
    _check_groups(session, found, payments, now=now)


def released_on_day(session: Session, by: int, *, now: datetime) -> int:
    """Answer how much somebody has released on the day of ``now``."""
    rows = session.execute(
        sa.select(PaymentBatch.cents, PaymentBatch.released_at).where(PaymentBatch.released_by == by)
    )
    return sum(cents for cents, at in rows if at is not None and day_of(at) == day_of(now))


def changed_groups(session: Session, found: GrantRound, payments: Sequence[Payment]) -> list[int]:
    """Answer the groups that have withdrawn, or whose account is another than stands in their payment."""
    groups = {each.group_id for each in payments}
    accounts = accounts_of(session, found.id, groups)
    withdrawn = set(
        session.scalars(
            sa.select(GrantRequest.id).where(
                GrantRequest.round_id == found.id, GrantRequest.standing == WITHDRAWN
            )
        )
    )
    return [
        each.group_id
        for each in payments
        if each.request_id in withdrawn
        or (account := accounts.get(each.group_id)) is None
        or not account.is_confirmed
        or (account.holder, account.iban) != (each.holder, each.iban)
    ]


def _check_groups(session: Session, found: GrantRound, payments: Sequence[Payment], *, now: datetime) -> None:
    """Do nothing when each group can still be paid as the batch says."""
    owed = owing(session, {each.group_id for each in payments}, before_year=found.year, on=day_of(now))
    if owed:
        raise RuleBroken(
            _(
                "The proof of an earlier year is missing: %(names)s. Please drop this batch and make a new one; it "
                "leaves them out.",
                names=_names(session, owed),
            ),
            code="owes_proof",
        )
    gone = gone_among(session, {each.group_id for each in payments})
    if gone:
        raise RuleBroken(
            _(
                "Closed since the batch was made, or part of another group now: %(names)s. Please drop this "
                "batch and make a new one; it leaves them out.",
                names=_names(session, gone),
            ),
            code="group_gone",
        )
    changed = changed_groups(session, found, payments)
    if changed:
        raise RuleBroken(
            _(
                "Request or account has changed since the batch was made: %(names)s. Please drop it and make "
                "a new one.",
                names=_names(session, changed),
            ),
            code="changed_since",
        )


def _names(session: Session, group_ids: Collection[int]) -> str:
    names = payee_names(session, [a_group(each) for each in group_ids])
    return ", ".join(sorted(names.values())[:5])
