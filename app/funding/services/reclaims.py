"""Money is claimed back: opened, told in writing, paid in instalments, waived by two people, booked as it comes.

What came back of a grant is read from the ledger alone, so a sum that somebody gives back of their own accord and one
that is paid because it was claimed are the same money, and count once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.funding.documents.claims import write_reclaim
from app.funding.documents.notices import print_notice
from app.funding.mails.proofs import claim_mail
from app.funding.models import (
    FundingRegion,
    GrantRound,
    Reclaim,
    ReclaimInstalment,
    ReclaimInterest,
    ReclaimLetter,
    ReclaimPlan,
    ReclaimWaiver,
)
from app.funding.queries.notices import office_of
from app.funding.queries.proofs import kept_by, paid_account
from app.funding.queries.reclaims import ClaimLine, interest_of, interest_paid, line_of
from app.funding.rules.reclaim import MOST_INSTALMENTS, Instalment, to_claim
from app.funding.services.direct import book_return
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.presentation import date_words
from app.groups.readers import readers_who_sign_in, write_to
from app.shared.database import insert_into
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import note
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LONGEST = 2_000
MOST_AHEAD = timedelta(days=366 * 5)


def claim_back(
    session: Session,
    region: FundingRegion,
    found: GrantRound,
    group_id: int,
    *,
    may_keep_cents: int,
    cause: str,
    by: int | None,
    now: datetime,
) -> int | None:
    """Answer the claim for what a group has of a round and may not keep; None where it has nothing to give back.

    There is one claim for a group and a round; one that is there already grows to what has to come back now.
    """
    kept = kept_by(session, region, found.year, group_id)
    cents = to_claim(max(0, kept.cents), may_keep_cents)
    if not cents:
        return None
    made = insert_into(session, Reclaim).values(
        round_id=found.id,
        group_id=group_id,
        cause=cause,
        cents=cents,
        back_before_cents=kept.back_cents,
        opened_by=by,
        opened_at=now,
    )
    once = made.on_conflict_do_nothing(index_elements=["round_id", "group_id"]).returning(Reclaim.id)
    number = session.scalar(once)
    if number is not None:
        _note(session, "reclaim.opened", number, group_id, now=now, cause=cause)
        return number
    there = session.scalars(
        sa.select(Reclaim)
        .where(Reclaim.round_id == found.id, Reclaim.group_id == group_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    grown = cents + max(0, kept.back_cents - there.back_before_cents)
    if grown > there.cents:
        there.cents, there.cause = grown, cause
        _note(session, "reclaim.raised", there.id, group_id, now=now, cause=cause)
        session.flush()
    return there.id


def write_claim(
    session: Session, reclaim_id: int, *, due_on: date, interest_from: date | None, by: int, now: datetime
) -> None:
    """Afterwards the claim is told in writing, with the day until which it is to be paid; the letter is kept.

    Raises:
        BadInput: a day that cannot be.
        RuleBroken: it was told before, nothing is open, or nobody has said who issues notices.
        NotPrintable: no font has one of the characters in the letter.
    """
    line = _hold(session, reclaim_id, now)
    reclaim, today = line.reclaim, day_of(now)
    if reclaim.written_on is not None:
        raise RuleBroken(
            _("This was told in writing on %(day)s already.", day=date_words(reclaim.written_on)),
            code="written_before",
        )
    _check_open(line)
    if not today < due_on <= today + MOST_AHEAD:
        raise BadInput(_("Please choose a day that is still to come."), field="due_on")
    if interest_from is not None and not date(line.round.year, 1, 1) <= interest_from <= due_on + timedelta(
        days=1
    ):
        raise BadInput(
            _(
                "Interest runs at the earliest from the funding year on, at the latest from the day after it is due."
            ),
            field="interest_from",
        )
    letter = _letter(session, line, due_on=due_on, interest_from=interest_from, now=now)
    session.add(letter)
    reclaim.written_on, reclaim.written_by = today, by
    reclaim.due_on, reclaim.interest_from = due_on, interest_from
    _note(session, "reclaim.written", reclaim.id, reclaim.group_id, now=now)
    group = session.get(Group, reclaim.group_id)
    if group is not None:
        write_to(
            session,
            readers_who_sign_in(session, group.id),
            lambda _reader: claim_mail(group.name, group.slug, line.round.year),
            purpose="reclaim-written",
            now=now,
        )
    session.flush()


def agree_on_plan(
    session: Session, reclaim_id: int, plan: Sequence[Instalment], *, by: int, now: datetime
) -> None:
    """Afterwards these instalments hold, in place of earlier ones.

    Raises:
        BadInput: none, too many, days that do not rise or are over, or sums that are not what is open.
        RuleBroken: it was not told in writing, or nothing is open.
    """
    line = _hold(session, reclaim_id, now)
    _check_written(line)
    _check_open(line)
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
    _note(session, "reclaim.plan_agreed", reclaim_id, line.reclaim.group_id, now=now, instalments=len(plan))


def ask_to_waive(
    session: Session, reclaim_id: int, cents: int, reason: str, *, by: int, now: datetime
) -> None:
    """Afterwards somebody else can decide that so much need not come back.

    Raises:
        BadInput: no reason, no sum, or more than is open.
        RuleBroken: another proposal waits.
    """
    line = _hold(session, reclaim_id, now)
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
    _note(session, "reclaim.waiver_asked", reclaim_id, line.reclaim.group_id, now=now)


def decide_waiver(
    session: Session, reclaim_id: int, waiver_id: int, *, is_granted: bool, by: int, now: datetime
) -> None:
    """Afterwards so much need not come back, or it is refused.

    Raises:
        RuleBroken: whoever proposed it decides, it is decided, or less is open by now.
    """
    line = _hold(session, reclaim_id, now)
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
    _note(session, action, reclaim_id, line.reclaim.group_id, now=now)
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
    line = _hold(session, reclaim_id, now)
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
    _note(session, "reclaim.paid", reclaim_id, line.reclaim.group_id, now=now)
    session.flush()


def book_interest(
    session: Session, reclaim_id: int, cents: int, *, received_on: date, token: str, by: int, now: datetime
) -> None:
    """Afterwards it is kept that so much interest came; sent twice, it is there once.

    Raises:
        BadInput: the sum or the day cannot be.
    """
    line = _hold(session, reclaim_id, now)
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
    _note(session, "reclaim.interest_paid", reclaim_id, line.reclaim.group_id, now=now)
    session.flush()


def _letter(
    session: Session, line: ClaimLine, *, due_on: date, interest_from: date | None, now: datetime
) -> ReclaimLetter:
    office = office_of(session, line.region.id)
    if office is None:
        raise RuleBroken(_("Please say first who issues the notices."), code="no_office")
    facts = write_reclaim(session, line, office, due_on=due_on, interest_from=interest_from, now=now)
    body = print_notice(facts, now)
    return ReclaimLetter(
        reclaim_id=line.reclaim.id,
        group_id=line.reclaim.group_id,
        facts=facts,
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
        made_at=now,
    )


def _hold(session: Session, reclaim_id: int, now: datetime) -> ClaimLine:
    """Answer the claim as it is now; until the transaction ends nobody else changes it."""
    reclaim = session.get_one(Reclaim, reclaim_id, with_for_update=True, populate_existing=True)
    return line_of(session, reclaim, on=day_of(now))


def _check_written(line: ClaimLine) -> None:
    if line.reclaim.written_on is None:
        raise RuleBroken(_("Please tell the group in writing first."), code="not_written")


def _check_open(line: ClaimLine) -> None:
    if not line.claim.open_cents:
        raise RuleBroken(_("Nothing is open any more. Nothing has changed."), code="settled")


def _check_sum(line: ClaimLine, cents: int) -> None:
    if not 1 <= cents <= line.claim.open_cents:
        raise BadInput(
            _("Please give a sum of at most %(most)s: what is open.", most=euro_words(line.claim.open_cents)),
            field="cents",
        )


def _note(
    session: Session, action: str, reclaim_id: int, group_id: int, *, now: datetime, **facts: str | int
) -> None:
    house = session.scalar(sa.select(Group.clearinghouse_id).where(Group.id == group_id))
    note(session, action, now=now, record_id=reclaim_id, group_id=group_id, clearinghouse_id=house, **facts)
