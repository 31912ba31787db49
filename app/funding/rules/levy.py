"""What each insurer owes in a year, and which part of it goes to flat grants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.funding.rules.amounts import MOST_CENTS, whole

FLOOR_FROM_2020 = 70
FLOOR_UNTIL_2019 = 50

Cell = tuple[str, str]
"""Insurer and Land of residence of its insured."""


@dataclass(frozen=True, slots=True)
class Split:
    """A levy in its two budgets."""

    flat_cents: int
    project_cents: int


def flat_floor_percent(year: int) -> int:
    """Answer the least part of the levy, in per cent, that goes to flat grants.

    Source: § 20h (4) SGB V; 70 since 1 January 2020 (TSVG), half before.
    """
    return FLOOR_FROM_2020 if whole(year, "The year", least=1) >= 2020 else FLOOR_UNTIL_2019


def split_levy(total_cents: int, flat_percent: int = 70, *, floor_percent: int = FLOOR_FROM_2020) -> Split:
    """Split a levy into flat grants and projects; the flat part is rounded up, since the law sets a minimum.

    Raises:
        ValueError: the percentage is under the floor or over 100, the total negative, or a number not whole.
    """
    total = whole(total_cents, "The levy")
    floor = whole(floor_percent, "The floor of flat grants in per cent", most=100)
    percent = whole(flat_percent, "The flat grants in per cent", least=floor, most=100)
    flat = -(-total * percent // 100)
    return Split(flat, total - flat)


@dataclass(frozen=True, slots=True)
class Duty:
    """What an insurer owes for its insured who live in a Land."""

    insurer: str
    state: str
    insured: int
    total_cents: int
    split: Split


def duties(
    insured: Mapping[Cell, int],
    *,
    rate_cents: int,
    year: int,
    flat_percents: Mapping[str, int] | None = None,
) -> tuple[Duty, ...]:
    """Answer the duty of every insurer in every Land: rate × insured, split cell by cell.

    Rounding up cell by cell keeps the duty of each insurer in each Land by itself; it moves at most a cent of each.

    ``insured`` says for insurer and Land how many insured live there; ``flat_percents`` names the insurers that give
    more than the law wants as flat grants.

    Raises:
        ValueError: a count is not a whole number from 1, or a percentage is refused or of an unknown insurer; the
            sentence names the insurer and the Land.
    """
    percents = flat_percents or {}
    floor = flat_floor_percent(year)
    whole(rate_cents, f"The rate of {year} in cents", least=1)
    if unknown := percents.keys() - {insurer for insurer, _ in insured}:
        raise ValueError(f"{min(unknown)} has a percentage of flat grants and no insured.")
    answer = []
    for (insurer, state), count in insured.items():
        whole(count, f"The number of insured of {insurer} in {state}", least=1, most=MOST_CENTS // rate_cents)
        try:
            split = split_levy(rate_cents * count, percents.get(insurer, floor), floor_percent=floor)
        except ValueError as error:
            raise ValueError(f"{insurer}: {error}") from error
        answer.append(Duty(insurer, state, count, rate_cents * count, split))
    return tuple(answer)
