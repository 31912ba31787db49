"""Notices in words: what is known of a run and a group, put into the letter that ``rules/notice_letter.py`` makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.clearinghouses.models import Branch, ClearingHouse
from app.funding.models import (
    AllocationLine,
    AllocationRun,
    ApplicationSignature,
    FundingRegion,
    GrantApplication,
    GrantRound,
    Notice,
    NoticeOffice,
)
from app.funding.queries.regions import rules_in
from app.funding.reference_files import notice_texts, served_rules
from app.funding.rules.deadlines import deadline
from app.funding.rules.notice_letter import Division, Office, Told, letter
from app.funding.rules.notices import REVOCATION, rule_on
from app.funding.rules.region_rules import WITH_NEXT_REQUEST, RegionRules, day_in, proof_is_simple
from app.funding.sentences import rule_words, teller
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.presentation import date_words
from app.places.public_holidays import public_holidays
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.money import euro_words
from app.shared.pdf import make_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

TEMPLATE = "funding/letters/notice.typ"
LANGUAGE = DEFAULT_LANGUAGE
"""The language of the act is German (§ 19 SGB X), whatever language a group reads the pages in."""
_HOLIDAYS_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Writer:
    """What all notices of a run share."""

    run: AllocationRun
    round: GrantRound
    rules: RegionRules
    office: Office
    division: Division
    due: tuple[str, str]
    """How proof is due (a key of the texts), and until when."""
    tell: Callable[[list[dict[str, Any]]], str]
    now: datetime


def make_writer(
    session: Session, run: AllocationRun, region: FundingRegion, office: NoticeOffice, *, now: datetime
) -> Writer:
    """Answer what writes the notices of a run."""
    found = session.get_one(GrantRound, run.round_id)
    rules = rules_in(session, region)
    count, asked = session.execute(
        sa.select(sa.func.count(), sa.cast(sa.func.sum(AllocationLine.requested_cents), sa.BigInteger)).where(
            AllocationLine.run_id == run.id
        )
    ).one()
    with speaking(LANGUAGE):
        division = Division(
            region.name, str(count), euro_words(asked or 0), euro_words(run.pot_cents), rule_words(run.rules)
        )
        return Writer(
            run,
            found,
            rules,
            Office(**{name: getattr(office, name) for name in Office.__slots__}),
            division,
            _due(rules, region, found.year),
            teller(is_weighted=run.rules["is_weighted"]),
            now,
        )


def write_notice(
    session: Session, writer: Writer, group_id: int, *, kind: str, number: str, replaced: Notice | None
) -> tuple[dict[str, Any], int]:
    """Answer what a notice tells a group, and the cents that it has by it."""
    line = session.get_one(AllocationLine, (writer.run.id, group_id))
    before, cents = line.before_cents, line.award_cents
    if kind == REVOCATION and replaced is not None:
        before, cents = replaced.cents, 0
    group = session.get_one(Group, group_id)
    request_number, signer = _applied(session, writer.round.id, group_id)
    with speaking(LANGUAGE):
        told = Told(
            kind=kind,
            group=group.name,
            contact=signer or group.contact_name,
            house=_house(session, group.clearinghouse_id),
            year=writer.round.year,
            number=number,
            day=date_words(day_of(writer.now)),
            request_number=request_number,
            requested=euro_words(line.requested_cents),
            cents=euro_words(cents),
            before=euro_words(before),
            added=euro_words(max(0, cents - before)),
            reasons=[writer.tell([step]) for step in line.steps],
            proof="simple" if proof_is_simple(cents, writer.rules) else "full",
            due_key=writer.due[0],
            due=writer.due[1],
            served_days=rule_on(day_of(writer.now), served_rules()).days,
            replaced=(replaced.number, date_words(day_of(replaced.made_at))) if replaced else ("", ""),
        )
    return letter(notice_texts(), told, writer.office, writer.division), cents


def print_notice(facts: dict[str, Any], made_at: datetime) -> bytes:
    """Answer the letter; the same facts and moment give the same bytes.

    Raises:
        NotPrintable: no font has one of the characters.
    """
    return make_pdf(TEMPLATE, facts, title=facts["title"], language=LANGUAGE, made_at=made_at)


def _due(rules: RegionRules, region: FundingRegion, year: int) -> tuple[str, str]:
    if rules.proof_due != WITH_NEXT_REQUEST:
        return "by_day", date_words(day_in(year + 1, rules.proof_due))
    plain = deadline(year + 1, rules, is_new=False)
    free = public_holidays(region.state_ags, plain, plain + _HOLIDAYS_AHEAD)
    return WITH_NEXT_REQUEST, date_words(deadline(year + 1, rules, is_new=False, free_days=free))


def _applied(session: Session, round_id: int, group_id: int) -> tuple[str, str]:
    """Answer the number of a group's request, and who signed it first; empty where it came on paper."""
    row = session.execute(
        sa.select(GrantApplication.number, ApplicationSignature.name)
        .outerjoin(
            ApplicationSignature,
            sa.and_(
                ApplicationSignature.application_id == GrantApplication.id, ApplicationSignature.position == 1
            ),
        )
        .where(GrantApplication.round_id == round_id, GrantApplication.group_id == group_id)
    ).first()
    return (row[0] or "", row[1] or "") if row else ("", "")


def _house(session: Session, house_id: int) -> list[str]:
    """Answer name, street and town of a clearing house; nothing when it has no address."""
    row = session.execute(
        sa.select(ClearingHouse.name, Branch.street, Branch.postcode, Branch.town)
        .join(Branch, sa.and_(Branch.clearinghouse_id == ClearingHouse.id, Branch.is_main))
        .where(ClearingHouse.id == house_id)
    ).first()
    return [row.name, row.street, f"{row.postcode} {row.town}"] if row else []
