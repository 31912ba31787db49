"""Money is claimed back: a claim is opened, grows, and is told in writing; ``claim_settling`` is how it ends."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.documents.claims import write_reclaim
from app.funding.documents.notices import print_notice
from app.funding.mails.proofs import claim_mail
from app.funding.models import FundingRegion, GrantRound, Reclaim, ReclaimLetter
from app.funding.queries.notices import office_of
from app.funding.queries.proofs import kept_by
from app.funding.queries.reclaims import ClaimLine, line_of
from app.funding.rules.reclaim import to_claim
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.presentation import date_words
from app.groups.readers import readers_who_sign_in, write_to
from app.shared.database import insert_into
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

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
        note_of_claim(session, "reclaim.opened", number, group_id, now=now, cause=cause)
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
        note_of_claim(session, "reclaim.raised", there.id, group_id, now=now, cause=cause)
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
    line = hold_claim(session, reclaim_id, now)
    reclaim, today = line.reclaim, day_of(now)
    if reclaim.written_on is not None:
        raise RuleBroken(
            _("This was told in writing on %(day)s already.", day=date_words(reclaim.written_on)),
            code="written_before",
        )
    check_open(line)
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
    note_of_claim(session, "reclaim.written", reclaim.id, reclaim.group_id, now=now)
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


def hold_claim(session: Session, reclaim_id: int, now: datetime) -> ClaimLine:
    """Answer the claim as it is now; until the transaction ends nobody else changes it."""
    reclaim = session.get_one(Reclaim, reclaim_id, with_for_update=True, populate_existing=True)
    return line_of(session, reclaim, on=day_of(now))


def check_open(line: ClaimLine) -> None:
    """Return quietly when something of the claim is open.

    Raises:
        RuleBroken: all of it came back or need not.
    """
    if not line.claim.open_cents:
        raise RuleBroken(_("Nothing is open any more. Nothing has changed."), code="settled")


def note_of_claim(
    session: Session, action: str, reclaim_id: int, group_id: int, *, now: datetime, **facts: str | int
) -> None:
    """Afterwards it is written down what was done with a claim."""
    house = session.scalar(sa.select(Group.clearinghouse_id).where(Group.id == group_id))
    note(session, action, now=now, record_id=reclaim_id, group_id=group_id, clearinghouse_id=house, **facts)
