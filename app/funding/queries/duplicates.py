"""Which other applications of a year, in any region, may be of the same people (``rules/duplicates.py``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.rules.email_address import fold_address
from app.funding.models import ApplicationSignature, FundingRegion, GrantApplication, GrantRound
from app.funding.rules import duplicates as rules
from app.funding.rules.application import WITHDRAWN
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Alike:
    """Another application of the same year, and what both have in common."""

    application_id: int
    number: str
    group_name: str
    region_name: str
    shared: tuple[str, ...]


def list_alike(session: Session, year: int, wanted: Collection[int]) -> dict[int, list[Alike]]:
    """Answer for these applications of a year the others, of any region, that share something with them."""
    rows = _submitted(session, year)
    by_id = {row.id: row for row in rows}
    marks: defaultdict[int, set[rules.Mark]] = defaultdict(set)
    for row in rows:
        marks[row.id] |= {
            (rules.ACCOUNT, row.account_mark or ""),
            (rules.ADDRESS, fold_address(row.contact_email)),
            (rules.PHONE, rules.phone_mark(row.contact_phone)),
        }
    for application_id, address, user_id in _signers(session, year):
        if application_id in by_id:
            marks[application_id] |= {
                (rules.SIGNER, address),
                (rules.SIGNER, f"account {user_id}" if user_id else ""),
            }
    return {
        one: [
            Alike(number, by_id[number].number, by_id[number].name, by_id[number].region, tuple(shared))
            for number, shared in sorted(others.items())
        ]
        for one, others in rules.alike(marks, wanted).items()
    }


def _submitted(session: Session, year: int) -> Sequence[sa.Row[Any]]:
    return session.execute(
        sa.select(
            GrantApplication.id,
            GrantApplication.number,
            GrantApplication.account_mark,
            Group.name,
            Group.contact_email,
            Group.contact_phone,
            FundingRegion.name.label("region"),
        )
        .join(GrantRound, GrantRound.id == GrantApplication.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .join(Group, Group.id == GrantApplication.group_id)
        .where(
            GrantRound.year == year,
            GrantApplication.number.is_not(None),
            GrantApplication.state != WITHDRAWN,
        )
    ).all()


def _signers(session: Session, year: int) -> Sequence[sa.Row[Any]]:
    return session.execute(
        sa.select(
            ApplicationSignature.application_id, ApplicationSignature.email, ApplicationSignature.user_id
        )
        .join(GrantApplication, GrantApplication.id == ApplicationSignature.application_id)
        .join(GrantRound, GrantRound.id == GrantApplication.round_id)
        .where(GrantRound.year == year)
    ).all()
