"""Figures that are shown to others than those who decide: nothing tells of fewer than five groups, or lets it be told.

Lines that are too small are put together into one. If that is still too small, the smallest of the others goes in as
well: else it would follow from the sum of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 5
"""The fewest groups of which a sum is told; the public reads of interest from the same number on (``FLOORS``)."""


@dataclass(frozen=True, slots=True)
class Split:
    """Which lines are shown each by itself and which only together, by place; ``is_hidden``: not even together."""

    shown: tuple[int, ...]
    together: tuple[int, ...]
    is_hidden: bool


def split_small(counts: Sequence[int], *, overlap: bool = False, least: int = LEAST) -> Split:
    """Answer which lines of so many groups are shown each by itself, in their order.

    ``overlap``: a group may be in several lines, as in those of years; then lines together are as many as the largest.

    Raises:
        ValueError: a count is negative.
    """
    if any(count < 0 for count in counts):
        raise ValueError("A count is not negative.")
    places = sorted(range(len(counts)), key=lambda place: (counts[place], place))
    together = [place for place in places if counts[place] < least]
    rest = places[len(together) :]
    while together and rest and _many(counts, together, overlap=overlap) < least:
        together.append(rest.pop(0))
    is_hidden = bool(together) and _many(counts, together, overlap=overlap) < least
    return Split(tuple(sorted(rest)), tuple(sorted(together)), is_hidden)


def _many(counts: Sequence[int], places: Sequence[int], *, overlap: bool) -> int:
    those = [counts[place] for place in places]
    return max(those) if overlap else sum(those)
