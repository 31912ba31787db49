"""What each insurer is asked for, for which pot: its flat grants split over levels and regions, to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.funding.rules.amounts import whole_each
from app.funding.rules.apportion import apportion
from app.funding.rules.draw import draw_key
from app.funding.rules.ledger_accounts import DUE, POT, Account
from app.funding.rules.level_plan import FEDERAL, GROUPS, LEVELS, LevelPlan, split_flat
from app.funding.rules.levy import Duty


@dataclass(frozen=True, slots=True)
class Asked:
    """What an insurer is asked for, for one pot; ``state`` is the Land of the insured it is asked for."""

    state: str
    due: Account
    cents: int


def asked_in(state: str, owed: Sequence[Duty], plan: LevelPlan, regions: Mapping[str, int]) -> list[Asked]:
    """Answer what the insurers are asked for, for their insured in a Land.

    What an insurer is asked for adds up to its flat grants; what a level gets, to its part of the flat grants of the
    Land (``split_flat``); what a region gets, to its part of the groups'. All of it to the cent.

    Args:
        state: the Land.
        owed: the duties of its insurers, in any order.
        plan: which level gets which part.
        regions: the funding regions of the Land with their weights.

    Raises:
        ValueError: the groups get something and there is no region.
    """
    flat = {duty.insurer: duty.split.flat_cents for duty in owed}
    by_level = split_flat(sum(flat.values()), plan)
    if by_level[GROUPS] and not regions:
        raise ValueError(f"{state} has no funding region for the money of its groups.")
    levels = spread(flat, plan.shares, by_level, seed=f"levels:{state}:{plan.year}")
    seed = f"regions:{state}:{plan.year}"
    of_groups = {insurer: levels[insurer][GROUPS] for insurer in flat}
    by_region = apportion(by_level[GROUPS], regions, seed=seed)
    regional = spread(of_groups, regions, by_region, seed=seed)
    return [
        Asked(state, due, cents)
        for insurer in sorted(flat)
        for due, cents in (
            *((_due(plan, insurer, level), levels[insurer][level]) for level in LEVELS if level != GROUPS),
            *((_due(plan, insurer, GROUPS, region), regional[insurer][region]) for region in sorted(regions)),
        )
        if cents
    ]


def project_pots(owed: Sequence[Duty], year: int) -> dict[Account, int]:
    """Answer the pot of each insurer's own projects in each Land, and what it puts there by itself."""
    return {
        Account(POT, year, duty.insurer, duty.state): duty.split.project_cents
        for duty in owed
        if duty.split.project_cents
    }


def pots_of_carried(
    carried: Account, cents: int, plan: LevelPlan | None, regions: Mapping[str, int]
) -> dict[Account, int]:
    """Answer the flat pots that money carried over enters: those of its Land by the plan, without the federal part.

    Money of the federal level, which has no Land, goes to the federal pot. Nothing is answered where the plan gives
    the Land nothing: then the money waits.
    """
    if carried.state is None:
        return {Account(POT, carried.year, level=FEDERAL): cents}
    if plan is None:
        return {}
    seed = f"{carried.name}"
    shares = {level: plan.shares[level] for level in LEVELS if level != FEDERAL}
    levels = apportion(cents, shares, seed=seed)
    regional = apportion(levels.pop(GROUPS), regions, seed=seed)
    pots = {
        Account(POT, carried.year, state=carried.state, level=level): sum_ for level, sum_ in levels.items()
    }
    pots |= {
        Account(POT, carried.year, state=carried.state, region=region, level=GROUPS): sum_
        for region, sum_ in regional.items()
    }
    return {pot: sum_ for pot, sum_ in pots.items() if sum_}


def spread(
    rows: Mapping[str, int], weights: Mapping[str, int], totals: Mapping[str, int], *, seed: str
) -> dict[str, dict[str, int]]:
    """Split every row over the columns in proportion to their weights, so that rows and columns add up exactly.

    Each row is split by itself; where a column then has a cent too many and another one too few, that row moves it
    which is nearest to having it there anyway. ``totals`` are what the columns add up to, and sum to what the rows do.

    Raises:
        ValueError: a number is negative or not whole, or rows and columns do not have the same sum.
    """
    whole_each(totals, "The total of {}")
    cells = {row: apportion(cents, weights, seed=f"{seed}:{row}") for row, cents in rows.items()}
    if sum(rows.values()) != sum(totals.values()):
        raise ValueError(
            f"The rows have {sum(rows.values())} cents together, the columns {sum(totals.values())}."
        )
    over = {column: sum(cells[row][column] for row in rows) - totals[column] for column in totals}
    together = sum(weights.values())

    def gone_too_far(row: str, giving: str, taking: str) -> tuple[int, bytes]:
        """How far two cells of a row are from their exact parts once a cent has moved, in parts of ``together``."""
        above = cells[row][taking] * together - rows[row] * weights[taking]
        below = rows[row] * weights[giving] - cells[row][giving] * together
        return max(above, below), draw_key(seed, row)

    for giving in sorted(over):
        while over[giving] > 0:
            taking = min(column for column, cents in over.items() if cents < 0)
            able = [row for row in rows if cells[row][giving]]
            row = min(able, key=lambda each: gone_too_far(each, giving, taking))
            cells[row][giving] -= 1
            cells[row][taking] += 1
            over[giving] -= 1
            over[taking] += 1
    return cells


def _due(plan: LevelPlan, insurer: str, level: str, region: str | None = None) -> Account:
    return Account(DUE, plan.year, insurer, None if level == FEDERAL else plan.state, region, level)
