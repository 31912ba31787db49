"""Stores what funding begins with: insurers, regions, rates and plans from the files in ``data/``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.funding import reference_files
from app.funding.models import (
    FundingRegion,
    FundingRegionDistrict,
    Insurer,
    LevelShares,
    LevyRate,
)
from app.places.models import District

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def load_funding_reference(session: Session) -> int:
    """Afterwards what the files name is stored, but nothing that was there has changed; answer how much was missing.

    A Land that has a region already gets none from the file: who divided it has said how.
    """
    added = _add_insurers(session) + _add_rates(session) + _add_plans(session)
    session.flush()
    added += _add_regions(session)
    session.flush()
    return added


def _add_insurers(session: Session) -> int:
    known = set(session.scalars(sa.select(Insurer.slug)))
    missing = [Insurer(**row) for row in reference_files.insurer_rows() if row["slug"] not in known]
    session.add_all(missing)
    return len(missing)


def _add_rates(session: Session) -> int:
    known = set(session.scalars(sa.select(LevyRate.year)))
    missing = [
        LevyRate(
            year=rate.year,
            cents=rate.cents,
            reference_cents=rate.reference_cents,
            standing=rate.standing,
            source=rate.source,
        )
        for rate in reference_files.levy_rates().values()
        if rate.year not in known
    ]
    session.add_all(missing)
    return len(missing)


def _add_plans(session: Session) -> int:
    known = {tuple(row) for row in session.execute(sa.select(LevelShares.state_ags, LevelShares.year))}
    missing = [
        LevelShares(year=year, state_ags=state, unit=plan.unit, source=plan.source, **plan.shares)
        for (state, year), plan in reference_files.level_plans().items()
        if (state, year) not in known
    ]
    session.add_all(missing)
    return len(missing)


def _add_regions(session: Session) -> int:
    divided = set(session.scalars(sa.select(FundingRegion.state_ags)))
    insurers = dict(session.execute(sa.select(Insurer.slug, Insurer.id)).tuples().all())
    missing = [row for row in reference_files.region_rows() if row["state_ags"] not in divided]
    for row in missing:
        region = FundingRegion(
            slug=row["slug"],
            name=row["name"],
            state_ags=row["state_ags"],
            lead_insurer_id=insurers[row["lead_insurer"]] if row["lead_insurer"] else None,
            share=int(row["share"]),
        )
        session.add(region)
        session.flush()
        session.add_all(
            FundingRegionDistrict(district_ags=ags, region_id=region.id) for ags in _districts(session, row)
        )
    return len(missing)


def _districts(session: Session, row: dict[str, str]) -> list[str]:
    if row["districts"] == reference_files.EVERY_DISTRICT:
        return list(session.scalars(sa.select(District.ags).where(District.state_ags == row["state_ags"])))
    return row["districts"].split("|")
