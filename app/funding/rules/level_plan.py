"""Which part of a Land's flat pot goes to which level."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.funding.rules.amounts import read_number, whole
from app.funding.rules.apportion import apportion

FEDERAL = "federal"
STATE_ORGANISATIONS = "state_organisations"
CLEARING_HOUSES = "clearing_houses"
GROUPS = "groups"
LEVELS = (FEDERAL, STATE_ORGANISATIONS, CLEARING_HOUSES, GROUPS)
"""Federal organisations, organisations of the Land, clearing houses, local groups."""

PER_INSURED, PER_CENT = "per_insured", "per_cent"
WHOLE_PER_CENT = 10_000


@dataclass(frozen=True, slots=True)
class LevelPlan:
    """The shares of the levels in a Land and year, agreed with those who represent self-help."""

    state: str
    year: int
    unit: str
    shares: Mapping[str, int]
    """Level to hundredths of a cent for each insured person (0.101 € is 1010), or hundredths of a per cent."""
    source: str = ""


def needed_together(unit: str, *, rate_cents: int, flat_percent: int) -> int:
    """Answer what the shares of a plan must add up to in its unit.

    Raises:
        ValueError: the rate or the percentage is out of range.
    """
    whole(flat_percent, "The flat grants in per cent", most=100)
    if unit == PER_CENT:
        return WHOLE_PER_CENT
    return whole(rate_cents, "The rate", least=1) * flat_percent


def split_flat(pot_cents: int, plan: LevelPlan) -> dict[str, int]:
    """Answer what each level gets of a flat pot: the plan's proportions, to the cent, nothing left."""
    return apportion(pot_cents, plan.shares, seed=f"levels:{plan.state}:{plan.year}")


def read_plans(lines: Iterable[str]) -> dict[tuple[str, int], LevelPlan]:
    """Answer the plans of a file with the columns ``state,year,unit``, one for each level, and ``source``.

    Raises:
        ValueError: the sentence names the line.
    """
    plans: dict[tuple[str, int], LevelPlan] = {}
    reader = csv.DictReader(lines)
    for row in reader:
        line = reader.line_num
        year = read_number(row, "year", line, least=2000, most=9999)
        shares = {level: read_number(row, level, line) for level in LEVELS}
        plan = LevelPlan(row["state"], year, row["unit"], shares, row["source"])
        if (plan.state, year) in plans:
            raise ValueError(f"Line {line}: {plan.state} has a plan for {year} already.")
        plans[plan.state, year] = plan
    return plans
