"""What insurers pay in: booked by hand under the reference of the bank, and taken back when it was a mistake."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import Insurer, LedgerEntry
from app.funding.queries.contributions import CallState, list_calls, list_receipts
from app.funding.queries.entries import find_posting
from app.funding.rules.postings import Because, receive
from app.funding.rules.postings import reverse as reversal_of
from app.funding.services.ledger import post
from app.groups.meetings.schedules import day_of
from app.shared.errors import BadInput, RuleBroken
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9](?:[A-Za-z0-9.-]{0,34})")
_EARLIEST = 2000


def book_receipt(
    session: Session,
    insurer: str,
    cents: int,
    *,
    year: int,
    received_on: date,
    reference: str,
    now: datetime,
    account_id: int | None = None,
) -> int:
    """Answer how many calls the money was booked for: the one that is named, else the open ones, the oldest first.

    ``reference`` is the number under which the bank has it; it stands in the ledger for good, so it names nobody.

    Raises:
        BadInput: the sum, the day or the reference cannot be.
        RuleBroken: there is not so much open, or the reference is booked already.
    """
    reference = reference.strip()
    _check(reference, cents, received_on, now=now)
    # Two receipts of one insurer in the same moment would each see the whole sum open.
    session.scalar(sa.select(Insurer.id).where(Insurer.slug == insurer).with_for_update(key_share=True))
    calls = [
        each
        for each in list_calls(session, year, insurer)
        if each.open_cents and account_id in (None, each.account_id)
    ]
    numbers = _numbers_before(session, insurer, reference)
    open_cents = sum(each.open_cents for each in calls)
    if cents > open_cents:
        raise _too_much(open_cents, cents)
    facts = {"reference": reference, "received_on": received_on.isoformat()}
    parts = _oldest_first(calls, cents)
    receipts = [
        receive(each.due, part, Because(f"receipt/{insurer}/{reference}/{numbers + n}", "receipt", facts))
        for n, (each, part) in enumerate(parts, 1)
    ]
    try:
        posted = post(session, receipts, now=now)
    except RuleBroken as error:
        raise _booked_already(reference) if error.code == "key_used" else error from error
    if not posted.is_new:
        raise _booked_already(reference)
    return len(receipts)


def undo_receipt(session: Session, insurer: str, reference: str, *, year: int, now: datetime) -> None:
    """Afterwards the money under this reference is open again, for all that it was booked for.

    Raises:
        BadInput: nothing is booked under it.
        RuleBroken: money of these pots is paid out already, or the year is closed.
    """
    found = next(
        (
            each
            for each in list_receipts(session, year, insurer)
            if each.reference == reference and not each.is_reversed
        ),
        None,
    )
    if found is None:
        raise BadInput(_("Nothing is booked under this reference."), code="unknown_receipt")
    booked = [posting for key in found.keys if (posting := find_posting(session, key)) is not None]
    post(
        session,
        [reversal_of(each, Because(f"undo/{each.key}", "receipt_undone")) for each in booked],
        now=now,
    )


def _check(reference: str, cents: int, received_on: date, *, now: datetime) -> None:
    """Do nothing when there can be such a receipt.

    Raises:
        BadInput: the sum, the day or the reference cannot be.
    """
    if not _REFERENCE.fullmatch(reference):
        raise BadInput(
            _(
                "Please give the number of the booking, up to 35 letters, digits, full stops and hyphens, with at "
                "least one digit. It is kept for good, so it must not be a name."
            ),
            field="reference",
        )
    if cents < 1:
        raise BadInput(_("Please give the sum that came."), field="cents")
    if not date(_EARLIEST, 1, 1) <= received_on <= day_of(now):
        raise BadInput(
            _("Please give the day on which it came; it cannot be still to come."), field="received_on"
        )


def _numbers_before(session: Session, insurer: str, reference: str) -> int:
    """Answer how many entries this reference had that were all taken back.

    Raises:
        RuleBroken: one of them stands.
    """
    prefix = f"receipt/{insurer}/{reference}/"
    of_reference = sa.select(LedgerEntry.id).where(LedgerEntry.key.startswith(prefix, autoescape=True))
    booked = list(session.scalars(of_reference))
    back = sa.select(sa.func.count()).where(LedgerEntry.reverses_id.in_(booked))
    if session.scalar(back) != len(booked):
        raise _booked_already(reference)
    return len(booked)


def _oldest_first(calls: list[CallState], cents: int) -> list[tuple[CallState, int]]:
    parts = []
    for each in sorted(calls, key=lambda each: (each.due_on, each.due.name)):
        if part := min(cents, each.open_cents):
            parts.append((each, part))
        cents -= part
    return parts


def _too_much(open_cents: int, cents: int) -> RuleBroken:
    return RuleBroken(
        _(
            "Only %(open)s are open here, %(cents)s are to be booked. Please look whether the rest is meant for "
            "another year, Land or insurer.",
            open=euro_words(open_cents),
            cents=euro_words(cents),
        ),
        code="too_much",
        field="cents",
    )


def _booked_already(reference: str) -> RuleBroken:
    return RuleBroken(
        _("%(reference)s is booked already. Nothing has changed.", reference=reference),
        code="booked_already",
        field="reference",
    )
