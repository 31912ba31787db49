"""A round of flat grants is opened; whoever changes anything of it holds it, one after the other."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.models import FundingRegion, GrantRound
from app.funding.queries.rounds import find_round
from app.shared.errors import BadInput, RuleBroken
from app.shared.history import note

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def new_seed(region: FundingRegion, year: int) -> str:
    """Answer a seed that nobody could know before."""
    return f"{region.slug}/{year}/{secrets.token_hex(8)}"


def open_round(
    session: Session,
    region: FundingRegion,
    year: int,
    *,
    opens_on: date,
    closes_on: date,
    seed: str,
    now: datetime,
) -> GrantRound:
    """Afterwards the round is there, and its seed stays as it is: nobody can choose who gets the last cent.

    Raises:
        BadInput: it closes before it opens.
        RuleBroken: this region has a round for the year already.
    """
    if closes_on < opens_on:
        raise BadInput(_("The last day cannot be before the first."), field="closes_on")
    if find_round(session, region.slug, year):
        raise RuleBroken(
            _("%(region)s has a round for %(year)s already.", region=region.name, year=year),
            code="round_exists",
            field="year",
        )
    opened = GrantRound(
        region_id=region.id, year=year, seed=seed, opens_on=opens_on, closes_on=closes_on, created_at=now
    )
    session.add(opened)
    session.flush()
    note(session, "grant_round.opened", now=now, record_id=opened.id, region=region.slug, year=year)
    return opened


def hold_round(session: Session, round_id: int) -> GrantRound:
    """Answer the round; until the transaction ends nobody else changes its requests or decides about its runs."""
    return session.get_one(GrantRound, round_id, with_for_update={"key_share": True}, populate_existing=True)
