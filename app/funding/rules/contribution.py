"""Where the money for one insured person goes, from the rate of the year down to the groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.funding.rules.amounts import whole
from app.funding.rules.level_plan import (
    CLEARING_HOUSES,
    FEDERAL,
    GROUPS,
    STATE_ORGANISATIONS,
    LevelPlan,
    split_flat,
)
from app.funding.rules.levy import flat_floor_percent, split_levy

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE, FLAT, PROJECTS, STATE = "whole", "flat", "projects", "state"
HUNDREDTHS = 100
"""Parts of a cent: the rate is divided so finely that nothing of it is lost in rounding."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the rate in hundredths of a cent, and what it is divided into: nothing, or all of it."""

    name: str
    hundredths: int
    parts: tuple[Part, ...] = ()

    def walk(self) -> Iterator[Part]:
        """Answer this part and all inside it, each before what it is divided into."""
        yield self
        for part in self.parts:
            yield from part.walk()


def contribution(rate_cents: int, *, year: int, plan: LevelPlan) -> Part:
    """Answer the rate of a year, divided: flat grants as little as the law allows, levels as in the plan.

    Raises:
        ValueError: the rate or the year is not a whole number from 1.
    """
    rate = whole(rate_cents, "The rate", least=1) * HUNDREDTHS
    floor = flat_floor_percent(year)
    split = split_levy(rate, floor, floor_percent=floor)
    levels = split_flat(split.flat_cents, plan)
    of_state = tuple(Part(level, levels[level]) for level in (STATE_ORGANISATIONS, CLEARING_HOUSES, GROUPS))
    state = Part(STATE, sum(part.hundredths for part in of_state), of_state)
    flat = Part(FLAT, split.flat_cents, (Part(FEDERAL, levels[FEDERAL]), state))
    return Part(WHOLE, rate, (flat, Part(PROJECTS, split.project_cents)))
