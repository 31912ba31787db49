"""What the pages about money have in common: the year in the address, names, and who sees which insurer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import render_template, request

from app.accounts.guard import get_person
from app.accounts.rules.permissions import NOWHERE, may
from app.funding.models import Insurer
from app.funding.queries.year_end import years_of_ledger
from app.funding.rules.publication import FEDERAL_AREA
from app.funding.words.pots import read_names
from app.groups.meetings.schedules import day_of
from app.groups.presentation import date_words
from app.shared import clock
from app.shared.error_pages import nothing_here
from app.shared.extensions import db
from app.shared.money import euro_words

if TYPE_CHECKING:
    from app.funding.rules.ledger_accounts import Account

FIRST_YEAR, LAST_YEAR = 2000, 2100


def asked_year() -> int:
    """Answer the year in ``year``; this one when there is none that can be."""
    year = request.args.get("year", type=int)
    return year if year is not None and FIRST_YEAR <= year < LAST_YEAR else day_of(clock.now()).year


def asked_state() -> str | None:
    """Answer the Land in ``state``, or the area that is none; None when nothing, or nothing known, is asked for."""
    state = request.args.get("state", "")
    return state if state == FEDERAL_AREA or state in read_names(db.session()).states else None


def is_in(account: Account, state: str | None) -> bool:
    """Whether an account's money is for the Land that is asked for; any is when none is."""
    return state in (None, account.state or FEDERAL_AREA)


def years_to_choose(chosen: int) -> list[int]:
    """Answer the years with entries, this one, the next one, and the one that is chosen."""
    this = day_of(clock.now()).year
    return sorted({*years_of_ledger(db.session()), this, this + 1, chosen})


def sees_everything() -> bool:
    """Whether somebody sees all insurers, and books for them."""
    return may(get_person().actor, "book_contributions", NOWHERE)


def asked_insurer() -> str | None:
    """Answer the insurer in ``insurer``; without one, the first of those somebody works for, or None for all.

    Raises:
        NotFound: there is no such insurer, or somebody may not see it.
    """
    slug = request.args.get("insurer") or None
    mine = my_insurers()
    if slug is None:
        return None if sees_everything() else next(iter(mine))
    if slug not in mine:
        raise nothing_here()
    return slug


def my_insurers() -> dict[str, str]:
    """Answer the insurers that somebody sees, by their names."""
    found = sa.select(Insurer.slug, Insurer.name).order_by(Insurer.name)
    if not sees_everything():
        own = {grant.insurer_id for grant in get_person().actor.grants if grant.insurer_id is not None}
        found = found.where(Insurer.id.in_(own))
    return dict(db.session().execute(found).tuples().all())


def money_page(template: str, year: int, **facts: Any) -> str:
    """Answer a page about the money of a year."""
    return render_template(
        f"funding/{template}",
        year=year,
        years=years_to_choose(year),
        today=day_of(clock.now()),
        names=read_names(db.session()),
        FEDERAL_AREA=FEDERAL_AREA,
        sees_everything=sees_everything(),
        euro_words=euro_words,
        date_words=date_words,
        **facts,
    )
