"""The regions, rounds, requests and runs of whoever is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.guard import authorize, get_person
from app.accounts.rules.permissions import Scope, may
from app.funding.models import AllocationRun, FundingRegion, GrantRequest, GrantRound
from app.funding.queries.rounds import find_round
from app.shared.error_pages import nothing_here
from app.shared.extensions import db

if TYPE_CHECKING:
    from collections.abc import Sequence


def may_in(permission: str, region: FundingRegion) -> bool:
    """Whether whoever is signed in has a permission in a region."""
    where = Scope(region_id=region.id, state_ags=region.state_ags)
    return may(get_person().actor, permission, where)


def my_regions(permission: str) -> Sequence[FundingRegion]:
    """Answer the regions in which whoever is signed in has a permission, by name."""
    regions = db.session().scalars(sa.select(FundingRegion).order_by(FundingRegion.name))
    return [each for each in regions if may_in(permission, each)]


def my_region(permission: str, slug: str) -> FundingRegion:
    """Answer a region.

    Raises:
        NotFound: there is none, or they may not.
    """
    region = db.session().scalar(sa.select(FundingRegion).where(FundingRegion.slug == slug))
    if region is None:
        raise nothing_here()
    authorize(permission, region_id=region.id, state_ags=region.state_ags)
    return region


def my_round(permission: str, slug: str, year: int) -> tuple[GrantRound, FundingRegion]:
    """Answer a round and its region.

    Raises:
        NotFound: there is none, or they may not.
    """
    region = my_region(permission, slug)
    found = find_round(db.session(), slug, year) if year < 10_000 else None
    if found is None:
        raise nothing_here()
    return found, region


def my_request(permission: str, request_id: int) -> tuple[GrantRequest, GrantRound, FundingRegion]:
    """Answer a request, its round and region.

    Raises:
        NotFound: there is none, or they may not.
    """
    row = db.session().get(GrantRequest, request_id) if request_id < 2**31 else None
    if row is None:
        raise nothing_here()
    return row, *_of_round(permission, row.round_id)


def my_run(permission: str, run_id: int) -> tuple[AllocationRun, GrantRound, FundingRegion]:
    """Answer a run, its round and region.

    Raises:
        NotFound: there is none, or they may not.
    """
    run = db.session().get(AllocationRun, run_id) if run_id < 2**31 else None
    if run is None:
        raise nothing_here()
    return run, *_of_round(permission, run.round_id)


def _of_round(permission: str, round_id: int) -> tuple[GrantRound, FundingRegion]:
    found = db.session().get_one(GrantRound, round_id)
    region = db.session().get_one(FundingRegion, found.region_id)
    authorize(permission, region_id=region.id, state_ags=region.state_ags)
    return found, region
