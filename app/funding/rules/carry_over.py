"""What an insurer did not spend in a year, and where it goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from app.funding.rules.amounts import whole, whole_each
from app.funding.rules.apportion import apportion
from app.funding.rules.levy import Cell, Split


def carried_over(
    due_cents: Mapping[Cell, int], spent_cents: Mapping[Cell, int], *, year: int
) -> dict[Cell, int]:
    """Answer what each insurer adds to next year's flat pot of each Land because it was not spent in this year.

    An insurer owes its whole levy: what it spent too much in one Land counts for another. What is left then goes to
    the Länder in proportion to what was not spent in each.

    Args:
        due_cents: insurer and Land to the levy, flat grants and projects together.
        spent_cents: the same to what was paid and had not come back by the end of the year; no entry is nothing.
        year: the year that ends; it is part of the draw for an odd cent.

    Raises:
        ValueError: a sum is negative or not whole, or something was spent by an insurer in a Land without a duty.

    Source: § 20h (4) SGB V: unspent money goes into the flat grants of the following year, in addition.
    """
    whole_each(due_cents, "The levy of {}")
    whole_each(spent_cents, "The spending of {}")
    if unknown := spent_cents.keys() - due_cents.keys():
        raise ValueError(f"{min(unknown)} has spent money and owes none.")
    by_insurer: dict[str, dict[Cell, int]] = defaultdict(dict)
    for cell, due in due_cents.items():
        by_insurer[cell[0]][cell] = due - spent_cents.get(cell, 0)
    answer: dict[Cell, int] = {}
    for insurer, differences in by_insurer.items():
        unspent = {cell: max(0, difference) for cell, difference in differences.items()}
        left = max(0, sum(differences.values()))
        answer |= apportion(left, unspent, seed=f"carry-over:{insurer}:{year}")
    return {cell: answer[cell] for cell in due_cents}


def with_carry_over(split: Split, carried_cents: int) -> Split:
    """Answer next year's budgets: what was carried over is flat money, projects get none of it."""
    return Split(split.flat_cents + whole(carried_cents, "The money carried over"), split.project_cents)
