"""What the page that explains funding shows: where the money of a year goes, and an allocation among few groups."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.funding.reference_files import level_plans, levy_rates
from app.funding.rules.allocation import fill
from app.funding.rules.contribution import (
    FLAT,
    HUNDREDTHS,
    PROJECTS,
    STATE,
    WHOLE,
    Part,
    contribution,
)
from app.funding.rules.flow_chart import FlowChart, narrow_chart, wide_chart
from app.funding.rules.level_chart import LevelChart, Vessel, level_chart
from app.funding.rules.level_plan import CLEARING_HOUSES, FEDERAL, GROUPS, STATE_ORGANISATIONS
from app.funding.rules.levy import flat_floor_percent
from app.shared.money import euro_words, whole_euro_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel import LazyString

    from app.funding.rules.levy_rates import Rate

DOCUMENTED_PLAN = ("05", 2016)
"""The plan whose shares the picture shows: North Rhine-Westphalia published its own, to the cent."""
TOWN = 100_000
"""So many insured people make sums that one can imagine."""

PART_WORDS: dict[str, LazyString] = {
    WHOLE: _l("Your health insurer"),
    FLAT: _l("Flat grants"),
    PROJECTS: _l("Projects"),
    FEDERAL: _l("National associations"),
    STATE: _l("Your federal state"),
    STATE_ORGANISATIONS: _l("State associations"),
    CLEARING_HOUSES: _l("Clearing houses"),
    GROUPS: _l("Local groups"),
}
PART_NOTES: dict[str, LazyString] = {
    FLAT: _l("for everyday costs, from all insurers together"),
    PROJECTS: _l("for single ventures, mostly from one insurer"),
    FEDERAL: _l("such as associations for one illness, nationwide"),
    STATE_ORGANISATIONS: _l("their branches in the state"),
    CLEARING_HOUSES: _l("advice, rooms, help with founding a group"),
    GROUPS: _l("rent, postage, flyers, talks"),
}

POT_CENTS = 290_000
REQUESTS_CENTS = {1: 30_000, 2: 50_000, 3: 80_000, 4: 120_000, 5: 200_000}
"""An example that works out without odd cents."""
SEED = "example"


@dataclass(frozen=True, slots=True)
class Row:
    """A part in the table beside the picture."""

    name: str
    depth: int
    is_divided: bool
    amount: str
    per_cent: str
    in_a_town: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The way of the money of a year."""

    rate: Rate
    flat_percent: int
    rows: tuple[Row, ...]
    wide: FlowChart
    narrow: FlowChart

    @property
    def amounts(self) -> dict[str, str]:
        """The part of the rate for each name, in words."""
        return {row.name: row.amount for row in self.rows}


@dataclass(frozen=True, slots=True)
class ExampleGroup:
    """What a group asked for and gets, in words, and how it is drawn."""

    letter: str
    asked: str
    gets: str
    is_met: bool
    vessel: Vessel


@dataclass(frozen=True, slots=True)
class Example:
    """An equal lump sum among few groups; ``level`` is the sum that all get who asked for more."""

    pot: str
    asked: str
    level: str
    groups: tuple[ExampleGroup, ...]
    chart: LevelChart


def explanation(year: int, added: Mapping[int, Rate]) -> Explanation:
    """Answer the way of the money of a year; of the last year before whose rate is known, from the start or added."""
    rates = levy_rates() | dict(added)
    rate = rates[max((known for known in rates if known <= year), default=min(rates))]
    whole = contribution(rate.cents, year=rate.year, plan=level_plans()[DOCUMENTED_PLAN])
    return Explanation(
        rate, flat_floor_percent(rate.year), tuple(_rows(whole)), wide_chart(whole), narrow_chart(whole)
    )


def lump_sum_example() -> Example:
    """Answer what five groups get of a pot that does not reach for all they asked."""
    found = fill(POT_CENTS, REQUESTS_CENTS, seed=SEED)
    level = found.levels_cents[1]
    chart = level_chart(REQUESTS_CENTS, found.awards_cents, level)
    groups = tuple(
        ExampleGroup(
            letter,
            whole_euro_words(REQUESTS_CENTS[vessel.group]),
            whole_euro_words(found.awards_cents[vessel.group]),
            found.awards_cents[vessel.group] == REQUESTS_CENTS[vessel.group],
            vessel,
        )
        for letter, vessel in zip("ABCDE", chart.vessels, strict=True)
    )
    asked = whole_euro_words(sum(REQUESTS_CENTS.values()))
    return Example(whole_euro_words(POT_CENTS), asked, whole_euro_words(level), groups, chart)


def cent_words(hundredths: int) -> str:
    """Answer “20.16 cents” for hundredths of a cent."""
    number = format_decimal(Decimal(hundredths) / HUNDREDTHS)
    return _("%(number)s cents", number=number)


def _rows(part: Part, depth: int = 0, whole: int = 0) -> list[Row]:
    """Answer the rows of a part and of all inside it."""
    whole = whole or part.hundredths
    own = Row(
        part.name,
        depth,
        bool(part.parts),
        cent_words(part.hundredths) if depth else euro_words(part.hundredths // HUNDREDTHS),
        f"{format_decimal(Decimal(part.hundredths * 100) / whole, format='#,##0.0')} %",
        whole_euro_words(part.hundredths * TOWN // HUNDREDTHS),
    )
    return [own, *(row for inner in part.parts for row in _rows(inner, depth + 1, whole))]
