"""What changes the levy of a year: insured, its rate, flat shares, plans of the levels; never once money was called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.funding.models import FlatShare, FundingYear, InsuredCount, Insurer, LevelShares, LevyRate
from app.funding.queries.contributions import called_states
from app.funding.queries.levy import is_closed, plans_of, rates
from app.funding.rules.decimals import decimal_text
from app.funding.rules.level_plan import PER_CENT, needed_together
from app.funding.rules.levy import flat_floor_percent
from app.shared.database import insert_into
from app.shared.errors import RuleBroken
from app.shared.history import note
from app.shared.money import euro_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.funding.rules.level_plan import LevelPlan
    from app.funding.rules.levy import Cell
    from app.funding.rules.levy_rates import Rate


def hold_year(session: Session, year: int) -> None:
    """Afterwards nobody else changes the levy of a year, nor posts to it, until this transaction ends."""
    session.execute(insert_into(session, FundingYear).values(year=year).on_conflict_do_nothing())
    session.execute(sa.select(FundingYear).where(FundingYear.year == year).with_for_update())


def why_fixed(session: Session, year: int, state: str = "") -> str:
    """Answer why the levy of a year, or of a Land in it, can no longer be changed; empty when it can."""
    if is_closed(session, year):
        return _("%(year)s is closed. What was due in it stays as it is.", year=year)
    called = called_states(session, year)
    if state in called or (called and not state):
        return _(
            "Contributions of %(year)s have been called already. What they were reckoned from stays as it is, so that "
            "every insurer can check what it was asked for.",
            year=year,
        )
    return ""


def replace_insured(session: Session, year: int, insured: Mapping[Cell, int], *, now: datetime) -> None:
    """Afterwards exactly these insured are known of the year.

    Raises:
        RuleBroken: contributions of the year have been called.
    """
    _begin(session, year)
    ids = _insurer_ids(session)
    session.execute(sa.delete(InsuredCount).where(InsuredCount.year == year))
    session.execute(
        sa.insert(InsuredCount),
        [
            {"year": year, "insurer_id": ids[insurer], "state_ags": state, "insured": number}
            for (insurer, state), number in insured.items()
        ],
    )
    note(session, "levy.insured_stored", now=now, year=year, figures=len(insured))


def correct_insured(session: Session, year: int, cell: Cell, insured: int, *, now: datetime) -> None:
    """Afterwards an insurer has so many insured in a Land.

    Raises:
        RuleBroken: contributions of that Land have been called.
    """
    insurer, state = cell
    _begin(session, year, state)
    session.merge(
        InsuredCount(year=year, insurer_id=_insurer_ids(session)[insurer], state_ags=state, insured=insured)
    )
    note(session, "levy.insured_corrected", now=now, year=year, insurer=insurer, land=state)


def add_rate(session: Session, rate: Rate, *, now: datetime) -> None:
    """Afterwards the rate of its year is known, for good.

    Raises:
        RuleBroken: the year has a rate; the sentence says which.
    """
    hold_year(session, rate.year)
    known = session.get(LevyRate, rate.year)
    if known is not None:
        raise RuleBroken(
            _(
                "%(year)s has a rate already: %(rate)s for each insured person (%(source)s). A year has one rate.",
                year=rate.year,
                rate=euro_words(known.cents),
                source=known.source,
            ),
            code="rate_known",
            field="rate",
        )
    session.add(
        LevyRate(
            year=rate.year,
            cents=rate.cents,
            reference_cents=rate.reference_cents,
            standing=rate.standing,
            source=rate.source,
        )
    )
    note(session, "levy.rate_added", now=now, year=rate.year)


def set_flat_share(session: Session, year: int, insurer: str, per_cent: int, *, now: datetime) -> None:
    """Afterwards an insurer gives this part of its levy as flat grants; what the law wants needs no row.

    Raises:
        RuleBroken: it is less than the law wants, or contributions of the year have been called.
    """
    floor = flat_floor_percent(year)
    if not floor <= per_cent <= 100:
        raise RuleBroken(
            _(
                "The law wants at least %(floor)s per cent as flat grants in %(year)s. Please give %(floor)s to 100.",
                floor=floor,
                year=year,
            ),
            code="share_out_of_range",
            field="per_cent",
        )
    _begin(session, year)
    insurer_id = _insurer_ids(session)[insurer]
    if per_cent == floor:
        of_insurer = FlatShare.year == year, FlatShare.insurer_id == insurer_id
        session.execute(sa.delete(FlatShare).where(*of_insurer))
    else:
        session.merge(FlatShare(year=year, insurer_id=insurer_id, percent=per_cent))
    note(session, "levy.flat_share_set", now=now, year=year, insurer=insurer, per_cent=per_cent)


def store_plan(session: Session, plan: LevelPlan, *, now: datetime) -> None:
    """Afterwards this is the plan of its Land and year.

    Raises:
        RuleBroken: it does not divide the whole pot, or contributions of its Land have been called.
    """
    _begin(session, plan.year, plan.state)
    needed, together = _needed(session, plan.unit, plan.year), sum(plan.shares.values())
    if needed is None:
        raise RuleBroken(
            _(
                "%(year)s has no rate yet, so nobody knows what the shares must add up to. Please add the rate first, "
                "or plan in per cent.",
                year=plan.year,
            ),
            code="rate_not_known",
            field="unit",
        )
    if together != needed:
        raise RuleBroken(
            _missing_words(plan.unit, needed - together, together=together),
            code="plan_does_not_add_up",
            field="together",
        )
    session.merge(
        LevelShares(year=plan.year, state_ags=plan.state, unit=plan.unit, source=plan.source, **plan.shares)
    )
    note(session, "levy.plan_stored", now=now, year=plan.year, land=plan.state)


def copy_plans(session: Session, year: int, *, now: datetime) -> list[str]:
    """Afterwards each Land without a plan has that of the year before, where it still adds up; answer these Länder.

    Raises:
        RuleBroken: the year is closed.
    """
    if not _plans_to_copy(session, year):
        return []
    hold_year(session, year)
    if is_closed(session, year):
        raise RuleBroken(why_fixed(session, year), code="levy_is_fixed")
    copied = _plans_to_copy(session, year)
    session.add_all(
        LevelShares(year=year, state_ags=plan.state, unit=plan.unit, source=plan.source, **plan.shares)
        for plan in copied
    )
    lands = [plan.state for plan in copied]
    note(session, "levy.plans_copied", now=now, year=year, lands=lands)
    return lands


def _plans_to_copy(session: Session, year: int) -> list[LevelPlan]:
    planned = plans_of(session, year)
    before = plans_of(session, year - 1)
    return [
        plan
        for state, plan in sorted(before.items())
        if state not in planned and _needed(session, plan.unit, year) == sum(plan.shares.values())
    ]


def _needed(session: Session, unit: str, year: int) -> int | None:
    """Answer what the shares of a plan must add up to; None where the year has no rate to know it from."""
    rate = rates(session).get(year)
    if rate is None and unit != PER_CENT:
        return None
    return needed_together(unit, rate_cents=rate.cents if rate else 1, flat_percent=flat_floor_percent(year))


def _missing_words(unit: str, missing: int, *, together: int) -> str:
    """Answer what is missing or too much in a plan."""
    places, sign = (2, "%") if unit == PER_CENT else (4, "€")
    least = 0 if unit == PER_CENT else 2
    facts = {
        "together": f"{decimal_text(together, places, least_places=least)} {sign}",
        "difference": f"{decimal_text(abs(missing), places, least_places=least)} {sign}",
    }
    if missing > 0:
        return _("The shares add up to %(together)s. Still open: %(difference)s.", **facts)
    return _("The shares add up to %(together)s. That is %(difference)s too much.", **facts)


def _begin(session: Session, year: int, state: str = "") -> None:
    hold_year(session, year)
    if sentence := why_fixed(session, year, state):
        raise RuleBroken(sentence, code="levy_is_fixed")


def _insurer_ids(session: Session) -> dict[str, int]:
    return dict(session.execute(sa.select(Insurer.slug, Insurer.id)).tuples().all())
