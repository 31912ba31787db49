"""How evenly a pot was divided: exact numbers, to be published beside the sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from app.funding.rules.amounts import whole


@dataclass(frozen=True, slots=True)
class Fairness:
    """The figures of one division; 0 is perfectly even, and so is a division of nothing."""

    groups: int
    total_cents: int
    with_nothing: int
    median_cents: Fraction
    gini: Fraction
    """0 when all have the same, near 1 when one has all."""
    top_tenth: Fraction
    """The part of the sum that the tenth of the groups with most has; a tenth begun counts."""


def fairness(amounts_cents: Iterable[int]) -> Fairness:
    """Answer the figures of a division.

    Raises:
        ValueError: a sum is negative or not whole.
    """
    ordered = _ordered(amounts_cents)
    count, total = len(ordered), sum(ordered)
    top = sum(ordered[count - -(-count // 10) :]) if count else 0
    return Fairness(
        groups=count,
        total_cents=total,
        with_nothing=sum(1 for each in ordered if not each),
        median_cents=_median(ordered),
        gini=_gini(ordered, total),
        top_tenth=Fraction(top, total) if total else Fraction(0),
    )


def lorenz(amounts_cents: Iterable[int], *, steps: int = 20) -> tuple[tuple[Fraction, Fraction], ...]:
    """Answer points of the Lorenz curve: part of the groups, those with least first, and what part they have.

    The points lie at whole groups, about ``steps`` of them, from (0, 0) to (1, 1).
    """
    ordered = _ordered(amounts_cents)
    whole(steps, "The number of steps", least=1)
    count, total = len(ordered), sum(ordered)
    if not total:
        return ((Fraction(0), Fraction(0)), (Fraction(1), Fraction(1)))
    reached, having = [0], 0
    for each in ordered:
        having += each
        reached.append(having)
    places = sorted({count * step // steps for step in range(steps + 1)})
    return tuple((Fraction(place, count), Fraction(reached[place], total)) for place in places)


def reached(curve: Sequence[tuple[Fraction, Fraction]], groups: Fraction) -> Fraction:
    """Answer what part the groups with least have, by the straight line between the points of a Lorenz curve."""
    for (left, had), (right, has) in pairwise(curve):
        if groups <= right:
            return had + (has - had) * (groups - left) / (right - left)
    return Fraction(1)


def _ordered(amounts_cents: Iterable[int]) -> list[int]:
    return sorted(whole(each, "A sum") for each in amounts_cents)


def _median(ordered: Sequence[int]) -> Fraction:
    if not ordered:
        return Fraction(0)
    middle = len(ordered) // 2
    return Fraction(ordered[middle] + ordered[-middle - 1], 2)


def _gini(ordered: Sequence[int], total: int) -> Fraction:
    if not total:
        return Fraction(0)
    count = len(ordered)
    ranked = sum(rank * each for rank, each in enumerate(ordered, start=1))
    return Fraction(2 * ranked, count * total) - Fraction(count + 1, count)
