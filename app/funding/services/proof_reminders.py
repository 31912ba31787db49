"""Proofs are begun for every group that was paid, and groups are reminded: each reminder once for each last day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding.mails.proofs import reminder_mail
from app.funding.models import FundingRegion, GrantRound, UseProof, UseProofAct
from app.funding.queries.proofs import due_day, line_of_group, lines_of_round
from app.funding.rules.proof import BEFORE, DRAFT, reminder_on
from app.funding.services.proofs import begin_proof, hold_proof, note_of_proof
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.readers import readers_who_sign_in, write_to
from app.shared.database import insert_into

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def rounds_to_remind(session: Session, *, now: datetime) -> list[tuple[GrantRound, FundingRegion]]:
    """Answer the rounds of whose proofs the first reminder can be due."""
    today = day_of(now)
    rows = session.execute(
        sa.select(GrantRound, FundingRegion)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .where(GrantRound.year < today.year + 1)
        .order_by(GrantRound.id)
    )
    return [
        (found, region) for found, region in rows if due_day(session, region, found.year)[0] - BEFORE <= today
    ]


def groups_to_remind(
    session: Session, found: GrantRound, region: FundingRegion, *, now: datetime
) -> list[int]:
    """Answer the groups whose proof has not come and of whom a reminder was not sent."""
    today = day_of(now)
    sent = {
        (proof_id, act, until)
        for proof_id, act, until in session.execute(
            sa.select(UseProofAct.proof_id, UseProofAct.act, UseProofAct.until)
            .join(UseProof, UseProof.id == UseProofAct.proof_id)
            .where(UseProof.round_id == found.id)
        )
    }
    due = []
    for line in lines_of_round(session, region, found):
        kind = reminder_on(line.stand.last_day, today)
        known = line.proof.id if line.proof else 0
        if line.stand.state == DRAFT and kind and (known, kind, line.stand.last_day) not in sent:
            due.append(line.group_id)
    return due


def remind_group(
    session: Session, found: GrantRound, region: FundingRegion, group_id: int, *, now: datetime
) -> bool:
    """Afterwards the group was reminded, unless its proof has come or it was before; answer whether it was now.

    Whoever submits the proof in this moment comes before or after: the row of the proof is held.
    """
    proof = hold_proof(session, begin_proof(session, region, found, group_id, now=now))
    line = line_of_group(session, region, found, group_id)
    last_day = line.stand.last_day
    kind = reminder_on(last_day, day_of(now))
    if proof.state != DRAFT or kind is None or line.kept.cents <= 0:
        return False
    once = (
        insert_into(session, UseProofAct)
        .values(proof_id=proof.id, group_id=group_id, act=kind, text="", until=last_day, at=now)
        .on_conflict_do_nothing()
        .returning(UseProofAct.id)
    )
    if session.scalar(once) is None:
        return False
    group = session.get_one(Group, group_id)
    write_to(
        session,
        readers_who_sign_in(session, group_id),
        lambda _reader: reminder_mail(group.name, group.slug, found.year, last_day, kind),
        purpose="proof-reminder",
        now=now,
    )
    note_of_proof(session, "proof.reminded", proof.id, group_id, now=now, reminder=kind)
    return True
