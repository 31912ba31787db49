"""What the page of a year's levy shows: the rate and its check, sums by Land, level and insurer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.funding.queries.contributions import called_states
from app.funding.queries.levy import (
    duties_of,
    list_insurers,
    plans_of,
    rates,
    state_names,
    years_with_insured,
)
from app.funding.rules.level_plan import LEVELS
from app.funding.rules.levy import flat_floor_percent
from app.funding.rules.levy_rates import BASE_YEAR, check_rate
from app.funding.rules.levy_table import Line, Piece, by_insurer, by_state, pieces, together
from app.funding.services.levy import why_fixed
from app.funding.words.levy import FAMILY_NAMES, LEVEL_NAMES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy.orm import Session

    from app.funding.queries.levy import InsurerName
    from app.funding.rules.levy import Duty
    from app.funding.rules.levy_rates import Rate, RateCheck

ALL = ""
PROJECTS, NOT_PLANNED = "projects", "not_planned"
BAR_WIDTH = 1_000


@dataclass(frozen=True, slots=True)
class Family:
    """The insurers of a family, by name, and their sum."""

    name: str
    lines: tuple[Line, ...]
    sum: Line


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the levy in words, and where it stands in the picture."""

    key: str
    name: str
    cents: int
    piece: Piece


@dataclass(frozen=True, slots=True)
class LevyPage:
    """The levy of a year as far as somebody may see it; ``names`` are those of insurers and Länder by their keys."""

    year: int
    years: tuple[int, ...]
    rate: Rate | None
    check: RateCheck | None
    floor_percent: int
    fixed: str
    states: tuple[Line, ...]
    families: tuple[Family, ...]
    total: Line
    parts: tuple[Part, ...]
    names: dict[str, str]
    called: frozenset[str]


def levy_page(session: Session, year: int, *, states: Collection[str]) -> LevyPage:
    """Answer the levy of a year in these Länder."""
    known = rates(session)
    plans = plans_of(session, year)
    duties = [duty for duty in duties_of(session, year) if duty.state in states]
    insurers = list_insurers(session)
    lands = state_names(session)
    order = list(lands)
    lines = sorted(by_state(duties, plans), key=lambda line: order.index(line.key))
    total = together(ALL, lines)
    return LevyPage(
        year,
        levy_years(session),
        known.get(year),
        check_rate(known, year) if {year, BASE_YEAR} <= known.keys() else None,
        flat_floor_percent(year),
        why_fixed(session, year),
        tuple(lines),
        tuple(_families(insurers, duties)),
        total,
        tuple(_parts(total)),
        {each.slug: each.name for each in insurers} | lands,
        frozenset(called_states(session, year)),
    )


def levy_years(session: Session) -> tuple[int, ...]:
    """Answer the years of which something is known, the newest first."""
    return tuple(sorted(rates(session).keys() | years_with_insured(session), reverse=True))


def year_shown(session: Session, wanted: int | None, *, this_year: int) -> int:
    """Answer the wanted year when something is known of it, else the last one with figures, not after this year."""
    years = levy_years(session)
    if wanted in years:
        return wanted
    told = [year for year in years if year <= this_year]
    return max(years_with_insured(session) & set(told), default=max(told, default=this_year))


def _families(insurers: Iterable[InsurerName], duties: Iterable[Duty]) -> Iterable[Family]:
    lines = by_insurer(duties)
    for family, name in FAMILY_NAMES.items():
        own = [lines[each.slug] for each in insurers if each.family == family and each.slug in lines]
        if own:
            yield Family(str(name), tuple(own), together(family, own))


def _parts(total: Line) -> list[Part]:
    levels = total.levels_cents or {}
    planned = sum(levels.values())
    sums = {
        **{level: (str(LEVEL_NAMES[level]), levels.get(level, 0)) for level in LEVELS},
        NOT_PLANNED: (_("Flat grants not planned yet"), total.flat_cents - planned),
        PROJECTS: (_("Projects"), total.project_cents),
    }
    shown = {key: (name, cents) for key, (name, cents) in sums.items() if cents}
    drawn = pieces([cents for _name, cents in shown.values()], BAR_WIDTH)
    return [Part(key, *shown[key], piece) for key, piece in zip(shown, drawn, strict=True)]
