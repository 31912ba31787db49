"""The sittings of whoever is signed in: in their region, or where their insurer pays into the pot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.guard import get_person
from app.accounts.rules.permissions import Scope, may
from app.funding.models import FundingRegion, GrantRound, Sitting
from app.funding.queries.sittings import insurers_of, round_of
from app.shared.error_pages import nothing_here
from app.shared.extensions import db

if TYPE_CHECKING:
    from collections.abc import Sequence


def may_sit(permission: str, region: FundingRegion, year: int) -> bool:
    """Whether whoever is signed in has a permission for the sittings of a round."""
    actor = get_person().actor
    mine = {grant.insurer_id for grant in actor.grants if grant.insurer_id is not None}
    here = mine & insurers_of(db.session(), region, year) if mine else set()
    return any(
        may(actor, permission, Scope(region_id=region.id, state_ags=region.state_ags, insurer_id=insurer))
        for insurer in (None, *sorted(here))
    )


def my_sitting(permission: str, sitting_id: int) -> tuple[Sitting, GrantRound, FundingRegion]:
    """Answer a sitting, its round and region.

    Raises:
        NotFound: there is none, or they may not.
    """
    sitting = db.session().get(Sitting, sitting_id) if sitting_id < 2**31 else None
    if sitting is None:
        raise nothing_here()
    found, region = round_of(db.session(), sitting)
    if not may_sit(permission, region, found.year):
        raise nothing_here()
    return sitting, found, region


def my_sittings() -> Sequence[tuple[Sitting, GrantRound, FundingRegion]]:
    """Answer the sittings that whoever is signed in may see, the newest first."""
    rows = db.session().execute(
        sa.select(Sitting, GrantRound, FundingRegion)
        .join(GrantRound, GrantRound.id == Sitting.round_id)
        .join(FundingRegion, FundingRegion.id == GrantRound.region_id)
        .order_by(Sitting.held_on.desc(), Sitting.id.desc())
    )
    return [
        (sitting, found, region)
        for sitting, found, region in rows
        if may_sit("see_sittings", region, found.year)
    ]
