"""What a year's levy is reckoned from, as it is stored; and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from app.funding.models import (
    FlatShare,
    FundingYear,
    InsuredCount,
    Insurer,
    LevelShares,
    LevyRate,
)
from app.funding.rules.level_plan import LEVELS, LevelPlan
from app.funding.rules.levy import Cell, Duty, duties
from app.funding.rules.levy_rates import Rate
from app.places.models import State

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class InsurerName(NamedTuple):
    """An insurer as pages name it."""

    slug: str
    name: str
    family: str


def list_insurers(session: Session) -> list[InsurerName]:
    """Answer all insurers by name."""
    rows = session.execute(sa.select(Insurer.slug, Insurer.name, Insurer.family))
    return sorted((InsurerName(*row) for row in rows), key=lambda each: each.name.casefold())


def state_names(session: Session) -> dict[str, str]:
    """Answer the Länder: AGS to name, by name."""
    return dict(session.execute(sa.select(State.ags, State.name).order_by(State.name)).tuples().all())


def years_with_insured(session: Session) -> set[int]:
    """Answer the years of which insured are known."""
    return set(session.scalars(sa.select(InsuredCount.year).distinct()))


def is_closed(session: Session, year: int) -> bool:
    """Answer whether a year takes no more entries."""
    closed = sa.select(FundingYear.closed_at).where(FundingYear.year == year)
    return session.scalar(closed) is not None


def rates(session: Session) -> dict[int, Rate]:
    """Answer the known rates by year."""
    rows = session.scalars(sa.select(LevyRate).order_by(LevyRate.year))
    return {
        row.year: Rate(row.year, row.cents, row.reference_cents, row.standing, row.source) for row in rows
    }


def insured_of(session: Session, year: int) -> dict[Cell, int]:
    """Answer how many insured each insurer has in each Land."""
    rows = session.execute(
        sa.select(Insurer.slug, InsuredCount.state_ags, InsuredCount.insured)
        .join(Insurer, Insurer.id == InsuredCount.insurer_id)
        .where(InsuredCount.year == year)
        .order_by(Insurer.slug, InsuredCount.state_ags)
    )
    return {(insurer, state): insured for insurer, state, insured in rows}


def flat_percents_of(session: Session, year: int) -> dict[str, int]:
    """Answer the insurers that give more as flat grants than the law wants, with their per cent."""
    rows = session.execute(
        sa.select(Insurer.slug, FlatShare.percent)
        .join(Insurer, Insurer.id == FlatShare.insurer_id)
        .where(FlatShare.year == year)
    )
    return {insurer: percent for insurer, percent in rows}  # noqa: C416 - rows are no pairs to mypy


def plans_of(session: Session, year: int) -> dict[str, LevelPlan]:
    """Answer the plan of each Land that has one."""
    rows = session.scalars(sa.select(LevelShares).where(LevelShares.year == year))
    return {
        row.state_ags: LevelPlan(
            row.state_ags, year, row.unit, {level: getattr(row, level) for level in LEVELS}, row.source
        )
        for row in rows
    }


def duties_of(session: Session, year: int) -> tuple[Duty, ...]:
    """Answer what each insurer owes in each Land; nothing as long as the rate or the insured are not known."""
    rate, insured = session.get(LevyRate, year), insured_of(session, year)
    if rate is None:
        return ()
    known = {insurer for insurer, _state in insured}
    percents = {
        insurer: percent for insurer, percent in flat_percents_of(session, year).items() if insurer in known
    }
    return duties(insured, rate_cents=rate.cents, year=year, flat_percents=percents)
