"""How a claim is settled: paid in instalments, waived by two people, booked as it comes.

What came back of a grant is read from the ledger alone, so a sum that somebody gives back of their own accord and one
that is paid because it was claimed are the same money, and count once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.funding.models import ReclaimInstalment, ReclaimInterest, ReclaimPlan, ReclaimWaiver
from app.funding.queries.proofs import paid_account
from app.funding.queries.reclaims import ClaimLine, interest_of, interest_paid
from app.funding.rules.reclaim import MOST_INSTALMENTS, Instalment
from app.funding.services.direct import book_return
from app.funding.services.reclaims import check_open, hold_claim, note_of_claim
from app.groups.meetings.schedules import day_of
from app.shared.errors import BadInput, RuleBroken
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST = 2_000


def agree_on_plan(
    session: Session, reclaim_id: int, plan: Sequence[Instalment], *, by: int, now: datetime
) -> None:
    """Afterwards these instalments hold, in place of earlier ones.

    Raises:
        BadInput: none, too many, days that do not rise or are over, or sums that are not what is open.
        RuleBroken: it was not told in writing, or nothing is open.
    """
    line = hold_claim(session, reclaim_id, now)
    _check_written(line)
    check_open(line)
    days = [each.due_on for each in plan]
    if not 1 <= len(plan) <= MOST_INSTALMENTS or days != sorted(set(days)) or days[0] < day_of(now):
        raise BadInput(
            _("Please give one to 60 instalments with days that follow one another, from today on."),
            field="plan",
        )
    together = sum(each.cents for each in plan)
    if together != line.claim.open_cents or any(each.cents < 1 for each in plan):
        raise BadInput(
            _(
                "The instalments come to %(sum)s; open is %(open)s. Please make them equal.",
                sum=euro_words(together),
                open=euro_words(line.claim.open_cents),
            ),
            field="plan",
        )
    made = ReclaimPlan(reclaim_id=reclaim_id, cents=together, made_by=by, made_at=now)
    session.add(made)
    session.flush()
    session.execute(
        sa.insert(ReclaimInstalment),
        [
            {"plan_id": made.id, "position": position, "due_on": each.due_on, "cents": each.cents}
            for position, each in enumerate(plan, start=1)
        ],
    )
    note_of_claim(
        session, "reclaim.plan_agreed", reclaim_id, line.reclaim.group_id, now=now, instalments=len(plan)
    )


def ask_to_waive(
    session: Session, reclaim_id: int, cents: int, reason: str, *, by: int, now: datetime
) -> None:
    """Afterwards somebody else can decide that so much need not come back.

    Raises:
        BadInput: no reason, no sum, or more than is open.
        RuleBroken: another proposal waits.
    """
    line = hold_claim(session, reclaim_id, now)
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST:
        raise BadInput(_("Please say why, in up to 2,000 characters."), field="reason")
    _check_sum(line, cents)
    waiver = ReclaimWaiver(reclaim_id=reclaim_id, cents=cents, reason=reason, asked_by=by, asked_at=now)
    try:
        with session.begin_nested():
            session.add(waiver)
    except IntegrityError as error:
        raise RuleBroken(
            _("Another proposal waits for its decision. Please decide about that first."),
            code="waits_already",
        ) from error
    note_of_claim(session, "reclaim.waiver_asked", reclaim_id, line.reclaim.group_id, now=now)


def decide_waiver(
    session: Session, reclaim_id: int, waiver_id: int, *, is_granted: bool, by: int, now: datetime
) -> None:
    """Afterwards so much need not come back, or it is refused.

    Raises:
        RuleBroken: whoever proposed it decides, it is decided, or less is open by now.
    """
    line = hold_claim(session, reclaim_id, now)
    waiver = session.get(ReclaimWaiver, waiver_id, populate_existing=True)
    if waiver is None or waiver.reclaim_id != reclaim_id or waiver.decided_at is not None:
        raise RuleBroken(_("This proposal is decided already."), code="decided_before")
    if waiver.asked_by == by:
        raise RuleBroken(
            _("You proposed this yourself. Please let a second person decide."), code="second_person"
        )
    if is_granted and waiver.cents > line.claim.open_cents:
        raise RuleBroken(
            _(
                "Only %(open)s are open by now. Please refuse this proposal, and make another.",
                open=euro_words(line.claim.open_cents),
            ),
            code="more_than_open",
        )
    waiver.is_granted, waiver.decided_by, waiver.decided_at = is_granted, by, now
    action = "reclaim.waived" if is_granted else "reclaim.waiver_refused"
    note_of_claim(session, action, reclaim_id, line.reclaim.group_id, now=now)
    session.flush()


def book_back(
    session: Session,
    reclaim_id: int,
    cents: int,
    *,
    received_on: date,
    token: str,
    seen_cents: int,
    now: datetime,
) -> None:
    """Afterwards so much of the grant has come back; ``seen_cents`` is what was open when the page was opened.

    Raises:
        BadInput: the sum or the day cannot be.
        RuleBroken: something came since the page was opened, perhaps the same money.
    """
    line = hold_claim(session, reclaim_id, now)
    if line.claim.open_cents != seen_cents:
        raise RuleBroken(
            _(
                "Since you opened this page, something else was booked: now %(open)s are open. Please look whether it "
                "is the same money.",
                open=euro_words(line.claim.open_cents),
            ),
            code="changed_since",
        )
    _check_sum(line, cents)
    account = paid_account(line.region, line.round.year, line.reclaim.group_id)
    book_return(session, account, cents, received_on=received_on, token=token, now=now, is_claimed=True)
    note_of_claim(session, "reclaim.paid", reclaim_id, line.reclaim.group_id, now=now)
    session.flush()


def book_interest(
    session: Session, reclaim_id: int, cents: int, *, received_on: date, token: str, by: int, now: datetime
) -> None:
    """Afterwards it is kept that so much interest came; sent twice, it is there once.

    Raises:
        BadInput: the sum or the day cannot be.
    """
    line = hold_claim(session, reclaim_id, now)
    if not re.fullmatch(r"[A-Za-z0-9-]{8,40}", token):
        raise BadInput(_("Please load the page again and send the form once more."))
    if not date(line.round.year, 1, 1) <= received_on <= day_of(now):
        raise BadInput(
            _("Please give the day on which it came; it cannot be still to come."), field="received_on"
        )
    if session.scalar(sa.select(ReclaimInterest.id).where(ReclaimInterest.token == token)) is not None:
        return
    owed = interest_of(session, line, on=day_of(now)) - interest_paid(session, reclaim_id)
    if not 1 <= cents <= owed:
        raise BadInput(
            _(
                "Please give a sum of at most %(most)s: the interest that is open.",
                most=euro_words(max(0, owed)),
            ),
            field="cents",
        )
    session.add(
        ReclaimInterest(
            reclaim_id=reclaim_id,
            token=token,
            cents=cents,
            received_on=received_on,
            booked_by=by,
            booked_at=now,
        )
    )
    note_of_claim(session, "reclaim.interest_paid", reclaim_id, line.reclaim.group_id, now=now)
    session.flush()


def _check_written(line: ClaimLine) -> None:
    if line.reclaim.written_on is None:
        raise RuleBroken(_("Please tell the group in writing first."), code="not_written")


def _check_sum(line: ClaimLine, cents: int) -> None:
    if not 1 <= cents <= line.claim.open_cents:
        raise BadInput(
            _("Please give a sum of at most %(most)s: what is open.", most=euro_words(line.claim.open_cents)),
            field="cents",
        )
