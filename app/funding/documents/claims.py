"""Claims in words: what is known of one, put into the letter that ``rules/reclaim_letter.py`` makes."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.clearinghouses.models import Branch, ClearingHouse
from app.funding.documents.notices import LANGUAGE
from app.funding.queries.proofs import items_of, kept_by, line_of_group
from app.funding.reference_files import notice_texts, reclaim_texts, served_rules
from app.funding.rules.notice_letter import Office
from app.funding.rules.notices import rule_on
from app.funding.rules.reclaim_letter import ClaimTold, claim_number, reclaim_letter
from app.funding.words.applications import COSTS
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.presentation import date_words
from app.shared.languages import speaking
from app.shared.money import euro_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.funding.models import NoticeOffice
    from app.funding.queries.reclaims import ClaimLine


def write_reclaim(
    session: Session,
    line: ClaimLine,
    office: NoticeOffice,
    *,
    due_on: date,
    interest_from: date | None,
    now: datetime,
) -> dict[str, Any]:
    """Answer what the letter says by which a group is told of a claim."""
    group_id = line.reclaim.group_id
    kept = kept_by(session, line.region, line.round.year, group_id).cents
    with speaking(LANGUAGE):
        told = ClaimTold(
            cause=line.reclaim.cause,
            group=session.get_one(Group, group_id).name,
            to=_address(session, group_id),
            year=line.round.year,
            number=claim_number(line.region.slug, line.round.year, line.reclaim.id),
            day=date_words(day_of(now)),
            cents=euro_words(line.claim.open_cents),
            kept=euro_words(kept),
            used=euro_words(max(0, kept - line.claim.open_cents)),
            refused=_refused(session, line),
            due=date_words(due_on),
            interest_from=date_words(interest_from) if interest_from else "",
            served_days=rule_on(day_of(now), served_rules()).days,
        )
    issuer = Office(**{name: getattr(office, name) for name in Office.__slots__})
    return reclaim_letter(notice_texts(), reclaim_texts(), told, issuer)


def _refused(session: Session, line: ClaimLine) -> list[str]:
    """Answer the expenses that were not accepted, each with its sum and why."""
    proof = line_of_group(session, line.region, line.round, line.reclaim.group_id).proof
    if proof is None:
        return []
    return [
        f"{COSTS[each.kind]}: {each.what}, {euro_words(each.cents)} – {each.reason}"
        for each in items_of(session, proof.id)
        if each.is_accepted is False
    ]


def _address(session: Session, group_id: int) -> list[str]:
    words = notice_texts()["facts"]
    name, contact, house, street, postcode, town = session.execute(
        sa.select(
            Group.name,
            Group.contact_name,
            ClearingHouse.name,
            Branch.street,
            Branch.postcode,
            Branch.town,
        )
        .join(ClearingHouse, ClearingHouse.id == Group.clearinghouse_id)
        .outerjoin(Branch, sa.and_(Branch.clearinghouse_id == ClearingHouse.id, Branch.is_main))
        .where(Group.id == group_id)
    ).one()
    lines = [name, words["attention"].format(name=contact)] if contact else [name]
    return [*lines, words["care_of"].format(house=house), street, f"{postcode} {town}"] if street else lines
