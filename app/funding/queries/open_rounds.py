"""Rounds with their last days, and what groups have begun there and not submitted: read for many groups at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.funding.models import (
    ApplicationSignature,
    DeadlineExtension,
    FundingRegion,
    GrantApplication,
    GrantRound,
)
from app.funding.queries.regions import last_day_in, rules_of_regions
from app.funding.rules.application import DRAFT, GROUP, PAGES, is_new, month_of
from app.funding.rules.region_rules import RegionRules
from app.groups.meetings.schedules import day_of
from app.groups.models import Group

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


_LONGEST_EXTENSION = timedelta(days=200)
"""So long after a round single groups may still have time."""


@dataclass(frozen=True, slots=True)
class RoundDays:
    """A round, its region with its rules, and the last day for known groups and for new ones."""

    round: GrantRound
    region: FundingRegion
    rules: RegionRules
    last_day: date
    last_day_new: date

    def last_day_of(self, *, is_new: bool) -> date:
        """Answer the last day of a group."""
        return self.last_day_new if is_new else self.last_day

    @property
    def end(self) -> date:
        """The day after which nobody is in time any more."""
        return max(self.last_day, self.last_day_new)


@dataclass(frozen=True, slots=True)
class Unsubmitted:
    """A request that was begun; ``asked_at`` is when its signers were asked first, None while nobody was."""

    application_id: int
    group_id: int
    group_name: str
    group_slug: str
    days: RoundDays
    last_day: date
    pages_left: int
    saved_at: datetime
    asked_at: datetime | None
    signed: int


def rounds_between(
    session: Session, first: date, last: date, *, region_ids: Collection[int] | None = None
) -> list[RoundDays]:
    """Answer the rounds that are open on any of these days, in some regions or in all, by region."""
    of_regions = sa.true() if region_ids is None else FundingRegion.id.in_(region_ids)
    rows = (
        session.execute(
            sa.select(GrantRound, FundingRegion)
            .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
            .where(of_regions, GrantRound.opens_on <= last, GrantRound.year >= first.year - 1)
            .order_by(FundingRegion.name, GrantRound.year)
        )
        .tuples()
        .all()
    )
    rules = rules_of_regions(session, {region.id: region for _round, region in rows}.values())
    found = [_days(round_, region, rules[region.id]) for round_, region in rows]
    return [each for each in found if each.end >= first]


def rule_days_between(
    session: Session, first: date, last: date, *, region_ids: Collection[int] | None = None
) -> list[tuple[FundingRegion, int, date]]:
    """Answer the last days by the rules of regions for those years of which no round was opened, by region and year."""
    of_regions = sa.true() if region_ids is None else FundingRegion.id.in_(region_ids)
    regions = session.scalars(sa.select(FundingRegion).where(of_regions).order_by(FundingRegion.name)).all()
    opened = set(session.execute(sa.select(GrantRound.region_id, GrantRound.year)).tuples())
    rules = rules_of_regions(session, regions)
    found = [
        (region, year, last_day_in(region, year, rules[region.id]))
        for region in regions
        for year in range(first.year, last.year + 1)
        if (region.id, year) not in opened
    ]
    return [each for each in found if first <= each[2] <= last]


def list_unsubmitted(
    session: Session, *, now: datetime, clearinghouse_id: int | None = None
) -> list[Unsubmitted]:
    """Answer what was begun in rounds that are still open, of the groups of a house or of all, the oldest first."""
    today = day_of(now)
    days = {each.round.id: each for each in rounds_between(session, today - _LONGEST_EXTENSION, today)}
    of_house = sa.true() if clearinghouse_id is None else Group.clearinghouse_id == clearinghouse_id
    signatures = (
        sa.select(
            ApplicationSignature.application_id,
            sa.func.min(ApplicationSignature.asked_at).label("asked_at"),
            sa.func.count(ApplicationSignature.signed_at).label("signed"),
        )
        .group_by(ApplicationSignature.application_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            GrantApplication.id,
            GrantApplication.round_id,
            GrantApplication.group_id,
            GrantApplication.answers,
            GrantApplication.saved_at,
            Group.name,
            Group.slug,
            signatures.c.asked_at,
            signatures.c.signed,
        )
        .join(Group, Group.id == GrantApplication.group_id)
        .outerjoin(signatures, signatures.c.application_id == GrantApplication.id)
        .where(of_house, GrantApplication.state == DRAFT, GrantApplication.round_id.in_(days))
        .order_by(GrantApplication.saved_at)
    ).all()
    had = _had_earlier(session, {row.group_id for row in rows})
    longer = _extensions(session, days)
    found = [
        _unsubmitted(row, days[row.round_id], had, longer.get((row.round_id, row.group_id))) for row in rows
    ]
    return [each for each in found if each.last_day >= today]


def _unsubmitted(row: Any, days: RoundDays, had: Mapping[int, int], extended_to: date | None) -> Unsubmitted:
    values = {page: row.answers.get(page, {}).get("values") for page in PAGES}
    year = days.round.year
    about = values[GROUP]
    founded = month_of(about["founded"]) if about else None
    had_earlier = had.get(row.group_id, year) < year
    last_day = days.last_day_of(is_new=founded is not None and is_new(founded, year, had_earlier=had_earlier))
    return Unsubmitted(
        row.id,
        row.group_id,
        row.name,
        row.slug,
        days,
        max(last_day, extended_to or last_day),
        sum(each is None for each in values.values()),
        row.saved_at,
        row.asked_at,
        row.signed or 0,
    )


def _extensions(session: Session, round_ids: Iterable[int]) -> dict[tuple[int, int], date]:
    """Answer the later last days that single groups were given, by round and group."""
    rows = session.execute(
        sa.select(DeadlineExtension.round_id, DeadlineExtension.group_id, DeadlineExtension.last_day)
        .where(DeadlineExtension.round_id.in_(round_ids))
        .order_by(DeadlineExtension.number)
    )
    return {(round_id, group_id): last_day for round_id, group_id, last_day in rows}


def _had_earlier(session: Session, group_ids: Collection[int]) -> dict[int, int]:
    """Answer the first year for which each group submitted an application."""
    rows = session.execute(
        sa.select(GrantApplication.group_id, sa.func.min(GrantRound.year))
        .join(GrantRound, GrantRound.id == GrantApplication.round_id)
        .where(GrantApplication.group_id.in_(group_ids), GrantApplication.number.is_not(None))
        .group_by(GrantApplication.group_id)
    )
    return dict(rows.tuples().all())


def _days(round_: GrantRound, region: FundingRegion, rules: RegionRules) -> RoundDays:
    known, new = (
        max(last_day_in(region, round_.year, rules, is_new=is_new), round_.closes_on)
        for is_new in (False, True)
    )
    return RoundDays(round_, region, rules, known, new)
