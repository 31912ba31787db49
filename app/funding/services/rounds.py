"""A round of flat grants is opened; whoever changes anything of it holds it, one after the other."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.models import FundingRegion, GrantRound
from app.funding.queries.regions import last_day_in, rules_in
from app.funding.queries.rounds import find_round
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
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
    seed: str,
    now: datetime,
) -> GrantRound:
    """Afterwards the round is there, until the last day of its region.

    Its seed stays as it is: nobody can choose who gets the last cent.

    Raises:
        BadInput: it would close before it opens.
        RuleBroken: this region has a round for the year already.
    """
    closes_on = last_day_in(region, year, rules_in(session, region))
    if closes_on < opens_on:
        raise BadInput(
            _(
                "By the rules of the region %(day)s is the last day for %(year)s. Please begin before.",
                day=date_words(closes_on),
                year=year,
            ),
            field="opens_on",
        )
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


def extend_round(session: Session, round_id: int, closes_on: date, *, reason: str, now: datetime) -> None:
    """Afterwards requests of a round are in time until a later day than the region's, and it is known why.

    Raises:
        BadInput: the day is none that is later, or nobody says why.
    """
    found = hold_round(session, round_id)
    region = session.get_one(FundingRegion, found.region_id)
    usual = last_day_in(region, found.year, rules_in(session, region))
    if not max(usual, day_of(now)) < closes_on <= date(found.year, 12, 31):
        raise BadInput(
            _(
                "Please choose a day after %(day)s and in the year %(year)s.",
                day=date_words(max(usual, day_of(now))),
                year=found.year,
            ),
            field="closes_on",
        )
    if not reason.strip():
        raise BadInput(_("Please say why."), field="reason")
    found.closes_on, found.extension_reason = closes_on, " ".join(reason.split())
    note(
        session,
        "grant_round.extended",
        now=now,
        record_id=found.id,
        region=region.slug,
        year=found.year,
        day=closes_on.isoformat(),
    )
    session.flush()


def hold_round(session: Session, round_id: int) -> GrantRound:
    """Answer the round; until the transaction ends nobody else changes its requests or decides about its runs."""
    return session.get_one(GrantRound, round_id, with_for_update={"key_share": True}, populate_existing=True)
