"""Notices in words: what is known of a run and a group, put into the letter that ``rules/notice_letter.py`` makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.clearinghouses.models import Branch, ClearingHouse
from app.funding.models import (
    AllocationLine,
    AllocationRun,
    ApplicationSignature,
    DirectNotice,
    FundingRegion,
    GrantApplication,
    GrantRound,
    Notice,
    NoticeOffice,
)
from app.funding.queries.notice_ways import address_of, newest_ways
from app.funding.queries.regions import last_day_in, rules_in
from app.funding.queries.sitting_runs import words_in_sitting
from app.funding.reference_files import attention, notice_texts, served_rules
from app.funding.rules.dispatch import readdressed
from app.funding.rules.ledger_accounts import a_group
from app.funding.rules.notice_letter import Division, Office, Told, letter
from app.funding.rules.notices import REVOCATION, rule_on
from app.funding.rules.region_rules import WITH_NEXT_REQUEST, RegionRules, day_in, proof_is_simple
from app.funding.words.explanations import rule_words, teller
from app.groups.meetings.schedules import day_of
from app.groups.models import Group
from app.groups.presentation import date_words
from app.shared.languages import DEFAULT_LANGUAGE, speaking
from app.shared.money import euro_words
from app.shared.pdf import make_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

TEMPLATE = "funding/letters/notice.typ"
LANGUAGE = DEFAULT_LANGUAGE
"""The language of the act is German (§ 19 SGB X), whatever language a group reads the pages in."""


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
    words: Mapping[int, str]
    """What a joint sitting said besides to some of the groups."""
    now: datetime


@dataclass(frozen=True, slots=True)
class Upheld:
    """An objection that helped: when it came, how much more there is, and why."""

    day: str
    cents: int
    reason: str


@dataclass(frozen=True, slots=True)
class AboutGroup:
    """A group's line of the run, its name, who reads for it, and where letters go: to its house, unless it says so."""

    line: AllocationLine
    name: str
    contact: str
    house_id: int
    request_number: str
    house: tuple[str, ...]
    address: Sequence[str]


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
            region.name,
            str(count),
            euro_words(asked or 0),
            euro_words(run.pot_cents),
            rule_words(run.rules),
            rules.keep_years,
            rules.note,
            is_of_sitting=bool(run.rules.get("sitting_on")),
        )
        return Writer(
            run,
            found,
            rules,
            Office(**{name: getattr(office, name) for name in Office.__slots__}),
            division,
            _due(rules, region, found.year),
            teller(is_weighted=run.rules["is_weighted"]),
            words_in_sitting(session, run.id),
            now,
        )


def read_groups(session: Session, writer: Writer, group_ids: Collection[int]) -> dict[int, AboutGroup]:
    """Answer what the notices of some groups need to know of them."""
    rows = session.execute(
        sa.select(
            AllocationLine,
            Group.name,
            Group.contact_name,
            Group.clearinghouse_id,
            GrantApplication.number,
            ApplicationSignature.name.label("signer"),
            ClearingHouse.name.label("house"),
            Branch.street,
            Branch.postcode,
            Branch.town,
        )
        .join(Group, Group.id == AllocationLine.group_id)
        .join(ClearingHouse, ClearingHouse.id == Group.clearinghouse_id)
        .outerjoin(Branch, sa.and_(Branch.clearinghouse_id == ClearingHouse.id, Branch.is_main))
        .outerjoin(
            GrantApplication,
            sa.and_(GrantApplication.group_id == Group.id, GrantApplication.round_id == writer.round.id),
        )
        .outerjoin(
            ApplicationSignature,
            sa.and_(
                ApplicationSignature.application_id == GrantApplication.id, ApplicationSignature.position == 1
            ),
        )
        .where(AllocationLine.run_id == writer.run.id, AllocationLine.group_id.in_(group_ids))
    )
    ways = newest_ways(session, [a_group(group_id) for group_id in group_ids])
    return {
        line.group_id: AboutGroup(
            line,
            name,
            signer or contact,
            house_id,
            number or "",
            (house, street, f"{postcode} {town}") if street else (),
            address_of(ways.get(a_group(line.group_id))),
        )
        for line, name, contact, house_id, number, signer, house, street, postcode, town in rows
    }


def write_notice(
    writer: Writer,
    about: AboutGroup,
    *,
    kind: str,
    number: str,
    replaced: Notice | None,
    upheld: Upheld | None = None,
) -> tuple[dict[str, Any], int]:
    """Answer what a notice tells a group, and the cents that it has by it: with those of objections before."""
    line = about.line
    before, cents = line.before_cents, line.award_cents
    if replaced is not None:
        more = upheld.cents if upheld else cents - before
        before, cents = replaced.cents, 0 if kind == REVOCATION else replaced.cents + more
    with speaking(LANGUAGE):
        told = Told(
            kind=kind,
            group=about.name,
            contact=about.contact,
            house=about.house,
            year=writer.round.year,
            number=number,
            day=date_words(day_of(writer.now)),
            request_number=about.request_number,
            requested=euro_words(line.requested_cents),
            cents=euro_words(cents),
            before=euro_words(before),
            added=euro_words(max(0, cents - before)),
            reasons=[upheld.reason]
            if upheld
            else [
                *(writer.tell([step]) for step in line.steps),
                *filter(None, [writer.words.get(line.group_id)]),
            ],
            objected_on=upheld.day if upheld else "",
            proof="simple" if proof_is_simple(cents, writer.rules) else "full",
            due_key=writer.due[0],
            due=writer.due[1],
            served_days=rule_on(day_of(writer.now), served_rules()).days,
            replaced=(replaced.number, date_words(day_of(replaced.made_at))) if replaced else ("", ""),
        )
    facts = letter(notice_texts(), told, writer.office, writer.division)
    return facts | {"to": readdressed(facts["to"], about.address, attention())}, cents


def print_notice(facts: dict[str, Any], made_at: datetime) -> bytes:
    """Answer the letter; the same facts and moment give the same bytes.

    Raises:
        NotPrintable: no font has one of the characters.
    """
    return make_pdf(TEMPLATE, facts, title=facts["title"], language=LANGUAGE, made_at=made_at)


def print_for_window(notice: Notice | DirectNotice, to: Sequence[str]) -> bytes:
    """Answer the letter to be posted to these lines: the kept file, or, with another address, the same made anew.

    Raises:
        NotPrintable: no font has one of the characters of the address.
    """
    if list(to) == notice.facts["to"]:
        return notice.body
    return print_notice(notice.facts | {"to": list(to)}, notice.made_at)


def _due(rules: RegionRules, region: FundingRegion, year: int) -> tuple[str, str]:
    if rules.proof_due != WITH_NEXT_REQUEST:
        return "by_day", date_words(day_in(year + 1, rules.proof_due))
    return WITH_NEXT_REQUEST, date_words(last_day_in(region, year + 1, rules))
