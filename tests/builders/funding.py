"""Insurers, funding regions and organisations, for tests."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from app.funding.models import FundingRegion, FundingRegionDistrict, Insurer, Organisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

_numbers = itertools.count(1)


def make_insurer(session: Session, slug: str = "", *, name: str = "") -> int:
    """Store an insurer; answer its id."""
    slug = slug or f"kasse-{next(_numbers)}"
    insurer = Insurer(slug=slug, name=name or slug.replace("-", " ").title(), family="aok")
    session.add(insurer)
    session.flush()
    return insurer.id


def make_organisation(session: Session, *, name: str = "", state: str | None = "05") -> int:
    """Store an organisation of a Land; answer its id."""
    slug = f"verband-{next(_numbers)}"
    row = Organisation(slug=slug, name=name or slug.replace("-", " ").title(), state_ags=state)
    session.add(row)
    session.flush()
    return row.id


def make_region(
    session: Session,
    slug: str = "",
    *,
    name: str = "",
    state: str = "05",
    districts: Sequence[str] = (),
    share: int = 1_000,
    lead_insurer: int | None = None,
) -> int:
    """Store a funding region of a Land, with these districts; answer its id."""
    slug = slug or f"region-{next(_numbers)}"
    region = FundingRegion(
        slug=slug,
        name=name or slug.replace("-", " ").title(),
        state_ags=state,
        lead_insurer_id=lead_insurer,
        share=share,
    )
    session.add(region)
    session.flush()
    session.add_all(FundingRegionDistrict(district_ags=ags, region_id=region.id) for ags in districts)
    session.flush()
    return region.id
