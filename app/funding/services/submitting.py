"""An application is submitted: numbered, assessed for good, made known to the round, and receipted."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.documents.application_copy import copy_facts
from app.funding.models import GrantApplication, GrantRequest, GrantRound
from app.funding.queries.applications import OpenRound, read_round_of
from app.funding.queries.assessing import arrival_in_time, arrival_on, assess_application
from app.funding.rules.application import GROUP, SUBMITTED, number_of
from app.funding.rules.checks import ANSWERED
from app.funding.rules.deadlines import Arrival
from app.funding.rules.grant_round import EXTENDED, LATE
from app.funding.services.rounds import hold_round
from app.funding.services.signatures import send_receipts
from app.funding.words.applications import next_words
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def submit(session: Session, group_id: int, round_: GrantRound, arrival: Arrival, *, now: datetime) -> str:
    """Afterwards the request is submitted: numbered, assessed for good, known to the round, both signers told."""
    hold_round(session, round_.id)
    found = read_round_of(session, group_id, round_)
    application, change = found.written, found.change
    arrival = arrival if change is None else arrival_on(found, arrival.received_on)
    standing = arrival_in_time(found, arrival)
    assessment = assess_application(session, found, arrival)
    if application.number is None:
        numbered = sa.select(sa.func.count()).where(
            GrantApplication.round_id == round_.id, GrantApplication.number.is_not(None)
        )
        running = (session.scalar(numbered) or 0) + 1
        application.number = number_of(found.region.slug, round_.year, running)
    application.state = SUBMITTED
    application.received_on, application.posted_on = arrival.received_on, arrival.posted_on
    application.assessment = {
        "rule_version": assessment.rule_version,
        "reasons": [asdict(each) for each in assessment.reasons],
    }
    application.submitted_at = now
    application.copy = copy_facts(found)
    _put_into_round(session, found, standing, arrival, now=now)
    note_of_application(session, "application.submitted", found, now=now, standing=standing)
    send_receipts(session, found, lambda: next_words(found, standing), now=now)
    if change is not None:
        change.ended_at, change.ended_as = now, ANSWERED
        note_of_application(session, "application.changes_answered", found, now=now)
    session.flush()
    return application.number


def _put_into_round(
    session: Session, found: OpenRound, standing: str, arrival: Arrival, *, now: datetime
) -> None:
    """Store the request that the round is divided by, or the new one in place of one that was withdrawn."""
    plan, about = found.plan, found.values(GROUP) or {}
    values = {
        "requested_cents": plan.requested_cents,
        "expenses_cents": plan.counted_cents,
        "own_cents": plan.own_counted_cents,
        "others_cents": plan.others_counted_cents,
        "members": max(1, about.get("members", 1)),
        "is_new": found.is_new,
        "standing": standing,
        "received_on": arrival.received_on,
        "posted_on": arrival.posted_on,
        "updated_at": now,
    }
    known = session.scalar(
        sa.select(GrantRequest)
        .where(GrantRequest.round_id == found.round.id, GrantRequest.group_id == found.group.id)
        .with_for_update()
    )
    if known is None:
        session.add(GrantRequest(round_id=found.round.id, group_id=found.group.id, **values))
        return
    if found.change is not None and (known.standing, standing) == (EXTENDED, LATE):
        values["standing"] = EXTENDED  # as the office has decided
    for name, value in values.items():
        setattr(known, name, value)
    known.version += 1


def note_of_application(
    session: Session, action: str, found: OpenRound, *, now: datetime, **facts: str
) -> None:
    """Afterwards it is written down that something was done with an application."""
    note(
        session,
        action,
        now=now,
        record_id=found.written.id,
        group_id=found.group.id,
        clearinghouse_id=found.group.clearinghouse_id,
        **facts,
    )
